"""Finding events by words: who moved, from where to where, and what the event says."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from talent.registry.id_sets import among
from talent.registry.models import Event, Organization, Person
from talent.registry.models.events import EventQuerySet
from talent.registry.models.names import HAN, spellings, words_of

# A set of events small enough to be looked up for every number on a page.
MOST_OF_A_WORD = 10_000


class TooCommon(ValidationError):
    """Every word is in so many events that the page would take seconds."""


def mentioning(text: str) -> EventQuerySet:
    """Events that hold every word of the text, each in a name, title, team or summary.

    Runs one query for each word. A word in few events is looked up in the indexes; a
    common one is only checked on those, and common words alone are refused (TooCommon).
    """
    words = words_of(text)
    common = {word for word in words if is_common(word)}
    rare = [word for word in words if word not in common]
    if common and not rare:
        raise TooCommon(
            _(
                "More than %(most)s events hold “%(text)s”: add a rarer word, or "
                "choose a person or company instead."
            )
            % {"most": f"{MOST_OF_A_WORD:,}", "text": text}
        )
    sets = [union(places(word)) for word in rare]
    found = with_words(Event.objects.all())
    if sets:
        found = found.filter(among(sets[0].intersection(*sets[1:])))
    for word in common:
        found = found.filter(in_any_place(word))
    return found


def is_common(word: str) -> bool:
    # An event in two places counts twice: what need not be sorted out stops early.
    rows = union(places(word), all=True)[: MOST_OF_A_WORD + 1]
    return len(rows) > MOST_OF_A_WORD


def union(
    parts: list[QuerySet[Event, Any]], *, all: bool = False
) -> QuerySet[Event, Any]:
    return parts[0].union(*parts[1:], all=all)


def with_words(events: EventQuerySet) -> EventQuerySet:
    """As the index `event_words` has them."""
    return events.alias(words=SearchVector("title", "team", "summary", config="simple"))


def conditions(word: str) -> list[Q]:
    """One for each place a word can stand in, each served by an index of its own."""
    people = Person.objects.named(word).values("pk")
    organizations = Organization.objects.named(word).values("pk")
    starts = SearchQuery(
        " | ".join(f"{spelling}:*" for spelling in sorted(spellings(word.lower()))),
        search_type="raw",
        config="simple",
    )
    found = [
        Q(person__in=people),
        Q(organization__in=organizations),
        Q(company__in=organizations),
        Q(counterpart__in=organizations),
        Q(counterpart_company__in=organizations),
        Q(words=starts),
    ]
    if HAN.search(word):
        for spelling in sorted(spellings(word)):
            found.append(Q(summary_zh__contains=spelling) & ~Q(summary_zh=""))
    return found


def places(word: str) -> list[QuerySet[Event, Any]]:
    return [
        with_words(Event.objects.all()).filter(condition).values("pk")
        for condition in conditions(word)
    ]


def in_any_place(word: str) -> Q:
    found = Q()
    for condition in conditions(word):
        found |= condition
    return found
