"""The acceptance cases of home, event and search on the real starter data, loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.html import strip_tags

from talent.dashboard.top_packages import top_packages
from talent.registry.models import Package
from talent.registry.starter import STARTER_DATA, load
from tests.factories import NOON


@pytest.fixture(scope="module")
def starter(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """One load for all tests of this module; each of them runs in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(STARTER_DATA, at=NOON)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def read(starter, db, client):
    def page(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200
        return str(response.content.decode())

    return page


def event_page(slug: str) -> str:
    return reverse("dashboard:event", args=[slug])


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


def ranked() -> set[Package]:
    lists = top_packages()
    return {each.package for each in [*lists["totals"], *lists["yearly"]]}


class TestRankings:
    def test_hold_only_packages_that_count(self, read):
        assert ranked()
        assert all(package.is_counted for package in ranked())

    def test_lead_with_deitke_then_pang(self, read):
        totals = [each.package.person.slug for each in top_packages()["totals"]]

        assert totals[:2] == ["matt-deitke", "ruoming-pang"]
