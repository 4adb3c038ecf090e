"""What only the whole set, or the set beside the record, can show to be wrong."""

from __future__ import annotations

from typing import Any

from talent.registry.starter import format
from talent.registry.starter.problems import Problems

# How far each organization is below a company, which is also the order to make them in.
# What is missing here never reaches a company: it is part of itself.
DEPTH = """
    CREATE TEMPORARY TABLE depth AS
    WITH RECURSIVE below AS (
        SELECT line, slug, 0 AS depth FROM stage_organizations
        WHERE parent = '' OR parent NOT IN (SELECT slug FROM stage_organizations)
        UNION ALL
        SELECT s.line, s.slug, below.depth + 1
        FROM stage_organizations AS s JOIN below ON s.parent = below.slug
        WHERE s.parent <> ''
    )
    SELECT line, depth FROM below
"""

CHECKS = {
    format.ORGANIZATIONS.name: [
        """
        SELECT line, 'parent: ' || slug || ' would be part of itself'
        FROM stage_organizations WHERE line NOT IN (SELECT line FROM depth)
        """
    ],
    format.SOURCES.name: [
        """
        SELECT r.line, 'id “' || r.staged_key || '” belongs to ' || t.url || ' in the record'
        FROM row_source AS r JOIN registry_source AS t ON t.key = r.staged_key
        WHERE r.state = 'new'
        """,
        """
        SELECT line, 'repeats “' || repeats || '” is not in sources.csv'
        FROM stage_sources
        WHERE repeats <> '' AND repeats NOT IN (SELECT id FROM stage_sources)
        """,
    ],
    format.EVENTS.name: [
        # The file may name two organizations that were merged since.
        """
        SELECT r.line, 'organization and counterpart are one in the record'
        FROM row_event AS r JOIN stage_events AS s USING (line)
        WHERE r.state = 'new' AND r.organization_id = r.counterpart_id
            AND s.organization <> s.counterpart
        """
    ],
    format.PACKAGES.name: [
        """
        SELECT r.line, 'event ' || e.slug || ' has a package in the record: ' || t.key
        FROM row_package AS r
        JOIN registry_package AS t ON t.event_id = r.event_id
        JOIN registry_event AS e ON e.id = r.event_id
        WHERE r.state = 'new'
        """,
        """
        SELECT r.line, 'event ' || e.slug || ' is no hire'
        FROM row_package AS r JOIN ({events}) AS e ON e.id = r.event_id
        WHERE e.kind <> 'hire'
        """,
        """
        SELECT r.line, 'event ' || e.slug || ' is not of this person'
        FROM row_package AS r JOIN ({events}) AS e ON e.id = r.event_id
        WHERE e.person_id <> r.person_id
        """,
    ],
    format.READINGS.name: [
        """
        SELECT max(line), 'package ' || s.package || ' has two preferred readings'
        FROM stage_readings AS s
        WHERE rank = 'preferred' GROUP BY s.package HAVING count(*) > 1
        """,
        """
        SELECT r.line, 'package ' || p.key || ' has another preferred reading in the record'
        FROM row_reading AS r
        JOIN registry_reading AS t ON t.package_id = r.package_id
        JOIN registry_package AS p ON p.id = r.package_id
        WHERE r.state = 'new' AND r.rank = 'preferred' AND t.rank = 'preferred'
            AND NOT EXISTS (
                SELECT FROM row_reading AS other WHERE other.id = t.id AND {overwrite}
            )
        """,
    ],
    format.DEALS.name: [
        """
        SELECT r.line, 'buyer and target are one in the record'
        FROM row_deal AS r JOIN stage_deals AS s USING (line)
        WHERE r.state = 'new' AND r.buyer_id = r.target_id AND s.buyer <> s.target
        """
    ],
    format.ADDRESSES.name: [
        """
        SELECT line, 'new “' || new || '” is not in the file of its kind'
        FROM stage_addresses AS s WHERE NOT EXISTS (
            SELECT FROM stage_people WHERE kind = 'person' AND slug = new
            UNION ALL
            SELECT FROM stage_organizations WHERE kind = 'organization' AND slug = new
        )
        """
    ],
}
# An event as the file states it, or as the record has it where the file does not.
EVENTS = """
    SELECT id, slug, kind, person_id FROM row_event
    UNION ALL
    SELECT t.id, t.slug, t.kind, t.person_id FROM registry_event AS t
    JOIN known_event AS known ON known.id = t.id WHERE known.line IS NULL
"""


def check(cursor: Any, *, overwrite: bool, problems: Problems) -> None:
    cursor.execute(DEPTH)
    for file, queries in CHECKS.items():
        for query in queries:
            problems.find(
                cursor, file, query.format(events=EVENTS, overwrite=overwrite)
            )
