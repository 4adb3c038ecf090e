"""The filter of stints: which ones it lists, what it refuses, what it calls itself."""

from __future__ import annotations

import pytest

from talent.insights.stint_filter import StintFilter
from tests.factories import OrganizationFactory, PersonFactory
from tests.insights.stays_there import read_again, stay

pytestmark = pytest.mark.django_db


def listed(**choices: str) -> list[str]:
    """The names of the people in the list, in alphabetical order."""
    read_again()
    filter = StintFilter(choices)
    assert filter.is_valid(), filter.errors
    return sorted(stint.person.name for stint in filter.stints())


def errors_of(**choices: str) -> dict[str, list[str]]:
    filter = StintFilter(choices)
    assert not filter.is_valid()
    return {name: list(wrong) for name, wrong in filter.errors.items()}


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme", slug="acme", seat="big_tech")


@pytest.fixture
def ada():
    return PersonFactory(name="Ada", slug="ada")


@pytest.fixture
def bob():
    return PersonFactory(name="Bob", slug="bob")


class TestPlaces:
    def test_lists_a_company_with_its_units(self, acme, ada, bob):
        lab = OrganizationFactory(name="Lab", slug="lab", parent=acme)
        stay(acme, "2020", person=ada)
        stay(lab, "2020", person=bob)
        stay(OrganizationFactory(), "2020")

        assert listed(company="acme") == ["Ada", "Bob"]
        assert listed(company="lab") == ["Bob"]

    def test_lists_a_unit_with_the_units_inside_it(self, acme, ada, bob):
        lab = OrganizationFactory(slug="lab", parent=acme)
        inner = OrganizationFactory(slug="inner", parent=lab)
        stay(inner, "2020", person=ada)
        stay(lab, "2020", person=bob)

        assert listed(company="lab") == ["Ada", "Bob"]

    def test_lists_a_unit_that_was_left_for_another_one(self, acme, ada):
        for year, slug in ((2020, "lab"), (2021, "works")):
            there = OrganizationFactory(slug=slug, parent=acme)
            stay(there, str(year), person=ada, counterpart=acme)

        assert listed(company="lab") == listed(company="works") == ["Ada"]

    def test_lists_the_seat_first_joined(self, acme, ada):
        lab = OrganizationFactory(parent=acme, seat="frontier_lab")
        stay(acme, "2020", person=ada)
        stay(lab, "2021", person=ada, counterpart=acme)

        assert listed(seat="big_tech") == ["Ada"]
        assert listed(seat="frontier_lab") == []

    def test_lists_a_person(self, acme, ada):
        stay(acme, "2020", person=ada)
        stay(acme, "2020")

        assert listed(person="ada") == ["Ada"]


class TestJoined:
    def test_includes_the_first_and_the_last_day(self, acme, ada, bob):
        stay(acme, "2024-03-01", person=ada)
        stay(acme, "2024-05-31", person=bob)
        stay(acme, "2024-02-29")
        stay(acme, "2024-06-01")

        assert listed(since="2024-03", until="2024-05") == ["Ada", "Bob"]

    @pytest.mark.parametrize(
        ("vague", "expected"),
        [("", ["Ada", "Bob"]), ("out", ["Ada"]), ("only", ["Bob"])],
    )
    def test_says_what_becomes_of_dates_an_edge_cuts_in_two(
        self, acme, ada, bob, vague, expected
    ):
        stay(acme, "2024-04", person=ada)
        stay(acme, "2024", person=bob)

        assert listed(since="2024-03", until="2024-05", vague=vague) == expected

    def test_a_vague_date_that_starts_within_and_ends_beyond_is_vague(self, acme, ada):
        stay(acme, "2024-Q2", person=ada)

        assert listed(since="2024-03", until="2024-05") == ["Ada"]
        assert listed(since="2024-03", until="2024-05", vague="out") == []

    def test_no_date_is_too_vague_for_whole_years(self, acme, ada):
        stay(acme, "2024", person=ada)

        assert listed(since="2024", until="2024", vague="out") == ["Ada"]
        assert listed(since="2024", until="2024", vague="only") == []

    def test_leaves_out_who_has_no_start_on_record(self, acme):
        stay(acme, end="2024-04")

        assert listed(until="2030") == []


class TestMonths:
    def test_counts_whole_months(self, acme, ada):
        stay(acme, "2024-01-10", "2024-08-09", person=ada)

        assert listed(at_least="6", at_most="6") == ["Ada"]
        assert listed(at_least="7") == listed(at_most="5") == []

    def test_counts_who_has_not_left_as_far_as_the_newest_source(self, acme, ada):
        stay(acme, "2024-01-10", heard="2024-08-10", person=ada)

        assert listed(at_least="7", at_most="7") == ["Ada"]

    def test_leaves_out_who_has_no_start_on_record(self, acme):
        stay(acme, end="2024-04")

        assert listed(at_most="1200") == []


class TestMarks:
    def test_tells_ends_from_last_posts(self, acme, ada, bob):
        stay(acme, "2020", "2021", person=ada)
        stay(acme, "2020", person=bob)

        assert (listed(ended="yes"), listed(ended="no")) == (["Ada"], ["Bob"])

    def test_counts_an_inferred_end_as_an_end(self, acme, ada):
        stay(acme, "2020", person=ada)
        stay(OrganizationFactory(), "2021", person=ada)

        assert listed(ended="yes", company="acme") == ["Ada"]

    def test_tells_known_from_unknown_starts(self, acme, ada, bob):
        stay(acme, "2020", person=ada)
        stay(acme, end="2021", person=bob)

        assert listed(start="known") == ["Ada"]
        assert listed(start="unknown") == ["Bob"]

    def test_tells_returns(self, acme, ada, bob):
        stay(acme, "2020", "2021", person=ada)
        stay(acme, "2022", person=ada)
        stay(acme, "2020", person=bob)

        assert listed(returns="on") == ["Ada"]
        assert listed(returns="out") == ["Ada", "Bob"]

    def test_tells_founders(self, acme, ada, bob):
        stay(acme, "2020", person=ada, founder=True)
        stay(acme, "2020", person=bob)

        assert (listed(founders="on"), listed(founders="out")) == (["Ada"], ["Bob"])

    def test_tells_lengths_known_roughly(self, acme, ada, bob):
        stay(acme, "2020-01-10", "2021-01-10", person=ada)
        stay(acme, "2020-01", "2021-01-10", person=bob)

        assert (listed(about="out"), listed(about="on")) == (["Ada"], ["Bob"])

    def test_tells_whom_the_record_follows(self, acme, ada, bob):
        stay(acme, "2020-01-10", heard="2020-02-10", person=ada)
        stay(acme, "2020-01-10", "2020-01-12", person=PersonFactory(name="Cy"))
        stay(acme, "2020-01-10", heard="2020-02-09", person=bob)
        stay(acme, end="2021")

        assert listed(followed="on") == ["Ada", "Cy"]
        assert listed(followed="out") == ["Bob"]


class TestErrors:
    @pytest.mark.parametrize("value", ["-1", "1.5", "1201", "٣", "many"])
    def test_names_what_is_no_number_of_months(self, value):
        assert errors_of(at_least=value)["at_least"] == [
            f"“{value}” is no number of months: write a whole one from 0 to 1200."
        ]

    def test_names_bounds_in_the_wrong_order(self):
        assert errors_of(at_least="7", at_most="6")["at_most"] == [
            "“6” comes before “7”: exchange the two."
        ]
        assert "until" in errors_of(since="2024", until="2023")

    @pytest.mark.parametrize(
        "choice", [{"since": "2024"}, {"at_most": "0"}, {"followed": "on"}]
    )
    def test_refuses_what_an_unknown_start_cannot_meet(self, choice):
        assert (
            "asks for stints whose start is on record"
            in (errors_of(start="unknown", **choice)["start"][0])
        )

    @pytest.mark.parametrize(
        "name", ["seat", "ended", "start", "about", "returns", "founders", "sort"]
    )
    def test_names_a_word_that_is_none_of_the_choices(self, name):
        assert errors_of(**{name: "perhaps"})[name][0].startswith(
            "“perhaps” is not one of:"
        )

    def test_does_not_know_other_names(self):
        assert errors_of(origin="acme")["__all__"] == [
            "“origin” is not the name of a filter."
        ]


class TestAddress:
    def test_leaves_out_what_says_nothing(self):
        filter = StintFilter(
            {"start": "known", "since": "2024", "at_most": "011", "person": ""}
        )

        assert filter.query() == "since=2024&at_most=11"

    def test_leaves_out_vague_dates_where_no_date_is_asked_for(self):
        assert StintFilter({"vague": "out"}).query() == ""

    def test_calls_the_list_by_its_choices(self, acme):
        stay(acme, "2024")
        filter = StintFilter(
            {
                "company": "acme",
                "since": "2024",
                "until": "2024",
                "at_most": "11",
                "ended": "yes",
            }
        )

        assert filter.description() == (
            "Stints at Acme, joined 2024, at most 11 whole months, ended"
        )

    def test_has_a_chip_for_each_choice_but_the_order(self, acme):
        filter = StintFilter({"since": "2024", "until": "2024", "sort": "shortest"})

        assert [(c.label, c.value, c.query) for c in filter.chips()] == [
            ("Joined", "2024", "sort=shortest")
        ]

    def test_keeps_what_was_typed_wrong_in_its_chips(self):
        filter = StintFilter({"at_least": "many", "ended": "yes"})

        assert [(c.value, c.query) for c in filter.chips()] == [
            ("many", "ended=yes"),
            ("yes", "at_least=many"),
        ]
