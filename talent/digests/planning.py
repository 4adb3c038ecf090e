"""Who is due: turning schedules into rows of the ledger.

One query finds everybody whose time has come, however long ago: after an outage of any length a
subscriber gets one mail, which covers all that time. A period that has a row has its mail, so
planning twice, on two machines, or after the clock was set back changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from talent.digests import ledger
from talent.digests.models import Delivery, DeliverySwitch, Subscriber
from talent.digests.periods import due_period, next_due, spread

logger = logging.getLogger(__name__)

State = Delivery.State

BATCH = 1000
# So many new rows change what the queue looks like.
MANY = 5_000
# Clocks of several workers may differ by less; a server that took over, by less.
SAME_MOMENT = timedelta(minutes=30)
WITNESS = "digests.last-run"


def switch() -> DeliverySwitch:
    return DeliverySwitch.objects.get_or_create(pk=1)[0]


# -- The beginning of a run ------------------------------------------------------------


@transaction.atomic
def begin(*, at: datetime) -> DeliverySwitch:
    """Note the heartbeat; see whether the database or the clock is another than before.

    A database restored from a backup does not know what was sent since: what was due by now waits
    for a person's yes. It is recognised by its fingerprint after a pause, or by Redis remembering
    a later run than the database does. An outage alone holds nothing.
    """
    DeliverySwitch.objects.get_or_create(pk=1)
    found = DeliverySwitch.objects.select_for_update().get(pk=1)
    last, fingerprint = found.last_run_at, fingerprint_of_database()
    if last:
        paused = at - last > SAME_MOMENT
        if (paused and found.fingerprint != fingerprint) or remembered_later(last):
            hold(found, at=at)
        if last - at > SAME_MOMENT:
            logger.warning("The clock was set back: all schedules are worked out anew.")
            Subscriber.objects.filter(next_due_at__gt=at).update(next_due_at=None)
    found.last_run_at, found.fingerprint = at, fingerprint
    found.save(update_fields=["last_run_at", "fingerprint", "hold_due_before"])
    transaction.on_commit(lambda: cache.set(WITNESS, at.timestamp(), timeout=None))
    return found


def hold(found: DeliverySwitch, *, at: datetime) -> None:
    logger.error(
        "The database seems to come from a backup: digests due by %s wait for a person's yes.",
        f"{at:%Y-%m-%d %H:%M}",
    )
    found.hold_due_before = at
    Delivery.objects.pending().filter(due_at__lte=at).update(state=State.HELD)


def fingerprint_of_database() -> str:
    """Changes when the tables are loaded from a dump, or recovery ends on a new timeline."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select left(pg_walfile_name(pg_current_wal_lsn()), 8), %s::regclass::oid",
            [Delivery._meta.db_table],
        )
        timeline, table = cursor.fetchone()
    return f"{timeline}/{table}"


def remembered_later(last: datetime) -> bool:
    witness = cache.get(WITNESS)
    return (
        witness is not None and witness - last.timestamp() > SAME_MOMENT.total_seconds()
    )


# -- Planning --------------------------------------------------------------------------


def plan(*, at: datetime, hold_before: datetime | None = None) -> int:
    """Make a row for every subscriber whose mail is due. Returns how many are new."""
    cancel_unwanted(at=at)
    ledger.give_up_exhausted()
    while schedule_batch(at=at):
        pass
    made = 0
    while True:
        looked_at, new = plan_batch(at=at, hold_before=hold_before)
        made += new
        if not looked_at:
            break
    if made >= MANY:
        tell_planner()
    return made


def tell_planner() -> None:
    """PostgreSQL finds out by itself within minutes; until then it takes the queue for empty, and
    a claim that reads all of it for cheap.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE digests_delivery")


def due(*, at: datetime) -> list[Subscriber]:
    """The next batch, locked. Not who has a mail in hand: its end is waited for."""
    in_hand = Delivery.objects.pending().filter(subscriber=OuterRef("pk"))
    rows = Subscriber.objects.filter(
        ~Exists(in_hand.filter(Q(claimed_at__isnull=False) | Q(uncertain=True))),
        next_due_at__lte=at,
        stopped_at=None,
    ).annotate(suppressed=Subscriber.objects.is_suppressed())
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    return list(locked.order_by("next_due_at", "pk")[:BATCH])


@transaction.atomic
def plan_batch(*, at: datetime, hold_before: datetime | None) -> tuple[int, int]:
    """How many subscribers were looked at, and how many rows are new."""
    subscribers = due(at=at)
    rows = [
        row
        for subscriber in subscribers
        if (row := delivery_for(subscriber, at=at, hold_before=hold_before))
    ]
    before = Delivery.objects.filter(subscriber__in=subscribers).count()
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    new = Delivery.objects.filter(subscriber__in=subscribers).count() - before
    supersede(subscribers)
    set_next_due(subscribers, at=at)
    return len(subscribers), new


def delivery_for(
    subscriber: Subscriber, *, at: datetime, hold_before: datetime | None
) -> Delivery | None:
    """None: paused, suppressed, or nothing of the period is after they started."""
    period = due_period(subscriber.schedule, subscriber_id=subscriber.pk, at=at)
    paused = subscriber.is_paused(at=at)
    suppressed = subscriber.suppressed  # type: ignore[attr-defined]  # annotated
    if paused or suppressed or period.until <= subscriber.started_at:
        return None
    since = subscriber.news_since
    due_at = period.until + spread(subscriber.pk)
    return Delivery(
        subscriber=subscriber,
        frequency=subscriber.frequency,
        period_start=period.start,
        # A clock that ran ahead has left a later end than today's.
        window_since=since if since < period.until else period.since,
        window_until=period.until,
        due_at=due_at,
        next_attempt_at=due_at,
        state=State.HELD if hold_before and due_at <= hold_before else State.PENDING,
    )


def supersede(subscribers: Iterable[Subscriber]) -> None:
    """Cancel what waits from an earlier period: the newer mail covers that time as well."""
    waiting = Delivery.objects.filter(
        subscriber__in=subscribers,
        state__in=(State.PENDING, State.HELD),
        claimed_at=None,
        uncertain=False,
    )
    newer = Delivery.objects.filter(
        subscriber=OuterRef("subscriber"),
        due_at__gt=OuterRef("due_at"),
        state__in=(State.PENDING, State.HELD),
    )
    waiting.filter(Exists(newer)).update(
        state=State.CANCELLED, error="a later one covers its time"
    )


def cancel_unwanted(*, at: datetime) -> None:
    """Nobody who has stopped, paused or been suppressed since keeps a mail waiting.

    Nor one that a killed worker had in hand: its claim has run out.
    """
    unwanted = Subscriber.objects.receiving_nothing(at=at)
    in_no_hand = Q(claimed_at=None) | Q(claimed_at__lt=Now() - ledger.LEASE)
    Delivery.objects.pending().filter(in_no_hand, subscriber__in=unwanted).update(
        state=State.CANCELLED, error="stopped, paused or suppressed"
    )


# -- Schedules -------------------------------------------------------------------------


@transaction.atomic
def schedule_batch(*, at: datetime) -> int:
    """Work out when those are due who have just come or have changed their schedule."""
    rows = Subscriber.objects.filter(next_due_at=None, stopped_at=None)
    locked = rows.select_for_update(skip_locked=True).order_by("pk")
    subscribers = list(locked[:BATCH])
    set_next_due(subscribers, at=at)
    return len(subscribers)


def set_next_due(subscribers: list[Subscriber], *, at: datetime) -> None:
    times = [
        next_due(each.schedule, subscriber_id=each.pk, after=at) for each in subscribers
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "update digests_subscriber as subscriber set next_due_at = coming.due"
            " from unnest(%s::bigint[], %s::timestamptz[]) as coming (id, due)"
            " where subscriber.id = coming.id",
            [[each.pk for each in subscribers], times],
        )
