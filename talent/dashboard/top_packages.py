"""The biggest packages on record: totals apart from yearly pay, ranked in US dollars.

Only what one person accepted counts, with a stated figure that is neither denied nor a rumour
nor contradicted. Figures in another currency are converted at the rate of the event's day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import Any

from django.db.models import Case, QuerySet, When
from django.db.models.functions import Coalesce

from talent.common.rates import Dollars, in_dollars
from talent.registry.models import Package, Reading
from talent.registry.models.events import COUNTED
from talent.registry.models.pay import RANKS, ReadingQuerySet

SHOWN = 3
RANKED_FORMS = (Reading.Form.TOTAL_PACKAGE, Reading.Form.ANNUAL)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A package with the figure that ranks it and what that is in dollars."""

    package: Package
    dollars: Dollars

    @property
    def reading(self) -> Reading | None:
        return self.package.headline


def top_packages() -> dict[str, Any]:
    """The largest totals and the largest yearly figures, and how many were left out.

    One query of candidates and two for the few packages shown, whatever their number.
    """
    found: dict[str, list[tuple[int, Dollars]]] = {form: [] for form in RANKED_FORMS}
    unconverted = 0
    for form, package, stated, currency, day in candidates():
        dollars = dollars_of(stated, currency, day)
        if dollars is None:
            unconverted += 1
        else:
            found[form].append((package, dollars))
    totals, yearly = (largest(found[form]) for form in RANKED_FORMS)
    loaded = Package.objects.with_readings().in_bulk(
        [pk for pk, _dollars in totals + yearly]
    )
    return {
        "totals": [Ranked(loaded[pk], dollars) for pk, dollars in totals],
        "yearly": [Ranked(loaded[pk], dollars) for pk, dollars in yearly],
        "unconverted": unconverted,
    }


def candidates() -> QuerySet[Reading, tuple[str, int, int, str, date | None]]:
    """Form, package, stated amount, currency and day of every figure that may be ranked.

    A range counts as its lower end, a mere ceiling as itself.
    """
    return (
        Reading.objects.filter(
            pk__in=headlines().values("pk"),
            form__in=RANKED_FORMS,
            standing__in=COUNTED,
        )
        .exclude(low=None, high=None)
        .annotate(stated=Coalesce("low", "high"))
        .order_by("package")
        .values_list(
            "form", "package", "stated", "currency", "package__event__happened_on"
        )
    )


def largest(found: list[tuple[int, Dollars]]) -> list[tuple[int, Dollars]]:
    return nlargest(SHOWN, found, key=lambda each: (each[1].amount, -each[0]))


def dollars_of(stated: int, currency: str, day: date | None) -> Dollars | None:
    if currency == "USD":
        return Dollars(stated)
    return in_dollars(stated, currency, on=day) if day else None


def headlines() -> ReadingQuerySet:
    """Of each package one person accepted, the reading it is known by, as Package.headline says."""
    accepted = Package.objects.public().filter(
        outcome=Package.Outcome.ACCEPTED, person__isnull=False
    )
    rank = Case(*(When(rank=rank, then=order) for rank, order in RANKS.items()))
    return (
        Reading.objects.filter(package__in=accepted)
        .exclude(rank=Reading.Rank.CONTRADICTED)
        .order_by("package", rank, "pk")
        .distinct("package")
    )
