"""A composer for tests of delivery: it says to everybody what it was told to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from talent.digests.compose import Digest
from talent.digests.models import Subscriber

LINKS = "{{MANAGE_URL}} {{UNSUBSCRIBE_URL}} {{VIEW_URL}}"


@dataclass
class PlainLetter:
    language: str
    subject: str
    preheader: str = ""

    def as_json(self) -> dict[str, Any]:
        return {}


@dataclass
class PlainDesk:
    """`says` by address, "" for nothing new; everybody else is told the same."""

    at: datetime
    says: dict[str, str] = field(default_factory=dict)
    otherwise: str = "Ada joined Initech."
    size: int = 0

    def load(self, subscribers: Iterable[Subscriber]) -> None:
        pass

    def compose(self, subscriber: Subscriber) -> Digest | None:
        text = self.says.get(subscriber.address, self.otherwise)
        if not text:
            return None
        if text == "broken":
            raise RuntimeError("This one cannot be composed.")
        body = f"{text}\n{'x' * 60}\n" * max(1, self.size // 80)
        return Digest(
            key=sha256(f"{text} {self.at} {self.size}".encode()).hexdigest(),
            letter=PlainLetter(subscriber.language, text),
            html=f"<p>{body}</p><p>{LINKS}</p>",
            text=f"{body}\n{LINKS}\n",
            items=(),
            images=(),
        )
