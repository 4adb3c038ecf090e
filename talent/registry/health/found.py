"""One thing that looks wrong, as a check finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from talent.registry.models import Finding

Kind = Finding.Kind


@dataclass(frozen=True, slots=True)
class Found:
    """`about` names the rows the finding points to; `facts` are what it rests on."""

    kind: Kind
    key: str
    sentence: str
    facts: tuple[Any, ...]
    about: dict[str, int | None] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        text = "\x1f".join(map(str, self.facts))
        return blake2b(text.encode(), digest_size=16).hexdigest()


def pair(one: int, other: int) -> str:
    """The same name for two rows whichever of them the check met first."""
    return f"{min(one, other)}-{max(one, other)}"
