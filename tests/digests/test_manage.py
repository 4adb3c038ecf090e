"""A subscriber's own page: what it shows, what it changes, and for whom."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from talent.digests import links, subscribing
from talent.digests.models import (
    Content,
    Delivery,
    Follow,
    Request,
    Subscriber,
    Suppression,
)
from tests.digests.mailbox import ADA, START, Clock, link_in, links_in, post, row_of
from tests.factories import (
    EventFactory,
    FollowFactory,
    OrganizationFactory,
    SubscriberFactory,
)

NEW = "ada@elsewhere.example"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def ada(db):
    subscriber = SubscriberFactory(address=ADA)
    FollowFactory(subscriber=subscriber)
    return subscriber


@pytest.fixture
def acme(db):
    acme = OrganizationFactory(name="Acme", slug="acme")
    long_ago = START - timedelta(days=200)
    EventFactory(published=True, organization=acme, published_at=long_ago)
    return acme


def light(subscriber):
    """The address of the page as every digest links to it."""
    return f"/subscribe/settings/{links.manage_token(subscriber)}/"


def full(subscriber):
    return f"/subscribe/settings/{links.full_token(subscriber)}/"


def text_of(answer):
    return answer.content.decode().split("<main")[1]


def sent(subscriber, at, subject="Ada left Acme"):
    content = Content.objects.create(
        key=f"{at.isoformat()}", language="en", subject=subject, html="", text=""
    )
    return Delivery.objects.create(
        subscriber=subscriber,
        frequency="weekly",
        period_start=at.date(),
        window_since=at - timedelta(days=7),
        window_until=at,
        due_at=at,
        sent_at=at,
        state="sent",
        content=content,
    )


class TestPage:
    def test_says_what_is_followed_and_when_mail_comes(self, client, ada, acme, clock):
        FollowFactory(subscriber=ada, query="company=acme")
        sent(ada, clock.now)

        text = text_of(client.get(light(ada)))

        assert "Everything in the record" in text
        assert "Hires and departures at Acme" in text
        assert "2 March 2026, 09:30" in text
        assert "Monday 9 March 2026" in text
        assert "Ada left Acme" in text

    def test_tells_times_by_the_clock_of_the_subscriber(self, client, ada, clock):
        subscribing.change(ada, time_zone="Asia/Shanghai")
        sent(ada, clock.now)

        assert "2 March 2026, 17:30" in text_of(client.get(light(ada)))

    def test_says_that_mail_came_back_and_how_to_have_it_again(
        self, client, ada, clock
    ):
        Suppression.objects.create(
            address_hash=ada.address_hash, reason="hard_bounce", at=clock.now
        )

        text = text_of(client.get(light(ada)))
        client.post(f"/subscribe/stop/{links.stop_token(ada)}/allow/")

        assert "Nothing is sent" in text
        assert "9 March 2026" not in text
        assert "9 March 2026" in text_of(client.get(light(ada)))

    def test_says_that_a_follow_is_no_longer_in_the_record(self, client, ada):
        FollowFactory(subscriber=ada, query="company=gone")

        assert "no longer in the record" in text_of(client.get(light(ada)))

    def test_asks_no_more_for_thirty_mails_than_for_three(
        self, client, ada, clock, queries_of
    ):
        for days in range(3):
            sent(ada, clock.now - timedelta(days=days))
        with_three = queries_of(lambda: client.get(light(ada)))

        for days in range(3, 30):
            sent(ada, clock.now - timedelta(days=days))

        assert queries_of(lambda: client.get(light(ada))) == with_three

    def test_is_kept_by_nobody_and_tells_no_other_site(self, client, ada):
        for page in (client.get(light(ada)), client.get(f"{light(ada)}when/")):
            assert not page.cookies
            assert "no-store" in page.headers["Cache-Control"]
            assert page.headers["Referrer-Policy"] == "no-referrer"
            assert "noindex" in page.headers["X-Robots-Tag"]

    def test_says_a_thing_was_done_only_in_words_of_its_own(self, client, ada):
        page = client.get(light(ada), {"done": "<script>alert(1)</script>"})

        assert "alert(1)" not in page.content.decode()

    def test_knows_no_link_of_somebody_else_or_of_another_strength(self, client, ada):
        bea = SubscriberFactory()
        number, signature = links.manage_token(ada).split(".")

        answers = [
            client.get(f"/subscribe/settings/{token}/")
            for token in (
                f"{bea.pk}.{signature}",
                f"{number}.{signature[:-1]}",
                f"0{number}.{signature}",
                links.stop_token(ada),
                "1",
                f"{'9' * 40}.{signature}",
                f"²{number}.{signature}",
                "a" * 500,
            )
        ]

        assert {answer.status_code for answer in answers} == {404}
        assert all("opens nothing any more" in text_of(each) for each in answers)
        assert all(each.headers["Referrer-Policy"] == "no-referrer" for each in answers)


class TestWhen:
    def test_is_changed(self, client, ada):
        chosen = {
            "frequency": "daily",
            "weekday": "4",
            "monthday": "31",
            "hour": "23",
            "time_zone": "America/New_York",
            "language": "zh-hans",
        }

        answer = client.post(f"{light(ada)}when/", chosen)

        ada.refresh_from_db()
        assert answer.headers["Location"].endswith("?done=when")
        assert {name: str(getattr(ada, name)) for name in chosen} == chosen

    def test_is_worked_out_anew_by_the_next_run(self, client, ada, clock):
        subscribing.change(ada, next_due_at=clock.now)

        client.post(f"{light(ada)}when/", self.usual(ada, hour="9"))

        ada.refresh_from_db()
        assert ada.next_due_at is None

    def test_a_change_of_language_alone_moves_no_mail(self, client, ada, clock):
        subscribing.change(ada, next_due_at=clock.now)

        client.post(f"{light(ada)}when/", self.usual(ada, language="zh-hans"))

        ada.refresh_from_db()
        assert (ada.language, ada.next_due_at) == ("zh-hans", clock.now)

    def test_says_what_was_wrong_and_keeps_the_rest(self, client, ada):
        answer = client.post(f"{light(ada)}when/", self.usual(ada, hour="25"))

        ada.refresh_from_db()
        assert answer.status_code == 200
        assert "25 is not one of the available choices" in text_of(answer)
        assert ada.hour == 8

    def test_offers_a_zone_that_is_not_among_the_common_ones_to_who_has_it(
        self, client, ada
    ):
        subscribing.change(ada, time_zone="Australia/Lord_Howe")

        client.post(f"{light(ada)}when/", self.usual(ada, hour="9"))

        ada.refresh_from_db()
        assert (ada.time_zone, ada.hour) == ("Australia/Lord_Howe", 9)

    def usual(self, subscriber, **changes):
        names = ("frequency", "weekday", "monthday", "hour", "time_zone", "language")
        return {name: str(getattr(subscriber, name)) for name in names} | changes


class TestFollowing:
    def queries(self, subscriber):
        return list(subscriber.follows.order_by("pk").values_list("query", flat=True))

    @pytest.mark.parametrize(
        ("pasted", "followed"),
        [
            ("company=acme&kind=hire", "kind=hire&company=acme"),
            ("https://site.example/organizations/acme/", "company=acme"),
            ("/events/?company=acme&sort=oldest&page=2&after=x", "company=acme"),
            ("https://site.example/events/?seat=quant#top", "seat=quant"),
            ("https://site.example/?kind=hire", "kind=hire"),
        ],
    )
    def test_adds_what_an_address_of_ours_shows(
        self, client, ada, acme, pasted, followed
    ):
        answer = client.post(f"{light(ada)}follow/", {"query": pasted})

        assert answer.headers["Location"].endswith("?done=follow")
        assert self.queries(ada) == ["", followed]

    @pytest.mark.parametrize(
        ("pasted", "why"),
        [
            ("company=nowhere", "“nowhere” is no name or address in the record."),
            ("theft=yes", "“theft” is not the name of a filter."),
            ("https://site.example/about/", "is not the address of a person"),
            ("/subscribe/", "is not the address of a person"),
            ("q=" + "a" * 3000, "is longer than 2000 characters"),
            ("http://[", "is not the address of a person"),
        ],
    )
    def test_says_why_something_cannot_be_followed_and_keeps_it_in_the_box(
        self, client, ada, acme, pasted, why
    ):
        answer = client.post(f"{light(ada)}follow/", {"query": pasted})

        assert answer.status_code == 200
        assert why in text_of(answer)
        assert answer.context["follow"]["query"].value() == pasted
        assert self.queries(ada) == [""]

    def test_adds_nothing_twice(self, client, ada):
        client.post(f"{light(ada)}follow/", {"query": "seat=quant"})
        client.post(f"{light(ada)}follow/", {"query": "seat=quant"})

        assert self.queries(ada) == ["", "seat=quant"]

    def test_ends_at_twenty(self, client, ada):
        for number in range(19):
            FollowFactory(subscriber=ada, query=f"q=word{number}")

        answer = client.post(f"{light(ada)}follow/", {"query": "seat=quant"})

        assert "follows at most 20 filters" in text_of(answer)
        assert ada.follows.count() == 20

    def test_takes_one_away(self, client, ada):
        other = FollowFactory(subscriber=ada, query="seat=quant")

        client.post(f"{light(ada)}unfollow/", {"follow": other.pk})

        assert self.queries(ada) == [""]

    def test_leaves_the_last_one(self, client, ada):
        client.post(f"{light(ada)}unfollow/", {"follow": ada.follows.get().pk})

        assert self.queries(ada) == [""]
        assert "Take away" not in text_of(client.get(light(ada)))

    @pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "²"])
    def test_takes_nothing_of_somebody_else_away(self, client, ada, number):
        FollowFactory(subscriber=ada, query="seat=quant")
        foreign = FollowFactory(query="seat=quant")
        FollowFactory(subscriber=foreign.subscriber)

        client.post(f"{light(ada)}unfollow/", {"follow": number or foreign.pk})

        assert Follow.objects.count() == 4


class TestPausing:
    def test_lasts_until_a_date(self, client, ada, clock):
        client.post(f"{light(ada)}pause/", {"until": "2026-04-01"})

        ada.refresh_from_db()
        text = text_of(client.get(light(ada)))
        assert ada.paused_until == date(2026, 4, 1)
        assert "nothing is sent before 1 April 2026" in text
        assert "Monday 6 April 2026" in text

    @pytest.mark.parametrize(
        "until", ["2026-03-02", "2020-01-01", "2028-01-01", "soon", "", "9999-99-99"]
    )
    def test_ends_on_no_day_that_is_past_or_far_or_none(self, client, ada, until):
        answer = client.post(f"{light(ada)}pause/", {"until": until})

        ada.refresh_from_db()
        assert answer.status_code == 200
        assert answer.context["pause"].errors
        assert ada.paused_until is None

    @pytest.mark.parametrize(
        ("zone", "until", "taken"),
        [
            ("Pacific/Pago_Pago", "2026-03-02", True),
            ("Pacific/Kiritimati", "2026-03-03", False),
        ],
    )
    def test_ends_tomorrow_at_the_earliest_by_the_subscribers_calendar(
        self, client, ada, clock, zone, until, taken
    ):
        clock.now = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
        subscribing.change(ada, time_zone=zone)

        client.post(f"{light(ada)}pause/", {"until": until})

        ada.refresh_from_db()
        assert (ada.paused_until is not None) is taken

    def test_can_be_ended(self, client, ada):
        subscribing.pause(ada, until=date(2026, 4, 1))

        client.post(f"{light(ada)}resume/")

        ada.refresh_from_db()
        assert ada.paused_until is None

    def test_a_stop_can_be_undone_here(self, client, ada, clock):
        subscribing.stop(ada, how="one_click", at=clock.now)
        assert "The digest is stopped" in text_of(client.get(light(ada)))

        client.post(f"{light(ada)}resume/")

        ada.refresh_from_db()
        assert ada.stopped_at is None


class TestLink:
    def test_is_mailed_to_who_asks_for_it_with_their_address(self, client, ada):
        answer = client.post("/subscribe/link/", {"email": " ADA@readers.example"})
        (message,) = post()

        page = client.get(link_in(message))
        assert answer.headers["Location"] == "/subscribe/link/asked/"
        assert message.to == [ADA]
        assert ADA in text_of(page)

    def test_opens_everything_for_a_day(self, client, ada, clock):
        path = full(ada)

        clock.later(hours=24)
        assert client.get(path).status_code == 200
        clock.later(seconds=2)

        assert client.get(path).status_code == 404

    def test_can_be_had_from_the_page_that_a_digest_links_to(self, client, ada):
        client.post(f"{light(ada)}link/")
        (message,) = post()

        assert message.to == [ADA]
        assert "Delete everything" in text_of(client.get(link_in(message)))

    def test_of_a_digest_works_for_years(self, client, ada, clock):
        path = light(ada)
        clock.later(days=1000)

        assert client.get(path).status_code == 200


class TestChangeOfAddress:
    def ask(self, client, subscriber, address=NEW):
        return client.post(f"{full(subscriber)}address/", {"email": address})

    def test_happens_when_the_new_address_says_so_and_the_old_one_is_told(
        self, client, ada
    ):
        self.ask(client, ada)
        (message,) = post()
        assert message.to == [NEW]
        assert Subscriber.objects.get().address == ADA

        answer = client.post(link_in(message))
        (told,) = post()

        ada.refresh_from_db()
        assert answer.status_code == 302
        assert ada.address == NEW
        assert told.to == [ADA]
        assert NEW not in told.message().as_string()
        assert "/settings/" not in told.body

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_does_not_happen_by_looking(self, client, ada, method):
        self.ask(client, ada)
        (message,) = post()

        getattr(client, method)(link_in(message))

        ada.refresh_from_db()
        assert ada.address == ADA

    def test_happens_once_and_within_48_hours(self, client, ada, clock):
        self.ask(client, ada)
        (message,) = post()
        clock.later(hours=48)

        answer = client.post(link_in(message))

        ada.refresh_from_db()
        assert answer.status_code == 410
        assert ada.address == ADA

    def test_ends_the_links_that_open_settings_from_the_old_mailbox(self, client, ada):
        paths = light(ada), full(ada)
        self.ask(client, ada)
        (message,) = post()

        client.post(link_in(message))

        assert [client.get(path).status_code for path in paths] == [404, 404]

    def test_keeps_what_is_followed_and_was_sent(self, client, ada, clock):
        sent(ada, clock.now)
        self.ask(client, ada)
        (message,) = post()

        client.post(link_in(message))

        assert Subscriber.objects.get().deliveries.count() == 1
        assert Follow.objects.count() == 1

    def test_to_an_address_with_a_subscription_tells_that_one_alone(self, client, ada):
        bea = SubscriberFactory(address="bea@readers.example")

        answer = self.ask(client, ada, bea.address)
        (message,) = post()

        free = self.ask(client, SubscriberFactory(), "free@readers.example")
        assert answer.status_code == free.status_code == 302
        assert "has a subscription of its own" in message.body.replace("\n", " ")
        assert "/subscribe/move/" not in message.body

    def test_to_an_address_that_subscribed_meanwhile_is_refused(self, client, ada):
        self.ask(client, ada)
        (message,) = post()
        SubscriberFactory(address=NEW)

        answer = client.post(link_in(message))

        ada.refresh_from_db()
        assert "has a subscription of its own" in text_of(answer)
        assert ada.address == ADA

    def test_names_what_is_wrong_with_an_address(self, client, ada):
        answer = self.ask(client, ada, "nonsense")

        assert "is not an e-mail address" in text_of(answer)
        assert answer.context["address"]["email"].value() == "nonsense"
        assert not Request.objects.exists()


class TestExport:
    def test_is_everything_kept(self, client, ada, clock):
        FollowFactory(subscriber=ada, query="seat=quant")
        sent(ada, clock.now)
        client.post("/subscribe/link/", {"email": ADA})

        answer = client.get(f"{full(ada)}export/")

        found = json.loads(answer.content)
        assert "attachment" in answer.headers["Content-Disposition"]
        assert found["address"] == ADA
        assert [each["query"] for each in found["follows"]] == ["", "seat=quant"]
        assert [each["subject"] for each in found["mails"]] == ["Ada left Acme"]
        assert [each["purpose"] for each in found["requests"]] == ["manage"]

    def test_says_something_of_each_column_that_is_about_the_person(self, ada):
        """A new column must be exported, or named here as no news about the person."""
        from talent.digests.exporting import exported

        inner = {
            *("id", "secret", "address_key", "address_hash", "started_at"),
            *("covered_until", "next_due_at", "created_at", "stopped_how"),
            *("soft_bounces", "monthday"),
        }
        columns = {field.name for field in Subscriber._meta.concrete_fields}

        assert columns - inner - exported(ada).keys() == set()


class TestDeleting:
    def test_leaves_no_row(self, client, ada, clock):
        sent(ada, clock.now)
        client.post("/subscribe/link/", {"email": ADA})

        answer = client.post(f"{full(ada)}delete/", {"sure": "yes"})

        assert "All of it is deleted" in text_of(answer)
        for model in (Subscriber, Follow, Delivery, Request):
            assert not model.objects.exists()

    def test_wants_to_be_sure(self, client, ada):
        answer = client.post(f"{full(ada)}delete/")

        assert "Tick the box" in text_of(answer)
        assert Subscriber.objects.exists()

    @pytest.mark.parametrize("action", ["delete", "address", "when", "pause", "resume"])
    def test_nothing_happens_by_looking(self, client, ada, action):
        before = Subscriber.objects.values().get()

        client.get(f"{full(ada)}{action}/", {"sure": "yes", "email": NEW})

        assert Subscriber.objects.values().get() == before
        assert not Request.objects.exists()


class TestMails:
    def test_link_to_pages_that_exist(self, client, ada):
        """Every link of every mail, opened."""
        client.post("/subscribe/", {"email": ADA})
        client.post("/subscribe/", {"email": "bea@readers.example"})
        client.post("/subscribe/link/", {"email": ADA})
        client.post(f"{full(ada)}address/", {"email": NEW})
        bea = SubscriberFactory(address="cyd@readers.example")
        client.post(f"{full(ada)}address/", {"email": bea.address})
        post()

        assert len(mail.outbox) == 5
        for message in mail.outbox:
            for path in links_in(message):
                assert client.get(path).status_code == 200, message.subject
        assert row_of(NEW).mailed_at is not None
