"""Which state of the record and of the figures made from it a page shows."""

from __future__ import annotations

from django.db.models import Subquery
from django.db.models.expressions import Combinable

from talent.insights.models import Refresh
from talent.registry.models import Generation

# What else pages show that changes by itself: an app above adds one value of its own.
beside: dict[str, Combinable] = {}


def data_version() -> str:
    """Changes with every change of the record, with every refresh and with what is `beside`. One
    query.
    """
    done = Refresh.objects.filter(outcome=Refresh.Outcome.DONE).order_by("-pk")
    state = Generation.objects.annotate(
        refreshed=Subquery(done.values("pk")[:1]), **beside
    ).first()
    if state is None:
        return "0"
    others = "".join(f".{getattr(state, name) or 0}" for name in beside)
    return f"{state.version}-{state.refreshed or 0}{others}"
