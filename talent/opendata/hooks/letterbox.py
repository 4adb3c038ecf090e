"""The mails about webhooks, and what they say at the moment they leave."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from talent.common.letterbox import send_owed
from talent.common.notes import Note, message
from talent.opendata.hooks import notes
from talent.opendata.hooks.owning import of_mailbox
from talent.opendata.models import Hook, HookMail

Purpose = HookMail.Purpose


def send_mails(*, at: datetime) -> int:
    """Send what is due; how many mails."""
    return send_owed(HookMail.objects.filter(due=True), message_for, at=at)


def message_for(mail: HookMail) -> EmailMultiAlternatives | None:
    """None: since it was asked for, there is nothing left to say."""
    with translation.override(mail.language):
        note = note_for(mail)
        if note is None:
            return None
        return message(
            note,
            to=mail.address,
            sender=settings.DEFAULT_FROM_EMAIL,
            number=mail.number[:32],
        )


def note_for(mail: HookMail) -> Note | None:
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
