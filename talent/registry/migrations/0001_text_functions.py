from pathlib import Path

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

FUNCTIONS = (Path(__file__).parents[1] / "sql" / "names.sql").read_text()


class Migration(migrations.Migration):
    initial = True

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(
            FUNCTIONS,
            reverse_sql="""
                DROP FUNCTION registry_search_key(text, text, varchar[]);
                DROP FUNCTION registry_search_fold(text);
            """,
        ),
    ]
