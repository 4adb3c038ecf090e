"""Three people or more within fourteen days: what is proposed, and what is not."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent.insights.figures.waves import Step, clusters, proposals
from talent.insights.refresh import refresh_all
from talent.registry import wave_curation
from tests.factories import NOON, EventFactory, OrganizationFactory

FIRST = date(2025, 7, 1)
numbers = count(1)


def step(day: int, origin: int, destination: int, person: int | None = None) -> Step:
    number = next(numbers)
    return Step(number, person or number, FIRST + timedelta(day), origin, destination)


def moves_of(cluster) -> list[int]:
    return [each.move for each in cluster.steps]


class TestClusters:
    def test_joins_three_moves_between_the_same_two(self):
        steps = [step(0, 1, 2), step(5, 1, 2), step(13, 1, 2)]

        (found,) = clusters(steps)

        assert found.link == (1, 2)
        assert moves_of(found) == [each.move for each in steps]

    def test_says_what_the_moves_share(self):
        left = [step(0, 1, 2), step(1, 1, 3), step(2, 1, 0)]
        joined = [step(0, 4, 9), step(1, 5, 9), step(2, 0, 9)]

        assert {each.link for each in clusters(left + joined)} == {(1, 0), (0, 9)}

    @pytest.mark.parametrize(
        "steps",
        [
            [step(0, 1, 2), step(1, 1, 2)],  # two
            [step(0, 1, 2), step(5, 1, 2), step(14, 1, 2)],  # in fifteen days
            [step(0, 1, 2), step(1, 3, 4), step(2, 5, 6)],  # with nothing in common
            [step(0, 1, 2), step(1, 2, 3), step(2, 3, 4)],  # one end is another's start
            [step(0, 1, 2, 7), step(3, 1, 2, 7), step(6, 1, 2, 8)],  # two people
            [step(0, 0, 0), step(1, 0, 0), step(2, 0, 0)],  # ends not on record
        ],
    )
    def test_proposes_nothing_less(self, steps):
        assert clusters(steps) == []

    def test_takes_the_window_with_the_most_people(self):
        """Days 0, 10, 12, 13, 20: the four from day 10 on, and not the four before."""
        days = [step(day, 1, 2) for day in (0, 10, 12, 13, 20, 22)]

        (found,) = clusters(days)

        assert moves_of(found) == [each.move for each in days[1:]]

    def test_prefers_a_pair_to_a_company_with_as_many(self):
        steps = [step(0, 1, 2), step(1, 1, 2), step(2, 1, 2)]

        (found,) = clusters(steps)

        assert found.link == (1, 2)

    def test_prefers_more_people_to_a_pair(self):
        steps = [*(step(day, 1, 2) for day in range(3)), step(3, 1, 5)]

        (found,) = clusters(steps)

        assert found.link == (1, 0)
        assert found.people == 4

    def test_is_the_same_whatever_the_order(self):
        steps = [
            step(day, origin, destination)
            for day, origin, destination in zip(
                range(0, 40), [1, 2, 3, 1] * 10, [4, 4, 5, 6] * 10, strict=True
            )
        ]

        assert clusters(steps) == clusters(reversed(steps))

    @given(
        st.lists(
            st.tuples(st.integers(0, 40), st.integers(0, 3), st.integers(4, 7)),
            max_size=30,
        )
    )
    def test_never_proposes_a_move_twice_nor_less_than_promised(self, drawn):
        found = clusters([step(*each) for each in drawn])

        moves = [move for cluster in found for move in moves_of(cluster)]
        assert len(moves) == len(set(moves))
        for cluster in found:
            days = [each.day for each in cluster.steps]
            assert cluster.people >= 3
            assert max(days) - min(days) < timedelta(days=14)
            origin, destination = cluster.link
            assert all(
                origin in (0, each.origin) and destination in (0, each.destination)
                for each in cluster.steps
            )

    @given(
        st.lists(
            st.tuples(st.integers(0, 30), st.integers(1, 2), st.integers(3, 4)),
            max_size=20,
        )
    )
    def test_leaves_no_wave_among_what_it_did_not_take(self, drawn):
        steps = [step(*each) for each in drawn]
        taken = {move for cluster in clusters(steps) for move in moves_of(cluster)}

        assert clusters(each for each in steps if each.move not in taken) == []


@pytest.mark.django_db
class TestProposals:
    @pytest.fixture
    def acme(self):
        return OrganizationFactory(name="Acme")

    def hire(self, acme, day, **told):
        told.setdefault("counterpart", OrganizationFactory())
        return EventFactory(
            published=True, organization=acme, happened_on=date(2025, 7, day), **told
        )

    def proposed(self):
        refresh_all(at=NOON, force=True)
        return proposals()

    def test_names_the_events_the_days_and_the_company(self, acme):
        events = [self.hire(acme, day) for day in (1, 4, 9)]

        (found,) = self.proposed()

        assert found.title == "3 people join Acme, July 2025"
        assert (found.first, found.last) == (date(2025, 7, 1), date(2025, 7, 9))
        assert found.events == tuple(event.pk for event in events)

    @pytest.mark.parametrize(
        "told",
        [
            {"standing": "rumoured"},
            {"standing": "denied"},
            {"background": True},
            {"never_started": True},
        ],
    )
    def test_counts_only_moves_that_count_and_are_news(self, acme, told):
        self.hire(acme, 1)
        self.hire(acme, 2)
        self.hire(acme, 3, **told)

        assert self.proposed() == []

    def test_cannot_place_a_vague_date(self, acme):
        self.hire(acme, 2)
        self.hire(acme, 3)
        self.hire(acme, 1, precision="month")

        assert self.proposed() == []

    def test_follows_a_unit_to_its_company(self, acme):
        lab = OrganizationFactory(name="Lab", parent=acme)
        self.hire(acme, 1)
        self.hire(lab, 2)
        self.hire(lab, 3)

        (found,) = self.proposed()

        assert found.people == 3

    def test_are_none_of_moves_that_are_in_a_wave(self, acme):
        for day in (1, 2, 3):
            self.hire(acme, day)
        (found,) = self.proposed()
        wave, _new = wave_curation.draft_wave(found, by=None)
        wave_curation.withdraw_wave(wave, at=NOON, by=None, reason="No wave.")

        assert proposals() == []

    def test_are_the_same_a_second_time(self, acme):
        for day in (1, 2, 3):
            self.hire(acme, day)

        assert self.proposed() == proposals()

    def test_need_two_queries(self, acme, queries_of):
        for day in (1, 2, 3):
            self.hire(acme, day)
        refresh_all(at=NOON, force=True)

        assert queries_of(proposals) == 2
