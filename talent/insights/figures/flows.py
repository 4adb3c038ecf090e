"""How many joined and how many left, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import TruncQuarter, TruncYear

from talent.common.partial_dates import PartialDate, Precision, add_months
from talent.registry.models import Event, Organization


@dataclass(frozen=True, slots=True)
class Flow:
    """Recorded hires and departures of one period."""

    period: PartialDate
    hires: int
    departures: int

    @property
    def net(self) -> int:
        return self.hires - self.departures


def flows_at(
    organization: Organization, *, first: date, last: date, step: Precision
) -> list[Flow]:
    """Hires and departures at an organization, one Flow per quarter or year from first to last.

    Counts published news events, reported or confirmed, whose whole date lies in the period: an
    event known only to the year is in no quarter. `step` is QUARTER or YEAR; periods without an
    event are there with zeros. One query.
    """
    truncate = TruncYear if step == Precision.YEAR else TruncQuarter
    start = truncated(first, step)
    counted = (
        Event.objects.published()
        .news()
        .counted()
        .at(organization)
        .within(start, PartialDate(truncated(last, step), step).last)
    )
    if step == Precision.QUARTER:
        counted = counted.exclude(precision=Precision.YEAR)
    rows = (
        counted.annotate(period=truncate("happened_on"))
        .values("period")
        .annotate(
            hires=Count("pk", filter=Q(kind=Event.Kind.HIRE)),
            departures=Count("pk", filter=Q(kind=Event.Kind.DEPARTURE)),
        )
        .order_by("period")
    )
    found = {row["period"]: row for row in rows}
    flows: list[Flow] = []
    day = start
    while day <= last:
        row = found.get(day, {"hires": 0, "departures": 0})
        flows.append(Flow(PartialDate(day, step), row["hires"], row["departures"]))
        day = add_months(day, 12 if step == Precision.YEAR else 3)
    return flows


def truncated(day: date, step: Precision) -> date:
    """The first day of the quarter or year that holds the day."""
    return date(
        day.year, 1 if step == Precision.YEAR else (day.month - 1) // 3 * 3 + 1, 1
    )
