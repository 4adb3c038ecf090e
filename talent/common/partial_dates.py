"""Dates that are only partly known: a day, a month, a quarter or a year.

A partial date is its first day plus a precision. It covers a range of days, prints at the
precision it has, and sorts at its start after the exact dates of that day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from math import ceil

from django.db import models
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
ONE_DAY = timedelta(days=1)


class Precision(models.TextChoices):
    DAY = "day", gettext_lazy("day")
    MONTH = "month", gettext_lazy("month")
    QUARTER = "quarter", gettext_lazy("quarter")
    YEAR = "year", gettext_lazy("year")


MONTHS_IN = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}
QUARTERS = (
    gettext_lazy("Q1 %(year)s"),
    gettext_lazy("Q2 %(year)s"),
    gettext_lazy("Q3 %(year)s"),
    gettext_lazy("Q4 %(year)s"),
)
VAGUENESS = {precision: rank for rank, precision in enumerate(Precision)}

# One pattern, anchored, no nested repeats: linear in the length of the text.
WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-(?:[Qq](?P<quarter>[1-4])|(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?))?"
)


def add_months(day: date, months: int) -> date:
    """The first of the month that lies `months` after the month of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def middle_of(first: date, precision: Precision) -> date:
    match precision:
        case Precision.MONTH:
            return first.replace(day=15)
        case Precision.QUARTER:
            return first.replace(month=first.month + 1, day=15)
        case Precision.YEAR:
            return first.replace(month=7)
    return first


@dataclass(frozen=True, slots=True)
class PartialDate:
    first: date
    precision: Precision = Precision.DAY
    # What follows from the two, worked out once: careers ask for it over and over.
    is_vague: bool = field(init=False, repr=False, compare=False)
    # Sorts at the start, after the exact dates of that day.
    order: tuple[date, int] = field(init=False, repr=False, compare=False)
    # The day after the last day covered, and that last day.
    end: date = field(init=False, repr=False, compare=False)
    last: date = field(init=False, repr=False, compare=False)
    # The day that stands for the date in a calculation: about the middle of what it covers.
    middle: date = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        vagueness = VAGUENESS[self.precision]
        if vagueness:
            end = add_months(self.first, MONTHS_IN[self.precision])
            middle = middle_of(self.first, self.precision)
        else:
            end, middle = self.first + ONE_DAY, self.first
        # The way of a frozen dataclass to fill in what follows from its fields.
        fill = object.__setattr__
        fill(self, "is_vague", vagueness > 0)
        fill(self, "order", (self.first, vagueness))
        fill(self, "end", end)
        fill(self, "last", end - ONE_DAY)
        fill(self, "middle", middle)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read "2025", "2025-Q3", "2025-07" or "2025-07-07".

        Raises ValueError with a sentence for the person who typed it.
        """
        text = text.strip()
        written = (
            WRITTEN.fullmatch(text) if len(text) <= 10 and text.isascii() else None
        )
        if written is None:
            shown = text if len(text) <= 40 else f"{text[:40]}…"
            raise ValueError(
                _(
                    "“%(text)s” is not a date we can read. Write 2025, 2025-Q3, 2025-07 "
                    "or 2025-07-07, as precisely as it is known."
                )
                % {"text": shown}
            )
        year = int(written["year"])
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise ValueError(
                _("“%(text)s” is not a year between %(first)s and %(last)s.")
                % {"text": text, "first": EARLIEST_YEAR, "last": LATEST_YEAR}
            )
        if written["quarter"]:
            return cls(
                date(year, int(written["quarter"]) * 3 - 2, 1), Precision.QUARTER
            )
        try:
            if written["day"]:
                return cls(date(year, int(written["month"]), int(written["day"])))
            if written["month"]:
                return cls(date(year, int(written["month"]), 1), Precision.MONTH)
        except ValueError as impossible:
            raise ValueError(
                _("“%(text)s” does not exist in the calendar.") % {"text": text}
            ) from impossible
        return cls(date(year, 1, 1), Precision.YEAR)

    def overlaps(self, other: PartialDate) -> bool:
        return self.first < other.end and other.first < self.end

    def isoformat(self) -> str:
        """The form `parse` reads: "2025", "2025-Q3", "2025-07" or "2025-07-07"."""
        match self.precision:
            case Precision.DAY:
                return self.first.isoformat()
            case Precision.MONTH:
                return f"{self.first:%Y-%m}"
            case Precision.QUARTER:
                return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first.year}"

    def __str__(self) -> str:
        """For readers, at the precision it has: "7 July 2025", "July 2025", "Q3 2025", "2025"."""
        return date_in_words(self, get_language())


# Pages say the same dates and lengths over and over.


@lru_cache(maxsize=4096)
def date_in_words(on: PartialDate, language: str | None) -> str:
    """`language` is the active one."""
    match on.precision:
        case Precision.DAY:
            return formats.date_format(on.first, _("j F Y"))
        case Precision.MONTH:
            return formats.date_format(on.first, _("F Y"))
        case Precision.QUARTER:
            quarter = QUARTERS[on.first.month // 3]
            return str(quarter) % {"year": on.first.year}
    return _("%(year)s") % {"year": on.first.year}


@dataclass(frozen=True, slots=True)
class Length:
    """How long something lasted: whole months by the calendar, and days.

    `about`: an end is known only roughly. `at_most`: the two ends may even fall on one day, so
    only an upper bound in months can be said.
    """

    days: int
    months: int
    about: bool = False
    at_most: int | None = None

    def __str__(self) -> str:
        return length_in_words(self, get_language())


@lru_cache(maxsize=2048)
def length_in_words(length: Length, language: str | None) -> str:
    """`language` is the active one."""
    if length.at_most is not None:
        return ngettext("under %(n)s month", "under %(n)s months", length.at_most) % {
            "n": length.at_most
        }
    if length.months < 1:
        amount = ngettext("%(n)s day", "%(n)s days", length.days) % {"n": length.days}
    elif length.months < 24:
        amount = ngettext("%(n)s month", "%(n)s months", length.months) % {
            "n": length.months
        }
    else:
        amount = _("%(n)s years") % {"n": f"{length.months // 6 / 2:g}"}
    return _("about %(amount)s") % {"amount": amount} if length.about else amount


def length_between(
    start: PartialDate, end: PartialDate, *, about: bool = False
) -> Length:
    """From the middle of what the start covers to the middle of what the end covers.

    Pass about=True where a date says when something was announced or reported, not when it
    took effect.
    """
    one, other = start.middle, max(end.middle, start.middle)
    vague = start.is_vague or end.is_vague
    may_be_one_day = vague and end.first <= start.last
    return Length(
        days=(other - one).days,
        months=months_between(one, other),
        about=about or vague,
        at_most=max(ceil((end.end - start.first).days / 31), 1)
        if may_be_one_day
        else None,
    )


def months_between(one: date, other: date) -> int:
    """Whole months from one day to a later one: 31 January to 1 March is one."""
    months = (other.year - one.year) * 12 + other.month - one.month
    return months - (other.day < one.day)
