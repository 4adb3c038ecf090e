"""A stated reason that comes, goes or changes puts the person on the list to be read again."""

from django.db import migrations

TOUCH = """
CREATE FUNCTION insights_touch_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO insights_touched (person_id, since)
    SELECT DISTINCT event.person_id, now()
    FROM ({changed}) AS changed JOIN registry_event AS event ON event.id = changed.event_id
    WHERE event.status = 'published' ORDER BY event.person_id
    ON CONFLICT (person_id) DO UPDATE SET since = excluded.since;
    RETURN NULL;
END $$;
CREATE TRIGGER insights_touch_{name} AFTER {operation} ON registry_eventreason
    REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION insights_touch_{name}();
"""
UNDO = """
DROP TRIGGER insights_touch_{name} ON registry_eventreason;
DROP FUNCTION insights_touch_{name}();
"""
OLD, NEW = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"
WENT, CAME = "SELECT event_id FROM old_rows", "SELECT event_id FROM new_rows"
TRIGGERS = (
    {"operation": "INSERT", "rows": NEW, "changed": CAME},
    {"operation": "DELETE", "rows": OLD, "changed": WENT},
    {"operation": "UPDATE", "rows": f"{OLD} {NEW}", "changed": f"{WENT} UNION {CAME}"},
)


class Migration(migrations.Migration):
    dependencies = [("insights", "0003_wider_tallies"), ("registry", "0002_record")]

    operations = [
        migrations.RunSQL(TOUCH.format(name=name, **trigger), UNDO.format(name=name))
        for trigger in TRIGGERS
        for name in [f"reason_{trigger['operation'].lower()}"]
    ]
