"""Stated reasons of moves: each move once, with "no reason stated" among them."""

from __future__ import annotations

from datetime import date

import pytest

from talent.insights.figures.reasons import reasons_of
from talent.insights.models import Move
from talent.insights.refresh import refresh_all
from talent.registry.models import EventReason
from tests.factories import (
    NOON,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    ReasonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    return ReasonFactory(name="mission")


def state(event, reason, by=""):
    EventReason.objects.create(event=event, reason=reason, stated_by=by)


def moved(**told):
    """Both events of one move from one company to another."""
    person, origin = PersonFactory(), OrganizationFactory()
    destination = OrganizationFactory()
    departure = EventFactory(
        published=True,
        departure=True,
        person=person,
        organization=origin,
        counterpart=destination,
        happened_on=date(2025, 5, 1),
        **told,
    )
    hire = EventFactory(
        published=True,
        person=person,
        organization=destination,
        counterpart=origin,
        happened_on=date(2025, 5, 2),
        **told,
    )
    return departure, hire


def counted():
    refresh_all(at=NOON, force=True)
    return reasons_of(Move.objects.filter(internal=False, rumoured=False))


class TestReasonsOf:
    def test_counts_a_reason_stated_at_both_ends_once(self, mission):
        for event in moved():
            state(event, mission)

        found = counted()

        assert (found.moves, found.unstated) == (1, 0)
        assert found.reasons == ((mission.pk, 1),)

    def test_counts_moves_without_a_reason(self, mission):
        state(moved()[0], mission)
        moved()
        moved()

        found = counted()

        assert (found.moves, found.unstated) == (3, 2)

    def test_counts_each_of_several_reasons(self, mission):
        departure, hire = moved()
        other = ReasonFactory(name="compute access")
        state(departure, mission)
        state(hire, other)

        found = counted()

        assert found.unstated == 0
        assert set(found.reasons) == {(mission.pk, 1), (other.pk, 1)}

    def test_tells_who_states_them(self, mission):
        state(moved()[0], mission, by="the company")
        state(moved()[0], mission)
        state(moved()[1], mission)

        assert counted().tellers == (("", 2), ("the company", 1))

    def test_leaves_out_a_rumour(self, mission):
        state(moved(standing="rumoured")[0], mission)

        assert counted().moves == 0

    def test_needs_one_query(self, mission, queries_of):
        state(moved()[0], mission)

        assert queries_of(lambda: reasons_of(Move.objects.all())) == 1
