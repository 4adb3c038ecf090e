"""One company or one unit of it: who came, who left, when, and for how much."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.flow_chart import SPANS, flow_chart, window_of
from talent.dashboard.organization_page import (
    MOVES_SHOWN,
    NAMES_SHOWN,
    STAYS_SHOWN,
    figures_of,
    lanes_of,
    moves_of,
    people_in,
)
from talent.dashboard.pay_summary import pay_at
from talent.insights.figures.companies import newest_moves, there
from talent.registry.merging import resolve_organization
from talent.registry.models import Deal, Organization
from talent.registry.replies import replies_about

FIRST_LANES, MOST_LANES = 24, 200
FLOWS, TIMELINE = "organization-flows", "organization-timeline"


@require_safe
@changes_with_record
def organization(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    span = request.GET.get("span", "24")
    if span not in SPANS:
        raise BadRequest(
            _("“%(span)s” is no span we draw: choose 24, 60 or all.")
            % {"span": span[:40]}
        )
    found = (
        Organization.objects.public()
        .filter(slug=slug)
        .select_related("parent", "company")
        .first()
    )
    if found is None:
        moved_to, moved = resolve_organization(slug)
        if moved_to is None or not moved:
            raise Http404
        return HttpResponsePermanentRedirect(moved_to.get_absolute_url())
    part = request.htmx.target if request.htmx.target in (FLOWS, TIMELINE) else ""
    all_lanes = request.GET.get("lanes") == "all"
    return render_page(
        request,
        "dashboard/organization.html",
        {
            "organization": found,
            "span": span,
            "spans": SPANS,
            **context_of(found, span, part=part, all_lanes=all_lanes),
        },
        fragments=(FLOWS, TIMELINE),
    )


def context_of(
    found: Organization, span: str, *, part: str, all_lanes: bool
) -> dict[str, Any]:
    """What the page shows, or the part of it that htmx asked for."""
    window = window_of(found, span)
    most = MOST_LANES if all_lanes else FIRST_LANES
    if part == FLOWS:
        return {"chart": flow_chart(found, window, span=span)}
    newest = newest_moves(found, most=most + 1)
    people = people_in(newest, window)
    here = there(
        found,
        {*people[:most], *(move.person_id for move in newest.departures[:MOVES_SHOWN])},
        names=NAMES_SHOWN,
        stays=STAYS_SHOWN,
    )
    lanes = lanes_of(found, window, people, here, most=most)
    if part == TIMELINE:
        return {"lanes": lanes}
    return {
        "units": Organization.objects.public().filter(parent=found).by_name(),
        "chart": flow_chart(found, window, span=span),
        **moves_of(newest, here),
        **figures_of(found, here),
        "pay": pay_at(found),
        "deals": Deal.objects.at_company(found).with_readings(),
        "replies": replies_about(found),
        "lanes": lanes,
    }
