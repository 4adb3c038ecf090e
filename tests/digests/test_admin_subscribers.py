"""Subscribers at the desk: masked, never exported, and each look at an address on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from talent.accounts.roles import EDITOR
from talent.digests import subscribing
from talent.digests.models import Content, Delivery, Subscriber
from tests.accounts.desk import account, enter
from tests.digests.mailbox import ADA
from tests.factories import FollowFactory, SubscriberFactory

LIST = "admin:digests_subscriber_changelist"


@pytest.fixture
def ada(db):
    subscriber = SubscriberFactory(address=ADA)
    FollowFactory(subscriber=subscriber, query="seat=quant")
    return subscriber


@pytest.fixture
def chief(client, db):
    return enter(client, account(is_superuser=True))


@pytest.fixture
def clerk(client, db):
    """May see and change subscribers, and see no address."""
    user = account(EDITOR)
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="digests",
            codename__in=["view_subscriber", "change_subscriber"],
        )
    )
    return enter(client, user)


def act(client, action, *subscribers):
    return client.post(
        reverse(LIST),
        {"action": action, "_selected_action": [each.pk for each in subscribers]},
        follow=True,
    )


def page_of(client, subscriber):
    return client.get(reverse("admin:digests_subscriber_change", args=[subscriber.pk]))


def reveal(client, subscriber):
    return client.post(reverse("admin:digests_subscriber_reveal", args=[subscriber.pk]))


class TestList:
    def test_masks_the_address(self, client, chief, ada):
        text = client.get(reverse(LIST)).content.decode()

        assert "a…@r…" in text
        assert ADA not in text

    def test_finds_a_whole_address_and_no_part_of_one(self, client, chief, ada):
        found = [
            client.get(reverse(LIST), {"q": text}).context["cl"].result_count
            for text in (ADA.upper(), "ada", "readers.example", "@", "a…@r…")
        ]

        assert found == [1, 0, 0, 0, 0]

    @pytest.mark.parametrize(
        "lookup", ["address__startswith", "address_key__contains", "secret__startswith"]
    )
    def test_lets_nobody_guess_letter_by_letter(self, client, chief, ada, lookup):
        assert client.get(reverse(LIST), {lookup: "a"}).status_code == 400

    @pytest.mark.parametrize(
        ("state", "names"),
        [("on", {"on"}), ("paused", {"paused"}), ("stopped", {"stopped"})],
    )
    def test_can_be_narrowed_to_a_state(self, client, chief, state, names):
        rows = {name: SubscriberFactory() for name in ("on", "paused", "stopped")}
        today = timezone.localdate()
        subscribing.pause(rows["paused"], until=today + timedelta(days=9))
        subscribing.stop(rows["stopped"], how="link", at=timezone.now())

        shown = client.get(reverse(LIST), {"state": state}).context["cl"].result_list

        assert set(shown) == {rows[name] for name in names}

    def test_offers_no_export_and_no_new_subscriber(self, client, chief, ada):
        page = client.get(reverse(LIST))

        actions = dict(page.context["action_form"].fields["action"].choices)
        assert set(actions) == {
            *("", "delete_selected", "stop_them", "pause_them", "resume_them")
        }
        added = client.get(reverse("admin:digests_subscriber_add"))
        assert added.status_code == 403

    def test_asks_as_much_for_thirty_as_for_three(self, client, chief, queries_of):
        SubscriberFactory.create_batch(3)
        with_three = queries_of(lambda: client.get(reverse(LIST)))

        SubscriberFactory.create_batch(27)

        assert queries_of(lambda: client.get(reverse(LIST))) == with_three


class TestPage:
    def test_says_what_is_followed_and_what_was_sent(self, client, chief, ada):
        now = timezone.now()
        content = Content.objects.create(
            key="k", language="en", subject="Bea left Acme", html="", text=""
        )
        Delivery.objects.create(
            subscriber=ada,
            frequency="weekly",
            period_start=now.date(),
            window_since=now - timedelta(days=7),
            window_until=now,
            due_at=now,
            sent_at=now,
            state="sent",
            content=content,
        )

        text = page_of(client, ada).content.decode()

        assert "seat: Quant" in text
        assert "Bea left Acme" in text
        assert ADA not in text

    def test_changes_nothing_by_hand(self, client, chief, ada):
        path = reverse("admin:digests_subscriber_change", args=[ada.pk])
        client.post(path, {"address": "eve@evil.example", "hour": "3"})

        ada.refresh_from_db()
        assert (ada.address, ada.hour) == (ADA, 8)

    def test_deletes_really(self, client, chief, ada):
        path = reverse("admin:digests_subscriber_delete", args=[ada.pk])
        client.post(path, {"post": "yes"})

        assert not Subscriber.objects.exists()
        assert ADA not in str(list(LogEntry.objects.values()))


class TestShowingTheAddress:
    def test_is_kept_in_the_history(self, client, chief, ada):
        answer = reveal(client, ada)

        entry = LogEntry.objects.get()
        history = client.get(
            reverse("admin:digests_subscriber_history", args=[ada.pk])
        ).content.decode()
        assert ADA in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert entry.user == chief
        assert "Was shown the address" in history
        assert ADA not in history

    def test_wants_a_permission_of_its_own(self, client, clerk, ada):
        answer = reveal(client, ada)

        assert answer.status_code == 403
        assert ADA not in answer.content.decode()
        assert not LogEntry.objects.exists()
        assert "Show the address" not in page_of(client, ada).content.decode()

    def test_does_not_happen_by_looking(self, client, chief, ada):
        path = reverse("admin:digests_subscriber_reveal", args=[ada.pk])

        assert client.get(path).status_code == 405
        assert not LogEntry.objects.exists()

    def test_is_for_nobody_outside(self, client, ada):
        answer = reveal(client, ada)

        assert answer.status_code == 302
        assert ADA not in answer.content.decode()


class TestActions:
    def test_stop(self, client, clerk, ada):
        answer = act(client, "stop_them", ada)

        ada.refresh_from_db()
        assert ada.stopped_how == "desk"
        assert "The mail of 1 subscriber is stopped." in answer.content.decode()
        assert LogEntry.objects.get().get_change_message() == "Stopped the mail."

    def test_pause(self, client, clerk, ada):
        act(client, "pause_them", ada)

        ada.refresh_from_db()
        assert ada.paused_until == timezone.localdate() + timedelta(days=30)

    def test_resume_ends_a_pause_and_a_stop_of_the_desk(self, client, clerk, ada):
        act(client, "pause_them", ada)
        act(client, "stop_them", ada)

        act(client, "resume_them", ada)

        ada.refresh_from_db()
        assert (ada.paused_until, ada.stopped_at) == (None, None)

    def test_resume_writes_to_nobody_who_stopped_by_themselves(
        self, client, clerk, ada
    ):
        subscribing.stop(ada, how="one_click", at=timezone.now())

        answer = act(client, "resume_them", ada)

        ada.refresh_from_db()
        assert ada.stopped_at is not None
        assert "The mail of 0 subscribers goes on." in answer.content.decode()

    def test_are_not_for_who_may_only_look(self, client, ada):
        user = account(EDITOR)
        user.user_permissions.set(Permission.objects.filter(codename="view_subscriber"))
        enter(client, user)

        act(client, "stop_them", ada)

        ada.refresh_from_db()
        assert ada.stopped_at is None
