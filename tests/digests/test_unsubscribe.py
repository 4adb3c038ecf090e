"""Stopping: one click, from any mail ever sent, for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.response import TemplateResponse
from django.test import Client

from talent.digests import addresses, links, subscribing
from talent.digests.models import Delivery, Request, Subscriber, Suppression
from tests.digests.mailbox import ADA, Clock, confirmed, post, sign_up
from tests.factories import FollowFactory, SubscriberFactory

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def ada(db):
    subscriber = SubscriberFactory(address=ADA)
    FollowFactory(subscriber=subscriber)
    return subscriber


@pytest.fixture
def path(ada):
    return path_of(ada)


def path_of(subscriber):
    return f"/subscribe/stop/{links.stop_token(subscriber)}/"


def stopped(subscriber):
    subscriber.refresh_from_db()
    return subscriber.stopped_at is not None


class TestOneClick:
    def test_stops_at_once_without_a_cookie_or_another_page(
        self, client, ada, path, clock
    ):
        answer = client.post(path, ONE_CLICK)

        ada.refresh_from_db()
        assert answer.status_code == 200
        assert not answer.cookies
        assert (ada.stopped_at, ada.stopped_how) == (clock.now, "one_click")

    def test_needs_no_csrf_token(self, ada, path):

        answer = Client(enforce_csrf_checks=True).post(
            path, ONE_CLICK, headers={"Origin": "https://mail.example"}
        )

        assert answer.status_code == 200
        assert stopped(ada)

    def test_takes_the_body_as_form_data_too(self, client, ada, path):
        body = (
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
            "One-Click\r\n--x--\r\n"
        )

        answer = client.post(path, body, content_type="multipart/form-data; boundary=x")

        ada.refresh_from_db()
        assert answer.status_code == 200
        assert ada.stopped_how == "one_click"

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"", "application/x-www-form-urlencoded"),
            (b"List-Unsubscribe=one-click", "application/x-www-form-urlencoded"),
            (b"\xff\xfe", "application/octet-stream"),
            (b"broken", "multipart/form-data; boundary=x"),
        ],
    )
    def test_stops_whatever_the_body_is(self, client, ada, path, body, kind):
        answer = client.post(path, body, content_type=kind)

        assert answer.status_code == 200
        assert stopped(ada)

    def test_twice_is_the_same_as_once(self, client, ada, path, clock):
        client.post(path, ONE_CLICK)
        first = Subscriber.objects.values().get()
        clock.later(days=3)

        answer = client.post(path, ONE_CLICK)

        assert answer.status_code == 200
        assert Subscriber.objects.values().get() == first

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_does_not_happen_by_looking(self, client, ada, path, method):
        answer = getattr(client, method)(path)

        assert answer.status_code == 200
        assert not stopped(ada)

    def test_works_from_a_mail_of_years_ago(self, client, ada, path, clock):
        clock.later(days=3 * 365)

        client.post(path, ONE_CLICK)

        assert stopped(ada)

    def test_works_after_a_change_of_keys(self, client, ada, path, settings):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key for signing, as long as keys should be" * 2

        client.post(path, ONE_CLICK)

        assert stopped(ada)

    def test_works_after_the_address_has_changed(self, client, ada, path):
        ada.readdress("ada@elsewhere.example")
        ada.save()

        client.post(path, ONE_CLICK)

        assert stopped(ada)

    def test_answers_the_same_after_the_subscriber_is_gone(self, client, ada, path):
        subscribing.delete(ada)

        answer = client.post(path, ONE_CLICK)

        assert answer.status_code == 200
        assert "Nothing is sent" in answer.content.decode()

    def test_never_stops_who_got_the_number_of_somebody_restored_from_a_backup(
        self, client, ada, path
    ):
        number = ada.pk
        subscribing.delete(ada)
        bea = SubscriberFactory(pk=number, address="bea@readers.example")

        answer = client.post(path, ONE_CLICK)

        assert answer.status_code == 200
        assert not stopped(bea)

    def test_of_500_readers_from_one_address_none_is_refused(
        self, client, db, monkeypatch
    ):
        # Whether one is refused is decided before the page is drawn.
        monkeypatch.setattr(TemplateResponse, "rendered_content", "")
        readers = Subscriber.objects.bulk_create(SubscriberFactory.build_batch(500))

        answers = {
            client.post(path_of(reader), ONE_CLICK, REMOTE_ADDR="192.0.2.1").status_code
            for reader in readers
        }

        assert answers == {200}
        assert not Subscriber.objects.filter(stopped_at=None).exists()

    def test_asks_the_database_little(self, ada, path, client, queries_of):
        assert queries_of(lambda: client.post(path, ONE_CLICK)) <= 4

    @pytest.mark.parametrize("place", [0, 3, -1, 30])
    def test_knows_no_changed_link(self, client, ada, place):
        token = list(links.stop_token(ada))
        token[place] = "1" if token[place] != "1" else "2"

        answer = client.post(f"/subscribe/stop/{''.join(token)}/", ONE_CLICK)

        assert answer.status_code == 404
        assert not stopped(ada)

    def test_counts_the_token_of_the_address_not_one_of_the_body(
        self, client, ada, path
    ):
        bea = SubscriberFactory()

        client.post(path, {**ONE_CLICK, "token": links.stop_token(bea)})

        assert stopped(ada)
        assert not stopped(bea)

    def test_is_not_done_by_the_link_to_the_settings(self, client, ada):
        answer = client.post(f"/subscribe/stop/{links.manage_token(ada)}/", ONE_CLICK)

        assert answer.status_code == 404
        assert not stopped(ada)


class TestPage:
    def test_has_a_button_and_what_one_may_do_instead(self, client, path):
        text = client.get(path).content.decode()

        assert "Stop the mail?" in text
        assert "Pause for 30 days" in text
        assert "Once a month only" in text

    def test_is_kept_by_nobody_and_tells_no_other_site(self, client, path):
        page = client.get(path)

        assert not page.cookies
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]

    def test_stops_by_its_button(self, client, ada, path):
        answer = client.post(path)

        ada.refresh_from_db()
        assert ada.stopped_how == "link"
        assert "Undo" in answer.content.decode()

    def test_shows_no_address(self, client, path):
        assert "@" not in client.get(path).content.decode().split("<main")[1]


class TestInstead:
    def test_undo_goes_on_as_before(self, client, ada, path):
        client.post(path, ONE_CLICK)

        answer = client.post(f"{path}undo/")

        ada.refresh_from_db()
        assert answer.status_code == 200
        assert (ada.stopped_at, ada.stopped_how) == (None, "")
        assert ada.follows.count() == 1

    def test_pause_sends_nothing_for_30_days(self, client, ada, path, clock):
        client.post(path, ONE_CLICK)

        client.post(f"{path}pause/")

        ada.refresh_from_db()
        assert ada.stopped_at is None
        assert ada.paused_until == clock.now.date() + timedelta(days=30)

    def test_fewer_sends_monthly(self, client, ada, path):
        client.post(f"{path}fewer/")

        ada.refresh_from_db()
        assert ada.frequency == "monthly"
        assert ada.next_due_at is None

    @pytest.mark.parametrize("action", ["undo", "pause", "fewer", "never", "allow"])
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_nothing_of_it_happens_by_looking(self, client, ada, path, action, method):
        before = Subscriber.objects.values().get()

        answer = getattr(client, method)(f"{path}{action}/")

        assert answer.status_code == 200
        assert Subscriber.objects.values().get() == before
        assert not Suppression.objects.exists()

    @pytest.mark.parametrize("action", ["undo", "pause", "fewer", "never", "allow"])
    def test_all_of_it_answers_when_the_subscriber_is_gone(
        self, client, ada, path, action
    ):
        subscribing.delete(ada)

        assert client.post(f"{path}{action}/").status_code == 200

    def test_undo_is_possible_for_30_days(self, ada, clock):
        subscribing.stop(ada, how="link", at=clock.now)

        subscribing.forget(at=clock.now + timedelta(days=30))
        assert Subscriber.objects.exists()
        subscribing.forget(at=clock.now + timedelta(days=30, seconds=1))

        assert not Subscriber.objects.exists()


class TestNeverAgain:
    def test_deletes_everything_but_a_digest_of_the_address(
        self, client, ada, path, clock
    ):
        Delivery.objects.create(
            subscriber=ada,
            frequency="weekly",
            period_start=clock.now.date(),
            window_since=clock.now - timedelta(days=7),
            window_until=clock.now,
            due_at=clock.now,
        )

        client.post(f"{path}never/")

        assert not Subscriber.objects.exists()
        assert not Delivery.objects.exists()
        suppression = Suppression.objects.get()
        assert suppression.reason == "asked"
        assert suppression.address_hash == addresses.digest_of(ADA)

    def test_has_no_mail_sent_whatever_is_asked_for(self, client, path, clock):
        client.post(f"{path}never/")
        clock.later(days=40)

        sign_up(client)
        client.post("/subscribe/link/", {"email": ADA})

        assert post() == []
        assert not Request.objects.exclude(address="").exists()

    def test_ends_when_a_link_of_an_old_mail_says_so_and_one_subscribes_anew(
        self, client, path, clock
    ):
        client.post(f"{path}never/")
        clock.later(days=400)

        client.post(f"{path}allow/")

        confirmed(client)
        assert Subscriber.objects.get().address == ADA

    def test_is_not_said_for_a_new_address_by_who_reads_the_old_one(
        self, client, ada, path
    ):
        ada.readdress("ada@elsewhere.example")
        ada.save()

        client.post(f"{path}never/")

        assert Subscriber.objects.exists()
        assert not Suppression.objects.of("ada@elsewhere.example").exists()


class TestForwardedMail:
    def test_lets_the_friend_stop_it_but_neither_read_the_address_nor_take_it_away(
        self, client, ada
    ):
        token = links.manage_token(ada)

        text = client.get(f"/subscribe/settings/{token}/").content.decode()
        exported = client.get(f"/subscribe/settings/{token}/export/")
        moved = client.post(
            f"/subscribe/settings/{token}/address/", {"email": "eve@evil.example"}
        )
        deleted = client.post(f"/subscribe/settings/{token}/delete/", {"sure": "yes"})

        assert ADA not in text
        assert "a…@r…" in text
        assert {exported.status_code, moved.status_code, deleted.status_code} == {404}
        assert Subscriber.objects.exists()
        assert not Request.objects.exists()
