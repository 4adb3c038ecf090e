"""Net gainers and losers, and where the people of one company come from and go to."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest

from talent.insights.figures.leaders import (
    leaders_of_last_months,
    net_leaders,
    other_ends,
)
from talent.insights.figures.periods import Period
from talent.insights.models import LastMonths
from tests.factories import OrganizationFactory
from tests.insights.moves_there import filtered, move, moves, read_again, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def four():
    return [
        OrganizationFactory(name=name, slug=name.lower())
        for name in ("Acme", "Bolt", "Core", "Dawn")
    ]


def listed(query: str) -> int:
    return filtered(dict(parse_qsl(query))).moves().count()


class TestNetLeaders:
    def test_are_those_that_gained_and_lost_most(self, four):
        acme, bolt, core, dawn = four
        moves(3, acme, bolt)
        moves(1, acme, core)
        moves(1, core, dawn)
        read_again()

        gainers, losers = net_leaders(Period())

        assert [(row.company.name, row.flow.net) for row in gainers] == [
            ("Bolt", 3),
            ("Dawn", 1),
        ]
        assert [(row.company.name, row.flow.net, row.loss) for row in losers] == [
            ("Acme", -4, 4)
        ]

    def test_open_exactly_their_moves(self, four):
        acme, bolt, core, dawn = four
        moves(2, acme, bolt, "2025-08")
        move(bolt, core, "2025")
        move(acme, dawn, "2024")
        read_again()

        for row in sum(net_leaders(Period(date(2025, 8, 1), date(2025, 8, 31))), []):
            assert listed(row.arrivals_query) == row.flow.arrivals
            assert listed(row.departures_query) == row.flow.departures

    def test_are_as_many_as_asked_for_the_larger_first_among_equals(self, four):
        acme, bolt, core, dawn = four
        move(None, acme)
        moves(2, None, bolt)
        move(bolt, None)
        read_again()

        gainers, _losers = net_leaders(Period(), n=1)

        assert [row.company.name for row in gainers] == ["Bolt"]


class TestLeadersOfLastMonths:
    TODAY = date(2026, 3, 2)

    @pytest.fixture
    def year(self, four):
        """Moves in the months up to January 2026, at their edge, and before; vague dates too."""
        acme, bolt, core, dawn = four
        moves(3, acme, bolt, "2026-01")
        moves(2, acme, core, "2025-02-01")
        move(core, dawn, "2024")
        move(core, dawn, "2025")
        move(core, dawn, "2024-Q4")
        moves(5, bolt, acme, "2025-01-31")
        moves(4, bolt, acme, "2025-05-05", standing="rumoured")
        moves(4, bolt, acme, "2026-05-05")
        read_again()

    def test_are_those_of_the_period(self, year):
        period, leaders = leaders_of_last_months(today=self.TODAY, n=5)

        assert (period.first, period.last) == (date(2025, 2, 1), date(2026, 1, 31))
        assert shown(leaders) == shown(net_leaders(period))
        assert [(row.company.name, row.flow.net) for row in leaders.gainers] == [
            ("Bolt", 3),
            ("Core", 1),
            ("Dawn", 1),
        ]

    def test_are_counted_among_all_when_a_month_began_since_the_refresh(self, year):
        later = date(2026, 6, 1)

        period, leaders = leaders_of_last_months(today=later, n=5)

        assert period.last == date(2026, 5, 31)
        assert LastMonths.objects.get().last_on == date(2026, 1, 31)
        assert shown(leaders) == shown(net_leaders(period))

    def test_take_two_queries(self, year, queries_of):
        assert queries_of(lambda: leaders_of_last_months(today=self.TODAY, n=5)) == 2

    def test_are_none_of_an_empty_record(self):
        assert leaders_of_last_months(today=self.TODAY, n=5) == (None, ([], []))


def shown(leaders) -> list[list[tuple]]:
    return [
        [(row.company.slug, row.flow.arrivals, row.flow.departures) for row in side]
        for side in leaders
    ]


class TestWhereFrom:
    def test_ranks_companies_and_sums_the_rest(self, four):
        acme, bolt, core, dawn = four
        moves(3, bolt, acme)
        moves(2, core, acme)
        move(dawn, acme)
        moves(2, None, acme)
        move(acme, bolt)
        read_again()

        found, _went = other_ends(acme, n=2)

        assert [(place.company.name, place.moves) for place in found.places] == [
            ("Bolt", 3),
            ("Core", 2),
        ]
        assert (found.others.moves, found.unknown.moves, found.total) == (1, 2, 8)

    @pytest.mark.parametrize(
        "period",
        [
            Period(),
            Period.of_year(2025),
            Period(date(2025, 8, 1), date(2025, 8, 31)),
            Period(date(2025, 8, 1), date(2025, 8, 31), "out"),
        ],
        ids=str,
    )
    def test_opens_exactly_its_moves_for_companies_and_units(self, four, period):
        acme, bolt, core, dawn = four
        lab = OrganizationFactory(slug="lab", parent=acme, company=acme)
        pairs = [(origin, lab) for origin in (bolt, core, dawn, None)]
        pairs += [(bolt, acme), (lab, core)]
        dates = ("2025-08-03", "2025", "2025-Q2", "2024")
        record([(*pair, when) for pair in pairs for when in dates])
        read_again()

        for place in (acme, lab):
            for found in (*other_ends(place, period=period, n=1),):
                parts = [*found.places, found.others, found.unknown]
                known = [part for part in parts if part]
                assert found.total == sum(part.moves for part in known)
                assert listed(found.query) == found.total
                for part in known:
                    assert listed(part.query) == part.moves
        assert (
            other_ends(acme, period=period)[0].total
            > other_ends(lab, period=period)[0].total
        )

    def test_costs_as_many_queries_for_ten_companies_as_for_one(self, four, queries_of):
        acme = four[0]
        move(four[1], acme)
        read_again()
        with_one = queries_of(lambda: other_ends(acme))

        for _each in range(9):
            move(OrganizationFactory(), acme)
        read_again()

        assert queries_of(lambda: other_ends(acme)) == with_one == 4
