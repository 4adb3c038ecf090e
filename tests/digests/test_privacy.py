"""What the sign-up form may not be used for: mailing strangers, finding out who is there."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.logs import DiscreetFormatter
from talent.digests import addresses, limits, links, subscribing
from talent.digests.models import Request, Subscriber, Suppression
from tests.digests.mailbox import ADA, Clock, confirmed, link_in, post, sign_up
from tests.factories import SubscriberFactory


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


def suppressed(address, reason, at):
    Suppression.objects.create(
        address_hash=addresses.digest_of(address), reason=reason, at=at
    )


@pytest.fixture
def known(db, clock):
    """An address in each state there is."""
    at = clock.now
    found = {
        name: f"{name}@readers.example"
        for name in (
            *("new", "pending", "confirmed", "stopped", "paused"),
            *("left_alone", "complained", "bounced"),
        )
    }
    sign_up(Client(), found["pending"])
    for name in ("confirmed", "stopped", "paused"):
        SubscriberFactory(address=found[name])
    subscribing.stop(Subscriber.objects.at(found["stopped"]).get(), how="link", at=at)
    subscribing.pause(
        Subscriber.objects.at(found["paused"]).get(),
        until=at.date() + timedelta(days=9),
    )
    suppressed(found["left_alone"], "asked", at)
    suppressed(found["complained"], "complaint", at)
    suppressed(found["bounced"], "hard_bounce", at)
    return found


def heard(answer):
    """All that a stranger gets, but for what tells the time. (The policy's parts come in any
    order.)
    """
    headers = {
        name: sorted(value.split("; ")) for name, value in answer.headers.items()
    }
    headers.pop("Expires", None)
    return answer.status_code, headers, answer.content


def asked_in_sql(call):
    """The statements of a request, without the values in them."""
    with CaptureQueriesContext(connection) as captured:
        call()
    value = re.compile(r"'[^']*'|\s*-?\d+|true|false")
    return [value.sub("?", query["sql"]) for query in captured]


class TestWhetherAnAddressIsKnown:
    @pytest.mark.parametrize("path", ["/subscribe/", "/subscribe/link/"])
    def test_is_told_by_no_answer(self, known, path):
        answers = {
            name: heard(Client().post(path, {"email": address}))
            for name, address in known.items()
        }

        assert answers["new"][0] == 302
        for name, answer in answers.items():
            assert answer == answers["new"], name

    @pytest.mark.parametrize("path", ["/subscribe/", "/subscribe/link/"])
    def test_is_told_by_no_time_for_the_work_is_the_same(self, known, path):
        work = {
            name: asked_in_sql(lambda a=address: Client().post(path, {"email": a}))
            for name, address in known.items()
        }

        assert any("INSERT" in statement for statement in work["new"])
        for name, statements in work.items():
            assert statements == work["new"], name

    def test_is_told_by_no_mail_sent_while_the_page_is_answered(
        self, known, mailoutbox
    ):
        for address in known.values():
            sign_up(Client(), address)

        assert mailoutbox == []

    def test_is_told_in_the_mails_alone(self, known, clock):
        post()
        clock.later(days=2)
        for address in known.values():
            sign_up(Client(), address)

        subjects = {message.to[0].split("@")[0]: message.subject for message in post()}

        confirm = "Confirm your subscription to Transfer Window"
        assert subjects == {
            "new": confirm,
            "pending": confirm,
            "stopped": confirm,
            "bounced": confirm,
            "confirmed": "Your subscription to Transfer Window",
            "paused": "Your subscription to Transfer Window",
        }

    def test_is_not_told_by_a_refusal_either(self, known, monkeypatch):
        monkeypatch.setattr(limits, "NETWORK_AN_HOUR", 0)

        answers = {heard(sign_up(Client(), address))[0] for address in known.values()}

        assert answers == {429}

    def test_a_link_is_mailed_only_to_who_subscribes(self, known):
        post()
        for address in known.values():
            Client().post("/subscribe/link/", {"email": address})

        assert {message.to[0].split("@")[0] for message in post()} == {
            *("confirmed", "stopped", "paused")
        }


class TestBombing:
    def test_one_mailbox_gets_one_mail_a_day(self, client, db, clock, monkeypatch):
        monkeypatch.setattr(limits, "NETWORK_AN_HOUR", 10**6)
        for _time in range(30):
            sign_up(client)
        assert len(post()) == 1

        clock.later(hours=23, minutes=59)
        sign_up(client)
        assert post() == []
        clock.later(minutes=2)
        sign_up(client)

        assert len(post()) == 1

    def test_and_three_a_week(self, client, db, clock):
        mails = 0
        for _day in range(7):
            sign_up(client)
            mails += len(post())
            clock.later(hours=24)

        assert mails == 3

    def test_dots_tags_and_capitals_are_the_same_mailbox(self, client, db):
        spelled = (
            *("ada.lovelace@gmail.com", "adalovelace@gmail.com"),
            *("a.d.a.lovelace+1@gmail.com", "ADAlovelace+news+x@Gmail.com"),
            "ada.lovelace@googlemail.com",
        )
        for address in spelled:
            sign_up(client, address)

        assert len(post()) == 1

    def test_another_mailbox_is_another(self, client, db):
        for address in (ADA, "adam@readers.example", "ada@reader.example"):
            sign_up(client, address)

        assert len(post()) == 3

    def test_a_change_of_address_counts_too(self, client, db):
        bea = SubscriberFactory()
        path = f"/subscribe/settings/{links.full_token(bea)}/address/"
        for address in (ADA, "ad.a@readers.example", "ada+1@readers.example"):
            client.post(path, {"email": address})
        sign_up(client)

        assert len(post()) == 1

    def test_links_are_three_a_day(self, client, db):
        SubscriberFactory(address=ADA)
        for _time in range(10):
            client.post("/subscribe/link/", {"email": ADA})

        assert len(post()) == 3

    def test_who_asked_for_links_can_still_be_confirmed(self, client, db):
        SubscriberFactory(address=ADA)
        for _time in range(3):
            client.post("/subscribe/link/", {"email": ADA})
        post()

        sign_up(client)

        assert len(post()) == 1


@pytest.fixture
def three_an_hour(monkeypatch):
    """Of one network; twenty really, which one test of `TestNetwork` tries."""
    monkeypatch.setattr(limits, "NETWORK_AN_HOUR", 3)


class TestNetwork:
    def many(self, addresses_, **extra):
        return [
            sign_up(
                Client(), f"reader{number}@readers.example", extra={**extra, **where}
            ).status_code
            for number, where in enumerate(addresses_)
        ]

    def test_has_twenty_an_hour(self, db, clock):
        answers = self.many([{"REMOTE_ADDR": "198.51.100.7"}] * 25)
        clock.later(hours=1, seconds=1)
        later = self.many([{"REMOTE_ADDR": "198.51.100.7"}])

        assert answers == [302] * 20 + [429] * 5
        assert later == [302]

    def test_says_so_and_loses_nothing(self, db, client, three_an_hour):
        self.many([{"REMOTE_ADDR": "127.0.0.1"}] * 3)

        answer = sign_up(client, ADA, follow=["seat=quant"], hour="17")

        text = answer.content.decode()
        assert "try again in an hour" in text
        assert answer.headers["Retry-After"] == "3600"
        assert f'value="{ADA}"' in text
        assert 'name="follow" value="seat=quant"' in text
        assert '<option value="17" selected>' in text

    def test_is_a_24_of_ipv4(self, db, three_an_hour):
        same = self.many([{"REMOTE_ADDR": f"198.51.100.{n}"} for n in range(4)])
        other = self.many([{"REMOTE_ADDR": "198.51.101.1"}])

        assert same[-1] == 429
        assert other == [302]

    def test_is_a_64_of_ipv6(self, db, three_an_hour):
        same = self.many([{"REMOTE_ADDR": f"2001:db8:1:2:{n:x}::1"} for n in range(4)])
        other = self.many([{"REMOTE_ADDR": "2001:db8:1:3::1"}])

        assert same[-1] == 429
        assert other == [302]

    def test_of_ipv4_in_ipv6_is_that_of_ipv4(self):
        assert limits.network_of("::ffff:198.51.100.7") == limits.network_of(
            "198.51.100.9"
        )

    def test_is_one_for_all_whose_address_is_unknown(self):
        assert limits.network_of("") == limits.network_of("nonsense")

    def test_is_not_another_for_a_forged_header(self, db, three_an_hour):
        answers = self.many(
            [
                {
                    "REMOTE_ADDR": "198.51.100.7",
                    "headers": {
                        "X-Forwarded-For": f"203.0.113.{n}, 203.0.{n}.1",
                        "X-Real-IP": f"203.0.{n}.9",
                        "Forwarded": f"for=203.0.{n}.9",
                    },
                }
                for n in range(4)
            ]
        )

        assert answers[-1] == 429

    def test_is_what_the_trusted_proxy_saw(self, db, settings, three_an_hour):
        settings.TRUSTED_PROXIES = 1
        answers = self.many(
            [
                {
                    "REMOTE_ADDR": "10.0.0.1",
                    "headers": {"X-Forwarded-For": f"203.0.{n}.1, 198.51.100.7"},
                }
                for n in range(4)
            ]
        )

        assert answers[-1] == 429

    def test_refused_sign_ups_leave_no_rows_however_many_they_are(
        self, db, three_an_hour
    ):
        self.many([{"REMOTE_ADDR": "198.51.100.7"}] * 9)

        assert Request.objects.count() == 3
        assert len(post()) == 3

    def test_reads_on_without_a_limit(self, db, client, three_an_hour):
        self.many([{"REMOTE_ADDR": "127.0.0.1"}] * 3)

        assert client.get("/subscribe/").status_code == 200


class TestEverybodyTogether:
    def test_have_a_ceiling_that_raises_an_alarm(self, client, db, monkeypatch, caplog):
        monkeypatch.setattr(limits, "MAILS_AN_HOUR", 3)
        where = [{"REMOTE_ADDR": f"198.51.{n}.1"} for n in range(5)]

        answers = TestNetwork().many(where)

        assert answers == [302] * 3 + [429] * 2
        assert "Sign-ups are closed: 3 mails" in caplog.text
        assert caplog.records[-1].levelno == logging.ERROR

    def test_the_limits_stand_when_redis_is_empty_or_away(
        self, client, db, monkeypatch, three_an_hour
    ):
        TestNetwork().many([{"REMOTE_ADDR": "127.0.0.1"}] * 3)
        cache.clear()
        monkeypatch.setattr(
            "talent.digests.tasks.send_requested.delay", self.without_redis
        )

        refused = sign_up(client, ADA)
        elsewhere = sign_up(client, ADA, extra={"REMOTE_ADDR": "192.0.2.1"})

        assert refused.status_code == 429
        assert elsewhere.status_code == 302
        assert ADA in [message.to[0] for message in post()]

    def without_redis(self, *_args, **_options):
        raise ConnectionError("Redis is away")


class TestMachines:
    def test_that_fill_in_every_field_hear_the_same_and_cause_nothing(self, client, db):
        person = sign_up(client, ADA)
        machine = sign_up(client, "bea@readers.example", homepage="http://spam.example")

        assert heard(person) == heard(machine)
        assert not Request.objects.filter(address="bea@readers.example").exists()

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
    )
    @pytest.mark.parametrize("path", ["/subscribe/", "/subscribe/link/"])
    def test_that_are_browsers_sent_by_another_site_are_refused(
        self, client, db, path, headers
    ):
        answer = client.post(path, {"email": ADA}, headers=headers)

        assert answer.status_code == 403
        assert not Request.objects.exists()

    def test_that_are_browsers_on_our_pages_are_not(self, client, db):
        answer = sign_up(
            client,
            extra={
                "headers": {
                    "Sec-Fetch-Site": "same-origin",
                    "Origin": "http://testserver",
                }
            },
        )

        assert answer.status_code == 302


class TestForgetting:
    def test_nothing_of_an_unconfirmed_address_is_kept_after_a_week(
        self, client, db, clock
    ):
        sign_up(client)
        post()
        subscribing.forget(at=clock.later(days=7))
        assert Request.objects.exists()

        subscribing.forget(at=clock.later(seconds=1))

        assert not Request.objects.exists()

    def test_a_confirmed_subscriber_stays(self, client, db, clock):
        confirmed(client)

        subscribing.forget(at=clock.later(days=400))

        assert Subscriber.objects.exists()

    def test_no_network_is_kept_in_the_clear(self, client, db):
        sign_up(client, extra={"REMOTE_ADDR": "198.51.100.7"})

        assert "198.51" not in str(Request.objects.values().get())


class TestLog:
    def test_holds_no_address_and_no_token(self, client, db, caplog, settings):
        formatter = DiscreetFormatter()
        settings.EMAIL_BACKEND = "tests.digests.relays.Refusing"
        sign_up(client)
        post()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        ada = confirmed(client, "bea@readers.example")
        paths = [
            f"/subscribe/settings/{links.manage_token(ada)}/",
            f"/subscribe/settings/{links.full_token(ada)}/pause/",
            f"/subscribe/stop/{links.stop_token(ada)}/",
            link_in(mail.outbox[0]),
        ]
        for path in paths:
            client.get(path)
            logging.getLogger("django.request").error("Server Error: %s", path)

        lines = "\n".join(formatter.format(record) for record in caplog.records)

        assert "Server Error" in lines
        assert "readers.example" not in lines
        for path in paths:
            assert path.split("/")[3] not in lines
