"""Reports about mails that left: which ones count, and what follows."""

from __future__ import annotations

import mailbox
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.message import Message
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from talent.digests import bounces
from talent.digests.models import (
    Bounce,
    Content,
    Delivery,
    DeliverySwitch,
    Subscriber,
    Suppression,
)
from talent.digests.models.deliveries import new_token
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sender(settings) -> None:
    settings.DIGEST_FROM = "Transfer Window <digest@transfers.example>"
    settings.DIGEST_BOUNCES_TO = "bounces@transfers.example"


def sent(subscriber: Subscriber | None = None, *, at: datetime = NOW) -> Delivery:
    """A delivery that was sent at the time."""
    subscriber = subscriber or SubscriberFactory(address="ada@readers.example")
    content, _new = Content.objects.get_or_create(
        key="news", defaults={"language": "en", "subject": "News"}
    )
    return Delivery.objects.create(
        subscriber=subscriber,
        frequency="daily",
        period_start=at.date(),
        window_since=at - timedelta(days=1),
        window_until=at,
        due_at=at,
        state=Delivery.State.SENT,
        sent_at=at,
        sent_to=subscriber.address_hash,
        content=content,
        token=new_token(),
    )


def returned(
    token: str,
    *,
    to: str = "",
    status: str = "5.1.1",
    action: str = "failed",
    domain: str = "transfers.example",
) -> Message:
    """What Postfix sends back."""
    return message_from_string(
        f"""\
From: MAILER-DAEMON@relay.example
To: {to or "digest@transfers.example"}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; ada@readers.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <ada@readers.example>: no such user

--b
Content-Type: text/rfc822-headers

From: Transfer Window <digest@transfers.example>
Message-ID: <{token}@{domain}>
Subject: News

--b--
"""
    )


def complaint(token: str) -> Message:
    return message_from_string(
        f"""\
From: feedback@provider.example
To: digest@transfers.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--b
Content-Type: message/rfc822

From: Transfer Window <digest@transfers.example>
Message-ID: <{token}@transfers.example>
Subject: News

Something.

--b--
"""
    )


def take(message: Message, *, at: datetime = NOW) -> bool:
    report = bounces.read(message)
    return report is not None and bounces.take(report, at=at)


class TestAHardBounce:
    def test_suppresses_the_address_at_once(self):
        delivery = sent()

        assert take(returned(delivery.token))

        found = Suppression.objects.of("ada@readers.example").get()
        assert found.reason == "hard_bounce"
        bounce = Bounce.objects.get()
        assert (bounce.kind, bounce.status) == ("hard", "5.1.1")
        assert "ada@readers.example" not in bounce.said

    def test_counts_once(self):
        delivery = sent()
        take(returned(delivery.token))

        assert not take(returned(delivery.token))

    def test_is_recognised_by_the_address_it_came_back_to(self):
        delivery = sent()
        address = f"<bounces+{delivery.token}@transfers.example>"

        assert take(returned("of no use", to=address))

    def test_is_about_the_address_it_was_sent_to(self):
        delivery = sent()
        moved = delivery.subscriber
        moved.readdress("elsewhere@readers.example")
        moved.save()

        take(returned(delivery.token))

        assert Suppression.objects.of("ada@readers.example").exists()
        assert not Suppression.objects.of("elsewhere@readers.example").exists()


class TestWhatDoesNotCount:
    def test_a_report_about_a_mail_we_never_sent(self):
        sent()

        assert not take(returned("0123456789abcdef" * 2))

    def test_a_report_that_names_another_domain(self):
        delivery = sent()

        assert not take(returned(delivery.token, domain="elsewhere.example"))

    def test_a_report_about_an_old_mail(self):
        delivery = sent(at=NOW - timedelta(days=31))

        assert not take(returned(delivery.token))

    def test_a_delay(self):
        delivery = sent()

        assert not take(returned(delivery.token, action="delayed", status="4.4.1"))

    def test_an_out_of_office(self):
        delivery = sent()
        away = message_from_string(
            f"To: bounces+{delivery.token}@transfers.example\n"
            "Auto-Submitted: auto-replied\nSubject: Out of office\n\nBack on Monday.\n"
        )

        assert bounces.read(away) is None

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\x00\xff",
            "Content-Type: message/delivery-status\n\n",
            "Content-Type: multipart/report\n\nno boundary",
            "To: bounces+" + "f" * 32 + "@transfers.example\n"
            "Content-Type: message/delivery-status\n\nAction: failed\n\nStatus\n",
            "To: " + "bounces+" * 20_000 + "\n\n",
        ],
    )
    def test_what_is_broken(self, text):
        report = bounces.read(message_from_string(text, policy=policy.compat32))

        assert report is None or not bounces.take(report, at=NOW)


class TestASoftBounce:
    @pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.4.4", "5.7.1"])
    def test_suppresses_nothing_by_itself(self, status):
        delivery = sent()

        assert take(returned(delivery.token, status=status))

        assert Bounce.objects.get().kind == "soft"
        assert not Suppression.objects.exists()

    def test_makes_the_next_mail_wait_longer_each_time_and_is_the_last_after_five(self):
        ada = SubscriberFactory(address="ada@readers.example")
        waits = []
        for day in range(5):
            at = NOW + timedelta(days=day)
            Subscriber.objects.update(next_due_at=at + timedelta(hours=20))
            ada.refresh_from_db()
            take(returned(sent(ada, at=at).token, status="4.2.2"), at=at)
            ada.refresh_from_db()
            waits.append((ada.next_due_at - at).days)

        assert waits == [0, 2, 4, 8, 0]
        assert ada.soft_bounces == 5
        assert Suppression.objects.of(ada.address).exists()

    @pytest.mark.parametrize("before", [0, 1], ids=["first", "second"])
    def test_leaves_a_schedule_alone_that_was_changed_meanwhile(self, before):
        ada = SubscriberFactory(address="ada@readers.example", next_due_at=NOW)
        for _earlier in range(before):
            take(returned(sent(ada).token, status="4.2.2"))
        delivery = sent(ada, at=NOW + timedelta(days=1))
        later = NOW + timedelta(days=20)
        Subscriber.objects.update(next_due_at=later)

        bounces.note(delivery, bounces.Report(delivery.token, "soft"), at=NOW)

        ada.refresh_from_db()
        assert (ada.next_due_at, ada.soft_bounces) == (later, before + 1)

    def test_is_counted_while_nobody_else_changes_the_schedule(self):
        delivery = sent()

        with CaptureQueriesContext(connection) as asked:
            take(returned(delivery.token, status="4.2.2"))

        [read] = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
        assert 'FROM "digests_subscriber"' in read

    def test_starts_anew_after_one_that_arrived(self):
        ada = SubscriberFactory(address="ada@readers.example")
        for day in range(9):
            at = NOW + timedelta(days=day)
            delivery = sent(ada, at=at)
            if day != 4:
                take(returned(delivery.token, status="4.2.2"), at=at)

        assert not Suppression.objects.exists()


class TestAComplaint:
    def test_suppresses_the_address_at_once(self):
        delivery = sent()

        assert take(complaint(delivery.token))

        found = Suppression.objects.of("ada@readers.example").get()
        assert found.reason == "complaint"

    def test_stops_everything_when_there_are_too_many(self, caplog):
        deliveries = [sent(SubscriberFactory()) for _ in range(20)]

        for delivery in deliveries[:2]:
            take(complaint(delivery.token))
        stopped_after_two = DeliverySwitch.objects.filter(stopped=True).exists()
        take(complaint(deliveries[2].token))

        assert not stopped_after_two
        switch = DeliverySwitch.objects.get()
        assert switch.stopped
        assert switch.why == "3 of 20 mails of a week were reported as spam."
        caplog.clear()


class TestTheCommand:
    def run(self, *arguments: str) -> str:
        out = StringIO()
        call_command("read_bounces", *arguments, stdout=out)
        return out.getvalue().strip()

    def test_reads_an_mbox(self, tmp_path: Path):
        delivery = sent(at=timezone.now())
        box = mailbox.mbox(tmp_path / "mbox")
        box.add(returned(delivery.token))
        box.close()

        assert self.run(str(tmp_path / "mbox")) == "1 read, 1 noted."

    def test_reads_a_maildir_once(self, tmp_path: Path):
        delivery = sent(at=timezone.now())
        mailbox.Maildir(tmp_path / "box").add(returned(delivery.token))

        assert self.run(str(tmp_path / "box")) == "1 read, 1 noted."
        assert self.run(str(tmp_path / "box")) == "0 read, 0 noted."

    def test_reads_one_message_from_stdin(self, monkeypatch):
        delivery = sent(at=timezone.now())
        raw = returned(delivery.token).as_bytes()
        stdin = SimpleNamespace(buffer=SimpleNamespace(read=lambda size: raw[:size]))
        monkeypatch.setattr("sys.stdin", stdin)

        assert self.run() == "1 read, 1 noted."

    def test_says_what_is_missing(self):
        with pytest.raises(CommandError, match="There is no /nowhere"):
            self.run("/nowhere")


class TestAWebhook:
    """As django-anymail hands it on, its password checked."""

    def hear(self, event_type: str, **words: object) -> None:
        event = AnymailTrackingEvent(
            event_type=event_type,
            timestamp=timezone.now(),
            recipient="Ada@Readers.Example",
            **words,
        )
        tracking.send(sender=None, event=event, esp_name="Postmark")

    @pytest.mark.parametrize(
        ("event", "reason"),
        [
            ({"event_type": "bounced", "reject_reason": "bounced"}, "hard_bounce"),
            ({"event_type": "bounced", "reject_reason": "invalid"}, "hard_bounce"),
            ({"event_type": "complained", "reject_reason": "spam"}, "complaint"),
            ({"event_type": "rejected", "reject_reason": "spam"}, "complaint"),
        ],
    )
    def test_suppresses_after_a_hard_bounce_or_a_complaint(self, event, reason):
        sent(at=timezone.now())

        self.hear(**event)

        found = Suppression.objects.of("ada@readers.example").get()
        assert found.reason == reason

    @pytest.mark.parametrize(
        "event",
        [
            {
                "event_type": "bounced",
                "reject_reason": "bounced",
                "mta_response": "552 5.2.2 full",
            },
            {"event_type": "failed", "reject_reason": "timed_out"},
        ],
    )
    def test_notes_a_soft_one(self, event):
        sent(at=timezone.now())

        self.hear(**event)

        assert Bounce.objects.get().kind == "soft"
        assert not Suppression.objects.exists()

    @pytest.mark.parametrize(
        "event_type", ["delivered", "deferred", "opened", "queued"]
    )
    def test_passes_over_good_news(self, event_type):
        sent(at=timezone.now())

        self.hear(event_type)

        assert not Bounce.objects.exists()

    def test_stops_who_unsubscribed_at_the_provider(self):
        sent(at=timezone.now())

        self.hear("unsubscribed")

        assert Subscriber.objects.get().stopped_at is not None

    def test_knows_nobody_else(self):
        sent(SubscriberFactory(address="grace@readers.example"), at=timezone.now())

        self.hear("bounced", reject_reason="bounced")

        assert not Bounce.objects.exists()
