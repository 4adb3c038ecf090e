"""From events to careers: who was where, from when to when, by what is on record.

The one place that reads stints out of events. Pure: events in, values out; the caller decides
which events are published. Rules 3 to 6 of the method are kept here:

* a rumoured or denied event counts for nothing;
* an announced hire that never started opens no stint, and a departure from it closes none;
  yet it ends the stint before it, because the person did leave for it;
* a stint with no recorded end closes at the next hire elsewhere, marked as inferred; with no
  such hire it stays open: "last known", not "still there";
* a chair at a university stays beside a post elsewhere unless the record says it was left;
* moves between units of one company stay inside one stint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from talent.common.partial_dates import (
    VAGUENESS,
    Length,
    PartialDate,
    length_between,
)
from talent.insights.facts import Fact, fact_of
from talent.registry.models import Event, Organization, Person
from talent.registry.models.events import COUNTED
from talent.registry.models.organizations import Seat


@dataclass(slots=True)
class Edge:
    """Where a stint starts or ends, and how surely that is known."""

    date: PartialDate
    inferred: bool = False
    basis: str = Event.DateBasis.EFFECTIVE

    @property
    def about(self) -> bool:
        """Whether the day itself is open: vague, inferred, or the day of an announcement."""
        return (
            self.date.is_vague
            or self.inferred
            or self.basis != Event.DateBasis.EFFECTIVE
        )


@dataclass(slots=True)
class Stint:
    """One person at one company, from a hire to a departure; either may be unrecorded."""

    company: Organization
    start: Edge | None
    end: Edge | None
    hire: Fact | None = None
    departure: Fact | None = None
    units: tuple[Organization, ...] = ()
    events: tuple[Fact, ...] = ()
    is_return: bool = False

    @property
    def unit(self) -> Organization | None:
        """The unit last known; None where the record names the company alone."""
        return self.units[-1] if self.units else None

    @property
    def first_place(self) -> Organization:
        """Where they were hired, or else are last known: the stint sits in its seat."""
        return self.hire.organization if self.hire else self.unit or self.company

    @property
    def founder(self) -> bool:
        return self.hire is not None and self.hire.founder

    @property
    def is_open(self) -> bool:
        """No end recorded and none inferred: the last post known, not a present one."""
        return self.end is None

    @property
    def known(self) -> PartialDate | None:
        """For an open stint, the date of the newest source that knows of it; else None.

        A source without a date says nothing about when: the date of the event then stands.
        """
        if self.end is not None:
            return None
        sources = [event.newest_source_on for event in self.events]
        dates = [PartialDate(day) for day in sources if day]
        # Of two that begin on one day, the exact one says more.
        return max(
            dates + [event.date for event in self.events],
            key=lambda date: (date.first, not date.is_vague),
        )

    @property
    def length(self) -> Length | None:
        """How long it lasted, where both ends are known."""
        if self.start is None or self.end is None:
            return None
        about = self.start.about or self.end.about
        return length_between(self.start.date, self.end.date, about=about)


@dataclass(frozen=True, slots=True)
class NeverStarted:
    """A hire that was announced and not taken up."""

    company: Organization
    unit: Organization | None
    announced: Edge
    hire: Fact
    departure: Fact | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Where one person was, in order."""

    stints: tuple[Stint, ...]
    never_started: tuple[NeverStarted, ...]
    returns: tuple[Organization, ...]

    @property
    def returned_to(self) -> Organization | None:
        """The company returned to last."""
        return self.returns[-1] if self.returns else None

    @property
    def latest(self) -> Stint | None:
        """The last known post: an open stint if there is one, else the one that ended last."""
        if not self.stints:
            return None
        return max(self.stints, key=lambda stint: (stint.is_open, latest_day(stint)))


@dataclass(frozen=True, slots=True)
class Career(Course):
    """A course with the person it belongs to."""

    person: Person


def latest_day(stint: Stint) -> date:
    edge = stint.end or stint.start
    return edge.date.first if edge else date.min


@dataclass(slots=True)
class Draft:
    """A stint while it is being put together."""

    company: Organization
    hire: Fact | None = None
    departure: Fact | None = None
    events: list[Fact] = field(default_factory=list)
    ended_before: Fact | None = None
    is_return: bool = False


def careers_of(events: Iterable[Event]) -> dict[int, Career]:
    """Careers by person id, from published events loaded with their ends. No query."""
    by_person: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_person[event.person_id].append(event)
    return {pk: career_of(theirs[0].person, theirs) for pk, theirs in by_person.items()}


def career_of(person: Person, events: Iterable[Event]) -> Career:
    """The career of one person, from their published events loaded with their ends. No query."""
    course = course_of(
        [fact_of(event) for event in events if event.standing in COUNTED]
    )
    return Career(course.stints, course.never_started, course.returns, person)


def course_of(facts: Iterable[Fact]) -> Course:
    """What these facts tell: all of one person, all of them counted."""
    counted = sorted(facts, key=chronological)
    by_company: defaultdict[int, list[Fact]] = defaultdict(list)
    for event in counted:
        by_company[event.company.pk].append(event)
    hires = [event for event in counted if event.is_hire]
    drafts: list[Draft] = []
    never_started: list[NeverStarted] = []
    for theirs in by_company.values():
        announced = announced_only(theirs)
        never_started += announced
        used = {event.pk for a in announced for event in (a.hire, a.departure) if event}
        drafts += drafts_at([e for e in theirs if e.pk not in used], hires)
    stints = in_order([finished(draft, hires) for draft in drafts])
    return Course(
        stints=stints,
        never_started=tuple(
            sorted(never_started, key=lambda n: n.announced.date.order)
        ),
        returns=returns_among(stints),
    )


chronological = attrgetter("order")


def announced_only(events: list[Fact]) -> list[NeverStarted]:
    """The hires at one company that never started, each with the departure that withdrew it."""
    found: list[NeverStarted] = []
    if not any(event.never_started for event in events):
        return found
    departures = [event for event in events if not event.is_hire]
    for hire in events:
        if not (hire.is_hire and hire.never_started):
            continue
        later = (d for d in departures if d.date.last >= hire.date.first)
        # With a real stint at the same company the departure belongs to that one.
        really_there = any(e.is_hire and not e.never_started for e in events)
        departure = None if really_there else next(later, None)
        if departure:
            departures.remove(departure)
        found.append(
            NeverStarted(
                company=hire.company,
                unit=hire.unit,
                announced=Edge(hire.date, basis=hire.date_basis),
                hire=hire,
                departure=departure,
            )
        )
    return found


def drafts_at(events: list[Fact], hires: list[Fact]) -> list[Draft]:
    """Pair hires and departures at one company, oldest first."""
    waiting, drafts = list(events), list[Draft]()
    current: Draft | None = None
    while waiting:
        event = waiting.pop(first_of(waiting, current, hires))
        if not event.is_hire:
            if current is None and repeats_end(event, drafts):
                drafts[-1].events.append(event)
                drafts[-1].departure = more_exact(drafts[-1].departure, event)
                continue
            current = current or opened(drafts, event.company)
            current.departure = event
            current.events.append(event)
            current = None
        elif current and not begins_anew(event, current, hires):
            current.events.append(event)
        else:
            if current:
                current.ended_before = event
            current = opened(drafts, event.company)
            current.hire = event
            current.is_return = event.stated_return or len(drafts) > 1
            current.events.append(event)
    return drafts


def opened(drafts: list[Draft], company: Organization) -> Draft:
    drafts.append(Draft(company))
    return drafts[-1]


def repeats_end(departure: Fact, drafts: list[Draft]) -> bool:
    """Whether the last stint ended with this very departure, recorded twice."""
    if not drafts or drafts[-1].departure is None:
        return False
    return departure.date.overlaps(drafts[-1].departure.date)


def more_exact(one: Fact | None, other: Fact) -> Fact:
    """Of two records of one departure, the one whose date says more; else the first."""
    if one is None:
        return other
    return (
        other
        if VAGUENESS[other.date.precision] < VAGUENESS[one.date.precision]
        else one
    )


def first_of(waiting: list[Fact], current: Draft | None, hires: list[Fact]) -> int:
    """Which of the waiting events comes first where vague dates leave it open.

    With nobody there, a hire precedes the departure it shares a month with; somebody who is
    there leaves before being hired again.
    """
    first = waiting[0]
    if current is None and not first.is_hire:
        for place, other in enumerate(waiting):
            if (
                other.is_hire
                and other.date.overlaps(first.date)
                and not other.stated_return
            ):
                return place
    if current is not None and first.is_hire and begins_anew(first, current, hires):
        for place, other in enumerate(waiting):
            if not other.is_hire and other.date.overlaps(first.date):
                return place
    return 0


def begins_anew(hire: Fact, current: Draft, hires: list[Fact]) -> bool:
    """Whether a hire at a company somebody is at means that they had left in between."""
    company = hire.company
    if hire.stated_return:
        return True
    left = hire.other
    if left is not None:
        return left.pk != company.pk
    since = current.hire.order if current.hire else None
    return any(
        other.company.pk != company.pk
        and (since is None or since < other.order < hire.order)
        for other in hires
    )


def finished(draft: Draft, hires: list[Fact]) -> Stint:
    units: list[Organization] = []
    for event in draft.events:
        unit = event.unit
        # A departure names the unit only where no hire did.
        if unit and unit not in units and (event.is_hire or not units):
            units.append(unit)
    hire, departure = draft.hire, draft.departure
    end = Edge(departure.date, basis=departure.date_basis) if departure else None
    if end is None and hire is not None:
        elsewhere = next_elsewhere(hire, hires) or draft.ended_before
        end = Edge(elsewhere.date, inferred=True) if elsewhere else None
    return Stint(
        company=draft.company,
        start=Edge(hire.date, basis=hire.date_basis) if hire else None,
        end=end,
        hire=hire,
        departure=departure,
        units=tuple(units),
        events=tuple(draft.events),
        is_return=draft.is_return,
    )


def next_elsewhere(hire: Fact, hires: list[Fact]) -> Fact | None:
    """The first hire by another company after this one, whether or not it was taken up."""
    company, before = hire.company, hire.other
    keeps_chair = company.seat == Seat.ACADEMIA
    for other in hires:
        there = other.company
        if there.pk == company.pk:
            continue
        left = other.other
        names_it = left is not None and left.pk == company.pk
        follows = other.date.first > hire.date.first
        if names_it and not follows:
            # A vague date may lie after the hire, unless this hire came from there.
            precedes = before is not None and before.pk == there.pk
            follows = other.date.last >= hire.date.first and not precedes
        if follows and (names_it or not keeps_chair):
            return other
    return None


def in_order(stints: list[Stint]) -> tuple[Stint, ...]:
    """By start, then by end. One without a start comes before what starts around its end."""
    if len(stints) == 1:
        return (stints[0],)
    starts = [stint.start.date for stint in stints if stint.start]

    def place(stint: Stint) -> tuple[date, int, date]:
        ended = stint.end.date.first if stint.end else date.max
        if stint.start:
            return (*stint.start.date.order, ended)
        if stint.end is None:
            return date.min, -1, ended
        around = [start.first for start in starts if start.overlaps(stint.end.date)]
        return min([ended, *around]), -1, ended

    return tuple(sorted(stints, key=place))


def returns_among(stints: tuple[Stint, ...]) -> tuple[Organization, ...]:
    """Companies returned to, oldest return first."""
    seen: set[int] = set()
    returned: list[Organization] = []
    for stint in stints:
        if stint.is_return or stint.company.pk in seen:
            returned.append(stint.company)
        seen.add(stint.company.pk)
    return tuple(returned)


def as_golden(career: Career) -> dict[str, object]:
    """The career as `manage.py career` prints it and `golden_careers.json` holds it."""

    def edge(value: Edge | None) -> dict[str, object] | None:
        if value is None:
            return None
        return {
            "date": value.date.isoformat(),
            "precision": value.date.precision.value,
            "inferred": value.inferred,
        }

    told: dict[str, object] = {
        "person": career.person.slug,
        "stints": [
            {
                "company": stint.company.name,
                "unit": stint.unit.name if stint.unit else None,
                "start": edge(stint.start),
                "end": edge(stint.end),
            }
            for stint in career.stints
        ],
    }
    if career.never_started:
        told["never_started"] = [
            {
                "company": hire.company.name,
                "unit": hire.unit.name if hire.unit else None,
                "announced": edge(hire.announced),
            }
            for hire in career.never_started
        ]
    if career.returned_to:
        told["returned_to"] = career.returned_to.name
    return told
