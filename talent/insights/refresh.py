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

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

from django.db import connection, transaction
from django.db.models import Q

from talent.insights.facts import Place, all_places, facts_by_person
from talent.insights.models import Refresh, Touched
from talent.insights.rows import MOVE_COLUMNS, STINT_COLUMNS, Row, rows_of
from talent.registry.models import Event, Generation

logger = logging.getLogger(__name__)

# Any number nobody else uses as the key of an advisory lock in this database.
LOCK = 7_251_901
PEOPLE_AT_ONCE = 2_000
# Above this many people one pass over everybody is cheaper than one by one.
MANY = 50_000
# A table that loses more than this share at once is more likely broken than right.
MOST_LOSS = 0.1
# Under this many rows a tenth is a handful, and a handful may well be withdrawn at once.
FEW_ROWS = 200
TABLES = {"insights_stint": STINT_COLUMNS, "insights_move": MOVE_COLUMNS}


class WouldShrink(Exception):
    """The refresh would have taken away more than a tenth of a table."""


def refresh_touched(
    people: Iterable[int] = (), companies: Iterable[int] = (), *, at: datetime
) -> Refresh | None:
    """Read again everybody who was touched, and the people and companies given.

    Returns the run, or None where there was nothing to do or another refresh is at work.
    """
    touch(people, companies, at=at)
    waiting = Touched.objects.count()
    if not waiting:
        return None
    if waiting > MANY:
        return refresh_all(at=at)
    with alone() as free:
        if not free or stopped_before():
            return None
        run = Refresh.objects.create(scope=Refresh.Scope.TOUCHED, started_at=at)
        with accounted(run):
            places = all_places()
            while True:
                with transaction.atomic():
                    batch = take_touched()
                    if not batch:
                        break
                    write_beside(places, people=batch)
                    swap(run, people=batch, force=False)
                    run.people += len(batch)
        return run


def refresh_all(*, at: datetime, force: bool = False) -> Refresh | None:
    """Read everybody again. Returns the run, or None where another refresh is at work.

    `force`: accept that a table shrinks by more than a tenth.
    """
    with alone() as free:
        if not free:
            return None
        run = Refresh.objects.create(scope=Refresh.Scope.ALL, started_at=at)
        with accounted(run), transaction.atomic():
            with connection.cursor() as cursor:
                # Sorting a million events and comparing two million rows wants room.
                cursor.execute("SET LOCAL work_mem = '256MB'")
            waiting = list(Touched.objects.values_list("person_id", "since"))
            run.people = write_beside(all_places(), people=None)
            swap(run, people=None, force=force)
            take_off(waiting)
        return run


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
def alone() -> Iterator[bool]:
    """Whether this process may refresh now. The lock goes with the connection, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (free,) = cursor.fetchone() or (False,)
        try:
            yield free
        finally:
            if free and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


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


def take_touched() -> list[int]:
    """Take some people off the list, in this transaction. Those being edited now can wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM insights_touched WHERE person_id IN (
                SELECT person_id FROM insights_touched ORDER BY since
                LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING person_id
            """,
            [PEOPLE_AT_ONCE],
        )
        return [person for (person,) in cursor.fetchall()]


def take_off(waiting: list[tuple[int, datetime]]) -> None:
    """Take off the list who stood on it before the facts were read, unless touched again since.

    At the end, so that a curator who changes one of them does not wait for the whole run.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM insights_touched AS touched
            USING unnest(%s::bigint[], %s::timestamptz[]) AS seen (person_id, since)
            WHERE (touched.person_id, touched.since) = (seen.person_id, seen.since)
            """,
            [[person for person, _ in waiting], [since for _, since in waiting]],
        )


def write_beside(places: dict[int, Place], *, people: list[int] | None) -> int:
    """Compute the rows of the people (None: everybody) into temporary tables.

    Returns how many people have any. Memory does not grow with the record: facts stream in
    and rows stream out.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"CREATE TEMPORARY TABLE new_{table} (LIKE {table}) ON COMMIT DROP"
            )
            cursor.execute(f"ALTER TABLE new_{table} ALTER COLUMN id DROP NOT NULL")
        # Two copies cannot run on one connection at once: moves wait in a spool of rows.
        counted = 0
        for batch in batches(places, people):
            counted += len(batch)
            for place, (table, columns) in enumerate(TABLES.items()):
                names = ", ".join(columns)
                with cursor.copy(f"COPY new_{table} ({names}) FROM STDIN") as copy:
                    for rows in batch:
                        for row in rows[place]:
                            copy.write_row(row)
        return counted


def batches(
    places: dict[int, Place], people: list[int] | None
) -> Iterator[list[tuple[list[Row], list[Row]]]]:
    batch: list[tuple[list[Row], list[Row]]] = []
    for person, facts in facts_by_person(places, people=people):
        batch.append(rows_of(person, facts))
        if len(batch) == PEOPLE_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def swap(run: Refresh, *, people: list[int] | None, force: bool) -> None:
    """Make the tables hold the rows beside them: in this transaction, touching what differs."""
    for table, columns in TABLES.items():
        whose = "" if people is None else "old.person_id = ANY(%(people)s) AND"
        parameters = {"people": people}
        names = ", ".join(columns)
        olds, news = (
            ", ".join(f"{side}.{c}" for c in columns) for side in ("old", "new")
        )
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE new_{table}")
            if not force:
                refuse_to_shrink(table, people)
            cursor.execute(
                f"""
                DELETE FROM {table} AS old WHERE {whose} NOT EXISTS (
                    SELECT FROM new_{table} AS new
                    WHERE (new.person_id, new.place) = (old.person_id, old.place)
                        AND ({news}) IS NOT DISTINCT FROM ({olds})
                )
                """,
                parameters,
            )
            gone = cursor.rowcount
            cursor.execute(
                f"""
                INSERT INTO {table} ({names})
                SELECT {names} FROM new_{table} AS new WHERE NOT EXISTS (
                    SELECT FROM {table} AS old
                    WHERE (old.person_id, old.place) = (new.person_id, new.place)
                )
                """
            )
            changed = gone + cursor.rowcount
            cursor.execute(f"DROP TABLE new_{table}")
        if table == "insights_stint":
            run.stints += changed
        else:
            run.moves += changed


def refuse_to_shrink(table: str, people: list[int] | None) -> None:
    """Raise WouldShrink if the rows beside the table are fewer by more than a tenth of it."""
    with connection.cursor() as cursor:
        if people is None:
            cursor.execute(f"SELECT count(*) FROM {table}")
            (whole,) = cursor.fetchone() or (0,)
            before = whole
        else:
            # The planner's own estimate: counting a million rows for one edit would cost more
            # than the edit.
            cursor.execute(
                "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass",
                [table],
            )
            (whole,) = cursor.fetchone() or (0,)
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE person_id = ANY(%s)", [people]
            )
            (before,) = cursor.fetchone() or (0,)
        cursor.execute(f"SELECT count(*) FROM new_{table}")
        (after,) = cursor.fetchone() or (0,)
    if whole > FEW_ROWS and before - after > whole * MOST_LOSS:
        raise WouldShrink(
            f"{table} would lose {before - after} of {whole} rows. If that is right, run "
            "refresh_insights --all --force."
        )
