"""Which events an endpoint is told of, and as what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talent.opendata.hooks import owning, planning, sending
from talent.opendata.models import EventChange, HookDelivery
from talent.registry import curation, merging, removals
from talent.registry.models import Event, Source
from tests.factories import (
    NOON,
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    decided_by_two,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=5)
MUCH_LATER = NOON + timedelta(minutes=10)


def published(**columns) -> Event:
    """After the webhook was made."""
    return EventFactory(
        published=True, published_at=NOON + timedelta(seconds=1), **columns
    )


class TestPlan:
    def test_tells_what_is_published_changed_and_withdrawn(
        self, new_hook, receiver, tell
    ):
        new_hook()
        draft = EventFactory()
        tell()
        assert receiver.kinds == []

        curation.publish(draft, at=LATER, by=None)
        tell(at=LATER)
        with decided_by_two():
            curation.deny(draft, at=MUCH_LATER, by=None, reason="x")
        tell(at=MUCH_LATER)

        assert receiver.kinds == ["event.published", "event.withdrawn"]

    def test_says_what_the_api_says(self, client, new_hook, receiver, tell):
        new_hook()
        event = published(person__name_zh="庞若鸣")

        tell()

        (message,) = receiver.received
        row = client.get(f"/api/v1/events/{event.slug}").json()
        assert message.data["event"] == row
        assert message.data["number"] == event.pk
        assert "庞若鸣" in message.body.decode()

    def test_numbers_later_states_of_an_event_higher(self, new_hook, receiver, tell):
        new_hook()
        event = published()
        tell()

        Event.objects.filter(pk=event.pk).update(title="Chief scientist")
        tell(at=LATER)

        first, second = receiver.received
        assert second.kind == "event.changed"
        assert second.data["event"]["title"] == "Chief scientist"
        assert second.data["version"] > first.data["version"]
        assert second.id != first.id

    def test_asks_the_filter_of_each_webhook(self, new_hook, tell):
        acme, initech = OrganizationFactory.create_batch(2)
        of_acme = new_hook(f"company={acme.slug}")
        of_departures = new_hook("kind=departure")

        published(organization=acme)
        published(organization=initech, kind="departure")
        published(organization=acme, standing="rumoured")
        tell()

        assert of_acme.deliveries.count() == of_departures.deliveries.count() == 1

    def test_tells_of_an_event_that_leaves_the_filter(self, new_hook, receiver, tell):
        acme, initech = OrganizationFactory.create_batch(2)
        new_hook(f"company={acme.slug}")
        event = published(organization=acme)
        tell()

        Event.objects.filter(pk=event.pk).update(organization=initech)
        tell(at=LATER)
        Event.objects.filter(pk=event.pk).update(title="Nothing to them")
        tell(at=MUCH_LATER)

        assert receiver.kinds == ["event.published", "event.withdrawn"]

    def test_tells_changes_of_sources_names_and_addresses(
        self, new_hook, receiver, tell
    ):
        event = EventFactory(published=True, published_at=NOON)
        unit = OrganizationFactory(parent=event.organization)
        in_unit = EventFactory(
            published=True, published_at=NOON, organization=unit, person=event.person
        )
        citation = CitationFactory(event=event)
        hook = new_hook()

        def told_of() -> set[int]:
            hook.deliveries.all().delete()
            tell()
            return set(hook.deliveries.values_list("event", flat=True))

        citation.delete()
        assert told_of() == {event.pk}
        CitationFactory(event=in_unit)
        assert told_of() == {in_unit.pk}
        Source.objects.filter(citations__event=in_unit).update(url="https://x.example")
        assert told_of() == {in_unit.pk}
        event.person.name = "Another Name"
        event.person.save()
        assert told_of() == {event.pk, in_unit.pk}
        unit.seat = "academia"
        unit.save()
        assert told_of() == {in_unit.pk}
        unit.parent = OrganizationFactory()
        unit.save()
        assert told_of() == {in_unit.pk}
        unit.country = "FR"  # is in no row of events
        unit.save()
        assert told_of() == set()

    def test_makes_one_message_of_many_edits(self, new_hook, receiver, tell):
        hook = new_hook()
        event = published()

        for number in range(6):
            Event.objects.filter(pk=event.pk).update(title=f"Title {number}")
            planning.plan(at=NOON + timedelta(seconds=number))
        tell(at=NOON + timedelta(seconds=15))

        assert receiver.kinds == ["event.published"]
        assert receiver.received[0].data["event"]["title"] == "Title 5"
        assert hook.deliveries.count() == 1

    def test_says_nothing_of_what_came_and_went_unseen(self, new_hook, receiver, tell):
        hook = new_hook()
        event = published()
        planning.plan(at=NOON)

        curation.withdraw(event, at=NOON, by=None, reason="x")
        tell()

        assert receiver.kinds == []
        assert hook.deliveries.get().state == HookDelivery.State.NEEDLESS

    def test_withdraws_what_was_known_before_the_webhook_was_there(
        self, new_hook, receiver, tell
    ):
        withdrawn, denied, quiet = EventFactory.create_batch(
            3, published=True, published_at=NOON - timedelta(days=1)
        )
        new_hook(f"company={denied.organization.slug}")

        curation.withdraw(withdrawn, at=NOON, by=None, reason="x")
        with decided_by_two():
            curation.deny(denied, at=NOON, by=None, reason="x")
        Event.objects.filter(pk=quiet.pk).update(title="Not of its company")
        tell()

        numbers = {each.data["number"] for each in receiver.received}
        assert set(receiver.kinds) == {"event.withdrawn"}
        assert numbers == {withdrawn.pk, denied.pk}

    def test_replaces_many_messages_by_one(self, new_hook, receiver, tell, monkeypatch):
        monkeypatch.setattr(planning, "MOST_WAITING", 3)
        new_hook("kind=hire")
        EventFactory.create_batch(3, published=True)
        planning.plan(at=NOON)

        events = EventFactory.create_batch(2, published=True)
        tell()
        Event.objects.filter(pk=events[0].pk).update(title="Afterwards")
        tell(at=LATER)

        assert receiver.kinds == ["list.changed", "event.changed"]
        assert receiver.received[0].data["jsonl"].endswith("events.jsonl?kind=hire")

    def test_goes_on_where_it_stopped_after_a_pause(self, new_hook, receiver, tell):
        hook = new_hook(state="paused")
        event = published()
        tell()
        assert receiver.kinds == []

        hook.state = "active"
        hook.save()
        tell(at=LATER)

        assert [each.data["number"] for each in receiver.received] == [event.pk]

    def test_lets_whoever_was_away_too_long_read_the_list(
        self, new_hook, receiver, tell
    ):
        hook = new_hook(state="paused")
        published()
        planning.plan(at=NOON)
        EventChange.objects.update(at=NOON)

        owning.forget(at=NOON + timedelta(days=31))
        hook.state = "active"
        hook.save()
        published()
        tell(at=LATER)

        assert receiver.kinds == ["list.changed"]

    def test_keeps_nothing_while_nobody_listens(self, new_hook, receiver, tell):
        planning.plan(at=NOON)
        EventFactory(published=True)
        planning.plan(at=NOON)
        assert not EventChange.objects.exists()

        new_hook()
        event = published()
        tell()

        assert [each.data["number"] for each in receiver.received] == [event.pk]

    def test_costs_no_more_queries_for_more_events(self, new_hook, queries_of):
        new_hook("kind=hire")
        planning.plan(at=NOON)

        published()
        for_one = queries_of(lambda: planning.plan(at=NOON))
        [published() for _each in range(4)]
        for_four = queries_of(lambda: planning.plan(at=LATER))

        assert for_four == for_one


class TestRemovals:
    def test_leave_no_name_behind(self, new_hook, receiver, tell):
        person = PersonFactory(name="Ada Lovelace", slug="ada-lovelace")
        hook = new_hook(f"person={person.slug}")
        receiver.answer = (500, b"cannot store Ada Lovelace", {})
        event = published(person=person, slug="ada-lovelace-hire")
        tell()
        receiver.answer = (204, b"", {})

        removals.remove_person(person, by=None, at=LATER)
        tell(at=LATER)

        hook.refresh_from_db()
        assert receiver.kinds == ["event.published", "event.withdrawn"]
        assert receiver.received[-1].data.keys() == {"number", "version"}
        assert receiver.received[-1].data["number"] == event.pk
        assert "lovelace" not in receiver.received[-1].body.decode().lower()
        assert "ada" not in hook.query
        said = hook.deliveries.values_list("tries__said", flat=True)
        assert not any("Lovelace" in each for each in said)

    def test_reach_messages_that_wait(self, new_hook, receiver, tell):
        hook = new_hook()
        receiver.answers = [(500, b"cannot store it", {})]
        event = published()
        tell()
        Event.objects.filter(pk=event.pk).update(title="Changed")
        planning.plan(at=LATER)

        removals.remove_event(event, by=None, at=LATER)
        tell(at=LATER)

        assert receiver.kinds == ["event.published", "event.withdrawn"]
        said = hook.deliveries.values_list("tries__said", flat=True)
        assert not any(said)

    def test_reach_what_nobody_was_told_yet(self, new_hook, receiver):
        hook = new_hook()
        event = published()
        planning.plan(at=NOON)

        removals.remove_event(event, by=None, at=NOON)
        sending.send_due(clock=lambda: LATER, door=receiver.door)

        assert receiver.received == []
        assert hook.deliveries.get().state == HookDelivery.State.NEEDLESS

    def test_merged_people_are_told_as_changes(self, new_hook, receiver, tell):
        new_hook()
        event = published(person__name="Ada Lovelace")
        kept = PersonFactory(name="Ada King")
        tell()

        merging.merge_people(kept, event.person, at=LATER, by=None)
        tell(at=LATER)

        assert receiver.kinds == ["event.published", "event.changed"]
        assert receiver.received[-1].data["event"]["person"] == kept.slug
