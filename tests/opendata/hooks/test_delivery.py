"""Sending: at least once, under one number, in order; an endpoint that fails is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from talent.opendata.hooks import endpoints, ledger, owning, planning, sending
from talent.opendata.hooks.endpoints import Outcome
from talent.opendata.models import Hook, HookAttempt, HookDelivery, HookMail
from talent.registry.models import Event
from tests.factories import NOON, EventFactory

pytestmark = pytest.mark.django_db

READY = NOON + planning.GATHERED
# After the webhook was made: what was there before is known to it.
AFTER = NOON + timedelta(seconds=1)
FAILS = (500, b"no", {})


@pytest.fixture
def exact_delays(monkeypatch):
    monkeypatch.setattr(ledger, "uniform", lambda low, _high: low)


def planned(**columns) -> HookDelivery:
    event = EventFactory(published=True, published_at=AFTER, **columns)
    planning.plan(at=NOON)
    return HookDelivery.objects.get(event=event.pk)


def send(receiver, at=READY) -> None:
    sending.send_due(clock=lambda: at, door=receiver.door)


class TestSendDue:
    def test_writes_down_what_came_back(self, new_hook, receiver):
        hook, delivery = new_hook(), planned()

        send(receiver)

        delivery.refresh_from_db()
        hook.refresh_from_db()
        attempt = delivery.tries.get()
        assert delivery.state == HookDelivery.State.DELIVERED
        assert (attempt.status, attempt.said) == (204, "")
        assert attempt.size == len(receiver.received[0].body)
        assert hook.answered_at == READY
        assert hook.claimed_until is None

    def test_waits_until_edits_are_gathered(self, new_hook, receiver):
        new_hook()
        planned()

        send(receiver, at=READY - timedelta(seconds=1))

        assert receiver.received == []

    def test_sends_each_message_once(self, new_hook, receiver):
        new_hook()
        planned()

        send(receiver)
        send(receiver, at=READY + timedelta(days=1))

        assert len(receiver.received) == 1

    def test_keeps_of_a_failed_answer_one_line_and_no_header(self, new_hook, receiver):
        new_hook()
        receiver.answer = (
            500,
            b"<b>Out\nof\0 disk</b>" + b"x" * 1000,
            {"Set-Cookie": "session=s3cret"},
        )
        delivery = planned()

        send(receiver)

        attempt = delivery.tries.get()
        assert attempt.said.startswith("<b>Out of disk</b>xx")
        assert len(attempt.said) == 300
        assert "s3cret" not in str(HookAttempt.objects.values())

    @pytest.mark.parametrize(
        "answer",
        [
            (302, b"", {"Location": "http://169.254.169.254/"}),
            (400, b"", {}),
            (404, b"", {}),
            (500, b"", {}),
        ],
    )
    def test_takes_only_a_yes_for_a_yes(self, new_hook, receiver, answer):
        new_hook()
        receiver.answer = answer
        delivery = planned()

        send(receiver)

        delivery.refresh_from_db()
        assert delivery.state == HookDelivery.State.PENDING
        assert len(receiver.received) == 1

    def test_reads_the_status_of_an_endless_answer(self, new_hook, receiver):
        new_hook()
        receiver.answer = (200, b"x" * (endpoints.LIMITS.size + 1), {})
        delivery = planned()

        send(receiver)

        delivery.refresh_from_db()
        assert delivery.state == HookDelivery.State.DELIVERED

    def test_tells_the_newest_state_when_it_tries_again(self, new_hook, receiver):
        new_hook()
        receiver.answers = [FAILS]
        delivery = planned()
        send(receiver)

        Event.objects.filter(pk=delivery.event).update(title="Since then")
        send(receiver, at=READY + timedelta(seconds=6))

        first, second = receiver.received
        assert first.id == second.id == delivery.message_id
        assert second.data["event"]["title"] == "Since then"

    def test_tells_a_change_after_a_failed_attempt_under_a_new_number(
        self, new_hook, receiver
    ):
        new_hook()
        receiver.answers = [FAILS]
        delivery = planned()
        send(receiver)

        Event.objects.filter(pk=delivery.event).update(title="Since then")
        planning.plan(at=READY)
        send(receiver, at=READY + timedelta(minutes=2))

        first, second = receiver.received
        delivery.refresh_from_db()
        assert delivery.state == HookDelivery.State.SUPERSEDED
        assert second.id != first.id
        assert first.kind == second.kind == "event.published"

    def test_asks_one_endpoint_for_one_thing_at_a_time(self, new_hook, receiver):
        new_hook()
        planned()
        planned()

        assert ledger.claim(at=READY)
        assert ledger.claim(at=READY) is None

    def test_lets_no_endpoint_hold_up_another(self, new_hook, receiver):
        from threading import Event as Signal

        free = Signal()
        slow = new_hook(url=receiver.url.replace("hook", "slow"))
        taken = receiver.take

        def take(path, headers, body):
            if len(receiver.received) == 0:
                receiver.received.append(None)
                assert free.wait(5)
                return (204, b"", {})
            free.set()
            return taken(path, headers, body)

        receiver.take = take
        new_hook("kind=hire")
        EventFactory(published=True)
        planning.plan(at=NOON)

        send(receiver)

        assert len(receiver.received) == 2
        assert slow.deliveries.get().state == HookDelivery.State.DELIVERED

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:{port}/hook",
            "http://localhost:{port}/hook",
            "http://[::1]:{port}/hook",
        ],
    )
    def test_goes_through_the_guarded_door(self, new_hook, receiver, url, settings):
        """What an address stands for is judged at the moment of asking."""
        settings.DEVELOPMENT = False
        door = endpoints.door()
        assert door.ports == {443}
        new_hook(url=url.format(port=receiver.port))
        delivery = planned()

        only_public = endpoints.Door(ports=frozenset({receiver.port}))
        sending.send_due(clock=lambda: READY, door=only_public)

        assert receiver.received == []
        assert delivery.tries.get().status is None


class TestRetries:
    def test_grow_over_two_days_and_then_end(self, new_hook, receiver, exact_delays):
        hook = new_hook()
        receiver.answer = FAILS
        delivery, at, waits = planned(), READY, []

        while delivery.state == HookDelivery.State.PENDING:
            Hook.objects.update(rests_until=None, failing_since=None)
            send(receiver, at=at)
            delivery.refresh_from_db()
            waits.append(delivery.next_at - at)
            at = delivery.next_at

        seconds = [int(each.total_seconds()) for each in waits[:-1]]
        assert seconds == [5, 60, 300, 1800, 7200, 21600, 43200, 100800]
        assert sum(seconds) >= 2 * 86400
        assert delivery.state == HookDelivery.State.GIVEN_UP
        assert {each.id for each in receiver.received} == {delivery.message_id}
        assert hook.deliveries.count() == 1

    def test_leave_the_endpoint_alone_between(self, new_hook, receiver):
        hook = new_hook()
        receiver.answer = FAILS
        planned()
        planned()

        send(receiver)
        assert len(receiver.received) == 1
        send(receiver, at=READY + timedelta(seconds=6))
        assert len(receiver.received) == 2

        hook.refresh_from_db()
        assert hook.failures == 2
        assert hook.rests_until == READY + timedelta(seconds=6 + 15)

    def test_wait_as_long_as_the_endpoint_asks(self, new_hook, receiver):
        hook = new_hook()
        receiver.answer = (429, b"", {"Retry-After": "600"})
        planned()

        send(receiver)

        hook.refresh_from_db()
        assert hook.rests_until == READY + timedelta(seconds=600)

    def test_forget_failures_at_the_first_yes(self, new_hook, receiver):
        hook = new_hook(failures=5, failing_since=NOON)
        planned()

        send(receiver)

        hook.refresh_from_db()
        assert (hook.failures, hook.failing_since) == (0, None)


class TestDisabling:
    def test_comes_after_two_days_with_one_mail(self, new_hook, receiver):
        hook = new_hook(failing_since=READY - timedelta(days=2))
        receiver.answer = FAILS
        planned()
        delivery = planned()

        send(receiver)
        send(receiver, at=READY + timedelta(days=1))

        hook.refresh_from_db()
        delivery.refresh_from_db()
        assert (hook.state, hook.why_disabled) == ("disabled", "failed")
        assert len(receiver.received) == 1
        assert HookMail.objects.filter(purpose="disabled", due=True).count() == 1
        assert delivery.state == HookDelivery.State.PENDING

    def test_does_not_come_before(self, new_hook, receiver):
        hook = new_hook(failing_since=READY - timedelta(days=2, seconds=-1))
        receiver.answer = FAILS
        planned()

        send(receiver)

        hook.refresh_from_db()
        assert hook.state == Hook.State.ACTIVE

    def test_comes_at_once_where_the_endpoint_is_gone(self, new_hook, receiver):
        hook = new_hook()
        receiver.answer = (410, b"", {})
        planned()

        send(receiver)

        hook.refresh_from_db()
        assert (hook.state, hook.why_disabled) == ("disabled", "gone")
        assert HookMail.objects.filter(purpose="disabled").count() == 1

    def test_is_undone_by_an_answer_to_a_ping(self, new_hook, receiver, tell):
        hook = new_hook(state="disabled", why_disabled="failed")
        missed = EventFactory(published=True)
        tell()
        assert receiver.received == []

        owning.verify(hook, at=READY)
        tell(at=READY)
        tell(at=READY + timedelta(minutes=1))

        assert receiver.kinds == ["webhook.ping", "event.changed"]
        assert receiver.received[1].data["number"] == missed.pk

    def test_sends_what_waited_as_soon_as_the_endpoint_is_back(
        self, new_hook, receiver, tell
    ):
        hook = new_hook()
        receiver.answers = [FAILS] * 4
        delivery = planned()
        for minutes in (0, 1, 5, 20):
            send(receiver, at=READY + timedelta(minutes=minutes))
        Hook.objects.update(state="disabled", why_disabled="failed")

        owning.verify(hook, at=READY + timedelta(minutes=21))
        tell(at=READY + timedelta(minutes=21))

        assert receiver.kinds[-2:] == ["webhook.ping", "event.published"]
        assert receiver.received[-1].id == delivery.message_id


class TestLease:
    def test_runs_out_when_its_worker_was_killed(self, new_hook, receiver):
        """The message goes again, under its number."""
        new_hook()
        planned()
        first = ledger.claim(at=READY)
        send(receiver)
        assert receiver.received == []

        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE opendata_hook SET claimed_until = clock_timestamp() - interval '1 s'"
            )
        send(receiver)

        assert [each.id for each in receiver.received] == [first.headers["webhook-id"]]

    def test_of_a_webhook_deleted_meanwhile_is_not_missed(self, new_hook):
        hook = new_hook()
        planned()
        claim = ledger.claim(at=READY)
        hook.delete()

        ledger.settle(claim, Outcome(5, 204), at=READY)

        assert HookAttempt.objects.count() == 0
