"""Every number of the Pay page is a link, and the link opens exactly the rows it counts."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict

from talent.insights.pay_filter import PackageFilter, PayScope, ReasonFilter
from talent.insights.refresh import refresh_all, refresh_touched
from talent.registry.models import Package
from tests.dashboard.pay_pages import LISTS, PAY, paid, rows_in, words
from tests.factories import (
    NOON,
)

LINK = re.compile(r"<a\b[^>]*?href=\"(?P<url>[^\"]+)\"[^>]*>(?P<text>.*?)</a>", re.S)

pytestmark = pytest.mark.django_db


class TestNumbers:
    """Every number of the page is a link, and the link opens exactly the rows it counts."""

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

    def test_open_exactly_their_rows(self, client, starter_data):
        numbers = dict.fromkeys(self.numbers(client.get(PAY).content.decode()))

        assert len(numbers) > 30
        for url, number in numbers:
            assert self.rows_of(client, url) == number, url

    @pytest.mark.parametrize("name", LISTS)
    def test_open_lists_that_show_what_their_filter_finds(
        self, client, starter_data, name
    ):
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
        return len(chosen.deals())

    def test_open_exactly_their_rows_under_any_question(self, client, starter_data):
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

    def test_of_bars_open_exactly_their_rows(self, client, starter_data):
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
        refresh_touched(at=NOON)

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

    def test_of_parts_add_up_to_all(self, client, starter_data):
        html = client.get(PAY).content.decode()
        parts = {
            parse_qs(urlsplit(url).query)["part"][0]: n
            for url, n in self.numbers(html)
            if set(parse_qs(urlsplit(url).query)) == {"part"}
        }

        assert sum(parts.values()) == Package.objects.public().count()
