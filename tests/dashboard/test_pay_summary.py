"""Pay in a few numbers on other pages: of a company, by seat, the biggest packages."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from talent.common.rates import Dollars
from talent.dashboard.pay_summary import biggest_packages, pay_at, pay_of_seats
from talent.insights.pay_filter import PackageFilter
from talent.insights.refresh import refresh_touched
from tests.factories import (
    NOON,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    ReadingFactory,
)

pytestmark = pytest.mark.django_db


def yearly(low: int, organization, **told):
    hire = EventFactory(published=True, organization=organization)
    package = PackageFactory(event=hire, person=hire.person, organization=organization)
    return ReadingFactory(package=package, form="annual", low=low, **told)


def rows(url: str) -> int:
    filter = PackageFilter(QueryDict(urlsplit(url).query))
    assert filter.is_valid()
    return len(filter.lines())


class TestPayAt:
    def test_tells_range_and_median_of_a_company_with_its_units(self):
        acme = OrganizationFactory(slug="acme")
        lab = OrganizationFactory(parent=acme)
        for low, place in ((100, acme), (200, lab), (900, lab)):
            yearly(low, place)
        yearly(7, OrganizationFactory())

        refresh_touched(at=NOON)
        pay = pay_at(acme).summary

        assert pay.in_words == "median US$200 a year, from US$100 to US$900"
        assert rows(pay.rows_url) == pay.spread.n == 3
        assert pay.is_few
        assert pay.url.endswith("?company=acme")

    def test_says_nothing_where_nothing_compares(self):
        acme = OrganizationFactory()
        EventFactory(published=True, organization=acme)
        ReadingFactory(package__organization=acme)

        refresh_touched(at=NOON)
        pay = pay_at(acme).summary

        assert (pay.in_words, pay.spread.n, pay.spread.left_out) == ("", 0, 1)

    def test_shows_the_newest_packages_and_says_how_many_there_are(self):
        acme = OrganizationFactory(slug="acme")
        for number in range(3):
            yearly(100 + number, acme)

        refresh_touched(at=NOON)
        pay = pay_at(acme, most=2)

        assert [row.line.dollars.least for row in pay.rows] == [102, 101]
        assert rows(pay.url) == pay.total == 3

    def test_changes_with_the_record(self):
        acme = OrganizationFactory()
        yearly(100, acme)
        refresh_touched(at=NOON)
        before = pay_at(acme).summary.in_words

        yearly(300, acme)
        refresh_touched(at=NOON)

        assert before == "US$100 a year"
        assert pay_at(acme).summary.in_words.startswith("median US$200 a year")


class TestPayOfSeats:
    def test_is_told_by_the_seat_of_who_pays(self):
        quant = OrganizationFactory(seat="quant")
        yearly(100, quant)
        yearly(300, quant)
        yearly(900, OrganizationFactory(seat="academia"))

        refresh_touched(at=NOON)
        seats = pay_of_seats()

        assert {seat: pay.spread.median for seat, pay in seats.items()} == {
            "quant": 200,
            "academia": 900,
        }
        assert rows(seats["quant"].rows_url) == 2


class TestBiggestPackages:
    def test_ranks_totals_and_years_apart_in_dollars(self):
        small = ReadingFactory(low=5_000_000).package
        large = ReadingFactory(low=9_000_000).package
        yuan = yearly(100_000_000, OrganizationFactory(), currency="CNY").package
        yuan.event.happened_on = date(2025, 9, 12)
        yuan.event.save()

        refresh_touched(at=NOON)
        found = biggest_packages()

        assert [ranked.package for ranked in found["totals"]] == [large, small]
        (ranked,) = found["yearly"]
        assert ranked.dollars == Dollars(14_040_091, date(2025, 9, 12))
        assert ranked.reading == yuan.readings.get()

    def test_counts_what_has_no_exchange_rate(self):
        yearly(100, OrganizationFactory(), currency="XTS")
        refresh_touched(at=NOON)

        assert biggest_packages() == {"totals": [], "yearly": [], "unconverted": 1}

    def test_needs_as_many_queries_for_many_as_for_few(self, queries_of):
        ReadingFactory.create_batch(3)
        refresh_touched(at=NOON)
        few = queries_of(biggest_packages)

        ReadingFactory.create_batch(27)
        refresh_touched(at=NOON)

        assert queries_of(biggest_packages) == few
