"""From days to places on a time axis, in per cent of its width.

Per cent and not pixels, so that one drawing fits a phone and a desk, keeps its text at reading
size, and needs neither script nor inline style.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import pgettext

from talent.common.partial_dates import PartialDate, Precision, add_months


def percent(value: float) -> str:
    return f"{value:.2f}%"


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str
    major: bool


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The axis runs from `first` (0 %) to `last` (100 %)."""

    first: date
    last: date

    @classmethod
    def around(cls, days: Iterable[date], *, today: date) -> TimeScale:
        """An axis that holds all the days and today, with a little air at both ends."""
        known = [*days, today]
        first, last = min(known), max(known)
        span = max((last - first).days, 365)
        air = timedelta(days=max(span // 40, 10))
        return cls(max(last - timedelta(days=span), date(1901, 1, 1)) - air, last + air)

    @property
    def days(self) -> int:
        return max((self.last - self.first).days, 1)

    def place(self, day: date) -> float:
        """Per cent from the left, held within the axis."""
        share = (day - self.first).days / self.days * 100
        return min(max(share, 0.0), 100.0)

    def ticks(self) -> list[Tick]:
        """Years, or quarters on a short axis: at most about a dozen; every second one is major."""
        months = self.days / 30.44
        step = next((s for s in (3, 6, 12, 24, 60, 120, 240) if months / s <= 13), 600)
        if step < 12:
            day = add_months(date(self.first.year, 1, 1), 0)
        else:
            years = step // 12
            day = date(self.first.year // years * years, 1, 1)
        ticks: list[Tick] = []
        while day <= self.last:
            if day >= self.first and self.place(day) < 97:
                label = (
                    str(day.year)
                    if step >= 12 or day.month == 1
                    else quarter_label(day)
                )
                major = len(ticks) % 2 == 0 if step >= 12 else day.month == 1
                ticks.append(Tick(percent(self.place(day)), label, major))
            day = add_months(day, step)
        return ticks


def short_label(when: PartialDate) -> str:
    """A quarter or a year under a column: "Q3 25", "2025"."""
    if when.precision != Precision.QUARTER:
        return str(when.first.year)
    return pgettext("on an axis", "Q%(quarter)s %(year)s") % {
        "quarter": (when.first.month + 2) // 3,
        "year": f"{when.first:%y}",
    }


def quarter_label(day: date) -> str:
    return f"Q{(day.month + 2) // 3}"
