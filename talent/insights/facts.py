"""Events as the careers code reads them: everything a career asks of one, at hand.

A refresh of everything reads a million, so a Fact carries no model and its places are shared;
for a page, a Fact is made from each Event and leads back to it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, cast

from django.db import connection
from psycopg import ServerCursor

from talent.common.partial_date_columns import rank_of
from talent.common.partial_dates import VAGUENESS, PartialDate, Precision
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
    background: bool
    # Chronological: the start of the date, exact before vague, then the order of entry.
    order: tuple[int, int]
    # Ids of the reasons stated, and who states them. For the stored rows: no career asks.
    reasons: Sequence[int] = ()
    tellers: Sequence[str] = ()
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
        background=event.background,
        order=(rank_of(when.first) + VAGUENESS[when.precision], event.pk),
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
    SELECT event.id, person_id, kind = 'hire', organization_id, counterpart_id, chronology,
        date_basis, founder, never_started, stated_return, newest_source_on,
        standing = 'rumoured', background, stated.reasons, stated.tellers
    FROM registry_event AS event LEFT JOIN {stated} ON {matching}
    WHERE status = 'published' AND standing = ANY(%(standings)s) {whose}
    ORDER BY person_id, chronology, event.id
"""
STATED = """(
    SELECT event_id, array_agg(reason_id) AS reasons, array_agg(stated_by) AS tellers
    FROM registry_eventreason {of} GROUP BY event_id
) AS stated"""
# Of everybody the reasons are gathered once, of a few people for each of their events.
ALL = SELECT.format(
    stated=STATED.format(of=""), matching="stated.event_id = event.id", whose=""
)
FEW = SELECT.format(
    stated="LATERAL " + STATED.format(of="WHERE event_id = event.id"),
    matching="true",
    whose="AND person_id = ANY(%(people)s)",
)


def facts_by_person(
    *, people: list[int] | None = None
) -> Iterator[tuple[int, list[Fact]]]:
    """The facts of each person, person by person: of all people, or of those given.

    Streams through a cursor on the server, so memory does not grow with the record. Needs a
    transaction.
    """
    standings = [*COUNTED, Standing.RUMOURED]
    with connection.chunked_cursor() as cursor:
        cast("ServerCursor[Any]", cursor.cursor).itersize = ROWS_AT_ONCE
        cursor.execute(
            ALL if people is None else FEW, {"standings": standings, "people": people}
        )
        # Read later than the events, so that no event has a place that is not among them.
        places = all_places()
        person, theirs = 0, list[Fact]()
        for row in cursor:
            fact = fact_from(row, places)
            if fact.person_id != person:
                if theirs:
                    yield person, theirs
                person, theirs = fact.person_id, []
            theirs.append(fact)
        if theirs:
            yield person, theirs


PRECISIONS = {rank: Precision(name) for name, rank in VAGUENESS.items()}


@lru_cache(maxsize=100_000)
def ranked(rank: int) -> PartialDate:
    """The date of an oldest-first rank (see OLDEST_FIRST_RANK), one object for each."""
    day, vagueness = divmod(rank, len(PRECISIONS))
    return PartialDate(
        datetime.date(1, 1, 1) + timedelta(days=day), PRECISIONS[vagueness]
    )


def fact_from(row: tuple[Any, ...], places: dict[int, Place]) -> Fact:
    pk, person, is_hire, organization_id, counterpart_id, chronology, basis = row[:7]
    founder, never_started, stated_return, newest, rumoured, background = row[7:13]
    reasons, tellers = row[13:]
    # A Place answers to all a career asks of an Organization.
    organization = cast(Organization, places[organization_id])
    counterpart = cast(Organization, places[counterpart_id]) if counterpart_id else None
    return Fact(
        pk,
        person,
        is_hire,
        organization,
        cast(Organization, organization.company),
        counterpart,
        counterpart.company if counterpart else None,
        ranked(chronology),
        basis,
        founder,
        never_started,
        stated_return,
        newest,
        rumoured,
        background,
        (chronology, pk),
        reasons or (),
        tellers or (),
    )
