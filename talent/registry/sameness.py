"""What speaks for two rows being one person or organization, and what against it.

Nothing merges on a name alone: names are told apart from all else the record knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from django.utils.translation import gettext as _

from talent.common.partial_dates import Precision
from talent.registry.countries import country_in_words
from talent.registry.doubts import names_of, organization_names, plain_name
from talent.registry.models import Event, Organization, Person, Source
from talent.registry.models.events import Standing, Status
from talent.registry.models.names import spellings

# Nobody has a longer career; it bounds the comparison.
MOST_EVENTS = 200


@dataclass(frozen=True)
class Evidence:
    """Sentences. `names` is what both are called, which proves nothing by itself."""

    names: list[str]
    for_it: list[str]
    against_it: list[str]
    # Pairs that would stand twice under one name.
    doubled: list[tuple[Event, Event]] = field(default_factory=list)

    @property
    def is_name_alone(self) -> bool:
        return not self.for_it


def evidence_of(one: Person | Organization, other: Person | Organization) -> Evidence:
    if isinstance(one, Person) and isinstance(other, Person):
        return evidence_of_people(one, other)
    assert isinstance(one, Organization)
    assert isinstance(other, Organization)
    return evidence_of_organizations(one, other)


# -- People ----------------------------------------------------------------------------


def evidence_of_people(one: Person, other: Person) -> Evidence:
    mine, theirs = career(one), career(other)
    return Evidence(
        names=shared_names(one, other),
        for_it=[
            *same_moves(mine, theirs),
            *same_employers(mine, theirs),
            *same_works(one, other),
            *same_pages(one, other),
        ],
        against_it=[*written_otherwise(one, other), *elsewhere_then(mine, theirs)],
        doubled=twins(mine, theirs),
    )


def career(person: Person) -> list[Event]:
    """What is held to be true of somebody, drafts included."""
    events = Event.objects.of_person(person).exclude(status=Status.WITHDRAWN)
    believed = events.exclude(standing=Standing.DENIED)
    return list(believed.with_ends().oldest_first()[:MOST_EVENTS])


def shared_names(one: Person, other: Person) -> list[str]:
    mine, theirs = names_of(one), names_of(other)
    return sorted({mine[words] for words in mine.keys() & theirs.keys()})


def same_moves(mine: list[Event], theirs: list[Event]) -> Iterator[str]:
    for event, twin in twins(mine, theirs):
        sentence = (
            _("Both joined %(company)s then: %(date)s and %(other_date)s.")
            if event.is_hire
            else _("Both left %(company)s then: %(date)s and %(other_date)s.")
        )
        yield sentence % {
            "company": event.company,
            "date": event.date,
            "other_date": twin.date,
        }


def twins(mine: list[Event], theirs: list[Event]) -> list[tuple[Event, Event]]:
    """Pairs that say the same of both."""
    return [
        (event, twin)
        for event, twin in product(mine, theirs)
        if event.kind == twin.kind
        and event.company_id == twin.company_id
        and event.date.overlaps(twin.date)
    ]


def same_employers(mine: list[Event], theirs: list[Event]) -> Iterator[str]:
    told = {event.company_id for event, _twin in twins(mine, theirs)}
    here = {event.company_id: event.company for event in mine}
    there = {event.company_id for event in theirs}
    for company in sorted((here.keys() & there) - told, key=str):
        yield _("Both were at %(company)s, at different times.") % {
            "company": here[company]
        }


def same_works(one: Person, other: Person) -> Iterator[str]:
    for sentence, mine, theirs in (
        (_("Both are known for %(text)s."), one.known_for, other.known_for),
        (_("Both studied: %(text)s."), one.education, other.education),
    ):
        wanted = {plain_name(text) for text in theirs}
        for text in mine:
            if plain_name(text) in wanted:
                yield sentence % {"text": text}


def same_pages(one: Person, other: Person) -> Iterator[str]:
    pages = Source.objects.filter(citations__event__person=one).filter(
        citations__event__person=other
    )
    for page in pages.distinct().order_by("pk")[:5]:
        yield _("One page is cited for both: %(page)s.") % {"page": page}


def written_otherwise(
    one: Person | Organization, other: Person | Organization
) -> Iterator[str]:
    if (
        one.name_zh
        and other.name_zh
        and not spellings(one.name_zh) & spellings(other.name_zh)
    ):
        yield _(
            "Their Chinese names differ: %(one)s and %(other)s. Two names that sound "
            "alike belong to two people as a rule."
        ) % {"one": one.name_zh, "other": other.name_zh}


def elsewhere_then(mine: list[Event], theirs: list[Event]) -> Iterator[str]:
    """Two hires at one time by two companies. A whole year says nothing of the kind."""
    for event, hire in product(mine, theirs):
        if (
            event.is_hire
            and hire.is_hire
            and not event.never_started
            and not hire.never_started
            and event.company_id != hire.company_id
            and Precision.YEAR not in (event.precision, hire.precision)
            and event.date.overlaps(hire.date)
        ):
            yield _("%(date)s: one joined %(here)s, the other %(there)s.") % {
                "date": event.date,
                "here": event.company,
                "there": hire.company,
            }


# -- Organizations ---------------------------------------------------------------------


def evidence_of_organizations(one: Organization, other: Organization) -> Evidence:
    mine = {plain_name(name): name for name in organization_names(one)}
    theirs = {plain_name(name) for name in organization_names(other)}
    return Evidence(
        names=sorted(mine[name] for name in mine.keys() & theirs),
        for_it=[
            *same_whole(one, other),
            *same_start(one, other),
            *same_people(one, other),
        ],
        against_it=[*written_otherwise(one, other), *other_place(one, other)],
    )


def same_whole(one: Organization, other: Organization) -> Iterator[str]:
    if one.parent is not None and one.parent_id == other.parent_id:
        yield _("Both are part of %(whole)s.") % {"whole": one.parent}


def same_start(one: Organization, other: Organization) -> Iterator[str]:
    if one.founded and other.founded and one.founded.overlaps(other.founded):
        yield _("Both were founded then: %(one)s and %(other)s.") % {
            "one": one.founded,
            "other": other.founded,
        }


def same_people(one: Organization, other: Organization) -> Iterator[str]:
    """People said to have joined or left both at one time: one move, entered twice."""
    people = Person.objects.filter(events__organization=one).filter(
        events__organization=other
    )
    for person in people.distinct().order_by("pk")[:MOST_EVENTS]:
        events = career(person)
        here = [event for event in events if event.organization_id == one.pk]
        there = [event for event in events if event.organization_id == other.pk]
        if any(
            event.kind == twin.kind and event.date.overlaps(twin.date)
            for event, twin in product(here, there)
        ):
            yield _("%(person)s joined or left both at one time.") % {"person": person}


def other_place(one: Organization, other: Organization) -> Iterator[str]:
    if one.country and other.country and one.country != other.country:
        yield _("They sit in different countries: %(one)s and %(other)s.") % {
            "one": country_in_words(one.country),
            "other": country_in_words(other.country),
        }
    if one.founded and other.founded and not one.founded.overlaps(other.founded):
        yield _("They were founded at different times: %(one)s and %(other)s.") % {
            "one": one.founded,
            "other": other.founded,
        }
    if one.company_id != other.company_id and (one.parent_id and other.parent_id):
        yield _("They belong to different companies: %(one)s and %(other)s.") % {
            "one": one.company,
            "other": other.company,
        }
