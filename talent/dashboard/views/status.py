"""When the numbers were computed, what they cover, and what is missing."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.insights.coverage import coverage, freshness
from talent.insights.models import Refresh

RUNS_SHOWN = 10


@require_safe
def status(request: HtmxHttpRequest) -> HttpResponse:
    """Not cached by the record's number: a refresh changes it while the record stands still."""
    fresh = freshness()
    return render_page(
        request,
        "dashboard/status.html",
        {
            "coverage": coverage(fresh.last_of_all),
            "freshness": fresh,
            "runs": Refresh.objects.order_by("-started_at", "-pk")[:RUNS_SHOWN],
        },
    )
