"""The seats side by side: who came, who left, where to, how long they stayed, and the gap.

Definition. In and out of a seat are arrivals at and departures from places that sit there, moves
from a seat to the same seat included: they are both, and change no net. A unit has a seat of its
own. The median stay is that of all stints on record at the seat (figures.stays), whenever they
began. Units: moves, and whole months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from django.db.models import BooleanField, ExpressionWrapper, Q, Sum, Value
from django.db.models.functions import Trunc

from talent.common.partial_dates import PartialDate, Precision
from talent.insights.figures.arrivals import (
    MONTHS_IN_STEP,
    Flow,
    steps_between,
    whole_steps,
)
from talent.insights.figures.matrix import NOWHERE, Key, Matrix
from talent.insights.figures.periods import FURTHER
from talent.insights.figures.stays import MedianStay, stays_by_seat
from talent.insights.models import SeatTally
from talent.insights.stint_filter import StintFilter
from talent.registry.models.organizations import Seat


@dataclass(frozen=True, slots=True)
class SeatFlow:
    """One seat in one period. `went_to` and `came_from`: the other seats, most moves first.

    within: moves from the seat to the same seat. lost, found: of those who left and of those who
    joined, how many have no other end on record.
    """

    seat: Seat
    flow: Flow
    went_to: tuple[tuple[Seat, int], ...]
    came_from: tuple[tuple[Seat, int], ...]
    within: int
    lost: int
    found: int


def seat_flow(seat: Seat, matrix: Matrix) -> SeatFlow:
    """Read from `seat_matrix`: no query."""
    return SeatFlow(
        seat,
        Flow(matrix.into(seat), matrix.out_of(seat)),
        went_to=others_first(
            {key: matrix.count(seat, key) for key in matrix.keys}, seat
        ),
        came_from=others_first(
            {key: matrix.count(key, seat) for key in matrix.keys}, seat
        ),
        within=matrix.count(seat, seat),
        lost=matrix.count(seat, NOWHERE),
        found=matrix.count(NOWHERE, seat),
    )


def others_first(counts: Mapping[Key, int], seat: Seat) -> tuple[tuple[Seat, int], ...]:
    ranked = sorted(counts, key=lambda key: (-counts[key], str(key)))
    return tuple(
        (Seat(str(key)), counts[key]) for key in ranked if counts[key] and key != seat
    )


def median_stays() -> dict[str, MedianStay]:
    """By seat. One query over all stints, none of them left out for its date of joining."""
    every = StintFilter({})
    every.full_clean()
    return {seat: stays.median for seat, stays in stays_by_seat(every).items()}


# -- The K -------------------------------------------------------------------------------

# More quarters than this are told year by year.
MOST_QUARTERS = 40


@dataclass(frozen=True, slots=True)
class Gap:
    """Arrivals and departures of each seat, step by step, and the net gain added up.

    n: arrivals and departures counted for each seat. too_vague: moves that may lie in this time
    and are dated more vaguely than a step, so that no step counts them.
    """

    steps: tuple[PartialDate, ...]
    flows: Mapping[Seat, tuple[Flow, ...]]
    too_vague: int = 0

    def cumulated(self, seat: Seat) -> list[int]:
        return list(accumulate(flow.net for flow in self.flows[seat]))

    def n(self, seat: Seat) -> int:
        return sum(flow.volume for flow in self.flows[seat])

    def at_end(self, seat: Seat) -> int:
        return sum(flow.net for flow in self.flows[seat])


def gap_between(
    seats: tuple[Seat, ...], *, first: date, last: date, rumours: bool = False
) -> Gap:
    """From the quarter that holds `first` to the one that holds `last`, or year by year where
    those would be too many. One query.
    """
    step = Precision.QUARTER
    if (last.year - first.year) * 4 > MOST_QUARTERS:
        step = Precision.YEAR
    whole = whole_steps(first, last, step=step, rumours=rumours)
    assert whole.first is not None
    assert whole.last is not None
    exact = [
        precision for precision in FURTHER if FURTHER[precision] < MONTHS_IN_STEP[step]
    ]
    is_exact = ExpressionWrapper(Q(precision__in=exact), output_field=BooleanField())
    arriving, leaving = (
        SeatTally.objects.filter(whole.of_seats())
        .values_list(Value(end), Trunc("month", step.value), is_exact, end)
        .annotate(n=Sum("moves"))
        for end in ("to_seat", "from_seat")
    )
    into, out = Counter[tuple[date, str]](), Counter[tuple[date, str]]()
    too_vague = 0
    # Both ends apart: pairs of them would be ten times the rows.
    for end, start, drawn, seat, n in arriving.union(leaving, all=True):
        if not drawn:
            # Each move has two ends, on record or not.
            too_vague += n if end == "to_seat" else 0
        elif end == "to_seat":
            into[start, seat] += n
        else:
            out[start, seat] += n
    steps = steps_between(whole.first, whole.last, step)
    return Gap(
        steps,
        {
            seat: tuple(Flow(into[s.first, seat], out[s.first, seat]) for s in steps)
            for seat in seats
        },
        too_vague,
    )
