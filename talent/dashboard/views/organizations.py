"""One company or one unit of it: who came, who left, when, and for how much."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.charts import Chart
from talent.dashboard.flow_chart import SPANS, flow_chart, no_such_span, window_of
from talent.dashboard.organization_page import (
    LANES,
    MOVES_SHOWN,
    NAMES_SHOWN,
    STAYS_SHOWN,
    figures_of,
    lanes_at,
    lanes_of,
    lanes_query,
    most_lanes,
    moves_of,
    no_such_lanes,
    people_in,
)
from talent.dashboard.pay_summary import pay_at
from talent.dashboard.social_cards import Card, card, picture_of_organization
from talent.dashboard.structured_data import organization_data
from talent.insights.figures.companies import newest_moves, there
from talent.registry.merging import is_seen, resolve_organization
from talent.registry.models import Deal, Organization, Reply
from talent.registry.models.organizations import OrganizationQuerySet
from talent.registry.replies import replies_about

FLOWS, TIMELINE = "organization-flows", "organization-timeline"


@require_safe
@changes_with_record
def organization(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    span = request.GET.get("span", "24")
    if span not in SPANS:
        raise BadRequest(no_such_span(span))
    lanes = request.GET.get("lanes", "")
    if lanes not in LANES:
        raise BadRequest(no_such_lanes(lanes))
    rare = rarities()
    found = (
        Organization.objects.filter(slug=slug, merged_into=None)
        .select_related("parent", "company")
        .annotate(**rare)
        .first()
    )
    if found is None or not is_seen(found):
        moved_to, moved = resolve_organization(slug)
        if moved_to is None or not moved:
            raise Http404
        return HttpResponsePermanentRedirect(moved_to.get_absolute_url())
    part = request.htmx.target if request.htmx.target in (FLOWS, TIMELINE) else ""
    all_lanes = lanes == "all"
    has = {name for name in rare if getattr(found, name)}
    context = context_of(found, span, has=has, part=part, all_lanes=all_lanes)
    if not part:
        context["card"] = card_of(found, span, context["chart"])
        context["structured"] = organization_data(
            found,
            context["units"],
            context["present"].stints,
            context["alumni"].stints,
        )
    return render_page(
        request,
        "dashboard/organization.html",
        {"organization": found, "span": span, "spans": SPANS, **context},
        fragments=(FLOWS, TIMELINE),
    )


def rarities() -> dict[str, Exists]:
    """What few have: where there is none, the page does not wait for a query of it."""
    this = OuterRef("pk")
    return {
        "any_unit": Exists(Organization.objects.filter(parent=this)),
        "any_reply": Exists(Reply.objects.shown().filter(organization=this)),
    }


def card_of(found: Organization, span: str, chart: Chart) -> Card:
    """Always of the span that the page has by itself."""
    if span != "24":
        chart = flow_chart(found, window_of(found, "24"), span="24")
    return card("organizations", found.slug, picture_of_organization(found, chart))


def context_of(
    found: Organization, span: str, *, has: set[str], part: str, all_lanes: bool
) -> dict[str, Any]:
    """What the page shows, or the part of it that htmx asked for."""
    window = window_of(found, span)
    most = most_lanes(all_lanes)
    if part == FLOWS:
        return {"chart": flow_chart(found, window, span=span)}
    if part == TIMELINE:
        lanes = lanes_at(found, window, most=most)
        return {"lanes": lanes, "lanes_query": lanes_query(span, all_lanes)}
    newest = newest_moves(found, most=most + 1)
    people = people_in(newest, window)
    here = there(
        found,
        {*people[:most], *(move.person_id for move in newest.departures[:MOVES_SHOWN])},
        names=NAMES_SHOWN,
        stays=STAYS_SHOWN,
    )
    return {
        "units": units_of(found) if "any_unit" in has else (),
        "chart": flow_chart(found, window, span=span),
        **moves_of(newest, here),
        **figures_of(found, here),
        "pay": pay_at(found),
        "deals": Deal.objects.at_company(found).with_readings(),
        "replies": replies_about(found) if "any_reply" in has else (),
        "lanes": lanes_of(found, window, people, here.theirs, most=most),
        "lanes_query": lanes_query(span, all_lanes),
    }


def units_of(organization: Organization) -> OrganizationQuerySet:
    return Organization.objects.public().filter(parent=organization).by_name()
