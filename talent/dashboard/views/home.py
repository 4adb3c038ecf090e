"""The front page: what happened lately, a period in four numbers, and the records."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.home import (
    Part,
    newest_returns,
    numbers,
    remembered,
    shortest_stays,
)
from talent.dashboard.top_packages import top_packages
from talent.registry.filters import EventFilter
from talent.registry.models import Event

EVENTS_SHOWN = 20
UNITS = ("week", "month", "quarter")
NEWEST_EVENTS = "newest-events"


@require_safe
@changes_with_record
def home(request: HtmxHttpRequest) -> HttpResponse:
    choices = EventFilter(request.GET, beside=("period",))
    unit = request.GET.get("period", "month")
    if unit not in UNITS:
        choices.add_error(None, unknown_period(unit))
        unit = "month"
    context = {"choices": choices, "unit": unit}
    is_plain = choices.is_valid() and not choices.values
    if request.htmx.target == NEWEST_EVENTS:
        context |= newest(choices)
    elif is_plain:
        newest_events = Part(
            f"dashboard/home.html#{NEWEST_EVENTS}", lambda: newest(choices)
        )
        context |= remembered({"newest_events": newest_events, **records(unit)})
    else:
        context |= newest(choices) | remembered(records(unit))
    return render_page(
        request,
        "dashboard/home.html",
        context,
        fragments=(NEWEST_EVENTS,),
        status=200 if choices.is_valid() else 400,
    )


def newest(choices: EventFilter) -> dict[str, Any]:
    """The newest events that match: three queries, whatever their number."""
    found = choices.events() if choices.is_valid() else Event.objects.none()
    rows = found.with_ends().with_packages().newest_first()[:EVENTS_SHOWN]
    return {"choices": choices, "events": rows}


def records(unit: str) -> dict[str, Part]:
    """The parts that do not depend on the filter of the newest events."""
    return {
        "numbers": Part("dashboard/home_numbers.html", partial(numbers, unit), unit),
        "packages": Part("dashboard/home_packages.html", top_packages),
        "stays": Part("dashboard/home_stays.html", shortest_stays),
        "returns": Part("dashboard/home_returns.html", newest_returns),
    }


def unknown_period(unit: str) -> str:
    return _("“%(unit)s” is no period: choose week, month or quarter.") % {
        "unit": unit[:40]
    }
