"""Who is due, and who may claim what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models.functions import Now

from talent.digests import ledger, planning, writing
from talent.digests.addresses import digest_of
from talent.digests.models import Delivery, DeliverySwitch, Subscriber, Suppression
from talent.digests.periods import Frequency, spread
from tests.digests.plain_desk import PlainDesk
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

State = Delivery.State
MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)
# Whatever the subscriber's minutes are.
AFTER = timedelta(minutes=59)
DAY = timedelta(days=1)


def subscriber(**columns) -> Subscriber:
    """Worked out to be due at the next Monday, as a run before would have done."""
    made = SubscriberFactory(**columns)
    planning.plan(at=MONDAY - 2 * DAY)
    made.refresh_from_db()
    return made


def only() -> Delivery:
    return Delivery.objects.get()


def written(*, at: datetime, **says) -> None:
    writing.Writer(lambda moment: PlainDesk(moment, **says)).write_batch(at=at)


class TestPlanning:
    def test_works_out_when_a_new_subscriber_is_due(self):
        made = subscriber()

        assert made.next_due_at == MONDAY + spread(made.pk)
        assert not Delivery.objects.exists()

    def test_makes_one_row_when_the_time_has_come(self):
        made = subscriber()

        planned = planning.plan(at=MONDAY + AFTER)

        assert planned == 1
        row = only()
        assert (row.state, row.period_start) == (State.PENDING, date(2026, 3, 2))
        assert (row.window_since, row.window_until) == (made.started_at, MONDAY)
        assert row.due_at == MONDAY + spread(made.pk)

    def test_makes_none_before(self):
        made = subscriber()

        planned = planning.plan(at=made.next_due_at - timedelta(seconds=1))

        assert planned == 0

    def test_tells_postgresql_of_a_queue_that_is_suddenly_long(self, monkeypatch):
        """It would read the whole of what it takes for empty, for every single mail."""
        monkeypatch.setattr(planning, "MANY", 50)
        SubscriberFactory.create_batch(50)
        planning.plan(at=MONDAY - 2 * DAY)

        planning.plan(at=MONDAY + AFTER)

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples FROM pg_class WHERE relname = 'digests_delivery'"
            )
            (rows,) = cursor.fetchone()
        assert rows == 50

    def test_makes_no_second_row_for_a_period(self):
        made = subscriber()
        planning.plan(at=MONDAY + AFTER)
        Subscriber.objects.update(next_due_at=made.next_due_at)

        planned = planning.plan(at=MONDAY + AFTER)

        assert planned == 0
        assert only().state == State.PENDING

    def test_asks_as_often_for_fifty_as_for_one(self, queries_of):
        subscriber()
        one = queries_of(lambda: planning.plan(at=MONDAY + AFTER))
        SubscriberFactory.create_batch(50)
        planning.plan(at=MONDAY + 2 * DAY)

        fifty = queries_of(lambda: planning.plan(at=MONDAY + 7 * DAY + AFTER))

        assert Delivery.objects.filter(state=State.PENDING).count() == 51
        assert fifty == one

    def test_makes_one_mail_of_all_the_time_that_was_missed(self):
        made = subscriber(frequency=Frequency.DAILY)

        planned = planning.plan(at=MONDAY + 5 * DAY + AFTER)

        assert planned == 1
        assert only().window_since == made.started_at
        assert only().window_until == MONDAY + 5 * DAY

    def test_lets_a_later_mail_take_the_place_of_one_that_waits(self):
        subscriber(frequency=Frequency.DAILY)
        planning.plan(at=MONDAY + AFTER)
        first = Delivery.objects.pending().get()

        planning.plan(at=MONDAY + DAY + AFTER)

        first.refresh_from_db()
        assert first.state == State.CANCELLED
        assert Delivery.objects.pending().get().window_since == first.window_since

    def test_waits_for_the_end_of_one_that_is_in_hand(self):
        subscriber(frequency=Frequency.DAILY)
        planning.plan(at=MONDAY + AFTER)
        written(at=MONDAY + AFTER)
        claim = ledger.claim(at=MONDAY + AFTER)

        planned = planning.plan(at=MONDAY + DAY + AFTER)

        assert planned == 0
        ledger.mark_sent(claim, at=MONDAY + DAY + AFTER)
        assert planning.plan(at=MONDAY + DAY + AFTER) == 1
        assert Delivery.objects.pending().get().window_since == MONDAY

    @pytest.mark.parametrize("paused", [True, False])
    def test_leaves_out_who_has_paused_and_covers_the_pause_later(self, paused):
        made = subscriber(paused_until=date(2026, 3, 12) if paused else None)

        planning.plan(at=MONDAY + AFTER)
        planning.plan(at=MONDAY + 7 * DAY + AFTER)

        waiting = Delivery.objects.pending().get()
        assert waiting.window_since == made.started_at
        assert Delivery.objects.count() == (1 if paused else 2)

    def test_leaves_out_who_has_stopped(self):
        subscriber(stopped_at=MONDAY - 3 * DAY)

        assert planning.plan(at=MONDAY + AFTER) == 0

    def test_leaves_out_who_must_not_be_written_to(self):
        made = subscriber()
        ledger.suppress(made.address_hash, Suppression.Reason.COMPLAINT, at=MONDAY)

        assert planning.plan(at=MONDAY + AFTER) == 0

    def test_cancels_what_waits_for_somebody_who_pauses(self):
        made = subscriber()
        planning.plan(at=MONDAY + AFTER)
        Subscriber.objects.filter(pk=made.pk).update(paused_until=date(2026, 3, 20))

        planning.plan(at=MONDAY + AFTER)

        assert only().state == State.CANCELLED

    @pytest.mark.parametrize(
        ("ago", "state"),
        [(ledger.LEASE * 2, State.CANCELLED), (ledger.LEASE / 2, State.PENDING)],
    )
    def test_cancels_what_a_killed_worker_left_to_somebody_who_stops(self, ago, state):
        made = subscriber()
        planning.plan(at=MONDAY + AFTER)
        Delivery.objects.update(claimed_at=Now() - ago, uncertain=True)
        Subscriber.objects.filter(pk=made.pk).update(stopped_at=MONDAY)

        planning.plan(at=MONDAY + AFTER)

        assert only().state == state

    def test_follows_a_change_of_schedule(self):
        made = subscriber()
        Subscriber.objects.filter(pk=made.pk).update(
            frequency="daily", hour=6, next_due_at=None
        )

        planning.plan(at=MONDAY)

        made.refresh_from_db()
        assert made.next_due_at == MONDAY + timedelta(hours=22) + spread(made.pk)


class TestTheClock:
    def test_set_back_two_hours_sends_nothing_twice(self):
        subscriber(frequency=Frequency.DAILY)
        run(at=MONDAY + AFTER)

        sent = run(at=MONDAY + AFTER - timedelta(hours=2))
        sent += run(at=MONDAY + AFTER)

        assert sent == 0
        assert Delivery.objects.sent().count() == 1

    def test_set_forward_three_days_sends_one_mail_and_then_goes_on(self):
        subscriber(frequency=Frequency.DAILY)
        run(at=MONDAY + AFTER)

        ahead = run(at=MONDAY + 3 * DAY + AFTER)
        back = [
            run(at=MONDAY + AFTER + timedelta(hours=hour)) for hour in range(0, 72, 6)
        ]

        assert ahead == 1
        assert sum(back) == 2  # of the 10th and the 11th; the 12th has its mail
        windows = Delivery.objects.sent().order_by("window_until")
        assert [row.window_until.day for row in windows] == [9, 10, 11, 12]


def run(*, at: datetime) -> int:
    """A run without a mail server."""
    switch = planning.begin(at=at)
    planning.plan(at=at, hold_before=switch.hold_due_before)
    written(at=at)
    sent = 0
    while claim := ledger.claim(at=at):
        ledger.mark_sent(claim, at=at)
        sent += 1
    return sent


class TestTwoBeats:
    def test_for_a_month_send_each_mail_once(self):
        SubscriberFactory(frequency=Frequency.DAILY, hour=7)
        SubscriberFactory(frequency=Frequency.WEEKLY, weekday=2)
        SubscriberFactory(frequency=Frequency.MONTHLY, monthday=31)
        run(at=datetime(2026, 3, 1, 13, tzinfo=UTC))

        for day, hour in product(range(31), (7, 8)):
            for _beat in range(2):
                run(at=datetime(2026, 3, 2, hour, 59, tzinfo=UTC) + day * DAY)

        count = Delivery.objects.sent().filter
        assert count(frequency="daily").count() == 31
        assert count(frequency="weekly").count() == 5
        assert count(frequency="monthly").count() == 1
        for frequency in Frequency:
            rows = list(count(frequency=frequency).order_by("window_until"))
            for earlier, later in zip(rows, rows[1:], strict=False):
                assert earlier.window_until == later.window_since


class TestARestoredBackup:
    def test_holds_what_was_due(self):
        subscriber()
        planning.begin(at=MONDAY - DAY)
        DeliverySwitch.objects.update(fingerprint="another database")

        assert run(at=MONDAY + AFTER) == 0

        assert only().state == State.HELD

    def test_is_noticed_by_redis_as_well(self):
        subscriber()
        planning.begin(at=MONDAY - DAY)
        cache.set(planning.WITNESS, (MONDAY + AFTER).timestamp())

        run(at=MONDAY + AFTER)

        assert only().state == State.HELD

    def test_does_not_hold_what_is_due_later(self):
        subscriber(frequency=Frequency.DAILY)
        planning.begin(at=MONDAY - DAY)
        DeliverySwitch.objects.update(fingerprint="another database")
        run(at=MONDAY + AFTER)

        sent = run(at=MONDAY + DAY + AFTER)

        assert sent == 1
        assert not Delivery.objects.filter(state=State.HELD).exists()

    def test_is_not_seen_in_an_outage(self):
        subscriber()
        planning.begin(at=MONDAY - 30 * DAY)

        assert run(at=MONDAY + AFTER) == 1

    def test_is_released_by_a_person(self):
        self.test_holds_what_was_due()

        ledger.release(Delivery.objects.all(), at=MONDAY + AFTER)

        assert run(at=MONDAY + AFTER) == 1

    def test_or_skipped_as_if_it_had_been_told(self):
        self.test_holds_what_was_due()

        ledger.skip(Delivery.objects.all())

        assert Subscriber.objects.get().covered_until == MONDAY
        assert run(at=MONDAY + AFTER) == 0


@pytest.fixture
def ready() -> Delivery:
    """Composed and due."""
    subscriber()
    planning.plan(at=MONDAY + AFTER)
    written(at=MONDAY + AFTER)
    return only()


def claimed_ago(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update digests_delivery"
            " set claimed_at = clock_timestamp() - make_interval(secs => %s)",
            [seconds],
        )


class TestAClaim:
    def test_is_for_one_worker(self, ready):
        first = ledger.claim(at=MONDAY + AFTER)

        assert first is not None
        assert first.delivery == ready
        assert first.subscriber.address == ready.subscriber.address
        assert ledger.claim(at=MONDAY + AFTER) is None

    def test_runs_out_and_leaves_the_row_uncertain(self, ready):
        ledger.claim(at=MONDAY + AFTER)
        claimed_ago(seconds=41)

        again = ledger.claim(at=MONDAY + AFTER)

        assert again is not None
        assert again.delivery.uncertain
        assert again.delivery.token == ready.token
        assert again.delivery.attempts == 2

    def test_lasts_for_its_time(self, ready):
        ledger.claim(at=MONDAY + AFTER)
        claimed_ago(seconds=35)

        assert ledger.claim(at=MONDAY + AFTER) is None

    @pytest.mark.parametrize(
        "columns",
        [{"stopped_at": MONDAY}, {"paused_until": date(2026, 3, 10)}],
        ids=["stopped", "paused"],
    )
    def test_is_not_given_to_who_left_a_moment_ago(self, ready, columns):
        Subscriber.objects.update(**columns)

        assert ledger.claim(at=MONDAY + AFTER) is None

    def test_is_not_given_once_the_subscriber_is_deleted(self, ready):
        Subscriber.objects.get().delete()

        assert ledger.claim(at=MONDAY + AFTER) is None

    def test_is_not_given_for_a_suppressed_address(self, ready):
        ledger.suppress(ready.subscriber.address_hash, "asked", at=MONDAY)

        assert ledger.claim(at=MONDAY + AFTER) is None

    def test_takes_the_address_as_it_is_now(self, ready):
        moved = ready.subscriber
        moved.readdress("elsewhere@readers.example")
        moved.save()

        claim = ledger.claim(at=MONDAY + AFTER)

        assert claim.subscriber.address == "elsewhere@readers.example"
        assert claim.delivery.sent_to == digest_of("elsewhere@readers.example")

    def test_is_given_three_times_a_day_at_most(self, ready):
        for _ in range(3):
            earlier = Delivery.objects.get(pk=ready.pk)
            earlier.pk, earlier.token = None, ledger.new_token()
            earlier.period_start -= DAY * (1 + Delivery.objects.count())
            earlier.state, earlier.sent_at = State.SENT, MONDAY
            earlier.save()

        assert ledger.claim(at=MONDAY + AFTER) is None
        assert ledger.claim(at=MONDAY + DAY + AFTER) is not None

    def test_counts_the_mail_that_is_marked_along(self, ready):
        for number in range(3):
            other = Delivery.objects.get(pk=ready.pk)
            other.pk, other.token = None, ledger.new_token()
            other.period_start -= DAY * (1 + number)
            if number:
                other.state, other.sent_at = State.SENT, MONDAY
            other.save()
        first = ledger.claim(at=MONDAY + AFTER)

        following = ledger.mark_sent_and_claim(first, at=MONDAY + AFTER)

        assert following is None
        assert ledger.claim(at=MONDAY + AFTER) is None

    def test_ends_after_ten_attempts_without_a_word(self, ready):
        Delivery.objects.update(attempts=ledger.MOST_ATTEMPTS)
        claimed_ago(seconds=60)

        assert ledger.claim(at=MONDAY + AFTER) is None
        planning.plan(at=MONDAY + AFTER)

        ready.refresh_from_db()
        assert (ready.state, ready.uncertain) == (State.GIVEN_UP, True)

    def test_needs_one_query(self, ready, statements_of):
        assert statements_of(lambda: ledger.claim(at=MONDAY + AFTER)) == 1


class TestWhatBecameOfIt:
    def test_sent_is_remembered_with_what_it_covers(self, ready, statements_of):
        claim = ledger.claim(at=MONDAY + AFTER)

        queries = statements_of(lambda: ledger.mark_sent(claim, at=MONDAY + AFTER))

        ready.refresh_from_db()
        assert (ready.state, ready.sent_at) == (State.SENT, MONDAY + AFTER)
        assert Subscriber.objects.get().covered_until == MONDAY
        assert queries == 1

    def test_put_off_waits_twice_as_long_each_time_and_ends(self, ready):
        waits = []
        at = MONDAY + AFTER
        while claim := ledger.claim(at=at):
            ledger.put_off(claim, at=at, error="451 later")
            ready.refresh_from_db()
            waits.append((ready.next_attempt_at - at).total_seconds() / 60)
            at = ready.next_attempt_at

        assert waits[:6] == [5, 10, 20, 40, 80, 160]
        assert len(waits) == ledger.MOST_ATTEMPTS
        assert (ready.state, ready.error) == (State.GIVEN_UP, "451 later")

    def test_put_back_counts_no_attempt(self, ready):
        ledger.put_back(ledger.claim(at=MONDAY + AFTER))

        ready.refresh_from_db()
        assert (ready.attempts, ready.claimed_at) == (0, None)
        assert ledger.claim(at=MONDAY + AFTER) is not None

    def test_refused_is_never_written_to_again(self, ready):
        claim = ledger.claim(at=MONDAY + AFTER)

        ledger.refuse(claim, at=MONDAY, status="5.1.1", error="550 5.1.1 no such user")

        found = Suppression.objects.of(ready.subscriber.address).get()
        assert found.reason == "hard_bounce"
        assert ready.bounces.get().status == "5.1.1"
        assert planning.plan(at=MONDAY + 7 * DAY + AFTER) == 0

    def test_sending_again_is_a_new_message(self, ready):
        ledger.mark_sent(ledger.claim(at=MONDAY + AFTER), at=MONDAY + AFTER)

        assert ledger.send_again(ready, at=MONDAY + AFTER)

        claim = ledger.claim(at=MONDAY + AFTER)
        assert claim.delivery.pk == ready.pk
        assert claim.delivery.token != ready.token


class TestWriting:
    def test_composes_once_what_is_the_same(self):
        SubscriberFactory.create_batch(3, started_at=MONDAY - 7 * DAY)
        planning.plan(at=MONDAY - DAY)
        planning.plan(at=MONDAY + AFTER)

        written(at=MONDAY + AFTER)

        assert Delivery.objects.values("content").distinct().count() == 1

    def test_sends_nothing_where_nothing_is_new(self):
        made = subscriber()
        planning.plan(at=MONDAY + AFTER)

        written(at=MONDAY + AFTER, says={made.address: ""})

        assert only().state == State.NOTHING_NEW
        assert Subscriber.objects.get().covered_until == MONDAY

    def test_is_not_held_up_by_one_that_cannot_be_composed(self, caplog):
        broken, fine = subscriber(), subscriber()
        planning.plan(at=MONDAY + AFTER)

        written(at=MONDAY + AFTER, says={broken.address: "broken"})

        assert broken.deliveries.get().error.startswith("It could not be composed")
        assert fine.deliveries.get().content is not None
        assert "could not be composed" in caplog.text
        caplog.clear()
