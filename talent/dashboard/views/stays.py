"""Stay or leave: how long groups of people stayed, over each other; and the stints one by one."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from talent.common.keyset import Nowhere
from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record, version_of
from talent.dashboard.stays_chart import draw, measured
from talent.dashboard.stays_form import StaysForm
from talent.dashboard.stays_list import Page, page_of
from talent.dashboard.stays_numbers import newest_run, remembered
from talent.dashboard.stays_tables import comparisons, side_by_side, tables
from talent.insights.figures.stays import MILESTONES, shortest_stays
from talent.insights.stint_filter import StintFilter
from talent.registry.models.organizations import Seat

SHORTEST_SHOWN = 10
PLACES = ("after", "before")


@require_safe
@changes_with_record
def stays(request: HtmxHttpRequest) -> HttpResponse:
    form = StaysForm(request.GET)
    context: dict[str, Any] = {
        "form": form,
        "years": [form["since"], form["until"]],
    }
    if not form.is_valid():
        return render_page(request, "dashboard/stays.html", context, status=400)
    if request.GET.dict() != form.values:
        # What was typed has one address, and that is the one to pass on.
        return HttpResponseRedirect(address("stays", form.query()))
    context |= {
        "typed": {letter: group.typed for letter, group in form.by_letter.items()},
        "numbers": numbers(form, run=newest_run(), version=version_of(request)),
        "canonical": f"{settings.SITE_URL}{address('stays', form.query())}",
    }
    return render_page(request, "dashboard/stays.html", context)


def numbers(form: StaysForm, *, run: int, version: str) -> str:
    """All that is below the form. Its names and colours change with the record."""
    name = f"page:{version}:{get_language()}:{form.query()}"
    made = {name: partial(rendered, form, run=run)}
    (text,) = remembered(run, made).values()
    return mark_safe(text)  # rendered by our own template, which escapes


def rendered(form: StaysForm, *, run: int) -> str:
    found = measured(form, run=run)
    first, below = found[0], tables(form, run=run)
    context = {
        "chart": draw(form, found),
        "milestones": MILESTONES,
        "sides": side_by_side(form, found),
        "comparisons": list(comparisons(found, run=run)),
        "first": first,
        "shortest": shortest_stays(SHORTEST_SHOWN, of=first.group.filter),
        "all_shortest": first.rows_url("ended=yes&start=known&sort=shortest"),
        "tables": below,
        "suggested": [*Seat.labels, *(row.name for row in below[-1].rows)],
    }
    return str(render_to_string("dashboard/stays.html#numbers", context))


def address(name: str, query: str) -> str:
    path = reverse(f"dashboard:{name}")
    return f"{path}?{query}" if query else path


@require_safe
@changes_with_record
def stint_list(request: HtmxHttpRequest) -> HttpResponse:
    filter = StintFilter(request.GET, beside=PLACES)
    context: dict[str, Any] = {"filter": filter, "chips": filter.chips()}
    if not filter.is_valid():
        return render_page(request, "dashboard/stint_list.html", context, status=400)
    here = address("stint_list", filter.query())
    context |= {"heading": filter.description(), "here": here}
    try:
        page = page_of(filter, **{name: request.GET.get(name, "") for name in PLACES})
    except Nowhere as nowhere:
        context["nowhere"] = nowhere
        return render_page(request, "dashboard/stint_list.html", context, status=400)
    counted = {f"count:{filter.query()}": filter.count}
    (total,) = remembered(newest_run(), counted).values()
    context |= {
        "page": page,
        "total": total,
        "canonical": f"{settings.SITE_URL}{here}",
        **beside(filter, page),
    }
    return render_page(request, "dashboard/stint_list.html", context)


def beside(filter: StintFilter, page: Page) -> dict[str, str]:
    """The addresses of the pages on either side."""
    query = filter.query()
    places = {"newer": ("before", page.newer), "older": ("after", page.older)}
    return {
        name: f"?{query}&{urlencode([place])}".replace("?&", "?", 1)
        for name, place in places.items()
        if place[1]
    }
