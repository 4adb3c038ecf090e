"""Keeping the derived tables equal to what the record says.

Two doors: `refresh_touched` reads again the people whose events changed, `refresh_all` everybody.
Both write the new rows beside the old ones and then, in one transaction, delete the rows that are
no longer true and insert those that are missing. A reader sees the old rows or the new, never an
empty or half-filled table; a process that dies leaves the old ones, and the people it did not
finish stay on the list of the touched.

One refresh runs at a time: a second one finds the lock taken and leaves. Nothing is lost by that,
since what is due is found by a query.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate
from psycopg.adapt import Dumper

from talent.common.locks import Lock, alone
from talent.insights.coverage import in_full
from talent.insights.facts import facts_by_person
from talent.insights.last_months import take_last_months
from talent.insights.models import Move, Refresh, Stint, Touched, TouchedPackage
from talent.insights.models.triggers import OF_MOVES, OF_STINTS, UNCOUNTED
from talent.insights.pay_lines import refresh_all_lines, refresh_lines
from talent.insights.rows import (
    AGAIN_COLUMNS,
    MOVE_COLUMNS,
    STINT_COLUMNS,
    RowsOfPerson,
    rows_of,
)
from talent.insights.seating import seats_differ, take_seats
from talent.insights.swapping import Derived, WouldShrink, swap_rows
from talent.registry.models import Event, Generation

logger = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 2_000
# Each COPY leaves some dozen pages empty at its end: few large ones, for some 30 MB of memory.
PEOPLE_IN_A_COPY = 20_000
# Above this many people one pass over everybody is cheaper than one by one.
MANY = 50_000
# How long the log of the runs goes back.
KEPT = timedelta(days=90)
# After so many new rows the planner is told of them at once, and not when autovacuum comes by.
SOME = 1_000
TABLES = {
    "insights_stint": STINT_COLUMNS,
    "insights_move": MOVE_COLUMNS,
    "insights_newsagain": AGAIN_COLUMNS,
}
# What tells the rows of a person apart.
KEYS = {
    "insights_stint": ("person_id", "place"),
    "insights_move": ("person_id", "place"),
    "insights_newsagain": ("person_id", "unit", "first_on"),
}
COUNTED_IN = {"insights_stint": OF_STINTS, "insights_move": OF_MOVES}
# Who and what is to be read again.
LISTS: tuple[type[Touched | TouchedPackage], ...] = (Touched, TouchedPackage)


def refresh_touched(
    people: Iterable[int] = (), companies: Iterable[int] = (), *, at: datetime
) -> Refresh | None:
    """Read again everybody who was touched, and the people and companies given.

    Returns the run, or None where there was nothing to do or another refresh is at work.
    """
    touch(people, companies, at=at)
    waiting = Touched.objects.count() + TouchedPackage.objects.count()
    reseated = seats_differ()
    if not (waiting or reseated):
        return None
    if waiting > MANY:
        return refresh_all(at=at)
    with alone(Lock.REFRESH) as free:
        if not free or stopped_before():
            return None
        run = Refresh.objects.create(scope=Refresh.Scope.TOUCHED, started_at=at)
        with accounted(run):
            while True:
                with transaction.atomic():
                    if reseated:
                        take_seats()
                        reseated = False
                    people, packages = (take_touched(of) for of in LISTS)
                    if not (people or packages):
                        break
                    if people:
                        write_beside(people=people)
                        swap(run, people=people, force=False)
                        take_last_months(today=localdate(at))
                        run.people += len(people)
                    refresh_lines(packages, people=people)
        return run


def refresh_all(*, at: datetime, force: bool = False) -> Refresh | None:
    """Read everybody again, and forget runs of long ago. Returns the run, or None where another
    refresh is at work.

    `force`: accept that a table shrinks by more than a tenth.
    """
    with alone(Lock.REFRESH) as free:
        if not free:
            return None
        run = Refresh.objects.create(scope=Refresh.Scope.ALL, started_at=at)
        with accounted(run), transaction.atomic():
            take_seats()
            make_room()
            waiting = {of: list(of.objects.values_list("pk", "since")) for of in LISTS}
            if Stint.objects.exists() or Move.objects.exists():
                run.people = write_beside(people=None)
                swap(run, people=None, force=force)
            else:
                fill(run)
            take_last_months(today=localdate(at))
            refresh_all_lines(force=force)
            for touched, seen in waiting.items():
                take_off(touched, seen)
            run.coverage = asdict(in_full())
        Refresh.objects.forgettable(before=at - KEPT).delete()
        if run.rows > SOME:
            tidy()
        return run


def make_room() -> None:
    """Sorting a million events, comparing two million rows and indexing them wants memory."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")


def touch(people: Iterable[int], companies: Iterable[int], *, at: datetime) -> None:
    """Put people, and everybody with an event at one of the companies, on the list."""
    ids = set(people)
    if companies := list(companies):
        there = Q(company__in=companies) | Q(counterpart_company__in=companies)
        ids |= set(Event.objects.filter(there).values_list("person", flat=True))
    Touched.objects.bulk_create(
        [Touched(person_id=person, since=at) for person in sorted(ids)],
        update_conflicts=True,
        unique_fields=["person_id"],
        update_fields=["since"],
    )


@contextmanager
def accounted(run: Refresh) -> Iterator[None]:
    """Write down how the run ended, outside the transaction that may have been rolled back."""
    began = monotonic()
    try:
        yield
    except WouldShrink as refusal:
        run.outcome, run.message = Refresh.Outcome.STOPPED, str(refusal)
        logger.error("Refresh stopped: %s", refusal)
    except Exception as error:
        run.outcome = Refresh.Outcome.FAILED
        run.message = f"{type(error).__name__}: {error}"[:500]
        raise
    else:
        run.outcome = Refresh.Outcome.DONE
    finally:
        run.seconds = monotonic() - began
        run.generation = Generation.current()
        run.save()


def stopped_before() -> bool:
    """Whether the last refresh stopped and the record is still the same: it would stop again."""
    last = Refresh.objects.order_by("-started_at").first()
    return (
        last is not None
        and last.outcome == Refresh.Outcome.STOPPED
        and last.generation == Generation.current()
    )


def take_touched(touched: type[Touched | TouchedPackage]) -> list[int]:
    """Take some off their list, in this transaction. Those being edited now can wait."""
    table, key = touched._meta.db_table, touched._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM {table} WHERE {key} IN (
                SELECT {key} FROM {table} ORDER BY since LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING {key}
            """,
            [PEOPLE_AT_ONCE],
        )
        return [pk for (pk,) in cursor.fetchall()]


def take_off(
    touched: type[Touched | TouchedPackage], waiting: list[tuple[int, datetime]]
) -> None:
    """Take off the list who stood on it before the facts were read, unless touched again since.

    At the end, so that a curator who changes one of them does not wait for the whole run.
    """
    table, key = touched._meta.db_table, touched._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM {table} AS touched
            USING unnest(%s::bigint[], %s::timestamptz[]) AS seen (pk, since)
            WHERE (touched.{key}, touched.since) = (seen.pk, seen.since)
            """,
            [[pk for pk, _ in waiting], [since for _, since in waiting]],
        )


def write_beside(*, people: list[int] | None) -> int:
    """Compute the rows of the people (None: everybody) into temporary tables.

    Returns how many people have any.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"CREATE TEMPORARY TABLE new_{table} (LIKE {table}) ON COMMIT DROP"
            )
            cursor.execute(f"ALTER TABLE new_{table} ALTER COLUMN id DROP NOT NULL")
    into = {table: f"new_{table}" for table in TABLES}
    return sum(write(batch, into) for batch in batches(people))


Batch = list[RowsOfPerson]


def write(batch: Batch, into: dict[str, str]) -> int:
    """Returns how many people the batch holds. Two copies cannot run on one connection at once,
    so one table comes after the other.
    """
    with connection.cursor() as cursor:
        cursor.adapters.register_dumper(list, Listed)
        for place, (table, columns) in enumerate(TABLES.items()):
            names = ", ".join(columns)
            with cursor.copy(f"COPY {into[table]} ({names}) FROM STDIN") as copy:
                for rows in batch:
                    for row in rows[place]:
                        copy.write_row(row)
    return len(batch)


class Listed(Dumper):
    """A list of ids or of names, most of them empty, as PostgreSQL writes it.

    psycopg finds out anew for each list what is in it, which costs as much as all else of a row.
    """

    def dump(self, listed: list[int] | list[str]) -> bytes:
        if not listed:
            return b"{}"
        return f"{{{','.join(map(in_list, listed))}}}".encode()


def in_list(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def batches(people: list[int] | None) -> Iterator[Batch]:
    """Memory does not grow with the record: facts stream in and rows stream out."""
    batch: Batch = []
    with no_collector():
        for person, facts in facts_by_person(people=people):
            batch.append(rows_of(person, facts))
            if len(batch) == PEOPLE_IN_A_COPY:
                yield batch
                batch = []
        if batch:
            yield batch


@contextmanager
def no_collector() -> Iterator[None]:
    """Nothing here refers to itself, so looking for what does would only cost a third more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# -- The first time -----------------------------------------------------------------------


def fill(run: Refresh) -> None:
    """Everybody's rows into empty tables: first the rows, then their indexes and counts, which
    is several times faster than one by one. Readers who would see an empty table wait.
    """
    tallies = [tally.table for tally in (*OF_STINTS, *OF_MOVES)]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {UNCOUNTED} = 'on'")
        # Some counts may stand at zero.
        cursor.execute(f"TRUNCATE {', '.join((*TABLES, *tallies))}")
        into = {table: table for table in TABLES}
        indexes = [index for table in TABLES for index in without_indexes(table)]
        for batch in batches(None):
            run.people += write(batch, into)
            run.stints += sum(len(stints) for stints, *_others in batch)
            run.moves += sum(len(moves) for _stints, moves, _again in batch)
        for statement in indexes:
            cursor.execute(statement)
        for table, counted in COUNTED_IN.items():
            for tally in counted:
                indexes = without_indexes(tally.table)
                cursor.execute(tally.count_again(table))
                for statement in indexes:
                    cursor.execute(statement)
        cursor.execute(f"SET LOCAL {UNCOUNTED} = 'off'")


def without_indexes(table: str) -> list[str]:
    """Drop its indexes, whether constraints or not; returns the statements that make them again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT indexrelid::regclass::text, conname, coalesce(
                pg_get_constraintdef(pg_constraint.oid), pg_get_indexdef(indexrelid)
            )
            FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid
            WHERE indrelid = %s::regclass ORDER BY indexrelid
            """,
            [table],
        )
        found = cursor.fetchall()
        for index, constraint, _made in found:
            if constraint:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
            else:
                cursor.execute(f"DROP INDEX {index}")
    return [
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {made}"
        if constraint
        else made
        for _index, constraint, made in found
    ]


def tidy() -> None:
    """After many changes: lets counts be read from the indexes alone. Not in a transaction."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        for table in (*TABLES, *(tally.table for tally in (*OF_STINTS, *OF_MOVES))):
            cursor.execute(f"VACUUM (ANALYZE) {table}")


# -- Every other time ----------------------------------------------------------------------


def swap(run: Refresh, *, people: list[int] | None, force: bool) -> None:
    """Make the tables hold the rows beside them: in this transaction, touching what differs."""
    for name, columns in TABLES.items():
        table = Derived(name, columns, key=KEYS[name])
        changed = swap_rows(table, of=people, force=force)
        if name == "insights_stint":
            run.stints += changed
        elif name == "insights_move":
            run.moves += changed
