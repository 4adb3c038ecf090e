"""What the reader says: proposals, with the words that justify each field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from talent.common.partial_dates import PartialDate

Kind = Literal["hire", "departure"]
Standing = Literal["rumoured", "reported", "confirmed"]
Part = Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of what was read: characters `start` to `end` (exclusive) of one part."""

    start: int
    end: int
    part: Part = "title"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as printed, and the rows of the record that bear it: none, one, or namesakes."""

    text: str
    slugs: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as stated. A total over `years` stays a total: nothing is divided here."""

    currency: str
    low: int | None
    high: int | None
    form: Literal["total_package", "annual", "signing_bonus", "retention", "equity"]
    qualifier: Literal["exactly", "more than", "about", "up to"]
    years: int | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed event. `person` is None where nobody is named."""

    kind: Kind
    person: Mention | None
    organization: Mention
    counterpart: Mention | None = None
    title: Mention | None = None
    date: PartialDate | None = None
    amount: Amount | None = None
    standing: Standing = "reported"
    # From 0 to 1: how sure the reader is that the text announces this event.
    confidence: float = 0.5
    # The words behind each field; "kind" has the verb.
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)
