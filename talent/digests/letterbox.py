"""The mails that somebody asked for: confirmations, links to the settings, news of a change.

Each carries no word that was typed into a form: a stranger would have us mail advertisements.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from talent.common.letterbox import send_owed
from talent.common.notes import Note, message
from talent.digests import links, notes
from talent.digests.models import Request, Subscriber
from talent.digests.subscribing import Purpose, token_of


def send_requested(*, at: datetime) -> int:
    """Send what is due; how many mails."""
    owed = Request.objects.filter(mail_due=True, expires_at__gt=at)
    return send_owed(owed.select_related("subscriber"), message_for, at=at)


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
