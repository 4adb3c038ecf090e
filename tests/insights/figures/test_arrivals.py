"""Arrivals, departures and net: by company, unit, seat and time."""

from __future__ import annotations

from datetime import date

import pytest

from talent.common.partial_dates import Precision
from talent.insights.figures.arrivals import (
    Flow,
    at,
    by_company,
    by_seat,
    course_of,
    inside,
    of_first_companies,
)
from talent.insights.figures.periods import Period
from tests.factories import OrganizationFactory
from tests.insights.moves_there import move, moves, read_again

pytestmark = pytest.mark.django_db

ALL = Period()
AUGUST = Period(date(2025, 8, 1), date(2025, 8, 31))
EXACTLY_AUGUST = Period(date(2025, 8, 1), date(2025, 8, 31), "out")


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme", slug="acme", seat="big_tech")


@pytest.fixture
def lab(acme):
    return OrganizationFactory(
        name="Lab", slug="lab", parent=acme, company=acme, seat="frontier_lab"
    )


@pytest.fixture
def umbra():
    return OrganizationFactory(name="Umbra", slug="umbra", seat="quant")


class TestFlow:
    def test_has_a_ratio_from_five_each_way(self):
        assert Flow(10, 5).ratio == 2.0
        assert Flow(4, 50).ratio is None
        assert Flow(50, 4).ratio is None


class TestByCompany:
    def test_counts_a_move_into_a_unit_once_for_its_company(self, acme, lab, umbra):
        moves(2, umbra, lab)
        move(umbra, acme)
        move(acme, umbra)
        read_again()

        assert by_company(ALL) == {acme.pk: Flow(3, 1), umbra.pk: Flow(1, 3)}

    def test_knows_no_move_inside_a_company(self, acme, lab):
        ada = move(None, acme, "2020")
        move(None, lab, "2022", person=ada)
        read_again()

        assert by_company(ALL) == {acme.pk: Flow(1, 0)}

    def test_counts_vague_dates_that_may_lie_in_the_time_and_says_so(self, acme):
        move(None, acme, "2025-08-15")
        move(None, acme, "2025-Q3")
        move(None, acme, "2025")
        move(None, acme, "2024")
        move(None, acme, "2025-Q4")
        move(None, acme, "2025-09")
        read_again()

        assert by_company(AUGUST) == {acme.pk: Flow(3, 0, vague=2)}
        assert by_company(EXACTLY_AUGUST) == {acme.pk: Flow(1, 0)}

    def test_counts_rumours_where_asked_for(self, acme):
        move(None, acme, standing="rumoured")
        read_again()

        assert by_company(ALL) == {}
        assert by_company(Period(rumours=True)) == {acme.pk: Flow(1, 0)}


class TestOfFirstCompanies:
    @pytest.mark.parametrize("period", [ALL, Period.of_year(2025), AUGUST])
    def test_are_the_largest_and_those_that_gained_or_lost_most(
        self, acme, umbra, period
    ):
        won, lost, quiet = OrganizationFactory.create_batch(3)
        for company, others in ((acme, umbra), (umbra, acme)):
            moves(4, company, others, "2025-08")
        moves(3, None, won, "2025-08")
        moves(2, lost, None, "2025-08")
        moves(1, None, quiet, "2025-08")
        read_again()

        found = of_first_companies(period, largest=1, leaders=1)

        first = min(acme.pk, umbra.pk)
        assert found == {first: Flow(4, 4), won.pk: Flow(3, 0), lost.pk: Flow(0, 2)}


class TestAt:
    def test_counts_a_unit_with_the_units_inside_it(self, acme, lab, umbra):
        inner = OrganizationFactory(parent=lab, company=acme)
        move(umbra, inner)
        move(umbra, lab)
        move(umbra, acme)
        move(lab, umbra)
        read_again()

        assert at(lab, ALL) == Flow(2, 1)
        assert at(acme, ALL) == Flow(3, 1)

    def test_tells_of_the_dates_that_only_may_lie_in_the_time(self, acme):
        move(acme, None, "2025")
        read_again()

        assert at(acme, AUGUST) == Flow(0, 1, vague=1)


class TestInside:
    def test_counts_the_moves_that_nothing_else_counts(self, acme, lab, umbra):
        ada = move(None, acme, "2020")
        move(None, lab, "2022-05", person=ada)
        move(umbra, acme, "2022-05")
        read_again()

        assert inside(acme, ALL) == 1
        assert inside(acme, AUGUST) == 0
        assert inside(umbra, ALL) == 0


class TestBySeat:
    def test_counts_the_seat_of_the_very_place(self, acme, lab, umbra):
        moves(2, acme, umbra)
        move(umbra, lab)
        move(None, umbra)
        read_again()

        assert by_seat(ALL) == {
            "big_tech": Flow(0, 2),
            "quant": Flow(3, 1),
            "frontier_lab": Flow(1, 0),
        }

    def test_counts_a_move_within_a_seat_both_ways(self, umbra):
        move(OrganizationFactory(seat="quant"), umbra)
        read_again()

        assert by_seat(ALL) == {"quant": Flow(1, 1)}

    def test_tells_of_the_dates_that_only_may_lie_in_the_time(self, umbra):
        move(None, umbra, "2025")
        read_again()

        assert by_seat(AUGUST) == {"quant": Flow(1, 0, vague=1)}


class TestCourse:
    def test_goes_quarter_by_quarter_with_zeros_between(self, acme, umbra):
        moves(2, umbra, acme, "2025-02-14")
        move(acme, umbra, "2025-Q3")
        move(umbra, acme, "2025-07")
        read_again()

        course = course_of(
            acme, first=date(2025, 2, 1), last=date(2025, 8, 1), step=Precision.QUARTER
        )

        assert [(str(s.when), s.flow) for s in course.steps] == [
            ("Q1 2025", Flow(2, 0)),
            ("Q2 2025", Flow(0, 0)),
            ("Q3 2025", Flow(1, 1)),
        ]
        assert course.flow == Flow(3, 1)

    def test_counts_in_no_step_what_is_vaguer_than_it(self, acme):
        move(None, acme, "2025")
        move(None, acme, "2025-Q1")
        read_again()
        days = {"first": date(2025, 1, 1), "last": date(2025, 6, 30)}

        quarters = course_of(acme, step=Precision.QUARTER, **days)
        months = course_of(acme, step=Precision.MONTH, **days)
        years = course_of(acme, step=Precision.YEAR, **days)

        assert (quarters.flow, quarters.too_vague) == (Flow(1, 0), 1)
        assert (months.flow, months.too_vague) == (Flow(0, 0), 2)
        assert (years.flow, years.too_vague) == (Flow(2, 0), 0)
        assert [len(each.steps) for each in (months, quarters, years)] == [6, 2, 1]

    def test_costs_one_query(self, acme, queries_of):
        days = {"first": date(2025, 1, 1), "last": date(2025, 6, 30)}

        assert queries_of(lambda: course_of(acme, step=Precision.MONTH, **days)) == 1
