"""A run against a real mail server: what arrives, what is written down, what stops it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.db import OperationalError

from talent.digests import delivery, ledger, outlets, planning
from talent.digests.models import Delivery, DeliverySwitch, Subscriber, Suppression
from tests.digests.plain_desk import PlainDesk
from tests.digests.relay import Relay, relay
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

State = Delivery.State
DUE = datetime(2026, 3, 9, 8, 59, tzinfo=UTC)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def server(settings, tmp_path: Path) -> Iterator[Relay]:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    settings.DIGEST_FROM = "Transfer Window <digest@transfers.example>"
    settings.SITE_URL = "https://transfers.example"
    with relay(tmp_path) as found:
        settings.EMAIL_PORT = found.port
        yield found


def due(*names: str, **columns) -> list[Subscriber]:
    made = [
        SubscriberFactory(address=f"{name}@readers.example", **columns)
        for name in names
    ]
    planning.begin(at=DUE - timedelta(days=2))
    planning.plan(at=DUE - timedelta(days=2))
    return made


def run(*, at: datetime = DUE, stop=lambda: False, **says) -> delivery.Tally:
    return delivery.send_due(
        clock=lambda: at, desk=lambda moment: PlainDesk(moment, **says), stop=stop
    )


def state_of(subscriber: Subscriber) -> Delivery:
    return Delivery.objects.get(subscriber=subscriber)


class TestARun:
    def test_sends_each_mail_once_over_one_connection(self, server):
        due("ada", "grace", "joan")

        tally = run()
        again = run()

        assert sorted(server.recipients) == [
            *("ada@readers.example", "grace@readers.example", "joan@readers.example"),
        ]
        assert (tally.planned, tally.sent, tally.left) == (3, 3, "")
        assert again.sent == 0
        assert server.connections == 1

    def test_asks_the_database_once_for_each_further_mail(self, server, statements_of):
        names = iter("abcdefghijklmnopqrstuvwxyz")
        due(*(next(names) for _ in range(2)))
        run()
        Subscriber.objects.update(next_due_at=None)
        planning.plan(at=DUE)
        two = statements_of(lambda: run(at=DUE + timedelta(days=7)))
        due(*(next(names) for _ in range(10)))
        Subscriber.objects.update(next_due_at=None)
        planning.plan(at=DUE + timedelta(days=7))

        twelve = statements_of(lambda: run(at=DUE + timedelta(days=14)))

        assert len(server.recipients) == 2 + 2 + 12
        # It marks the one and claims the next.
        assert twelve - two == 10

    def test_gives_the_very_message_id_of_the_ledger(self, server):
        [ada] = due("ada")

        run()

        assert server.lines == [
            f"ada@readers.example <{state_of(ada).token}@transfers.example>"
        ]

    def test_works_with_any_other_backend_of_django(self, settings, mailoutbox):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        due("ada")

        tally = run()

        assert tally.sent == 1
        assert mailoutbox[0].recipients() == ["ada@readers.example"]
        assert mailoutbox[0].message()["Subject"] == "Ada joined Initech."

    def test_ends_after_the_message_in_hand_when_asked_to_stop(self, server):
        due("ada", "grace")

        tally = run(stop=lambda: len(server.lines) == 1)

        assert (tally.sent, tally.left) == (1, "asked to stop")
        assert not Delivery.objects.filter(claimed_at__isnull=False).exists()
        assert run().sent == 1

    def test_leaves_when_enough_others_are_sending(self, server, monkeypatch):
        due("ada")
        monkeypatch.setattr(ledger, "SENDERS", 0)

        assert run().left == "enough others are sending"


class TestTheSwitch:
    def test_stops_everything(self, server):
        due("ada")
        DeliverySwitch.objects.update(stopped=True, why="a mistake in a headline")

        tally = run()

        assert "a mistake in a headline" in tally.left
        assert not server.lines

    def test_stops_a_run_that_is_going_on(self, server, monkeypatch):
        monkeypatch.setattr(delivery, "LOOK_EVERY", 1)
        due("ada", "grace", "joan")

        def stop() -> bool:
            DeliverySwitch.objects.update(stopped=len(server.lines) > 0)
            return False

        assert run(stop=stop).sent == 1

    def test_has_a_ceiling_for_a_run(self, server):
        due("ada", "grace", "joan")
        DeliverySwitch.objects.update(per_run=2)

        assert [run().sent, run().sent] == [2, 1]

    def test_has_a_ceiling_for_a_day_that_a_runaway_loop_does_not_pass(self, server):
        due("ada", "grace", "joan", "mary", "lise")
        DeliverySwitch.objects.update(per_day=4)

        for _ in range(10):
            run()

        assert len(server.lines) in (3, 4)


class TestTheServersAnswer:
    def test_not_now_is_tried_again_later(self, server):
        later, fine = due("later-ada", "grace")

        tally = run()

        row = state_of(later)
        assert (tally.sent, tally.put_off) == (1, 1)
        assert (row.state, row.attempts) == (State.PENDING, 1)
        assert row.next_attempt_at == DUE + ledger.FIRST_DELAY
        assert row.error == "451 4.3.0 Try again later"
        assert state_of(fine).state == State.SENT
        assert run().put_off == 0

    def test_no_such_user_ends_it_for_good(self, server):
        [gone] = due("unknown-ada")

        tally = run()

        assert tally.refused == 1
        assert state_of(gone).state == State.GIVEN_UP
        assert Suppression.objects.of(gone.address).get().reason == "hard_bounce"
        assert run(at=DUE + timedelta(days=7)).planned == 0

    def test_mailbox_full_gives_this_one_up_alone(self, server):
        [full] = due("full-ada")

        run()

        assert state_of(full).state == State.GIVEN_UP
        assert not Suppression.objects.exists()
        assert run(at=DUE + timedelta(days=7)).planned == 1

    def test_missing_after_the_whole_message_leaves_it_uncertain(self, server):
        [cut] = due("cut-ada")

        run()
        run(at=DUE + ledger.FIRST_DELAY)

        row = state_of(cut)
        assert (row.state, row.uncertain, row.attempts) == (State.PENDING, True, 2)
        first, second = server.raw
        assert unlike_only_in_their_boundaries(first, second)

    def test_missing_before_it_holds_up_nobody_else(self, server, monkeypatch):
        monkeypatch.setattr(outlets, "PATIENCE", 0.3)
        stalled, fine = due("stall-ada", "grace")

        run()

        assert state_of(fine).state == State.SENT
        assert state_of(stalled).state == State.PENDING
        assert not state_of(stalled).uncertain

    def test_too_busy_loses_nothing(self, server):
        due("ada")
        server.sink.busy = True

        tally = run()

        assert "away" in tally.left
        assert Delivery.objects.get().attempts == 0
        server.sink.busy = False
        assert run().sent == 1

    def test_no_server_at_all_loses_nothing(self, server, settings):
        due("ada")
        settings.EMAIL_PORT = 1

        assert "away" in run().left

        settings.EMAIL_PORT = server.port
        assert run().sent == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"EMAIL_HOST_USER": "us", "EMAIL_HOST_PASSWORD": "not this one"},
            {"EMAIL_USE_TLS": True},
            {"EMAIL_USE_SSL": True},
        ],
        ids=["password", "no STARTTLS", "no TLS"],
    )
    def test_about_ourselves_pauses_all_runs_and_raises_an_alarm(
        self, server, settings, caplog, wrong
    ):
        due("ada")
        for name, value in wrong.items():
            setattr(settings, name, value)

        tally = run()

        switch = DeliverySwitch.objects.get()
        assert "refuses us" in tally.left
        assert switch.paused_until == DUE + delivery.PAUSE
        assert "Digests pause" in caplog.text
        assert "not this one" not in caplog.text + switch.alarm
        for name in wrong:
            setattr(settings, name, "" if "HOST" in name else False)
        assert run().sent == 0
        assert run(at=DUE + delivery.PAUSE).sent == 1
        caplog.clear()

    def test_no_to_many_in_a_row_is_about_us(self, server, monkeypatch, caplog):
        monkeypatch.setattr(delivery, "MOST_REFUSED", 3)
        due(*(f"unknown-{name}" for name in "abcdef"))

        run()

        assert Suppression.objects.count() == 3
        assert "in a row were refused" in DeliverySwitch.objects.get().alarm
        caplog.clear()


class TestADatabaseThatIsCutOff:
    @pytest.mark.django_db(transaction=True)
    def test_after_the_servers_yes_is_told_once_it_is_back(self, server, monkeypatch):
        due("ada", "grace")
        ask, cuts = ledger.ask, []

        def cut_once(statement, values):
            if statement.startswith(ledger.MARK) and not cuts:
                cuts.append(statement)
                raise OperationalError("the connection is lost")
            return ask(statement, values)

        monkeypatch.setattr(ledger, "ask", cut_once)

        tally = run()

        assert (tally.sent, len(cuts)) == (2, 1)
        assert Delivery.objects.sent().count() == 2
        assert len(server.lines) == 2


class TestALeaver:
    def test_gets_nothing_more_in_the_run_that_is_going_on(self, server):
        ada, grace = due("ada", "grace")

        def stop() -> bool:
            if server.lines:
                for each in (ada, grace):
                    Subscriber.objects.filter(address=each.address).exclude(
                        address__in=server.recipients
                    ).update(stopped_at=DUE)
            return False

        assert run(stop=stop).sent == 1

    def test_may_go_while_their_mail_is_on_its_way(self, server, monkeypatch):
        due("ada")
        monkeypatch.setattr(
            delivery,
            "settle",
            lambda claim, at, claim_next: (
                Subscriber.objects.all().delete() and ledger.mark_sent(claim, at=at)
            ),
        )

        assert run().sent == 1
        assert not Delivery.objects.exists()


class TestEveryMessage:
    """What Gmail, Yahoo and Microsoft ask of senders of many mails, and RFC 5322 and 8058."""

    @pytest.fixture
    def raw(self, server) -> bytes:
        due("ada")
        run(otherwise="小红 joined Initech — “again”.", size=9000)
        return server.raw[0]

    @pytest.fixture
    def message(self, raw, server):
        return server.messages[0]

    def test_names_list_sender_and_day(self, message):
        assert message["From"] == "Transfer Window <digest@transfers.example>"
        assert message["To"] == "ada@readers.example"
        assert message["Subject"] == "小红 joined Initech — “again”."
        made = Delivery.objects.get().created_at
        assert message["Date"] == format_datetime(made)
        assert message["List-Id"] == "Transfer Window digest <digest.transfers.example>"
        assert message["Auto-Submitted"] == "auto-generated"

    def test_is_stopped_with_one_click(self, message):
        [link] = message.get_all("List-Unsubscribe")

        assert re.fullmatch(r"<https://transfers\.example/[^<>,\s]+>", link)
        assert message.get_all("List-Unsubscribe-Post") == [
            "List-Unsubscribe=One-Click"
        ]

    def test_says_each_of_its_headers_once(self, message):
        names = [name.lower() for name in message]

        assert len(names) == len(set(names))

    def test_has_the_same_links_in_text_and_in_html(self, message):
        plain = message.get_body(("plain",)).get_content()
        html = message.get_body(("html",)).get_content()
        links = re.findall(r"https://transfers\.example/\S+?(?=[\s<])", plain)

        assert len(links) == 3
        for link in links:
            assert link in html
        assert f"<{links[1]}>" == message["List-Unsubscribe"]
        assert "{{" not in plain + html
        assert "小红 joined Initech — “again”." in html

    def test_links_to_pages_in_the_language_of_the_reader(self, server):
        due("hong", language="zh-hans")
        run()

        plain = server.messages[0].get_body(("plain",)).get_content()
        links = re.findall(r"https://transfers\.example/\S+", plain)

        assert len(links) == 3
        assert all("/zh-hans/" in link for link in links)

    def test_keeps_to_the_lengths_of_lines(self, raw):
        lines = raw.split(b"\r\n")

        assert b"\n" not in b"".join(lines)
        assert max(map(len, lines)) <= 998
        body = raw.partition(b"\r\n\r\n")[2].split(b"\r\n")
        assert max(map(len, body)) <= 76

    def test_goes_back_to_an_address_that_names_it(self, server, settings):
        settings.DIGEST_BOUNCES_TO = "bounces@transfers.example"
        [ada] = due("ada")

        from talent.digests.messages import envelope_sender

        token = state_of_token(ada)
        assert envelope_sender(token) == f"bounces+{token}@transfers.example"


def unlike_only_in_their_boundaries(first: bytes, second: bytes) -> bool:
    boundary = re.compile(rb"(?<=--|=\")[0-9a-f]{32}")
    return boundary.sub(b"", first) == boundary.sub(b"", second)


def state_of_token(subscriber: Subscriber) -> str:
    planning.plan(at=DUE)
    return state_of(subscriber).token


class TestAHostileContent:
    @pytest.mark.parametrize(
        "says",
        [
            "A name\r\nBcc: everybody@readers.example",
            "A\u2028name\u202e with \x00 odd characters",
            "x" * 240,
            ".\n.\n..\n. dots",
            "=?utf-8?q?=0d=0aBcc:_x?= and ={{ and }} and {{NOTHING}}",
            "{{MANAGE_URL}}. {{MANAGE_URL}}.",
        ],
        ids=["line", "odd", "long", "dots", "encoded", "links"],
    )
    def test_stays_within_its_place(self, server, says):
        due("ada")

        run(otherwise=says.replace("\x00", ""))

        [message] = server.messages
        assert server.recipients == ["ada@readers.example"]
        assert message["Bcc"] is None
        assert not message.defects
        assert message["To"] == "ada@readers.example"
        shown = message.get_body(("plain",)).get_content()
        if "{{M" not in says:
            expected = says.replace("\x00", "").replace("\u2028", "\n")
            assert shown.replace("\r\n", "\n").startswith(
                "\n".join(expected.splitlines())
            )

    @pytest.mark.parametrize(
        "address",
        [
            "ada@readers.example\r\nBcc: x@y.example",
            "ada@readers.example, x@y.example ",
        ],
    )
    def test_nor_does_an_address_that_was_never_checked(self, server, address):
        made = SubscriberFactory(address="ada@readers.example")
        planning.plan(at=DUE - timedelta(days=2))
        Subscriber.objects.filter(pk=made.pk).update(address=address)

        run()

        assert not server.lines
        assert Delivery.objects.get().state == State.GIVEN_UP
