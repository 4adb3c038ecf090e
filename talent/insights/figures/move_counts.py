"""How many moves a list has, from the tallies where they tell them apart.

Exact either way: what no tally tells apart is counted row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from talent.common.date_ranks import across
from talent.insights.figures.arrivals import place
from talent.insights.figures.periods import Period
from talent.insights.models import Move, PlaceTally, SeatTally
from talent.insights.move_filter import ROUGHLY, MoveFilter, of_tallies

# What the tally by seats knows of a move, and what a tally by place does not.
PLACES = ("company", "origin", "destination")
ASIDE = ("person", "not_from", "not_to")
BEYOND_PLACES = ("seat", "from_seat", "to_seat", "returns", "founders", "internal")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many moves the list has, and how many of them only may lie in its time."""

    total: int
    vague: int


def counts_of(filter: MoveFilter) -> Counts:
    """For a valid filter. One query; for a unit one more for each level below it."""
    rows = tallied(filter)
    if rows is None:
        return row_by_row(filter.moves(), filter)
    period = period_of(filter)
    assert period is not None
    vague, dated = filter.cleaned_data["vague"], filter.cleaned_data["dated"]
    if dated:
        rows = rows.filter(precision__in=ROUGHLY[dated])
    if vague == "only":
        rows = rows.filter(period.any_months(), period.only_maybe())
    else:
        rows = rows.filter(period.of_tally())
    found = rows.aggregate(
        total=Sum("moves", default=0),
        vague=Sum("moves", filter=period.only_maybe(), default=0),
    )
    return Counts(found["total"], 0 if vague == "out" else found["vague"])


def tallied(filter: MoveFilter) -> QuerySet[Any] | None:
    """The tally that tells these moves apart, without their time; None where none does."""
    chosen = filter.cleaned_data
    if any(chosen[name] for name in ASIDE) or period_of(filter) is None:
        return None
    at = [name for name in PLACES if chosen[name]]
    if not at:
        return of_seats(filter)
    if len(at) > 1 or any(chosen[name] for name in BEYOND_PLACES):
        return None
    rows = PlaceTally.objects.filter(place(chosen[at[0]]))
    return rows if at == ["company"] else rows.filter(arriving=at == ["destination"])


def of_seats(filter: MoveFilter) -> QuerySet[SeatTally]:
    chosen, found = filter.cleaned_data, filter.seats(of_tallies)
    if chosen["returns"]:
        found &= Q(is_return=True)
    if chosen["founders"]:
        found &= Q(founder=True)
    if chosen["internal"] != "on":
        found &= Q(internal=bool(chosen["internal"]))
    return SeatTally.objects.filter(found)


def period_of(filter: MoveFilter) -> Period | None:
    """The time of the filter; None where it is not made of whole months."""
    rumours = bool(filter.cleaned_data["rumours"])
    vague = "out" if filter.cleaned_data["vague"] == "out" else ""
    if filter.days is None:
        return Period(rumours=rumours)
    first, last = filter.days
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    return Period(first, last, vague, rumours) if whole else None


def row_by_row(moves: QuerySet[Move], filter: MoveFilter) -> Counts:
    maybe = across("recency", *filter.days) if filter.days else Q(pk=None)
    found = moves.aggregate(total=Count("pk"), vague=Count("pk", filter=maybe))
    return Counts(found["total"], found["vague"])
