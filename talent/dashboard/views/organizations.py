"""One company or one unit of it: who came, who left, when, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.common.partial_dates import Precision, add_months
from talent.dashboard.caching import changes_with_record, kept_with_record
from talent.dashboard.flow_chart import flow_chart
from talent.dashboard.scale import TimeScale
from talent.dashboard.timelines import Timeline, company_timeline
from talent.insights.careers import Career, Stint, careers_of
from talent.insights.figures.flows import flows_at
from talent.registry.merging import resolve_organization
from talent.registry.models import Deal, Event, Organization, Package

SPANS = {"24": 24, "60": 60, "all": 0}
FIRST_LANES, MOST_LANES = 40, 200
ROWS_PER_SIDE = 10


@require_safe
@changes_with_record
@kept_with_record
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
    window = window_of(found, span)
    most = MOST_LANES if request.GET.get("lanes") == "all" else FIRST_LANES
    lanes = lanes_of(found, window, most=most)
    return render_page(
        request,
        "dashboard/organization.html",
        {
            "organization": found,
            "units": Organization.objects.public().filter(parent=found).by_name(),
            "span": span,
            "spans": SPANS,
            "window": window,
            "chart": flow_chart(found, flows_at(found, **window.steps())),
            "lanes": lanes,
            **newest_rows(found),
            "packages": Package.objects.public()
            .at(found)
            .with_readings()
            .newest_first()[:20],
            "deals": Deal.objects.at_company(found).with_readings(),
        },
        fragments=("organization-timeline",),
    )


@dataclass(frozen=True, slots=True)
class Window:
    """The days a company page shows."""

    first: date
    last: date

    @property
    def step(self) -> Precision:
        long = self.last.year - self.first.year > 6
        return Precision.YEAR if long else Precision.QUARTER

    def steps(self) -> dict[str, Any]:
        return {"first": self.first, "last": self.last, "step": self.step}


def window_of(organization: Organization, span: str) -> Window:
    """The last 24 or 60 months, or from the first event on record."""
    today = timezone.localdate()
    if SPANS[span]:
        return Window(add_months(today, -SPANS[span]), today)
    oldest = Event.objects.published().counted().at(organization).oldest_first().first()
    return Window(oldest.happened_on if oldest else add_months(today, -24), today)


def newest_rows(organization: Organization) -> dict[str, list[Event]]:
    """The newest arrivals and departures: what the Events page lists first for each."""
    events = Event.objects.published().news().counted().at(organization)
    rows = events.with_ends().with_packages().newest_first()
    return {
        "arrivals": list(rows.of_kind(Event.Kind.HIRE)[:ROWS_PER_SIDE]),
        "departures": list(rows.of_kind(Event.Kind.DEPARTURE)[:ROWS_PER_SIDE]),
    }


@dataclass(frozen=True, slots=True)
class Lanes:
    timeline: Timeline
    shown: int
    more: bool


def lanes_of(organization: Organization, window: Window, *, most: int) -> Lanes:
    """The people who came or left in the window, newest first up to `most`, drawn by arrival.

    Two queries, whatever the size of the company: the newest events of the window, and all
    events of the people in them.
    """
    recent = (
        Event.objects.published()
        .counted()
        .at(organization)
        .overlapping(window.first, window.last)
        .newest_first()
        .values_list("person", flat=True)[: most * 4]
    )
    people = list(dict.fromkeys(recent))
    events = Event.objects.published().of_people(people[:most]).with_ends()
    careers = careers_of(events)
    there = [
        (career, stints_at(organization, career, window)) for career in careers.values()
    ]
    drawn = sorted((lane for lane in there if lane[1]), key=arrival)
    today = timezone.localdate()
    timeline = company_timeline(
        drawn, scale=TimeScale(window.first, window.last), today=today
    )
    return Lanes(timeline, shown=len(drawn), more=len(people) > most)


def stints_at(
    organization: Organization, career: Career, window: Window
) -> list[Stint]:
    """The stints at the company, or in the unit, of which any part lies in the window."""
    company = organization.company or organization
    stints = [stint for stint in career.stints if stint.company.pk == company.pk]
    if organization.is_unit:
        stints = [stint for stint in stints if in_unit(stint, organization)]
    return [s for s in stints if s.end is None or s.end.date.last >= window.first]


def in_unit(stint: Stint, unit: Organization) -> bool:
    """Whether the stint names the unit or one inside it, as far as the loaded rows tell."""
    return any(
        unit.pk in (event.organization.pk, event.organization.parent_id)
        for event in stint.events
    )


def arrival(lane: tuple[Career, list[Stint]]) -> tuple[date, str]:
    """By the first day known of their first stint here."""
    career, stints = lane
    edge = stints[0].start or stints[0].end
    return (edge.date.first if edge else date.min), career.person.name
