"""What somebody does with their webhooks: asking for one, confirming, changing, deleting it.

What a stranger types changes nothing: it waits until somebody who reads the mailbox presses the
button behind its link. Whether an address is known is told only in mails to it: every request
runs the same queries, whatever is known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from talent.common.addresses import mailbox_of
from talent.common.locks import Group, hold_one
from talent.opendata.hooks import limits
from talent.opendata.hooks.ledger import Kind, State
from talent.opendata.hooks.links import hash_of, token_of
from talent.opendata.models import (
    EventChange,
    HistoryRead,
    Hook,
    HookDelivery,
    HookMail,
)
from talent.opendata.models.hook_deliveries import HookDeliveryQuerySet
from talent.opendata.models.hooks import HookQuerySet, new_nonce

LINK_LASTS = timedelta(hours=48)
UNCONFIRMED_KEPT = timedelta(days=7)
LOG_KEPT = timedelta(days=30)
# How long the secret before still signs beside the new one.
OLD_SECRET_SIGNS = timedelta(days=1)
# Somebody who presses a button; a machine would use it to have others asked.
PROBES_AN_HOUR = 20
MOST_REPLAYED = 1000

# What an endpoint has had, or may have had.
REPLAYABLE = Q(state__in=(State.DELIVERED, State.GIVEN_UP)) | Q(
    state=State.SUPERSEDED, tried_at__isnull=False
)


class TooMany(Exception):
    """As much as is allowed was asked for already."""


# -- Asking ------------------------------------------------------------------------------


def mailbox(email: str) -> str:
    return limits.digest_of("mailbox", mailbox_of(email))


def new_hook(*, query: str, url: str, email: str, language: str, at: datetime) -> Hook:
    """Not saved yet."""
    hook = Hook(
        query=query,
        url=url,
        email=email,
        mailbox_hash=mailbox(email),
        language=language,
        created_at=at,
    )
    hook.token_hash = hash_of(token_of(hook.nonce))
    return hook


@transaction.atomic
def ask(
    *, query: str, url: str, email: str, language: str, network: str, at: datetime
) -> None:
    """Have a link to confirm it mailed, if one may be. Raises limits.TooMany.

    Wake who sends mails afterwards, whatever was asked.
    """
    limits.enter(network, at=at)
    due = limits.may_confirm(mailbox(email), at=at)
    hook = new_hook(query=query, url=url, email=email, language=language, at=at)
    if due:
        hook.save(force_insert=True)
    owe_mail(
        HookMail.Purpose.CONFIRM,
        email if due else "",
        hook=hook if due else None,
        mailbox_hash=hook.mailbox_hash,
        network=network,
        language=language,
        at=at,
    )


@transaction.atomic
def ask_for_links(*, email: str, language: str, network: str, at: datetime) -> None:
    """Have the links of all webhooks of an address mailed to it. Raises limits.TooMany."""
    limits.enter(network, at=at)
    known = of_mailbox(email).filter(email__iexact=email).exists()
    due = limits.may_send_links(mailbox(email), at=at) and known
    owe_mail(
        HookMail.Purpose.LINKS,
        email if due else "",
        hook=None,
        mailbox_hash=mailbox(email),
        network=network,
        language=language,
        at=at,
    )


def owe_mail(
    purpose: str,
    address: str,
    *,
    hook: Hook | None,
    mailbox_hash: str,
    network: str,
    language: str,
    at: datetime,
) -> None:
    HookMail.objects.create(
        purpose=purpose,
        hook=hook,
        address=address,
        mailbox_hash=mailbox_hash,
        network_hash=network,
        language=language,
        due=bool(address),
        created_at=at,
    )


def of_mailbox(email: str) -> HookQuerySet:
    """Confirmed ones, also under other spellings of the mailbox."""
    return Hook.objects.confirmed().filter(mailbox_hash=mailbox(email)).oldest_first()


def is_open(hook: Hook, *, at: datetime) -> bool:
    """Whether it can still be confirmed."""
    return hook.state == Hook.State.ASKED and at < hook.created_at + LINK_LASTS


@transaction.atomic
def confirm(hook: Hook, *, at: datetime) -> bool:
    """Say yes to it and ask its endpoint for an answer. False: used before, or too late.

    Raises TooMany where the mailbox has as many webhooks as one may have.
    """
    hold_one(Group.HOOK_MAILBOXES, hook.mailbox_hash)
    if of_mailbox(hook.email).count() >= limits.MOST_HOOKS:
        raise TooMany
    confirmed = Hook.objects.filter(
        pk=hook.pk, state=Hook.State.ASKED, created_at__gt=at - LINK_LASTS
    ).update(state=Hook.State.UNVERIFIED, confirmed_at=at)
    if confirmed:
        probe(hook, Kind.PING, at=at)
    return bool(confirmed)


@transaction.atomic
def add(owner: Hook, *, query: str, url: str, at: datetime) -> Hook:
    """One more for whoever manages this one: the mailbox is proven. Raises TooMany."""
    hold_one(Group.HOOK_MAILBOXES, owner.mailbox_hash)
    if of_mailbox(owner.email).count() >= limits.MOST_HOOKS:
        raise TooMany
    hook = new_hook(
        query=query, url=url, email=owner.email, language=owner.language, at=at
    )
    hook.state, hook.confirmed_at = Hook.State.UNVERIFIED, at
    hook.save(force_insert=True)
    probe(hook, Kind.PING, at=at)
    return hook


# -- Changing ----------------------------------------------------------------------------


def held(hook: Hook) -> Hook:
    """The row as it is now, locked: a delivery may be settled at this moment."""
    return Hook.objects.select_for_update().get(pk=hook.pk)


@transaction.atomic
def change(hook: Hook, *, query: str, url: str, at: datetime) -> None:
    """Another filter counts from the next change on; another endpoint has to answer first."""
    hook = held(hook)
    if query != hook.query:
        hook.query = query
        hook.save(update_fields=["query"])
    if url != hook.url:
        hook.url = url
        hook.save(update_fields=["url"])
        verify(hook, at=at)


@transaction.atomic
def verify(hook: Hook, *, at: datetime) -> bool:
    """Start, or start again: ask the endpoint for an answer. False: an editor disabled it."""
    hook = held(hook)
    if hook.why_disabled == Hook.Why.DESK or hook.state == Hook.State.ASKED:
        return False
    hook.state, hook.why_disabled = Hook.State.UNVERIFIED, ""
    hook.failures, hook.failing_since, hook.rests_until = 0, None, None
    hook.save()
    probe(hook, Kind.PING, at=at)
    return True


@transaction.atomic
def pause(hook: Hook) -> bool:
    """Send nothing for a while; what changes meanwhile is told afterwards."""
    return bool(
        Hook.objects.active().filter(pk=hook.pk).update(state=Hook.State.PAUSED)
    )


@transaction.atomic
def resume(hook: Hook) -> bool:
    paused = Hook.objects.filter(pk=hook.pk, state=Hook.State.PAUSED)
    return bool(paused.update(state=Hook.State.ACTIVE))


@transaction.atomic
def disable_at_desk(hook: Hook) -> bool:
    """An editor's decision, which its owner cannot take back."""
    others = Hook.objects.confirmed().filter(pk=hook.pk)
    disabled = others.exclude(why_disabled=Hook.Why.DESK).update(
        state=Hook.State.DISABLED, why_disabled=Hook.Why.DESK
    )
    return bool(disabled)


@transaction.atomic
def allow_again(hook: Hook) -> bool:
    """Its owner may start it again."""
    disabled = Hook.objects.filter(pk=hook.pk, why_disabled=Hook.Why.DESK)
    return bool(disabled.update(state=Hook.State.PAUSED, why_disabled=""))


@transaction.atomic
def rotate_secret(hook: Hook, *, at: datetime) -> None:
    """A new secret signs from now on, and the one before beside it for a day."""
    hook = held(hook)
    hook.old_secret_nonce, hook.secret_nonce = hook.secret_nonce, new_nonce()
    hook.old_secret_until = at + OLD_SECRET_SIGNS
    hook.save(update_fields=["old_secret_nonce", "secret_nonce", "old_secret_until"])


@transaction.atomic
def probe(hook: Hook, kind: str, *, at: datetime) -> None:
    """Send a ping or a test at once. Raises TooMany."""
    hook = held(hook)
    lately = hook.deliveries.probes().filter(created_at__gt=at - limits.HOUR)
    if lately.count() >= PROBES_AN_HOUR:
        raise TooMany
    hook.deliveries.pending().filter(kind=kind).update(
        state=State.SUPERSEDED, settled_at=at
    )
    HookDelivery.objects.create(hook=hook, kind=kind, created_at=at, next_at=at)


# -- Replaying ---------------------------------------------------------------------------


@transaction.atomic
def replay(hook: Hook, *, at: datetime, since: datetime, until: datetime) -> int:
    """Send once more what was sent between the two, both included; how many messages.

    Of an event the newest message goes, under the number it had: what it says is made anew, so
    the older ones would say the same. Raises TooMany where there are more than MOST_REPLAYED.
    """
    hook = held(hook)
    events = hook.deliveries.of_events().exclude(state=State.NEEDLESS)
    chosen = events.filter(created_at__gte=since, created_at__lte=until)
    newest = (
        events.filter(event__in=chosen.values("event"))
        .values("event")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    again = events.filter(REPLAYABLE, pk__in=newest)
    if again.count() > MOST_REPLAYED:
        raise TooMany
    return send_again(again, at=at)


@transaction.atomic
def replay_one(hook: Hook, delivery: HookDelivery, *, at: datetime) -> bool:
    """False: it waits to be sent already, or says nothing that could be said again.

    Where a newer message tells the same event, that one goes.
    """
    if delivery.event is None:
        return False
    same = held(hook).deliveries.filter(event=delivery.event)
    same = same.exclude(state=State.NEEDLESS)
    again = same.filter(REPLAYABLE, pk__in=same.newest_first().values("pk")[:1])
    return send_again(again, at=at) > 0


def send_again(deliveries: HookDeliveryQuerySet, *, at: datetime) -> int:
    return deliveries.update(
        state=State.PENDING, settled_at=None, attempts=0, next_at=at
    )


# -- Leaving and forgetting --------------------------------------------------------------


@transaction.atomic
def delete(hook: Hook) -> None:
    """With everything that is kept about it. Mails stay counted, without the address."""
    HookMail.objects.filter(hook=hook).update(hook=None, address="", due=False)
    Hook.objects.filter(pk=hook.pk).delete()


@transaction.atomic
def forget(*, at: datetime) -> None:
    """Delete what has served its time: the log after thirty days, requests after a week.

    Whoever is behind further than that is told to read the whole list instead.
    """
    Hook.objects.unconfirmed_since(at - UNCONFIRMED_KEPT).delete()
    HookMail.objects.filter(created_at__lt=at - UNCONFIRMED_KEPT).delete()
    old = HookDelivery.objects.filter(created_at__lt=at - LOG_KEPT)
    Hook.objects.filter(pk__in=old.pending().values("hook")).update(position=-1)
    old.delete()
    gone = EventChange.objects.filter(at__lt=at - LOG_KEPT)
    last = gone.aggregate(last=Max("pk"))["last"]
    if last is not None:
        gone.delete()
        HistoryRead.objects.filter(forgotten__lt=last).update(forgotten=last)
