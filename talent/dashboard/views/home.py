"""The front page: what happened lately, a period in four numbers, and the records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record, version_of
from talent.dashboard.home import (
    Part,
    net_leaders,
    newest_returns,
    numbers,
    remembered,
    shortest_stays,
)
from talent.dashboard.pay_summary import biggest_packages
from talent.dashboard.structured_data import site_data
from talent.registry.event_rows import complete, event_rows
from talent.registry.filters import EventFilter
from talent.registry.models import Event

EVENTS_SHOWN = 20
UNITS = {"week": lazy("Week"), "month": lazy("Month"), "quarter": lazy("Quarter")}
NEWEST_EVENTS = "newest-events"


@require_safe
@changes_with_record
def home(request: HtmxHttpRequest) -> HttpResponse:
    choices = EventFilter(request.GET, beside=("period",))
    unit = request.GET.get("period", "month")
    if unit not in UNITS:
        choices.add_error(None, unknown_period(unit))
        unit = "month"
    alone = request.htmx.target == NEWEST_EVENTS
    context = {
        "choices": choices,
        "unit": unit,
        "periods": period_links(choices, unit),
        # The list is replaced by itself: the links beside it must follow its filter.
        "alone": alone,
        "structured": site_data(),
    }
    is_plain = choices.is_valid() and not choices.values
    if alone:
        context |= newest(choices)
    elif is_plain:
        newest_events = Part(
            f"dashboard/home.html#{NEWEST_EVENTS}", lambda: newest(choices)
        )
        context |= remembered(
            {"newest_events": newest_events, **records(unit)},
            version=version_of(request),
        )
    else:
        context |= newest(choices) | remembered(
            records(unit), version=version_of(request)
        )
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
    events = event_rows(found.newest_first()[:EVENTS_SHOWN])
    complete(events)
    return {"choices": choices, "events": events}


def records(unit: str) -> dict[str, Part]:
    """The parts that do not depend on the filter of the newest events."""
    return {
        "numbers": Part("dashboard/home_numbers.html", partial(numbers, unit), unit),
        "leaders": Part("dashboard/home_leaders.html", net_leaders),
        "packages": Part("dashboard/home_packages.html", biggest_packages),
        "stays": Part("dashboard/home_stays.html", shortest_stays),
        "returns": Part("dashboard/home_returns.html", newest_returns),
    }


@dataclass(frozen=True, slots=True)
class PeriodLink:
    label: str
    url: str
    chosen: bool


def period_links(choices: EventFilter, unit: str) -> list[PeriodLink]:
    """The same page for each period, its list filtered as it is now."""
    kept = choices.values if choices.is_valid() else {}
    links = []
    for name, label in UNITS.items():
        query = urlencode(kept if name == "month" else {**kept, "period": name})
        path = reverse("dashboard:home")
        url = f"{path}?{query}" if query else path
        links.append(PeriodLink(str(label), url, chosen=name == unit))
    return links


def unknown_period(unit: str) -> str:
    return _("“%(unit)s” is no period: choose week, month or quarter.") % {
        "unit": unit[:40]
    }
