"""The acceptance cases on the real starter data, and the rows behind its numbers."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db.models import Count
from django.urls import reverse
from django.utils.html import strip_tags

from talent.dashboard.pay_summary import biggest_packages
from talent.registry.merging import merge_people
from talent.registry.models import Event, Package, Person, Source
from tests.dashboard.rows_behind import numbers_of, wrong_in
from tests.factories import NOON, UserFactory


@pytest.fixture
def read(starter_data, client):
    def page(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200
        return str(response.content.decode())

    return page


def event_page(slug: str) -> str:
    return reverse("dashboard:event", args=[slug])


def company_page(slug: str) -> str:
    return reverse("dashboard:organization", args=[slug])


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


class TestPangsPackage:
    def test_reads_more_than_200_million_over_several_years(self, read):
        html = read(event_page("ruoming-pang-hire-meta-2025"))
        headline = html.partition('class="package-headline"')[2].partition("</p>")[0]

        assert "more than US$200M over several years" in headline

    def test_opens_to_every_reading_the_yearly_yuan_contradicted_with_the_reason(
        self, read
    ):
        html = read(event_page("ruoming-pang-hire-meta-2025"))
        readings = html.partition('<ol class="readings">')[2].partition("</ol>")[0]

        assert readings.count('<li class="reading">') == 8
        assert "<s>about CN¥1.4B a year</s>" in readings
        assert "contradicted by its own text" in readings

    def test_is_not_computed_into_a_year(self, read):
        html = read(event_page("ruoming-pang-hire-meta-2025"))

        assert 'class="reading-year">US$' not in html
        assert "per year: not comparable" in html


class TestTullochsOffer:
    def test_is_on_no_ranking(self, read):
        assert "1.5B" not in read(reverse("dashboard:home"))
        offer = Package.objects.get(key="andrew-tulloch-meta-declined-package")
        assert offer not in ranked()

    def test_is_not_the_pay_of_his_later_hire(self, read):
        html = read(event_page("andrew-tulloch-hire-meta-2025"))

        assert "No figure of anybody’s pay is on record for this move" in html


class TestSigningBonusOfAHundredMillion:
    def test_is_visible_and_marked_as_denied(self, read):
        html = read(event_page("lucas-beyer-hire-meta-2025"))

        assert "<s>about US$100M signing bonus</s>" in html
        assert "speaking for the three, denied receiving one" in html

    def test_counts_nowhere(self, read):
        assert "signing bonus</" not in read(reverse("dashboard:home"))
        assert not {
            package for package in ranked() if package.person.slug == "lucas-beyer"
        }


class TestSearch:
    @pytest.mark.parametrize(
        "query", ["庞若鸣", "龐若鳴", "Pang Ruoming", "ruoming pang", "Ruoming"]
    )
    def test_finds_one_person_by_any_of_his_names(self, read, query):
        html = read(reverse("dashboard:search") + f"?q={query}")

        assert "1 person, 0 organizations" in words(html)
        assert '"/people/ruoming-pang/"' in html

    def test_finds_him_among_those_called_pang(self, read):
        assert '"/people/ruoming-pang/"' in read(
            reverse("dashboard:search") + "?q=Pang"
        )

    @pytest.mark.parametrize(
        ("query", "found", "other"),
        [
            ("姚顺雨", "yao-shunyu", "shunyu-yao"),
            ("姚顺宇", "shunyu-yao", "yao-shunyu"),
        ],
    )
    def test_keeps_two_people_of_one_sound_apart(self, read, query, found, other):
        html = read(reverse("dashboard:search") + f"?q={query}")

        assert f'"/people/{found}/"' in html
        assert f'"/people/{other}/"' not in html


class TestAugust2025:
    """Case 8: what is dated "2025" may lie in August; it is told so and can be left out."""

    ADDRESS = "/events/?kind=hire&company=meta&since=2025-08&until=2025-08"
    DATED_2025 = "/events/alexander-fabbri-hire-meta-2025/"

    def test_includes_what_is_dated_2025_and_says_so(self, read):
        html = read(self.ADDRESS)

        assert self.DATED_2025 in html
        assert "vague dates included" in words(html)

    def test_leaves_it_out_on_request(self, read):
        html = read(self.ADDRESS + "&vague=out")

        assert self.DATED_2025 not in html
        assert "/events/matt-deitke-hire-meta-2025/" in html


class TestArticleBehindManyEvents:
    """Case 10: one article backs five events and more, and each of them names it."""

    def test_is_named_by_each_of_its_events(self, read):
        article = (
            Source.objects.annotate(cited=Count("citations"))
            .filter(cited__gte=5)
            .order_by("-cited", "pk")
            .first()
        )

        events = Event.objects.published().filter(citations__source=article)[:5]

        assert len(events) == 5
        for event in events:
            assert article.url in unescape(read(event.get_absolute_url()))


class TestMergedPersonsOldLink:
    """Case 10: the address of somebody merged away leads to who they are."""

    def test_leads_to_the_page_of_the_kept_one(self, starter_data, client):
        kept = Person.objects.get(slug="ruoming-pang")
        dropped = Person.objects.create(slug="pang-r", name="R. Pang")
        editor = UserFactory()
        merge_people(kept, dropped, by=editor, at=NOON)

        answer = client.get("/people/pang-r/")

        assert answer.status_code == 301
        assert answer["Location"] == "/people/ruoming-pang/"


class TestAmountInYuan:
    """Case 10: shown as stated, and beside it what it is in dollars at the rate of its day."""

    def test_is_shown_in_both_currencies_with_the_day_of_the_rate(self, read):
        record = read(reverse("dashboard:home")).partition("罗福莉")[2]

        shown = words(record.partition("</li>")[0])
        assert "about CN¥10M a year" in shown
        assert "about US$1.41M at the rate of 14 November 2025" in shown


def ranked() -> set[Package]:
    lists = biggest_packages()
    return {each.package for each in [*lists["totals"], *lists["yearly"]]}


class TestRankings:
    def test_hold_only_packages_that_count(self, read):
        assert ranked()
        assert all(package.is_counted for package in ranked())

    def test_lead_with_deitke_then_pang(self, read):
        totals = [each.package.person.slug for each in biggest_packages()["totals"]]

        assert totals[:2] == ["matt-deitke", "ruoming-pang"]


class TestCompanyPages:
    @pytest.mark.parametrize("slug", ["meta", "openai", "google", "tbd-lab", "tencent"])
    @pytest.mark.parametrize("span", ["24", "all"])
    def test_every_number_opens_exactly_its_rows(self, read, slug, span):
        numbers = numbers_of(read(company_page(slug) + f"?span={span}"))

        assert len(numbers) > 8
        assert wrong_in(numbers) == {}

    def test_every_all_opens_as_many_rows_as_it_says(self, read):
        html = read(company_page("meta"))

        links = re.findall(r'<a href="(/(?:moves|stints)[^"]+)">All (\d+)</a>', html)
        assert len(links) == 5
        assert wrong_in((unescape(address), int(n)) for address, n in links) == {}

    def test_the_packages_are_those_of_the_list_it_opens(self, read):
        html = read(company_page("meta"))

        address, number = re.search(
            r'<a href="(/pay/packages/[^"]+)">All (\d+) packages', html
        ).groups()
        assert f"<b>{number}</b> packages" in read(unescape(address))
