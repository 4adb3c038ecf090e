"""The seats side by side, and the gap between them."""

from __future__ import annotations

from datetime import date

import pytest

from talent.insights.figures.arrivals import Flow
from talent.insights.figures.matrix import seat_matrix
from talent.insights.figures.periods import Period
from talent.insights.figures.seats import matrix_and_gap, median_stays, seat_flow
from talent.registry.models.organizations import Seat
from tests.factories import OrganizationFactory
from tests.insights.moves_there import move, moves, read_again
from tests.insights.stays_there import stays

pytestmark = pytest.mark.django_db


@pytest.fixture
def quant():
    return OrganizationFactory(seat="quant")


@pytest.fixture
def college():
    return OrganizationFactory(seat="academia")


@pytest.fixture
def big():
    return OrganizationFactory(seat="big_tech")


class TestSeatFlow:
    def test_tells_where_they_came_from_and_went(self, quant, college, big):
        moves(2, quant, big)
        move(quant, college)
        move(quant, None)
        move(college, quant)
        move(None, quant)
        move(OrganizationFactory(seat="quant"), quant)
        read_again()

        found = seat_flow(Seat.QUANT, seat_matrix(Period()))

        assert found.flow == Flow(3, 5)
        assert found.went_to == ((Seat.BIG_TECH, 2), (Seat.ACADEMIA, 1))
        assert found.came_from == ((Seat.ACADEMIA, 1),)
        assert (found.within, found.lost, found.found) == (1, 1, 1)


class TestMedianStays:
    def test_are_of_all_stints_at_the_seat(self, quant, college):
        stays(quant, 3, 9, 15)
        stays(college, 30)
        read_again()

        found = median_stays()

        assert (found["quant"].months, found["quant"].n) == (9, 3)
        assert found["academia"].months == 30


def gap_of(*, first, last, rumours=False):
    period = Period(first, last, rumours=rumours)
    return matrix_and_gap(period, first=first, last=last)[1]


class TestMatrix:
    @pytest.mark.parametrize(
        "period",
        [
            Period(),
            Period(rumours=True),
            Period(date(2025, 1, 1), date(2025, 12, 31)),
            Period(date(2025, 2, 1), date(2025, 7, 31)),
            Period(date(2025, 2, 1), date(2025, 7, 31), "out"),
            Period(date(2025, 1, 1), date(2025, 9, 30), "out", rumours=True),
        ],
    )
    def test_counts_beside_the_gap_what_it_counts_alone(self, quant, big, period):
        for when in ("2025-02-03", "2025-08", "2025-Q1", "2025", "2024", "2024-Q4"):
            move(quant, big, when)
            move(None, quant, when, standing="rumoured")
        read_again()
        first, last = period.first or date(2025, 1, 1), period.last or date(2025, 6, 30)

        found, _gap = matrix_and_gap(period, first=first, last=last)

        assert found == seat_matrix(period)


class TestGap:
    def test_adds_the_net_gain_up_quarter_by_quarter(self, quant, big):
        moves(3, big, quant, "2025-02-03")
        move(quant, big, "2025-Q3")
        read_again()

        gap = gap_of(first=date(2025, 1, 1), last=date(2025, 9, 30))

        assert [str(step) for step in gap.steps] == ["Q1 2025", "Q2 2025", "Q3 2025"]
        assert gap.cumulated(Seat.QUANT) == [3, 3, 2]
        assert gap.cumulated(Seat.BIG_TECH) == [-3, -3, -2]
        assert (gap.n(Seat.QUANT), gap.at_end(Seat.QUANT)) == (4, 2)

    def test_counts_apart_what_is_dated_to_the_year(self, quant):
        move(None, quant, "2025")
        read_again()
        days = {"first": date(2025, 1, 1), "last": date(2025, 3, 31)}

        gap = gap_of(**days)

        assert (gap.too_vague, gap.n(Seat.QUANT)) == (1, 0)

    def test_goes_year_by_year_over_a_long_time(self, quant):
        move(None, quant, "2009")
        move(None, quant, "2025-02")
        read_again()

        gap = gap_of(first=date(2009, 1, 1), last=date(2025, 12, 31))

        assert len(gap.steps) == 17
        assert gap.cumulated(Seat.QUANT)[0] == 1
        assert gap.cumulated(Seat.QUANT)[-1] == 2
        assert gap.too_vague == 0

    def test_counts_rumours_where_asked_for(self, quant):
        move(None, quant, "2025-02", standing="rumoured")
        read_again()
        days = {"first": date(2025, 1, 1), "last": date(2025, 3, 31)}

        assert gap_of(**days).n(Seat.QUANT) == 0
        assert gap_of(rumours=True, **days).n(Seat.QUANT) == 1
