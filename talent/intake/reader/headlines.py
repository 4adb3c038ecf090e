"""The reader's door: a headline, and where given the article's first paragraphs, to proposals."""

from __future__ import annotations

from talent.common.partial_dates import PartialDate
from talent.intake.reader import articles, chinese, english
from talent.intake.reader.amounts import amounts
from talent.intake.reader.drafts import Draft
from talent.intake.reader.names import KnownNames
from talent.intake.reader.payments import assign, pay_among
from talent.intake.reader.text import LONGEST_TITLE, fold, is_chinese
from talent.intake.reader.values import Proposal, Span


def read_headline(
    title: str,
    *,
    names: KnownNames,
    text: str | None = None,
    published: str | None = None,
) -> list[Proposal]:
    """Events that a headline, and the article under it, announce; the surest first.

    Pure and linear in the length of what is read, which is cut first. `published`
    (YYYY[-MM[-DD]]) becomes the date of the events: a headline tells what is new.
    """
    title = title[:LONGEST_TITLE]
    folded = fold(title)
    date = readable(published)
    grammar = chinese if is_chinese(folded) else english
    drafts = grammar.read(title, folded, names).drafts
    assign(drafts, pay_among(amounts(folded), folded))
    if text:
        drafts = articles.extended(drafts, text, names=names, published=date)
    found = [proposal(draft, date) for draft in drafts]
    return sorted(found, key=lambda proposal: -proposal.confidence)


def readable(published: str | None) -> PartialDate | None:
    """The day, month or year a page gives, or nothing if it gives anything else."""
    try:
        return PartialDate.parse(published[:10]) if published else None
    except ValueError:
        return None


def proposal(draft: Draft, date: PartialDate | None) -> Proposal:
    evidence: dict[str, tuple[Span, ...]] = {}
    if draft.verb is not None:
        evidence["kind"] = (draft.verb,)
    for name in ("person", "organization", "counterpart", "title"):
        mention = getattr(draft, name)
        if mention is not None and mention.span is not None:
            evidence[name] = (mention.span,)
    if draft.amount is not None and draft.amount.span is not None:
        evidence["amount"] = (draft.amount.span,)
    return Proposal(
        draft.kind,
        draft.person,
        draft.organization,
        draft.counterpart,
        draft.title,
        draft.date or date,
        draft.amount,
        draft.standing,
        confidence(draft),
        evidence,
    )


def confidence(draft: Draft) -> float:
    """How sure: known names speak for it, hearsay against it."""
    sure = draft.confidence
    if draft.person is not None and draft.person.slugs:
        sure += 0.07
    if draft.organization.slugs:
        sure += 0.05
    else:
        sure -= 0.1
    if draft.standing == "rumoured":
        sure -= 0.15
    return round(min(max(sure, 0.05), 0.99), 2)
