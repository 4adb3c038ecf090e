"""From where to where: moves between companies and between seats, in one period.

Definition. A cell counts the moves from the company or seat of its row to that of its column
(insights.moves: each real move once; career histories included; moves inside a company are not
there). Every move of the period is in exactly one cell: companies beyond the largest are "other
companies", an end that is not on record is a row or a column of its own. Unit: moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from talent.insights.figures.arrivals import Flow, ratio
from talent.insights.figures.periods import Period
from talent.insights.models import Move, PairTally, SeatTally
from talent.insights.move_filter import UNKNOWN, came_from, went_to
from talent.registry.models import Organization
from talent.registry.models.organizations import Seat

# Those of the essay "The cost of staying", in its order; the others stand below them.
ESSAY = (
    Seat.BIG_TECH,
    Seat.QUANT,
    Seat.ACADEMIA,
    Seat.APPLICATION_STARTUP,
    Seat.RESEARCH_STARTUP,
    Seat.FRONTIER_LAB,
)
BESIDE = tuple(seat for seat in Seat if seat not in ESSAY)
# Keys of the two ends that are no company and no seat.
OTHERS, NOWHERE = "others", "nowhere"
Key = int | str
Cells = Mapping[tuple[Key, Key], int]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by (key of the row, key of the column).

    `keys`: ids of companies, largest first, or seats; OTHERS and NOWHERE come after them where
    anything leads there. `vague`: moves whose date only may lie in the period. `returns`: moves
    back to a company left before (see `boomerangs`); `period.rows(returns="on")` lists them.
    """

    period: Period
    keys: tuple[Key, ...]
    cells: Cells
    vague: int = 0
    returns: int = 0

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    def count(self, origin: Key, destination: Key) -> int:
        return self.cells.get((origin, destination), 0)

    def out_of(self, origin: Key) -> int:
        return sum(n for (key, _to), n in self.cells.items() if key == origin)

    def into(self, destination: Key) -> int:
        return sum(n for (_from, key), n in self.cells.items() if key == destination)

    @property
    def one_sided(self) -> int:
        """Moves of which one end is not on record."""
        return sum(n for ends, n in self.cells.items() if NOWHERE in ends)

    @property
    def with_rest(self) -> tuple[Key, ...]:
        """All keys that lead anywhere."""
        used = {key for ends, n in self.cells.items() if n for key in ends}
        return (*self.keys, *(key for key in (OTHERS, NOWHERE) if key in used))

    def narrowed(self, most: int) -> Matrix:
        """With fewer companies of their own: the rest joins the others. Just as exact."""
        keys = self.keys[:most]
        kept = {*keys, NOWHERE}

        def place(key: Key) -> Key:
            return key if key in kept else OTHERS

        cells: Counter[tuple[Key, Key]] = Counter()
        for (origin, destination), n in self.cells.items():
            cells[place(origin), place(destination)] += n
        return Matrix(self.period, keys, cells, self.vague, self.returns)


# -- Seats -------------------------------------------------------------------------------


def seat_matrix(period: Period) -> Matrix:
    """Every seat, those of the essay first. One query."""
    counted = (
        SeatTally.objects.filter(period.of_seats())
        .values_list("from_seat", "to_seat")
        .annotate(
            n=Sum("moves"),
            vague=Sum("moves", filter=period.only_maybe(), default=0),
            returns=Sum("moves", filter=Q(is_return=True), default=0),
        )
    )
    cells: dict[tuple[Key, Key], int] = {}
    vague = returns = 0
    for origin, destination, n, only_maybe, back in counted:
        cells[origin or NOWHERE, destination or NOWHERE] = n
        vague += only_maybe
        returns += back
    return Matrix(period, (*ESSAY, *BESIDE), cells, vague, returns)


# -- Companies ---------------------------------------------------------------------------


def company_matrix(
    period: Period, *, flows: Mapping[int, Flow], seats: Matrix, most: int = 10
) -> Matrix:
    """The companies with the most arrivals and departures, and all others.

    `flows` are those of `by_company(period)`, or of its largest, and `seats` is
    `seat_matrix(period)`: what they count in all makes the rest exact. One query.
    """
    keys: tuple[int, ...] = tuple(
        sorted(flows, key=lambda pk: (-flows[pk].volume, pk))[:most]
    )
    cells = Counter[tuple[Key, Key]](pairs_among(period, keys))
    ends: tuple[Key, ...] = (*keys, NOWHERE)
    for key in keys:
        cells[key, OTHERS] = flows[key].departures - sum(
            cells[key, end] for end in ends
        )
        cells[OTHERS, key] = flows[key].arrivals - sum(cells[end, key] for end in ends)
    cells[NOWHERE, NOWHERE] = seats.count(NOWHERE, NOWHERE)
    cells[OTHERS, NOWHERE] = seats.into(NOWHERE) - sum(
        cells[end, NOWHERE] for end in ends
    )
    cells[NOWHERE, OTHERS] = seats.out_of(NOWHERE) - sum(
        cells[NOWHERE, end] for end in ends
    )
    cells[OTHERS, OTHERS] = seats.total - sum(cells.values())
    return Matrix(period, keys, cells, seats.vague, seats.returns)


def pairs_among(period: Period, keys: tuple[int, ...]) -> dict[tuple[Key, Key], int]:
    """Moves between any two of the companies, and between one of them and no other on record.

    One query, of three jumps into an index. Whole years are tallied.
    """
    within, gone, come = (
        pairs(period, condition)
        for condition in (
            Q(from_company__in=keys, to_company__in=keys),
            Q(from_company__in=keys, to_company=None),
            Q(from_company=None, to_company__in=keys),
        )
    )
    return {
        (origin or NOWHERE, destination or NOWHERE): n
        for origin, destination, n in within.union(gone, come, all=True)
    }


def pairs(period: Period, condition: Q) -> QuerySet[Any, Any]:
    """How many moves from which company to which."""
    ends = ("from_company", "to_company")
    if not (period.is_all or period.years):
        moves = Move.objects.filter(period.of_moves(), condition)
        return moves.values_list(*ends).annotate(n=Count("pk"))
    tallied = PairTally.objects.filter(period.standing, condition)
    if period.years:
        tallied = tallied.filter(year__range=period.years)
    return tallied.values_list(*ends).annotate(n=Sum("moves"))


# -- Rows behind a cell ------------------------------------------------------------------


def ends_in_filter(
    matrix: Matrix, slugs: Mapping[Key, str], end: str
) -> dict[Key, dict[str, str]]:
    """What says to the filter of moves that an `end` ("from" or "to") is one of the keys.

    `slugs`: the address of each company. `matrix.period.rows` with what an origin and what a
    destination say is the query string of exactly the moves of their cell.
    """
    aside = ",".join(sorted(slugs[key] for key in matrix.keys if isinstance(key, int)))
    said: dict[Key, dict[str, str]] = {
        key: {end: slugs[key]} if isinstance(key, int) else {f"{end}_seat": str(key)}
        for key in matrix.keys
    }
    said[OTHERS] = {f"not_{end}": aside}
    said[NOWHERE] = {f"{end}_seat": UNKNOWN}
    return said


# -- Head to head ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Duel:
    """Moves from one company or unit to another, and the other way round."""

    there: int
    back: int
    vague: int = 0

    @property
    def ratio(self) -> float | None:
        """Moves there for each move back, where both are enough to say so."""
        return ratio(self.there, self.back)


@dataclass(frozen=True, slots=True)
class HeadToHead:
    """Two places against one another: in the period, and year by year over the whole record."""

    one: Organization
    other: Organization
    period: Period
    duel: Duel
    years: tuple[tuple[int, Duel], ...]


def head_to_head(one: Organization, other: Organization, period: Period) -> HeadToHead:
    """Two queries; for a unit one more for each level below it. Raises ValueError for two ends
    of one company: what moves between those is inside it.
    """
    if (one.company_id or one.pk) == (other.company_id or other.pk):
        raise ValueError(f"{one.slug} and {other.slug} belong to one company")
    there, back = came_from(one) & went_to(other), came_from(other) & went_to(one)
    ever = Move.objects.filter(
        Period(rumours=period.rumours).of_moves() & (there | back)
    )
    counts = {"there": Count("pk", filter=there), "back": Count("pk", filter=back)}
    now = ever.filter(period.of_moves()).aggregate(
        **counts, vague=Count("pk", filter=period.maybe_of_moves())
    )
    years: Any = (
        ever.annotate(year=ExtractYear("happened_on"))
        .values("year")
        .annotate(**counts)
        .order_by("year")
    )
    return HeadToHead(
        one,
        other,
        period,
        Duel(**now),
        tuple((row["year"], Duel(row["there"], row["back"])) for row in years),
    )
