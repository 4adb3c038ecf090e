"""When the record was written, newest first, which rows were touched then, and which of
these readers could see by then.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import connection

# A load writes a million rows at one moment; nobody reads more of a moment than this.
ROWS_OF_A_MOMENT = 100
# Of each table of history: which sort of row a reader is told of, and the key of it. A figure
# is told with its package, and a package with its hire where it has one.
PACKAGES_EVENT = (
    "(SELECT event_id FROM registry_package AS whole WHERE whole.id = part.package_id)"
)
TOLD_OF = {
    "registry_eventhistory": ("'event'", "part.pgh_obj_id"),
    "registry_citationhistory": ("'event'", "part.event_id"),
    "registry_eventreasonhistory": ("'event'", "part.event_id"),
    "registry_packagehistory": (
        "CASE WHEN part.event_id IS NULL THEN 'package' ELSE 'event' END",
        "coalesce(part.event_id, part.pgh_obj_id)",
    ),
    "registry_readinghistory": (
        f"CASE WHEN {PACKAGES_EVENT} IS NULL THEN 'package' ELSE 'event' END",
        f"coalesce({PACKAGES_EVENT}, part.package_id)",
    ),
    "registry_dealhistory": ("'deal'", "part.pgh_obj_id"),
    "registry_dealeventhistory": ("'deal'", "part.deal_id"),
    "registry_dealreadinghistory": ("'deal'", "part.deal_id"),
    "registry_sourcehistory": ("'source'", "part.pgh_obj_id"),
    "registry_personhistory": ("'person'", "part.pgh_obj_id"),
    "registry_organizationhistory": ("'organization'", "part.pgh_obj_id"),
    "registry_wavehistory": ("'wave'", "part.pgh_obj_id"),
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
    SELECT moment.at, touched.told, touched.key
    FROM unnest(%(moments)s::timestamptz[]) AS moment (at), LATERAL (
        SELECT {told} AS told, {key} AS key FROM {table} AS part
        WHERE part.pgh_created_at = moment.at LIMIT %(most)s
    ) AS touched
    WHERE touched.key IS NOT NULL
"""
# Whether readers could see a row before a moment.
EVENT_SEEN = "event.status = 'published' AND event.published_at < asked.at"
PACKAGE_SEEN = """package.status = 'published' AND EXISTS (
    SELECT FROM registry_packagehistory AS was WHERE was.pgh_obj_id = package.id
        AND was.status = 'published' AND was.pgh_created_at < asked.at
)"""
SEEN = {
    "person": f"""
        EXISTS (SELECT FROM registry_event AS event
            WHERE event.person_id = asked.key AND {EVENT_SEEN})
        OR EXISTS (SELECT FROM registry_package AS package
            WHERE package.person_id = asked.key AND package.event_id IS NULL
                AND {PACKAGE_SEEN})
    """,
    "organization": f"""
        EXISTS (SELECT FROM registry_event AS event
            WHERE event.organization_id = asked.key AND {EVENT_SEEN})
        OR EXISTS (SELECT FROM registry_event AS event
            WHERE event.company_id = asked.key AND {EVENT_SEEN})
        OR EXISTS (SELECT FROM registry_event AS event
            WHERE event.counterpart_company_id = (
                SELECT company_id FROM registry_organization WHERE id = asked.key
            ) AND asked.key IN (event.counterpart_id, event.counterpart_company_id)
                AND {EVENT_SEEN})
        OR EXISTS (SELECT FROM registry_package AS package
            WHERE package.organization_id = asked.key AND package.event_id IS NULL
                AND {PACKAGE_SEEN})
        OR EXISTS (SELECT FROM registry_deal AS deal
            WHERE asked.key IN (deal.buyer_id, deal.target_id)
                AND EXISTS (SELECT FROM registry_dealhistory AS was
                    WHERE was.pgh_obj_id = deal.id AND was.pgh_created_at < asked.at))
    """,
    "source": f"""
        EXISTS (SELECT FROM registry_citation AS citation
            JOIN registry_event AS event ON event.id = citation.event_id
            JOIN registry_citationhistory AS was ON was.pgh_obj_id = citation.id
            WHERE citation.source_id = asked.key AND was.source_id = asked.key
                AND was.pgh_created_at < asked.at AND {EVENT_SEEN})
        OR EXISTS (SELECT FROM registry_reading AS reading
            JOIN registry_package AS package ON package.id = reading.package_id
            JOIN registry_readinghistory AS said ON said.pgh_obj_id = reading.id
            LEFT JOIN registry_event AS event ON event.id = package.event_id
            WHERE reading.source_id = asked.key AND said.source_id = asked.key
                AND said.pgh_created_at < asked.at AND {PACKAGE_SEEN}
                AND (event.id IS NULL OR {EVENT_SEEN}))
        OR EXISTS (SELECT FROM registry_dealreading AS reading
            JOIN registry_dealreadinghistory AS said ON said.pgh_obj_id = reading.id
            WHERE reading.source_id = asked.key AND said.source_id = asked.key
                AND said.pgh_created_at < asked.at)
    """,
}


def moments_before(before: datetime, *, most: int) -> list[datetime]:
    """The last moments before this one at which an event or a part of one was written."""
    each = " UNION ALL ".join(MOMENTS.format(table=table) for table in TOLD_OF)
    query = f"SELECT DISTINCT at FROM ({each}) AS them ORDER BY at DESC LIMIT %(most)s"
    with connection.cursor() as cursor:
        cursor.execute(query, {"before": before, "most": most})
        return [at for (at,) in cursor.fetchall()]


def touched_at(moments: list[datetime]) -> dict[str, dict[int, set[datetime]]]:
    """By sort of row and key: at which of these moments it or a part of it was written.

    One query.
    """
    each = " UNION ALL ".join(
        TOUCHED.format(table=table, told=told, key=key)
        for table, (told, key) in TOLD_OF.items()
    )
    touched: dict[str, dict[int, set[datetime]]] = defaultdict(lambda: defaultdict(set))
    if moments:
        with connection.cursor() as cursor:
            cursor.execute(each, {"moments": moments, "most": ROWS_OF_A_MOMENT})
            for at, told, key in cursor.fetchall():
                touched[told][key].add(at)
    return touched


def seen_before(told: str, rows: dict[int, set[datetime]]) -> set[tuple[int, datetime]]:
    """Those of the rows' moments before which readers could see the row. One query."""
    pairs = [(key, at) for key, moments in rows.items() for at in sorted(moments)]
    if not pairs:
        return set()
    query = f"""
        SELECT asked.key, asked.at FROM unnest(%s::bigint[], %s::timestamptz[]) AS asked (key, at)
        WHERE {SEEN[told]}
    """
    keys, moments = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(query, [[*keys], [*moments]])
        return set(cursor.fetchall())
