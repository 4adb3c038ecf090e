"""Pay in a few numbers, for pages about something else: a company, a seat, the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from talent.common.rates import Dollars
from talent.dashboard.pay_page import KEYS, PayQuestion, kept
from talent.dashboard.pay_rows import dollars
from talent.insights.figures.pay import (
    Line,
    Part,
    Spread,
    compared,
    in_parts,
    largest,
    lines_of,
    spread_of,
)
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
    def in_words(self) -> str:
        """ "median US$1.1M a year, from US$76,000 to US$62.5M"; "" without any."""
        low, high, middle = self.spread.low, self.spread.high, self.spread.median
        if low is None or high is None or middle is None:
            return ""
        if low == high:
            return _("%(amount)s a year") % {"amount": dollars(middle)}
        return _("median %(median)s a year, from %(low)s to %(high)s") % {
            "median": dollars(middle),
            "low": dollars(low),
            "high": dollars(high),
        }


def pay_at(organization: Organization) -> PaySummary:
    """Of a company with its units, or of a unit. Two queries where it is kept, else five."""
    return summary({"company": organization.slug})


def pay_of_seats() -> dict[str, PaySummary]:
    """By seat of who pays; seats without an accepted package are not there."""
    spreads = kept("pay-seats", "", lambda: compared(counted(), by=KEYS[""]))
    return {spread.key: told(spread, {"seat": spread.key}) for spread in spreads}


def summary(scope: dict[str, str]) -> PaySummary:
    question = PayQuestion(scope)
    if not question.is_valid():
        raise ValueError(question.errors)
    spread = kept(
        "pay-summary",
        question.query(),
        lambda: spread_of("", in_parts(question.in_scope())[Part.COUNTED]),
    )
    return told(spread, question.scope)


def told(spread: Spread, scope: dict[str, str]) -> PaySummary:
    question = PayQuestion(scope)
    question.is_valid()
    rows = question.rows(part=Part.COUNTED.value, per="year", sort="amount")
    return PaySummary(
        spread,
        url=f"{reverse('dashboard:pay')}?{question.query()}",
        rows_url=f"{reverse('dashboard:pay_packages')}?{rows}",
    )


def counted() -> list[Line]:
    return in_parts(lines_of(Package.objects.public()))[Part.COUNTED]


# -- The biggest packages -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """A package with the figure that ranks it and what that is in dollars."""

    package: Package
    dollars: Dollars

    @property
    def reading(self) -> Reading | None:
        return self.package.headline


def biggest_packages(most: int = 3) -> dict[str, Any]:
    """The largest totals and the largest yearly figures, and how many have no exchange rate.

    Three queries for the lines and two for the few packages shown, whatever their number.
    """
    lines = counted()
    forms = (Reading.Form.TOTAL_PACKAGE, Reading.Form.ANNUAL)
    ranked = [
        largest(line for line in lines if line.form == form)[:most] for form in forms
    ]
    shown = [line for of_form in ranked for line in of_form]
    packages = Package.objects.with_readings().in_bulk([line.package for line in shown])
    totals, yearly = (
        [
            Ranked(packages[line.package], Dollars(line.dollars.least, line.rate_of))
            for line in of_form
            if line.dollars is not None
        ]
        for of_form in ranked
    )
    unconverted = sum(line.form in forms and line.dollars is None for line in lines)
    return {"totals": totals, "yearly": yearly, "unconverted": unconverted}
