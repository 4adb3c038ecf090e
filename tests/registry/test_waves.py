"""Waves at the desk: proposals, one click to draft, edit, publish, withdraw."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from talent.registry import wave_curation
from talent.registry.models import Event, Generation, Wave
from talent.registry.models.waves import WaveEvent
from talent.registry.revisions import revisions_of
from talent.registry.signals import record_changed
from talent.registry.wave_curation import Proposal
from tests.factories import NOON, EventFactory, UserFactory
from tests.registry.curators import address, edit, signed_in, told

pytestmark = pytest.mark.django_db


def proposal(events: list[Event], **told) -> Proposal:
    return Proposal(
        **{
            "key": "20250701-1-2",
            "title": "3 people go from Acme to Umbrella, July 2025",
            "first": date(2025, 7, 1),
            "last": date(2025, 7, 9),
            "people": 3,
            "events": tuple(event.pk for event in events),
            **told,
        }
    )


@pytest.fixture
def events():
    return EventFactory.create_batch(3, published=True)


@pytest.fixture
def draft(events):
    return wave_curation.draft_wave(proposal(events), by=None)[0]


@pytest.fixture
def published(draft):
    wave_curation.publish_wave(draft, at=NOON, by=None)
    return draft


@pytest.fixture
def proposed(events, monkeypatch):
    """The desk finds this proposal, as long as none of its events is in a wave."""

    def propose() -> list[Proposal]:
        in_wave = WaveEvent.objects.filter(event__in=events).exists()
        return [] if in_wave else [proposal(events)]

    monkeypatch.setattr(wave_curation, "proposers", [propose])
    return proposal(events)


class TestDraftWave:
    def test_makes_a_draft_with_an_address_its_days_and_its_events(self, events):
        wave, new = wave_curation.draft_wave(proposal(events), by=None)

        assert new
        assert wave.slug == "3-people-go-from-acme-to-umbrella-july-2025"
        assert (wave.first_day, wave.last_day) == (date(2025, 7, 1), date(2025, 7, 9))
        assert wave.status == "draft"
        assert set(wave.events.all()) == set(events)

    def test_does_nothing_the_second_time(self, events, draft):
        again, new = wave_curation.draft_wave(proposal(events), by=None)

        assert (again, new) == (draft, False)
        assert Wave.objects.count() == 1

    def test_takes_the_next_free_address(self, draft):
        more = EventFactory.create_batch(3, published=True)

        wave, _new = wave_curation.draft_wave(proposal(more), by=None)

        assert wave.slug == "3-people-go-from-acme-to-umbrella-july-2025-2"


class TestPublishWave:
    def test_publishes_a_draft_once(self, draft):
        first = wave_curation.publish_wave(draft, at=NOON, by=None)
        second = wave_curation.publish_wave(draft, at=NOON, by=None)

        draft.refresh_from_db()
        assert (first, second) == (True, False)
        assert (draft.status, draft.published_at) == ("published", NOON)

    def test_refuses_a_wave_of_drafts(self):
        drafts = EventFactory.create_batch(3)
        wave, _new = wave_curation.draft_wave(proposal(drafts), by=None)

        assert not wave_curation.publish_wave(wave, at=NOON, by=None)

    def test_tells_whose_pages_change(
        self, draft, events, django_capture_on_commit_callbacks
    ):
        news = []

        def hear(**told):
            news.append((told["people"], told["companies"]))

        record_changed.connect(hear)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                wave_curation.publish_wave(draft, at=NOON, by=None)
        finally:
            record_changed.disconnect(hear)

        assert news == [({e.person_id for e in events}, {e.company_id for e in events})]

    def test_keeps_who_did_it(self, draft):
        ada = UserFactory(username="ada")

        wave_curation.publish_wave(draft, at=NOON, by=ada)

        assert revisions_of(draft)[0].who == "ada"


class TestWithdrawWave:
    def test_takes_it_off_and_keeps_why(self, published):
        done = wave_curation.withdraw_wave(
            published, at=NOON, by=None, reason="One moved for another reason."
        )

        published.refresh_from_db()
        assert (done, published.status) == (True, "withdrawn")
        assert revisions_of(published)[0].reason == "One moved for another reason."

    def test_is_done_once(self, published):
        wave_curation.withdraw_wave(published, at=NOON, by=None, reason="Why.")

        assert not wave_curation.withdraw_wave(
            published, at=NOON, by=None, reason="Why."
        )

    def test_can_be_taken_back(self, published):
        wave_curation.withdraw_wave(published, at=NOON, by=None, reason="Why.")

        assert wave_curation.wave_back_to_draft(published, at=NOON, by=None)
        assert wave_curation.publish_wave(published, at=NOON, by=None)


class TestWave:
    def test_raises_the_number_of_the_record(self, draft):
        before = Generation.current()

        wave_curation.publish_wave(draft, at=NOON, by=None)

        assert Generation.current() > before

    def test_keeps_every_version(self, published):
        assert published.history.count() == 2
        assert WaveEvent.history.rel.related_model.objects.count() == 3

    def test_has_its_days_in_order(self):
        with pytest.raises(IntegrityError, match="wave_days_in_order"):
            Wave.objects.create(
                slug="w",
                title="W",
                first_day=date(2025, 2, 1),
                last_day=date(2025, 1, 1),
            )

    def test_says_when_it_was_published(self, draft):
        with (
            pytest.raises(IntegrityError, match="wave_published_has_time"),
            transaction.atomic(),
        ):
            Wave.objects.filter(pk=draft.pk).update(status="published")

    def test_has_an_event_once(self, draft, events):
        with pytest.raises(IntegrityError), transaction.atomic():
            WaveEvent.objects.create(wave=draft, event=events[0])

    def test_shows_no_event_that_was_withdrawn(self, published, events):
        Event.objects.filter(pk=events[0].pk).update(status="withdrawn")

        assert set(published.public_events()) == set(events[1:])


class TestDesk:
    def page(self, client):
        response = client.get(reverse("admin:registry_wave_proposals"))
        assert response.status_code == 200
        return response.content.decode()

    def test_lists_proposals_with_their_events(self, proposed, events):
        html = self.page(signed_in("editor"))

        assert proposed.title in html
        assert all(address(event) in html for event in events)

    def test_says_what_would_stand_there(self):
        assert "would stand here" in self.page(signed_in("editor"))

    def test_drafts_a_proposal_in_one_click_and_opens_it(self, proposed):
        ada = signed_in("editor", username="ada")

        response = ada.post(
            reverse("admin:registry_wave_draft_proposal"), {"key": proposed.key}
        )

        wave = Wave.objects.get()
        assert response["Location"] == address(wave)
        assert revisions_of(wave)[0].who == "ada"
        assert proposed.title not in self.page(ada)

    def test_says_that_a_proposal_is_gone(self, proposed):
        response = signed_in("editor").post(
            reverse("admin:registry_wave_draft_proposal"), {"key": "20200101-1-2"}
        )

        assert "not proposed any more" in told(response)[0]
        assert not Wave.objects.exists()

    def test_drafts_nothing_on_a_get(self, proposed):
        url = reverse("admin:registry_wave_draft_proposal")

        assert signed_in("editor").get(url).status_code == 405

    def test_is_closed_to_others(self, proposed, client):
        for name in ("proposals", "draft_proposal"):
            url = reverse(f"admin:registry_wave_{name}")
            assert client.post(url).status_code == 302
        assert not Wave.objects.exists()

    def test_lets_an_editor_write_the_summary_of_a_draft(self, draft):
        edit(signed_in("editor"), draft, summary="They built one thing together.")

        draft.refresh_from_db()
        assert draft.summary == "They built one thing together."

    def test_lets_an_editor_take_an_event_out(self, draft, events):
        edit(signed_in("editor"), draft, parts__0__DELETE="on")

        assert draft.events.count() == 2

    def test_lets_an_editor_add_a_wave_by_hand(self, events):
        edit(
            signed_in("editor"),
            Wave,
            title="A wave",
            first_day="2025-07-01",
            last_day="2025-07-03",
            parts__0__event=events[0].pk,
        )

        wave = Wave.objects.get()
        assert (wave.slug, wave.status) == ("a-wave", "draft")
        assert list(wave.events.all()) == [events[0]]

    def test_keeps_an_editor_from_changing_what_is_public(self, published):
        response = signed_in("editor").get(address(published))

        assert b'name="_save"' not in response.content

    def test_lets_only_a_publisher_publish(self, draft):
        url = address(draft, "publish")

        refused = signed_in("editor").post(url, {"reason": ""})
        done = signed_in("publisher").post(url, {"reason": ""})

        draft.refresh_from_db()
        assert (refused.status_code, done.status_code) == (403, 302)
        assert draft.status == "published"

    def test_asks_for_a_reason_to_withdraw(self, published):
        ada, url = signed_in("publisher"), address(published, "withdraw")

        ada.post(url, {"reason": ""})
        published.refresh_from_db()
        assert published.status == "published"

        ada.post(url, {"reason": "It was none."})
        published.refresh_from_db()
        assert published.status == "withdrawn"

    def test_leads_to_the_public_page_once_there_is_one(self, draft):
        ada = signed_in("editor")

        before = ada.get(address(draft)).content.decode()
        wave_curation.publish_wave(draft, at=NOON, by=None)
        after = ada.get(address(draft)).content.decode()

        assert draft.get_absolute_url() not in before
        assert draft.get_absolute_url() in after

    def test_lists_waves_with_a_way_to_the_proposals(self, draft):
        html = signed_in("editor").get(address(Wave, "changelist")).content.decode()

        assert draft.title in html
        assert reverse("admin:registry_wave_proposals") in html
