"""Who gained most and who lost most in a period, and where one company's people come and go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Aggregate, Case, Count, Q, QuerySet, Sum, When

from talent.insights.figures.arrivals import Flow, at, by_company
from talent.insights.figures.periods import Period
from talent.insights.last_months import last_months
from talent.insights.models import Move, PairTally
from talent.insights.move_filter import UNKNOWN, came_from, went_to
from talent.registry.event_rows import named_places
from talent.registry.models import Organization

ALL = Period()


@dataclass(frozen=True, slots=True)
class Leader:
    """A company, its moves in the period, and the query strings that list them."""

    company: Organization
    flow: Flow
    arrivals_query: str
    departures_query: str

    @property
    def loss(self) -> int:
        return -self.flow.net


class Leaders(NamedTuple):
    gainers: list[Leader]
    losers: list[Leader]


def net_leaders(
    period: Period, *, n: int = 5, flows: Mapping[int, Flow] | None = None
) -> Leaders:
    """The companies with the largest net gain and the largest net loss, moves of all their units
    together. Two queries, or one where `flows` brings `by_company(period)` along.
    """
    flows = by_company(period) if flows is None else flows
    up, down = ranked(flows, n=n)
    companies = Organization.objects.in_bulk([*up, *down])
    gainers, losers = (
        [leader(companies[pk], flows[pk], period) for pk in side] for side in (up, down)
    )
    return Leaders(gainers, losers)


def leaders_of_last_months(*, today: date, n: int) -> tuple[Period | None, Leaders]:
    """The newest twelve months on record and their leaders: two queries, unless a month began
    since the last refresh. None for an empty record.
    """
    period, is_counted = last_months(today=today)
    if period is None:
        return None, Leaders([], [])
    if not is_counted:
        return period, net_leaders(period, n=n)
    sides = Leaders([], [])
    for company in Organization.objects.raw(OF_LAST_MONTHS, {"n": n}):
        flow = Flow(company.arrivals, company.departures)  # type: ignore[attr-defined]  # by raw
        side = sides.gainers if flow.net > 0 else sides.losers
        side.append(leader(company, flow, period))
    return period, sides


# Both ends of one order, counted once and with the names: the query language would count twice.
# Of equals the larger first, as in `ranked`.
OF_LAST_MONTHS = """
    WITH flow AS (
        SELECT company_id, coalesce(sum(moves) FILTER (WHERE arriving), 0) AS arrivals,
            coalesce(sum(moves) FILTER (WHERE NOT arriving), 0) AS departures
        FROM insights_lasttally GROUP BY company_id
    ), ranked AS (
        (SELECT * FROM flow WHERE arrivals > departures
        ORDER BY departures - arrivals, - departures - arrivals, company_id LIMIT %(n)s)
        UNION ALL
        (SELECT * FROM flow WHERE arrivals < departures
        ORDER BY arrivals - departures, - departures - arrivals, company_id LIMIT %(n)s)
    )
    SELECT company.id, slug, name, name_zh, arrivals, departures
    FROM ranked JOIN registry_organization AS company ON company.id = ranked.company_id
    ORDER BY - abs(arrivals - departures), - departures - arrivals, company.id
"""


def ranked(flows: Mapping[int, Flow], *, n: int) -> tuple[list[int], list[int]]:
    """Ids of the first n that gained and of the first n that lost; of equals, the larger first."""

    def order(sign: int) -> list[int]:
        gained = [pk for pk in flows if flows[pk].net * sign > 0]
        gained.sort(key=lambda pk: (-sign * flows[pk].net, -flows[pk].volume, pk))
        return gained[:n]

    return order(1), order(-1)


def leader(company: Organization, flow: Flow, period: Period) -> Leader:
    return Leader(
        company,
        flow,
        arrivals_query=period.rows(to=company.slug),
        departures_query=period.rows(from_=company.slug),
    )


# -- Where from, where to ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A company at the other end, or None for an end not on record: so many moves, listed there."""

    company: Organization | None
    moves: int
    query: str


@dataclass(frozen=True, slots=True)
class Places:
    """The other ends of one company's arrivals or departures, most moves first.

    total = the moves of `places` + others + unknown. `others`: companies beyond the first ones.
    """

    places: tuple[Place, ...]
    others: Place | None
    unknown: Place | None
    total: int
    query: str


def other_ends(
    organization: Organization, *, period: Period = ALL, n: int = 8
) -> tuple[Places, Places]:
    """Where those who joined the company or unit came from, the last company on record, and where
    those who left it went, the next one.

    Four queries; for a unit some more. Moves inside the company are left out.
    """
    flow = at(organization, period)
    came, went = (
        pairs_with(organization, period, other, into=into, n=n)
        for other, into in (("from_company", True), ("to_company", False))
    )
    companies = named_places(pk for side in (came, went) for pk, _moves in side.first)

    def places(near: str, far: str, total: int, pairs: Pairs) -> Places:
        def query(**choices: str) -> str:
            return period.rows(**{near: organization.slug, **choices})

        shown = tuple(
            Place(companies[pk], moves, query(**{far: companies[pk].slug}))
            for pk, moves in pairs.first
        )
        unknown = pairs.unknown
        beyond = total - unknown - sum(moves for _pk, moves in pairs.first)
        first = ",".join(sorted(companies[pk].slug for pk, _moves in pairs.first))
        return Places(
            shown,
            Place(None, beyond, query(**{f"not_{far}": first})) if beyond else None,
            Place(None, unknown, query(**{f"{far}_seat": UNKNOWN}))
            if unknown
            else None,
            total,
            query(),
        )

    return (
        places("to", "from", flow.arrivals, came),
        places("from", "to", flow.departures, went),
    )


class Pairs(NamedTuple):
    """The companies at the other end with the most moves, and the moves whose other end is not on
    record.
    """

    first: list[tuple[int, int]]
    unknown: int


def pairs_with(
    organization: Organization, period: Period, other: str, *, into: bool, n: int
) -> Pairs:
    """One query. Whole years of a company are tallied."""
    rows: QuerySet[PairTally] | QuerySet[Move]
    if (period.is_all or period.years) and not organization.is_unit:
        near = "to_company" if into else "from_company"
        rows = PairTally.objects.filter(period.standing, (near, organization.pk))
        if period.years:
            rows = rows.filter(year__range=period.years)
        amount: Aggregate = Sum("moves")
    else:
        end = went_to(organization) if into else came_from(organization)
        rows = Move.objects.filter(period.of_moves(), end)
        amount = Count("pk")
    counted = rows.values_list(other).annotate(n=amount).filter(n__gt=0)
    # What is not on record comes first, whatever its number.
    in_order = counted.order_by(
        Case(When(Q((other, None)), then=0), default=1), "-n", other
    )
    found = list(in_order[: n + 1])
    unknown = found.pop(0)[1] if found and found[0][0] is None else 0
    return Pairs(found[:n], unknown)
