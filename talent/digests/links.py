"""Links in mails: who holds one is believed to read the mailbox it was sent to.

All are signed with SECRET_KEY; an old one in SECRET_KEY_FALLBACKS still verifies. Three strengths:

* `unsubscribe_url` stops the digests. It works for ever, also after the address has changed. It
  carries the digest of the address it was sent to, so that it still is understood when the
  subscriber is gone.
* `manage_url` changes what is sent. It ends when the address changes: whoever reads the old
  mailbox loses it.
* `settings_url` is sent alone, to who asked for it, and lasts a day. It alone can export,
  delete or move a subscription, because digests get forwarded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from talent.common.keys import key_in
from talent.digests.models import Subscriber

FULL_LASTS = timedelta(days=1)
SEPARATOR = "."


def absolute(name: str, token: str) -> str:
    """Never built on a request: whoever sends a Host header would choose where links lead."""
    path = path_of(name, language=get_language())
    return settings.SITE_URL + path.replace("TOKEN", token)


@cache
def path_of(name: str, *, language: str) -> str:
    """Found once: a digest has three links for each recipient. Tokens need no quoting."""
    with translation.override(language):
        return reverse(f"digests:{name}", args=["TOKEN"])


def unsubscribe_url(subscriber: Subscriber) -> str:
    return absolute("unsubscribe", stop_token(subscriber))


def manage_url(subscriber: Subscriber) -> str:
    return absolute("manage", manage_token(subscriber))


def settings_url(subscriber: Subscriber) -> str:
    return absolute("manage", full_token(subscriber))


def view_url(delivery_token: str) -> str:
    """Shows what one delivery said, without any of its recipient's links: it may be shared."""
    return absolute("view", view_signer().sign(delivery_token))


def to_view(token: str) -> str | None:
    """The token of the delivery; None: not a link of ours."""
    try:
        return view_signer().unsign(token)
    except BadSignature:
        return None


def view_signer() -> Signer:
    return Signer(sep=SEPARATOR, salt="digests.view")


def stop_token(subscriber: Subscriber) -> str:
    parts = (str(subscriber.pk), mark_of(subscriber), subscriber.address_hash)
    return stop_signer().sign(SEPARATOR.join(parts))


def mark_of(subscriber: Subscriber) -> str:
    return subscriber.secret[:8]


def manage_token(subscriber: Subscriber) -> str:
    return manage_signer(subscriber).sign(str(subscriber.pk))


def full_token(subscriber: Subscriber) -> str:
    return full_signer(subscriber).sign(str(subscriber.pk))


@dataclass(frozen=True, slots=True)
class Stop:
    """Whom a link stops, and the address it was sent to. None: nobody is left to stop."""

    subscriber: Subscriber | None
    address_hash: str


def to_stop(token: str) -> Stop | None:
    """None: not a link of ours, or a damaged one."""
    try:
        number, mark, address_hash = stop_signer().unsign(token).split(SEPARATOR)
    except BadSignature:
        return None
    subscriber = Subscriber.objects.filter(pk=int(number)).first()
    # Numbers are given again when a database is restored from a backup; secrets are not.
    if subscriber and mark_of(subscriber) != mark:
        subscriber = None
    return Stop(subscriber, address_hash)


def to_manage(token: str) -> tuple[Subscriber, bool] | None:
    """Whose settings the link opens, and whether all of them. None: a wrong or an old link."""
    subscriber = named(token)
    if subscriber is None:
        return None
    if signed(manage_signer(subscriber), token):
        return subscriber, False
    try:
        full_signer(subscriber).unsign(token, max_age=FULL_LASTS)
    except BadSignature:
        return None
    return subscriber, True


def named(token: str) -> Subscriber | None:
    number = key_in(token.partition(SEPARATOR)[0])
    return None if number is None else Subscriber.objects.filter(pk=number).first()


def signed(signer: Signer, token: str) -> bool:
    try:
        signer.unsign(token)
    except BadSignature:
        return False
    return True


def stop_signer() -> Signer:
    return Signer(sep=SEPARATOR, salt="digests.stop")


def manage_signer(subscriber: Subscriber) -> Signer:
    secret, address = subscriber.secret, subscriber.address_key
    return Signer(sep=SEPARATOR, salt=f"digests.manage:{secret}:{address}")


def full_signer(subscriber: Subscriber) -> TimestampSigner:
    secret, address = subscriber.secret, subscriber.address_key
    return TimestampSigner(sep=SEPARATOR, salt=f"digests.full:{secret}:{address}")
