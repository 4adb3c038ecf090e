from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0013_pages_of_companies"),
    ]

    operations = [
        migrations.AddField(
            model_name="stint",
            name="known_precision",
            field=models.CharField(
                blank=True,
                choices=[
                    ("day", "day"),
                    ("month", "month"),
                    ("quarter", "quarter"),
                    ("year", "year"),
                ],
                default="day",
                max_length=7,
            ),
        ),
        migrations.AlterField(
            model_name="stint",
            name="known_until",
            field=models.DateField(
                help_text="Of an open stint: the date of the newest source that knows of it.",
                null=True,
            ),
        ),
    ]
