"""The send ledger at the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from talent.accounts.roles import EDITOR
from talent.digests.models import Bounce, Content, Delivery, DeliverySwitch
from tests.accounts.desk import account, enter
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
LIST = "admin:digests_delivery_changelist"


@pytest.fixture
def owner(client):
    return enter(client, account(is_superuser=True))


def delivery(state: str = "sent", **columns) -> Delivery:
    content, _new = Content.objects.get_or_create(
        key="news", defaults={"language": "en", "subject": "Ada joined Initech"}
    )
    return Delivery.objects.create(
        subscriber=SubscriberFactory(address="ada@readers.example"),
        frequency="weekly",
        period_start=NOW.date(),
        window_since=NOW - timedelta(days=7),
        window_until=NOW,
        due_at=NOW,
        state=state,
        sent_at=NOW if state == "sent" else None,
        content=content,
        **columns,
    )


def do(client, action: str, *rows: Delivery):
    chosen = [row.pk for row in rows]
    data = {"action": action, "_selected_action": chosen}
    return client.post(reverse(LIST), data, follow=True)


class TestTheList:
    def test_shows_what_became_of_it_and_masks_the_address(self, client, owner):
        delivery("given_up", error="550 5.1.1 No such user")

        page = client.get(reverse(LIST)).content.decode()

        assert "550 5.1.1 No such user" in page
        assert "Ada joined Initech" in page
        assert "ada@readers.example" not in page

    def test_finds_a_whole_address_only(self, client, owner):
        row = delivery()
        link = reverse("admin:digests_delivery_change", args=[row.pk])

        whole = client.get(reverse(LIST), {"q": "ada@readers.example"})
        part = client.get(reverse(LIST), {"q": "ada"})

        assert link in whole.content.decode()
        assert link not in part.content.decode()

    def test_makes_as_many_queries_for_three_as_for_one(
        self, client, owner, queries_of
    ):
        first = delivery()
        one = queries_of(lambda: client.get(reverse(LIST)))
        for number in range(2):
            first.pk, first.token = None, f"{number:032}"
            first.subscriber = SubscriberFactory()
            first.save()

        assert queries_of(lambda: client.get(reverse(LIST))) == one

    def test_lets_nobody_delete_a_row(self, client, owner):
        row = delivery()

        answer = client.post(reverse("admin:digests_delivery_delete", args=[row.pk]))

        assert answer.status_code == 403
        assert Delivery.objects.exists()


class TestItsActions:
    def test_send_one_again_as_a_new_message(self, client, owner):
        row = delivery(token="0" * 32)

        page = do(client, "send_again", row)

        row.refresh_from_db()
        assert (row.state, row.token != "0" * 32) == ("pending", True)
        assert "sent within a minute" in page.content.decode()

    def test_send_what_is_held(self, client, owner):
        row = delivery("held")

        do(client, "release", row)

        row.refresh_from_db()
        assert row.state == "pending"

    def test_skip_what_is_held(self, client, owner):
        row = delivery("held")

        do(client, "skip", row)

        row.refresh_from_db()
        row.subscriber.refresh_from_db()
        assert row.state == "cancelled"
        assert row.subscriber.covered_until == NOW

    def test_are_not_for_those_who_may_only_look(self, client):
        enter(client, account(EDITOR))

        assert client.get(reverse(LIST)).status_code == 403


class TestTheSwitch:
    def test_stops_everything_and_says_who_did(self, client, owner):
        client.get(reverse("admin:digests_deliveryswitch_changelist"))
        DeliverySwitch.objects.update(last_run_at=NOW)

        client.post(
            reverse("admin:digests_deliveryswitch_change", args=[1]),
            {"stopped": "on", "why": "a wrong name", "per_run": 10, "per_day": 20},
        )

        switch = DeliverySwitch.objects.get()
        assert (switch.stopped, switch.why) == (True, "a wrong name")
        assert switch.changed_by == owner
        assert switch.last_run_at == NOW


class TestBounces:
    def test_are_listed_without_the_address(self, client, owner):
        Bounce.objects.create(
            delivery=delivery(),
            kind="hard",
            status="5.1.1",
            said="no such user",
            at=NOW,
        )

        page = client.get(reverse("admin:digests_bounce_changelist")).content.decode()

        assert "no such user" in page
        assert "ada@readers.example" not in page
