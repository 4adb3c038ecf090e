"""From one person's facts to the rows of the derived tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from talent.common.partial_dates import Length, months_between
from talent.insights.careers import Course, Edge, Stint, course_of
from talent.insights.facts import Fact
from talent.insights.figures.news import COUNTED_UNITS, EXACT_ENOUGH, Period
from talent.insights.moves import Move, moves_of
from talent.registry.models import Organization

Row = tuple[Any, ...]

STINT_COLUMNS = (
    "person_id", "place", "company_id", "unit_id", "units", "first_place_id", "start_on",
    "start_precision", "end_on", "end_precision", "end_inferred", "known_until",
    "known_precision", "about", "months", "days", "at_most", "hire_id", "departure_id",
    "founder", "is_return",
)  # fmt: skip
MOVE_COLUMNS = (
    "person_id", "place", "origin_id", "destination_id", "from_company_id", "to_company_id",
    "happened_on", "precision", "internal", "inferred", "rumoured", "is_return", "founder",
    "reasons", "tellers", "hire_id", "departure_id",
)  # fmt: skip
AGAIN_COLUMNS = ("person_id", "unit", "first_on", "events")
# No two news further apart than this lie in the same quarter.
LONGEST_PERIOD = timedelta(days=91)

# The stints, the moves and the news told again of one person, in the order of the columns above.
RowsOfPerson = tuple[list[Row], list[Row], list[Row]]


def rows_of(person: int, facts: Sequence[Fact]) -> RowsOfPerson:
    """`facts`: in the order of time."""
    counted: list[Fact] = []
    rumoured: list[Fact] = []
    for fact in facts:
        (rumoured if fact.rumoured else counted).append(fact)
    course = course_of(counted)
    stints = [
        stint_row(person, place, stint) for place, stint in enumerate(course.stints)
    ]
    moves = [(move, False) for move in moves_of(course)]
    if rumoured:
        moves += [(move, True) for move in rumoured_moves(rumoured)]
    return (
        stints,
        [move_row(person, place, *move) for place, move in enumerate(moves)],
        again_rows(person, [fact for fact in counted if not fact.background]),
    )


def again_rows(person: int, news: Sequence[Fact]) -> list[Row]:
    """Of the weeks, months and quarters with more than one of these news."""
    days = [fact.date.first for fact in news]
    if not any(b - a <= LONGEST_PERIOD for a, b in pairwise(days)):
        return []
    told = Counter(
        (unit, Period.holding(unit, fact.date.first).first)
        for fact in news
        for unit in COUNTED_UNITS
        if fact.date.precision in EXACT_ENOUGH[unit]
    )
    return [(person, *period, n - 1) for period, n in sorted(told.items()) if n > 1]


def rumoured_moves(rumoured: list[Fact]) -> list[Move]:
    """What the rumours alone would make: only moves a rumour states, none inferred."""
    course: Course = course_of(rumoured)
    return [move for move in moves_of(course) if not move.inferred]


def stint_row(person: int, place: int, stint: Stint) -> Row:
    start, end, hire, unit = stint.start, stint.end, stint.hire, stint.unit
    known = stint.known
    length = known_length(stint, known.first if known else None)
    return (
        person,
        place,
        stint.company.pk,
        unit.pk if unit else None,
        units_of(stint),
        stint.first_place.pk,
        *(edge_columns(start) if start else NO_EDGE),
        *(edge_columns(end) if end else NO_EDGE),
        end is not None and end.inferred,
        *((known.first, known.precision.value) if known else NO_EDGE),
        (start is not None and start.about) or (end is not None and end.about),
        *((length.months, length.days, length.at_most) if length else NO_LENGTH),
        hire.pk if hire else None,
        stint.departure.pk if stint.departure else None,
        stint.founder,
        stint.is_return,
    )


def known_length(stint: Stint, known_until: date | None) -> Length | None:
    """How long it lasted, or of an open stint how long it had when last heard of."""
    if stint.start is None or stint.end is not None:
        return stint.length
    start = stint.start.date.middle
    until = max(known_until or start, start)
    return Length(days=(until - start).days, months=months_between(start, until))


def edge_columns(edge: Edge) -> tuple[date, str]:
    return edge.date.first, edge.date.precision.value


NO_EDGE = (None, "")
NO_LENGTH = (None, None, None)


def units_of(stint: Stint) -> list[int]:
    """Every unit the stint names, with those above it inside the company; sorted."""
    inside: set[int] = set()
    for event in stint.events:
        unit: Organization | None = event.organization
        while unit is not None and unit.parent_id is not None:
            inside.add(unit.pk)
            unit = unit.parent
    return sorted(inside) if inside else NO_IDS


def move_row(person: int, place: int, move: Move, rumoured: bool) -> Row:
    origin, destination = move.origin, move.destination
    return (
        person,
        place,
        origin.pk if origin else None,
        destination.pk if destination else None,
        (origin.company_id or origin.pk) if origin else None,
        (destination.company_id or destination.pk) if destination else None,
        move.date.first,
        move.date.precision.value,
        move.internal,
        move.inferred,
        rumoured,
        move.is_return,
        move.founder,
        *stated_at(move),
        move.hire.pk if move.hire else None,
        move.departure.pk if move.departure else None,
    )


def stated_at(move: Move) -> tuple[list[int], list[str]]:
    """The reasons stated at either event, and who states them."""
    hire, departure = move.hire, move.departure
    if not ((hire and hire.reasons) or (departure and departure.reasons)):
        return NO_IDS, NO_NAMES
    events = [event for event in (hire, departure) if event]
    return (
        sorted({reason for event in events for reason in event.reasons}),
        sorted({teller for event in events for teller in event.tellers}),
    )


NO_IDS: list[int] = []
NO_NAMES: list[str] = []
