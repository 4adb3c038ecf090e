"""Careers that cannot be, or not quite: the warnings of an event's form, for everybody.

The rules are those of `registry.doubts`; only what needs no curator's eye while typing, but
a second look at the whole record, is added here. Subjects are published events that count;
drafts stand beside them, because a draft may be the very fix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from talent.common.partial_dates import Precision
from talent.registry.curation import SAME_MOVE
from talent.registry.doubts import (
    SAME_EVENT,
    Doubt,
    missing_half,
    near,
    odd_date,
    out_of_order,
    overlapping,
    twice,
)
from talent.registry.health.found import Found, Kind, pair
from talent.registry.models import Event, Organization, Person
from talent.registry.models.events import COUNTED, Status
from talent.registry.sameness import MOST_EVENTS

PEOPLE_AT_ONCE = 2_000
COLUMNS = (
    "kind", "person", "organization", "company", "counterpart", "counterpart_company",
    "happened_on", "precision", "chronology", "date_basis", "standing", "status",
    "founder", "never_started", "stated_return",
)  # fmt: skip
KINDS = {
    "departure-first": Kind.DEPARTURE_FIRST,
    "overlap": Kind.OVERLAP,
    "duplicate-event": Kind.DUPLICATE_EVENT,
    "new-year": Kind.INVENTED_DAY,
    "future": Kind.FUTURE,
}
# What `findings_of` may find: these are looked at again by reading the person's career.
OF_CAREERS = frozenset(
    {
        *KINDS.values(), Kind.NO_END, Kind.OTHER_HALF, Kind.TWO_DEPARTURES,
        Kind.BEFORE_FOUNDING,
    }
)  # fmt: skip


def of_everybody(*, today: date) -> Iterator[Found]:
    """Batch by batch: two queries for 2,000 people, and memory for as many."""
    places = Organization.objects.in_bulk()
    last = 0
    people = Person.objects.unmerged().only("name", "name_zh").order_by("pk")
    while batch := list(people.filter(pk__gt=last)[:PEOPLE_AT_ONCE]):
        last = batch[-1].pk
        yield from among(batch, places, today=today)


def of_people(keys: Iterable[int], *, today: date) -> Iterator[Found]:
    """Three queries, whatever the number of people."""
    people = list(Person.objects.filter(pk__in=keys).only("name", "name_zh"))
    events = Event.objects.of_people(person.pk for person in people)
    named: set[int] = set()
    for ends in events.values_list(
        "organization", "company", "counterpart", "counterpart_company"
    ):
        named.update(end for end in ends if end)
    yield from among(people, Organization.objects.in_bulk(named), today=today)


def among(
    people: list[Person], places: dict[int, Organization], *, today: date
) -> Iterator[Found]:
    by_person: defaultdict[int, list[Event]] = defaultdict(list)
    events = Event.objects.of_people(person.pk for person in people).only(*COLUMNS)
    names = {person.pk: person for person in people}
    for event in events.oldest_first():
        event.person = names[event.person_id]
        event.organization = places[event.organization_id]
        event.company = places[event.company_id or event.organization_id]
        if event.counterpart_id:
            event.counterpart = places[event.counterpart_id]
        by_person[event.person_id].append(event)
    for career in by_person.values():
        yield from findings_of(career, today=today)


def findings_of(career: list[Event], *, today: date) -> Iterator[Found]:
    """What looks wrong about one person's events, oldest first, withdrawn ones included.

    No query: the events are loaded with their ends. A pair of events is found once.
    """
    career = career[-MOST_EVENTS:]
    believed = [
        event
        for event in career
        if event.standing in COUNTED and event.status != Status.WITHDRAWN
    ]
    seen: set[tuple[str, str]] = set()
    for event in believed:
        if event.status != Status.PUBLISHED:
            continue
        others = [other for other in believed if other is not event]
        for found in [
            *told_already(event, others, today),
            *without_other_half(event, career),
            *before_founding(event),
            *first_of_month(event),
        ]:
            if (found.kind, found.key) not in seen:
                seen.add((found.kind, found.key))
                yield found
    yield from two_departures(believed)


def told_already(event: Event, others: list[Event], today: date) -> Iterator[Found]:
    """What the form of the event tells too."""
    checks: list[Callable[[], Iterator[Doubt]]] = [
        lambda: twice(event, others),
        lambda: out_of_order(event, others),
        lambda: overlapping(event, others),
        lambda: odd_date(event, today),
    ]
    for doubt in (doubt for check in checks for doubt in check()):
        kind, other = KINDS[doubt.code], doubt.about
        if kind == Kind.OVERLAP and isinstance(other, Event) and other.is_hire:
            kind = Kind.NO_END
        yield about(kind, doubt.sentence, event, other)


def about(
    kind: Kind, sentence: str, event: Event, other: object | None = None
) -> Found:
    rows = [event, other] if isinstance(other, Event) else [event]
    return Found(
        kind=kind,
        key=pair(event.pk, rows[-1].pk) if len(rows) == 2 else str(event.pk),
        sentence=f"{event}: {sentence}",
        facts=tuple(
            fact
            for row in sorted(rows, key=lambda row: row.pk)
            for fact in facts_of(row)
        ),
        about={
            "event_id": event.pk,
            "person_id": event.person_id,
            "other_id": rows[-1].pk if len(rows) == 2 else None,
        },
    )


def facts_of(event: Event) -> tuple[object, ...]:
    return (
        event.kind, event.person_id, event.organization_id, event.counterpart_id,
        event.chronology, event.date_basis, event.never_started, event.stated_return,
    )  # fmt: skip


def without_other_half(event: Event, career: list[Event]) -> Iterator[Found]:
    """A withdrawn half was there, and somebody took it back: that is no gap."""
    there = event.counterpart_company_id
    if there is None or there == event.company_id:
        return
    if not any(
        other.kind != event.kind
        and other.company_id == there
        and near(event.date, other.date, SAME_MOVE)
        for other in career
    ):
        yield about(Kind.OTHER_HALF, missing_half(event).sentence, event)


def two_departures(events: list[Event]) -> Iterator[Found]:
    """Somebody left twice and was hired there in between by nobody."""
    by_company: defaultdict[int | None, list[Event]] = defaultdict(list)
    for event in events:
        by_company[event.company_id].append(event)
    for here in by_company.values():
        departures = [event for event in here if not event.is_hire]
        for first, second in pairwise(departures):
            back = any(
                hire.is_hire
                and hire.date.end > first.date.first
                and hire.date.first < second.date.end
                for hire in here
            )
            if back or near(first.date, second.date, SAME_EVENT):
                continue
            if Status.PUBLISHED in (first.status, second.status):
                sentence = _("They left before: “%(event)s”, and no hire lies between.")
                yield about(
                    Kind.TWO_DEPARTURES, sentence % {"event": first}, second, first
                )


def before_founding(event: Event) -> Iterator[Found]:
    """Founders work before there is a company; nobody else does."""
    place = event.organization
    founded = place.founded or (event.company and event.company.founded)
    if founded and event.date.end <= founded.first and not event.founder:
        sentence = _("%(company)s was founded later: %(date)s.")
        found = about(
            Kind.BEFORE_FOUNDING, sentence % {"company": place, "date": founded}, event
        )
        yield Found(
            found.kind,
            found.key,
            found.sentence,
            (*found.facts, founded.isoformat()),
            found.about,
        )


def first_of_month(event: Event) -> Iterator[Found]:
    """1 January is told by `odd_date`, whatever the date says."""
    if (
        event.precision == Precision.DAY
        and event.happened_on.day == 1
        and event.happened_on.month != 1
        and event.date_basis == Event.DateBasis.EFFECTIVE
    ):
        sentence = _(
            "The first of a month is often a month that somebody turned into a day: write "
            "%(month)s if only the month is known."
        )
        month = f"{event.happened_on:%Y-%m}"
        yield about(Kind.INVENTED_DAY, sentence % {"month": month}, event)
