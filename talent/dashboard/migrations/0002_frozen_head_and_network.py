from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0001_frozen_embeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="frozenembed",
            name="head",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="frozenembed",
            name="network",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
