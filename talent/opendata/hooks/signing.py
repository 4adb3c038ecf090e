"""Signatures of webhooks, as Standard Webhooks 1.0 has them (standardwebhooks.com).

A secret is derived from a number kept with the webhook and a key of the server's: a copy of the
database alone forges nothing.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from talent.opendata.models import Hook

PREFIX = "whsec_"


def secret_of(nonce: str) -> bytes:
    """32 bytes."""
    return salted_hmac(
        "opendata.hooks.secret", nonce, secret=settings.DIGEST_KEY, algorithm="sha256"
    ).digest()


def written(secret: bytes) -> str:
    """As people copy it: whsec_ and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def secrets_of(hook: Hook, *, at: datetime) -> list[bytes]:
    """Those that sign at this moment, the newest first: two while one takes over."""
    nonces = [hook.secret_nonce]
    if hook.old_secret_until and at < hook.old_secret_until:
        nonces.append(hook.old_secret_nonce)
    return [secret_of(nonce) for nonce in nonces]


def signature(secret: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.digest(secret, signed, "sha256")
    return "v1," + base64.b64encode(digest).decode()


def headers_for(
    hook: Hook, *, message_id: str, body: bytes, at: datetime
) -> dict[str, str]:
    timestamp = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(secret, message_id=message_id, timestamp=timestamp, body=body)
            for secret in secrets_of(hook, at=at)
        ),
    }
