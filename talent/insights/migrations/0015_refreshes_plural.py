"""What the desk calls many refreshes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0014_known_precision"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="refresh",
            options={"verbose_name": "refresh", "verbose_name_plural": "refreshes"},
        ),
    ]
