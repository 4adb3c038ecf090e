"""What the desk calls many requests for a second pair of eyes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0009_approvals_used_up"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="approval",
            options={
                "verbose_name": "request for a second pair of eyes",
                "verbose_name_plural": "requests for a second pair of eyes",
            },
        ),
    ]
