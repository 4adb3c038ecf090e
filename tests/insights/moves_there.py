"""Moves of invented people, told as events and read by the refresh."""

from __future__ import annotations

from datetime import UTC, datetime

from talent.common.partial_dates import PartialDate
from talent.insights.move_filter import MoveFilter
from talent.insights.refresh import refresh_touched
from talent.registry.models import Event, Organization, Person
from tests.factories import EventFactory, PersonFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def move(
    origin: Organization | None,
    destination: Organization | None,
    when: str = "2025-03-03",
    *,
    person: Person | None = None,
    **fields,
) -> Person:
    person = person or PersonFactory()
    EventFactory(**told_by(origin, destination, when), person=person, **fields)
    return person


def moves(number: int, origin, destination, when: str = "2025-03-03", **fields) -> None:
    """As many, in two statements."""
    record([(origin, destination, when)] * number, **fields)


def record(rows, **fields) -> None:
    """Moves of as many people, each (origin, destination, when)."""
    people = Person.objects.bulk_create(PersonFactory.build_batch(len(rows)))
    Event.objects.bulk_create(
        EventFactory.build(
            **told_by(origin, destination, when), person=person, **fields
        )
        for person, (origin, destination, when) in zip(people, rows, strict=True)
    )


def told_by(
    origin: Organization | None, destination: Organization | None, when: str
) -> dict[str, object]:
    """One event that tells the whole move: a hire, or a departure where nobody hires."""
    date = PartialDate.parse(when)
    return {
        "published": True,
        "kind": "hire" if destination else "departure",
        "organization": destination or origin,
        "counterpart": origin if destination else None,
        "happened_on": date.first,
        "precision": date.precision,
    }


def read_again() -> None:
    refresh_touched(at=NOW)


def filtered(query: dict[str, str]) -> MoveFilter:
    filter = MoveFilter(query)
    assert filter.is_valid(), filter.errors
    return filter


def told(query: dict[str, str]) -> list[str]:
    """The moves a filter lists, in words, in alphabetical order."""

    def name(place) -> str:
        return place.name if place else "?"

    rows = filtered(query).moves().select_related("origin", "destination")
    return sorted(f"{name(row.origin)} → {name(row.destination)}" for row in rows)
