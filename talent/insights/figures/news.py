"""News in numbers: a day, week, month or quarter, and the same number of the one before.

Definition. Hires and departures are published news events that are neither rumoured nor denied,
dated at least as exactly as the period is long; people are counted once. Unit: events, as the
list of events shows them (a move told by two events is two), and people. Each number is that of
the rows of the very filter that lists it: counted among them, or of weeks, months and quarters
beforehand (insights.models.news).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, DateField, Q, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from talent.common.date_ranks import periods_of
from talent.common.partial_dates import PartialDate, Precision, add_months
from talent.insights.models import NewsAgain, NewsTally, Touched
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
# Whose people are counted beforehand: see NewsAgain.
COUNTED_UNITS = ("week", "month", "quarter")


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
    """Hires, departures, returns and people who moved, as the filter that lists them has them.
    Three queries whatever the number of events.
    """
    now, before = counts_in([period, period.before])
    choices: dict[str, dict[str, str]] = {
        "hires": {"kind": "hire"},
        "departures": {"kind": "departure"},
        "returns": {"returns": "on"},
        "people": {},
    }
    return [
        Figure(
            after_number(name, now[name]),
            now[name],
            before[name],
            query_of(period, **chosen),
        )
        for name, chosen in choices.items()
    ]


def after_number(name: str, n: int) -> str:
    """What a figure counts, as it stands behind the number: "hire" of 1."""
    match name:
        case "hires":
            return npgettext("after a number", "hire", "hires", n)
        case "departures":
            return npgettext("after a number", "departure", "departures", n)
        case "returns":
            return npgettext("after a number", "return", "returns", n)
    return npgettext("after a number", "person who moved", "people who moved", n)


def counts_in(periods: Sequence[Period]) -> list[Counter[str]]:
    """Of periods of one length: hires, departures, returns and people.

    While somebody's events wait for a refresh, nobody knows of whom the news tell again.
    """
    if periods[0].unit in COUNTED_UNITS and not Touched.objects.exists():
        return counted_beforehand(periods)
    return [
        Counter(
            filter_of(period)
            .events()
            .aggregate(
                hires=Count("pk", filter=Q(kind="hire")),
                departures=Count("pk", filter=Q(kind="departure")),
                returns=Count("pk", filter=Q(stated_return=True)),
                people=Count("person", distinct=True),
            )
        )
        for period in periods
    ]


def counted_beforehand(periods: Sequence[Period]) -> list[Counter[str]]:
    unit = periods[0].unit
    found: dict[date, Counter[str]] = {each.first: Counter() for each in periods}
    within = [
        When(happened_on__range=(each.first, each.last), then=Value(each.first))
        for each in periods
    ]
    news = (
        NewsTally.objects.filter(precision__in=EXACT_ENOUGH[unit])
        .annotate(first_on=Case(*within, output_field=DateField()))
        .filter(
            happened_on__range=(
                min(each.first for each in periods),
                max(each.last for each in periods),
            ),
            first_on__isnull=False,
        )
        .values_list("first_on", "kind", "stated_return")
        .annotate(n=Sum("events"))
    )
    for first, kind, returned, n in news:
        found[first] += Counter(
            {f"{kind}s": n, "people": n, "returns": n if returned else 0}
        )
    again = NewsAgain.objects.filter(unit=unit, first_on__in=found)
    for first, n in again.values_list("first_on").annotate(n=Sum("events")):
        found[first]["people"] -= n
    return list(found.values())


def too_vague(period: Period) -> int:
    """News that only may lie in the period: their date covers an edge of it. One query."""
    dates = Q()
    for day in (period.first, period.last):
        for vague in periods_of(day):
            if vague.first < period.first or vague.last > period.last:
                dates |= Q(happened_on=vague.first, precision=vague.precision)
    news = NewsTally.objects.filter(dates)
    return int(news.aggregate(events=Sum("events", default=0))["events"])


def query_of(period: Period, *, vague: str = "out", **choices: str) -> str:
    return EventFilter.query_string({**period.written, "vague": vague, **choices})


def filter_of(period: Period) -> EventFilter:
    events = EventFilter({**period.written, "vague": "out"})
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
