"""Writing the matched rows: one statement a table, so that each trigger runs once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection

from talent.registry.recording import announce
from talent.registry.starter.indexes import WORTH_IT, in_bulk
from talent.registry.starter.problems import BadData, Problem
from talent.registry.starter.report import Difference, Report, TableReport
from talent.registry.starter.tables import (
    CITATIONS,
    DEAL_EVENTS,
    EVENT_REASONS,
    EVENTS,
    ORGANIZATIONS,
    PACKAGES,
    PEOPLE,
    READINGS,
    SOURCES,
    TABLES,
    Table,
)

DIFFERENCES_KEPT = 1000

# What an INSERT reads beside the rows.
BESIDE = {
    EVENTS: """
        LEFT JOIN (
            SELECT citation.event_id, count(*) AS sources,
                count(DISTINCT coalesce(source.repeats_id, source.id)) AS origins,
                max(source.published_on) AS newest
            FROM row_citation AS citation
            JOIN registry_source AS source ON source.id = citation.source_id
            WHERE citation.state = 'new'
            GROUP BY citation.event_id
        ) AS cited ON cited.event_id = r.id
    """,
    ORGANIZATIONS: "JOIN depth USING (line)",
}
# Before the events, whose origins are counted by it.
FIRST_REPORTS = f"""
    UPDATE {SOURCES.db} AS t SET repeats_id = first.means
    FROM {SOURCES.rows} AS r
    JOIN {SOURCES.known} AS first ON first.key = r.repeats AND first.state <> 'removed'
    WHERE t.id = r.id AND r.state = 'new' AND first.means <> r.id
"""
# Companies before their units: a trigger looks up the company of each new unit.
ORDER = {ORGANIZATIONS: "depth.depth, r.line"}


def write(cursor: Any, *, at: datetime, overwrite: bool) -> Report:
    """Insert what is new and, if asked, set back what differs. Touches no table in vain."""
    report = Report()
    for table in TABLES:
        counts = states(cursor, table)
        differing = compare(cursor, table) if counts["found"] else 0
        report.tables.append(
            TableReport(
                table.label,
                made=counts["new"],
                unchanged=counts["found"] - differing,
                left_alone=0 if overwrite else differing,
                overwritten=differing if overwrite else 0,
                left_out=counts["removed"],
            )
        )
        if differing:
            report.differences += differences(cursor, table, len(report.differences))
        statements = list(inserts(table)) if counts["new"] else []
        if overwrite and differing:
            # A reading that is preferred no longer makes room for the new preferred one.
            updating = list(updates(table))
            statements = (
                updating + statements if table is READINGS else statements + updating
            )
        try:
            with bulk(cursor, table, counts["new"]):
                for statement in statements:
                    cursor.execute(statement, {"at": at})
        except IntegrityError as error:
            reason = str(error).splitlines()[0]
            problem = Problem(table.file, None, f"the record cannot hold it: {reason}")
            raise BadData([problem], 1) from error
    return report


def bulk(cursor: Any, table: Table, new: int) -> AbstractContextManager[None]:
    if new < WORTH_IT:
        return nullcontext()
    return in_bulk(cursor, *filter(None, (table.db, table.history)))


def states(cursor: Any, table: Table) -> Counter[str]:
    cursor.execute(f"SELECT state, count(*) FROM {table.rows} GROUP BY state")
    return Counter(dict(cursor.fetchall()))


def compare(cursor: Any, table: Table) -> int:
    """Make `changed_…`: the rows the record has with other values, and which values."""
    ours = ", ".join(f"r.{column}" for column in table.values)
    theirs = ", ".join(f"t.{column}" for column in table.values)
    named = ", ".join(
        f"CASE WHEN r.{column} IS DISTINCT FROM t.{column}"
        f" THEN '{column.removesuffix('_id')}' END"
        for column in table.values
    )
    cursor.execute(f"""
        CREATE TEMPORARY TABLE {table.changed} AS
        SELECT r.ctid AS place, r.line, array_remove(ARRAY[{named}], NULL) AS columns
        FROM {table.rows} AS r JOIN {table.db} AS t ON t.id = r.id
        WHERE r.state = 'found' AND ({ours}) IS DISTINCT FROM ({theirs})
    """)
    return int(cursor.rowcount)


def differences(cursor: Any, table: Table, have: int) -> list[Difference]:
    cursor.execute(
        f"SELECT line, columns FROM {table.changed} ORDER BY line LIMIT %s",
        [max(DIFFERENCES_KEPT - have, 0)],
    )
    return [
        Difference(table.file, line, tuple(columns))
        for line, columns in cursor.fetchall()
    ]


def inserts(table: Table) -> Iterator[str]:
    columns = {name: f"r.{name}" for name in table.values} | dict(table.at_first)
    if table.key:
        columns["id"] = "r.id"
    # Entries of one field in their order, which their new keys keep.
    order = "r.line, r.place" if "place" in table.stated else ORDER.get(table, "r.line")
    yield f"""
        INSERT INTO {table.db} ({", ".join(columns)})
        SELECT {", ".join(columns.values())}
        FROM {table.rows} AS r {BESIDE.get(table, "")}
        WHERE r.state = 'new' ORDER BY {order}
    """
    if table is SOURCES:
        yield FIRST_REPORTS


def updates(table: Table) -> Iterator[str]:
    columns = {name: f"r.{name}" for name in table.values}
    if table.stamps_updates:
        columns["updated_at"] = "%(at)s"
    assignments = ", ".join(f"{name} = {value}" for name, value in columns.items())
    # One reading of a package is preferred: the old one steps back before the new one.
    turns = ["rank <> 'preferred'", "rank = 'preferred'"]
    for turn in turns if table is READINGS else ["true"]:
        yield f"""
            UPDATE {table.db} AS t SET {assignments}
            FROM {table.changed} AS changed
            JOIN (SELECT ctid AS place, * FROM {table.rows} WHERE {turn}) AS r
                USING (place)
            WHERE t.id = r.id
        """


def tell(cursor: Any, report: Report) -> None:
    """Send the news after the commit, as the curation verbs do: whom it is about."""

    def written(table: Table, column: str) -> str:
        rows = f"SELECT {column} FROM {table.rows} AS r WHERE state = 'new'"
        if report.of(table.label).overwritten:
            rows += f" OR ctid IN (SELECT place FROM {table.changed})"
        return rows

    events = " UNION ".join(
        [
            written(EVENTS, "id"),
            *(written(table, "event_id") for table in (CITATIONS, EVENT_REASONS)),
            *(written(table, "event_id") for table in (PACKAGES, DEAL_EVENTS)),
        ]
    )
    cursor.execute(f"""
        CREATE TEMPORARY TABLE touched AS
        SELECT person_id, company_id, counterpart_company_id
        FROM registry_event WHERE id IN ({events})
    """)
    cursor.execute(f"""
        SELECT person_id FROM touched UNION {written(PEOPLE, "id")}
        UNION {written(PACKAGES, "person_id")}
    """)
    people = [person for (person,) in cursor]
    cursor.execute(f"""
        SELECT company_id FROM touched UNION SELECT counterpart_company_id FROM touched
        UNION SELECT company_id FROM registry_organization
            WHERE id IN ({written(ORGANIZATIONS, "id")})
    """)
    announce(people=people, companies=[company for (company,) in cursor])


def settle() -> None:
    """Bring the planner's statistics up to date, and tidy the indexes after a bulk load."""
    names = ", ".join(table.db for table in TABLES)
    # VACUUM also empties the pending lists of the text indexes and marks pages as seen by
    # all, which index-only scans need; it cannot run inside a transaction.
    command = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        cursor.execute(f"{command} {names}")
