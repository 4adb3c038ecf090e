"""Which addresses a webhook may have, and asking them: only through the guarded door."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from talent.common.http import (
    Address,
    Answer,
    Door,
    HttpError,
    Limits,
    ask,
    is_public,
)
from talent.opendata.models.hook_deliveries import LONGEST_SAID
from talent.opendata.models.hooks import LONGEST_URL

# A longer answer is read no further: only its status counts.
LIMITS = Limits(seconds=10, size=16 * 1024, redirects=0, cut=True)
HTTPS_ONLY = Door(ports=frozenset({443}))
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SHOWN = 80
LONGEST_REST = 3600


def public_or_loopback(address: Address) -> bool:
    return address.is_loopback or is_public(address)


def door() -> Door:
    """On a developer's machine, that machine is open, too."""
    if settings.DEVELOPMENT:
        return Door(permits=public_or_loopback, ports=frozenset(range(1, 65536)))
    return HTTPS_ONLY


# -- Which addresses ---------------------------------------------------------------------


def read(typed: str) -> str:
    """The address of an endpoint. ValidationError says what is wrong with what was typed."""
    text = typed.strip()
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    if len(text) > LONGEST_URL or any(ord(c) <= 32 or ord(c) == 127 for c in text):
        raise ValidationError(
            _(
                "The address is longer than %(most)s characters, or has spaces or control "
                "characters in it."
            )
            % {"most": LONGEST_URL}
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is not an address.") % {"value": shown}
        ) from error
    if wrong := wrong_with(parts, port):
        raise ValidationError(wrong % {"value": shown})
    return text


def wrong_with(parts: SplitResult, port: int | None) -> str:
    """A sentence about the `value`, or nothing."""
    host = (parts.hostname or "").rstrip(".").lower()
    at_home = settings.DEVELOPMENT and host in LOOPBACK
    if not host or (
        parts.scheme != "https" and not (at_home and parts.scheme == "http")
    ):
        return _("“%(value)s” does not begin with https:// and the name of a server.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        return _("“%(value)s” has a user name, a password or a # in it: leave it out.")
    if port not in (None, 443) and not at_home:
        return _("“%(value)s” names a port: only the usual one of https is asked.")
    if not at_home and (is_private(host) or host == own_host()):
        return _("“%(value)s” is not an endpoint on the public internet.")
    return ""


def is_private(host: str) -> bool:
    """Written out as such; what a name stands for is judged when it is asked."""
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def own_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""


# -- Asking ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request. `said`: why it failed, for who runs the endpoint."""

    milliseconds: int
    status: int | None = None
    said: str = ""
    rest_seconds: int = 0

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410


def post(url: str, *, headers: dict[str, str], body: bytes, door: Door) -> Outcome:
    """Send one message. Never raises for what the other side does."""
    began = time.monotonic()
    try:
        answer = ask(
            url, method="POST", headers=headers, body=body, limits=LIMITS, door=door
        )
    except HttpError as error:
        return Outcome(passed(began), said=printable(str(error)))
    outcome = Outcome(passed(began), answer.status, rest_seconds=wished_rest(answer))
    if outcome.accepted:
        return outcome
    said = answer.body[: 4 * LONGEST_SAID].decode(errors="replace")
    return Outcome(
        outcome.milliseconds,
        answer.status,
        said=printable(said),
        rest_seconds=outcome.rest_seconds,
    )


def passed(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def wished_rest(answer: Answer) -> int:
    """Retry-After in seconds, an hour at most; dates are not read."""
    text = answer.headers.get("retry-after", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    return min(number, LONGEST_REST)


def printable(text: str) -> str:
    """One short line of it, without what a page could not show."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(line.split())[:LONGEST_SAID]
