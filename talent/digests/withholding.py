"""Keeping out of the public archive whoever is no longer in the public record.

An edition is kept as it was sent. When it is shown, what tells of an event that was withdrawn is
left out, and so is what names somebody or a place that no published event names any more.
Subscribers are told of a withdrawal by mail: they know the name from us.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from talent.digests.letters import Letter
from talent.digests.models import SentItem
from talent.digests.removing import without
from talent.digests.statements import Facts, Names
from talent.registry.models import Event, Organization, Person


def withhold(letters: Mapping[int, Letter]) -> dict[int, Letter]:
    """By content: its letter, or parts of it, as it may be shown. Seven queries or so."""
    events = {event for letter in letters.values() for event in events_of(letter)}
    rows = Event.objects.published().filter(pk__in=events)
    published = set(rows.values_list("pk", flat=True))
    told = told_of(events)
    public = Public([facts for each in told.values() for facts in each.values()])

    def may_stand(content: int, letter: Letter, event: int) -> bool:
        facts = said_by(letter, content, event, told[event])
        return event in published and all(map(public.names, facts))

    return {
        content: without(
            letter,
            events={
                event
                for event in events_of(letter)
                if not may_stand(content, letter, event)
            },
            names=(),
        )
        for content, letter in letters.items()
    }


def events_of(letter: Letter) -> set[int]:
    return {
        *(event for item in letter.items for event in item.events),
        *(correction.event for correction in letter.corrections),
    }


# By event, what each content of the archive said of it.
Told = dict[int, Facts]


def told_of(events: set[int]) -> defaultdict[int, Told]:
    told: defaultdict[int, Told] = defaultdict(dict)
    items = SentItem.objects.filter(event__in=events, content__editions__isnull=False)
    for event, content, facts in items.values_list("event", "content", "facts"):
        if "person" in facts:  # not only counted, nor withdrawn
            told[event][content] = facts
    return told


def said_by(letter: Letter, content: int, event: int, told: Told) -> list[Facts]:
    """The facts that the letter states of the event. A correction repeats earlier ones."""
    if any(correction.event == event for correction in letter.corrections):
        return list(told.values())
    return [told[content]] if content in told else []


class Public:
    """Whoever and whatever the public record names, of what statements name."""

    def __init__(self, statements: list[Facts]) -> None:
        named = Names(statements)
        self.people = named_today(Person, named.people)
        self.organizations = named_today(Organization, named.organizations)

    def names(self, facts: Facts) -> bool:
        """Everybody and everything in the statement."""
        ends = {facts["organization"], facts["counterpart"]} - {None}
        return facts["person"] in self.people and ends <= self.organizations


def named_today(model: type[Any], known: Mapping[int, Any]) -> set[int]:
    """The ids whose record, or the one it was merged into, is public."""
    rows = model.objects.public().filter(pk__in={row.pk for row in known.values()})
    pks = set(rows.values_list("pk", flat=True))
    return {pk for pk, row in known.items() if row.pk in pks}
