"""Mails that somebody waits for: rows that are owed until the relay has taken them.

They do not leave while a page is answered, so that no answer tells by its time that one did.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

# A relay that is away for longer delays a link beyond its life.
MOST_ATTEMPTS = 6
BATCH = 100

Rows = QuerySet[Any]
# None: since it was asked for, there is nothing left to say.
Compose = Callable[[Any], EmailMultiAlternatives | None]


def send_owed(rows: Rows, compose: Compose, *, at: datetime) -> int:
    """Send what is due, each mail once; how many. Several may run: they share the work.

    `rows`: those owed, each with `created_at`, `attempts` and `mailed_at`, empty until it is sent.
    """
    sent = 0
    connection = get_connection()
    try:
        for number in due(rows, at=at):
            sent += send_one(rows, number, compose, connection=connection, at=at)
    finally:
        connection.close()
    return sent


def due(rows: Rows, *, at: datetime) -> list[int]:
    waiting = rows.filter(mailed_at=None, attempts__lt=MOST_ATTEMPTS)
    first = waiting.order_by("attempts", "pk").values_list(
        "pk", "created_at", "attempts"
    )[:BATCH]
    return [pk for pk, made, attempts in first if at >= made + patience(attempts)]


def patience(attempts: int) -> timedelta:
    """0, 1, 4, 16, 64 and 256 minutes after it was asked for."""
    return timedelta(minutes=4 ** (attempts - 1) if attempts else 0)


@transaction.atomic
def send_one(
    rows: Rows,
    number: int,
    compose: Compose,
    *,
    connection: BaseEmailBackend,
    at: datetime,
) -> bool:
    """Only a crash between the relay's yes and our commit repeats it, under one Message-ID."""
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    owed = locked.filter(pk=number, mailed_at=None).first()
    if owed is None:
        return False
    mail = compose(owed)
    owed.attempts += 1
    try:
        if mail:
            mail.connection = connection
            mail.send()
        owed.mailed_at = at
    except (SMTPException, OSError) as error:
        connection.close()
        if is_final(error):
            owed.attempts = MOST_ATTEMPTS
        # Not the error itself: servers repeat the address in it.
        logger.warning(
            "A mail of %s %s was not taken (%s), attempt %s.",
            owed._meta.label,
            owed.pk,
            type(error).__name__,
            owed.attempts,
        )
    owed.save(update_fields=["attempts", "mailed_at"])
    return owed.mailed_at is not None


def is_final(error: Exception) -> bool:
    """Whether the relay will say the same the next time."""
    return isinstance(error, SMTPRecipientsRefused) or (
        isinstance(error, SMTPResponseException) and error.smtp_code >= 500
    )
