"""What a search for a name finds: people and organizations, in any script and any order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity

from talent.registry.models import Event, Organization, Person
from talent.registry.models.names import words_of

HITS, GUESSES = 20, 5
MOST_WEIGHED, MOST_ALIKE = 200, 50
LONGEST = 200


@dataclass(slots=True)
class Hits:
    """What a search found; `guesses` when it is only spelt alike."""

    people: list[tuple[Person, Event | None]] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    more_people: bool = False
    more_organizations: bool = False
    guesses: bool = False

    @property
    def any(self) -> bool:
        return bool(self.people or self.organizations)


def asked_for(typed: str) -> str:
    """What is searched for where this was typed."""
    return " ".join(typed.split())[:LONGEST]


def hits_for(query: str) -> Hits:
    """None for a text without a word. Five queries where something is named so, seven where
    only something alike is.
    """
    found = Hits()
    if not words_of(query):
        return found
    people = best_of(query, Person.objects.all())
    found.organizations = best_of(query, Organization.objects.select_related("company"))
    if not people and not found.organizations:
        people = spelt_like(query, Person.objects.all())
        found.organizations = spelt_like(
            query, Organization.objects.select_related("company")
        )
        found.guesses = True
    found.more_people = len(people) > HITS
    found.more_organizations = len(found.organizations) > HITS
    del people[HITS:], found.organizations[HITS:]
    latest = latest_events(people)
    found.people = [(person, latest.get(person.pk)) for person in people]
    return found


def best_of(query: str, rows: Any) -> list[Any]:
    """The best of the public rows so named, one more than is shown: two queries.

    Two letters may be in a hundred thousand names, and no order by merit can be read from an
    index: beyond MOST_WEIGHED, the best of any such many are as good an answer as the best of
    all, for somebody who is still typing. Asking for the names alone first keeps PostgreSQL
    from collecting everybody who is public.
    """
    named = list(rows.named(query).values_list("pk", flat=True)[:MOST_WEIGHED])
    if not named:
        return []
    return list(rows.public().filter(pk__in=named).best_first(query)[: HITS + 1])


def spelt_like(query: str, rows: Any) -> list[Any]:
    """The few public rows whose names are spelt most like the text: two queries."""
    likeness = TrigramWordSimilarity(" ".join(words_of(query)), "search_key")
    alike = list(
        rows.named_like(query)
        .annotate(likeness=likeness)
        .order_by("-likeness", "pk")
        .values_list("pk", flat=True)[:MOST_ALIKE]
    )
    if not alike:
        return []
    public = rows.public().in_bulk(alike)
    return [public[pk] for pk in alike if pk in public][:GUESSES]


def latest_events(people: list[Person]) -> dict[int, Event]:
    """The newest counted event of each person: one query."""
    if not people:
        return {}
    events = (
        Event.objects.published()
        .counted()
        .filter(person__in=people, never_started=False)
        .select_related("organization", "counterpart")
        .order_by("person", "-recency", "-pk")
        .distinct("person")
    )
    return {event.person_id: event for event in events}
