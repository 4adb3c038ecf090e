"""The mails that somebody asked for: confirmations, links to the settings, news of a change.

They do not leave while a page is answered, so that no answer tells by its time that one did.
Each carries no word that was typed into a form: a stranger would have us mail advertisements.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation

from talent.common.notes import Note, message
from talent.digests import links, notes
from talent.digests.models import Request, Subscriber
from talent.digests.subscribing import Purpose, token_of

logger = logging.getLogger(__name__)

# A relay that is away for longer delays a link beyond its life.
MOST_ATTEMPTS = 6
BATCH = 100


def send_requested(*, at: datetime) -> int:
    """Send what is due, each mail once; how many. Several may run: they share the work."""
    sent = 0
    connection = get_connection()
    try:
        for number in due(at=at):
            sent += send_one(number, connection=connection, at=at)
    finally:
        connection.close()
    return sent


def due(*, at: datetime) -> list[int]:
    waiting = Request.objects.filter(
        mail_due=True, mailed_at=None, attempts__lt=MOST_ATTEMPTS, expires_at__gt=at
    ).order_by("attempts", "pk")
    rows = waiting.values_list("pk", "created_at", "attempts")[:BATCH]
    return [pk for pk, created_at, tries in rows if at >= created_at + patience(tries)]


def patience(attempts: int) -> timedelta:
    """0, 1, 4, 16, 64 and 256 minutes after it was asked for."""
    return timedelta(minutes=4 ** (attempts - 1) if attempts else 0)


@transaction.atomic
def send_one(number: int, *, connection: BaseEmailBackend, at: datetime) -> bool:
    """Only a crash between the relay's yes and our commit repeats it, under one Message-ID."""
    request = (
        Request.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("subscriber")
        .filter(pk=number, mailed_at=None)
        .first()
    )
    if request is None:
        return False
    mail = message_for(request)
    request.attempts += 1
    try:
        if mail:
            mail.connection = connection
            mail.send()
        request.mailed_at = at
    except (SMTPException, OSError) as error:
        connection.close()
        refused(request, error)
    request.save(update_fields=["attempts", "mailed_at"])
    return request.mailed_at is not None


def refused(request: Request, error: Exception) -> None:
    permanent = isinstance(error, SMTPRecipientsRefused) or (
        isinstance(error, SMTPResponseException) and error.smtp_code >= 500
    )
    if permanent:
        request.attempts = MOST_ATTEMPTS
    # Not the error itself: servers repeat the address in it.
    logger.warning(
        "A mail of request %s was not taken (%s), attempt %s.",
        request.pk,
        type(error).__name__,
        request.attempts,
    )


def message_for(request: Request) -> EmailMultiAlternatives | None:
    """None: since it was asked for, there is nothing left to say."""
    known = Subscriber.objects.at(request.address).first()
    reader = known or request.subscriber
    language = reader.language if reader else request.payload.get("language", "en")
    with translation.override(language):
        note = note_for(request, known)
        if note is None:
            return None
        return message(
            note,
            # As its owner writes it: capitals are theirs to choose.
            to=known.address if known else request.address,
            sender=settings.DIGEST_FROM,
            number=request.token_hash[:32],
        )


def note_for(request: Request, known: Subscriber | None) -> Note | None:
    """`known` is who has the address now."""
    token = token_of(request)
    match request.purpose:
        case Purpose.SUBSCRIBE if known and not known.stopped_at:
            return notes.add(
                links.absolute("confirm", token), links.settings_url(known)
            )
        case Purpose.SUBSCRIBE:
            return notes.confirm(links.absolute("confirm", token))
        case Purpose.ADDRESS if known:
            return notes.taken(links.settings_url(known))
        case Purpose.ADDRESS if request.subscriber:
            return notes.move(links.absolute("move", token))
        case Purpose.MANAGE if known:
            return notes.settings_link(links.settings_url(known))
        case Purpose.TOLD:
            return notes.moved()
    return None
