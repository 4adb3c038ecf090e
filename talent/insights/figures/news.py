"""News in numbers: a day, week, month or quarter, and the same number of the one before.

Definition. Hires and departures are published news events that are neither rumoured nor denied,
dated at least as exactly as the period is long; people are counted once. Unit: events, as the
list of events shows them (a move told by two events is two), and people. Each number is counted
among the rows of the very filter that lists it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate, Precision, add_months
from talent.registry.filters import EventFilter
from talent.registry.models import Event


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a calendar week (Monday to Sunday), a month or a quarter."""

    unit: str
    first: date

    @classmethod
    def holding(cls, unit: str, day: date) -> Period:
        match unit:
            case "day":
                return cls(unit, day)
            case "week":
                return cls(unit, day - timedelta(days=day.weekday()))
            case "month":
                return cls(unit, day.replace(day=1))
            case "quarter":
                return cls(unit, date(day.year, (day.month - 1) // 3 * 3 + 1, 1))
        raise ValueError(f"No such period: {unit}")

    @property
    def last(self) -> date:
        if self.unit == "day":
            return self.first
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
    "day": [Precision.DAY],
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
    """Hires, departures, returns and people who moved, among the rows of the filter that lists
    them. Two queries.
    """
    now, before = counts_in(period), counts_in(period.before)
    named: list[tuple[str, str, dict[str, str]]] = [
        ("hires", _("hires"), {"kind": "hire"}),
        ("departures", _("departures"), {"kind": "departure"}),
        ("returns", _("returns"), {"returns": "on"}),
        ("people", _("people who moved"), {}),
    ]
    return [
        Figure(label, now[name], before[name], filter_of(period, **choices).query())
        for name, label, choices in named
    ]


def counts_in(period: Period) -> dict[str, int]:
    return (
        filter_of(period)
        .events()
        .aggregate(
            hires=Count("pk", filter=Q(kind="hire")),
            departures=Count("pk", filter=Q(kind="departure")),
            returns=Count("pk", filter=Q(stated_return=True)),
            people=Count("person", distinct=True),
        )
    )


def filter_of(period: Period, *, vague: str = "out", **choices: str) -> EventFilter:
    events = EventFilter({**period.written, "vague": vague, **choices})
    if not events.is_valid():
        raise ValueError(events.errors)
    return events


# -- Period after period -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    period: Period
    hires: int
    departures: int


def course(newest: Period, *, steps: int) -> list[Step]:
    """Hires and departures in so many periods that end with the newest, oldest first. One query.

    A step counts what `figures_of` counts in its period; one without news is there with zeros.
    """
    periods = [newest]
    while len(periods) < steps:
        periods.insert(0, periods[0].before)
    rows = (
        Event.objects.published()
        .news()
        .counted()
        .filter(
            precision__in=EXACT_ENOUGH[newest.unit],
            happened_on__range=(periods[0].first, newest.last),
        )
        .values_list("happened_on", "kind")
        .annotate(events=Count("pk"))
    )
    counts: Counter[tuple[date, str]] = Counter()
    for day, kind, events in rows:
        counts[Period.holding(newest.unit, day).first, kind] += events
    return [
        Step(each, counts[each.first, "hire"], counts[each.first, "departure"])
        for each in periods
    ]
