"""Becoming a subscriber, changing one's mind, leaving.

What a stranger types changes nothing: it waits in a Request until somebody who reads the mailbox
presses the button behind its link. Whether an address is known is told only in mails to it:
every request runs the same queries and writes one row, whatever is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from talent.digests import limits
from talent.digests.addresses import digest_of, mailbox_of
from talent.digests.following import MOST
from talent.digests.models import Follow, Request, Subscriber, Suppression
from talent.digests.models.subscribers import ADDRESS_FIELDS

LINK_LASTS = timedelta(hours=48)
REQUEST_KEPT = timedelta(days=7)
# How long somebody who stopped can undo it.
STOPPED_KEPT = timedelta(days=30)
SCHEDULE = ("frequency", "weekday", "monthday", "hour", "time_zone")

# Not written to, whoever asks. An address whose server refused us may be tried again by who
# signs up with it: mailboxes are repaired.
LEFT_ALONE = (Suppression.Reason.ASKED, Suppression.Reason.COMPLAINT)

Purpose = Request.Purpose


class AddressTaken(Exception):
    """The address to move to has a subscription of its own."""


# -- Asking --------------------------------------------------------------------------------


@transaction.atomic
def ask(
    address: str,
    *,
    purpose: str,
    network: str,
    at: datetime,
    payload: dict[str, Any] | None = None,
    subscriber: Subscriber | None = None,
) -> None:
    """Note what was asked for, and have a mail sent about it if one is due.

    Raises limits.TooMany or limits.Closed. Wake the worker afterwards, whatever was asked.
    """
    limits.enter(network, at=at)
    mailbox = digest_of(mailbox_of(address))
    lately = limits.mails_to(mailbox, at=at)
    known = Subscriber.objects.at(address).exists()
    silent = Suppression.objects.of(address).filter(reason__in=LEFT_ALONE).exists()
    if purpose == Purpose.MANAGE:
        due = known and not silent and lately["links"] < limits.LINKS_A_DAY
    else:
        due = (
            not silent
            and lately["day"] < limits.MAILBOX_A_DAY
            and lately["week"] < limits.MAILBOX_A_WEEK
        )
    request = Request(
        purpose=purpose,
        address=address if due else "",
        address_hash=digest_of(address),
        mailbox_hash=mailbox,
        network_hash=network,
        payload=payload or {},
        subscriber=subscriber,
        created_at=at,
        expires_at=at + LINK_LASTS,
        mail_due=due,
    )
    request.token_hash = hash_of(token_of(request))
    request.save()


def token_of(request: Request) -> str:
    """What the link of its mail carries. It is stored nowhere; its hash is.

    It is derived, so that a mail can be sent by whoever finds it due.
    """
    return salted_hmac(
        "digests.request", request.nonce, secret=settings.DIGEST_KEY, algorithm="sha256"
    ).hexdigest()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def requested(token: str) -> Request | None:
    """The request behind a link, whatever its state."""
    found = Request.objects.filter(token_hash=hash_of(token))
    return found.select_related("subscriber").first()


def is_open(request: Request, *, at: datetime) -> bool:
    return request.used_at is None and at < request.expires_at


def wished(request: Request, *, at: datetime) -> list[str]:
    """The filters asked for with this address lately: one mail a day answers them all."""
    others = Request.objects.filter(
        address_hash=request.address_hash,
        purpose=Purpose.SUBSCRIBE,
        used_at=None,
        expires_at__gt=at,
    )
    payloads = [request.payload]
    payloads += [each.payload for each in others.order_by("pk") if each != request]
    wishes = [query for payload in payloads for query in payload.get("follows", [])]
    return list(dict.fromkeys(wishes))[:MOST]


# -- Confirming ----------------------------------------------------------------------------


@transaction.atomic
def confirm(
    request: Request, *, follows: Sequence[str], at: datetime
) -> Subscriber | None:
    """Subscribe, add to what is followed, or start again. None: used before, or too late.

    Of parallel calls one wins.
    """
    if not claim(request, at=at):
        return None
    Request.objects.filter(
        address_hash=request.address_hash, purpose=Purpose.SUBSCRIBE, used_at=None
    ).update(used_at=at)
    Suppression.objects.of(request.address).delete()
    wishes = {name: request.payload[name] for name in (*SCHEDULE, "language")}
    subscriber, _created = Subscriber.objects.select_for_update().get_or_create(
        address_key=request.address.lower(),
        defaults={
            "address": request.address,
            "address_hash": request.address_hash,
            "confirmed_at": at,
            "started_at": at,
            **wishes,
        },
    )
    if subscriber.stopped_at:
        subscriber.follows.all().delete()
        start_again(subscriber, at=at, **wishes, confirmed_at=at)
    for query in follows:
        follow(subscriber, query)
    return subscriber


def claim(request: Request, *, at: datetime) -> bool:
    return bool(
        Request.objects.filter(pk=request.pk, used_at=None, expires_at__gt=at).update(
            used_at=at
        )
    )


def start_again(subscriber: Subscriber, *, at: datetime, **changes: Any) -> None:
    """As a new subscriber: what was published meanwhile is not made up for."""
    change(
        subscriber,
        stopped_at=None,
        stopped_how="",
        paused_until=None,
        started_at=at,
        covered_until=None,
        next_due_at=None,
        soft_bounces=0,
        **changes,
    )


@transaction.atomic
def move(request: Request, *, at: datetime) -> Subscriber | None:
    """Change the address to the confirmed one, and tell the old one. None: used, or too late.

    Raises AddressTaken. Links sent to the old address open the settings no more.
    """
    subscriber = request.subscriber
    if subscriber is None or not claim(request, at=at):
        return None
    old = subscriber.address
    subscriber.readdress(request.address)
    subscriber.soft_bounces = 0
    try:
        with transaction.atomic():
            subscriber.save(update_fields=[*ADDRESS_FIELDS, "soft_bounces"])
    except IntegrityError as taken:
        raise AddressTaken from taken
    Suppression.objects.of(request.address).delete()
    Request.objects.create(
        purpose=Purpose.TOLD,
        address=old,
        address_hash=digest_of(old),
        mailbox_hash=digest_of(mailbox_of(old)),
        subscriber=subscriber,
        created_at=at,
        expires_at=at + LINK_LASTS,
        used_at=at,
        mail_due=True,
    )
    return subscriber


# -- Changing ------------------------------------------------------------------------------


def change(subscriber: Subscriber, **columns: Any) -> None:
    """Write these columns alone: others may be changed at the same moment elsewhere."""
    for name, value in columns.items():
        setattr(subscriber, name, value)
    subscriber.save(update_fields=list(columns))


def reschedule(subscriber: Subscriber, **wishes: Any) -> None:
    """The next run works out when the new schedule is due."""
    changed = any(getattr(subscriber, name) != wishes[name] for name in SCHEDULE)
    change(subscriber, **wishes, **({"next_due_at": None} if changed else {}))


def follow(subscriber: Subscriber, query: str) -> bool:
    """False: there are as many follows as one mail may have, or it is followed already."""
    if subscriber.follows.count() >= MOST:
        return False
    _follow, created = Follow.objects.get_or_create(subscriber=subscriber, query=query)
    return created


def unfollow(subscriber: Subscriber, number: int) -> None:
    """Take a follow away, but not the last one: following nothing is unsubscribing."""
    if subscriber.follows.count() > 1:
        subscriber.follows.filter(pk=number).delete()


def pause(subscriber: Subscriber, *, until: date | None) -> None:
    change(subscriber, paused_until=until, next_due_at=None)


# -- Leaving -------------------------------------------------------------------------------


def stop(subscriber: Subscriber, *, how: str, at: datetime) -> None:
    """Send nothing more, from this moment on. Stopping twice is stopping once."""
    Subscriber.objects.filter(pk=subscriber.pk, stopped_at=None).update(
        stopped_at=at, stopped_how=how
    )
    subscriber.refresh_from_db(fields=["stopped_at", "stopped_how"])


def undo_stop(subscriber: Subscriber, *, at: datetime) -> None:
    """As if nothing had happened: what was published meanwhile comes with the next mail."""
    if subscriber.stopped_at:
        change(subscriber, stopped_at=None, stopped_how="", next_due_at=None)


@transaction.atomic
def leave_alone(
    address_hash: str, subscriber: Subscriber | None, *, at: datetime
) -> None:
    """Delete everything and never mail the address again. What stays is a digest of it.

    Who reads the mailbox of an earlier address cannot delete what goes to the new one.
    """
    Suppression.objects.get_or_create(
        address_hash=address_hash,
        defaults={"reason": Suppression.Reason.ASKED, "at": at},
    )
    if subscriber and subscriber.address_hash == address_hash:
        delete(subscriber)


def allow_again(address_hash: str) -> None:
    """Whoever holds a link that was mailed to the address may lift its suppression."""
    Suppression.objects.filter(address_hash=address_hash).delete()


@transaction.atomic
def delete(subscriber: Subscriber) -> None:
    """Delete the subscriber and all that is kept about them."""
    Request.objects.filter(address_hash=subscriber.address_hash).delete()
    subscriber.delete()


def forget(*, at: datetime) -> None:
    """Delete what has served its time: requests after a week, who stopped after a month."""
    Request.objects.filter(created_at__lt=at - REQUEST_KEPT).delete()
    Subscriber.objects.filter(stopped_at__lt=at - STOPPED_KEPT).delete()
