"""Moves read from careers: each change once, whichever events record it."""

from __future__ import annotations

from collections import Counter

from hypothesis import given

from talent.insights.careers import career_of
from talent.insights.moves import moves_of
from talent.registry.models import Organization
from tests.insights.histories import (
    ADA,
    ALPHA,
    BETA,
    GAMMA,
    INNER,
    LAB,
    hire,
    histories,
    left,
)


def told(*events) -> list[str]:
    """Each move as "Alpha → Beta", with ? for an end that is not on record."""

    def name(place: Organization | None) -> str:
        return place.name if place else "?"

    return [
        f"{name(move.origin)} → {name(move.destination)}"
        for move in moves_of(career_of(ADA, events))
    ]


class TestMoves:
    def test_count_a_departure_and_the_hire_that_answers_it_once(self):
        assert told(
            hire(ALPHA, "2020"),
            left(ALPHA, "2024-05-02", counterpart=BETA),
            hire(BETA, "2024-05", counterpart=ALPHA),
        ) == ["? → Alpha", "Alpha → Beta"]

    def test_join_the_halves_where_only_one_names_the_other(self):
        assert told(
            left(ALPHA, "2024-05"), hire(BETA, "2024-09", counterpart=ALPHA)
        ) == ["Alpha → Beta"]
        assert told(
            left(ALPHA, "2024-05", counterpart=BETA), hire(BETA, "2024-09")
        ) == ["Alpha → Beta"]

    def test_join_what_follows_one_another_and_say_that_it_is_inferred(self):
        events = hire(ALPHA, "2020"), left(ALPHA, "2024"), hire(BETA, "2025")

        first, second = moves_of(career_of(ADA, events))

        assert (first.inferred, second.inferred) == (False, True)
        assert told(*events) == [
            "? → Alpha",
            "Alpha → Beta",
        ]

    def test_are_one_sided_where_only_a_counterpart_is_known(self):
        assert told(hire(BETA, "2024", counterpart=ALPHA)) == ["Alpha → Beta"]
        assert told(left(ALPHA, "2024", counterpart=BETA)) == ["Alpha → Beta"]

    def test_do_not_join_what_the_record_says_led_elsewhere(self):
        assert told(left(ALPHA, "2024", counterpart=GAMMA), hire(BETA, "2025")) == [
            "Alpha → Gamma",
            "? → Beta",
        ]

    def test_let_one_departure_lead_to_one_of_two_appointments(self):
        moves = told(
            left(ALPHA, "2020-09"),
            hire(BETA, "2020-09", counterpart=ALPHA),
            hire(GAMMA, "2020-09", counterpart=ALPHA),
        )

        assert Counter(moves) == {"Alpha → Beta": 1, "? → Gamma": 1}

    def test_never_come_from_where_nobody_started(self):
        assert told(
            hire(ALPHA, "2024-06"),
            hire(BETA, "2025", never_started=True, counterpart=ALPHA),
            left(BETA, "2025-08", counterpart=ALPHA),
            hire(ALPHA, "2025-08", counterpart=BETA, stated_return=True),
        ) == ["? → Alpha", "Alpha → ?", "? → Alpha"]

    def test_inside_a_company_are_apart(self):
        career = career_of(
            ADA, [hire(ALPHA, "2020"), hire(LAB, "2022"), hire(INNER, "2023")]
        )

        assert [(m.internal, m.destination.name) for m in moves_of(career)] == [
            (False, "Alpha"),
            (True, "Lab"),
            (True, "Inner"),
        ]

    def test_know_a_boomerang(self):
        career = career_of(
            ADA,
            [
                hire(ALPHA, "2018"),
                hire(BETA, "2020"),
                hire(ALPHA, "2022", counterpart=BETA),
            ],
        )

        assert [move.is_return for move in moves_of(career)] == [False, False, True]


class TestAnyHistory:
    @given(histories)
    def test_enters_each_started_stint_once_and_leaves_each_ended_one_once(
        self, events
    ):
        career = career_of(ADA, events)
        moves = [move for move in moves_of(career) if not move.internal]

        started = [i for i, stint in enumerate(career.stints) if stint.start]
        ended = [i for i, stint in enumerate(career.stints) if stint.end]
        assert sorted(m.entered for m in moves if m.entered is not None) == started
        assert sorted(m.left for m in moves if m.left is not None) == ended

    @given(histories)
    def test_never_leads_from_a_company_to_itself(self, events):
        for move in moves_of(career_of(ADA, events)):
            if move.origin and move.destination and not move.internal:
                assert move.origin.company != move.destination.company
