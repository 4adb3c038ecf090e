"""A reply of whom the record names: sent, verified, published, taken off."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from talent.intake.models import Tip
from talent.registry.models import Reply
from tests.factories import EventFactory
from tests.intake.test_tips import decide, send
from tests.registry.curators import address, signed_in, told

pytestmark = pytest.mark.django_db

WORDS = "I left in May, not in July."


@pytest.fixture
def event():
    return EventFactory(published=True)


@pytest.fixture
def sent(client, event):
    def sent(row):
        send(
            client, "reply", about=f"{row._meta.model_name}:{row.slug}", text=WORDS,
            name="Nova Example", role="self", proof="My page links to it.",
            contact="nova@nova.example",
        )  # fmt: skip
        return Tip.objects.get()

    return sent


def publish(curator, tip, **typed):
    given = {"text": WORDS, "said_by": "Nova Example", "verified_how": "Wrote to her."}
    return curator.post(decide(tip), {"decision": "reply", **given, **typed})


@pytest.mark.parametrize("of", ["event", "person", "organization"])
class TestAReply:
    def test_is_published_only_once_verified(self, client, event, sent, of):
        row = event if of == "event" else getattr(event, of)
        page = row.get_absolute_url()
        tip = sent(row)
        publisher = signed_in("publisher")

        before = client.get(page).content.decode()
        refused = publish(publisher, tip, verified_how="")
        unverified = client.get(page).content.decode()
        publish(publisher, tip)
        after = client.get(page).content.decode()

        assert WORDS not in before
        assert "How it was verified" in told(refused)[0]
        assert WORDS not in unverified
        assert WORDS in after
        assert "Nova Example" in after
        assert "Wrote to her." not in after


class TestPublishing:
    def test_is_not_for_an_editor(self, event, sent):
        response = publish(signed_in("editor"), sent(event))

        assert response.status_code == 403
        assert not Reply.objects.exists()

    def test_is_told_to_who_sent_it(self, client, event, sent):
        tip = sent(event)
        publish(signed_in("publisher"), tip)

        tip.refresh_from_db()
        assert tip.state == "taken"
        assert tip.decided_at <= timezone.now()

    def test_needs_an_address_to_verify(self, client, event):
        response = send(
            client, "reply", about=f"event:{event.slug}", text=WORDS, name="N",
            role="self", proof="x",
        )  # fmt: skip

        assert "This field is required" in response.content.decode()
        assert not Tip.objects.exists()


class TestTakingOff:
    def test_takes_it_off_the_page_and_keeps_it_in_the_history(
        self, client, event, sent
    ):
        publisher = signed_in("publisher")
        publish(publisher, sent(event))
        reply = Reply.objects.get()

        publisher.post(
            reverse("admin:registry_reply_changelist"),
            {"action": "remove_them", "_selected_action": [reply.pk]},
        )

        assert WORDS not in client.get(event.get_absolute_url()).content.decode()
        assert publisher.get(address(reply, "history")).status_code == 200
