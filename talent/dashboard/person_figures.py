"""A person in numbers: how many posts, how long they lasted, and how that compares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from talent.common.partial_dates import Length
from talent.dashboard.pay_page import DEFAULT_YEARS
from talent.insights.figures.companies import stays_at
from talent.insights.figures.forgone import YEARS
from talent.insights.figures.stays import MedianStay, Stays
from talent.insights.models import Stint
from talent.insights.stint_filter import StintFilter
from talent.registry.models import Event, Package, Person, Reading


@dataclass(frozen=True, slots=True)
class Compared:
    """One stay that ended, beside all stays at the company whose start is known."""

    stint: Stint
    length: Length
    stays: Stays
    rows_url: str

    @property
    def median(self) -> MedianStay:
        return self.stays.median

    @property
    def median_length(self) -> Length | None:
        """Told as the stay is, in months or years; None where more than half were still there."""
        months = self.median.months
        return None if months is None else Length(days=0, months=months)


@dataclass(frozen=True, slots=True)
class PersonFigures:
    stints: int
    stints_url: str
    companies: int
    returns: int
    returns_url: str
    compared: tuple[Compared, ...]


def figures_of(person: Person) -> PersonFigures:
    """From the stored stints and the tallies of all. Two queries."""
    stints = list(
        Stint.objects.filter(person=person)
        .select_related("company")
        .order_by("-place", "pk")
    )
    medians = stays_at({stint.company_id for stint in stints})
    return PersonFigures(
        stints=len(stints),
        stints_url=stints_url(person=person.slug),
        companies=len({stint.company_id for stint in stints}),
        returns=sum(stint.is_return for stint in stints),
        returns_url=stints_url(person=person.slug, returns="on"),
        compared=tuple(
            Compared(
                stint,
                stint.length,
                medians.get(stint.company_id, Stays()),
                stints_url(company=stint.company.slug, start="known"),
            )
            for stint in stints
            if stint.length is not None
        ),
    )


def stints_url(**choices: str) -> str:
    return f"{reverse('dashboard:stint_list')}?{StintFilter.query_string(choices)}"


# -- What leaving cost -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeftEarly:
    """A package for years to come whose holder left: what that cost is for readers to work out."""

    package: Package
    reading: Reading
    length: Length
    url: str


def left_early(events: Iterable[Event], figures: PersonFigures) -> list[LeftEarly]:
    """Of the packages loaded with the events. No query."""
    stays = {each.stint.hire_id: each.length for each in figures.compared}
    found = []
    for event in events:
        for package in event.packages.all():
            reading, length = package.headline, stays.get(event.pk)
            if length and reading and package.is_counted and spans_years(reading):
                found.append(
                    LeftEarly(package, reading, length, sum_url(reading, length))
                )
    return found


def spans_years(reading: Reading) -> bool:
    """A total in dollars over years, stated or not; the Pay page reckons in dollars."""
    total = reading.form == Reading.Form.TOTAL_PACKAGE and reading.currency == "USD"
    return total and (reading.several_years or reading.years is not None)


def sum_url(reading: Reading, length: Length) -> str:
    """The Pay page's sum for this package, left after so many months."""
    asked = {"amount": str(reading.low or reading.high), "months": str(length.months)}
    # A package over other years starts with the default, which addresses do not name.
    if reading.years in YEARS and reading.years != DEFAULT_YEARS:
        asked["years"] = f"{reading.years:.0f}"
    return f"{reverse('dashboard:pay')}?{urlencode(asked)}#cost"
