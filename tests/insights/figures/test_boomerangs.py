"""Returns to a company left before."""

from __future__ import annotations

import pytest

from talent.insights.figures.boomerangs import newest_returns
from talent.insights.figures.matrix import seat_matrix
from talent.insights.figures.periods import Period
from tests.factories import OrganizationFactory
from tests.insights.moves_there import filtered, move, read_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def returns():
    """Two who left Acme for Umbra and came back, in 2024 and in 2025."""
    acme, umbra = OrganizationFactory(name="Acme"), OrganizationFactory(name="Umbra")
    for year in (2024, 2025):
        person = move(None, acme, "2020")
        move(acme, umbra, "2022", person=person)
        move(umbra, acme, str(year), person=person)
    read_again()


class TestBoomerangs:
    def test_are_the_newest_first(self, returns):
        assert [row.happened_on.year for row in newest_returns(5)] == [2025, 2024]
        assert [row.happened_on.year for row in newest_returns(1)] == [2025]

    def test_are_counted_as_their_list_has_them(self, returns):
        assert seat_matrix(Period()).returns == 2
        assert seat_matrix(Period.of_year(2025)).returns == 1
        assert filtered({"returns": "on", "since": "2025", "until": "2025"}).moves()

    def test_never_come_from_a_rumour_unless_asked(self, returns):
        acme = OrganizationFactory()
        move(None, acme, "2025", standing="rumoured", stated_return=True)
        read_again()

        assert seat_matrix(Period()).returns == 2
        assert seat_matrix(Period(rumours=True)).returns == 3
