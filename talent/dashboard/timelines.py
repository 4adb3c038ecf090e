"""Careers drawn to time scale: lanes of bars, each a few shapes placed in per cent.

A lane is text (so that it wraps and can be read aloud) and a drawing beside it. Vague ends
fade over the days they may fall on; an inferred end is dashed; an open stint is solid up to
the newest source and dotted to today; a hollow diamond is a hire that never started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Protocol

from django.utils.translation import gettext as _

from talent.common.partial_dates import Length, PartialDate
from talent.dashboard.scale import TimeScale, percent
from talent.insights import careers
from talent.insights.careers import Career, NeverStarted
from talent.insights.models import Stint
from talent.registry.models import Organization, Package, Person
from talent.registry.wording import name_of

# Narrower than this nobody sees or hits a bar.
LEAST_WIDTH = 0.9
# How far back a bar without a recorded start is hinted at.
UNKNOWN_START = 5.0


class Event(Protocol):
    """What a stint began or ended with, as a link."""

    pk: int

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """A stint as a drawing needs it: read from events just now, or from the stored row."""

    company: Organization
    unit: Organization | None
    seat: str
    start: PartialDate | None
    end: PartialDate | None
    end_inferred: bool
    length: Length | None
    known: PartialDate | None
    founder: bool
    is_return: bool
    hire: Event | None = None
    departure: Event | None = None
    # The days on which somebody passed from one unit of the company to the next.
    changes_of_unit: tuple[date, ...] = ()

    @classmethod
    def read(cls, stint: careers.Stint) -> Stay:
        return cls(
            company=stint.company,
            unit=stint.unit,
            seat=stint.first_place.seat,
            start=stint.start.date if stint.start else None,
            end=stint.end.date if stint.end else None,
            end_inferred=stint.end is not None and stint.end.inferred,
            length=stint.length,
            known=stint.known,
            hire=stint.hire,
            departure=stint.departure,
            founder=stint.founder,
            is_return=stint.is_return,
            changes_of_unit=tuple(changes_of_unit(stint)),
        )

    @classmethod
    def stored(cls, stint: Stint, *, changes_of_unit: Iterable[date] = ()) -> Stay:
        """The row must be loaded with its places. The events behind it are left out."""
        return cls(
            company=stint.company,
            unit=stint.unit,
            seat=stint.seat,
            start=stint.start,
            end=stint.end,
            end_inferred=stint.end_inferred,
            length=stint.length,
            known=stint.known,
            founder=stint.founder,
            is_return=stint.is_return,
            changes_of_unit=tuple(changes_of_unit),
        )

    @property
    def is_open(self) -> bool:
        """No end on record: the last post known, not a present one."""
        return self.end is None


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle of a bar: `look` says solid, fade-in, fade-out, unsure or dotted."""

    x: str
    width: str
    look: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One stint as drawn and as told."""

    stay: Stay
    shapes: tuple[Shape, ...]
    sentence: str
    anchor: str
    seat: str
    notes: tuple[str, ...] = ()
    package: Package | None = None
    money_at: str = ""
    money_before: bool = False
    change_of_unit: tuple[str, ...] = ()
    end_inferred_at: str = ""

    @property
    def period(self) -> str:
        return period(self.stay)


@dataclass(frozen=True, slots=True)
class Diamond:
    """A hire that never started."""

    hire: NeverStarted
    at: str
    sentence: str
    anchor: str


@dataclass(slots=True)
class Lane:
    """One company of a person's career, or one person at a company."""

    company: Organization | None = None
    person: Person | None = None
    bars: list[Bar] = field(default_factory=list)
    diamonds: list[Diamond] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """All the lane says, for those who do not see it."""
        told = [bar.sentence for bar in self.bars]
        return " ".join(told + [diamond.sentence for diamond in self.diamonds])


@dataclass(frozen=True, slots=True)
class Timeline:
    scale: TimeScale
    lanes: tuple[Lane, ...]
    today: str

    @property
    def seats(self) -> list[str]:
        """The seats that occur, for the gradients a page has to define."""
        return sorted({bar.seat for lane in self.lanes for bar in lane.bars})


def period(stay: Stay) -> str:
    """ "7 July 2025 – 25 February 2026", "since February 2026", "until 2021"."""
    if stay.start and stay.end:
        if str(stay.start) == str(stay.end):
            return str(stay.start)
        return _("%(start)s – %(end)s") % {"start": stay.start, "end": stay.end}
    if stay.start:
        return _("since %(start)s") % {"start": stay.start}
    if stay.end:
        return _("until %(end)s, start not recorded") % {"end": stay.end}
    return _("dates not recorded")


def person_timeline(
    career: Career,
    *,
    today: date,
    packages: Mapping[int, Package],
) -> Timeline:
    """One lane per company in order of first arrival; a return goes back to its lane.

    packages: event id → the package that belongs to that hire.
    """
    scale = scale_of([career], today=today)
    lanes: dict[int, Lane] = {}
    stays = [Stay.read(stint) for stint in career.stints]
    for number, stay in enumerate(stays, start=1):
        lane = lanes.setdefault(stay.company.pk, Lane(company=stay.company))
        later = (s for s in stays[number:] if s.company.pk == stay.company.pk)
        following = next((s.start for s in later if s.start), None)
        package = packages.get(stay.hire.pk) if stay.hire else None
        lane.bars.append(
            bar_of(
                stay,
                scale,
                today=today,
                package=package,
                anchor=f"stint-{number}",
                before=following.first if following else None,
            )
        )
    for number, hire in enumerate(career.never_started, start=1):
        lane = lanes.setdefault(hire.company.pk, Lane(company=hire.company))
        lane.diamonds.append(diamond_of(hire, scale, anchor=f"announced-{number}"))
    in_order = sorted(lanes.values(), key=first_arrival)
    return Timeline(scale, tuple(in_order), percent(scale.place(today)))


def first_arrival(lane: Lane) -> tuple[date, int]:
    days = [d.hire.announced.date.first for d in lane.diamonds]
    for bar in lane.bars:
        if bar.stay.start:
            days.append(bar.stay.start.first)
        elif bar.stay.end:
            # A start nobody recorded lies before the end, so before what began there.
            days.append(bar.stay.end.first - timedelta(days=366))
    return min(days, default=date.max), lane.company.pk if lane.company else 0


def company_timeline(
    people: Iterable[tuple[Person, list[Stay]]],
    *,
    scale: TimeScale,
    today: date,
) -> Timeline:
    """One lane per person, in the order given, with their stays at this company only."""
    lanes: list[Lane] = []
    for person, stays in people:
        lane = Lane(person=person)
        for number, stay in enumerate(stays, start=1):
            anchor = f"{person.slug}-{number}"
            lane.bars.append(bar_of(stay, scale, today=today, anchor=anchor))
        lanes.append(lane)
    return Timeline(scale, tuple(lanes), percent(scale.place(today)))


def scale_of(careers: Iterable[Career], *, today: date) -> TimeScale:
    days: list[date] = []
    for career in careers:
        for stint in career.stints:
            days += [edge.date.first for edge in (stint.start, stint.end) if edge]
        days += [hire.announced.date.first for hire in career.never_started]
    return TimeScale.around(days, today=today)


def bar_of(
    stay: Stay,
    scale: TimeScale,
    *,
    today: date,
    anchor: str,
    package: Package | None = None,
    before: date | None = None,
) -> Bar:
    """`before`: the first day of the next bar in the lane, which this one must not cover."""
    shapes = shapes_of(stay, scale, today=today, before=before or scale.last)
    return Bar(
        stay=stay,
        shapes=tuple(shapes),
        sentence=sentence_of(stay, package=package),
        anchor=anchor,
        seat=stay.seat,
        notes=tuple(notes_of(stay)),
        package=package,
        **place_of_money(stay, scale),
        change_of_unit=tuple(percent(scale.place(day)) for day in stay.changes_of_unit),
        end_inferred_at=inferred_end(stay, scale),
    )


def shapes_of(
    stay: Stay, scale: TimeScale, *, today: date, before: date
) -> list[Shape]:
    shapes: list[Shape] = []
    if stay.end:
        end = stay.end
        out_from, out_to = (
            scale.place(end.first),
            scale.place(end.end if end.is_vague else end.first),
        )
    else:
        known = stay.known.first if stay.known else today
        out_from = out_to = scale.place(min(known, today, before))
    out_from, out_to = (min(x, scale.place(before)) for x in (out_from, out_to))
    if stay.start:
        start = stay.start
        in_from = scale.place(start.first)
        in_to = scale.place(start.end if start.is_vague else start.first)
    else:
        in_from, in_to = max(out_from - UNKNOWN_START, 0.0), out_from
    if in_to > out_from:
        # Both ends may fall on the same days: the fades meet in the middle.
        middle = min(max((in_to + out_from) / 2, in_from), out_to)
        in_to = out_from = middle
    if in_to - in_from > 0.05:
        shapes.append(
            shape(in_from, in_to, "unsure" if stay.start is None else "fade-in")
        )
    if out_from - in_to > 0.05 or not (in_to > in_from or out_to > out_from):
        shapes.append(shape(in_to, out_from, "solid"))
    if out_to - out_from > 0.05:
        shapes.append(shape(out_from, out_to, "fade-out"))
    if stay.is_open and scale.place(today) - out_to > 0.05:
        shapes.append(shape(out_to, scale.place(today), "dotted"))
    return shapes


def shape(start: float, end: float, look: str) -> Shape:
    width = end - start
    if look == "solid":
        width = max(width, LEAST_WIDTH)
    return Shape(percent(min(start, 100 - width)), percent(width), look)


def place_of_money(stay: Stay, scale: TimeScale) -> dict[str, Any]:
    """Beside the bar, so that it hides no short one: after it, or before one at the edge."""
    last = stay.end.last if stay.end else stay.known.first if stay.known else scale.last
    end = scale.place(last)
    start = scale.place(stay.start.first) if stay.start else 0.0
    before = end > 94
    return {"money_at": percent(start if before else end), "money_before": before}


def inferred_end(stay: Stay, scale: TimeScale) -> str:
    """Where an end nobody recorded is drawn: at the last day it can be."""
    if stay.end is None or not stay.end_inferred:
        return ""
    return percent(scale.place(stay.end.last))


def changes_of_unit(stint: careers.Stint) -> Iterable[date]:
    """When a stint passes from one unit to the next."""
    hires = [event for event in stint.events if event.is_hire]
    for before, after in pairwise(hires):
        if after.organization.pk != before.organization.pk:
            yield after.date.first


def sentence_of(stay: Stay, *, package: Package | None = None) -> str:
    """What hover, focus and the table say of a bar."""
    where = name_of(stay.company)
    if stay.unit:
        where = _("%(company)s (%(unit)s)") % {
            "company": where,
            "unit": name_of(stay.unit),
        }
    parts = [_("%(label)s: %(said)s") % {"label": where, "said": period(stay)}]
    if stay.length:
        parts.append(str(stay.length))
    parts += notes_of(stay)
    if package and package.headline:
        parts.append(str(package.headline))
    return _("%(list)s.") % {"list": _(", ").join(parts)}


def notes_of(stay: Stay) -> list[str]:
    notes: list[str] = []
    if stay.founder:
        notes.append(_("founder"))
    if stay.is_return:
        notes.append(_("returned"))
    if stay.end and stay.end_inferred:
        notes.append(_("end inferred from the next hire"))
    if stay.known:
        notes.append(_("last known %(date)s") % {"date": stay.known})
    return notes


def diamond_of(hire: NeverStarted, scale: TimeScale, *, anchor: str) -> Diamond:
    announced = hire.announced.date
    middle = announced.first + (announced.last - announced.first) / 2
    where = name_of(hire.company)
    if hire.unit:
        unit = name_of(hire.unit)
        where = _("%(company)s (%(unit)s)") % {"company": where, "unit": unit}
    sentence = _("%(where)s: announced %(date)s, never started.") % {
        "where": where,
        "date": announced,
    }
    return Diamond(hire, percent(scale.place(middle)), sentence, anchor)
