"""What can be embedded: each chart, the lists, a career, a company's people, an event."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.dashboard import moves_list, stays_list
from talent.dashboard.charts import Chart, WrongQuery, makers
from talent.dashboard.corrections import corrections as correction_page
from talent.dashboard.embeds import (
    AROUND,
    ROWS,
    Embed,
    Gone,
    embed,
    fitting,
    pieces_of,
)
from talent.dashboard.embeds import makers as embed_makers
from talent.dashboard.event_row import event_row
from talent.dashboard.flow_chart import SPANS, no_such_span, window_of
from talent.dashboard.name_search import Hits, asked_for, hits_for
from talent.dashboard.organization_page import (
    LANES,
    lanes_at,
    lanes_query,
    most_lanes,
    no_such_lanes,
)
from talent.dashboard.pay_lists import loaded_deals, package_page, reason_page
from talent.dashboard.timeline_svg import timeline_grid
from talent.dashboard.timelines import person_timeline
from talent.dashboard.wave_list import listed_waves, told
from talent.insights.careers import career_of
from talent.insights.move_filter import MoveFilter
from talent.insights.pay_filter import PackageFilter, PayScope, ReasonFilter
from talent.insights.stint_filter import StintFilter
from talent.registry import paging
from talent.registry.filter_form import FilterForm
from talent.registry.filters import EventFilter
from talent.registry.models import Event, Organization, Person
from talent.registry.tombstones import is_buried
from talent.registry.wording import name_of, sentence

Form = TypeVar("Form", bound=FilterForm)
LANE_OF = "dashboard/organization.html#lane"
HIT = "components/%s_hit.html"
# About how high a row and a lane are, in pixels.
ROW, LANE = 76, 56
# The page that each chart stands on; those not named here belong to Pay.
PAGES = {
    "moves-flow": "dashboard:moves",
    "seats-gap": "dashboard:seats",
    "stays": "dashboard:stays",
    "reasons": "dashboard:pay_reasons",
}


def made_at(kind: str, name: str, query: QueryDict) -> Embed:
    """The embed of an address. Raises WrongQuery, Nowhere, Http404 or Gone."""
    maker = embed_makers.get(kind)
    if maker is None:
        raise Http404
    return maker(name, query)


@embed("charts")
def chart(name: str, query: QueryDict) -> Embed:
    maker = makers.get(name)
    if maker is None:
        raise Http404
    drawn = maker(query)
    return Embed(
        title=drawn.sentence,
        page=page_of(drawn),
        look="pieces",
        pieces=(render_to_string("embeds/chart.html", {"chart": drawn}),),
        styles=("charts.css", "pay.css"),
        height=fitting(drawn.height + AROUND),
    )


def page_of(drawn: Chart) -> str:
    asked = QueryDict(drawn.query)
    if "wave" in asked:
        return reverse("dashboard:wave", args=[asked["wave"]])
    if drawn.name == "company-flows":
        path = reverse("dashboard:organization", args=[asked["company"]])
        return f"{path}?span={asked['span']}" if "span" in asked else path
    path = reverse(PAGES.get(drawn.name, "dashboard:pay"))
    return f"{path}?{drawn.query}" if drawn.query else path


# -- Lists -------------------------------------------------------------------------------


@embed("events")
def events(name: str, query: QueryDict) -> Embed:
    if name:
        return event(name)
    filter = checked(EventFilter(query))
    found = paging.page_of(filter).events[:ROWS]
    rows = tuple(str(event_row(each)) for each in found)
    return listed("dashboard:event_list", filter, filter.description(), rows)


@embed("moves")
def moves(name: str, query: QueryDict) -> Embed:
    nothing_more(name)
    filter = checked(MoveFilter(query))
    found = moves_list.page_of(filter).rows[:ROWS]
    rows = pieces_of("components/move_row.html", found)
    return listed("dashboard:move_list", filter, filter.description(), rows)


@embed("stints")
def stints(name: str, query: QueryDict) -> Embed:
    nothing_more(name)
    filter = checked(StintFilter(query))
    found = stays_list.page_of(filter).stints[:ROWS]
    rows = pieces_of("dashboard/stint_list.html#stint", found, "stint")
    title = filter.description()
    return listed("dashboard:stint_list", filter, title, rows, look="stints")


@embed("packages")
def packages(name: str, query: QueryDict) -> Embed:
    nothing_more(name)
    filter = checked(PackageFilter(query))
    _page, found = package_page(filter, "")
    rows = pieces_of("dashboard/pay_row.html", found[:ROWS])
    title = _("Packages and offers")
    return listed("dashboard:pay_packages", filter, title, rows)


@embed("reasons")
def reasons(name: str, query: QueryDict) -> Embed:
    nothing_more(name)
    filter = checked(ReasonFilter(query))
    found, _older = reason_page(filter, "")
    rows = pieces_of("dashboard/pay_reasons.html#move-row", found[:ROWS])
    title = _("Moves by stated reason")
    return listed("dashboard:pay_reasons", filter, title, rows)


@embed("deals")
def deals(name: str, query: QueryDict) -> Embed:
    nothing_more(name)
    filter = checked(PayScope(query))
    found = loaded_deals(list(filter.deals()[:ROWS]))
    pieces = pieces_of("components/deal.html", found, "deal")
    title = _("Company deals")
    return listed("dashboard:pay_deals", filter, title, pieces, look="pieces")


@embed("corrections")
def corrections(name: str, _query: QueryDict) -> Embed:
    """The newest. Some thirty queries."""
    nothing_more(name)
    lines = correction_page().lines[:ROWS]
    return Embed(
        title=_("Corrections"),
        page=reverse("dashboard:corrections"),
        look="dated",
        pieces=pieces_of("dashboard/corrections.html#line", lines, "line"),
        height=fitting(len(lines) * ROW * 2 + AROUND),
    )


@embed("search")
def search(name: str, query: QueryDict) -> Embed:
    """Only what is named so: else any text could stand over a list of people for good."""
    nothing_more(name)
    asked = asked_for(query.get("q", ""))
    hits = hits_for(asked)
    if hits.guesses:
        hits = Hits()
    people = (
        render_to_string(HIT % "person", {"person": person, "latest": latest})
        for person, latest in hits.people
    )
    places = pieces_of(HIT % "organization", hits.organizations, "organization")
    path = reverse("dashboard:search")
    return Embed(
        title=_("“%(query)s”") % {"query": asked},
        page=f"{path}?{urlencode({'q': asked})}",
        look="hits",
        pieces=(*people, *places),
        height=fitting((len(hits.people) + len(places)) * ROW + AROUND),
    )


@embed("waves")
def waves(name: str, _query: QueryDict) -> Embed:
    nothing_more(name)
    found = [told(wave) for wave in listed_waves()[:ROWS]]
    return Embed(
        title=_("Waves"),
        page=reverse("dashboard:wave_list"),
        look="rows",
        pieces=pieces_of("dashboard/waves.html#wave", found, "each"),
        styles=("events.css",),
        height=fitting(len(found) * 2 * ROW + AROUND),
    )


def checked(filter: Form) -> Form:
    if not filter.is_valid():
        raise WrongQuery(str(next(iter(filter.errors.values()))[0]))
    return filter


def nothing_more(name: str) -> None:
    if name:
        raise Http404


def listed(
    view: str,
    filter: FilterForm,
    title: str,
    rows: tuple[str, ...],
    *,
    look: str = "rows",
) -> Embed:
    path, query = reverse(view), filter.query()
    return Embed(
        title=title,
        page=f"{path}?{query}" if query else path,
        look=look,
        pieces=rows,
        styles=("events.css", "pay.css"),
        height=fitting(len(rows) * ROW + AROUND),
    )


# -- One event, one person, one company --------------------------------------------------


def event(slug: str) -> Embed:
    events = Event.objects.published().filter(slug=slug).with_ends().with_packages()
    found = events.first()
    if found is None:
        raise Gone if is_buried(Event, slug) else Http404
    return Embed(
        title=_("%(told)s, %(day)s") % {"told": sentence(found), "day": found.date},
        page=found.get_absolute_url(),
        look="rows",
        pieces=(str(event_row(found)),),
        height=fitting(ROW + AROUND),
    )


@embed("people")
def career(slug: str, _query: QueryDict) -> Embed:
    """The career drawn to time scale. Two queries."""
    person = Person.objects.public().filter(slug=slug).first()
    if person is None:
        raise Gone if is_buried(Person, slug) else Http404
    events = Event.objects.published().of_person(person).with_ends().newest_first()
    drawn = person_timeline(
        career_of(person, events), today=timezone.localdate(), packages={}
    )
    return Embed(
        title=_("%(name)s: the career on record") % {"name": name_of(person)},
        page=person.get_absolute_url(),
        look="pieces",
        pieces=(render_to_string("dashboard/person.html#career", {"timeline": drawn}),),
        styles=("timeline.css",),
        height=fitting(len(drawn.lanes) * LANE * 2 + AROUND),
    )


@embed("timelines")
def timeline(slug: str, query: QueryDict) -> Embed:
    """Who came to a company and left it, drawn to time scale."""
    organization = (
        Organization.objects.public()
        .select_related("company")
        .filter(slug=slug)
        .first()
    )
    if organization is None:
        raise Http404
    span = query.get("span", "24")
    if span not in SPANS:
        raise WrongQuery(no_such_span(span))
    lanes = query.get("lanes", "")
    if lanes not in LANES:
        raise WrongQuery(no_such_lanes(lanes))
    all_lanes = lanes == "all"
    most = most_lanes(all_lanes)
    drawn = lanes_at(organization, window_of(organization, span), most=most).timeline
    shared = {"grid": timeline_grid(drawn), "organization": organization}
    path, chosen = organization.get_absolute_url(), lanes_query(span, all_lanes)
    return Embed(
        title=_("%(name)s: people who joined or left")
        % {"name": name_of(organization)},
        page=f"{path}?{chosen}" if chosen else path,
        look="lanes",
        head=render_to_string("embeds/lanes_head.html", {"timeline": drawn}),
        pieces=tuple(
            render_to_string(LANE_OF, {"lane": lane, **shared}) for lane in drawn.lanes
        ),
        styles=("timeline.css",),
        height=fitting(len(drawn.lanes) * LANE + AROUND),
    )
