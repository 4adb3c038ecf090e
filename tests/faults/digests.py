"""Kills digest runs: `python -m tests.faults digests --recipients 2000 --kills 20`.

Real Celery workers and two beats, on servers of their own, send a digest to every recipient over
SMTP to a sink that writes down what it takes. While they do, workers and beats are ended with
SIGKILL at random points, Redis is ended and comes back empty, PostgreSQL is restarted once in
order and once by force. In the end everybody must have the digest. Who has it twice was in hand
at a kill, and has the same Message-ID both times. The counts come from the sink alone.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from config.development import BASE_DIR, VAR_DIR
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey
from tests.bench import records

FAULTS_DIR = VAR_DIR / "faults"
WORKERS, BEATS = 2, 2
# A claim runs out after 40 seconds, and a beat looks every 20; starting takes its time.
PATIENCE = 120.0


class Wrong(Exception):
    """Somebody has no digest, or has it too often."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("tests.faults digests", description=__doc__)
    parser.add_argument("--recipients", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0.02, help="of the sink, in s")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        servers = Postgres(FAULTS_DIR / "postgres"), Valkey(FAULTS_DIR / "valkey")
        for server in servers:
            stack.callback(server.release)
            say(server.hold())
        taken, port = sink(FAULTS_DIR / "taken", stack, delay=options.delay)
        surroundings(*servers, port=port)
        subscribe(options.recipients)
        crowd = Crowd(stack, Random(options.seed))
        trial = Trial(taken, options.recipients, crowd)
        trial.run(options.kills, breakdowns(crowd, *servers))
        return trial.report(uncertain())


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# -- What is needed ------------------------------------------------------------------------


def sink(taken: Path, stack: ExitStack, *, delay: float) -> tuple[Path, int]:
    taken.parent.mkdir(parents=True, exist_ok=True)
    taken.write_bytes(b"")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sink", str(taken), "--delay", str(delay)],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
    )
    stack.callback(ended, process)
    assert process.stdout
    return taken, int(process.stdout.readline())


def ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def surroundings(postgres: Postgres, valkey: Valkey, *, port: int) -> None:
    os.environ.update(records.environment(postgres.url, valkey.url))
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    os.environ["VAR_DIR"] = str(FAULTS_DIR)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def subscribe(recipients: int) -> None:
    """Everybody is due now, and there is one piece of news for all."""
    from django.utils import timezone

    from talent.digests.models import (
        Content,
        Delivery,
        DeliverySwitch,
        Follow,
        Subscriber,
    )
    from tests.factories import EventFactory, SubscriberFactory

    for model in (Delivery, Subscriber, Content, DeliverySwitch):
        model.objects.all().delete()
    now = timezone.now()
    name = f"at-{now.timestamp():.0f}"
    EventFactory(
        published=True,
        published_at=now - timedelta(hours=26),
        slug=name,
        person__slug=name,
        organization__slug=name,
    )
    made = SubscriberFactory.build_batch(
        recipients,
        frequency="daily",
        started_at=now - timedelta(days=3),
        next_due_at=now - timedelta(hours=1),
    )
    Subscriber.objects.bulk_create(made)
    Follow.objects.bulk_create(Follow(subscriber=each) for each in made)
    Follow.objects.update(created_at=now - timedelta(days=3))


def uncertain() -> int:
    from talent.digests.models import Delivery

    return Delivery.objects.filter(uncertain=True).count()


# -- Workers and beats ---------------------------------------------------------------------


@dataclass
class Crowd:
    """Processes that are started again when they end, as a supervisor would do."""

    stack: ExitStack
    chance: Random
    commands: list[list[str]] = field(default_factory=list)
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        for number in range(WORKERS):
            name = f"--hostname=worker{number}@faults"
            self.commands.append(
                [*celery, "worker", "--concurrency=1", "--loglevel=ERROR", name]
            )
        for number in range(BEATS):
            schedule = f"--schedule={FAULTS_DIR / f'beat-{number}'}"
            self.commands.append([*celery, "beat", "--loglevel=ERROR", schedule])
        self.stack.callback(self.end)

    def tend(self) -> None:
        for number, command in enumerate(self.commands):
            process = self.processes.get(number)
            if process is None or process.poll() is not None:
                self.processes[number] = subprocess.Popen(
                    [*command, "--pidfile="],
                    cwd=BASE_DIR,
                    stderr=(FAULTS_DIR / f"log-{number}").open("ab"),
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )

    def kill_worker(self) -> None:
        self.kill(self.chance.randrange(WORKERS))

    def kill_beat(self) -> None:
        self.kill(WORKERS + self.chance.randrange(BEATS))

    def kill(self, number: int) -> None:
        """The process and its children, all at once."""
        if process := self.processes.get(number):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def end(self) -> None:
        for number, process in self.processes.items():
            if process.poll() is None:
                self.kill(number)


def breakdowns(
    crowd: Crowd, postgres: Postgres, valkey: Valkey
) -> dict[float, tuple[str, Callable[[], Any]]]:
    """What else happens, by the share of the mails sent before it."""

    def restart(server: Postgres | Valkey, how: signal.Signals) -> None:
        if process := server.process():
            process.send_signal(how)
            process.wait(30)
        server.revive()

    return {
        0.15: ("a beat was killed", crowd.kill_beat),
        0.3: ("Redis came back empty", lambda: restart(valkey, signal.SIGKILL)),
        0.45: ("PostgreSQL restarted", lambda: restart(postgres, signal.SIGINT)),
        0.6: ("Redis came back empty", lambda: restart(valkey, signal.SIGKILL)),
        0.75: ("PostgreSQL was cut off", lambda: restart(postgres, signal.SIGQUIT)),
    }


# -- The trial -----------------------------------------------------------------------------


@dataclass
class Trial:
    """`crowd` is tended; `taken` is the sink's file."""

    taken: Path
    recipients: int
    crowd: Any
    kills: int = 0
    cuts: int = 0

    def run(
        self, kills: int, others: dict[float, tuple[str, Callable[[], Any]]]
    ) -> None:
        """Kill a worker `kills` times, evenly over the mails, each at a random moment."""
        chance = self.crowd.chance
        faults = dict(others)
        for number in range(kills):
            share = (number + chance.uniform(0.2, 0.8)) / (kills + 1)
            faults[share] = ("", self.crowd.kill_worker)
        for share in sorted(faults):
            said, happen = faults[share]
            self.wait_for(int(share * self.recipients))
            time.sleep(chance.uniform(0, 0.05))
            happen()
            self.kills += not said
            self.cuts += "PostgreSQL" in said
            say(f"{len(self.arrived()):,} have it: {said or 'a worker was killed'}")
        self.wait_for(self.recipients)
        # Whoever would still repeat one has had the time to do so.
        self.wait_until(lambda: not self.pending(), PATIENCE)

    def wait_for(self, count: int) -> None:
        self.wait_until(lambda: len(self.arrived()) >= count, PATIENCE)

    def wait_until(self, true: Callable[[], bool], seconds: float) -> None:
        """Gives up where nothing has come for so long."""
        until, before = time.monotonic() + seconds, -1
        while not true():
            self.crowd.tend()
            now = len(self.arrived())
            if now != before:
                until, before = time.monotonic() + seconds, now
            if time.monotonic() > until:
                return
            time.sleep(0.05)

    def pending(self) -> int:
        from django.db import OperationalError, connection

        from talent.digests.models import Delivery

        try:
            return Delivery.objects.pending().count()
        except OperationalError:
            connection.close()
            return 1

    def arrived(self) -> dict[str, list[str]]:
        """By recipient, the Message-IDs of what the sink took."""
        found: dict[str, list[str]] = defaultdict(list)
        for line in self.taken.read_text().splitlines():
            recipient, message, _size = line.split()
            found[recipient].append(message)
        return found

    def report(self, uncertain: int) -> int:
        found = self.arrived()
        lost = self.recipients - len(found)
        repeated = sum(len(messages) - 1 for messages in found.values())
        strange = sum(len(set(messages)) > 1 for messages in found.values())
        sent = sum(map(len, found.values()))
        print(
            f"recipients {self.recipients}  sent {sent}  lost {lost}  repeated {repeated}  "
            f"with another Message-ID {strange}  kills {self.kills}  "
            f"marked uncertain {uncertain}"
        )
        # A cut database may take the mark of each connection with it.
        most = self.kills + self.cuts * WORKERS
        right = not lost and not strange and repeated <= min(most, uncertain)
        return 0 if right else 1
