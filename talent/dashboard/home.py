"""What the home page shows beside the newest events: a period in four numbers, and records.

Everything here changes only with the record (or with the day), so the page asks for it as
rendered text, which `remembered` keeps by the number of the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate, Precision, add_months
from talent.common.release import release
from talent.insights.careers import careers_of
from talent.insights.version import data_version
from talent.registry.filters import EventFilter
from talent.registry.models import Event

NEWEST_DEPARTURES = 100
STAYS_SHOWN, RETURNS_SHOWN = 5, 3
# Not for ever: after a backup is restored the record's number comes a second time.
KEPT_FOR = 60 * 60


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the page: its template, what fills it, and what else tells it apart."""

    template: str
    build: Callable[[], dict[str, Any]]
    variant: str = ""


def remembered(parts: dict[str, Part]) -> dict[str, str]:
    """The parts as rendered text: from the cache while record, release and day are the same."""
    version = (
        data_version(),
        release(),
        get_language(),
        timezone.localdate().isoformat(),
    )
    keys = {
        name: ":".join(map(str, ("home", *version, part.template, part.variant)))
        for name, part in parts.items()
    }
    # Templates change under a developer's hands, and the release does not.
    known = {} if settings.DEBUG else cache.get_many(keys.values())
    made = {
        keys[name]: str(render_to_string(part.template, part.build()))
        for name, part in parts.items()
        if keys[name] not in known
    }
    if made:
        cache.set_many(made, KEPT_FOR)
    known |= made
    # Our own templates made the text, and they escape.
    return {name: mark_safe(known[key]) for name, key in keys.items()}


# -- A period in four numbers ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar week (Monday to Sunday), month or quarter."""

    unit: str
    first: date

    @classmethod
    def holding(cls, unit: str, day: date) -> Period:
        match unit:
            case "week":
                return cls(unit, day - timedelta(days=day.weekday()))
            case "month":
                return cls(unit, day.replace(day=1))
            case "quarter":
                return cls(unit, date(day.year, (day.month - 1) // 3 * 3 + 1, 1))
        raise ValueError(f"No such period: {unit}")

    @property
    def last(self) -> date:
        if self.unit == "week":
            return self.first + timedelta(days=6)
        months = 1 if self.unit == "month" else 3
        return add_months(self.first, months) - timedelta(days=1)

    @property
    def before(self) -> Period:
        return Period.holding(self.unit, self.first - timedelta(days=1))

    @property
    def written(self) -> dict[str, str]:
        """As the filter of events is told it."""
        if self.unit == "week":
            return {"since": self.first.isoformat(), "until": self.last.isoformat()}
        whole = PartialDate(self.first, Precision(self.unit)).isoformat()
        return {"since": whole, "until": whole}

    def __str__(self) -> str:
        """As it reads within a sentence."""
        if self.unit == "week":
            return _("the week of %(day)s") % {"day": PartialDate(self.first)}
        return str(PartialDate(self.first, Precision(self.unit)))


# Events dated less exactly cannot be told to lie in the period.
EXACT_ENOUGH = {
    "week": [Precision.DAY],
    "month": [Precision.DAY, Precision.MONTH],
    "quarter": [Precision.DAY, Precision.MONTH, Precision.QUARTER],
}


def newest_period(unit: str, *, today: date) -> Period | None:
    """The newest period that holds a counted news event; None for an empty record."""
    newest = (
        Event.objects.published()
        .news()
        .counted()
        .filter(precision__in=EXACT_ENOUGH[unit], happened_on__lte=today)
        .newest_first()
        .values_list("happened_on", flat=True)
        .first()
    )
    return Period.holding(unit, newest) if newest else None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, the same for the period before, and the filter whose rows it counts."""

    label: str
    value: int
    before: int
    query: str

    @property
    def change(self) -> str:
        difference = self.value - self.before
        return f"{difference:+,}".replace("-", "\N{MINUS SIGN}") if difference else "±0"


def figures_of(period: Period) -> list[Figure]:
    """Hires, departures, returns and people who moved, counted by the filter that lists them."""
    return [
        figure(_("hires"), period, kind="hire"),
        figure(_("departures"), period, kind="departure"),
        figure(_("returns"), period, returns="on"),
        figure(_("people who moved"), period, people=True),
    ]


def figure(
    label: str, period: Period, *, people: bool = False, **choices: str
) -> Figure:
    query, value = counted(period, people=people, **choices)
    _query, before = counted(period.before, people=people, **choices)
    return Figure(label, value, before, query)


def counted(
    period: Period, *, people: bool = False, vague: str = "out", **choices: str
) -> tuple[str, int]:
    """The query string of a filter and the number of its rows, or of the people in them."""
    events = EventFilter({**period.written, "vague": vague, **choices})
    if not events.is_valid():
        raise ValueError(events.errors)
    rows = events.events()
    if people:
        return events.query(), rows.values("person").distinct().count()
    return events.query(), rows.count()


def numbers(unit: str) -> dict[str, Any]:
    period = newest_period(unit, today=timezone.localdate())
    if period is None:
        return {"unit": unit, "period": None}
    exact = counted(period)[1]
    with_vague_query, with_vague = counted(period, vague="")
    return {
        "unit": unit,
        "period": period,
        "before": _("the week before") if unit == "week" else str(period.before),
        "figures": figures_of(period),
        "too_vague": with_vague - exact,
        "with_vague_query": with_vague_query,
    }


# -- Shortest stays ----------------------------------------------------------------------


def shortest_stays() -> dict[str, Any]:
    """Of those the newest departures ended, whose beginning is on record too: two queries."""
    departures = list(
        Event.objects.published()
        .news()
        .counted()
        .of_kind(Event.Kind.DEPARTURE)
        .newest_first()
        .values_list("pk", "person", "happened_on")[:NEWEST_DEPARTURES]
    )
    newest = {pk for pk, _person, _day in departures}
    people = {person for _pk, person, _day in departures}
    events = Event.objects.published().filter(person__in=people).with_ends()
    stays = [
        (stint.length.days, stint.departure.pk, career.person, stint)
        for career in careers_of(events).values()
        for stint in career.stints
        if stint.departure and stint.departure.pk in newest and stint.length
    ]
    return {
        "stays": [
            (person, stint) for *_order, person, stint in sorted(stays)[:STAYS_SHOWN]
        ],
        "departures": len(departures),
        "known": len(stays),
        "oldest": departures[-1][2] if departures else None,
    }


# -- Newest returns ----------------------------------------------------------------------


def newest_returns() -> dict[str, Any]:
    """The last hires of which a source says that the person had been there before."""
    return {
        "returns": Event.objects.published()
        .news()
        .counted()
        .of_kind(Event.Kind.HIRE)
        .filter(stated_return=True, never_started=False)
        .with_ends()
        .newest_first()[:RETURNS_SHOWN]
    }
