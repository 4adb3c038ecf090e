"""Who left within a year of a package: from the hire it belongs to, to the end of that stint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from talent.common.partial_date_columns import read
from talent.common.partial_dates import (
    Length,
    PartialDate,
    Precision,
    length_between,
)
from talent.insights.figures.forgone import YEARS
from talent.insights.figures.pay import Line
from talent.insights.models.pay import Left, PayLineQuerySet
from talent.registry.models.pay import PackageQuerySet

WITHIN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Stay:
    """From the hire of a package to the end of that stint, or as far as the record knows."""

    length: Length
    ended: bool
    # No departure is recorded: the next hire elsewhere is taken as the end.
    inferred: bool = False

    @property
    def left(self) -> Left:
        if self.length.months >= WITHIN_MONTHS:
            return Left.AFTER
        return Left.WITHIN if self.ended else Left.UNKNOWN


def stays_after(packages: PackageQuerySet) -> dict[int, Stay]:
    """By package: the stint its hire began or fell into. One query; none for a hire that never
    started, and none for a stint whose beginning is not on record.
    """
    hired_on = F("event__happened_on")
    stint = Q(person__stints__hire=F("event")) | Q(
        Q(person__stints__end_on=None) | Q(person__stints__end_on__gte=hired_on),
        person__stints__start_on__lte=hired_on,
    )
    # Of two stints the later one is the hire's: it comes last and stays.
    rows = (
        packages.filter(stint, person__stints__company=F("organization__company"))
        .order_by("pk", "person__stints__start_on")
        .values_list(*STAY_COLUMNS)
    )
    stays = {package: stay_of(*columns) for package, *columns in rows}
    return {package: stay for package, stay in stays.items() if stay is not None}


STAY_COLUMNS = (
    "pk", "event", "event__happened_on", "event__precision", "person__stints__hire",
    "person__stints__months", "person__stints__days", "person__stints__about",
    "person__stints__at_most", "person__stints__end_on", "person__stints__end_precision",
    "person__stints__end_inferred", "person__stints__known_until",
    "person__stints__known_precision",
)  # fmt: skip


def stay_of(
    event: int,
    happened_on: date,
    precision: str,
    hire: int | None,
    months: int | None,
    days: int | None,
    about: bool,
    at_most: int | None,
    end_on: date | None,
    end_precision: str,
    inferred: bool,
    known_until: date | None,
    known_precision: str,
) -> Stay | None:
    if months is None or days is None:
        return None
    length = Length(days, months, about=about, at_most=at_most)
    if hire != event:
        hired = PartialDate(happened_on, Precision(precision))
        known = read(known_until, known_precision)
        end = read(end_on, end_precision) or known or PartialDate(hired.middle)
        length = length_between(hired, end, about=about)
    return Stay(length, ended=end_on is not None, inferred=inferred)


def left_of(stay: Stay | None) -> Left:
    return stay.left if stay else Left.UNKNOWN


def may_forgo(line: Line, stay: Stay | None) -> bool:
    """A total that may not have vested whole, over the longest time we reckon with."""
    if stay is None or not stay.ended or not line.spans_years:
        return False
    return stay.length.months < (line.years or max(YEARS)) * 12


def left_after(lines: PayLineQuerySet) -> dict[Left, int]:
    """The lines by whether their people left within 12 months. Shares are of the first two.

    One query.
    """
    counts = dict(lines.order_by().values_list("left").annotate(n=Count("pk")))
    return {left: counts.get(left, 0) for left in Left}
