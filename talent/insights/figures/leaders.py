"""Who gained most and who lost most in a period, and where one company's people come and go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Sum

from talent.insights.figures.arrivals import Flow, at, by_company
from talent.insights.figures.periods import Period
from talent.insights.models import Move, PairTally
from talent.insights.move_filter import UNKNOWN, came_from, went_to
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
    counts = [
        [
            (pk, moves)
            for pk, moves in pairs_with(organization, period, other, into=into)
            if moves
        ]
        for other, into in (("from_company", True), ("to_company", False))
    ]
    companies = Organization.objects.in_bulk(
        {pk for side in counts for pk, _ in side[:n]}
    )

    def places(near: str, far: str, total: int, known: list[tuple[int, int]]) -> Places:
        def query(**choices: str) -> str:
            return period.rows(**{near: organization.slug, **choices})

        shown = tuple(
            Place(companies[pk], moves, query(**{far: companies[pk].slug}))
            for pk, moves in known[:n]
        )
        beyond = sum(moves for _pk, moves in known[n:])
        unknown = total - sum(moves for _pk, moves in known)
        first = ",".join(sorted(companies[pk].slug for pk, _moves in known[:n]))
        return Places(
            shown,
            Place(None, beyond, query(**{f"not_{far}": first})) if beyond else None,
            Place(None, unknown, query(**{f"{far}_seat": UNKNOWN}))
            if unknown
            else None,
            total,
            query(),
        )

    came, went = counts
    return (
        places("to", "from", flow.arrivals, came),
        places("from", "to", flow.departures, went),
    )


def pairs_with(
    organization: Organization, period: Period, other: str, *, into: bool
) -> Iterable[tuple[int, int]]:
    """Companies at the other end, most moves first. Whole years of a company are tallied."""
    if (period.is_all or period.years) and not organization.is_unit:
        near = "to_company" if into else "from_company"
        known = (f"{other}__isnull", False)
        rows = PairTally.objects.filter(period.standing, (near, organization.pk), known)
        if period.years:
            rows = rows.filter(year__range=period.years)
        tallied = rows.values_list(other).annotate(n=Sum("moves"))
        return list(tallied.order_by("-n", other))
    end = went_to(organization) if into else came_from(organization)
    moves = Move.objects.filter(period.of_moves(), end).exclude((other, None))
    counted = moves.values_list(other).annotate(n=Count("pk"))
    return list(counted.order_by("-n", other))
