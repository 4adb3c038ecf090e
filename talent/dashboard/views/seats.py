"""The six seats of the essay side by side, and the gap that opens between them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.moves_choice import SeatsChoice
from talent.dashboard.moves_figures import listed
from talent.dashboard.pay_summary import pay_of_seats
from talent.dashboard.seats_chart import chart_of
from talent.dashboard.seats_figures import Rows, numbers_of, row_of
from talent.dashboard.social import canonical
from talent.insights.figures.matrix import BESIDE, ESSAY


@require_safe
@changes_with_record
def seats(request: HtmxHttpRequest) -> HttpResponse:
    choice = SeatsChoice(request.GET)
    here = reverse("dashboard:seats")
    context: dict[str, Any] = {
        "choice": choice,
        "here": here,
        "canonical": canonical(here, choice),
    }
    if choice.is_valid() and choice.span is not None:
        context |= figures(choice)
    status = 200 if choice.is_valid() else 400
    return render_page(request, "dashboard/seats.html", context, status=status)


def figures(choice: SeatsChoice) -> dict[str, Any]:
    numbers, period = numbers_of(choice), choice.time
    rows, pay = Rows(period), pay_of_seats()
    six, others = (
        [row_of(seat, numbers, pay, rows) for seat in seats]
        for seats in (ESSAY, BESIDE)
    )
    return {
        "period": period,
        "total": numbers.matrix.total,
        "all_url": listed(period.rows()),
        "vague": numbers.matrix.vague,
        "vague_url": listed(period.rows(vague="only")),
        "six": six,
        "groups": (
            six,
            [row for row in others if row.told.flow.volume or row.stay or row.pay],
        ),
        "chart": chart_of(choice, numbers.gap),
    }
