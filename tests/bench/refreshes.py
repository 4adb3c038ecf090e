"""Times the refresh beside its floor: `python -m tests.bench.refreshes`.

The floor is the same stints, moves, counts and survival points by hand-written SQL, in the same
database and the same run (floor.sql). It measures on the record itself: it empties the derived
tables and fills them again, and edits events and a company and edits them back.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from talent.registry.models import Event, Organization

FLOOR = Path(__file__).with_name("floor.sql")
SECTION = re.compile(r"^-- (facts|stints|moves|counts|points)$", re.MULTILINE)
EDITS = 25


def main() -> None:
    django.setup()
    from django.db import connection

    from talent.insights.refresh import refresh_touched

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_event")
        (events,) = cursor.fetchone()
    floor, counts = the_floor()
    full = full_refreshes()
    refresh_touched(at=now())
    json.dump(
        {
            "events": events,
            "floor": floor,
            "differences": differences(counts),
            "full": full,
            "edits": edits(),
        },
        sys.stdout,
    )


def now() -> Any:
    from django.utils import timezone

    return timezone.now()


@contextmanager
def timed(into: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    into[name] = time.perf_counter() - began


# -- The floor ----------------------------------------------------------------------------


def the_floor() -> tuple[dict[str, float], dict[str, int]]:
    """Seconds of each part, and how much each table of the floor adds up to."""
    from django.db import connection, transaction

    seconds: dict[str, float] = {}
    _comment, *sections = SECTION.split(FLOOR.read_text())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        for name, sql in zip(sections[::2], sections[1::2], strict=True):
            with timed(seconds, name):
                if name == "counts":
                    count(cursor)
                else:
                    cursor.execute(sql)
        totals = sums(cursor, "floor")
        transaction.set_rollback(True)
    return seconds, totals


def count(cursor: CursorWrapper) -> None:
    from talent.insights.models.triggers import OF_MOVES, OF_STINTS

    for tallies, rows in ((OF_STINTS, "floor_stint"), (OF_MOVES, "floor_move")):
        for tally in tallies:
            table = tally.table.replace("insights", "floor")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {table} AS {tally.changes((rows, '1'))}"
            )


def sums(cursor: CursorWrapper, whose: str) -> dict[str, int]:
    """Rows of stints and moves, and what each table of counts adds up to."""
    from talent.insights.models.triggers import OF_MOVES, OF_STINTS

    wanted = {"stint": "count(*)", "move": "count(*)"}
    for tally in (*OF_STINTS, *OF_MOVES):
        wanted[tally.table.removeprefix("insights_")] = f"sum({tally.count})"
    found: dict[str, int] = {}
    for table, what in wanted.items():
        cursor.execute(f"SELECT coalesce({what}, 0)::bigint FROM {whose}_{table}")
        found[table] = cursor.fetchone()[0]
    return found


def differences(floor: dict[str, int]) -> dict[str, float]:
    """By how much the floor counts more (or less), as a share; why is told in floor.sql."""
    from django.db import connection

    with connection.cursor() as cursor:
        ours = sums(cursor, "insights")
    return {name: floor[name] / ours[name] - 1 for name in floor if ours[name]}


# -- Everybody ----------------------------------------------------------------------------


def full_refreshes() -> dict[str, float]:
    """Seconds from empty tables and with nothing changed; megabytes at the most."""
    from django.db import connection

    from talent.insights.models.triggers import OF_MOVES, OF_STINTS
    from talent.insights.refresh import TABLES, refresh_all

    tables = [*TABLES, *(tally.table for tally in (*OF_STINTS, *OF_MOVES))]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
    found: dict[str, float] = {}
    for name in ("empty", "unchanged"):
        with timed(found, name):
            refresh_all(at=now())
    with timed(found, "points"):
        survival_points()
    found["process"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found["server"] = peak_of(cursor.fetchone()[0])
    return found


def survival_points() -> None:
    """The curves of every company and seat, as pages work them out from the counts."""
    from talent.insights.figures.stays import stays_by_company, stays_by_seat
    from talent.insights.stint_filter import StintFilter

    everybody = StintFilter({})
    everybody.full_clean()
    groups = [stays_by_seat(everybody), stays_by_company(everybody, most=10**6)]
    for group in groups:
        for stays in group.values():
            _ = stays.curve


def peak_of(pid: int) -> float:
    """Megabytes of the server's process, what it shares with others included; 0: not here."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) / 1024 if peak else 0


# -- One edit -----------------------------------------------------------------------------


def edits() -> dict[str, float]:
    """Milliseconds from the edit's commit to the new numbers, at the median; of the seat of the
    largest company once there and once back.
    """
    company = largest_company()
    return {
        "person": median(edited(event) for event in some_events()),
        "at largest": median(edited(event) for event in some_events(company)),
        "rename": median(renamed(company)),
        "seat": median(reseated(company)),
    }


def median(taken: Iterator[float]) -> float:
    times = sorted(taken)
    return times[len(times) // 2] * 1000


def largest_company() -> Organization:
    from django.db.models import Count

    from talent.registry.models import Event, Organization

    counted = Event.objects.published().values("company").annotate(n=Count("pk"))
    largest = counted.order_by("-n", "company").first()
    assert largest is not None
    return Organization.objects.get(pk=largest["company"])


def some_events(company: Organization | None = None) -> Iterator[Event]:
    """Hires of many people, always the same."""
    from talent.registry.models import Event

    events = Event.objects.published().counted().filter(kind=Event.Kind.HIRE)
    if company is not None:
        events = events.filter(company=company)
    keys = list(events.order_by("pk").values_list("pk", flat=True))
    for pk in keys[:: max(1, len(keys) // EDITS)][:EDITS]:
        yield Event.objects.get(pk=pk)


def refreshed_after(change: Callable[[], object]) -> float:
    from talent.insights.refresh import refresh_touched

    change()
    began = time.perf_counter()
    refresh_touched(at=now())
    return time.perf_counter() - began


def edited(event: Event) -> float:
    """A founder more and then less: the new stint, the new move and all their counts."""
    from talent.registry.models import Event

    same = Event.objects.filter(pk=event.pk)
    took = refreshed_after(lambda: same.update(founder=not event.founder))
    refreshed_after(lambda: same.update(founder=event.founder))
    return took


def renamed(company: Organization) -> Iterator[float]:
    from talent.registry.models import Organization

    same = Organization.objects.filter(pk=company.pk)
    for name in (f"{company.name} renamed", company.name):
        yield refreshed_after(lambda name=name: same.update(name=name))


def reseated(company: Organization) -> Iterator[float]:
    from talent.registry.models import Organization
    from talent.registry.models.organizations import Seat

    same = Organization.objects.filter(pk=company.pk)
    other = next(seat for seat in Seat if seat != company.seat)
    for seat in (other, company.seat):
        yield refreshed_after(lambda seat=seat: same.update(seat=seat))


if __name__ == "__main__":
    main()
