"""What the two grammars find, before it becomes proposals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from talent.common.partial_dates import PartialDate
from talent.intake.reader.values import Amount, Kind, Mention, Span, Standing

Paid = Literal["", "anywhere", "after"]


@dataclass(slots=True)
class Draft:
    kind: Kind
    person: Mention | None
    organization: Mention
    counterpart: Mention | None = None
    title: Mention | None = None
    verb: Span | None = None
    # Where the text gives one; a headline's news is as old as the headline.
    date: PartialDate | None = None
    standing: Standing = "reported"
    confidence: float = 0.6
    # Where money in the same text is what this hire cost; a departure only mentions it.
    paid: Paid = ""
    amount: Amount | None = None
    # Said to be somebody else than the people already named.
    apart: bool = False


def is_same(one: Mention | None, other: Mention | None) -> bool:
    """Whether two mentions may mean one: the same text, the same row, or one unnamed."""
    if one is None or other is None:
        return one is other
    if set(one.slugs) & set(other.slugs):
        return True
    mine, theirs = one.text.lower(), other.text.lower()
    return (
        mine == theirs or mine.split()[-1:] == [theirs] or theirs.split()[-1:] == [mine]
    )


def merged(drafts: Iterable[Draft]) -> list[Draft]:
    """One draft per event; what a later one knows more fills the earlier one's gaps.

    Of somebody's move every end is told once: if a hire says where from, and a departure of
    the same person from there stands alone, it learns where to.
    """
    kept: list[Draft] = []
    for draft in drafts:
        twin = next((other for other in kept if is_twin(other, draft)), None)
        if twin is None:
            kept.append(draft)
            continue
        fill(twin, draft)
    complete_all(kept)
    return kept


def complete_all(drafts: list[Draft]) -> None:
    for draft in drafts:
        complete(draft, drafts)


def fill(draft: Draft, other: Draft) -> None:
    """What the other telling of the same event adds."""
    draft.person = draft.person or other.person
    draft.counterpart = draft.counterpart or other.counterpart
    draft.title = draft.title or other.title
    draft.paid = draft.paid or other.paid
    draft.amount = draft.amount or other.amount
    draft.date = draft.date or other.date
    draft.confidence = max(draft.confidence, other.confidence)


def is_one_company(one: Mention, other: Mention) -> bool:
    """The same, or one a unit of the other by its name: "Apple Foundation Models"."""
    mine, theirs = f"{one.text.lower()} ", f"{other.text.lower()} "
    return is_same(one, other) or mine.startswith(theirs) or theirs.startswith(mine)


def is_twin(one: Draft, other: Draft) -> bool:
    if one.kind != other.kind or not is_one_company(
        one.organization, other.organization
    ):
        return False
    if one.date and other.date and one.date != other.date:
        return False
    if one.person is None or other.person is None:
        # "Loses another researcher as Jumper leaves": most likely the same one.
        return not (one.apart or other.apart)
    return is_same(one.person, other.person)


def is_before(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether one date ends before the other begins."""
    return one is not None and other is not None and one.end <= other.first


def complete(draft: Draft, drafts: list[Draft]) -> None:
    for other in drafts:
        if other.kind == draft.kind or not is_same(other.person, draft.person):
            continue
        if is_same(other.organization, draft.organization):
            continue
        departure, hire = (other, draft) if draft.kind == "hire" else (draft, other)
        if is_before(hire.date, departure.date):
            continue  # a job taken long before is not where the departure led
        if (
            draft.counterpart is None
            and other.counterpart is None
            or draft.counterpart is None
            and is_same(other.counterpart, draft.organization)
        ):
            draft.counterpart = other.organization
        if is_same(draft.counterpart, other.organization) and is_same(
            other.counterpart, draft.organization
        ):
            draft.date = draft.date or other.date  # two ends of one move
