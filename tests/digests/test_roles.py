"""What editors and publishers may do with digests at the desk."""

from __future__ import annotations

import pytest
from django.urls import reverse

from talent.digests.models import Delivery
from tests.digests.test_admin_deliveries import delivery, do
from tests.factories import SubscriberFactory
from tests.registry.curators import signed_in

pytestmark = pytest.mark.django_db

SUBSCRIBERS = reverse("admin:digests_subscriber_changelist")
DELIVERIES = reverse("admin:digests_delivery_changelist")


def previewed(client, subscriber):
    name = "admin:digests_subscriber_preview"
    return client.get(reverse(name, args=[subscriber.pk])).status_code


class TestAnEditor:
    def test_previews_a_digest_and_sees_no_address(self):
        editor = signed_in("editor")
        subscriber = SubscriberFactory(address="ada@readers.example")

        page = editor.get(SUBSCRIBERS)

        assert "ada@readers.example" not in page.content.decode()
        assert previewed(editor, subscriber) == 200

    def test_neither_holds_nor_releases(self):
        editor = signed_in("editor")

        assert editor.get(DELIVERIES).status_code == 403
        switch = editor.get(reverse("admin:digests_deliveryswitch_changelist"))
        assert switch.status_code == 200
        page = editor.get(reverse("admin:digests_deliveryswitch_change", args=[1]))
        assert 'name="stopped"' not in page.content.decode()


class TestAPublisher:
    def test_releases_what_is_held(self):
        publisher, held = signed_in("publisher"), delivery("held")

        do(publisher, "release", held)

        assert Delivery.objects.get().state != "held"

    def test_holds_everything(self):
        publisher = signed_in("publisher")
        publisher.get(reverse("admin:digests_deliveryswitch_changelist"))

        page = publisher.get(reverse("admin:digests_deliveryswitch_change", args=[1]))

        assert 'name="stopped"' in page.content.decode()

    def test_reveals_no_address_and_stops_nobody(self):
        publisher = signed_in("publisher")
        ada = SubscriberFactory(address="ada@readers.example")

        reveal = publisher.post(
            reverse("admin:digests_subscriber_reveal", args=[ada.pk])
        )
        publisher.post(
            SUBSCRIBERS, {"action": "stop_them", "_selected_action": [ada.pk]}
        )

        assert reveal.status_code == 403
        ada.refresh_from_db()
        assert ada.stopped_at is None
