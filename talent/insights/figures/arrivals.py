"""Who gained and who lost: arrivals, departures and net, by company, unit, seat and time.

Definition. An arrival is a move that leads to a place, a departure one that leads away from it
(insights.moves: each real move once, however many events record it; career histories included).
A company counts with all its units; moves inside a company are neither and are counted apart.
Unit of every number: moves. Read from the tallies, so denied and withdrawn events and drafts
never count, and rumours only where the period asks for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from talent.common.partial_dates import PartialDate, Precision, add_months
from talent.insights.figures.periods import FURTHER, Period, beginning
from talent.insights.models import Move, PlaceTally, SeatTally, YearTally
from talent.registry.models import Organization
from talent.registry.models.events import units_within

# A ratio of fewer moves than this each way would say more than is known.
ENOUGH = 5
MONTHS_IN_STEP = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Flow:
    """Moves into a place and out of it; `vague` of them only may lie in the time asked for."""

    arrivals: int = 0
    departures: int = 0
    vague: int = 0

    @property
    def net(self) -> int:
        return self.arrivals - self.departures

    @property
    def volume(self) -> int:
        return self.arrivals + self.departures

    @property
    def ratio(self) -> float | None:
        """Arrivals for each departure, where both are enough to say so."""
        return ratio(self.arrivals, self.departures)


def ratio(one: int, other: int) -> float | None:
    return one / other if min(one, other) >= ENOUGH else None


# -- In one period -----------------------------------------------------------------------


def by_company(period: Period) -> dict[int, Flow]:
    """By id of the company; those without a move are not there. One query."""
    if period.is_all or period.years:
        # A vague date lies in one year as a whole: none of these only may lie there.
        counts = of_years(period).values_list("company").annotate(**IN_AND_OUT)
        return {key: Flow(*flow) for key, *flow in counts if any(flow)}
    return in_and_out(PlaceTally.objects.filter(period.of_tally()), "company", period)


def of_years(period: Period) -> QuerySet[YearTally]:
    """Of whole years, or of the whole record."""
    years = period.years or (YearTally.ALL_YEARS, YearTally.ALL_YEARS)
    return YearTally.objects.filter(period.standing, year__range=years)


# The first of all companies by moves, by net gain and by net loss; of equals, the larger first.
FIRST = """
    WITH flows AS MATERIALIZED ({counted})
    (SELECT company, arrivals, departures FROM flows
        ORDER BY arrivals + departures DESC, company LIMIT %s)
    UNION (SELECT company, arrivals, departures FROM flows WHERE arrivals > departures
        ORDER BY arrivals - departures DESC, arrivals + departures DESC, company LIMIT %s)
    UNION (SELECT company, arrivals, departures FROM flows WHERE arrivals < departures
        ORDER BY departures - arrivals DESC, arrivals + departures DESC, company LIMIT %s)
"""


def of_first_companies(
    period: Period, *, largest: int, leaders: int
) -> dict[int, Flow]:
    """Of what `by_company` tells, the companies with the most moves and those with the largest
    net gain and loss, in no order; it does not tell which moves only may lie in the period.

    One query, which leaves the thousands of others where they are.
    """
    rows: QuerySet[Any] = (
        of_years(period)
        if period.is_all or period.years
        else PlaceTally.objects.filter(period.of_tally())
    )
    counted = rows.values("company").annotate(**IN_AND_OUT)
    sql, parameters = counted.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            FIRST.format(counted=sql), [*parameters, largest, leaders, leaders]
        )
        found = cursor.fetchall()
    return {key: Flow(*flow) for key, *flow in found if any(flow)}


def by_seat(period: Period) -> dict[str, Flow]:
    """By the seat of the very place joined or left: a unit may sit elsewhere than its company.

    Moves from a seat to the same seat are both an arrival and a departure. Two queries.
    """
    tallied = SeatTally.objects.filter(period.of_seats())
    flows: dict[str, Flow] = {}
    into, out = (
        summed(tallied.exclude((end, "")), end, period)
        for end in ("to_seat", "from_seat")
    )
    for seat in into.keys() | out.keys():
        (arrivals, some), (departures, others) = (
            into.get(seat, NONE),
            out.get(seat, NONE),
        )
        flows[seat] = Flow(arrivals, departures, some + others)
    return flows


NONE = (0, 0)


def summed(
    rows: QuerySet[SeatTally], column: str, period: Period
) -> dict[str, tuple[int, int]]:
    totals = rows.values_list(column).annotate(
        counted=Sum("moves"), vague=Sum("moves", filter=period.only_maybe())
    )
    return {key: (counted, vague or 0) for key, counted, vague in totals}


def at(organization: Organization, period: Period) -> Flow:
    """At one company, or at one unit with the units inside it. One query, for a unit some more."""
    rows = PlaceTally.objects.filter(period.of_tally(), place(organization))
    flows = in_and_out(rows, "arriving", period)
    return Flow(
        sum(flow.arrivals for flow in flows.values()),
        sum(flow.departures for flow in flows.values()),
        sum(flow.vague for flow in flows.values()),
    )


def inside(organization: Organization, period: Period) -> int:
    """Moves from one unit of its company to another, which no other number counts. One query.

    Told apart by the index: no other move has the same company at both ends.
    """
    company = organization.company_id or organization.pk
    return Move.objects.filter(
        period.of_moves(internal=True), from_company=company, to_company=company
    ).count()


IN_AND_OUT = {
    name: Coalesce(Sum("moves", filter=Q(arriving=arriving)), 0)
    for name, arriving in (("arrivals", True), ("departures", False))
}


def in_and_out(
    rows: QuerySet[PlaceTally], column: str, period: Period
) -> dict[Any, Flow]:
    totals = rows.values_list(column).annotate(
        **IN_AND_OUT, vague=Coalesce(Sum("moves", filter=period.only_maybe()), 0)
    )
    return {key: Flow(*counts) for key, *counts in totals if any(counts)}


def place(organization: Organization) -> Q:
    """On PlaceTally: a company is one indexed column, a unit some ids."""
    if organization.is_unit:
        inside = units_within(organization)
        return Q(company=organization.company_id, organization__in=inside)
    return Q(company=organization.pk)


# -- Step by step ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One month, quarter or year, and the moves whose whole date lies in it."""

    when: PartialDate
    flow: Flow


@dataclass(frozen=True, slots=True)
class Course:
    """Step after step; steps without a move are there with zeros.

    `too_vague`: moves that may lie in this time and whose date is vaguer than a step, so that
    no step counts them.
    """

    steps: tuple[Step, ...]
    too_vague: int = 0

    @property
    def flow(self) -> Flow:
        return Flow(
            sum(step.flow.arrivals for step in self.steps),
            sum(step.flow.departures for step in self.steps),
        )


def course_of(
    organization: Organization,
    *,
    first: date,
    last: date,
    step: Precision,
    rumours: bool = False,
) -> Course:
    """At a company or unit, from the step that holds `first` to the one that holds `last`.

    One query, for a unit one more for each level below it. `step` is MONTH, QUARTER or YEAR.
    """
    whole = whole_steps(first, last, step=step, rumours=rumours)
    rows = (
        PlaceTally.objects.filter(whole.of_tally(), place(organization))
        .values_list("month", "precision", "arriving")
        .annotate(counted=Sum("moves"))
    )
    return stepped(whole, step, ((*row[:3], row[3]) for row in rows))


def whole_steps(first: date, last: date, *, step: Precision, rumours: bool) -> Period:
    """The period from the beginning of the one step to the end of the other."""
    return Period(
        beginning(first, MONTHS_IN_STEP[step]),
        PartialDate(beginning(last, MONTHS_IN_STEP[step]), step).last,
        "",
        rumours,
    )


def stepped(
    whole: Period, step: Precision, rows: Iterable[tuple[date, str, bool, int]]
) -> Course:
    """From counts by month, precision and direction to steps."""
    assert whole.first is not None
    assert whole.last is not None
    counts: Counter[tuple[date, bool]] = Counter()
    too_vague = 0
    for month, precision, arriving, moves in rows:
        if FURTHER[Precision(precision)] < MONTHS_IN_STEP[step]:
            counts[beginning(month, MONTHS_IN_STEP[step]), arriving] += moves
        else:
            too_vague += moves
    return Course(
        tuple(
            Step(when, Flow(counts[when.first, True], counts[when.first, False]))
            for when in steps_between(whole.first, whole.last, step)
        ),
        too_vague,
    )


def steps_between(first: date, last: date, step: Precision) -> tuple[PartialDate, ...]:
    """Every month, quarter or year from the one that begins on `first` to the one of `last`."""
    found: list[PartialDate] = []
    day = first
    while day <= last:
        found.append(PartialDate(day, step))
        day = add_months(day, MONTHS_IN_STEP[step])
    return tuple(found)
