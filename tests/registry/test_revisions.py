"""Who did what to a row and to its parts."""

from __future__ import annotations

import pytest

from talent.registry.models import Wave
from talent.registry.models.waves import WaveEvent
from talent.registry.revisions import revisions_of, revisions_since, version_of
from tests.factories import NOON, EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave():
    return Wave.objects.create(
        slug="three", title="Three moved", first_day=NOON, last_day=NOON
    )


class TestHistoryOfAWave:
    def test_names_the_events_that_came_and_went(self, wave):
        event = EventFactory(person__name="Ada Invented")
        part = WaveEvent.objects.create(wave=wave, event=event)
        part.delete()

        told = [
            (step.label, step.thing)
            for revision in revisions_of(wave)
            for step in revision.steps
        ]

        thing = f"event of the wave: {event}"
        assert ("added", thing) in told
        assert ("removed", thing) in told

    def test_has_a_new_version_for_each_of_its_events(self, wave):
        before = version_of(wave)

        WaveEvent.objects.create(wave=wave, event=EventFactory())

        assert version_of(wave) != before
        assert len(revisions_since(wave, before)) == 1
