"""On the real record: every number of the pages about moves and seats opens its rows."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from tests.dashboard.rows_behind import numbers_of, rows_of, wrong_in

pytestmark = pytest.mark.usefixtures("starter_data")


class TestMoves:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?vague=out&rumours=on",
            "?since=2025&until=2025",
            "?level=seat&period=all&one=google&other=openai",
        ],
    )
    def test_every_number_opens_exactly_its_moves(self, client, query):
        numbers = numbers_of(
            client.get(reverse("dashboard:moves") + query).content.decode()
        )

        assert len(numbers) > 80
        assert wrong_in(numbers) == {}

    def test_moves_into_units_of_meta_count_once_for_meta(self, client):
        meta, lab = (rows_of(f"/moves/list/?to={slug}") for slug in ("meta", "tbd-lab"))

        address = reverse("dashboard:moves")
        html = client.get(address + "?period=all").content.decode()

        assert 0 < lab < meta
        assert f'href="/moves/list/?to=meta">{meta}</a>' in html
        assert "TBD Lab" not in html


class TestSeats:
    @pytest.mark.parametrize("query", ["", "?period=all", "?since=2025&vague=out"])
    def test_every_number_opens_exactly_its_rows(self, client, query):
        numbers = numbers_of(
            client.get(reverse("dashboard:seats") + query).content.decode()
        )

        assert len(numbers) > 60
        assert wrong_in(numbers) == {}

    def test_every_dot_opens_the_moves_it_tells_of(self, client):
        html = client.get(reverse("dashboard:seats")).content.decode()
        dots = re.findall(
            r'href="([^"]*)" aria-label="[^"]*: (\d+) in, (\d+) out', html
        )

        assert len(dots) > 30
        assert (
            wrong_in(
                (unescape(address).replace("?seat=", f"?{end}="), int(number))
                for address, into, out in dots
                for end, number in (("to_seat", into), ("from_seat", out))
            )
            == {}
        )
