"""Another parent finds the people it touches by the indexes of their events' ends.

Joined to a list of unknown length, all events were read, twice; the ids at hand tell the planner
how few they are.
"""

from importlib import import_module

from django.db import migrations

TOUCH = """
CREATE OR REPLACE FUNCTION insights_touch_organization() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved bigint[];
    reseated bigint[];
BEGIN
    WITH RECURSIVE below AS (
        SELECT id FROM old_rows JOIN new_rows USING (id)
        WHERE (old_rows.parent_id, old_rows.company_id)
            IS DISTINCT FROM (new_rows.parent_id, new_rows.company_id)
        UNION
        SELECT unit.id FROM registry_organization AS unit JOIN below ON unit.parent_id = below.id
    )
    SELECT array_agg(id) INTO moved FROM below;
    SELECT array_agg(id) INTO reseated FROM old_rows JOIN new_rows USING (id)
    WHERE (old_rows.seat = 'academia') <> (new_rows.seat = 'academia');
    IF moved IS NULL AND reseated IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO insights_touched (person_id, since)
    SELECT DISTINCT person_id, now() FROM registry_event
    WHERE status = 'published' AND (
        organization_id = ANY(moved) OR counterpart_id = ANY(moved)
        OR company_id = ANY(reseated)
    ) ORDER BY person_id
    ON CONFLICT (person_id) DO UPDATE SET since = excluded.since;
    RETURN NULL;
END $$;
"""
before = import_module("talent.insights.migrations.0007_seats_by_place")


class Migration(migrations.Migration):
    dependencies = [("insights", "0011_counting_news")]

    operations = [migrations.RunSQL(TOUCH, before.TOUCH.format(**before.BY_PLACE))]
