"""Events as the careers code reads them: everything a career asks of one, at hand.

A refresh of everything reads a million, so a Fact carries no model and its places are shared;
for a page, a Fact is made from each Event and leads back to it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from django.db import connection
from psycopg import ServerCursor

from talent.common.partial_dates import PartialDate, Precision
from talent.registry.models import Event, Organization
from talent.registry.models.events import COUNTED, Standing

ROWS_AT_ONCE = 20_000


@dataclass(slots=True, eq=False)
class Fact:
    """One published event that counts or is rumoured. Two of one event are equal."""

    pk: int
    person_id: int
    is_hire: bool
    organization: Organization
    company: Organization
    counterpart: Organization | None
    # The company of the counterpart: the one left by a hire, or joined by a departure.
    other: Organization | None
    date: PartialDate
    date_basis: str
    founder: bool
    never_started: bool
    stated_return: bool
    newest_source_on: datetime.date | None
    rumoured: bool
    # Chronological: the start of the date, exact before vague, then the order of entry.
    order: tuple[datetime.date, int, int]
    event: Event | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fact) and self.pk == other.pk

    def __hash__(self) -> int:
        return hash(self.pk)

    @property
    def unit(self) -> Organization | None:
        return self.organization if self.organization.parent_id else None

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url() if self.event else ""


@dataclass(slots=True, eq=False)
class Place:
    """What a career asks of an organization, without the weight of the model."""

    pk: int
    parent_id: int | None
    company_id: int
    seat: str
    parent: Place | None = None
    company: Place | None = None

    @property
    def is_unit(self) -> bool:
        return self.parent_id is not None


def fact_of(event: Event) -> Fact:
    """The event as a fact; it must be loaded with its ends."""
    organization, counterpart = event.organization, event.counterpart
    when = event.date
    return Fact(
        pk=event.pk,
        person_id=event.person_id,
        is_hire=event.is_hire,
        organization=organization,
        company=organization.company or organization,
        counterpart=counterpart,
        other=(counterpart.company or counterpart) if counterpart else None,
        date=when,
        date_basis=event.date_basis,
        founder=event.founder,
        never_started=event.never_started,
        stated_return=event.stated_return,
        newest_source_on=event.newest_source_on,
        rumoured=event.standing == Standing.RUMOURED,
        order=(*when.order, event.pk),
        event=event,
    )


@lru_cache(maxsize=50_000)
def dated(day: datetime.date, precision: str) -> PartialDate:
    # A record has few thousand different days: one object each.
    return PartialDate(day, Precision(precision))


def all_places() -> dict[int, Place]:
    """Every organization by id, with its parent and its company: one query."""
    rows = Organization.objects.values_list("pk", "parent_id", "company_id", "seat")
    places = {row[0]: Place(*row) for row in rows.iterator(ROWS_AT_ONCE)}
    for place in places.values():
        place.company = places[place.company_id]
        place.parent = places[place.parent_id] if place.parent_id else None
    return places


SELECT = """
    SELECT id, person_id, kind, organization_id, counterpart_id, happened_on, precision,
        date_basis, founder, never_started, stated_return, newest_source_on,
        standing = 'rumoured'
    FROM registry_event
    WHERE status = 'published' AND standing = ANY(%s) {people}
    ORDER BY person_id
"""


def facts_by_person(
    places: dict[int, Place], *, people: list[int] | None = None
) -> Iterator[tuple[int, list[Fact]]]:
    """The facts of each person, person by person: of all people, or of those given.

    Streams through a cursor on the server, so memory does not grow with the record. Needs a
    transaction.
    """
    parameters: list[Any] = [[*COUNTED, Standing.RUMOURED]]
    condition = ""
    if people is not None:
        condition = "AND person_id = ANY(%s)"
        parameters.append(people)
    with connection.chunked_cursor() as cursor:
        cast("ServerCursor[Any]", cursor.cursor).itersize = ROWS_AT_ONCE
        cursor.execute(SELECT.format(people=condition), parameters)
        facts = (fact_from(row, places) for row in cursor)
        for person, theirs in groupby(facts, key=attrgetter("person_id")):
            yield person, list(theirs)


def fact_from(row: tuple[Any, ...], places: dict[int, Place]) -> Fact:
    pk, person, kind, organization_id, counterpart_id, day, precision, basis = row[:8]
    founder, never_started, stated_return, newest, rumoured = row[8:]
    # A Place answers to all a career asks of an Organization.
    organization = cast(Organization, places[organization_id])
    counterpart = cast(Organization, places[counterpart_id]) if counterpart_id else None
    when = dated(day, precision)
    return Fact(
        pk,
        person,
        kind == "hire",
        organization,
        cast(Organization, organization.company),
        counterpart,
        counterpart.company if counterpart else None,
        when,
        basis,
        founder,
        never_started,
        stated_return,
        newest,
        rumoured,
        (*when.order, pk),
    )
