"""Which state of the record and of the figures made from it a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Subquery
from django.db.models.expressions import Combinable

from talent.insights.models import Refresh
from talent.registry.models import Generation

# What else pages show that changes by itself: an app above adds one value of its own.
beside: dict[str, Combinable] = {}


@dataclass(frozen=True, slots=True)
class State:
    """`version` changes with every change of the record, with every refresh and with what is
    `beside`.
    """

    version: str
    beside: dict[str, int]


def data_version() -> str:
    """Of the state of the record. One query."""
    return state_of_record().version


def state_of_record() -> State:
    """One query."""
    done = Refresh.objects.filter(outcome=Refresh.Outcome.DONE).order_by("-pk")
    state = Generation.objects.annotate(
        refreshed=Subquery(done.values("pk")[:1]), **beside
    ).first()
    if state is None:
        return State("0", dict.fromkeys(beside, 0))
    others = {name: getattr(state, name) or 0 for name in beside}
    added = "".join(f".{value}" for value in others.values())
    return State(f"{state.version}-{state.refreshed or 0}{added}", others)
