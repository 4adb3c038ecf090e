from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FrozenEmbed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("title", models.TextField(blank=True)),
                ("page", models.TextField(blank=True)),
                ("look", models.CharField(max_length=10)),
                ("styles", models.JSONField(default=list)),
                ("height", models.PositiveIntegerField()),
                ("pieces", models.JSONField(default=list)),
                ("gone", models.PositiveIntegerField(default=0)),
                ("frozen_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
