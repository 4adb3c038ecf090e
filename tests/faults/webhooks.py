"""Kills who tells webhooks: `python -m tests.faults webhooks --events 300 --kills 20`.

Events are published and edited while two workers plan and send, and are ended with SIGKILL at
random moments: between a commit and the planning, between a request and the mark. In the end each
endpoint must know the last state of every event. What came twice was in hand at a kill, and has
the same webhook-id. The counts come from the endpoint alone.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any

from config.development import BASE_DIR, VAR_DIR
from tests.opendata.hooks.receiver import Receiver

FAULTS_DIR = VAR_DIR / "faults"
WORKERS = 2
LEASE_SECONDS = 0.5
PATIENCE = 60.0
# Of the endpoint: most kills find a request under way.
DELAY = 0.01
LAST = "Last state"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("tests.faults webhooks", description=__doc__)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        environment = surroundings(stack)
        result = trial(
            environment,
            events=options.events,
            kills=options.kills,
            chance=Random(options.seed),
        )
    print(result)
    return 0 if result.right else 1


def surroundings(stack: ExitStack) -> dict[str, str]:
    from config.embedded.postgres import Postgres
    from config.embedded.valkey import Valkey
    from tests.bench import records

    servers = Postgres(FAULTS_DIR / "postgres"), Valkey(FAULTS_DIR / "valkey")
    for server in servers:
        stack.callback(server.release)
        print(server.hold(), file=sys.stderr)
    postgres, valkey = servers
    os.environ.update(records.environment(postgres.url, valkey.url))
    os.environ["VAR_DIR"] = str(FAULTS_DIR)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return dict(os.environ)


@dataclass
class Workers:
    """Two at a time, started again when they were killed."""

    environment: dict[str, str]
    chance: Random
    numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nursery = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.faults.sender"),
                *(str(LEASE_SECONDS), "webhooks"),
            ],
            cwd=BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _each in range(WORKERS):
            self.start()

    def start(self) -> None:
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(b"\n")
        self.nursery.stdin.flush()
        self.numbers.append(int(self.nursery.stdout.readline()))

    def kill(self) -> None:
        number = self.numbers.pop(self.chance.randrange(len(self.numbers)))
        os.kill(number, signal.SIGKILL)
        self.start()

    def end(self) -> None:
        for number in self.numbers:
            os.kill(number, signal.SIGKILL)
        self.nursery.communicate()


@dataclass(frozen=True)
class Result:
    events: int
    kills: int
    messages: int
    lost: int
    repeated: int

    @property
    def right(self) -> bool:
        """A worker has one message to each of two endpoints in hand."""
        return not self.lost and self.repeated <= 2 * self.kills


def trial(
    environment: dict[str, str], *, events: int, kills: int, chance: Random
) -> Result:
    """Everything is committed here and told there."""
    from talent.registry.models import Event
    from tests.factories import EventFactory

    receiver = Receiver(delay=DELAY)
    hooks = [active_hook(receiver, name) for name in ("one", "two")]
    workers = Workers(environment, chance)
    killed_at = sorted(chance.sample(range(2 * events), kills))
    numbers = []
    try:
        for step in range(2 * events):
            if step < events:
                numbers.append(EventFactory(published=True).pk)
            else:
                one = Event.objects.filter(pk=numbers[step - events])
                one.update(title=LAST)
            while killed_at and killed_at[0] <= step:
                time.sleep(chance.uniform(0, 0.3))
                workers.kill()
                killed_at.pop(0)
        wait_until_told(hooks)
    finally:
        workers.end()
        receiver.close()
    return result(receiver, hooks, numbers, kills)


def active_hook(receiver: Receiver, name: str) -> Any:
    from django.db import transaction
    from django.utils import timezone

    from talent.opendata.hooks import owning
    from talent.opendata.hooks.finding import read_history
    from talent.opendata.models import Hook

    url = receiver.url.replace("/hook", f"/{name}")
    now = timezone.now()
    with transaction.atomic():
        hook = owning.new_hook(
            query="", url=url, email="a@example.org", language="en", at=now
        )
        hook.state, hook.position = Hook.State.ACTIVE, read_history()
        hook.knows_since = hook.confirmed_at = now
        hook.save()
    return hook


def wait_until_told(hooks: list[Any]) -> None:
    """All that was committed is planned, and all that was planned is settled."""
    from django.db import transaction

    from talent.opendata.hooks.finding import read_history
    from talent.opendata.models import Hook, HookDelivery

    until = time.monotonic() + PATIENCE
    ours = [hook.pk for hook in hooks]
    while time.monotonic() < until:
        with transaction.atomic():
            last = read_history()
        behind = Hook.objects.filter(pk__in=ours, position__lt=last)
        if not behind.exists() and not (
            HookDelivery.objects.pending().filter(hook__in=ours).exists()
        ):
            return
        time.sleep(0.1)


def result(
    receiver: Receiver, hooks: list[Any], numbers: list[int], kills: int
) -> Result:
    """By what arrived: of each event at each endpoint, the message with the highest version."""
    newest: dict[tuple[str, int], dict[str, Any]] = {}
    ids: Counter[str] = Counter()
    for message in receiver.received:
        ids[message.id] += 1
        key = (message.path, message.data["number"])
        if key not in newest or message.data["version"] >= newest[key]["version"]:
            newest[key] = message.data
    wanted = [
        (f"/{hook.url.rsplit('/', 1)[1]}", number)
        for hook in hooks
        for number in numbers
    ]
    lost = [
        key
        for key in wanted
        if key not in newest or newest[key]["event"]["title"] != LAST
    ]
    repeated = sum(count - 1 for count in ids.values())
    return Result(
        events=len(numbers),
        kills=kills,
        messages=len(receiver.received),
        lost=len(lost),
        repeated=repeated,
    )
