"""The Pay page: what it says, what counts on it and what does not."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from html import unescape

import pytest
from django.core.cache import caches
from django.urls import reverse

from talent.insights.refresh import refresh_all, refresh_touched
from talent.registry.models import EventReason
from tests.dashboard.pay_pages import LISTS, PAY, page, paid, section, words
from tests.factories import (
    NOON,
    DealFactory,
    EventFactory,
    PackageFactory,
    ReadingFactory,
    ReasonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    return partial(page, client)


class TestPay:
    def test_says_what_would_stand_there(self, read):
        html = read(PAY)

        assert "none is on record" in words(html)
        assert "would stand here" in words(html)

    def test_ranks_totals_and_years_apart(self, read):
        paid(250_000_000, years=4)
        paid(300_000_000, form="annual")

        totals, yearly = read(PAY), read(PAY, form="annual")

        assert "Largest of 1 accepted total packages" in words(totals)
        assert "US$250M over 4 years" in section(totals, "as-reported")
        assert "US$300M a year" not in section(totals, "as-reported")
        assert "US$300M a year" in section(yearly, "as-reported")

    def test_tells_what_the_headline_is_per_year_and_what_cannot_be_told(self, read):
        paid(250_000_000, years=4)
        paid(200_000_000, several_years=True)

        told = section(read(PAY), "a-year")

        assert "Of 2 accepted packages, 1 can be told per year; 1 cannot" in told
        assert "→ US$62.5M a year" in told
        assert "US$200M over several years not comparable per year" in told
        assert told.index("62.5M") < told.index("not comparable per year")

    @pytest.mark.parametrize(
        "told",
        [
            {"outcome": "declined"},
            {"outcome": "offered"},
            {"outcome": "unknown"},
            {"standing": "denied"},
            {"standing": "rumoured"},
            {"rank": "contradicted"},
            {"person": None, "recipients": "Forty people"},
        ],
    )
    def test_ranks_nothing_that_does_not_count(self, read, told):
        paid(777_000_000, day=None, **told)

        html = read(PAY)

        assert "777M" not in section(html, "as-reported")
        assert "777M" not in section(html, "a-year")
        assert "777M" not in section(html, "compared")
        assert "0 count below" in words(html)

    def test_counts_rumours_where_they_are_asked_for(self, read):
        paid(777_000_000, standing="rumoured")

        assert "777M" in section(read(PAY, rumours="on"), "as-reported")

    def test_shows_both_amounts_with_rate_and_day(self, read):
        paid(100_000_000, date(2025, 9, 12), currency="CNY", form="annual")

        html = read(PAY, form="annual")

        assert "CN¥100M a year (about US$14M)" in words(html)
        assert "US$1 = CNY 7.1225, 12 September 2025" in words(html)

    def test_shows_an_offer_that_was_refused_apart(self, read):
        paid(
            outcome="declined",
            low=None,
            high=1_500_000_000,
            standing="denied",
            day=None,
        )

        told = section(read(PAY), "offers")

        assert "up to US$1.5B" in told
        assert "Nobody was paid these" in told

    def test_keeps_deals_apart(self, read):
        DealFactory(buyer__name="Acme", target__name="Umbrella")

        html = read(PAY)

        assert "Acme and Umbrella" in section(html, "deals")
        assert "0 packages and offers are on record" in words(html)

    def test_says_how_many_left_within_a_year(self, read):
        left = paid(200_000_000).package
        EventFactory(
            published=True,
            departure=True,
            person=left.person,
            organization=left.organization,
            happened_on=date(2026, 2, 25),
        )
        paid(50_000_000, date(2026, 2, 1))
        refresh_all(at=NOON)

        told = section(read(PAY), "left-early")
        higher = section(read(PAY, above="100M"), "left-early")

        assert "1 left within 12 months" in told
        assert "1 not known yet" in told
        assert "Only 1 package was followed for 12 months" in told
        assert "0 not known yet" in higher
        assert "US$100M or more" in higher

    def test_works_out_what_leaving_costs_on_the_terms_asked_for(self, read):
        html = read(PAY, amount="48M", months="18", years="3")

        assert "3 years US$24M US$24M" in section(html, "cost")
        assert "4 years US$18M US$30M" in section(html, "cost")

    def test_vests_nothing_before_the_first_year_unless_asked_to(self, read):
        cliff = section(read(PAY, amount="48M", months="6"), "cost")
        none = section(read(PAY, amount="48M", months="6", cliff="none"), "cost")

        assert "4 years US$0 US$48M" in cliff
        assert "4 years US$6M US$42M" in none

    def test_says_of_recorded_leavers_that_it_is_arithmetic(self, read):
        left = paid(200_000_000, several_years=True, qualifier="more than").package
        EventFactory(
            published=True,
            departure=True,
            person=left.person,
            organization=left.organization,
            happened_on=date(2026, 2, 25),
        )
        refresh_all(at=NOON)

        told = section(read(PAY), "cost")

        assert f"{left.person.name} , {left.organization.name}" in told
        assert "4 years, as chosen nothing more than US$200M" in told
        assert "Our arithmetic, not a fact about anybody" in told

    def test_says_no_reason_stated_first(self, read):
        stated, *_silent = EventFactory.create_batch(4, published=True)
        EventReason.objects.create(event=stated, reason=ReasonFactory(name="mission"))
        refresh_all(at=NOON)

        told = section(read(PAY), "why")

        assert "For 1 of 4 moves somebody states a reason" in told
        assert told.index("no reason stated 3") < told.index("mission 1")

    def test_greys_and_labels_few(self, read):
        paid(100, form="annual")

        html = read(PAY)

        assert "N 1, median US$100 (few)" in section(html, "compared")
        assert "pay-few" in html

    def test_is_about_the_company_asked_for(self, read):
        here, there = paid(11_000_000), paid(22_000_000)
        slug = here.package.organization.slug

        html = read(PAY, company=slug)

        assert "US$11M" in words(html)
        assert "US$22M" not in words(html)
        assert f"Pay at {here.package.organization.name}" in words(html)
        assert there.package.organization.name not in words(html)

    @pytest.mark.parametrize(
        "name", ["pay", "pay_packages", "pay_reasons", "pay_deals"]
    )
    def test_answers_a_wrong_filter_with_what_is_wrong_and_no_number(
        self, client, name
    ):
        paid()

        response = client.get(reverse(f"dashboard:{name}"), {"company": "nobody-knows"})

        html = words(response.content.decode())
        assert response.status_code == 400
        assert "“nobody-knows” is no name or address in the record" in html
        assert "US$10M" not in html
        assert "on record" not in html

    @pytest.mark.parametrize("months", ["-1", "1.5", "99999", "x"])
    def test_names_a_number_of_months_that_is_none(self, client, months):
        response = client.get(PAY, {"amount": "1M", "months": months})

        assert response.status_code == 400
        assert f"“{months}” is no number of months" in words(response.content.decode())

    def test_shows_no_draft(self, read):
        draft = EventFactory(person__name="Hidden Person")
        package = PackageFactory(event=draft, person=draft.person)
        ReadingFactory(package=package, low=123_000_000)
        unpublished = PackageFactory(person__name="Hidden Person", status="draft")
        ReadingFactory(package=unpublished, low=123_000_000)

        for url in (PAY, *LISTS):
            html = read(url)
            assert "Hidden Person" not in html
            assert "123M" not in html

    def test_changes_with_the_record(self, client):
        first = client.get(PAY)
        again = client.get(PAY, headers={"If-None-Match": first["ETag"]})

        paid(777_000_000)
        refresh_touched(at=NOON)
        after = client.get(PAY, headers={"If-None-Match": first["ETag"]})

        assert again.status_code == 304
        assert "777M" in after.content.decode()

    def test_sets_no_cookie(self, client):
        assert not client.get(PAY).cookies

    def test_needs_five_queries_once_it_is_worked_out(self, read, client, queries_of):
        paid()
        annual = f"{PAY}?form=annual"  # no page that is drawn ahead
        read(annual)
        caches["pages"].clear()

        assert queries_of(lambda: client.get(annual)) == 5

    def test_makes_as_many_queries_for_ten_packages_as_for_three(
        self, client, queries_of
    ):
        def read():
            return client.get(PAY, {"form": "annual"})

        for number in range(3):
            paid(10_000_000 + number, years=4)
            paid(outcome="declined", day=None)
        refresh_touched(at=NOON)
        few = queries_of(read)

        for number in range(7):
            paid(20_000_000 + number, years=4)
            paid(outcome="declined", day=None)
        refresh_touched(at=NOON)

        assert queries_of(read) == few


class TestStarterData:
    """Cases 2, 4 and 5 of the acceptance."""

    @pytest.fixture
    def html(self, starter_data, read):
        return read(PAY)

    def test_computes_no_year_from_the_yearly_claim(self, html):
        pang = re.search(r"Ruoming Pang · Meta: [^<]*", html)[0]

        assert unescape(pang) == (
            "Ruoming Pang · Meta: more than US$200M over several years"
        )
        assert "1.4B" not in html
        assert "not comparable per year" in section(html, "a-year")

    def test_ranks_and_sums_no_refused_offer(self, html):
        for name in ("as-reported", "a-year", "compared", "left-early", "cost"):
            assert "1.5B" not in section(html, name)
            assert "Tulloch" not in section(html, name)
        assert "Andrew Tulloch" in section(html, "offers")

    def test_counts_no_denied_bonus_and_shows_it(self, html, read):
        denied = read(LISTS[0], part="denied")

        assert "Signing bonus 0" in words(html)
        assert denied.count("<s>about US$100M signing bonus</s>") == 3
