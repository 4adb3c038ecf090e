"""Triggers on the events count the news by day; what is on record so far is counted here.

They belong to insights and lie on a table of the registry, as those of 0002 do.
"""

from django.db import migrations

NEWS = """
SELECT happened_on, precision, kind, stated_return, {sign}1 AS step FROM {rows}
WHERE status = 'published' AND standing IN ('reported', 'confirmed') AND NOT background
"""
KEY = "happened_on, precision, kind, stated_return"
# Sorted, so that two statements lock the counts in the same order.
COUNT = """
CREATE FUNCTION insights_count_news_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO insights_newstally AS tally ({key}, events)
    SELECT {key}, sum(step) FROM ({changed}) AS changed
    GROUP BY {key} HAVING sum(step) <> 0 ORDER BY {key}
    ON CONFLICT ({key}) DO UPDATE SET events = tally.events + excluded.events;
    RETURN NULL;
END $$;
CREATE TRIGGER insights_count_news_{name} AFTER {operation} ON registry_event
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION insights_count_news_{name}();
"""
OLD, NEW = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"
GONE = NEWS.format(rows="old_rows", sign="-")
CAME = NEWS.format(rows="new_rows", sign="")
TRIGGERS = {
    "INSERT": (NEW, CAME),
    "UPDATE": (f"{OLD} {NEW}", f"{GONE} UNION ALL {CAME}"),
    "DELETE": (OLD, GONE),
}
ON_RECORD = f"""
INSERT INTO insights_newstally ({KEY}, events)
SELECT {KEY}, count(*) FROM ({NEWS.format(rows="registry_event", sign="")}) AS news
GROUP BY {KEY} ORDER BY {KEY}
"""
# What a refresh of everything would write.
AGAIN = """
INSERT INTO insights_newsagain (person_id, unit, first_on, events)
SELECT person_id, unit, date_trunc(unit, happened_on)::date, count(*) - 1
FROM registry_event JOIN (
    VALUES ('week', 'day'), ('month', 'day'), ('month', 'month'),
        ('quarter', 'day'), ('quarter', 'month'), ('quarter', 'quarter')
) AS period (unit, precision) USING (precision)
WHERE status = 'published' AND standing IN ('reported', 'confirmed') AND NOT background
GROUP BY 1, 2, 3 HAVING count(*) > 1
"""


class Migration(migrations.Migration):
    dependencies = [("insights", "0010_news_and_last_months")]

    operations = [
        *(
            migrations.RunSQL(
                COUNT.format(
                    name=operation.lower(),
                    operation=operation,
                    tables=tables,
                    changed=changed,
                    key=KEY,
                ),
                f"DROP TRIGGER insights_count_news_{operation.lower()} ON registry_event;"
                f"DROP FUNCTION insights_count_news_{operation.lower()}();",
            )
            for operation, (tables, changed) in TRIGGERS.items()
        ),
        # No event comes or goes meanwhile: adding a trigger locks them out until the end.
        migrations.RunSQL(ON_RECORD, "TRUNCATE insights_newstally"),
        migrations.RunSQL(AGAIN, "TRUNCATE insights_newsagain"),
    ]
