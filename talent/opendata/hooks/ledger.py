"""The ledger of deliveries: claiming one, and writing down what became of it.

A claim holds its endpoint, so each is asked by one worker at a time, one message after the other:
of two messages about an event the later one says the newer. The claim commits before the request
leaves and lasts for LEASE by the clock of the database. A worker that is killed leaves it behind;
when it has run out another one sends the message again, under the same webhook-id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from talent.opendata.hooks import messages
from talent.opendata.hooks.endpoints import Outcome
from talent.opendata.hooks.finding import last_change
from talent.opendata.hooks.signing import headers_for
from talent.opendata.models import (
    Hook,
    HookAttempt,
    HookDelivery,
    HookMail,
    HookTold,
)
from talent.opendata.models.hook_deliveries import PROBES

Kind, State = HookDelivery.Kind, HookDelivery.State

# Longer than a request may take (endpoints.LIMITS), its name being looked up included.
LEASE = timedelta(seconds=60)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
# After each failed attempt at a message; the last one comes two days after the first.
DELAYS = (
    *(5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE),
    *(2 * HOUR, 6 * HOUR, 12 * HOUR, 28 * HOUR),
)
# Somebody waits for these at a page: a ping is tried for half an hour, a test once.
PROBE_DELAYS = {Kind.PING: DELAYS[:4], Kind.TEST: ()}
# How long an endpoint is left alone after failures in a row, whatever else it is owed.
RESTS = (5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE)
DISABLED_AFTER = timedelta(days=2)
# Messages to one endpoint before others have their turn.
TURN = 50
# Of a webhook, what an outcome may change.
SETTLED = (
    *("state", "why_disabled", "failures", "failing_since", "rests_until"),
    *("answered_at", "verified_at", "knows_since", "position"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One message in hand, ready to be sent."""

    delivery: int
    hook: int
    url: str
    headers: dict[str, str]
    body: bytes
    at: datetime
    # How many messages of its endpoint this run has sent one after the other.
    turn: int


# -- Claiming ----------------------------------------------------------------------------


def claim(*, at: datetime) -> Claim | None:
    """The next message to send, of the endpoint that was not asked for longest."""
    while True:
        with transaction.atomic():
            hook = next_hook(at=at)
            if hook is None:
                return None
            claimed = next_of(hook, at=at)
            until = Now() + LEASE if claimed else None
            Hook.objects.filter(pk=hook.pk).update(claimed_until=until, served_at=Now())
        if claimed:
            return claimed


def next_hook(*, at: datetime) -> Hook | None:
    """Locked. One with something due, that nobody else has in hand."""
    due = HookDelivery.objects.due(at=at).order_by().filter(hook=OuterRef("pk"))
    free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
    rested = Q(rests_until=None) | Q(rests_until__lte=at)
    active = Q(state=Hook.State.ACTIVE) & Exists(due)
    probed = ~Q(state=Hook.State.ASKED) & Exists(due.probes())
    hooks = Hook.objects.select_for_update(skip_locked=True, of=("self",))
    order = (F("served_at").asc(nulls_first=True), "pk")
    return hooks.filter(free, rested, active | probed).order_by(*order).first()


def next_of(hook: Hook, *, at: datetime, turn: int = 1) -> Claim | None:
    """Of a locked webhook. None where nothing is left to say; what was due is settled then."""
    due = hook.deliveries.due(at=at)
    if hook.state != Hook.State.ACTIVE:
        due = due.probes()
    while (delivery := due.first()) is not None:
        data = said_by(delivery, hook, at=at)
        if data is None:
            settle_as(delivery, State.NEEDLESS, at=at)
            continue
        delivery.attempts += 1
        delivery.tried_at = delivery.tried_at or at
        delivery.save(update_fields=["kind", "attempts", "tried_at"])
        body = messages.body_of(delivery.kind, data, made_at=delivery.created_at)
        return Claim(
            delivery=delivery.pk,
            hook=hook.pk,
            url=hook.url,
            headers=headers_for(hook, message_id=delivery.message_id, body=body, at=at),
            body=body,
            at=at,
            turn=turn,
        )
    return None


def said_by(
    delivery: HookDelivery, hook: Hook, *, at: datetime
) -> messages.Said | None:
    """The data of the message. From here on its endpoint may know what it says."""
    match delivery.kind:
        case Kind.PING:
            return messages.about_ping(hook)
        case Kind.TEST:
            return messages.about_sample(hook)
        case Kind.LIST:
            hook.told.all().delete()
            hook.knows_since = at
            Hook.objects.filter(pk=hook.pk).update(knows_since=at)
            return messages.about_list(hook)
    assert delivery.event is not None
    event, data = delivery.event, None
    if delivery.kind != Kind.WITHDRAWN:
        data = messages.about_event(event)
        if data is None and not may_hold(hook, delivery, event):
            return None
    if data is None:
        delivery.kind = Kind.WITHDRAWN
        data = messages.about_withdrawn(event)
    HookTold.objects.bulk_create(
        [HookTold(hook=hook, event=event, listed=delivery.kind != Kind.WITHDRAWN)],
        update_conflicts=True,
        unique_fields=["hook", "event"],
        update_fields=["listed"],
    )
    return data


def may_hold(hook: Hook, delivery: HookDelivery, event: int) -> bool:
    """Whether its endpoint may have heard of the event that is not public any more."""
    return (
        delivery.tried_at is not None
        or delivery.kind == Kind.CHANGED
        or hook.told.filter(event=event, listed=True).exists()
    )


# -- What became of it -------------------------------------------------------------------


@transaction.atomic
def settle(
    claim: Claim, outcome: Outcome, *, at: datetime, go_on: bool = False
) -> Claim | None:
    """Write it down. What was deleted meanwhile is not missed.

    Returns the next message to the same endpoint, if the run wants to `go_on` and the endpoint
    has not had its turn: one commit instead of two. Otherwise lets the endpoint go.
    """
    hook = Hook.objects.select_for_update().filter(pk=claim.hook).first()
    delivery = HookDelivery.objects.filter(pk=claim.delivery).first()
    if hook is None or delivery is None:
        return None
    HookAttempt.objects.create(
        delivery=delivery,
        at=claim.at,
        size=len(claim.body),
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        said=outcome.said,
    )
    following = None
    if outcome.accepted:
        accepted(hook, delivery, at=at)
        if go_on and claim.turn < TURN:
            following = next_of(hook, at=at, turn=claim.turn + 1)
    else:
        failed(hook, delivery, outcome, at=at)
    settled = {name: getattr(hook, name) for name in SETTLED}
    until = Now() + LEASE if following else None
    Hook.objects.filter(pk=hook.pk).update(claimed_until=until, **settled)
    return following


def accepted(hook: Hook, delivery: HookDelivery, *, at: datetime) -> None:
    was_asked_for = delivery.state == State.PENDING
    settle_as(delivery, State.DELIVERED, at=at)
    hook.failures, hook.failing_since, hook.rests_until = 0, None, None
    hook.answered_at = at
    # An answer of an earlier address does not speak for the new one: its ping is superseded.
    if delivery.kind == Kind.PING and was_asked_for:
        activate(hook, at=at)


def activate(hook: Hook, *, at: datetime) -> None:
    """Its endpoint has answered. What waited is sent now, and what was missed is planned."""
    if hook.state != Hook.State.UNVERIFIED:
        return
    hook.state = Hook.State.ACTIVE
    if hook.verified_at is None:
        hook.verified_at = hook.knows_since = at
        hook.position = last_change()
    hook.deliveries.pending().update(attempts=0, next_at=at)


def failed(
    hook: Hook, delivery: HookDelivery, outcome: Outcome, *, at: datetime
) -> None:
    put_off(delivery, at=at)
    if delivery.kind in PROBES:
        return
    hook.failures += 1
    hook.failing_since = hook.failing_since or at
    rest = RESTS[min(hook.failures, len(RESTS)) - 1]
    hook.rests_until = at + max(rest, outcome.rest_seconds * SECOND)
    if outcome.gone:
        disable(hook, Hook.Why.GONE, at=at)
    elif at - hook.failing_since >= DISABLED_AFTER:
        disable(hook, Hook.Why.FAILED, at=at)


def put_off(delivery: HookDelivery, *, at: datetime) -> None:
    if delivery.state != State.PENDING:
        return
    delays = PROBE_DELAYS.get(Kind(delivery.kind), DELAYS)
    if delivery.attempts > len(delays):
        settle_as(delivery, State.GIVEN_UP, at=at)
        return
    # A tenth more or less: endpoints that failed together are not asked together again.
    delivery.next_at = at + delays[delivery.attempts - 1] * uniform(1, 1.1)
    delivery.save(update_fields=["next_at"])


def settle_as(delivery: HookDelivery, state: str, *, at: datetime) -> None:
    delivery.state, delivery.settled_at = state, at
    delivery.save(update_fields=["state", "settled_at"])


def disable(hook: Hook, why: str, *, at: datetime) -> None:
    """Send nothing more until its owner says so, who is told once. Save the webhook then."""
    if hook.state != Hook.State.ACTIVE:
        return
    hook.state, hook.why_disabled = Hook.State.DISABLED, why
    HookMail.objects.create(
        purpose=HookMail.Purpose.DISABLED,
        hook=hook,
        address=hook.email,
        mailbox_hash=hook.mailbox_hash,
        language=hook.language,
        due=True,
        created_at=at,
    )
