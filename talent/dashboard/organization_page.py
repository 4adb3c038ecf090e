"""What a company's or unit's page shows: its numbers, its newest moves, its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.dashboard.flow_chart import Window
from talent.dashboard.moves_list import Row, rows_of
from talent.dashboard.scale import TimeScale, percent
from talent.dashboard.stays_chart import retention_of
from talent.dashboard.timelines import Stay, Timeline, company_timeline
from talent.insights.figures.arrivals import inside
from talent.insights.figures.companies import (
    Newest,
    There,
    changes_of_unit,
    counts_at,
    newest_moves,
    stays_of,
)
from talent.insights.figures.leaders import Place, Places, other_ends
from talent.insights.figures.periods import Period
from talent.insights.models import Move, Stint
from talent.insights.stint_filter import StintFilter
from talent.registry.event_rows import packages
from talent.registry.merging import remembering
from talent.registry.models import Organization, Package, Person

MOVES_SHOWN, NAMES_SHOWN, STAYS_SHOWN = 8, 12, 5
FIRST_LANES, MOST_LANES = 24, 200
# What an address may ask for: the first lanes, or as many as are ever drawn.
LANES = ("", "all")
# A single move does not fill the width.
LEAST_SCALE = 5


def moves_url(query: str) -> str:
    return f"{reverse('dashboard:move_list')}?{query}"


def stints_url(organization: Organization, **choices: str) -> str:
    query = StintFilter.query_string({"company": organization.slug, **choices})
    return f"{reverse('dashboard:stint_list')}?{query}"


# -- The newest moves --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A move as a line of the page: with the pay of the hire, or the stay that it ended."""

    row: Row
    package: Package | None = None
    stay: Stint | None = None


def moves_of(newest: Newest, there: There) -> dict[str, list[Line]]:
    """The first of both lists. Two queries, whatever their number."""
    into, out = newest.arrivals[:MOVES_SHOWN], newest.departures[:MOVES_SHOWN]
    hires = {move.hire_id for move in [*into, *out]} - {None}
    paid = {package.event_id: package for package in packages().filter(event__in=hires)}
    return {
        "arrivals": [Line(row, paid.get(row.move.hire_id)) for row in rows_of(into)],
        "departures": [
            Line(row, paid.get(row.move.hire_id), ended_by(row.move, there.theirs))
            for row in rows_of(out)
        ],
    }


def ended_by(move: Move, stints: Iterable[Stint]) -> Stint | None:
    """The stint that the move ended, if the two are told of together."""
    theirs = [stint for stint in stints if stint.person_id == move.person_id]
    for stint in theirs:
        if stint.departure_id and stint.departure_id == move.departure_id:
            return stint
    return next((s for s in theirs if s.end_on == move.happened_on), None)


# -- Where from, where to ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class End:
    """A company at the other end, others together, or ends not on record; with its bar."""

    place: Place
    look: str
    url: str
    width: str


@dataclass(frozen=True, slots=True)
class Ends:
    total: int
    url: str
    ends: tuple[End, ...]


def ends_of(places: Places) -> Ends:
    named = [(place, "company") for place in places.places]
    rest = [(places.others, "others"), (places.unknown, "unknown")]
    shown = [*named, *((place, look) for place, look in rest if place is not None)]
    most = max((place.moves for place, _look in named), default=0)
    scale = 100 / max(most, LEAST_SCALE)
    return Ends(
        places.total,
        moves_url(places.query),
        tuple(
            End(
                place,
                look,
                moves_url(place.query),
                percent(min(place.moves * scale, 100)),
            )
            for place, look in shown
        ),
    )


# -- All that is below the chart ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """The first stints of a list and how many it has."""

    stints: list[Stint]
    total: int
    url: str


def figures_of(organization: Organization, there: There) -> dict[str, Any]:
    """A constant number of queries, for a unit one more for each level below it."""
    counts = counts_at(organization)
    with remembering({(Organization, organization.slug): (organization, False)}):
        retention = retention_of(organization)
    came, went = other_ends(organization)
    return {
        "came_from": ends_of(came),
        "went_to": ends_of(went),
        "net": came.total - went.total,
        "loss": went.total - came.total,
        "inside": None if organization.is_unit else inside(organization, Period()),
        "inside_url": moves_url(f"company={organization.slug}&internal=only"),
        "present": Names(
            there.present,
            counts.last_known,
            stints_url(organization, ended="no"),
        ),
        "alumni": Names(
            there.alumni,
            counts.ended,
            stints_url(organization, ended="yes"),
        ),
        "returns": Names(
            there.returns,
            counts.returns,
            stints_url(organization, returns="on"),
        ),
        "shortest": there.shortest,
        "shortest_url": stints_url(organization, ended="yes", sort="shortest"),
        "retention": retention,
    }


# -- The timeline ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lanes:
    timeline: Timeline
    shown: int
    more: bool


def lanes_at(organization: Organization, window: Window, *, most: int) -> Lanes:
    """The timeline by itself."""
    people = people_in(newest_moves(organization, most=most + 1), window)
    return lanes_of(
        organization, window, people, stays_of(organization, people[:most]), most=most
    )


def no_such_lanes(lanes: str) -> str:
    text = _("“%(lanes)s” is no choice of lanes: leave it away, or choose all.")
    return text % {"lanes": lanes[:40]}


def lanes_query(span: str, all_lanes: bool) -> str:
    """As the address of the page says it: nothing of what it has by itself."""
    chosen = {"span": "" if span == "24" else span, "lanes": "all" if all_lanes else ""}
    return urlencode({name: value for name, value in chosen.items() if value})


def most_lanes(all_lanes: bool) -> int:
    return MOST_LANES if all_lanes else FIRST_LANES


def people_in(newest: Newest, window: Window) -> list[int]:
    """Who came or left in the window, the last ones first."""
    moves = [move for side in newest for move in side if in_window(move, window)]
    moves.sort(key=lambda move: (-move.recency, -move.pk))
    return list(dict.fromkeys(move.person_id for move in moves))


def lanes_of(
    organization: Organization,
    window: Window,
    people: list[int],
    stints: Iterable[Stint],
    *,
    most: int,
) -> Lanes:
    """The first `most` of these people with their stints here, drawn by arrival. One query."""
    shown = set(people[:most])
    changes = changes_of_unit(organization, shown)
    lanes: defaultdict[Person, list[Stay]] = defaultdict(list)
    for stint in stints:
        if stint.person_id in shown and not is_over_before(stint, window.first):
            days = changes.get(stint.person_id, [])
            within = [day for day in days if contains(stint, day)]
            lanes[stint.person].append(Stay.stored(stint, changes_of_unit=within))
    timeline = company_timeline(
        sorted(lanes.items(), key=arrival),
        scale=TimeScale(window.first, window.last),
        today=timezone.localdate(),
    )
    return Lanes(timeline, shown=len(lanes), more=len(people) > most)


def is_over_before(stint: Stint, day: date) -> bool:
    return stint.end is not None and stint.end.last < day


def in_window(move: Move, window: Window) -> bool:
    return move.date.last >= window.first and move.date.first <= window.last


def contains(stint: Stint, day: date) -> bool:
    starts, ends = stint.start, stint.end
    return (starts is None or starts.first < day) and (ends is None or day <= ends.last)


def arrival(lane: tuple[Person, list[Stay]]) -> tuple[date, str]:
    """By the first day known of their first stay here."""
    person, stays = lane
    edge = stays[0].start or stays[0].end
    return (edge.first if edge else date.min), person.name
