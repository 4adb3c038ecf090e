"""From stints to moves: each change of company once, although two events may record it.

Every stint with a start is entered by exactly one move, and every stint that ended is left by
exactly one. A move between two stints is both; a move with one recorded end is one-sided, and
its other end is the counterpart the event names, if it names one. Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from talent.common.partial_dates import PartialDate
from talent.insights.careers import Course, Stint
from talent.insights.facts import Fact
from talent.registry.models import Organization


@dataclass(slots=True)
class Move:
    """From one company to another, or within one if `internal`. None: not on record."""

    origin: Organization | None
    destination: Organization | None
    date: PartialDate
    departure: Fact | None = None
    hire: Fact | None = None
    # Places in Career.stints.
    left: int | None = None
    entered: int | None = None
    internal: bool = False
    is_return: bool = False
    # No event says that the one led to the other: they follow one another on record.
    inferred: bool = False

    @property
    def founder(self) -> bool:
        return self.hire is not None and self.hire.founder


def moves_of(career: Course) -> tuple[Move, ...]:
    """The moves of a career, by date."""
    links = linked(career)
    moves = [*between(career, links), *inside(career)]
    if len(moves) == 1:
        return (moves[0],)
    return tuple(sorted(moves, key=lambda move: (*move.date.order, move.entered or 0)))


@dataclass(slots=True)
class Link:
    """Which stint a hire came from, and whether an event says so."""

    left: int
    stated: bool


def linked(career: Course) -> dict[int, Link]:
    """By place of the stint entered: what a hire names first, then what a departure names, then
    the stint just before. Each ended stint leads to one other at most.
    """
    stints = career.stints
    links: dict[int, Link] = {}
    if len(stints) < 2:
        return links
    free = {i for i, stint in enumerate(stints) if stint.end is not None}

    def link(left: int, entered: int, *, stated: bool) -> None:
        links[entered] = Link(left, stated)
        free.discard(left)

    for entered, stint in enumerate(stints):
        named = stint.hire.other if stint.hire else None
        if named is not None and named.pk != stint.company.pk:
            earlier = [
                i
                for i in range(entered)
                if i in free and stints[i].company.pk == named.pk
            ]
            if earlier:
                link(earlier[-1], entered, stated=True)
    for left in sorted(free):
        departure = stints[left].departure
        named = departure.other if departure else None
        if named is not None and named.pk != stints[left].company.pk:
            later = [
                i
                for i in range(left + 1, len(stints))
                if i not in links
                and stints[i].hire
                and stints[i].company.pk == named.pk
            ]
            if later:
                link(left, later[0], stated=True)
    for entered, stint in enumerate(stints):
        before = entered - 1
        if entered in links or stint.hire is None or before not in free:
            continue
        if follows_on(stints[before], stint):
            link(before, entered, stated=False)
    return links


def follows_on(before: Stint, after: Stint) -> bool:
    """Whether nothing on record contradicts that the one led to the other."""
    if before.company.pk == after.company.pk:
        return False
    if after.hire is not None and after.hire.other is not None:
        return False
    return before.departure is None or before.departure.other is None


def between(career: Course, links: dict[int, Link]) -> Iterator[Move]:
    stints = career.stints
    announced = {hire.company.pk for hire in career.never_started}
    for entered, stint in enumerate(stints):
        if stint.hire is None:
            continue
        link = links.get(entered)
        if link:
            left = stints[link.left]
            yield Move(
                origin=last_place(left),
                destination=stint.hire.organization,
                date=stint.hire.date,
                departure=left.departure,
                hire=stint.hire,
                left=link.left,
                entered=entered,
                is_return=stint.is_return,
                inferred=not link.stated,
            )
            continue
        named = stint.hire.other
        # Nobody comes from where they never started, or from where they were all along.
        unknown = named is None or named.pk in announced or named.pk == stint.company.pk
        was_there = (
            any(s.company.pk == named.pk for s in stints[:entered]) if named else False
        )
        yield Move(
            origin=None if unknown or was_there else stint.hire.counterpart,
            destination=stint.hire.organization,
            date=stint.hire.date,
            hire=stint.hire,
            entered=entered,
            is_return=stint.is_return,
        )
    used = {link.left for link in links.values()}
    for left_at, stint in enumerate(stints):
        if stint.end is not None and left_at not in used:
            yield one_sided(stint, left_at, stints)


def one_sided(stint: Stint, left: int, stints: tuple[Stint, ...]) -> Move:
    """A departure whose other half is not on record."""
    assert stint.end is not None
    named = stint.departure.other if stint.departure else None
    # Where a later stint there is on record, that stint has its own way in.
    known = named is not None and any(
        s.company.pk == named.pk for s in stints[left + 1 :]
    )
    same = named is not None and named.pk == stint.company.pk
    return Move(
        origin=last_place(stint),
        destination=(
            stint.departure.counterpart
            if stint.departure and not known and not same
            else None
        ),
        date=stint.end.date,
        departure=stint.departure,
        left=left,
        inferred=stint.departure is None,
    )


def inside(career: Course) -> Iterator[Move]:
    """From one unit to another of the same company."""
    for place, stint in enumerate(career.stints):
        if len(stint.events) < 2:
            continue
        hires = [event for event in stint.events if event.is_hire]
        for before, after in zip(hires, hires[1:], strict=False):
            if before.organization.pk != after.organization.pk:
                yield Move(
                    origin=before.organization,
                    destination=after.organization,
                    date=after.date,
                    hire=after,
                    left=place,
                    entered=place,
                    internal=True,
                )


def last_place(stint: Stint) -> Organization:
    """The finest place known for the end of a stint."""
    return stint.unit or stint.company
