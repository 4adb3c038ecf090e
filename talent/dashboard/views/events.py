"""All events under one filter: how many there are, what narrows them further, the rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from talent.common.keyset import Nowhere
from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record, version_of
from talent.registry.facets import facets
from talent.registry.filter_words import Chip
from talent.registry.filters import EventFilter
from talent.registry.paging import Page, page_of

PLACES = ("after", "before")
OPEN = ("q", "kind", "sort", "since", "until")
# The fields behind "More filters".
MORE = (
    *("person", "company", "origin", "destination", "seat", "standing", "reason"),
    *("min", "max", "currency", "per"),
)
SWITCHES = ("vague", "origins", "returns", "rumours", "background")


@require_safe
@changes_with_record
def event_list(request: HtmxHttpRequest) -> HttpResponse:
    filter = EventFilter(request.GET, beside=PLACES)
    if not filter.is_valid():
        return answer(request, filter, {}, status=400)
    try:
        page = page_of(filter, **{name: request.GET.get(name, "") for name in PLACES})
    except Nowhere as nowhere:
        return answer(request, filter, {"nowhere": nowhere}, status=400)
    counted = facets(filter, version=version_of(request))
    found = {"page": page, "counted": counted, **addresses(filter, page)}
    if not counted.total and not page.events:
        found["wider"] = wider(filter)
    return answer(request, filter, found)


def answer(
    request: HtmxHttpRequest,
    filter: EventFilter,
    found: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    path, query = reverse("dashboard:event_list"), filter.query()
    address = f"{path}?{query}" if query else path
    alone = "" if request.htmx.history_restore_request else request.htmx.target
    response = render_page(
        request,
        "dashboard/event_list.html",
        {
            "here": path,
            "filter": filter,
            "heading": filter.description(),
            "chips": filter.chips(),
            "open": [filter[name] for name in OPEN],
            "more": [filter[name] for name in MORE],
            # Chips say what is chosen there; only what is wrong must be in sight.
            "more_open": any(filter[name].errors for name in (*MORE, *SWITCHES)),
            "switches": [filter[name] for name in SWITCHES],
            "canonical_path": address,
            "canonical": f"{settings.SITE_URL}{address}",
            # Without the page around them, parts bring its title and heading along.
            "list_alone": alone == "event-list",
            "results_alone": alone == "event-results",
            **found,
        },
        fragments=("event-list", "event-results"),
        status=status,
    )
    if alone == "event-results":
        # A form sends its empty fields too; the address shown has none of them.
        push_url(response, address)
    return response


def addresses(filter: EventFilter, page: Page) -> dict[str, str]:
    """Query strings of the pages on either side, and of the same list with more or less."""
    found = {
        "without_vague": filter.query(vague="out"),
        "with_vague": filter.query(vague=""),
        "with_rumours": filter.query(rumours="on"),
        "with_background": filter.query(background="on"),
    }
    query = filter.query()
    places = {"newer": ("before", page.newer), "older": ("after", page.older)}
    for name, place in places.items():
        if place[1]:
            found[name] = f"?{query}&{urlencode([place])}".replace("?&", "?", 1)
    return found


def wider(filter: EventFilter) -> list[Chip]:
    """Of an empty list: the choices that alone keep it empty. A few queries for each."""
    return [
        chip
        for chip in filter.chips()
        if (without := EventFilter(QueryDict(chip.query))).is_valid()
        and without.events().exists()
    ]
