"""Ranges of partial dates by their newest-first rank alone, so that one index serves.

A rank names both the first day and the precision. The vague dates that cross an edge of a
range are therefore few numbers, known beforehand: the month, the quarter and the year that
the edge cuts in two. Everything else starts inside the range or does not touch it.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from talent.common.partial_date_columns import rank_of
from talent.common.partial_dates import PartialDate, Precision

# What the precision adds to the rank of the first day: see NEWEST_FIRST_RANK.
ADDED = {Precision.MONTH: 2, Precision.QUARTER: 1, Precision.YEAR: 0}


def touching(column: str, first: date, last: date) -> Q:
    """Any part of the date falls between the two days, both included."""
    early = reaching_in(first)
    if not early:
        return starting(column, first, last)
    # The outer bounds say nothing new: they let an index jump to the range.
    return Q(
        (f"{column}__gte", min(early)), (f"{column}__lt", rank_of(day_after(last)))
    ) & (Q((f"{column}__gte", rank_of(first))) | Q((f"{column}__in", early)))


def inside(column: str, first: date, last: date) -> Q:
    """The whole of the date falls between the two days, both included."""
    late = reaching_out(last)
    found = starting(column, first, last)
    return found & ~Q((f"{column}__in", late)) if late else found


def across(column: str, first: date, last: date) -> Q:
    """Some part falls between the two days, but not the whole: it only may lie there."""
    crossing = sorted({*reaching_in(first), *reaching_out(last)})
    return touching(column, first, last) & Q((f"{column}__in", crossing))


def starting(column: str, first: date, last: date) -> Q:
    return Q(
        (f"{column}__gte", rank_of(first)), (f"{column}__lt", rank_of(day_after(last)))
    )


def reaching_in(first: date) -> list[int]:
    """Ranks of the vague dates that start before the day and cover it."""
    return [rank(period) for period in periods_of(first) if period.first < first]


def reaching_out(last: date) -> list[int]:
    """Ranks of the vague dates that cover the day and end after it."""
    return [rank(period) for period in periods_of(last) if period.last > last]


def periods_of(day: date) -> list[PartialDate]:
    quarter = (day.month - 1) // 3 * 3 + 1
    return [
        PartialDate(day.replace(day=1), Precision.MONTH),
        PartialDate(date(day.year, quarter, 1), Precision.QUARTER),
        PartialDate(date(day.year, 1, 1), Precision.YEAR),
    ]


def rank(period: PartialDate) -> int:
    return rank_of(period.first) + ADDED[period.precision]


def day_after(day: date) -> date:
    return day + timedelta(days=1)
