from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digests", "0001_subscribers_and_ledger"),
    ]

    operations = [
        migrations.RemoveField(model_name="sentitem", name="kind"),
        migrations.RemoveField(model_name="sentitem", name="sentence"),
        migrations.RemoveField(model_name="sentitem", name="standing"),
        migrations.RemoveField(model_name="subscriber", name="soft_bounces"),
        migrations.AddField(
            model_name="deliveryswitch",
            name="hold_due_before",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="sentitem",
            name="facts",
            field=models.JSONField(
                default=dict, help_text="As `statements.facts_of` gives them."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sentitem",
            name="shown",
            field=models.BooleanField(
                default=True, help_text="Not only counted among the further ones."
            ),
        ),
    ]
