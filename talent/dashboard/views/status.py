"""When the numbers were computed, what they cover, and what is missing."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.insights.coverage import coverage, freshness
from talent.insights.models import Refresh
from talent.insights.version import data_version

RUNS_SHOWN = 10


@require_safe
def status(request: HtmxHttpRequest) -> HttpResponse:
    """Not cached by the record's number: a refresh changes it while the record stands still."""
    covered = cache.get_or_set(f"coverage:{data_version()}", coverage, 24 * 60 * 60)
    return render_page(
        request,
        "dashboard/status.html",
        {
            "coverage": covered,
            "freshness": freshness(),
            "runs": Refresh.objects.order_by("-started_at", "-pk")[:RUNS_SHOWN],
        },
    )
