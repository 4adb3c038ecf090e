"""Which state of the record and of the figures made from it a page shows."""

from __future__ import annotations

from django.db.models import Subquery

from talent.insights.models import Refresh
from talent.registry.models import Generation


def data_version() -> str:
    """Changes with every change of the record and with every refresh. One query."""
    done = Refresh.objects.filter(outcome=Refresh.Outcome.DONE).order_by("-pk")
    state = Generation.objects.annotate(
        refreshed=Subquery(done.values("pk")[:1])
    ).first()
    return f"{state.version}-{state.refreshed or 0}" if state else "0"
