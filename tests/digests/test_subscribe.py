"""Signing up and confirming: what a stranger can do, and what only the mailbox's owner can."""

from __future__ import annotations

import hashlib
import re
import threading
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from talent.digests import addresses, limits, subscribing
from talent.digests.models import Request, Subscriber, Suppression
from talent.insights.refresh import refresh_all
from tests.digests.mailbox import (
    ADA,
    START,
    Clock,
    confirmed,
    link_in,
    post,
    row_of,
    sign_up,
)
from tests.factories import (
    EventFactory,
    FollowFactory,
    OrganizationFactory,
    PersonFactory,
    SubscriberFactory,
)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def acme(db):
    """A company whose newest news is old."""
    acme = OrganizationFactory(name="Acme", slug="acme")
    long_ago = START - timedelta(days=200)
    EventFactory(published=True, organization=acme, published_at=long_ago)
    return acme


def page_of(client, query):
    return client.get("/subscribe/", {"follow": query})


class TestSignUpPage:
    def test_carries_the_filter_of_the_page_before(self, client, acme):
        page = page_of(client, "company=acme")

        assert '<input type="hidden" name="follow" value="company=acme">' in (
            page.content.decode()
        )
        assert "Hires and departures at Acme" in page.content.decode()

    def test_says_how_much_would_have_come_in_the_last_30_days(
        self, client, acme, clock
    ):
        for days in (1, 29, 31):
            EventFactory(
                published=True,
                organization=acme,
                published_at=clock.now - timedelta(days=days),
            )
        EventFactory(organization=acme)

        page = page_of(client, "company=acme")

        assert "2 in the last 30 days" in page.content.decode()

    def test_shows_the_mail_of_today(self, client, acme, clock):
        ada = PersonFactory(name="Ada Invented")
        yesterday = clock.now - timedelta(days=1)
        EventFactory(
            published=True, organization=acme, person=ada, published_at=yesterday
        )

        text = page_of(client, "company=acme").content.decode()

        assert "This would be your mail today" in text
        assert "Ada Invented joined Acme" in text

    def test_says_that_nothing_would_come_today(self, client, acme):
        text = page_of(client, "company=acme").content.decode()

        assert "Today nothing would come" in text

    def test_shows_no_draft(self, client, acme, clock):
        EventFactory(
            organization=acme,
            person__name="Bea Invented",
            published_at=None,
        )

        assert "Bea Invented" not in page_of(client, "company=acme").content.decode()

    @pytest.mark.parametrize(
        ("query", "status", "says"),
        [
            ("company=acme&utm_source=x", 200, 'name="follow" value="company=acme"'),
            ("person=nobody-here", 400, "“nobody-here” is no name or address"),
            ("nonsense=1", 400, "“nonsense” is not the name of a filter"),
        ],
    )
    def test_reads_the_address_of_a_list_of_events(
        self, client, acme, query, status, says
    ):
        answer = client.get(f"/subscribe/?{query}")

        assert answer.status_code == status
        assert says in answer.content.decode()

    def test_refuses_a_wrong_filter_and_offers_no_other_in_its_place(self, client, db):
        page = page_of(client, "company=nowhere")

        text = page.content.decode()
        assert page.status_code == 400
        assert "“nowhere” is no name or address in the record." in text
        assert "Send me the mail" not in text

    def test_keeps_what_was_typed_when_the_filter_posted_is_wrong(self, client, db):
        page = sign_up(client, ADA, follow=["company=nowhere"])

        text = page.content.decode()
        assert "“nowhere” is no name" in text
        assert f'value="{ADA}"' in text
        assert not Request.objects.exists()

    def test_writes_a_filter_in_the_one_way_it_is_kept(self, client, acme):
        sign_up(client, follow=["sort=oldest&kind=hire&company=Acme&utm_source=x"])

        assert row_of(ADA).payload["follows"] == ["kind=hire&company=acme"]

    def test_follows_everything_when_nothing_was_chosen(self, client, db):
        sign_up(client)

        assert row_of(ADA).payload["follows"] == [""]

    def test_takes_several_follows(self, client, acme):
        sign_up(client, follow=["company=acme", "seat=quant", "company=acme"])

        assert row_of(ADA).payload["follows"] == ["company=acme", "seat=quant"]

    def test_reads_no_more_follows_than_one_mail_has(self, client, db, queries_of):
        many = [f"company=nobody{number}" for number in range(1000)]

        with_many = queries_of(lambda: sign_up(client, follow=many))

        assert with_many <= 2
        assert not Request.objects.exists()

    def test_asks_for_weekly_mail_on_monday_at_8_in_utc_unless_told_otherwise(
        self, client, db
    ):
        sign_up(client)

        assert row_of(ADA).payload == {
            "frequency": "weekly",
            "weekday": 0,
            "monthday": 1,
            "hour": 8,
            "time_zone": "UTC",
            "language": "en",
            "follows": [""],
        }

    def test_keeps_the_schedule_that_was_chosen(self, client, db):
        chosen = {
            "frequency": "monthly",
            "weekday": "3",
            "monthday": "31",
            "hour": "0",
            "time_zone": "Asia/Shanghai",
            "language": "zh-hans",
        }

        subscriber = confirmed(client, **chosen)

        assert {name: str(getattr(subscriber, name)) for name in chosen} == chosen

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("frequency", "hourly"),
            ("weekday", "7"),
            ("monthday", "0"),
            ("hour", "24"),
            ("time_zone", "Mars/Olympus"),
            ("time_zone", "../../etc/passwd"),
            ("language", "tlh"),
        ],
    )
    def test_refuses_a_schedule_nobody_offered(self, client, db, name, value):
        page = sign_up(client, **{name: value})

        assert page.status_code == 200
        assert "is not one of the available choices" in page.content.decode()
        assert not Request.objects.exists()

    def test_shows_the_mail_anew_without_asking_for_anything(self, client, acme):
        page = sign_up(client, "", follow=["company=acme"], preview="1")

        assert "Write your e-mail address" not in page.content.decode()
        assert not Request.objects.exists()

    def test_gives_htmx_the_sample_alone(self, client, acme):
        page = client.post(
            "/subscribe/",
            {"follow": ["company=acme"], "preview": "1", "language": "zh-hans"},
            headers={"HX-Request": "true", "HX-Target": "preview"},
        )

        assert page.content.decode().lstrip().startswith('<section id="preview"')

    def test_sets_no_cookie_and_is_kept_by_nobody(self, client, db):
        page = client.get("/subscribe/")

        assert not page.cookies
        assert "no-store" in page.headers["Cache-Control"]


class TestMailMeThis:
    @pytest.mark.parametrize(
        ("page", "follow"),
        [
            ("/people/ada/", "person=ada"),
            ("/organizations/acme/", "company=acme"),
            ("/events/?kind=hire&company=acme", "kind=hire&company=acme"),
            ("/events/?q=a%26b+%22c%22&kind=", "q=a%26b+%22c%22"),
            ("/events/", ""),
        ],
    )
    def test_carries_what_the_page_is_about(self, client, acme, page, follow):
        ada = PersonFactory(name="Ada Invented", slug="ada")
        EventFactory(published=True, person=ada, organization=acme)

        text = client.get(page).content.decode()

        found = re.search(r'class="mail-me" href="([^"]+)"', text)
        address = unescape(found[1])
        assert parse_qs(address.partition("?")[2], keep_blank_values=True) == {
            "follow": [follow]
        }
        assert client.get(address).status_code == 200

    def test_is_on_the_page_of_seats_for_each(self, client, starter_data, clock):
        refresh_all(at=clock.now)

        text = client.get("/seats/").content.decode()

        addresses_ = re.findall(r'href="(/subscribe/\?follow=seat%3D\w+)"', text)
        assert len(addresses_) >= 5
        assert client.get(addresses_[0]).status_code == 200

    def test_stands_at_the_foot_of_every_page(self, client, db):
        for page in ("/about/", "/status/", "/events/?kind=theft", "/nowhere/"):
            foot = client.get(page).content.decode().split("site-foot")[1]

            assert 'href="/subscribe/"' in foot


class TestAddress:
    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("", "Write your e-mail address."),
            ("   ", "Write your e-mail address."),
            ("ada", "is not an e-mail address"),
            ("@readers.example", "is not an e-mail address"),
            ("ada@", "is not an e-mail address"),
            ("ada@-x.example", "is not an e-mail address"),
            ("ada@readers", "is not an e-mail address"),
            ("ada@readers..example", "is not the name of a domain"),
            ("ada@[127.0.0.1]", "quotes or brackets"),
            (".ada@readers.example", "is not an e-mail address"),
            ("a@readers.example, b@readers.example", "more than one address"),
            ("a@readers.example;b@readers.example", "more than one address"),
            ("a@readers.example b@readers.example", "more than one address"),
            ("a@b@readers.example", "more than one address"),
            ('"ada lovelace"@readers.example', "more than one address"),
            ('"ada"@readers.example', "quotes or brackets"),
            ("Ada<ada@readers.example>", "quotes or brackets"),
            ("ada(reader)@readers.example", "quotes or brackets"),
            ("ada@readers.example\r\nBcc: eve@evil.example", "cannot be seen"),
            ("ada@readers.example\nSubject: hi", "cannot be seen"),
            ("ada\r@readers.example", "cannot be seen"),
            ("ada\x00@readers.example", "cannot be seen"),
            ("ada@readers.example\u2028x", "cannot be seen"),
            ("ada\u2029@readers.example", "cannot be seen"),
            ("ada\u202egro@readers.example", "cannot be seen"),
            ("ada\u200b@readers.example", "cannot be seen"),
            ("艾达@readers.example", "letters before the @"),
            ("ada@straße.example", "begins with xn--"),
            ("a" * 65 + "@readers.example", "is not an e-mail address"),
            ("a@" + "b" * 64 + ".example", "is not the name of a domain"),
            ("a" * 60 + "@" + "b.example." * 25 + "org", "longer than 254 characters"),
        ],
    )
    def test_is_refused_with_the_reason_and_what_was_typed_kept(
        self, client, db, typed, why
    ):
        page = sign_up(client, typed, follow=["seat=quant"])

        assert page.status_code == 200
        (said,) = page.context["email_errors"]
        assert why in said
        assert page.context["form"]["email"].value() == typed
        assert 'name="follow" value="seat=quant"' in page.content.decode()
        assert not Request.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            (" Ada@Readers.Example ", "Ada@readers.example"),
            ("ada+news@readers.example", "ada+news@readers.example"),
            ("o'hara@readers.example", "o'hara@readers.example"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("ada@例子.example", "ada@xn--fsqu00a.example"),
            ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ],
    )
    def test_is_kept_as_it_is_written_to(self, client, db, typed, kept):
        sign_up(client, typed)
        (message,) = post()

        assert message.to == [kept]
        assert message.message()["To"] == kept

    @pytest.mark.parametrize("space", [" ", "\u00a0", "\u3000", "\u2003"])
    def test_may_have_spaces_of_any_width_around_it(self, space):
        assert addresses.read(f"{space}{ADA}{space}") == ADA


class TestConfirmationMail:
    def test_goes_to_the_address_alone_and_says_how_long_its_link_works(
        self, client, db
    ):
        sign_up(client)
        (message,) = post()

        assert message.to == [ADA]
        assert "48 hours" in message.body
        assert message.message()["Auto-Submitted"] == "auto-generated"

    def test_repeats_nothing_that_a_stranger_typed(self, client, db):
        sign_up(client, follow=["q=BUY+PILLS+spam.example"])
        (message,) = post()

        assert row_of(ADA).payload["follows"] == ["q=BUY+PILLS+spam.example"]
        assert "PILLS" not in message.message().as_string()

    def test_holds_a_link_that_stands_nowhere_in_the_database(self, client, db):
        sign_up(client)
        (message,) = post()

        token = link_in(message).split("/")[-2]
        row = Request.objects.values().get()
        assert token not in str(row)
        assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()

    def test_leads_to_our_own_host_whatever_host_was_asked_for(self, client, db):
        sign_up(client, extra={"headers": {"Host": "localhost"}})
        (message,) = post()

        assert link_in(message).startswith("/subscribe/confirm/")

    def test_is_sent_once_however_often_the_worker_looks(self, client, db):
        sign_up(client)

        assert len(post()) == 1
        assert post() == []

    def test_is_tried_again_when_the_relay_is_away(self, client, db, clock, settings):
        sign_up(client)
        with_relay = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "tests.digests.relays.Away"
        assert post() == []
        settings.EMAIL_BACKEND = with_relay
        assert post(at=clock.now + timedelta(seconds=30)) == []

        assert len(post(at=clock.now + timedelta(minutes=2))) == 1

    def test_is_given_up_when_the_relay_refuses_the_address(
        self, client, db, clock, settings
    ):
        sign_up(client)
        with_relay = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "tests.digests.relays.Refusing"
        post()
        settings.EMAIL_BACKEND = with_relay

        assert post(at=clock.now + timedelta(hours=5)) == []

    def test_one_that_is_refused_holds_no_other_up(self, client, db, settings):
        sign_up(client, "refused@readers.example")
        sign_up(client, ADA)
        settings.EMAIL_BACKEND = "tests.digests.relays.RefusingSome"

        post()

        assert row_of(ADA).mailed_at is not None
        assert row_of("refused@readers.example").mailed_at is None


class TestConfirming:
    def test_subscribes(self, client, acme):
        sign_up(client, follow=["company=acme"])
        (message,) = post()

        answer = client.post(link_in(message), {"follow": ["company=acme"]})

        subscriber = Subscriber.objects.get()
        assert answer.status_code == 302
        assert "/subscribe/settings/" in answer.headers["Location"]
        assert [follow.query for follow in subscriber.follows.all()] == ["company=acme"]

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_never_happens_by_looking(self, client, db, method):
        sign_up(client)
        (message,) = post()

        for _time in range(3):
            answer = getattr(client, method)(
                link_in(message), headers={"Purpose": "prefetch"}
            )
            assert answer.status_code == 200

        assert not Subscriber.objects.exists()
        assert Request.objects.get().used_at is None

    def test_happens_once(self, client, db):
        confirmed(client)
        path = link_in(mail.outbox[0])

        again = client.post(path, {"follow": [""]})
        looked = client.get(path)

        assert again.status_code == looked.status_code == 410
        assert "has done its work" in again.content.decode()
        assert "/subscribe/settings/" not in again.content.decode()
        assert Subscriber.objects.count() == 1

    def test_is_too_late_after_48_hours(self, client, db, clock):
        sign_up(client)
        (message,) = post()
        clock.later(hours=48)

        answer = client.post(link_in(message), {"follow": [""]})

        assert answer.status_code == 410
        assert "came too late" in answer.content.decode()
        assert not Subscriber.objects.exists()

    def test_is_in_time_a_moment_before(self, client, db, clock):
        sign_up(client)
        (message,) = post()
        clock.later(hours=47, minutes=59)

        client.post(link_in(message), {"follow": [""]})

        assert Subscriber.objects.exists()

    @pytest.mark.parametrize(
        "token", ["0" * 64, "x", "a.b.c", "%00", "1" * 300, "é", "..%2f.."]
    )
    def test_knows_no_guessed_link(self, client, db, token):
        sign_up(client)

        answer = client.post(f"/subscribe/confirm/{token}/", {"follow": [""]})

        assert answer.status_code == 404
        assert not Subscriber.objects.exists()

    def test_takes_no_link_of_another_purpose(self, client, db):
        subscriber = SubscriberFactory(address="bea@readers.example")
        subscribing.ask(
            ADA,
            purpose=Request.Purpose.ADDRESS,
            subscriber=subscriber,
            network="0" * 64,
            at=subscriber.confirmed_at,
        )
        token = subscribing.token_of(Request.objects.get())

        answer = client.post(f"/subscribe/confirm/{token}/", {"follow": [""]})

        assert answer.status_code == 404

    def test_ignores_a_token_in_the_body(self, client, db):
        sign_up(client, "bea@readers.example")
        sign_up(client, ADA)
        first, second = (link_in(message) for message in post())

        client.post(first, {"follow": [""], "token": second.split("/")[-2]})

        assert Subscriber.objects.get().address == "bea@readers.example"

    def test_follows_what_is_ticked_and_was_asked_for(self, client, acme):
        sign_up(client, follow=["company=acme", "seat=quant"])
        (message,) = post()

        client.post(link_in(message), {"follow": ["seat=quant", "seat=academia"]})

        subscriber = Subscriber.objects.get()
        assert [follow.query for follow in subscriber.follows.all()] == ["seat=quant"]

    def test_asks_for_a_tick_where_there_is_none(self, client, db):
        sign_up(client)
        (message,) = post()

        answer = client.post(link_in(message), {})

        assert "Nothing is ticked" in answer.content.decode()
        assert not Subscriber.objects.exists()

    def test_answers_with_one_link_all_that_was_asked_for_meanwhile(self, client, acme):
        sign_up(client, follow=["company=acme"])
        sign_up(client, follow=["seat=quant"])
        (message,) = post()

        page = client.get(link_in(message)).content.decode()
        client.post(link_in(message), {"follow": ["company=acme", "seat=quant"]})

        assert "Hires and departures at Acme" in page
        subscriber = Subscriber.objects.get()
        assert subscriber.follows.count() == 2
        assert not Request.objects.filter(used_at=None).exists()

    def test_does_not_touch_what_is_set_when_somebody_else_signs_an_address_up(
        self, client, acme, clock
    ):
        subscriber = confirmed(client, hour="17")
        clock.later(days=2)

        sign_up(client, follow=["company=acme"], hour="3", frequency="daily")

        subscriber.refresh_from_db()
        assert (subscriber.hour, subscriber.frequency) == (17, "weekly")
        assert subscriber.follows.count() == 1

    def test_adds_to_what_a_subscriber_follows_and_keeps_the_schedule(
        self, client, acme, clock
    ):
        subscriber = confirmed(client, hour="17")
        clock.later(days=2)
        sign_up(client, follow=["company=acme"], hour="3")
        (message,) = post()

        client.post(link_in(message), {"follow": ["company=acme"]})

        subscriber.refresh_from_db()
        assert subscriber.hour == 17
        assert {each.query for each in subscriber.follows.all()} == {"", "company=acme"}

    def test_adds_no_more_than_one_mail_follows_and_says_so(self, client, db, clock):
        subscriber = confirmed(client)
        for number in range(19):
            FollowFactory(subscriber=subscriber, query=f"q=word{number}")
        clock.later(days=2)
        sign_up(client, follow=["seat=quant"])
        (message,) = post()

        answer = client.post(link_in(message), {"follow": ["seat=quant"]})
        subscriber.follows.first().delete()
        again = client.post(link_in(message), {"follow": ["seat=quant"]})

        assert "follows at most 20 filters" in answer.content.decode()
        assert again.status_code == 302
        assert subscriber.follows.filter(query="seat=quant").exists()

    def test_starts_again_who_had_stopped_with_what_they_asked_for_now(
        self, client, acme, clock
    ):
        subscriber = confirmed(client)
        subscribing.stop(subscriber, how="link", at=clock.later(days=3))
        clock.later(days=3)
        sign_up(client, follow=["company=acme"], frequency="daily")
        (message,) = post()

        client.post(link_in(message), {"follow": ["company=acme"]})

        subscriber.refresh_from_db()
        assert subscriber.stopped_at is None
        assert subscriber.started_at == clock.now
        assert subscriber.frequency == "daily"
        assert [each.query for each in subscriber.follows.all()] == ["company=acme"]

    def test_lifts_what_a_bounce_had_put_on_the_address(self, client, db, clock):
        Suppression.objects.create(
            address_hash=addresses.digest_of(ADA), reason="hard_bounce", at=clock.now
        )

        confirmed(client)

        assert not Suppression.objects.exists()

    def test_page_is_kept_by_nobody_and_tells_no_other_site(self, client, db):
        sign_up(client)
        (message,) = post()

        page = client.get(link_in(message))

        assert not page.cookies
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def run(self, call, times=20):
        """The call from that many threads at the same moment; what each returned."""
        barrier, found = threading.Barrier(times), []

        def work():
            try:
                barrier.wait()
                found.append(call())
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def test_confirm_once(self, client):
        sign_up(client)
        (message,) = post()
        path = link_in(message)

        answers = self.run(lambda: Client().post(path, {"follow": [""]}).status_code)

        assert sorted(answers) == [302] + [410] * 19
        assert Subscriber.objects.get().follows.count() == 1

    def test_get_one_mail_for_one_mailbox_from_as_many_networks(self):
        numbers = iter(range(100))

        self.run(
            lambda: (
                sign_up(
                    Client(), extra={"REMOTE_ADDR": f"198.51.{next(numbers)}.1"}
                ).status_code
            )
        )

        assert Request.objects.count() == 20
        assert Request.objects.filter(mail_due=True).count() == 1

    def test_enter_from_one_network_as_if_one_after_the_other(self, monkeypatch):
        monkeypatch.setattr(limits, "NETWORK_AN_HOUR", 15)
        numbers = iter(range(100))

        answers = self.run(
            lambda: (
                sign_up(Client(), f"reader{next(numbers)}@readers.example").status_code
            )
        )

        assert sorted(answers) == [302] * 15 + [429] * 5

    def test_send_a_mail_once(self, client):
        sign_up(client)

        self.run(post, times=8)

        assert len(mail.outbox) == 1
