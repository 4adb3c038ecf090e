"""Pay in a few numbers, for pages about something else: a company, a seat, the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from talent.common.money import a_year
from talent.common.rates import Dollars
from talent.dashboard.pay_rows import PayRow, dollars, rows_of
from talent.insights.figures.pay import Spread, compared, spread
from talent.insights.figures.pay_stays import stays_after
from talent.insights.models import PayLine
from talent.insights.models.pay import Part
from talent.insights.pay_filter import PackageFilter, PayScope
from talent.registry.id_sets import among
from talent.registry.models import Organization, Package, Reading

FEW = 10


@dataclass(frozen=True, slots=True)
class PaySummary:
    """What a group of accepted packages is per year, and the pages that tell more."""

    spread: Spread
    # The Pay page about this group, and the list of exactly the packages of `spread.n`.
    url: str
    rows_url: str

    @property
    def is_few(self) -> bool:
        return self.spread.n < FEW

    @property
    def median(self) -> str:
        """In dollars; "" without any."""
        return "" if self.spread.median is None else dollars(self.spread.median)

    @property
    def in_words(self) -> str:
        """ "median US$1.1M a year, from US$76,000 to US$62.5M"; "" without any."""
        low, high, middle = self.spread.low, self.spread.high, self.spread.median
        if low is None or high is None or middle is None:
            return ""
        if low == high:
            return a_year(dollars(middle))
        return _("median %(median)s a year, from %(low)s to %(high)s") % {
            "median": dollars(middle),
            "low": dollars(low),
            "high": dollars(high),
        }


@dataclass(frozen=True, slots=True)
class PayAt:
    """Pay at one place: per year in a few numbers, the newest packages, and all of them."""

    summary: PaySummary
    rows: list[PayRow]
    total: int
    url: str


def pay_at(organization: Organization, *, most: int = 6) -> PayAt:
    """Of a company with its units, or of a unit. Five queries, whatever the number of packages."""
    lines = PayLine.objects.at(organization)
    newest = lines.newest_first().values_list("pk", flat=True)[:most]
    stays = stays_after(Package.objects.filter(pk__in=newest))
    here = {"company": organization.slug}
    return PayAt(
        told(spread(lines.in_part(Part.COUNTED)), here),
        list(rows_of(newest, rumours=False, stays=stays).values()),
        lines.count(),
        url=f"{reverse('dashboard:pay_packages')}?{PackageFilter.query_string(here)}",
    )


def pay_of_seats() -> dict[str, PaySummary]:
    """By seat of who pays; seats without an accepted package are not there. One query."""
    spreads = compared(PayLine.objects.all().in_part(Part.COUNTED), by="")
    return {spread.key: told(spread, {"seat": spread.key}) for spread in spreads}


def told(spread: Spread, scope: dict[str, str]) -> PaySummary:
    rows = PackageFilter.query_string(
        {**scope, "part": Part.COUNTED.value, "per": "year", "sort": "amount"}
    )
    return PaySummary(
        spread,
        url=f"{reverse('dashboard:pay')}?{PayScope.query_string(scope)}",
        rows_url=f"{reverse('dashboard:pay_packages')}?{rows}",
    )


# -- The biggest packages -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """A package with the figure that ranks it and what that is in dollars."""

    package: Package
    reading: Reading | None
    dollars: Dollars


def biggest_packages(most: int = 3) -> dict[str, Any]:
    """The largest totals and the largest yearly figures, and how many have no exchange rate.

    Two queries, whatever the number of packages.
    """
    totals, yearly = Reading.Form.TOTAL_PACKAGE, Reading.Form.ANNUAL
    counted = PayLine.objects.all().in_part(Part.COUNTED).alias(least=LEAST)
    first, second = (
        counted.of_form(form).filter(least__isnull=False).order_by(*FIRST)[:most]
        for form in (totals, yearly)
    )
    lines = (
        PayLine.objects.public()
        .filter(among(first.values("pk")) | among(second.values("pk")))
        .alias(least=LEAST)
        .order_by(*FIRST)
        .select_related("reading", *(f"package__{each}" for each in JOINED))
        .only(*SHOWN)
    )
    ranked: dict[str, list[Ranked]] = {totals: [], yearly: []}
    for line in lines:
        ranked[line.form].append(ranked_of(line))
    return {
        "totals": ranked[totals],
        "yearly": ranked[yearly],
        "unconverted": counted.filter(form__in=ranked, least=None).count(),
    }


# As an index of the lines has it.
LEAST = Coalesce("low", "high")
FIRST = (F("least").desc(nulls_last=True), "package")
JOINED = ("person", "organization", "event")
SHOWN = (
    *("form", "low", "high", "rate_of"),
    *(f"reading__{field.name}" for field in Reading._meta.concrete_fields),
    *("package__outcome", "package__event__slug"),
    *(
        f"package__{named}__{name}"
        for named in ("person", "organization")
        for name in ("slug", "name", "name_zh")
    ),
)


def ranked_of(line: PayLine) -> Ranked:
    assert line.dollars is not None
    dollars = Dollars(line.dollars.least, line.rate_of)
    return Ranked(line.package, line.reading, dollars)
