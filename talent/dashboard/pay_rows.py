"""A package as a row: who, the figure it is known by, in dollars, per year, and the stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from talent.common import money
from talent.common.rates import Dollars
from talent.dashboard.wording import in_dollars, per_year
from talent.insights.figures.pay_stays import Stay
from talent.insights.models import PayLine
from talent.insights.models.pay import Left, Part
from talent.registry.models import Package, Reading
from talent.registry.models.events import Standing
from talent.registry.wording import name_of

JOINED = ("person", "organization__company", "event")
# What a row shows; a whole event for each would be most of the work.
OF_PACKAGE = (
    "outcome", "recipients", "person__slug", "person__name", "person__name_zh",
    "organization__slug", "organization__name", "organization__name_zh",
    "organization__parent", "organization__company__name",
    "organization__company__name_zh", "event__slug",
)  # fmt: skip
OF_LINE = (
    "reading", "standing", "qualifier", "contradicted", "stated", "dated_on", "precision",
    "low", "high", "rate_of", "year_low", "year_high", "part", "part_with_rumours",
)  # fmt: skip


@dataclass(frozen=True)
class PayRow:
    """What is told in words is put into them once: a page says it in a picture and in a table."""

    line: PayLine
    part: Part
    stay: Stay | None = None

    @property
    def package(self) -> Package:
        return self.line.package

    @property
    def figure(self) -> Reading | None:
        """What it is known by; the contradicted one where nothing else is stated."""
        return self.line.reading

    @cached_property
    def recipient(self) -> str:
        package = self.package
        return name_of(package.person) if package.person else package.recipients

    @cached_property
    def label(self) -> str:
        return f"{self.recipient} · {name_of(self.package.organization)}"

    @cached_property
    def url(self) -> str:
        """The event's page tells the package with all its readings; without one, the person's."""
        package = self.package
        if package.event is not None:
            return package.event.get_absolute_url()
        return (package.person or package.organization).get_absolute_url()

    # -- The figure --------------------------------------------------------------------

    @property
    def is_counted(self) -> bool:
        return self.part == Part.COUNTED

    @property
    def is_refuted(self) -> bool:
        return self.line.contradicted or self.line.standing == Standing.DENIED

    @cached_property
    def stated(self) -> str:
        return str(self.figure) if self.figure else _("undisclosed amount")

    @cached_property
    def in_dollars(self) -> str:
        """ "about US$1.41M", for what was stated in another currency; else ""."""
        amount = self.line.dollars
        if self.line.rate_of is None or amount is None:
            return ""
        ends = dict.fromkeys((amount.least, amount.most))
        words = [in_dollars(Dollars(end)) for end in ends]
        if len(words) == 1:
            return words[0]
        return _("%(low)s to %(high)s") % {"low": words[0], "high": words[1]}

    @cached_property
    def rate(self) -> str:
        """By which rate, of which day: "US$1 = CNY 7.0961, 14 November 2025"."""
        figure, amount = self.figure, self.line.dollars
        if self.line.rate_of is None or amount is None or figure is None:
            return ""
        day = date_format(self.line.rate_of, _("j F Y"))
        stated = figure.low if figure.low is not None else figure.high
        if not stated or not amount.least:
            return day
        return _("US$1 = %(currency)s %(rate)s, %(day)s") % {
            "currency": figure.currency,
            "rate": f"{stated / amount.least:.5g}",
            "day": day,
        }

    @cached_property
    def both_amounts(self) -> str:
        if not self.in_dollars:
            return self.stated
        told = {"words": self.stated, "notes": self.in_dollars}
        return _("%(words)s (%(notes)s)") % told

    @cached_property
    def per_year(self) -> str:
        """Of a total; "" where it is not known, or the figure says so itself."""
        if self.figure is None or self.figure.form == Reading.Form.ANNUAL:
            return ""
        return per_year(self.figure)

    @property
    def is_not_comparable(self) -> bool:
        return self.line.stated and self.line.per_year is None

    # -- The stay ----------------------------------------------------------------------

    @property
    def stayed(self) -> Stay | None:
        """Where it says something: the stay is over, or lasted a year at least."""
        stay = self.stay
        known = stay is not None and (stay.ended or stay.left == Left.AFTER)
        return stay if known else None


def rows_of(
    packages: Iterable[int], *, rumours: bool, stays: Mapping[int, Stay] | None = None
) -> dict[int, PayRow]:
    """By package, in their order; without those that are public no more. One query."""
    packages = list(packages)
    lines = (
        PayLine.objects.public()
        .select_related("reading", *(f"package__{table}" for table in JOINED))
        .only(*OF_LINE, *(f"package__{column}" for column in OF_PACKAGE))
        .in_bulk(packages)
    )
    return {
        pk: PayRow(
            lines[pk],
            lines[pk].part_of(rumours=rumours),
            (stays or {}).get(pk),
        )
        for pk in packages
        if pk in lines
    }


def dollars(amount: int) -> str:
    """Three digits: a median of conversions is no statement."""
    digits = len(str(amount)) - 3
    return money.amount("USD", round(amount, -digits) if digits > 0 else amount)
