"""Who came to a company, who left it, and who was there."""

from __future__ import annotations

from datetime import date

import pytest

from talent.insights.figures import companies
from tests.factories import OrganizationFactory, PersonFactory
from tests.insights.moves_there import move, moves, read_again
from tests.insights.stays_there import stay, stays

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme")


@pytest.fixture
def lab(acme):
    return OrganizationFactory(name="Lab", parent=acme)


def there(place, *people, names: int = 9, stays: int = 9) -> companies.There:
    return companies.there(
        place, [person.pk for person in people], names=names, stays=stays
    )


def names_of(stints) -> list[str]:
    return [stint.person.name for stint in stints]


class TestFirstMonth:
    def test_is_that_of_the_oldest_move_that_counts(self, acme):
        move(None, acme, "2020-05-20")
        move(acme, None, "2019-03-02")
        move(None, acme, "2010-01-01", standing="rumoured")
        read_again()

        assert companies.first_month(acme) == date(2019, 3, 1)

    def test_is_none_without_a_move(self, acme):
        assert companies.first_month(acme) is None


class TestNewestMoves:
    def test_are_the_newest_of_each_direction_newest_first(self, acme):
        for day in ("2025-01-01", "2025-03-03", "2025-02-02"):
            move(None, acme, day)
            move(acme, None, day)
        read_again()

        newest = companies.newest_moves(acme, most=2)

        for side in newest:
            days = [str(row.happened_on) for row in side]
            assert days == ["2025-03-03", "2025-02-02"]

    def test_hold_no_rumour_and_no_move_inside_the_company(self, acme, lab):
        move(None, acme, standing="rumoured")
        ada = stay(acme, "2020-01-01")
        move(acme, lab, person=ada)
        read_again()

        arrivals, departures = companies.newest_moves(acme, most=9)

        assert [row.happened_on.year for row in arrivals] == [2020]
        assert departures == []

    def test_cost_three_queries_whatever_their_number(self, acme, queries_of):
        moves(9, OrganizationFactory(), acme)
        moves(9, acme, None)
        read_again()

        assert queries_of(lambda: companies.newest_moves(acme, most=9)) == 3


class TestCounts:
    def test_are_of_stints_with_and_without_an_end_and_of_returns(self, acme, lab):
        ada = stay(acme, "2020-01-01", "2021-01-01")
        stay(lab, "2022-01-01", person=ada)
        stay(acme, "", "2021-02-02")
        read_again()

        assert companies.counts_at(acme) == (1, 2, 1)
        assert companies.counts_at(lab) == (1, 0, 1)

    def test_are_zero_for_nobody(self, acme):
        assert companies.counts_at(acme) == (0, 0, 0)


class TestThere:
    def test_names_the_last_joined_first_and_unknown_beginnings_last(self, acme):
        for name, start, end in (
            ("Old", "2019-01-01", "2020-01-01"),
            ("Unknown", "", "2021-01-01"),
            ("New", "2021-01-01", "2021-05-01"),
            ("Here", "2023-01-01", ""),
        ):
            stay(acme, start, end, person=PersonFactory(name=name))
        read_again()

        found = there(acme)

        assert names_of(found.present) == ["Here"]
        assert names_of(found.alumni) == ["New", "Old", "Unknown"]
        assert names_of(there(acme, names=2).alumni) == ["New", "Old"]

    def test_ranks_the_shortest_without_those_of_no_known_length(self, acme):
        stays(acme, 5, 2)
        stay(acme, "2024", "2024")
        stay(acme, "2024-01", "2024-01-25")
        read_again()

        months = [stint.months for stint in there(acme, stays=9).shortest]

        assert months == [2, 5]

    def test_tells_all_of_the_people_asked_for_in_their_order(self, acme):
        ada = stay(acme, "2020-01-01", "2021-01-01")
        stay(acme, "2022-01-01", person=ada)
        stay(OrganizationFactory(), "2021-02-01", "2021-06-01", person=ada)
        stay(acme, "2022-01-01")
        read_again()

        theirs = there(acme, ada, names=1, stays=1).theirs

        assert [(row.person, row.start_on.year) for row in theirs] == [
            (ada, 2020),
            (ada, 2022),
        ]

    def test_costs_two_queries(self, acme, queries_of):
        stays(acme, *range(1, 9))
        read_again()

        assert queries_of(lambda: there(acme)) == 2


class TestChangesOfUnit:
    def test_are_the_days_somebody_moved_inside(self, acme, lab):
        ada = stay(acme, "2020-01-01")
        move(acme, lab, "2021-03-03", person=ada)
        read_again()

        assert companies.changes_of_unit(acme, [ada.pk]) == {ada.pk: [date(2021, 3, 3)]}


class TestStaysAt:
    def test_are_apart_by_company_and_unit(self, acme, lab):
        stays(acme, 3, 4)
        stays(lab, 5)
        read_again()

        found = companies.stays_at([acme.pk, lab.pk])

        assert (found[acme.pk].n, found[lab.pk].n) == (3, 1)


class TestShortestKnown:
    def test_is_of_all_companies(self, acme):
        stays(acme, 7)
        stays(OrganizationFactory(), 3)
        read_again()

        assert [stint.months for stint in companies.shortest_known(5)] == [3, 7]
