"""Who moved from where to where: the figures of a time, and the list behind every number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from talent.common.keyset import Nowhere
from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.moves_choice import MovesChoice
from talent.dashboard.moves_duel import duel_of
from talent.dashboard.moves_figures import (
    Ends,
    companies_of,
    leaders_of,
    listed,
    numbers_of,
)
from talent.dashboard.moves_flow_chart import chart_of
from talent.dashboard.moves_list import counts_of, page_of
from talent.dashboard.moves_matrix import table_of
from talent.dashboard.social import canonical
from talent.insights.move_filter import MoveFilter

PLACES = ("after", "before")
# The fields in the open; the rest wait behind "More filters".
OPEN = ("origin", "destination", "since", "until")
MORE = ("person", "company", "seat", "from_seat", "to_seat", "vague", "internal")
SWITCHES = ("returns", "founders", "rumours")


@require_safe
@changes_with_record
def moves(request: HtmxHttpRequest) -> HttpResponse:
    choice = MovesChoice(request.GET)
    here = reverse("dashboard:moves")
    context: dict[str, Any] = {
        "choice": choice,
        "here": here,
        "canonical": canonical(here, choice),
    }
    if choice.is_valid() and choice.span is not None:
        context |= figures(choice)
    status = 200 if choice.is_valid() else 400
    return render_page(request, "dashboard/moves.html", context, status=status)


def figures(choice: MovesChoice) -> dict[str, Any]:
    numbers = numbers_of(choice)
    companies = companies_of(numbers)
    period, matrix = choice.time, numbers.matrix
    gainers, losers = leaders_of(numbers, companies, period)
    ends = Ends(matrix, companies)
    return {
        "period": period,
        "total": matrix.total,
        "all_url": listed(period.rows()),
        "vague": matrix.vague,
        "vague_url": listed(period.rows(vague="only")),
        "returns": matrix.returns,
        "returns_url": listed(period.rows(returns="on")),
        "chart": chart_of(choice, ends),
        "table": table_of(ends),
        "leaders": (("arrival", gainers), ("departure", losers)),
        "list": reverse("dashboard:move_list"),
        "duel": duel_of(choice),
    }


@require_safe
@changes_with_record
def move_list(request: HtmxHttpRequest) -> HttpResponse:
    filter = MoveFilter(request.GET, beside=PLACES)
    if not filter.is_valid():
        return answer(request, filter, {}, status=400)
    try:
        page = page_of(filter, **{name: request.GET.get(name, "") for name in PLACES})
    except Nowhere as nowhere:
        return answer(request, filter, {"nowhere": nowhere}, status=400)
    found: dict[str, Any] = {"page": page, "counts": counts_of(filter)}
    for name, end, place in (
        ("newer", "before", page.newer),
        ("older", "after", page.older),
    ):
        if place:
            query, at = filter.query(), urlencode({end: place})
            found[name] = f"?{query}&{at}" if query else f"?{at}"
    return answer(request, filter, found)


def answer(
    request: HtmxHttpRequest,
    filter: MoveFilter,
    found: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    address = listed(filter.query())
    context = {
        "here": reverse("dashboard:move_list"),
        "filter": filter,
        "heading": filter.description(),
        "chips": filter.chips(),
        "open": [filter[name] for name in OPEN],
        "more": [filter[name] for name in MORE],
        "switches": [filter[name] for name in SWITCHES],
        "more_chosen": any(filter[name].data for name in (*MORE, *SWITCHES)),
        # A form of this page says nothing of them, and must not lose them.
        "carried": [
            (name, filter.values[name])
            for name in ("not_from", "not_to", "side", "dated")
            if name in filter.values
        ],
        "canonical": f"{settings.SITE_URL}{address}",
        "canonical_path": address,
        **found,
    }
    if filter.is_valid():
        context |= {
            "without_vague": filter.query(vague="out"),
            "only_vague": filter.query(vague="only"),
            "with_vague": filter.query(vague=""),
        }
    return render_page(request, "dashboard/moves_list.html", context, status=status)
