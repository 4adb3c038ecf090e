from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from talent.opendata.hooks import owning, planning, sending
from talent.opendata.hooks.finding import read_history
from talent.opendata.models import Hook
from tests.factories import NOON
from tests.opendata.hooks.receiver import Receiver

Tell = Callable[..., None]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def new_hook(db: None, receiver: Receiver) -> Callable[..., Hook]:
    """An active one, as its owner has it after the ping was answered."""

    def make(query: str = "", **columns: Any) -> Hook:
        hook = owning.new_hook(
            query=query,
            url=columns.pop("url", receiver.url),
            email=columns.pop("email", "builder@example.org"),
            language="en",
            at=NOON,
        )
        hook.state, hook.position = Hook.State.ACTIVE, read_history()
        hook.confirmed_at = hook.verified_at = hook.knows_since = NOON
        for name, value in columns.items():
            setattr(hook, name, value)
        hook.save()
        return hook

    return make


@pytest.fixture
def tell(db: None, receiver: Receiver) -> Tell:
    """Plan, then send what is due when edits have been gathered."""

    def run(*, at: datetime = NOON, later: timedelta = planning.GATHERED) -> None:
        planning.plan(at=at)
        sending.send_due(clock=lambda: at + later, door=receiver.door)

    return run
