"""The send ledger: claiming a delivery, and writing down what became of it.

A claim commits before the mail leaves and lasts for LEASE; the mark commits right after the
relay's 250. A worker that is killed in between leaves a claim behind: when it has run out, another
worker sends the same bytes under the same Message-ID and marks the row as uncertain. That is the
only way a mail can arrive twice. Leases are measured by the clock of the database alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Now

from talent.digests.models import Bounce, Content, Delivery, Subscriber, Suppression
from talent.digests.models.deliveries import new_token
from talent.digests.time_zones import days

State = Delivery.State

# Longer than a hand-over may take (outlets.PATIENCE).
LEASE = timedelta(seconds=40)
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=5), timedelta(hours=4)
# The last attempt is about 20 hours after the first.
MOST_ATTEMPTS = 10
# Whatever goes wrong elsewhere, nobody gets more mails than this in 24 hours.
MOST_PER_DAY = 3
# Runs at the same time, in all processes together.
SENDERS = 2
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Claim:
    """One mail in hand: whose, which, and to which address it goes at this moment."""

    delivery: Delivery
    subscriber: Subscriber


# -- Claiming --------------------------------------------------------------------------


# What sending needs of a row, and no more.
DELIVERY = (
    *("id", "subscriber_id", "content_id", "token", "sent_to", "attempts"),
    *("next_attempt_at", "uncertain", "created_at"),
)
# In the order of the model, as from_db reads them.
SUBSCRIBER = ("id", "address", "address_key", "address_hash", "language", "secret")


def columns(names: tuple[str, ...], alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


# Whether this mail may go to this address is asked by the statement that claims it: stopping,
# pausing, a suppression or a new address count until the last moment. `coalesce` keeps PostgreSQL
# from the index of all that was sent today: it would count a run's mails for each of its mails.
CLAIM = f"""
update digests_delivery as taken
set claimed_at = clock_timestamp(),
    attempts = taken.attempts + 1,
    uncertain = taken.uncertain or taken.claimed_at is not null,
    sent_to = subscriber.address_hash
from digests_subscriber as subscriber
where subscriber.id = taken.subscriber_id and taken.id = (
    select delivery.id
    from digests_delivery as delivery
    join digests_subscriber as subscriber on subscriber.id = delivery.subscriber_id
    where delivery.state = 'pending'
      and delivery.next_attempt_at <= %(at)s
      and (delivery.next_attempt_at, delivery.id) > (%(after)s, %(last)s)
      and delivery.subscriber_id <> %(served)s
      and delivery.content_id is not null
      and (delivery.claimed_at is null or delivery.claimed_at < clock_timestamp() - %(lease)s)
      and delivery.attempts < {MOST_ATTEMPTS}
      and subscriber.stopped_at is null
      and (subscriber.paused_until is null
           or subscriber.paused_until <= %(day)s
              + (subscriber.time_zone = any(%(ahead)s::text[]))::int
              - (subscriber.time_zone = any(%(behind)s::text[]))::int)
      and not exists (
          select from digests_suppression as suppression
          where suppression.address_hash = subscriber.address_hash)
      and {MOST_PER_DAY} > (
          select count(*) from digests_delivery as earlier
          where earlier.subscriber_id = subscriber.id
            and coalesce(earlier.sent_at > %(at)s - interval '24 hours', false))
    order by delivery.next_attempt_at, delivery.id
    limit 1
    for update of delivery skip locked)
returning {columns(DELIVERY, "taken")}, {columns(SUBSCRIBER, "subscriber")}
"""


def claim(*, at: datetime, after: Delivery | None = None) -> Claim | None:
    """The next mail to send, now in our hand; None where nothing may be sent.

    `after`: look only behind this one. Looking from the beginning passes over all that was sent
    before, for as long as some transaction elsewhere, a backup say, could still see it waiting.
    """
    return claimed(ask(CLAIM, what_is_wanted(at=at, after=after)))


def what_is_wanted(*, at: datetime, after: Delivery | None) -> dict[str, Any]:
    utc, ahead, behind = days(at=at)
    return {
        "at": at,
        "day": utc,
        # Arrays as PostgreSQL writes them: psycopg takes its time over hundreds of strings.
        "ahead": f"{{{','.join(ahead)}}}",
        "behind": f"{{{','.join(behind)}}}",
        "lease": LEASE,
        "after": after.next_attempt_at if after else BEGINNING,
        "last": after.pk if after else 0,
        # The count of a day does not see yet what the same statement marks.
        "served": after.subscriber_id if after else 0,
    }


def ask(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """The first row of what it returns. Planned once for a connection, not for every mail.

    Django's own cursors never prepare; planning takes PostgreSQL longer than the work does.
    """
    connection.ensure_connection()
    session = connection.connection
    session.prepare_threshold = 0
    with connection.wrap_database_errors, psycopg.Cursor(session) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


def claimed(row: tuple[Any, ...] | None) -> Claim | None:
    if row is None:
        return None
    width = len(DELIVERY)
    subscriber = Subscriber.from_db(connection.alias, SUBSCRIBER, row[width:])
    delivery = Delivery.from_db(connection.alias, DELIVERY, row[:width])
    delivery.subscriber = subscriber
    return Claim(delivery, subscriber)


# -- What became of it -----------------------------------------------------------------

MARK = """
with sent as (
    update digests_delivery
    set state = 'sent', sent_at = %(at)s, claimed_at = null, error = ''
    where id = %(id)s and state = 'pending'
    returning subscriber_id, window_until),
covered as (
    update digests_subscriber as subscriber
    set covered_until = greatest(subscriber.covered_until, sent.window_until)
    from sent where subscriber.id = sent.subscriber_id)
"""


def mark_sent(claim: Claim, *, at: datetime) -> None:
    """Safe to repeat: only the first call finds the row pending."""
    ask(f"{MARK} select", {"id": claim.delivery.pk, "at": at})


def mark_sent_and_claim(done: Claim, *, at: datetime) -> Claim | None:
    """Both at once, in one commit: the next mail costs no further wait for the disk."""
    wanted = what_is_wanted(at=at, after=done.delivery)
    return claimed(ask(MARK + CLAIM, {"id": done.delivery.pk, **wanted}))


def in_hand(claim: Claim) -> models.QuerySet[Delivery]:
    return Delivery.objects.pending().filter(pk=claim.delivery.pk)


def put_back(claim: Claim) -> None:
    """As if it had never been claimed: the relay was not there."""
    in_hand(claim).update(claimed_at=None, attempts=F("attempts") - 1)


def put_off(claim: Claim, *, at: datetime, error: str, uncertain: bool = False) -> None:
    """Try again later, each time after twice as long; after the last attempt give up."""
    attempts = claim.delivery.attempts
    if attempts >= MOST_ATTEMPTS:
        give_up(claim, error=error, uncertain=uncertain)
        return
    delay = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    in_hand(claim).update(
        claimed_at=None,
        next_attempt_at=at + delay,
        error=error[:300],
        uncertain=claim.delivery.uncertain or uncertain,
    )


def give_up(claim: Claim, *, error: str, uncertain: bool = False) -> None:
    in_hand(claim).update(
        state=State.GIVEN_UP,
        claimed_at=None,
        error=error[:300],
        uncertain=claim.delivery.uncertain or uncertain,
    )


def give_up_exhausted() -> None:
    """Those whose last attempt ended without a word."""
    Delivery.objects.pending().filter(
        attempts__gte=MOST_ATTEMPTS, claimed_at__lt=Now() - LEASE
    ).update(
        state=State.GIVEN_UP, claimed_at=None, uncertain=True, error="never finished"
    )


@transaction.atomic
def refuse(claim: Claim, *, at: datetime, status: str, error: str) -> None:
    """The address does not exist, says its server: never write to it again."""
    give_up(claim, error=error)
    suppress(claim.delivery.sent_to, Suppression.Reason.HARD_BOUNCE, at=at)
    Bounce.objects.get_or_create(
        delivery=claim.delivery,
        kind=Bounce.Kind.HARD,
        defaults={"status": status[:20], "said": error[:300], "at": at},
    )


def suppress(address_hash: str, reason: str, *, at: datetime) -> None:
    """What the reader asked for outweighs what a server said later."""
    Suppression.objects.get_or_create(
        address_hash=address_hash, defaults={"reason": reason, "at": at}
    )


# -- What a person decides -------------------------------------------------------------


def release(deliveries: models.QuerySet[Delivery], *, at: datetime) -> int:
    """Send what was held."""
    return deliveries.filter(state=State.HELD).update(
        state=State.PENDING, next_attempt_at=at, created_at=at
    )


@transaction.atomic
def skip(deliveries: models.QuerySet[Delivery]) -> int:
    """Do not send what was held, and take its news as told."""
    held = list(deliveries.filter(state=State.HELD).select_for_update(of=("self",)))
    for each in held:
        Subscriber.objects.filter(pk=each.subscriber_id).update(
            covered_until=each.window_until
        )
    return Delivery.objects.filter(pk__in=[each.pk for each in held]).update(
        state=State.CANCELLED, error="skipped by a person"
    )


def send_again(delivery: Delivery, *, at: datetime) -> bool:
    """Send it once more, as a new message. False: it is waiting already, or was empty."""
    return bool(
        Delivery.objects.filter(pk=delivery.pk, content__isnull=False)
        .exclude(state=State.PENDING)
        .update(
            state=State.PENDING,
            token=new_token(),
            attempts=0,
            next_attempt_at=at,
            created_at=at,  # the Date of the message
            claimed_at=None,
            uncertain=False,
            error="",
        )
    )


# -- Writing ---------------------------------------------------------------------------


WRITTEN = """
update digests_delivery as delivery set content_id = written.content
from unnest(%s::bigint[], %s::bigint[]) as written (id, content)
where delivery.id = written.id
"""
NOTHING_NEW = """
with empty as (
    update digests_delivery set state = 'nothing_new'
    where id = any(%s) returning subscriber_id, window_until)
update digests_subscriber as subscriber
set covered_until = greatest(subscriber.covered_until, empty.window_until)
from empty where subscriber.id = empty.subscriber_id
"""


def mark_written(contents: dict[int, Content | None]) -> None:
    """By delivery: what it says, or None where there is nothing new to say."""
    written = {pk: content.pk for pk, content in contents.items() if content}
    empty = [pk for pk, content in contents.items() if content is None]
    with connection.cursor() as cursor:
        if written:
            cursor.execute(WRITTEN, [list(written), list(written.values())])
        if empty:
            cursor.execute(NOTHING_NEW, [empty])
