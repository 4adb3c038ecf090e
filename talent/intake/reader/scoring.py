"""How well the reader does on labelled headlines: precision and recall, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from talent.intake.reader.headlines import read_headline
from talent.intake.reader.names import KnownNames
from talent.intake.reader.text import fold
from talent.intake.reader.values import Proposal

FIELDS = ("person", "organization", "counterpart", "amount")


# One event in the words of the labelled headlines: person, kind, organization, counterpart
# and amount, each a text, an amount's own words, or None.
EventWords = dict[str, Any]


class Labelled(TypedDict):
    title: str
    text: str | None
    published: str | None
    events: list[EventWords]


@dataclass
class Share:
    """So many of so many."""

    good: int = 0
    all: int = 0

    def add(self, is_good: bool) -> None:
        self.good += is_good
        self.all += 1

    def __str__(self) -> str:
        part = f"{self.good / self.all:6.1%}" if self.all else "     –"
        return f"{part}  ({self.good} of {self.all})"


@dataclass
class Score:
    """Headlines, events and fields.

    `found`: announcing headlines with at least one proposal. `sound`: proposals that come from
    announcing headlines. Then each labelled event is paired with the likest proposal of its
    kind; `right` counts pairs that agree on a field (agreeing that it is empty included),
    `precision` and `recall` count only stated values.
    """

    found: Share = field(default_factory=Share)
    sound: Share = field(default_factory=Share)
    events: Share = field(default_factory=Share)
    proposed: Share = field(default_factory=Share)
    right: dict[str, Share] = field(default_factory=lambda: shares())
    precision: dict[str, Share] = field(default_factory=lambda: shares())
    recall: dict[str, Share] = field(default_factory=lambda: shares())


def shares() -> dict[str, Share]:
    return {name: Share() for name in FIELDS}


def words_of(proposal: Proposal) -> EventWords:
    amount = proposal.amount
    return {
        "person": proposal.person.text if proposal.person else None,
        "kind": proposal.kind,
        "organization": proposal.organization.text,
        "counterpart": proposal.counterpart.text if proposal.counterpart else None,
        "amount": {"currency": amount.currency, "low": amount.low} if amount else None,
    }


def score(headlines: Iterable[Labelled], names: KnownNames) -> Score:
    result = Score()
    for headline in headlines:
        proposals = read_headline(
            headline["title"],
            text=headline.get("text"),
            published=headline.get("published"),
            names=names,
        )
        count(result, headline["events"], [*map(words_of, proposals)], names)
    return result


def count(
    result: Score,
    labelled: list[EventWords],
    proposed: list[EventWords],
    names: KnownNames,
) -> None:
    if labelled:
        result.found.add(bool(proposed))
    for _ in proposed:
        result.sound.add(bool(labelled))
    left = [*proposed]
    for event in labelled:
        twin = likest(event, left, names)
        result.events.add(twin is not None)
        if twin is None:
            for name in FIELDS:
                if event[name]:
                    result.recall[name].add(False)
            continue
        left.remove(twin)
        result.proposed.add(True)
        compare(result, event, twin, names)
    for event in left:
        result.proposed.add(False)
        for name in FIELDS:
            if event[name]:
                result.precision[name].add(False)


def compare(
    result: Score, event: EventWords, twin: EventWords, names: KnownNames
) -> None:
    for name in FIELDS:
        same = agree(event, twin, name, names)
        result.right[name].add(same)
        if event[name]:
            result.recall[name].add(same)
        if twin[name]:
            result.precision[name].add(same)


def likest(
    event: EventWords, proposed: list[EventWords], names: KnownNames
) -> EventWords | None:
    of_kind = [other for other in proposed if other["kind"] == event["kind"]]
    return max(
        of_kind,
        key=lambda other: sum(agree(event, other, name, names) for name in FIELDS),
        default=None,
    )


def agree(event: EventWords, other: EventWords, name: str, names: KnownNames) -> bool:
    mine, theirs = event[name], other[name]
    if isinstance(mine, str) and isinstance(theirs, str):
        return meant(mine, names) == meant(theirs, names)
    return bool(mine == theirs)


def meant(text: str, names: KnownNames) -> tuple[str, ...]:
    """The rows of the record a name means, or else the name, folded."""
    folded = fold(text)
    for hit in names.find(text, folded):
        if (hit.start, hit.end) == (0, len(text)) and hit.name.slugs:
            return hit.name.slugs
    return (folded.replace("'s ", " "),)
