"""Pay as it was reported, in terms that can be compared. Nothing here is stored.

A line is one public package with the figure it is known by. Every number counts lines, and says
which part of them; `pay_filter.PackageFilter` lists exactly those. Totals, yearly pay, bonuses,
retention and equity are never put together; a total becomes a yearly figure only where its years
are stated; refused, denied, rumoured, shared and undisclosed figures are in no ranking and no
median. Amounts in other currencies are compared in US dollars at the rate of the line's date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import nlargest
from statistics import median
from typing import Any

from django.db import models
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from talent.common.partial_date_columns import read
from talent.common.partial_dates import (
    PartialDate,
)
from talent.common.rates import in_dollars
from talent.insights.facts import dated
from talent.registry.models import Package, Reading, Source
from talent.registry.models.events import Standing
from talent.registry.models.pay import RANKS, PackageQuerySet


class Part(models.TextChoices):
    """Where a package stands; each is in exactly one part. The first one is what counts."""

    COUNTED = "counted", _("counted")
    DECLINED = "declined", _("declined")
    OFFERED = "offered", _("offered, outcome open")
    UNCLEAR = "unclear", _("outcome not known")
    SHARED = "shared", _("shared by a group")
    UNDISCLOSED = "undisclosed", _("amount not disclosed")
    RUMOURED = "rumoured", _("rumoured")
    DENIED = "denied", _("denied or contradicted")


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole US dollars; an end that is not stated is None, never zero."""

    low: int | None
    high: int | None

    @property
    def least(self) -> int:
        return self.low if self.low is not None else self.high or 0

    @property
    def most(self) -> int:
        return self.high if self.high is not None else self.low or 0

    @property
    def middle(self) -> float:
        """What a median takes: the amount stated, or the middle of a stated range."""
        return (self.least + self.most) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One package, by the reading that Package.headline names."""

    package: int
    person: int | None
    organization: int
    company: int
    seat: str
    event: int | None
    outcome: str
    # Of the hire it belongs to; else the day its figure was published, if that is known.
    dated: PartialDate | None
    # Of the figure and of the hire, whichever is less sure.
    standing: str
    reading: int | None = None
    form: str = ""
    qualifier: str = ""
    years: Decimal | None = None
    several_years: bool = False
    contradicted: bool = False
    stated: bool = False
    # None: not stated, or in a currency without a rate for the date.
    dollars: Amount | None = None
    # The day whose rate was taken; None for what was stated in dollars.
    rate_of: date | None = None

    @property
    def per_year(self) -> Amount | None:
        """Where it can be told: a yearly figure, or a total whose years are stated."""
        if self.dollars is None or self.form == Reading.Form.ANNUAL:
            return self.dollars
        if self.form != Reading.Form.TOTAL_PACKAGE or not self.years:
            return None
        return Amount(
            divided(self.dollars.low, self.years),
            divided(self.dollars.high, self.years),
        )

    @property
    def spans_years(self) -> bool:
        """A total that is said to be for years to come: what an early leaver may not get whole."""
        total = self.form == Reading.Form.TOTAL_PACKAGE
        return total and (self.several_years or self.years is not None)

    def part(self, *, rumours: bool = False) -> Part:
        if self.outcome == Package.Outcome.DECLINED:
            return Part.DECLINED
        if self.outcome == Package.Outcome.OFFERED:
            return Part.OFFERED
        if self.contradicted or self.standing == Standing.DENIED:
            return Part.DENIED
        if not self.stated:
            return Part.UNDISCLOSED
        if self.standing == Standing.RUMOURED and not rumours:
            return Part.RUMOURED
        if self.person is None:
            return Part.SHARED
        if self.outcome == Package.Outcome.UNKNOWN:
            return Part.UNCLEAR
        return Part.COUNTED


def divided(amount: int | None, years: Decimal) -> int | None:
    return None if amount is None else round(amount / years)


# -- Reading them ------------------------------------------------------------------------

PACKAGE_COLUMNS = (
    "pk", "person", "organization", "organization__company", "organization__seat", "event",
    "outcome", "event__happened_on", "event__precision", "event__standing",
)  # fmt: skip
PACKAGE_FIELDS = (
    "package",
    "person",
    "organization",
    "company",
    "seat",
    "event",
    "outcome",
)
READING_COLUMNS = (
    "package", "pk", "form", "currency", "low", "high", "qualifier", "years", "several_years",
    "standing", "rank", "source",
)  # fmt: skip
# The less sure one wins.
SURENESS = [
    Standing.DENIED.value,
    Standing.RUMOURED.value,
    Standing.REPORTED.value,
    Standing.CONFIRMED.value,
]


def lines_of(packages: PackageQuerySet) -> list[Line]:
    """Three queries, whatever the number of packages. Pass public ones; oldest row first."""
    rows = list(packages.order_by("pk").values_list(*PACKAGE_COLUMNS))
    readings = best_readings([row[0] for row in rows])
    # Only a package without a hire is dated by its source.
    undated = [
        readings[row[0]][-1] for row in rows if row[5] is None and row[0] in readings
    ]
    published = {
        pk: read(day, precision)
        for pk, day, precision in Source.objects.filter(
            pk__in=[pk for pk in undated if pk]
        )
        .order_by("pk")
        .values_list("pk", "published_on", "published_precision")
    }
    return [line_of(row, readings.get(row[0]), published) for row in rows]


def best_readings(packages: list[int]) -> dict[int, tuple[Any, ...]]:
    """Of each package, the reading it is known by; a contradicted one where it has no other."""
    rank = Case(*(When(rank=rank, then=order) for rank, order in RANKS.items()))
    rows = (
        Reading.objects.filter(package__in=packages)
        .order_by("package", rank, "pk")
        .distinct("package")
        .values_list(*READING_COLUMNS)
    )
    return {package: columns for package, *columns in rows}


def line_of(
    row: tuple[Any, ...],
    reading: tuple[Any, ...] | None,
    published: dict[int, PartialDate | None],
) -> Line:
    *who, happened_on, precision, event_standing = row
    event = dict(zip(PACKAGE_FIELDS, who, strict=True))
    when = dated(happened_on, precision) if happened_on else None
    if reading is None:
        return Line(**event, dated=when, standing=event_standing or Standing.REPORTED)
    pk, form, currency, low, high, qualifier, years, several, standing, rank, source = (
        reading
    )
    if event["event"] is None:
        when = published.get(source)
    dollars, rate_of = converted(currency, low, high, when)
    return Line(
        **event,
        dated=when,
        standing=min((standing, event_standing or standing), key=SURENESS.index),
        reading=pk,
        form=form,
        qualifier=qualifier,
        years=years,
        several_years=several,
        contradicted=rank == Reading.Rank.CONTRADICTED,
        stated=low is not None or high is not None,
        dollars=dollars,
        rate_of=rate_of,
    )


def converted(
    currency: str, low: int | None, high: int | None, when: PartialDate | None
) -> tuple[Amount | None, date | None]:
    """In dollars at the rate of the date, and the day of that rate.

    A vague date takes the rate of its middle; without a date nothing is converted.
    """
    if low is None and high is None:
        return None, None
    if currency == "USD":
        return Amount(low, high), None
    if when is None:
        return None, None
    ends = [
        None if end is None else in_dollars(end, currency, on=when.middle)
        for end in (low, high)
    ]
    known = [end for end in ends if end is not None]
    if not known:
        return None, None
    amounts = [None if end is None else end.amount for end in ends]
    return Amount(*amounts), known[0].rate_of


# -- Figures -----------------------------------------------------------------------------


def in_parts(lines: Iterable[Line], *, rumours: bool = False) -> dict[Part, list[Line]]:
    """Each line in its one part, in the order of the parts. N is the length of each list."""
    found: dict[Part, list[Line]] = {part: [] for part in Part}
    for line in lines:
        found[line.part(rumours=rumours)].append(line)
    return found


def largest(lines: Iterable[Line], *, per_year: bool = False) -> list[Line]:
    """Those with an amount in dollars, the largest first; pass lines of one form.

    By the amount stated, of a range the lower end; equal ones by age in the record. Those without
    a comparable amount are not among them.
    """
    amounts = [
        (amount.least, -line.package, line)
        for line in lines
        if (amount := line.per_year if per_year else line.dollars) is not None
    ]
    return [line for *_order, line in nlargest(len(amounts), amounts, key=order_of)]


def order_of(ranked: tuple[int, int, Line]) -> tuple[int, int]:
    return ranked[:2]


@dataclass(frozen=True, slots=True)
class Spread:
    """Yearly pay of a group in US dollars: from the lowest to the highest amount stated.

    `n` lines are in it; `left_out` of the same group state no comparable yearly figure. The
    median is of the stated amounts, of a range of its middle.
    """

    key: Any
    n: int
    left_out: int
    low: int | None = None
    high: int | None = None
    median: int | None = None


def compared(lines: Iterable[Line], *, by: Callable[[Line], Hashable]) -> list[Spread]:
    """Comparable yearly figures group by group; most lines first, then by key."""
    groups: defaultdict[Hashable, list[Line]] = defaultdict(list)
    for line in lines:
        groups[by(line)].append(line)
    spreads = [spread_of(key, group) for key, group in groups.items()]
    return sorted(
        spreads, key=lambda spread: (-spread.n, -spread.left_out, str(spread.key))
    )


def spread_of(key: Any, group: list[Line]) -> Spread:
    amounts = [line.per_year for line in group if line.per_year is not None]
    left_out = len(group) - len(amounts)
    if not amounts:
        return Spread(key, 0, left_out)
    return Spread(
        key,
        len(amounts),
        left_out,
        low=min(amount.least for amount in amounts),
        high=max(amount.most for amount in amounts),
        median=round(median(amount.middle for amount in amounts)),
    )
