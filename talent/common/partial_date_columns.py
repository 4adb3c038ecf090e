"""How a partial date lies in a table: the first day, the precision, and the range they cover."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from talent.common.partial_dates import PartialDate, Precision

# 2,000,000 days cover every date of the calendar we accept: the rank stays positive.
NEWEST_FIRST_RANK = (
    '(("{0}" - \'0001-01-01\'::date) * 4 + CASE "{1}"'
    " WHEN 'day' THEN 3 WHEN 'month' THEN 2 WHEN 'quarter' THEN 1 ELSE 0 END)"
)
OLDEST_FIRST_RANK = (
    '(("{0}" - \'0001-01-01\'::date) * 4 + CASE "{1}"'
    " WHEN 'day' THEN 0 WHEN 'month' THEN 1 WHEN 'quarter' THEN 2 ELSE 3 END)"
)


def rank(day: str, precision: str, template: str) -> models.GeneratedField:
    """One number to sort by: a vague date stands at its start, after the exact ones of that day."""
    expression = Func(
        F(day),
        F(precision),
        template=template.format(day, precision),
        output_field=models.IntegerField(),
    )
    return models.GeneratedField(
        expression=expression, output_field=models.IntegerField(), db_persist=True
    )


def rank_of(day: date) -> int:
    """The least newest-first rank a date that starts on this day can have."""
    return (day - date(1, 1, 1)).days * 4


def starts_its_period(day: str, precision: str, name: str) -> models.CheckConstraint:
    """A vague date is kept at the first day of what it covers: equal dates are equal rows."""
    return models.CheckConstraint(
        name=name,
        condition=(
            Q(**{precision: Precision.DAY})
            | Q(**{precision: Precision.MONTH, f"{day}__day": 1})
            | Q(
                **{
                    precision: Precision.QUARTER,
                    f"{day}__day": 1,
                    f"{day}__month__in": [1, 4, 7, 10],
                }
            )
            | Q(**{precision: Precision.YEAR, f"{day}__day": 1, f"{day}__month": 1})
        ),
        violation_error_message=_(
            "A date known to the month, quarter or year is kept at the first day of it."
        ),
    )


def known_together(day: str, precision: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{day}__isnull": True, precision: ""})
        | (Q(**{f"{day}__isnull": False}) & ~Q(**{precision: ""})),
        violation_error_message=_(
            "A date and its precision are known together or not at all."
        ),
    )


def read(day: date | None, precision: str) -> PartialDate | None:
    return PartialDate(day, Precision(precision)) if day else None


def columns_of(value: PartialDate | None) -> tuple[date | None, str]:
    return (value.first, value.precision.value) if value else (None, "")


def precision_field(**options: Any) -> models.CharField[str, str]:
    return models.CharField(max_length=7, choices=Precision.choices, **options)
