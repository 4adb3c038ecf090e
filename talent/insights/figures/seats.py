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
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, Sum
from django.db.models.functions import Trunc

from talent.common.partial_dates import PartialDate, Precision
from talent.insights.figures.arrivals import (
    MONTHS_IN_STEP,
    Flow,
    steps_between,
    whole_steps,
)
from talent.insights.figures.matrix import BESIDE, ESSAY, NOWHERE, Key, Matrix
from talent.insights.figures.periods import FURTHER, Period
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


# From the counts by both ends and step: by both ends, and by each end and step. Both ends of each
# step would be ten times the rows.
SUMMED = """
    WITH counted AS MATERIALIZED ({counted})
    SELECT grouping(to_seat), grouping(from_seat), from_seat, to_seat, step::date, drawn,
        sum(n)::int, sum(vague)::int, sum(stepped)::int
    FROM counted
    GROUP BY GROUPING SETS ((from_seat, to_seat), (from_seat, step, drawn), (to_seat, step, drawn))
"""


def matrix_and_gap(period: Period, *, first: date, last: date) -> tuple[Matrix, Gap]:
    """Every seat in the period, as `seat_matrix` but for returns, and the gap between those of
    the essay.

    `first`, `last`: the days of the period. The gap reaches from the quarter that holds the one
    to the quarter that holds the other, or goes year by year where those would be too many, and
    counts vague dates wherever they may lie. One query.
    """
    step = Precision.QUARTER
    if (last.year - first.year) * 4 > MOST_QUARTERS:
        step = Precision.YEAR
    whole = whole_steps(first, last, step=step, rumours=period.rumours)
    cells: dict[tuple[Key, Key], int] = {}
    into, out = Counter[tuple[date, str]](), Counter[tuple[date, str]]()
    vague = too_vague = 0
    for no_to, no_from, origin, destination, start, drawn, n, some, stepped in summed(
        period, whole, step
    ):
        if not (no_to or no_from):
            if n:
                cells[origin or NOWHERE, destination or NOWHERE] = n
            vague += some
        elif not drawn:
            # Each move has two ends, on record or not.
            too_vague += stepped if no_to else 0
        elif no_to:
            out[start, origin] = stepped
        else:
            into[start, destination] = stepped
    assert whole.first is not None
    assert whole.last is not None
    steps = steps_between(whole.first, whole.last, step)
    flows = {
        seat: tuple(Flow(into[s.first, seat], out[s.first, seat]) for s in steps)
        for seat in ESSAY
    }
    matrix = Matrix(period, (*ESSAY, *BESIDE), cells, vague)
    return matrix, Gap(steps, flows, too_vague)


def summed(period: Period, whole: Period, step: Precision) -> list[tuple[Any, ...]]:
    """Rows of SUMMED. `whole`: the steps of the gap, which hold the period."""
    exact = [each for each in FURTHER if FURTHER[each] < MONTHS_IN_STEP[step]]
    # Of the whole record, some lie before the first step or after the last.
    held = period.of_seats() if period.is_all else whole.of_seats()
    stepped = whole.any_months() if period.is_all else Q()
    is_whole = (period.first, period.last, period.vague) == (
        whole.first,
        whole.last,
        "",
    )
    within = Q() if is_whole else period.of_tally()
    rows = (
        SeatTally.objects.filter(held)
        .annotate(
            step=Trunc("month", step.value),
            drawn=ExpressionWrapper(Q(precision__in=exact), BooleanField()),
        )
        .values("from_seat", "to_seat", "step", "drawn")
        .annotate(
            n=Sum("moves", filter=within, default=0),
            vague=Sum("moves", filter=within & period.only_maybe(), default=0),
            stepped=Sum("moves", filter=stepped, default=0),
        )
    )
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SUMMED.format(counted=sql), parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
