"""Short mails: what happened, one thing to press, what to do if it was somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Note:
    """What it says. None may repeat what a stranger typed into a form."""

    subject: str
    before: str
    button: str
    url: str
    after: str
    other: str = ""
    other_url: str = ""


def message(note: Note, *, to: str, sender: str, number: str) -> EmailMultiAlternatives:
    """In the language of the moment. `number` is for the Message-ID, the same at every attempt."""
    context = {"note": note, "site_url": settings.SITE_URL}
    mail = EmailMultiAlternatives(
        subject=note.subject,
        body=render_to_string("mail/note.txt", context),
        from_email=sender,
        to=[to],
        headers={
            "Message-ID": f"<{number}@{host()}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    mail.attach_alternative(render_to_string("mail/note.html", context), "text/html")
    return mail


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
