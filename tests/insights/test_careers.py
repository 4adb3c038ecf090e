"""Careers read from events: the known ones exactly, the rules one by one, the order never."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from talent.insights.careers import as_golden, career_of, careers_of
from talent.registry.models import Event
from tests.factories import EventFactory, OrganizationFactory, PersonFactory
from tests.insights.histories import (
    ADA,
    ALPHA,
    BETA,
    COLLEGE,
    INNER,
    LAB,
    hire,
    histories,
    left,
)

GOLDEN = json.loads((Path(__file__).parent / "golden_careers.json").read_text())


def told(*events: Event) -> list[str]:
    """Each stint as "Alpha 2024 – 2025", with ? for an inferred end and … for an open one."""

    def edge(value):
        if value is None:
            return "…"
        return value.date.isoformat() + ("?" if value.inferred else "")

    return [
        f"{stint.company.name} {edge(stint.start)} – {edge(stint.end)}"
        for stint in career_of(ADA, events).stints
    ]


class TestCareer:
    def test_closes_a_stint_with_its_departure(self):
        assert told(hire(ALPHA, "2020"), left(ALPHA, "2023-05")) == [
            "Alpha 2020 – 2023-05"
        ]

    def test_infers_an_end_from_the_next_hire_elsewhere_at_its_precision(self):
        assert told(hire(ALPHA, "2020"), hire(BETA, "2024-03")) == [
            "Alpha 2020 – 2024-03?",
            "Beta 2024-03 – …",
        ]

    def test_leaves_a_last_post_open(self):
        career = career_of(ADA, [hire(ALPHA, "2020")])

        assert career.stints[0].is_open
        assert career.stints[0].length is None

    @pytest.mark.parametrize(
        ("hired", "source", "known"),
        [
            ("2021", None, "2021"),
            ("2021-06", None, "2021-06"),
            ("2021", "2021-01-01", "2021-01-01"),
            ("2021", "2021-03-05", "2021-03-05"),
            ("2021-06", "2021-03-05", "2021-06"),
        ],
    )
    def test_is_last_known_on_no_day_that_no_source_names(self, hired, source, known):
        event = hire(ALPHA, hired)
        event.newest_source_on = date.fromisoformat(source) if source else None

        stint = career_of(ADA, [event]).stints[0]

        assert stint.known.isoformat() == known

    def test_sits_in_the_seat_of_the_unit_first_joined(self):
        stint = career_of(ADA, [hire(INNER, "2020"), hire(LAB, "2022")]).stints[0]

        assert stint.first_place == INNER

    def test_knows_a_post_from_its_departure_alone(self):
        assert told(left(ALPHA, "2021")) == ["Alpha … – 2021"]

    def test_makes_no_stint_of_a_counterpart(self):
        assert told(hire(ALPHA, "2020", counterpart=BETA)) == ["Alpha 2020 – …"]

    def test_lets_a_month_only_hire_follow_the_exact_departure_of_that_month(self):
        assert told(
            hire(ALPHA, "2020"),
            left(ALPHA, "2025-10-10"),
            hire(BETA, "2025-10", counterpart=ALPHA),
        ) == ["Alpha 2020 – 2025-10-10", "Beta 2025-10 – …"]

    def test_reads_a_departure_and_a_return_within_one_month(self):
        assert told(
            hire(ALPHA, "2020"),
            left(ALPHA, "2025-10-10"),
            hire(ALPHA, "2025-10", stated_return=True),
        ) == ["Alpha 2020 – 2025-10-10", "Alpha 2025-10 – …"]

    def test_reads_a_hire_and_a_departure_within_one_year_as_one_stint(self):
        assert told(hire(ALPHA, "2024-05"), left(ALPHA, "2024")) == [
            "Alpha 2024-05 – 2024"
        ]

    def test_keeps_a_departure_before_an_exact_return_apart(self):
        assert told(
            left(ALPHA, "2023-11-17"), hire(ALPHA, "2023-11-22", stated_return=True)
        ) == [
            "Alpha … – 2023-11-17",
            "Alpha 2023-11-22 – …",
        ]

    def test_infers_the_end_of_a_first_stint_from_the_time_elsewhere(self):
        assert told(hire(ALPHA, "2018"), hire(BETA, "2020"), hire(ALPHA, "2022")) == [
            "Alpha 2018 – 2020?",
            "Beta 2020 – 2022?",
            "Alpha 2022 – …",
        ]

    def test_closes_a_stint_at_the_return_if_nothing_in_between_is_known(self):
        assert told(hire(ALPHA, "2018"), hire(ALPHA, "2022", stated_return=True)) == [
            "Alpha 2018 – 2022?",
            "Alpha 2022 – …",
        ]

    def test_orders_two_posts_of_one_year_by_who_came_from_where(self):
        assert told(hire(BETA, "2025", counterpart=ALPHA), hire(ALPHA, "2025")) == [
            "Alpha 2025 – 2025?",
            "Beta 2025 – …",
        ]

    def test_leaves_two_appointments_of_one_month_side_by_side(self):
        assert told(hire(ALPHA, "2020-09"), hire(BETA, "2020-09")) == [
            "Alpha 2020-09 – …",
            "Beta 2020-09 – …",
        ]

    def test_keeps_a_chair_beside_a_company(self):
        assert told(hire(COLLEGE, "2020"), hire(ALPHA, "2023", founder=True)) == [
            "College 2020 – …",
            "Alpha 2023 – …",
        ]

    def test_closes_a_chair_that_was_left_for_a_company(self):
        assert told(
            hire(COLLEGE, "2020"), hire(ALPHA, "2023", counterpart=COLLEGE)
        ) == [
            "College 2020 – 2023?",
            "Alpha 2023 – …",
        ]

    @pytest.mark.parametrize("standing", ["rumoured", "denied"])
    def test_does_not_count_what_was_rumoured_or_denied(self, standing):
        assert told(hire(ALPHA, "2020"), left(ALPHA, "2024", standing=standing)) == [
            "Alpha 2020 – …"
        ]

    def test_counts_a_departure_recorded_twice_once(self):
        assert told(
            hire(ALPHA, "2020"), left(LAB, "2024-05-02"), left(ALPHA, "2024-05")
        ) == ["Alpha 2020 – 2024-05-02"]


class TestUnits:
    def test_keep_a_move_inside_a_company_in_one_stint(self):
        events = hire(ALPHA, "2020"), hire(LAB, "2022"), left(INNER, "2024")

        career = career_of(ADA, events)

        assert told(*events) == ["Alpha 2020 – 2024"]
        assert [u.name for u in career.stints[0].units] == ["Lab"]

    def test_are_known_from_a_departure_where_no_hire_names_one(self):
        career = career_of(ADA, [hire(ALPHA, "2020"), left(LAB, "2024")])

        assert career.stints[0].unit == LAB

    def test_let_a_departure_from_the_whole_close_a_stint_in_a_part(self):
        assert told(hire(INNER, "2025"), left(LAB, "2025-08")) == [
            "Alpha 2025 – 2025-08"
        ]


class TestNeverStarted:
    def announced(self):
        return [
            hire(ALPHA, "2024-06"),
            hire(BETA, "2025", never_started=True, counterpart=ALPHA),
            left(BETA, "2025-08", counterpart=ALPHA),
            hire(ALPHA, "2025-08", counterpart=BETA, stated_return=True),
        ]

    def test_opens_no_stint_but_ends_the_one_before(self):
        assert told(*self.announced()) == ["Alpha 2024-06 – 2025?", "Alpha 2025-08 – …"]

    def test_is_listed_with_the_day_it_was_announced(self):
        career = career_of(ADA, self.announced())

        assert [n.company.name for n in career.never_started] == ["Beta"]
        assert career.never_started[0].announced.date.isoformat() == "2025"
        assert career.returned_to == ALPHA


class TestReturns:
    def test_are_seen_in_the_record_itself(self):
        career = career_of(
            ADA,
            [
                hire(ALPHA, "2018"),
                left(ALPHA, "2020"),
                hire(BETA, "2020"),
                hire(ALPHA, "2022"),
            ],
        )

        assert career.returned_to == ALPHA

    def test_are_believed_where_a_source_states_them(self):
        career = career_of(
            ADA, [hire(BETA, "2018"), hire(ALPHA, "2022", stated_return=True)]
        )

        assert career.returned_to == ALPHA


class TestLength:
    def test_says_about_where_a_day_is_that_of_an_announcement(self):
        career = career_of(
            ADA,
            [
                hire(ALPHA, "2025-07-07", date_basis="announced"),
                left(ALPHA, "2026-02-01"),
            ],
        )

        assert str(career.stints[0].length) == "about 6 months"


class TestAnyHistory:
    @given(histories, st.randoms(use_true_random=False))
    def test_does_not_depend_on_the_order_of_the_rows(
        self, events, shuffler: random.Random
    ):
        shuffled = events.copy()
        shuffler.shuffle(shuffled)

        assert career_of(ADA, events) == career_of(ADA, shuffled)

    @given(histories)
    def test_uses_every_counted_event_exactly_once(self, events):
        career = career_of(ADA, events)

        used = [e.pk for stint in career.stints for e in stint.events]
        used += [e.pk for n in career.never_started for e in (n.hire, n.departure) if e]
        counted = [e.pk for e in events if e.standing != "rumoured"]
        assert sorted(used) == sorted(counted)

    @given(histories)
    def test_gives_every_stint_an_event_and_no_stint_two_departures(self, events):
        for stint in career_of(ADA, events).stints:
            assert stint.events
            assert stint.hire in (None, *stint.events)
            assert stint.end is None or stint.end.inferred or stint.departure


@pytest.mark.django_db
class TestCareerCommand:
    def test_prints_a_career_as_json(self, capsys):
        ada = PersonFactory(slug="ada-invented")
        alpha = OrganizationFactory(name="Alpha")
        lab = OrganizationFactory(name="Alpha Lab", parent=alpha)
        EventFactory(
            person=ada,
            organization=lab,
            happened_on="2024-03-01",
            precision="month",
            published=True,
        )
        EventFactory(
            person=ada, organization=alpha, kind="departure", happened_on="2025-01-02"
        )

        call_command("career", "ada-invented")

        assert json.loads(capsys.readouterr().out) == {
            "person": "ada-invented",
            "stints": [
                {
                    "company": "Alpha",
                    "unit": "Alpha Lab",
                    "start": {
                        "date": "2024-03",
                        "precision": "month",
                        "inferred": False,
                    },
                    "end": None,
                }
            ],
        }

    def test_names_the_person_it_does_not_know(self):
        with pytest.raises(CommandError, match="nobody-here"):
            call_command("career", "nobody-here")


@pytest.mark.django_db
class TestGoldenCareers:
    def test_come_out_exactly(self, starter_data):
        slugs = [golden["person"] for golden in GOLDEN]
        events = Event.objects.published().filter(person__slug__in=slugs).with_ends()

        careers = {c.person.slug: as_golden(c) for c in careers_of(events).values()}

        assert [careers[slug] for slug in slugs] == GOLDEN
