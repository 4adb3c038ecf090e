"""Which moves a query string means, and what it is called."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict

from talent.insights.move_filter import MoveFilter, read_with_names
from tests.factories import EventFactory, OrganizationFactory, PersonFactory
from tests.insights.moves_there import filtered, move, moves, read_again, told

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def solo():
    return OrganizationFactory(name="Solo", slug="solo", seat="academia")


def errors(query: str) -> str:
    filter = MoveFilter(QueryDict(query))
    assert not filter.is_valid()
    return str(filter.errors)


class TestPlaces:
    @pytest.fixture(autouse=True)
    def _record(self, acme, lab, umbra, solo):
        move(acme, umbra)
        move(umbra, lab)
        move(solo, umbra)
        move(solo, None)
        move(None, acme)
        read_again()

    def test_lists_every_move_between_companies_without_choices(self):
        assert told({}) == [
            "? → Acme",
            "Acme → Umbra",
            "Solo → ?",
            "Solo → Umbra",
            "Umbra → Lab",
        ]

    def test_takes_a_company_with_its_units_at_the_end_asked_for(self):
        assert told({"to": "acme"}) == ["? → Acme", "Umbra → Lab"]
        assert told({"from": "acme"}) == ["Acme → Umbra"]

    def test_takes_a_unit_alone(self):
        assert told({"to": "lab"}) == ["Umbra → Lab"]
        assert told({"from": "lab"}) == []

    def test_takes_a_company_at_either_end(self):
        assert told({"company": "acme"}) == ["? → Acme", "Acme → Umbra", "Umbra → Lab"]

    def test_takes_the_seat_of_the_very_place(self):
        assert told({"to_seat": "frontier_lab"}) == ["Umbra → Lab"]
        assert told({"from_seat": "big_tech"}) == ["Acme → Umbra"]
        assert told({"seat": "big_tech"}) == ["? → Acme", "Acme → Umbra"]

    def test_finds_ends_that_are_not_on_record(self):
        assert told({"to_seat": "unknown"}) == ["Solo → ?"]
        assert told({"from_seat": "unknown"}) == ["? → Acme"]
        assert told({"seat": "unknown"}) == ["? → Acme", "Solo → ?"]

    def test_leaves_companies_aside_but_never_means_an_end_not_on_record(self):
        assert told({"not_from": "acme"}) == ["Solo → ?", "Solo → Umbra", "Umbra → Lab"]
        assert told({"not_from": "solo", "not_to": "umbra"}) == ["Umbra → Lab"]
        assert told({"not_from": "acme,solo"}) == ["Umbra → Lab"]

    def test_means_to_and_from_by_a_side(self):
        assert filtered({"company": "acme", "side": "in"}).query() == "to=acme"
        assert filtered({"seat": "quant", "side": "out"}).query() == "from_seat=quant"

    def test_keeps_a_side_beside_an_end_that_is_named_already(self):
        query = {"company": "acme", "side": "in", "to": "lab"}

        assert told(query) == ["Umbra → Lab"]
        assert told({**query, "side": "out"}) == []
        assert dict(parse_qsl(filtered(query).query())) == query


class TestKinds:
    def test_lists_only_returns(self, acme, umbra):
        ada = move(None, acme, "2020")
        move(acme, umbra, "2022", person=ada)
        move(umbra, acme, "2024", person=ada)
        read_again()

        assert told({"returns": "on"}) == ["Umbra → Acme"]

    def test_lists_only_founders(self, acme, umbra):
        move(acme, umbra, founder=True)
        move(acme, umbra)
        read_again()

        assert told({"founders": "on"}) == ["Acme → Umbra"]
        assert len(told({})) == 2

    def test_leaves_moves_inside_a_company_out_unless_asked(self, acme, lab):
        ada = move(None, acme, "2020")
        move(None, lab, "2022", person=ada)
        read_again()

        assert told({}) == ["? → Acme"]
        assert told({"internal": "on"}) == ["? → Acme", "Acme → Lab"]
        assert told({"internal": "only"}) == ["Acme → Lab"]

    def test_leaves_rumours_out_unless_asked(self, acme, umbra):
        move(acme, umbra, standing="rumoured")
        read_again()

        assert told({}) == []
        assert told({"rumours": "on"}) == ["Acme → Umbra"]

    def test_never_lists_denied_drafted_or_withdrawn_ones(self, acme, umbra):
        move(acme, umbra, standing="denied")
        EventFactory(organization=acme)
        EventFactory(organization=acme, status="withdrawn")
        read_again()

        assert told({"rumours": "on", "internal": "on"}) == []

    def test_lists_those_of_a_person(self, acme, umbra):
        ada = PersonFactory(slug="ada")
        move(acme, umbra, person=ada)
        move(umbra, acme)
        read_again()

        assert told({"person": "ada"}) == ["Acme → Umbra"]


class TestDates:
    @pytest.fixture(autouse=True)
    def _record(self, acme, umbra, solo):
        move(acme, umbra, "2025-08-31")
        move(acme, solo, "2025-Q3")
        move(umbra, solo, "2025")
        move(solo, acme, "2025-09")
        read_again()

    AUGUST = {"since": "2025-08", "until": "2025-08"}

    def test_include_whatever_may_lie_in_the_time(self):
        assert told(self.AUGUST) == ["Acme → Solo", "Acme → Umbra", "Umbra → Solo"]

    def test_leave_vague_ones_out(self):
        assert told({**self.AUGUST, "vague": "out"}) == ["Acme → Umbra"]

    def test_list_the_vague_ones_alone(self):
        assert told({**self.AUGUST, "vague": "only"}) == ["Acme → Solo", "Umbra → Solo"]

    def test_list_those_known_no_more_exactly(self, acme, umbra):
        for when in ("2024-05-06", "2024-05", "2024-Q2", "2024"):
            move(umbra, acme, when)
        read_again()

        def dated(word):
            moves = filtered({"from": "umbra", "dated": word}).moves()
            return sorted(str(found.date) for found in moves)

        assert dated("quarter") == ["2024", "2025", "Q2 2024"]
        assert dated("year") == ["2024", "2025"]

    def test_say_nothing_about_vagueness_without_a_time(self):
        assert filtered({"vague": "out"}).query() == ""


class TestWrongFilter:
    def test_names_what_it_does_not_know(self, acme):
        assert "“jumped” is not one of" in errors("side=jumped")
        assert "“nowhere” is no name or address" in errors("from=nowhere")
        assert "“kind” is not the name of a filter" in errors("kind=hire")
        assert "exchange the two" in errors("since=2026&until=2025")

    def test_asks_what_a_side_belongs_to(self):
        assert "“in” says in or out of what?" in errors("side=in")

    def test_names_the_company_it_cannot_leave_aside(self, acme, lab):
        move(None, lab)
        read_again()

        assert "“lab” is no address" not in errors("not_to=lab,acme")
        assert "“Lab” is a unit" in errors("not_to=lab,acme")
        assert "“nobody” is no address" in errors("not_to=acme,nobody")
        assert "is no address" in errors("not_to=a%00b")
        too_many = ",".join(f"company{n}" for n in range(31))
        assert "30 companies at most" in errors(f"not_to={too_many}")


class TestWords:
    @pytest.fixture(autouse=True)
    def _record(self, acme, umbra):
        move(acme, umbra)
        read_again()

    def test_read_as_a_heading(self):
        query = "from=acme&to=umbra&since=2025-08&until=2025-08&vague=out&rumours=on"

        heading = MoveFilter(QueryDict(query)).description()

        assert heading == (
            "Moves from Acme to Umbra, August 2025, vague dates: left out, with rumours"
        )

    def test_name_returns_and_moves_inside(self):
        assert filtered({"returns": "on", "to": "acme"}).description() == (
            "Returns to Acme"
        )
        assert filtered({"internal": "only"}).description() == "Moves inside a company"

    def test_name_what_is_left_aside(self):
        heading = filtered({"not_to": "umbra,acme"}).description()

        assert heading == "Moves, to a company on record other than Acme, Umbra"

    def test_can_be_taken_away_one_by_one(self):
        filter = filtered({"from": "acme", "to_seat": "unknown", "since": "2025"})

        assert {chip.value: chip.query for chip in filter.chips()} == {
            "Acme": "to_seat=unknown&since=2025",
            "not on record": "from=acme&since=2025",
            "2025": "from=acme&to_seat=unknown",
        }

    def test_have_one_address_whatever_the_order(self):
        written = "since=2025&not_to=umbra,acme&from=ACME"

        assert MoveFilter(QueryDict(written.lower())).query() == (
            "from=acme&not_to=acme%2Cumbra&since=2025"
        )


class TestReadWithNames:
    def test_costs_two_queries_whatever_the_rows(self, acme, lab, umbra, queries_of):
        moves(3, umbra, lab)
        move(lab, None)
        read_again()

        def read() -> None:
            for row in read_with_names(filtered({}).moves()):
                str(row.person)
                for end in (row.origin, row.destination):
                    str(end and (end.company, end.is_unit, end.get_absolute_url()))
                for event in (row.hire, row.departure):
                    str(event and event.get_absolute_url())

        assert queries_of(read) == 2
