"""What the tests of signing up share: a form filled in, the mail that comes of it, its link."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from talent.digests import letterbox
from talent.digests.models import Request, Subscriber

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ADA = "ada@readers.example"


class Clock:
    """Where the time is read that pages go by."""

    def __init__(self, monkeypatch: Any) -> None:
        self.now = START
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        # Signed links are dated by it.
        monkeypatch.setattr("django.core.signing.time", self)

    def time(self) -> float:
        return self.now.timestamp()

    def later(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


def sign_up(client: Client, address: str = ADA, **fields: Any) -> Any:
    extra = fields.pop("extra", {})
    return client.post("/subscribe/", {"email": address, **fields}, **extra)


def post(*, at: datetime | None = None) -> list[Any]:
    """Send what is due; the mails that left."""
    before = len(mail.outbox)
    letterbox.send_requested(at=at or timezone.now())
    return mail.outbox[before:]


def links_in(message: Any) -> list[str]:
    """The paths of its links, in order."""
    found = re.findall(rf"{re.escape(settings.SITE_URL)}(/\S+)", message.body)
    return [str(path) for path in found]


def link_in(message: Any) -> str:
    return links_in(message)[0]


def confirmed(client: Client, address: str = ADA, **fields: Any) -> Subscriber:
    """Signed up, and the button behind the link pressed."""
    sign_up(client, address, **fields)
    (message,) = post()
    path = link_in(message)
    given = fields.get("follow", [""])
    client.post(path, {"follow": given})
    return Subscriber.objects.at(address).get()


def row_of(address: str) -> Request:
    return Request.objects.filter(address=address).latest("pk")
