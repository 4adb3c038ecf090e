"""What mail servers and readers report about mails that have left.

Two ways in: `read` understands the messages that come back (delivery status, RFC 3464; abuse
reports, RFC 5965), `heard` the webhooks of a provider through django-anymail. A report counts only
for a mail of ours of the last 30 days: a message must name its token, which nobody knows but who
received that mail; a webhook carries the provider's password.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_string
from email.message import Message
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from talent.digests import ledger, planning, subscribing
from talent.digests.addresses import digest_of
from talent.digests.messages import sender_domain
from talent.digests.models import (
    Bounce,
    Delivery,
    DeliverySwitch,
    Subscriber,
    Suppression,
)
from talent.digests.outlets import STATUS

logger = logging.getLogger(__name__)

Kind = Bounce.Kind

OLDEST = timedelta(days=30)
MOST_SOFT = 5
# Of the mails of a week (Gmail: below 0.1 %, never 0.3 %); one or two complaints are no rate.
RATE_OVER = timedelta(days=7)
ALARM_RATE, STOP_RATE = 0.001, 0.003
FEW_COMPLAINTS = 3
TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Report:
    token: str
    kind: str
    status: str = ""
    said: str = ""


# -- Counting ----------------------------------------------------------------------------


def take(report: Report, *, at: datetime) -> bool:
    """Note a report. False: it is about no mail of ours, about an old one, or a repetition."""
    delivery = recent(at=at).filter(token=report.token).first()
    return delivery is not None and note(delivery, report, at=at)


def recent(*, at: datetime) -> Any:
    rows = Delivery.objects.sent_since(at - OLDEST).select_related("subscriber")
    return rows.order_by("-sent_at", "-pk")


@transaction.atomic
def note(delivery: Delivery, report: Report, *, at: datetime) -> bool:
    _bounce, is_new = Bounce.objects.get_or_create(
        delivery=delivery,
        kind=report.kind,
        defaults={
            "status": report.status[:20],
            "said": discreet(report.said, delivery.subscriber)[:300],
            "at": at,
        },
    )
    if not is_new:
        return False
    match report.kind:
        case Kind.HARD:
            ledger.suppress(delivery.sent_to, Suppression.Reason.HARD_BOUNCE, at=at)
        case Kind.COMPLAINT:
            ledger.suppress(delivery.sent_to, Suppression.Reason.COMPLAINT, at=at)
            watch_complaints(at=at)
        case Kind.SOFT:
            back_off(delivery, at=at)
    return True


def back_off(delivery: Delivery, *, at: datetime) -> None:
    """After the second in a row wait 2 days, then 4, 8; after the fifth write no more.

    The row is read again and locked: a run or its owner may be changing the schedule.
    """
    locked = Subscriber.objects.select_for_update(no_key=True)
    subscriber = locked.get(pk=delivery.subscriber_id)
    if subscriber.address_hash != delivery.sent_to:
        return  # they have moved since
    in_row = 0
    sent = subscriber.deliveries.sent().filter(sent_to=delivery.sent_to)
    for each in sent.order_by("-sent_at", "-pk").prefetch_related("bounces")[
        :MOST_SOFT
    ]:
        if not any(bounce.kind == Kind.SOFT for bounce in each.bounces.all()):
            break
        in_row += 1
    changes: dict[str, Any] = {"soft_bounces": in_row}
    if in_row >= MOST_SOFT:
        ledger.suppress(delivery.sent_to, Suppression.Reason.HARD_BOUNCE, at=at)
    elif in_row > 1 and subscriber.next_due_at:
        rested = at + timedelta(days=2 ** (in_row - 1))
        if subscriber.next_due_at < rested:
            changes["next_due_at"] = rested
    subscribing.change(subscriber, **changes)


def watch_complaints(*, at: datetime) -> None:
    """Providers stop listening to a sender who goes on; so we stop first."""
    complaints = Bounce.objects.filter(kind=Kind.COMPLAINT, at__gt=at - RATE_OVER)
    count = complaints.count()
    sent = Delivery.objects.sent_since(at - RATE_OVER).count()
    if count < FEW_COMPLAINTS or count < sent * ALARM_RATE:
        return
    said = f"{count} of {sent} mails of a week were reported as spam."
    logger.error(said)
    planning.switch()
    if count >= sent * STOP_RATE:
        DeliverySwitch.objects.update(
            stopped=True, why=said, changed_at=at, changed_by=None
        )
    else:
        DeliverySwitch.objects.update(alarm=said)


def discreet(said: str, subscriber: Subscriber) -> str:
    return said.replace(subscriber.address, "…").replace(subscriber.address_key, "…")


def kind_of(status: str) -> str:
    """5.1.x is the address; a full mailbox, a policy, a route that failed are not for ever."""
    return Kind.HARD if status.startswith("5.1.") else Kind.SOFT


# -- Messages that come back ---------------------------------------------------------------


def read(message: Message) -> Report | None:
    """What a message reports; None for an answer, a delay, an out-of-office, a stranger's mail."""
    token = token_in(message)
    if token is None:
        return None
    for part in message.walk():
        match part.get_content_type():
            case "message/feedback-report":
                return Report(token, Kind.COMPLAINT, said=feedback(part))
            case "message/delivery-status":
                return failure(token, part)
    return None


def token_in(message: Message) -> str | None:
    """From the address it came back to, or from the head of our mail inside it."""
    for header in ("To", "Delivered-To", "X-Original-To"):
        for value in message.get_all(header, []):
            if found := returned_to(str(value)):
                return found
    for head in heads(message):
        left, _, domain = (
            str(head.get("Message-ID", "")).strip(" <>\r\n").partition("@")
        )
        if TOKEN.fullmatch(left) and domain == sender_domain():
            return left
    return None


def returned_to(address: str) -> str | None:
    name, _, domain = settings.DIGEST_BOUNCES_TO.partition("@")
    if not name:
        return None
    pattern = rf"\b{re.escape(name)}\+([0-9a-f]{{32}})@{re.escape(domain)}\b"
    found = re.search(pattern, address[:1000], re.IGNORECASE)
    return found[1] if found else None


def heads(message: Message) -> Iterator[Message]:
    """Headers of messages inside the message."""
    for part in message.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
            yield from (each for each in payload[:1] if isinstance(each, Message))
        elif part.get_content_type() == "text/rfc822-headers":
            yield message_from_string(str(payload)[:20_000])


def failure(token: str, part: Message) -> Report | None:
    """The first recipient whose delivery failed for good (RFC 3464, 2.3.3)."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if (
            isinstance(block, Message)
            and str(block.get("Action", "")).lower() == "failed"
        ):
            found = STATUS.search(str(block.get("Status", "")))
            said = " ".join(str(block.get("Diagnostic-Code", "")).split())
            status = found[0] if found else ""
            return Report(token, kind_of(status), status, said)
    return None


def feedback(part: Message) -> str:
    blocks = part.get_payload()
    block = blocks[0] if isinstance(blocks, list) and blocks else None
    return str(block.get("Feedback-Type", "")) if isinstance(block, Message) else ""


# -- Webhooks ------------------------------------------------------------------------------


def heard(event: AnymailTrackingEvent, **_: Any) -> None:
    """Receives anymail's `tracking` signal."""
    at = timezone.now()
    if event.timestamp and at - event.timestamp > OLDEST:
        return
    address = (event.recipient or "").strip()
    delivery = recent(at=at).filter(sent_to=digest_of(address)).first()
    if delivery is None:
        return
    if event.event_type == EventType.UNSUBSCRIBED:
        subscribing.stop(delivery.subscriber, how="provider", at=at)
    elif kind := kind_heard(event):
        said = " ".join((event.mta_response or event.description or "").split())
        found = STATUS.search(said)
        report = Report(delivery.token, kind, found[0] if found else "", said)
        note(delivery, report, at=at)


def kind_heard(event: AnymailTrackingEvent) -> str | None:
    """None: nothing is wrong, or the provider is still trying."""
    if (
        event.event_type == EventType.COMPLAINED
        or event.reject_reason == RejectReason.SPAM
    ):
        return Kind.COMPLAINT
    if event.event_type not in (
        EventType.BOUNCED,
        EventType.REJECTED,
        EventType.FAILED,
    ):
        return None
    if event.reject_reason == RejectReason.INVALID:
        return Kind.HARD
    found = STATUS.search(event.mta_response or "")
    if event.reject_reason == RejectReason.BOUNCED:
        return kind_of(found[0]) if found else Kind.HARD
    return Kind.SOFT
