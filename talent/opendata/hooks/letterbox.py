"""Sending the mails about webhooks: each once, whichever worker finds it owed.

They do not leave while a page is answered, so that no answer tells by its time that one did.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation

from talent.common.notes import Note, message
from talent.opendata.hooks import notes
from talent.opendata.hooks.owning import of_mailbox
from talent.opendata.models import Hook, HookMail

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
BATCH = 100
Purpose = HookMail.Purpose


def send_mails(*, at: datetime) -> int:
    """Send what is due; how many. Several may run: they share the work."""
    sent = 0
    connection = get_connection()
    try:
        for number in due(at=at):
            sent += send_one(number, connection=connection, at=at)
    finally:
        connection.close()
    return sent


def due(*, at: datetime) -> list[int]:
    owed = HookMail.objects.filter(
        due=True, mailed_at=None, attempts__lt=MOST_ATTEMPTS
    ).order_by("attempts", "pk")
    rows = owed.values_list("pk", "created_at", "attempts")[:BATCH]
    return [pk for pk, made, attempts in rows if at >= made + patience(attempts)]


def patience(attempts: int) -> timedelta:
    """0, 1, 4, 16, 64 and 256 minutes after it was asked for."""
    return timedelta(minutes=4 ** (attempts - 1) if attempts else 0)


@transaction.atomic
def send_one(number: int, *, connection: BaseEmailBackend, at: datetime) -> bool:
    """Only a crash between the relay's yes and our commit repeats it, under one Message-ID."""
    owed = HookMail.objects.select_for_update(skip_locked=True, of=("self",))
    mail = owed.filter(pk=number, mailed_at=None).first()
    if mail is None:
        return False
    mail.attempts += 1
    try:
        with translation.override(mail.language):
            if note := note_for(mail):
                letter = message(
                    note,
                    to=mail.address,
                    sender=settings.DEFAULT_FROM_EMAIL,
                    number=mail.number[:32],
                )
                letter.connection = connection
                letter.send()
        mail.mailed_at = at
    except (SMTPException, OSError) as error:
        connection.close()
        refused(mail, error)
    mail.save(update_fields=["attempts", "mailed_at"])
    return mail.mailed_at is not None


def refused(mail: HookMail, error: Exception) -> None:
    if isinstance(error, SMTPRecipientsRefused) or (
        isinstance(error, SMTPResponseException) and error.smtp_code >= 500
    ):
        mail.attempts = MOST_ATTEMPTS
    # Not the error itself: servers repeat the address in it.
    logger.warning(
        "Mail %s about a webhook was not taken (%s), attempt %s.",
        mail.pk,
        type(error).__name__,
        mail.attempts,
    )


def note_for(mail: HookMail) -> Note | None:
    """None: since it was asked for, there is nothing left to say."""
    match mail.purpose:
        case Purpose.CONFIRM if mail.hook and mail.hook.state == Hook.State.ASKED:
            return notes.confirm(mail.hook)
        case Purpose.LINKS:
            hooks = of_mailbox(mail.address).filter(email__iexact=mail.address)
            newest = hooks.last()
            return notes.one_link(newest) if newest else None
        case Purpose.DISABLED if mail.hook and mail.hook.why_disabled:
            return notes.disabled(mail.hook)
    return None
