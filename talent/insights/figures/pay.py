"""Pay as it was reported, in terms that can be compared.

A line is one public package with the figure it is known by. Every number counts lines, and says
which part of them; `pay_filter.PackageFilter` lists exactly those. Totals, yearly pay, bonuses,
retention and equity are never put together; a total becomes a yearly figure only where its years
are stated; refused, denied, rumoured, shared and undisclosed figures are in no ranking and no
median. Amounts in other currencies are compared in US dollars at the rate of the line's date.

`lines_of` reads lines in the record; the refresh stores them (models.PayLine), and the figures
count what is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Aggregate, Count, F, Func, Max, Min, Q, Value, Window
from django.db.models.functions import Cast, Coalesce, ExtractYear, RowNumber

from talent.common.partial_date_columns import read
from talent.common.partial_dates import PartialDate
from talent.common.rates import in_dollars
from talent.insights.facts import dated
from talent.insights.models.pay import Amount, Part, PayLineQuerySet, part_column
from talent.registry.models import Package, Reading, Source
from talent.registry.models.events import Standing
from talent.registry.models.pay import WEIGHT, PackageQuerySet


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
    rows = (
        Reading.objects.filter(one_of(packages, column="package"))
        .order_by("package", WEIGHT, "pk")
        .distinct("package")
        .values_list(*READING_COLUMNS)
    )
    return {package: columns for package, *columns in rows}


def one_of(ids: list[int], *, column: str = "pk") -> Func:
    """A condition: the column is one of these. One array costs less than ten thousand values."""
    return Func(
        F(column),
        Value(ids, output_field=ArrayField(models.BigIntegerField())),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )


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


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines, and how many of them have an amount in dollars, and one that is known per year."""

    n: int = 0
    in_dollars: int = 0
    per_year: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.n + other.n,
            self.in_dollars + other.in_dollars,
            self.per_year + other.per_year,
        )


def in_parts(
    lines: PayLineQuerySet, *, rumours: bool = False
) -> dict[tuple[Part, str], Counts]:
    """By part and form ("" without any figure): each line is in one. One query."""
    rows = (
        lines.order_by()
        .values_list(part_column(rumours=rumours), "form")
        .annotate(
            n=Count("pk"),
            in_dollars=Count(Coalesce("low", "high")),
            yearly=Count(Coalesce("year_low", "year_high")),
        )
    )
    return {(Part(part), form): Counts(*counts) for part, form, *counts in rows}


class Lists(NamedTuple):
    """Some short lists of packages, as the SQL that reads one after another."""

    names: tuple[str, ...]
    sql: str
    parameters: tuple[Any, ...]


def compiled(lists: Mapping[str, PayLineQuerySet]) -> Lists:
    """Lists of all lines by their names, for `in_order`."""
    numbered = [
        lines.annotate(
            name=Value(name),
            place=Window(RowNumber(), order_by=lines.query.order_by),  # type: ignore[arg-type]  # what order_by was given
        ).values_list("name", "place", "pk")
        for name, lines in lists.items()
    ]
    union = numbered[0].union(*numbered[1:], all=True)
    return Lists(tuple(lists), *union.query.sql_with_params())


def in_order(lists: Lists, *, within: PayLineQuerySet) -> dict[str, list[int]]:
    """The packages of each list that are `within`, by the names of the lists. One query, that
    reads those lines once: in it the name of their table means them alone.
    """
    columns = [field.attname for field in within.model._meta.concrete_fields]
    scope, asked = within.order_by().values(*columns).query.sql_with_params()
    table = connection.ops.quote_name(within.model._meta.db_table)
    sql = f"WITH {table} AS MATERIALIZED ({scope}) {lists.sql}"  # both made by Django
    found: dict[str, list[int]] = {name: [] for name in lists.names}
    with connection.cursor() as cursor:
        cursor.execute(sql, (*asked, *lists.parameters))
        for name, _place, package in sorted(cursor.fetchall()):
            found[name].append(package)
    return found


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


# By whom yearly pay is compared: the words of the address, and the columns.
KEYS: dict[str, models.F | Coalesce] = {
    "": F("seat"),
    "company": F("company_id"),
    "year": Coalesce(ExtractYear("dated_on"), 0),
}
LEAST, MOST = Coalesce("year_low", "year_high"), Coalesce("year_high", "year_low")


class Median(Aggregate):
    """Of an even number the middle of the two in the middle; what is not known is left out."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.FloatField()


SPREAD = {
    "n": Count(LEAST),
    "left_out": Count("pk", filter=Q(year_low=None, year_high=None)),
    "low": Min(LEAST),
    "high": Max(MOST),
    "median": Median(Cast(LEAST + MOST, models.FloatField()) / 2.0),
}


def compared(lines: PayLineQuerySet, *, by: str) -> list[Spread]:
    """Comparable yearly figures group by group; most lines first, then by key. One query."""
    rows = lines.order_by().annotate(key=KEYS[by]).values_list("key").annotate(**SPREAD)
    return sorted(
        (spread_of(*row) for row in rows),
        key=lambda spread: (-spread.n, -spread.left_out, str(spread.key)),
    )


def spread(lines: PayLineQuerySet) -> Spread:
    """Of all these lines together. One query."""
    return spread_of("", *lines.aggregate(**SPREAD).values())


def spread_of(
    key: Any,
    n: int,
    left_out: int,
    low: int | None,
    high: int | None,
    median: float | None,
) -> Spread:
    return Spread(
        key, n, left_out, low, high, None if median is None else round(median)
    )
