"""The words of an article that justify a proposal, in their sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from talent.intake.models import Article, Proposal

LABELS = {
    "kind": _("what happened"),
    "person": _("person"),
    "organization": _("organization"),
    "counterpart": _("from / to"),
    "title": _("title"),
    "date": _("date"),
    "amount": _("amount"),
}
ENDS = frozenset("。！？!?\n")
MOST_AROUND, MOST_QUOTES = 160, 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `label` says which field they justify, if any."""

    text: str
    label: Any = ""


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    label: Any


def spans_of(proposals: Iterable[Proposal], part: str) -> list[Span]:
    """Without overlaps, in reading order."""
    found = [
        Span(start, end, LABELS.get(field, field))
        for proposal in proposals
        for field, places in proposal.evidence.items()
        for start, end, where in places
        if where == part
    ]
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def pieces(text: str, spans: list[Span], start: int, end: int) -> list[Piece]:
    """The stretch of text from start to end, its spans marked."""
    found, at = [], start
    for span in spans:
        if span.end <= start or span.start >= end:
            continue
        found.append(Piece(text[at : span.start]))
        found.append(Piece(text[span.start : span.end], span.label))
        at = span.end
    found.append(Piece(text[at:end]))
    return [piece for piece in found if piece.text]


def quotes(proposal: Proposal) -> list[list[Piece]]:
    """The sentences of the text in which the words of one proposal stand."""
    text, spans = proposal.article.text, spans_of([proposal], "text")
    places = sentences(text, spans)[:MOST_QUOTES]
    return [pieces(text, spans, start, end) for start, end in places]


def sentences(text: str, spans: list[Span]) -> list[tuple[int, int]]:
    """Where the sentences around the spans begin and end, each once."""
    found: list[tuple[int, int]] = []
    for span in spans:
        start = span.start
        while start > max(span.start - MOST_AROUND, 0) and not ends_at(text, start - 1):
            start -= 1
        end = span.end
        while end < min(span.end + MOST_AROUND, len(text)) and not ends_at(
            text, end - 1
        ):
            end += 1
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def ends_at(text: str, at: int) -> bool:
    return text[at] in ENDS or (text[at] == "." and text[at + 1 : at + 2].isspace())


def whole(article: Article, proposals: Iterable[Proposal]) -> list[list[Piece]]:
    """The text, paragraph by paragraph, with the words of all its proposals marked."""
    spans = spans_of(list(proposals), "text")
    found, at = [], 0
    for line in article.text.split("\n"):
        found.append(pieces(article.text, spans, at, at + len(line)))
        at += len(line) + 1
    return [paragraph for paragraph in found if paragraph]
