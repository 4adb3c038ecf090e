"""The secret address of a webhook: who has it reads the mailbox that it was sent to.

It is derived, so that a mail can be written by whoever finds it due; kept is only its hash.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from talent.opendata.models import Hook


def token_of(nonce: str) -> str:
    return salted_hmac(
        "opendata.hooks.link", nonce, secret=settings.DIGEST_KEY, algorithm="sha256"
    ).hexdigest()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def hook_of(token: str) -> Hook | None:
    return Hook.objects.filter(token_hash=hash_of(token)).first()


def path_of(hook: Hook) -> str:
    """Of the page where it is confirmed first and managed afterwards."""
    return reverse("opendata_pages:webhook", args=[token_of(hook.nonce)])


def url_of(hook: Hook) -> str:
    """For mails; in the language of the moment."""
    return settings.SITE_URL + path_of(hook)
