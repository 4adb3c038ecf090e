"""How the record is kept, what counts, and how to have something corrected or removed."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.registry.models.organizations import Seat


@require_safe
@changes_with_record
def about(request: HtmxHttpRequest) -> HttpResponse:
    return render_page(request, "dashboard/about.html", {"seats": Seat.choices})
