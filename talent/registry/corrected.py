"""When the record was written, newest first, and which events were touched then."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import connection

# A load writes a million rows at one moment; nobody reads more of a moment than this.
ROWS_OF_A_MOMENT = 100
# Of each table of history: how its versions name the event.
EVENT_OF = {
    "registry_eventhistory": "part.pgh_obj_id",
    "registry_citationhistory": "part.event_id",
    "registry_eventreasonhistory": "part.event_id",
    "registry_packagehistory": "part.event_id",
    "registry_readinghistory": (
        "(SELECT event_id FROM registry_package AS package WHERE package.id = part.package_id)"
    ),
}
# The next older moment of a table is one look into its index, however many rows share one.
MOMENTS = """
    (WITH RECURSIVE moment (at) AS (
        SELECT max(pgh_created_at) FROM {table} WHERE pgh_created_at < %(before)s
        UNION ALL
        SELECT (SELECT max(pgh_created_at) FROM {table} WHERE pgh_created_at < moment.at)
        FROM moment WHERE moment.at IS NOT NULL
    )
    SELECT at FROM moment WHERE at IS NOT NULL LIMIT %(most)s)
"""
TOUCHED = """
    SELECT moment.at, touched.event
    FROM unnest(%(moments)s::timestamptz[]) AS moment (at), LATERAL (
        SELECT {event} AS event FROM {table} AS part
        WHERE part.pgh_created_at = moment.at LIMIT %(most)s
    ) AS touched
    WHERE touched.event IS NOT NULL
"""


def moments_before(before: datetime, *, most: int) -> list[datetime]:
    """The last moments before this one at which an event or a part of one was written."""
    each = " UNION ALL ".join(MOMENTS.format(table=table) for table in EVENT_OF)
    query = f"SELECT DISTINCT at FROM ({each}) AS them ORDER BY at DESC LIMIT %(most)s"
    with connection.cursor() as cursor:
        cursor.execute(query, {"before": before, "most": most})
        return [at for (at,) in cursor.fetchall()]


def events_touched_at(moments: list[datetime]) -> dict[int, set[datetime]]:
    """By event: at which of these moments it was written, or a part of it. One query."""
    each = " UNION ALL ".join(
        TOUCHED.format(table=table, event=event) for table, event in EVENT_OF.items()
    )
    touched: defaultdict[int, set[datetime]] = defaultdict(set)
    if moments:
        with connection.cursor() as cursor:
            cursor.execute(each, {"moments": moments, "most": ROWS_OF_A_MOMENT})
            for at, event in cursor.fetchall():
                touched[event].add(at)
    return touched
