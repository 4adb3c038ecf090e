"""The front page: the newest events, a period in four numbers, and the records."""

from __future__ import annotations

import gzip
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from talent.dashboard.pay_summary import biggest_packages
from talent.insights.figures.news import Period, newest_period
from talent.registry.models import Package
from tests.dashboard.rows_behind import numbers_of, rows_of
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    decided_by_two,
)
from tests.insights.moves_there import move, moves, read_again
from tests.insights.stays_there import stay

pytestmark = pytest.mark.django_db
HOME_BUDGET = 60 * 1024


@pytest.fixture
def home(client):
    def page(query: str = "", *, part: str = "", status: int = 200) -> str:
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}
        response = client.get(reverse("dashboard:home") + query, headers=headers)
        assert response.status_code == status
        return str(response.content.decode())

    return page


@pytest.fixture
def acme(db):
    return OrganizationFactory(name="Acme", slug="acme")


def section(html: str, name: str) -> str:
    """The HTML of the section its heading's id names."""
    return html.partition(f'<section aria-labelledby="{name}">')[2].partition(
        "</section>"
    )[0]


def numbers_in(html: str) -> dict[str, tuple[int, str]]:
    """Each figure by its label: the value, and the address its rows stand at."""
    found = re.findall(
        r'<a href="([^"]+)">\s*<span class="figure-value">([\d,]+)</span>\s*'
        r'<span class="figure-label">([^<]+)</span>',
        html,
    )
    return {
        label: (int(value.replace(",", "")), unescape(url))
        for url, value, label in found
    }


class TestNewestEvents:
    def test_come_newest_first(self, home):
        older = EventFactory(published=True, happened_on=date(2025, 1, 1))
        newer = EventFactory(published=True, happened_on=date(2025, 2, 1))

        html = home()

        assert html.index(newer.get_absolute_url()) < html.index(
            older.get_absolute_url()
        )

    @pytest.mark.parametrize(
        "kept_out",
        [
            {"status": "draft"},
            {"status": "withdrawn"},
            {"standing": "rumoured"},
            {"standing": "denied"},
            {"background": True},
        ],
    )
    def test_are_published_counted_news_only(self, home, kept_out):
        event = EventFactory(**{"published": True} | kept_out)

        html = home()

        assert event.get_absolute_url() not in html
        assert event.person.name not in html

    @pytest.mark.parametrize("part", ["", "newest-events"])
    def test_follow_the_filter_with_and_without_scripts(self, home, part):
        wanted = EventFactory(
            published=True, departure=True, organization__seat="quant", title="Wizard"
        )
        others = [
            EventFactory(published=True, organization__seat="quant", title="Wizard"),
            EventFactory(published=True, departure=True, title="Wizard"),
            EventFactory(published=True, departure=True, organization__seat="quant"),
        ]

        html = home("?kind=departure&seat=quant&q=wizard", part=part)
        html = html if part else html[html.index('id="newest-events"') :]

        assert wanted.get_absolute_url() in html
        assert not [each for each in others if each.get_absolute_url() in html]
        assert "/events/?q=wizard&amp;kind=departure&amp;seat=quant" in html

    @pytest.mark.parametrize(
        ("query", "named"), [("?kind=theft", "“theft”"), ("?period=age", "“age”")]
    )
    def test_are_none_for_a_wrong_filter_whose_value_is_named(self, home, query, named):
        event = EventFactory(published=True)

        html = home(query, status=400)

        assert named in html
        assert event.get_absolute_url() not in section(html, "newest")

    def test_say_what_would_stand_there(self, home):
        assert "none fits" in home("?kind=hire")

    def test_are_a_part_of_their_own_for_htmx(self, home):
        assert (
            home(part="newest-events").lstrip().startswith('<div id="newest-events">')
        )
        assert "<html" in home(part="packages")


class TestPeriod:
    @pytest.mark.parametrize(
        ("unit", "first", "last", "before"),
        [
            ("week", date(2024, 12, 30), date(2025, 1, 5), date(2024, 12, 23)),
            ("month", date(2025, 1, 1), date(2025, 1, 31), date(2024, 12, 1)),
            ("quarter", date(2025, 1, 1), date(2025, 3, 31), date(2024, 10, 1)),
        ],
    )
    def test_is_a_calendar_period(self, unit, first, last, before):
        period = Period.holding(unit, date(2025, 1, 1))

        assert (period.first, period.last) == (first, last)
        assert period.before.first == before

    @pytest.mark.parametrize(
        ("unit", "first"),
        [
            ("week", date(2025, 2, 24)),
            ("month", date(2025, 4, 1)),
            ("quarter", date(2025, 7, 1)),
        ],
    )
    def test_is_the_newest_an_event_lies_wholly_in(self, unit, first):
        for day, precision in (
            (date(2025, 3, 1), "day"),
            (date(2025, 4, 1), "month"),
            (date(2025, 7, 1), "quarter"),
            (date(2026, 1, 1), "year"),
        ):
            EventFactory(published=True, happened_on=day, precision=precision)

        assert newest_period(unit, today=date(2026, 6, 1)).first == first

    def test_lies_not_in_the_future(self):
        EventFactory(published=True, happened_on=date(2025, 3, 1))
        EventFactory(published=True, happened_on=date(2027, 3, 1))

        period = newest_period("month", today=date(2026, 6, 1))

        assert period.first == date(2025, 3, 1)


class TestNumbers:
    @pytest.fixture
    def march(self):
        """Two hires of one person, a return of another and a departure in March; less before."""
        ada = PersonFactory()
        days = {"happened_on": date(2025, 3, 3), "published": True}
        EventFactory(person=ada, **days)
        EventFactory(person=ada, **days)
        EventFactory(stated_return=True, **days)
        EventFactory(departure=True, **days)
        EventFactory(published=True, happened_on=date(2025, 2, 3))
        for left_out in (
            {"status": "draft"},
            {"status": "withdrawn"},
            {"standing": "rumoured"},
            {"standing": "denied"},
            {"background": True},
        ):
            EventFactory(**days | left_out)
        EventFactory(published=True, happened_on=date(2025, 1, 1), precision="year")

    def test_count_the_period_and_the_one_before(self, home, march):
        html = home()

        values = {label: value for label, (value, _url) in numbers_in(html).items()}
        assert values["hires"] == 3
        assert values["departure"] == 1
        assert values["return"] == 1
        assert values["people who moved"] == 3
        assert "March 2025" in html
        assert re.search(r"\+2</span> on 1 in February 2025", html)

    @pytest.mark.parametrize("unit", ["week", "month", "quarter"])
    def test_each_opens_exactly_the_rows_it_counts(self, client, home, march, unit):
        shown = numbers_in(home(f"?period={unit}"))

        for label, (value, url) in shown.items():
            html = client.get(url).content.decode()
            rows = html.count('<li class="event-row')
            people = len(set(re.findall(r'class="event-person" href="([^"]+)"', html)))
            assert value == (people if label == "people who moved" else rows), label

    def test_say_how_many_may_fall_in_the_period_and_are_not_counted(self, home, march):
        assert "1 more may fall in it, dated less exactly." in home()

    def test_change_with_the_record(self, home, march):
        before = numbers_in(home())["departure"][0]

        EventFactory(published=True, departure=True, happened_on=date(2025, 3, 9))

        assert numbers_in(home())["departures"][0] == before + 1

    def test_do_not_change_with_the_filter_of_the_list(self, home, march):
        assert numbers_in(home("?kind=departure")) == numbers_in(home())

    def test_are_not_there_for_an_empty_record(self, home):
        assert "No events yet" in home()


class TestBiggestPackages:
    def package(self, name: str, **reading: object) -> Package:
        hire = EventFactory(
            published=True, person__name=name, happened_on=date(2025, 9, 12)
        )
        package = PackageFactory(
            event=hire, person=hire.person, organization=hire.organization
        )
        ReadingFactory(package=package, **reading)
        return package

    def test_rank_totals_and_years_apart(self, home):
        self.package("Total Small", low=1_000_000)
        self.package("Total Large", low=2_000_000)
        self.package("Yearly Huge", low=9_000_000, form="annual")
        read_again()

        html = section(home(), "packages")

        totals, _, yearly = html.partition("Per year")
        assert totals.index("Total Large") < totals.index("Total Small")
        assert "Yearly Huge" in yearly
        assert "Yearly Huge" not in totals

    def test_convert_other_currencies_at_the_day_and_show_both(self, home):
        self.package("Dollar Person", low=14_000_000)
        self.package("Yuan Person", low=100_000_000, currency="CNY")
        read_again()

        html = section(home(), "packages")

        assert html.index("Yuan Person") < html.index("Dollar Person")
        assert "CN¥100M" in html
        assert "about US$14M at the rate of 12 September 2025" in html

    def test_leave_out_what_has_no_rate_and_say_so(self, home):
        self.package("Known Person", low=1_000_000)
        self.package("Rouble Person", low=900_000_000_000, currency="RUB")
        read_again()

        html = section(home(), "packages")

        assert "Rouble Person" not in html
        assert "1 figure in another currency has no exchange rate" in html

    @pytest.mark.parametrize(
        ("outcome", "reading"),
        [
            ("declined", {}),
            ("offered", {}),
            ("unknown", {}),
            ("accepted", {"standing": "denied"}),
            ("accepted", {"standing": "rumoured"}),
            ("accepted", {"rank": "contradicted"}),
            ("accepted", {"low": None}),
            ("accepted", {"form": "signing_bonus"}),
        ],
    )
    def test_hold_only_what_somebody_accepted_and_nobody_disputes(
        self, home, outcome, reading
    ):
        package = self.package("Doubtful Person", **{"low": 10**9} | reading)
        Package.objects.filter(pk=package.pk).update(outcome=outcome)
        read_again()

        assert "Doubtful Person" not in section(home(), "packages")

    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_hold_nothing_unpublished(self, home, status):
        package = self.package("Hidden Person", low=10**9)
        with decided_by_two():
            Package.objects.filter(pk=package.pk).update(status=status)
        read_again()

        assert "Hidden Person" not in section(home(), "packages")

    def test_hold_no_pool_shared_by_a_group(self, home):
        pool = PackageFactory(person=None, recipients="Forty engineers")
        ReadingFactory(package=pool, low=10**9)
        read_again()

        assert "Forty engineers" not in home()

    def test_are_those_the_model_counts(self):
        for number, rank in enumerate(("", "also_reported", "preferred")):
            package = self.package(f"Person {number}", low=number + 1, rank=rank)
            ReadingFactory(package=package, low=50, standing="denied")
        read_again()

        shown = [ranked.package for ranked in biggest_packages()["totals"]]

        assert {p for p in Package.objects.all() if p.is_counted} == set(shown)


class TestShortestStays:
    def test_come_shortest_first_with_their_length(self, home, acme):
        stay(acme, "2024-01-01", "2025-03-01", person=PersonFactory(name="Long Stay"))
        stay(acme, "2025-01-01", "2025-03-01", person=PersonFactory(name="Short Stay"))
        read_again()

        html = section(home(), "stays")

        assert html.index("Short Stay") < html.index("Long Stay")
        assert "2 months" in html
        assert "/stints/?ended=yes&amp;sort=shortest" in html

    def test_hold_none_whose_length_is_not_known(self, home, acme):
        stay(acme, "2025", "2025", person=PersonFactory(name="Vague Stay"))
        stay(acme, "2025-01-01", person=PersonFactory(name="Open Stay"))
        read_again()

        html = section(home(), "stays")

        assert "Vague Stay" not in html
        assert "Open Stay" not in html

    @pytest.mark.parametrize(
        "kept_out", [{"standing": "rumoured"}, {"status": "draft"}]
    )
    def test_end_with_a_departure_that_counts(self, home, acme, kept_out):
        person = stay(acme, "2025-01-01")
        EventFactory(
            **{
                "published": True,
                "kind": "departure",
                "person": person,
                "organization": acme,
                "happened_on": date(2025, 3, 1),
            }
            | kept_out
        )
        read_again()

        assert person.name not in section(home(), "stays")


class TestNewestReturns:
    def test_are_moves_back_to_where_somebody_had_been(self, home, acme):
        back = stay(acme, "2020-01-01", "2021-01-01")
        stay(acme, "2025-03-01", person=back)
        first = stay(acme, "2025-03-01")
        read_again()

        html = section(home(), "returns")

        assert back.name in html
        assert "returned to" in html
        assert first.name not in html
        assert "/moves/list/?returns=on" in html


class TestNetLeaders:
    def test_rank_the_last_twelve_months_and_open_their_moves(self, home, acme):
        other = OrganizationFactory(name="Other", slug="other")
        moves(3, other, acme, "2025-03-03")
        moves(1, acme, None, "2025-03-03")
        moves(9, None, other, "2023-03-03")
        read_again()

        html = section(home(), "leaders")

        assert html.index("Acme") < html.index("Other")
        assert "<b>+2</b>" in html
        assert "<b>−3</b>" in html
        numbers = numbers_of(html)
        assert len(numbers) == 3
        for address, number in numbers:
            assert rows_of(address) == number, address

    def test_say_what_would_stand_there(self, home):
        assert "gained and lost most people would stand here" in home()


class TestOrder:
    def test_is_news_numbers_leaders_packages_stays_returns(self, home):
        headings = re.findall(r'<h2 id="([a-z]+)"', home())

        assert headings == [
            "newest",
            "period",
            "leaders",
            "packages",
            "stays",
            "returns",
        ]


class TestPeriodLinks:
    def links(self, html: str) -> dict[str, str]:
        nav = html.partition('<nav id="period-links"')[2].partition("</nav>")[0]
        found = re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', nav)
        return {words: unescape(url) for url, words in found}

    def test_keep_the_filter_of_the_list(self, home):
        links = self.links(home("?kind=departure&seat=quant&period=week"))

        assert links["Quarter"] == "/?kind=departure&seat=quant&period=quarter"
        assert links["Month"] == "/?kind=departure&seat=quant"

    def test_follow_the_filter_when_the_list_is_replaced_alone(self, home):
        html = home("?kind=departure", part="newest-events")

        assert 'hx-swap-oob="true"' in html
        assert self.links(html)["Week"] == "/?kind=departure&period=week"

    def test_are_not_a_second_time_on_the_whole_page(self, home):
        html = home("?kind=departure")

        assert html.count('id="period-links"') == 1
        assert "hx-swap-oob" not in html


class TestCost:
    def add_rows(self) -> None:
        company = OrganizationFactory()
        back = stay(company, "2020-01-01", "2021-01-01")
        move(OrganizationFactory(), company, "2025-03-01", person=back)
        for kind in ("hire", "departure"):
            event = EventFactory(
                published=True, kind=kind, happened_on=date(2025, 3, 1)
            )
            CitationFactory(event=event)
        package = PackageFactory(
            event=EventFactory(published=True, stated_return=True), person=event.person
        )
        ReadingFactory(package=package)
        ReadingFactory(package=package, form="annual")
        read_again()

    @pytest.mark.parametrize("part", ["", "newest-events"])
    def test_is_as_many_queries_for_many_rows_as_for_few(self, home, queries_of, part):
        self.add_rows()
        with_few = queries_of(lambda: home(part=part))
        for _ in range(5):
            self.add_rows()

        assert queries_of(lambda: home(part=part)) == with_few

    def test_is_a_handful_of_queries_while_the_record_rests(self, home, queries_of):
        self.add_rows()
        home()

        # the record's number for the ETag and for the parts; events, packages, readings
        assert queries_of(home) <= 8

    def test_stays_below_its_budget_with_everything_it_loads(self, client, home):
        title = "Vice President of Something with a rather long name, Research"
        for number in range(20):
            event = EventFactory(
                published=True,
                person__name=f"Person {number} with a Longer Name",
                person__name_zh="某某某",
                counterpart=OrganizationFactory(),
                title=f"{title} {number}",
            )
            package = PackageFactory(event=event, person=event.person)
            ReadingFactory(package=package, currency="CNY")
        for _ in range(3):
            self.add_rows()

        html = home()
        loaded = re.findall(
            r'<(?:script|link)[^>]* (?:src|href)="/static/([^"?]+)', html
        )
        weights = {name: len(gzip.compress(open_static(name), 6)) for name in loaded}
        weights["page"] = len(gzip.compress(html.encode(), 6))

        assert len(loaded) == 5
        assert sum(weights.values()) < HOME_BUDGET, weights

    def test_remembers_its_parts_only_for_the_day(self, home, queries_of, monkeypatch):
        self.add_rows()
        on_the_first_day = queries_of(home)
        tomorrow = timezone.localdate() + timedelta(days=1)
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: tomorrow)

        assert queries_of(home) == on_the_first_day


def open_static(name: str) -> bytes:
    path = finders.find(name)
    assert path, name
    with open(path, "rb") as file:
        return file.read()
