"""Stays of invented people, told as events and read by the refresh."""

from __future__ import annotations

from datetime import UTC, date, datetime

from talent.common.partial_dates import PartialDate
from talent.insights.refresh import refresh_touched
from talent.registry.models import Citation, Event, Organization, Person, Source
from tests.factories import (
    CitationFactory,
    EventFactory,
    PersonFactory,
    SourceFactory,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def stay(
    there: Organization,
    start: str = "",
    end: str = "",
    *,
    heard: str = "",
    person: Person | None = None,
    **hire,
) -> Person:
    """Somebody joins and leaves, each if it is on record.

    `heard`: the day of the newest source, where they did not leave.
    """
    person = person or PersonFactory()
    if start:
        event = EventFactory(
            published=True, person=person, organization=there, **dated(start), **hire
        )
        if heard:
            source = SourceFactory(published_on=heard, published_precision="day")
            CitationFactory(event=event, source=source)
    if end:
        EventFactory(
            published=True,
            departure=True,
            person=person,
            organization=there,
            **dated(end),
        )
    return person


def stays(there: Organization, *lengths: int) -> None:
    """One stay for each length in whole months, and some days; ended, all from January 2020."""
    people = people_hired(there, len(lengths))
    Event.objects.bulk_create(
        EventFactory.build(
            published=True,
            departure=True,
            person=person,
            organization=there,
            happened_on=months_later(months),
        )
        for person, months in zip(people, lengths, strict=True)
    )


def heard_after(there: Organization, *lengths: int) -> None:
    """The same without an end on record: last heard of after so many whole months."""
    people = people_hired(there, len(lengths))
    sources = Source.objects.bulk_create(
        SourceFactory.build(
            published_on=months_later(months), published_precision="day"
        )
        for months in lengths
    )
    hires = {event.person: event for event in Event.objects.filter(person__in=people)}
    Citation.objects.bulk_create(
        CitationFactory.build(event=hires[person], source=source)
        for person, source in zip(people, sources, strict=True)
    )


def people_hired(there: Organization, number: int) -> list[Person]:
    """All on one day. In few statements: most tests here need tens of them."""
    people = Person.objects.bulk_create(PersonFactory.build_batch(number))
    Event.objects.bulk_create(
        EventFactory.build(
            published=True,
            person=person,
            organization=there,
            happened_on=date(2020, 1, 3),
        )
        for person in people
    )
    return people


def months_later(months: int) -> date:
    return date(2020 + months // 12, months % 12 + 1, 20)


def dated(written: str) -> dict[str, object]:
    when = PartialDate.parse(written)
    return {"happened_on": when.first, "precision": when.precision}


def read_again() -> None:
    refresh_touched(at=NOW)
