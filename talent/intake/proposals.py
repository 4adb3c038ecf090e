"""What the reader finds in an article, kept until a curator decides."""

from __future__ import annotations

from typing import Any

from talent.intake.models import Article, Proposal
from talent.intake.reader import values
from talent.intake.reader.headlines import read_headline
from talent.intake.reader.names import KnownNames


def propose(article: Article, *, names: KnownNames) -> list[Proposal]:
    """Read the article and keep what it announces; the undecided of an earlier reading go.

    What was decided stays decided and is not proposed a second time.
    """
    decided = list(article.proposals.decided())
    article.proposals.in_state(Proposal.State.NEW).delete()
    told = {same(proposal) for proposal in decided}
    number = max((proposal.number for proposal in decided), default=0)
    published = article.published
    found = read_headline(
        article.title,
        text=article.text or None,
        published=published.isoformat() if published else None,
        names=names,
    )
    rows = [row_of(article, one) for one in found]
    rows = [row for row in rows if same(row) not in told]
    for row in rows:
        number += 1
        row.number = number
    Proposal.objects.bulk_create(rows)
    article.surest = max((row.confidence for row in rows), default=0)
    article.save(update_fields=["surest"])
    return rows


def same(proposal: Proposal) -> tuple[str, ...]:
    return (
        proposal.kind,
        proposal.person.casefold(),
        proposal.organization.casefold(),
    )


def row_of(article: Article, found: values.Proposal) -> Proposal:
    names = {
        field: mention
        for field in ("person", "organization", "counterpart")
        if (mention := getattr(found, field)) is not None
    }
    return Proposal(
        article=article,
        kind=found.kind,
        person=found.person.text[:200] if found.person else "",
        organization=found.organization.text[:200],
        counterpart=found.counterpart.text[:200] if found.counterpart else "",
        title=found.title.text[:300] if found.title else "",
        date=found.date.isoformat() if found.date else "",
        amount=amount_of(found.amount) if found.amount else None,
        standing=found.standing,
        confidence=found.confidence,
        known={field: list(mention.slugs) for field, mention in names.items()},
        evidence={
            field: [[span.start, span.end, span.part] for span in spans]
            for field, spans in found.evidence.items()
        },
    )


def amount_of(amount: values.Amount) -> dict[str, Any]:
    return {
        name: getattr(amount, name)
        for name in ("currency", "low", "high", "form", "qualifier", "years")
    }
