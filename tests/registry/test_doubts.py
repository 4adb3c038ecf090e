"""What a curator is warned of, one sentence each, and what is left in peace."""

from datetime import date, timedelta

import pytest

from talent.registry.doubts import doubts_about, namesakes, namesakes_of_organization
from talent.registry.models import Event
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)


def event(**values):
    """An event with a source, in the middle of a month."""
    made = EventFactory(**{"happened_on": date(2025, 6, 15), **values})
    CitationFactory(event=made)
    return Event.objects.get(pk=made.pk)


def codes(event):
    return [doubt.code for doubt in doubts_about(event, today=TODAY)]


class TestDoubtsAboutAnEvent:
    def test_are_none_for_an_ordinary_one(self):
        assert codes(event()) == []

    def test_name_a_missing_source(self):
        draft, published = EventFactory(), EventFactory(published=True)

        [first] = doubts_about(draft, today=TODAY)
        [second] = doubts_about(published, today=TODAY)

        assert first.sentence == "No source supports this event yet."
        assert second.sentence == "This event is published without a source."

    def test_name_a_likely_duplicate_with_its_status(self):
        first = event(published=True)
        second = event(
            person=first.person,
            organization=OrganizationFactory(parent=first.organization),
            happened_on=first.happened_on + timedelta(days=59),
        )

        [doubt] = doubts_about(second, today=TODAY)

        assert doubt.code == "duplicate-event"
        assert doubt.about == first
        assert "published" in doubt.sentence

    @pytest.mark.parametrize(
        "other",
        [
            {"happened_on": date(2025, 6, 15) + timedelta(days=61)},
            {"status": "withdrawn"},
            {"person": None},
        ],
    )
    def test_leave_another_event_alone(self, other):
        first = event(person=PersonFactory(), stated_return=True)
        other = {"person": first.person, "organization": first.organization} | other
        if other["person"] is None:
            other["person"] = PersonFactory()
        event(**other, kind="hire", stated_return=True)

        assert codes(first) == []

    def test_see_that_a_vague_date_may_be_the_same_day(self):
        first = event()
        second = event(
            person=first.person,
            organization=first.organization,
            happened_on=date(2025, 1, 1),
            precision="year",
        )

        assert codes(second) == ["duplicate-event"]

    def test_name_a_departure_before_its_hire_from_both_sides(self):
        departure = event(kind="departure")
        hire = event(
            person=departure.person,
            organization=departure.organization,
            happened_on=date(2025, 12, 1),
        )

        assert codes(departure) == codes(hire) == ["departure-first"]

    def test_accept_a_stated_return(self):
        departure = event(kind="departure")
        hire = event(
            person=departure.person,
            organization=departure.organization,
            happened_on=date(2025, 12, 1),
            stated_return=True,
        )

        assert codes(departure) == codes(hire) == []

    def test_name_a_stint_elsewhere_without_an_end(self):
        first = event(happened_on=date(2023, 2, 2))
        second = event(person=first.person)

        [doubt] = doubts_about(second, today=TODAY)

        assert (doubt.code, doubt.about) == ("overlap", first)
        assert "No end is recorded" in doubt.sentence

    def test_name_a_stint_elsewhere_that_ends_later(self):
        first = event(happened_on=date(2023, 2, 2))
        left = event(
            kind="departure",
            person=first.person,
            organization=first.organization,
            happened_on=date(2025, 9, 9),
        )
        second = event(person=first.person)

        [doubt] = doubts_about(second, today=TODAY)

        assert (doubt.code, doubt.about) == ("overlap", left)
        assert "9 September 2025" in doubt.sentence

    def test_leave_a_finished_stint_alone(self):
        first = event(happened_on=date(2023, 2, 2))
        event(
            kind="departure",
            person=first.person,
            organization=first.organization,
            happened_on=date(2025, 6, 1),
        )

        assert codes(event(person=first.person)) == []

    @pytest.mark.parametrize("chair", ["first", "second"])
    def test_let_an_academic_keep_a_chair(self, chair):
        seats = {chair: "academia"}
        first = event(
            happened_on=date(2023, 2, 2),
            organization__seat=seats.get("first", "big_tech"),
        )
        second = event(
            person=first.person, organization__seat=seats.get("second", "big_tech")
        )

        assert codes(second) == []

    def test_name_the_missing_other_half_of_a_move(self):
        openai = OrganizationFactory(name="Left Behind")

        [doubt] = doubts_about(event(counterpart=openai), today=TODAY)

        assert doubt.code == "other-half"
        assert doubt.sentence == "The departure from Left Behind is not recorded."

    def test_find_the_other_half_at_a_unit_months_away(self):
        hire = event(counterpart=OrganizationFactory())
        event(
            kind="departure",
            person=hire.person,
            organization=OrganizationFactory(parent=hire.counterpart),
            happened_on=date(2025, 3, 1),
        )

        assert codes(hire) == []

    def test_ask_for_no_other_half_inside_one_company(self):
        company = OrganizationFactory()
        one, other = OrganizationFactory.create_batch(2, parent=company)

        assert codes(event(organization=one, counterpart=other)) == []

    @pytest.mark.parametrize(
        ("precision", "expected"), [("day", ["new-year"]), ("year", [])]
    )
    def test_name_a_first_of_january_that_looks_invented(self, precision, expected):
        assert (
            codes(event(happened_on=date(2025, 1, 1), precision=precision)) == expected
        )

    def test_name_a_date_ahead_but_not_today(self):
        assert codes(event(happened_on=TODAY)) == []
        assert codes(event(happened_on=TODAY + timedelta(days=1))) == ["future"]

    def test_cost_the_same_for_a_long_career(self, queries_of):
        person = PersonFactory()
        subject = event(person=person, counterpart=OrganizationFactory())
        event(person=person, kind="departure", happened_on=date(2001, 1, 2))
        few = queries_of(lambda: doubts_about(subject, today=TODAY))

        for year in range(2002, 2022):
            event(person=person, kind="departure", happened_on=date(year, 1, 2))

        subject = Event.objects.get(pk=subject.pk)
        assert queries_of(lambda: doubts_about(subject, today=TODAY)) <= few + 3


class TestNamesakes:
    @pytest.mark.parametrize(
        ("mine", "theirs"),
        [
            ({"name": "Wei Invented"}, {"name": "Invented Wéi"}),
            (
                {"name": "A Qian", "name_zh": "钱发明"},
                {"name": "B", "name_zh": "錢發明"},
            ),
            ({"name": "Wei Invented"}, {"name": "X", "other_names": ["wei invented"]}),
            ({"name": "Wolodymyr Inwented"}, {"name": "Volodymyr Inwented"}),
            ({"name": "Jane Roe"}, {"name": "Jane Mary Roe"}),
        ],
        ids=["accents and order", "scripts", "alias", "spelling", "middle name"],
    )
    def test_are_found_by(self, mine, theirs):
        other = PersonFactory(**theirs)

        [doubt] = namesakes(PersonFactory(**mine))

        assert doubt.about == other

    @pytest.mark.parametrize(
        ("mine", "theirs"),
        [
            (
                {"name": "Shun Invented", "name_zh": "姚顺雨"},
                {"name": "Invented Shun", "name_zh": "姚顺宇"},
            ),
            ({"name": "Wei Li"}, {"name": "Wei Lichtenberg"}),
            ({"name": "Jane Roe"}, {"name": "Richard Roe"}),
            ({"name": "Wang Lei"}, {"name": "Wang Wei"}),
        ],
        ids=["two Chinese names", "longer word", "one word", "short names"],
    )
    def test_are_not(self, mine, theirs):
        PersonFactory(**theirs)

        assert list(namesakes(PersonFactory(**mine))) == []

    def test_leave_out_who_was_merged_away(self):
        kept = PersonFactory(name="Wei Invented")
        PersonFactory(name="Wei Invented", merged_into=kept)

        assert list(namesakes(kept)) == []

    def test_are_found_among_organizations_too(self):
        other = OrganizationFactory(name="Acme AI", other_names=["Acme"])

        [doubt] = namesakes_of_organization(OrganizationFactory(name="ACME"))

        assert doubt.about == other
