"""Kills refreshes of the numbers: `python -m tests.faults refreshes --kills 20`.

On an invented record of 10,000 events in servers of its own. Each round edits the record, starts
a real process that refreshes and ends it with SIGKILL at a random moment, empties Redis, and then
looks: the numbers are still the old ones, or already the new ones whole. One more refresh, and they
equal what the pure functions make of the record. In between, two refreshes run at once.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from hashlib import sha256
from random import Random

from config.development import BASE_DIR
from tests.bench import records

EVENTS = 10_000
EDITS = 40
# What a run is asked for, and whether it begins with empty tables.
SORTS = ((), ("--all",), ("--all", "--force"))


class Wrong(Exception):
    """The numbers are not what they must be."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("tests.faults refreshes", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        record = records.invented(EVENTS, stack, say=say)
        os.environ.update(record.environment)
        import django

        django.setup()
        finish()
        killed = trial(options.kills, Random(options.seed))
        two_at_once(record.environment)
    say(
        f"{killed} of {options.kills} refreshes were killed at work: no number was lost."
    )
    return 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# -- The trial ----------------------------------------------------------------------------


def trial(kills: int, chance: Random) -> int:
    """Returns how many of the processes were still at work when they were killed."""
    lasts = {sort: undisturbed(sort, chance) for sort in SORTS}
    killed = 0
    for number in range(kills):
        sort = SORTS[number % len(SORTS)]
        edit(chance)
        if "--force" in sort:
            empty()
        before = numbers()
        child = start(sort)
        time.sleep(chance.uniform(0.3, 1.0) * lasts[sort])
        at_work = child.poll() is None
        kill(child)
        flush_redis()
        wait_until_free()
        after = numbers()
        finish(sort)
        if after not in (before, numbers()):
            raise Wrong(f"Round {number}: the killed refresh left half of its rows.")
        killed += at_work
        state = "killed" if at_work else "done"
        say(f"round {number}: {' '.join(sort) or 'touched'}, {state}: right")
    return killed


def undisturbed(sort: tuple[str, ...], chance: Random) -> float:
    """How many seconds such a process lasts."""
    edit(chance)
    if "--force" in sort:
        empty()
    began = time.monotonic()
    if start(sort).wait():
        raise Wrong("A refresh failed that nobody disturbed.")
    return time.monotonic() - began


def two_at_once(environment: Mapping[str, str]) -> None:
    edit(Random(0))
    children = [start(("--all",), environment) for _ in range(2)]
    if any(child.wait() for child in children):
        raise Wrong("One of two refreshes at once failed.")
    finish(())
    say("two at once: right")


# -- What is done to the record and to the process ------------------------------------------


def edit(chance: Random) -> None:
    """Change some hires and a seat, and withdraw or publish some events."""
    from talent.registry.models import Event, Organization
    from talent.registry.models.organizations import Seat

    company = chance.choice(Organization.objects.order_by("pk")[:20])
    seat = chance.choice([seat for seat in Seat if seat != company.seat])
    Organization.objects.filter(pk=company.pk).update(seat=seat)

    keys = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    hires = Event.objects.filter(pk__in=chance.sample(keys, EDITS), kind="hire")
    hires.update(happened_on="2019-03-04", precision="day")
    few = Event.objects.filter(pk__in=chance.sample(keys, EDITS // 4))
    few.filter(status="withdrawn").update(status="published")
    few.exclude(pk__in=hires).update(status="withdrawn")


def empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables())}")


def flush_redis() -> None:
    from django.core.cache import cache

    cache.clear()


def start(
    arguments: tuple[str, ...], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "refresh_insights", *arguments],
        cwd=BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def kill(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait()


def wait_until_free() -> None:
    """Until the server has noticed that the process is gone, and let go of its lock."""
    from talent.common.locks import Lock, alone

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with alone(Lock.REFRESH) as free:
            if free:
                return
        time.sleep(0.05)
    raise Wrong("The lock of a killed refresh is still taken after a minute.")


# -- What the numbers are -------------------------------------------------------------------


def finish(sort: tuple[str, ...] = ("--all", "--force")) -> None:
    """The next run of its sort; one of everything leaves who was touched to the sweep.

    Raises Wrong where anything is not right.
    """
    from django.utils import timezone

    from talent.insights.refresh import refresh_all, refresh_touched

    if "--force" in sort:
        refresh_all(at=timezone.now(), force=True)
    else:
        refresh_touched(at=timezone.now())
    check()


def check() -> None:
    """The rows are those of the pure functions, and the tallies count them."""
    from django.db import connection, transaction

    from talent.insights.facts import facts_by_person
    from talent.insights.refresh import COUNTED_IN, TABLES
    from talent.insights.rows import rows_of

    with transaction.atomic(), connection.cursor() as cursor:
        made = [rows_of(*theirs) for theirs in facts_by_person()]
        for place, (table, columns) in enumerate(TABLES.items()):
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
            expected = sorted(map(str, (row for each in made for row in each[place])))
            if sorted(map(str, cursor.fetchall())) != expected:
                raise Wrong(f"{table} is not what the pure functions say.")
        for table, tallies in COUNTED_IN.items():
            for tally in tallies:
                cursor.execute(
                    f"SELECT count(*) FROM (({tally.changes((table, '1'))}) EXCEPT ALL"
                    f" SELECT {tally.key}, {tally.count} FROM {tally.table}) AS missing"
                )
                if cursor.fetchone() != (0,):
                    raise Wrong(f"{tally.table} does not count {table}.")


def numbers() -> str:
    """A print of every derived row, without its id; counts of nothing are as good as no row."""
    from django.db import connection

    from talent.insights.models.triggers import OF_MOVES, OF_STINTS
    from talent.insights.refresh import TABLES

    columns = {table: ", ".join(names) for table, names in TABLES.items()}
    columns["insights_seating"] = "organization_id, seat"
    for tally in (*OF_STINTS, *OF_MOVES):
        columns[tally.table] = f"{tally.key}, {tally.count}"
    seen = sha256()
    with connection.cursor() as cursor:
        for table, names in columns.items():
            last = names.rsplit(", ")[-1]
            none = f"WHERE {last} <> 0" if table.endswith("tally") else ""
            cursor.execute(f"SELECT {names} FROM {table} {none}")
            for row in sorted(map(str, cursor.fetchall())):
                seen.update(row.encode())
    return seen.hexdigest()


def tables() -> list[str]:
    from talent.insights.models.triggers import OF_MOVES, OF_STINTS
    from talent.insights.refresh import TABLES

    return [*TABLES, *(tally.table for tally in (*OF_STINTS, *OF_MOVES))]
