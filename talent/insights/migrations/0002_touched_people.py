"""Triggers on the record that put people on the list of those to read again.

They belong to insights and lie on tables of the registry, which knows nothing of them: so
they are written here and not among the triggers of its models. Setting `since` again locks
the row: a refresh that takes the person now waits for this change or leaves it for later.
"""

from django.db import migrations

TOUCH = """
CREATE FUNCTION insights_touch_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO insights_touched (person_id, since)
    SELECT DISTINCT person_id, now() FROM ({people}) AS changed ORDER BY person_id
    ON CONFLICT (person_id) DO UPDATE SET since = excluded.since;
    RETURN NULL;
END $$;
CREATE TRIGGER insights_touch_{name} AFTER {operation} ON {table}
    REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION insights_touch_{name}();
"""
OLD, NEW = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"
COUNTED = "SELECT person_id FROM {} WHERE status = 'published'"
EVENT, ORGANIZATION = "registry_event", "registry_organization"

TRIGGERS = [
    {
        "name": "insert",
        "operation": "INSERT",
        "table": EVENT,
        "rows": NEW,
        "people": COUNTED.format("new_rows"),
    },
    {
        "name": "delete",
        "operation": "DELETE",
        "table": EVENT,
        "rows": OLD,
        "people": COUNTED.format("old_rows"),
    },
    {
        "name": "update",
        "operation": "UPDATE",
        "table": EVENT,
        "rows": f"{OLD} {NEW}",
        "people": f"{COUNTED.format('old_rows')} UNION {COUNTED.format('new_rows')}",
    },
    {
        "name": "organization",
        "operation": "UPDATE",
        "table": ORGANIZATION,
        "rows": f"{OLD} {NEW}",
        "people": """
            SELECT event.person_id FROM old_rows JOIN new_rows USING (id)
            JOIN registry_event AS event
                ON event.organization_id = new_rows.id OR event.counterpart_id = new_rows.id
            WHERE event.status = 'published'
                AND (old_rows.seat, old_rows.parent_id, old_rows.company_id)
                    IS DISTINCT FROM (new_rows.seat, new_rows.parent_id, new_rows.company_id)
        """,
    },
]


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_derived_tables"), ("registry", "0002_record")]

    operations = [
        migrations.RunSQL(
            TOUCH.format(**trigger),
            reverse_sql="DROP TRIGGER insights_touch_{name} ON {table};"
            "DROP FUNCTION insights_touch_{name}();".format(**trigger),
        )
        for trigger in TRIGGERS
    ] + [
        # Who was in the record before these tables were.
        migrations.RunSQL(
            "INSERT INTO insights_touched (person_id)"
            " SELECT DISTINCT person_id FROM registry_event WHERE status = 'published'",
            reverse_sql="TRUNCATE insights_touched",
        )
    ]
