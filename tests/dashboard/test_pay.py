"""The Pay page and its lists: what counts, what does not, and that each number opens its rows."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from talent.dashboard.charts import as_csv, makers
from talent.dashboard.pay_lists import deals_in
from talent.insights.pay_filter import PackageFilter, PayScope, ReasonFilter
from talent.insights.refresh import refresh_all
from talent.registry.models import EventReason, Package
from tests.factories import (
    NOON,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    ReasonFactory,
)

pytestmark = pytest.mark.django_db
PAY = reverse("dashboard:pay")
LISTS = tuple(
    reverse(f"dashboard:{name}")
    for name in ("pay_packages", "pay_reasons", "pay_deals")
)
LINK = re.compile(r"<a\b[^>]*?href=\"(?P<url>[^\"]+)\"[^>]*>(?P<text>.*?)</a>", re.S)


@pytest.fixture
def read(client):
    """The text of a page, which must be there."""

    def get(url: str, **choices: str) -> str:
        response = client.get(url, choices)
        assert response.status_code == 200, response.content[:2000]
        return str(response.content.decode())

    return get


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def section(html: str, name: str) -> str:
    """The words under one heading."""
    return words(
        re.search(rf'<section aria-labelledby="{name}">.*?</section>', html, re.S)[0]
    )


def rows_in(html: str) -> int:
    """How many rows a list page shows."""
    shown = html[html.index('id="rows"') :] if 'id="rows"' in html else ""
    return len(re.findall(r'<li class="event-row">|<section class="deal">', shown))


def paid(low: int | None = 10_000_000, day: date | None = date(2025, 7, 7), **told):
    """A package with one reading, of a hire on that day."""
    of_package = {
        name: told.pop(name)
        for name in ("outcome", "person", "recipients", "organization")
        if name in told
    }
    if day is not None:
        hire = EventFactory(published=True, happened_on=day)
        of_package = {
            "event": hire,
            "person": hire.person,
            "organization": hire.organization,
        } | of_package
    package = PackageFactory(**of_package)
    return ReadingFactory(package=package, low=low, **told)


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
        after = client.get(PAY, headers={"If-None-Match": first["ETag"]})

        assert again.status_code == 304
        assert "777M" in after.content.decode()

    def test_sets_no_cookie(self, client):
        assert not client.get(PAY).cookies

    def test_needs_three_queries_once_it_is_worked_out(self, read, queries_of):
        paid()
        read(PAY)

        assert queries_of(lambda: read(PAY)) == 3

    def test_makes_as_many_queries_for_thirty_packages_as_for_three(
        self, read, queries_of
    ):
        for number in range(3):
            paid(10_000_000 + number, years=4)
            paid(outcome="declined", day=None)
        few = queries_of(lambda: read(PAY, form="annual"))

        for number in range(30):
            paid(20_000_000 + number, years=4)
            paid(outcome="declined", day=None)

        assert queries_of(lambda: read(PAY, form="annual")) == few


class TestNumbers:
    """Every number of the page is a link, and the link opens exactly the rows it counts."""

    @pytest.fixture
    def record(self, starter_data):
        refresh_all(at=NOON)

    def numbers(self, html: str):
        """Links to lists that say a number, with the number."""
        for link in LINK.finditer(html):
            url, text = unescape(link["url"]), words(link["text"])
            number = re.search(r"(?<![\d.,$])\d+(?![\d.,]*\d)", text)
            if urlsplit(url).path in LISTS and number and "title>" not in link["text"]:
                yield url, int(number[0])

    def rows_of(self, client, url: str) -> int:
        """Rows on all pages of the list, by its own links to the next one."""
        rows = 0
        while url:
            html = client.get(url).content.decode()
            rows += rows_in(html)
            found = re.search(r'rel="next" href="([^"]+)"', html)
            url = urlsplit(url).path + unescape(found[1]) if found else ""
        return rows

    def test_open_exactly_their_rows(self, client, record):
        numbers = dict.fromkeys(self.numbers(client.get(PAY).content.decode()))

        assert len(numbers) > 30
        for url, number in numbers:
            assert self.rows_of(client, url) == number, url

    @pytest.mark.parametrize("name", LISTS)
    def test_open_lists_that_show_what_their_filter_finds(self, client, record, name):
        assert self.rows_of(client, name) == self.found(name) > 10

    def found(self, url: str) -> int:
        """What the filter of the list finds, without drawing it."""
        path, query = urlsplit(url).path, QueryDict(urlsplit(url).query)
        filter = dict(zip(LISTS, (PackageFilter, ReasonFilter, PayScope), strict=True))
        chosen = filter[path](query)
        assert chosen.is_valid(), url
        if isinstance(chosen, PackageFilter):
            return len(chosen.lines())
        if isinstance(chosen, ReasonFilter):
            return chosen.moves().count()
        return len(deals_in(chosen))

    def test_open_exactly_their_rows_under_any_question(self, client, record):
        for choices in (
            {"by": "company", "form": "annual"},
            {"by": "year", "above": "1M"},
            {"company": "meta", "by": "company"},
            {"company": "meta-superintelligence-labs", "by": "company"},
            {"seat": "frontier_lab", "rumours": "on"},
            {"since": "2025-07-02", "until": "2026-Q1", "by": "year"},
            {"since": "2025", "vague": "out", "by": "year"},
        ):
            html = client.get(PAY, choices).content.decode()
            numbers = dict.fromkeys(self.numbers(html))
            assert len(numbers) > 10
            for url, number in numbers:
                assert self.found(url) == number, (choices, url)

    def test_of_bars_open_exactly_their_rows(self, client, record):
        html = client.get(PAY).content.decode()
        bars = re.findall(
            r'<a href="([^"]+)"><title>[^<]*?: (?:N )?(\d+)[ ,][^<]*</title>', html
        )
        lists = [
            (unescape(url), int(n)) for url, n in bars if urlsplit(url).path in LISTS
        ]

        assert len(lists) > 10
        for url, number in lists:
            assert self.found(url) == number, url

    def test_of_a_year_keep_to_the_days_asked_for(self, client):
        paid(1_000_000, date(2025, 3, 1), form="annual")
        paid(2_000_000, date(2025, 8, 1), form="annual")
        paid(3_000_000, date(2025, 12, 1), form="annual")

        choices = {"by": "year", "since": "2025-07", "until": "2025-10"}
        html = client.get(PAY, choices).content.decode()

        groups = [url for url, _n in self.numbers(html) if "sort" not in url]
        (url,) = {url for url in groups if "per=year" in url}
        assert self.rows_of(client, url) == 1

    def test_of_who_left_keep_to_the_amount_asked_for(self, client):
        paid(10_500_000)
        paid(9_999_999)
        refresh_all(at=NOON)

        numbers = dict(self.numbers(client.get(PAY).content.decode()))

        ((url, number),) = [(u, n) for u, n in numbers.items() if "left=unknown" in u]
        assert self.rows_of(client, url) == number == 1

    def test_of_parts_add_up_to_all(self, client, record):
        html = client.get(PAY).content.decode()
        parts = {
            parse_qs(urlsplit(url).query)["part"][0]: n
            for url, n in self.numbers(html)
            if set(parse_qs(urlsplit(url).query)) == {"part"}
        }

        assert sum(parts.values()) == Package.objects.public().count()


class TestStarterData:
    """Cases 2, 4 and 5 of the acceptance."""

    @pytest.fixture
    def html(self, starter_data, read):
        refresh_all(at=NOON)
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


class TestPackages:
    def test_tells_why_one_does_not_count(self, read):
        paid(outcome="declined", day=None)

        assert "Not counted: declined" in words(read(LISTS[0]))

    def test_offers_to_take_a_choice_away(self, read):
        html = read(LISTS[0], part="declined", form="annual")

        assert "Which: declined" in words(html)
        assert 'href="?form=annual"' in html

    def test_comes_in_pages(self, client, read):
        ReadingFactory.create_batch(31)

        first, second = read(LISTS[0]), read(LISTS[0], page="2")

        assert (rows_in(first), rows_in(second)) == (30, 1)
        assert client.get(LISTS[0], {"page": "3"}).status_code == 400
        assert client.get(LISTS[0], {"page": "x"}).status_code == 400

    def test_makes_as_many_queries_for_thirty_packages_as_for_three(
        self, read, queries_of
    ):
        for _ in range(3):
            paid()
        few = queries_of(lambda: read(LISTS[0]))

        for _ in range(27):
            paid()

        assert queries_of(lambda: read(LISTS[0])) == few


class TestReasons:
    @pytest.fixture
    def mission(self):
        events = EventFactory.create_batch(3, published=True)
        EventReason.objects.create(
            event=events[0],
            reason=ReasonFactory(name="mission"),
            stated_by="a colleague",
        )
        refresh_all(at=NOON)
        return events[0]

    def test_lists_moves_with_the_reason_and_who_states_it(self, read, mission):
        html = read(LISTS[1], reason="mission")

        assert rows_in(html) == 1
        assert "mission (a colleague)" in words(html)
        assert mission.person.name in html

    def test_lists_moves_without_a_reason(self, read, mission):
        html = read(LISTS[1], reason="none")

        assert rows_in(html) == 2
        assert mission.person.name not in html

    def test_comes_in_pages_that_neither_repeat_nor_skip(self, client, read):
        EventFactory.create_batch(35, published=True)
        refresh_all(at=NOON)

        first = read(LISTS[1])
        second = client.get(
            LISTS[1] + re.search(r'rel="next" href="([^"]+)"', first)[1]
        ).content.decode()

        people = re.findall(r"/people/[\w-]+/", first + second)
        assert (rows_in(first), rows_in(second)) == (30, 5)
        assert len(set(people)) == 35

    @pytest.mark.parametrize("place", ["x", "1", "1.x", "-1.2", "9" * 40 + ".1"])
    def test_refuses_a_place_that_is_none(self, client, place):
        assert client.get(LISTS[1], {"after": place}).status_code == 400

    def test_makes_as_many_queries_for_thirty_moves_as_for_three(
        self, read, queries_of
    ):
        EventFactory.create_batch(3, published=True)
        refresh_all(at=NOON)
        few = queries_of(lambda: read(LISTS[1]))

        EventFactory.create_batch(27, published=True)
        refresh_all(at=NOON)

        assert queries_of(lambda: read(LISTS[1])) == few


class TestDeals:
    def test_lists_those_of_the_company_and_time(self, read):
        acme = OrganizationFactory(slug="acme")
        EventFactory(published=True, organization=acme)
        DealFactory(buyer=acme, target__name="Umbrella")
        DealFactory(buyer=acme, target__name="Tyrell", happened_on=date(2024, 1, 1))
        DealFactory(target__name="Wonka")

        html = words(read(LISTS[2], company="acme", since="2025"))

        assert "Umbrella" in html
        assert "Tyrell" not in html
        assert "Wonka" not in html


class TestCharts:
    @pytest.mark.parametrize("name", ["pay-reported", "pay-per-year", "pay-compared"])
    def test_are_pictures_and_tables_at_addresses_that_stay(self, client, name):
        paid(10_000_000, years=4, person=PersonFactory(name='<b>"Ada" & Bob</b>'))

        for extension in ("svg", "csv"):
            url = reverse("dashboard:chart", args=[name, extension])
            response = client.get(url, {"rumours": "on"})
            assert response.status_code == 200
            assert "<b>" not in response.content.decode() or extension == "csv"

    @pytest.mark.parametrize(
        "name", ["pay-reported", "pay-per-year", "pay-compared", "reasons"]
    )
    def test_refuse_a_wrong_question(self, client, name):
        url = reverse("dashboard:chart", args=[name, "svg"])

        assert client.get(url, {"since": "soon"}).status_code == 400

    def test_hold_nothing_of_our_arithmetic(self, client, starter_data):
        """What leaving cost is worked out on the page alone: no file says it."""
        refresh_all(at=NOON)
        question = {"amount": "123456789", "months": "7"}

        for name in ("pay-reported", "pay-per-year", "pay-compared", "reasons"):
            told = {} if name == "reasons" else question
            table = as_csv(makers[name](told)).lower()
            assert "vest" not in table
            assert "123456789" not in table
        assert not [name for name in makers if "forgone" in name or "vest" in name]

    def test_of_a_total_and_of_years_have_numbers_in_their_tables(self):
        paid(400_000_000, years=4)

        assert ",400000000," in as_csv(makers["pay-reported"]({}))
        assert ",100000000," in as_csv(makers["pay-per-year"]({}))
