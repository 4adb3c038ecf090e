"""Who left within a year of a package: from the hire it belongs to, to the end of that stint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talent.common.partial_date_columns import read
from talent.common.partial_dates import (
    Length,
    PartialDate,
    Precision,
    length_between,
)
from talent.insights.figures.pay import Line
from talent.registry.models.pay import PackageQuerySet

WITHIN_MONTHS = 12


class Left(models.TextChoices):
    """Whether somebody left within 12 months of the hire their package belongs to."""

    WITHIN = "within", _("left within 12 months")
    AFTER = "after", _("there for 12 months or longer")
    UNKNOWN = "unknown", _("not known yet")


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
) -> Stay | None:
    if months is None or days is None:
        return None
    length = Length(days, months, about=about, at_most=at_most)
    if hire != event:
        hired = PartialDate(happened_on, Precision(precision))
        end = read(end_on, end_precision) or PartialDate(known_until or hired.middle)
        length = length_between(hired, end, about=about)
    return Stay(length, ended=end_on is not None, inferred=inferred)


def left_after(lines: Iterable[Line], stays: dict[int, Stay]) -> dict[Left, list[Line]]:
    """The lines by whether their people left within 12 months. Shares are of the first two."""
    found: dict[Left, list[Line]] = {left: [] for left in Left}
    for line in lines:
        stay = stays.get(line.package)
        found[stay.left if stay else Left.UNKNOWN].append(line)
    return found
