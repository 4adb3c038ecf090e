"""The stated figures that one amount may be compared with, for filters and orders."""

from __future__ import annotations

from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    Q,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Round

from talent.registry.models import Package, Reading
from talent.registry.models.events import COUNTED, Standing, Status
from talent.registry.models.pay import ReadingQuerySet

YEARLY = Q(form=Reading.Form.ANNUAL)
OVER_STATED_YEARS = Q(form=Reading.Form.TOTAL_PACKAGE, years__isnull=False)


def comparable(
    *,
    currency: str,
    per_year: bool = False,
    rumours: bool = False,
    at_least: int | None = None,
    at_most: int | None = None,
) -> ReadingQuerySet:
    """Readings of published events' packages that state an amount within the bounds.

    A total is not a year: yearly figures are compared with yearly ones and with totals
    whose years are stated, everything else in all. Figures in other currencies, denied
    and contradicted ones, refused offers, and figures that were never stated compare
    with nothing; rumoured ones only on request. Each has `least` and `most`, in whole
    units; a range matches where it reaches into the bounds.
    """
    readings = (
        Reading.objects.filter(
            package__event__status=Status.PUBLISHED,
            package__status=Status.PUBLISHED,
            currency=currency,
            standing__in=[*COUNTED, *([Standing.RUMOURED] if rumours else [])],
        )
        .exclude(package__outcome=Package.Outcome.DECLINED)
        .exclude(rank=Reading.Rank.CONTRADICTED)
        .exclude(low=None, high=None)
    )
    least: Combinable = Coalesce("low", "high")
    most: Combinable = Coalesce("high", "low")
    if per_year:
        years = Case(
            When(YEARLY, then=Value(1)),
            default=F("years"),
            output_field=DecimalField(),
        )
        readings = readings.filter(YEARLY | OVER_STATED_YEARS)
        least, most = whole(least / years), whole(most / years)
    else:
        readings = readings.exclude(YEARLY)
    readings = readings.annotate(least=least, most=most)
    bounds = Q()
    if at_least is not None:
        bounds &= Q(most__gte=at_least)
    if at_most is not None:
        bounds &= Q(least__lte=at_most)
    return readings.filter(bounds)


def whole(amount: Combinable) -> Cast:
    rounded = Round(ExpressionWrapper(amount, output_field=DecimalField()))
    return Cast(rounded, BigIntegerField())
