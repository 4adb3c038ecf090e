"""The seats side by side, and the moves and stints behind every number."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse

from talent.insights.pay_filter import PackageFilter
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    ReadingFactory,
)
from tests.insights.moves_there import move, moves, read_again, record
from tests.insights.stays_there import stays

pytestmark = pytest.mark.django_db


def show(client, query: str = "", *, status: int = 200) -> str:
    answer = client.get(reverse("dashboard:seats") + query)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def section(html: str, anchor: str) -> str:
    return words(html.partition(f'id="{anchor}"')[2].partition("</section>")[0])


@pytest.fixture
def quant():
    return OrganizationFactory(seat="quant")


@pytest.fixture
def big():
    return OrganizationFactory(seat="big_tech")


def paid(organization, low: int, outcome: str = "accepted") -> None:
    hire = EventFactory(published=True, organization=organization)
    package = PackageFactory(
        event=hire, person=hire.person, organization=organization, outcome=outcome
    )
    ReadingFactory(package=package, form="annual", low=low)


class TestSeats:
    def test_sets_the_six_side_by_side_and_the_others_below(self, client, quant, big):
        moves(12, big, quant)
        moves(6, quant, big)
        move(OrganizationFactory(seat="investor"), None)
        read_again()

        table = section(show(client), "side-by-side")

        assert "Big tech 6 12 −6 0.5 " in table
        assert "Quant 12 6 +6 2.0 " in table
        assert "Academia few 0 0 0 –" in table
        assert table.index("Frontier lab") < table.index("Investor few 0 1 −1 –")

    def test_tells_the_median_pay_a_year_by_who_pays_and_opens_its_packages(
        self, client, quant
    ):
        for low in (100, 300, 900):
            paid(quant, low)
        paid(quant, 7, outcome="declined")
        move(None, quant)
        read_again()

        html = show(client)

        assert "US$300 few 3" in section(html, "side-by-side")
        address, number = re.search(
            r'href="/pay/packages/\?([^"]+)">(\d+)</a>', html
        ).groups()
        packages = PackageFilter(QueryDict(address))
        assert packages.is_valid()
        assert len(packages.lines()) == int(number) == 3

    def test_gives_no_ratio_of_few(self, client, quant, big):
        moves(12, big, quant)
        moves(4, quant, big)
        read_again()

        assert "Big tech 4 12 −8 – " in section(show(client), "side-by-side")

    def test_tells_the_median_stay_with_its_number_of_stints(self, client, quant):
        stays(quant, *[7] * 12)
        read_again()

        assert "7 months 12" in section(show(client, "?period=all"), "side-by-side")

    def test_labels_a_median_of_few(self, client, quant):
        stays(quant, 7, 7)
        read_again()

        assert "7 months few 2" in section(show(client, "?period=all"), "side-by-side")

    def test_tells_where_joiners_came_from_and_leavers_went(self, client, quant, big):
        moves(3, big, quant)
        moves(2, quant, None)
        move(OrganizationFactory(seat="quant"), quant)
        read_again()

        card = section(show(client), "seat-quant")

        assert "Joiners came from Big tech 3" in card
        assert "Leavers went to not on record 2" in card
        assert "1 more moved within the seat." in card

    def test_draws_the_gap_and_says_who_drifts_apart(self, client, quant, big):
        moves(6, big, quant, "2025-02-03")
        moves(6, big, quant, "2025-Q3")
        read_again()

        html = show(client, "?since=2025&until=2025")

        assert "the seats drift apart: Quant +12, Big tech −12." in html
        assert "Quant, Q1 2025: 6 in, 0 out; +6 since Q1 2025" in html
        assert "Moves in and out, N: Big tech 12, Quant 12" in html

    def test_labels_a_line_of_few(self, client, quant, big):
        move(big, quant, "2025-02-03")
        read_again()

        html = show(client)

        assert "Quant +1 (few)" in html
        assert "Too few moves are recorded in this time to see a gap" in html

    def test_counts_apart_what_no_quarter_holds(self, client, quant):
        move(None, quant, "2025")
        move(None, quant, "2025-08")
        read_again()

        assert "1 more move of this time is dated too vaguely" in show(client)

    def test_shows_another_time(self, client, quant):
        move(None, quant, "2020-03")
        move(None, quant, "2025-08")
        read_again()

        assert "1 move counted." in words(show(client))
        assert "2 moves counted." in words(show(client, "?period=all"))

    def test_says_that_it_is_no_census(self, client, quant):
        move(None, quant)
        read_again()

        assert "Recorded public moves, not a census." in section(
            show(client), "side-by-side"
        )

    def test_shows_a_wrong_choice_and_no_number(self, client, quant):
        move(None, quant)
        read_again()

        html = show(client, "?until=soon", status=400)

        assert "“soon” is not a date we can read" in html
        assert "Side by side" not in html

    def test_says_what_an_empty_record_would_show(self, client):
        assert "The record holds no move yet." in show(client)

    def test_makes_as_many_queries_for_thirty_moves_as_for_three(
        self, client, quant, big, queries_of
    ):
        moves(3, big, quant)
        read_again()
        with_few = queries_of(lambda: show(client))

        record([(OrganizationFactory(), quant, "2025-03-03") for _each in range(27)])
        read_again()

        assert queries_of(lambda: show(client)) == with_few


class TestChart:
    def test_has_in_out_and_net_of_every_step_in_its_file(self, client, quant, big):
        moves(2, big, quant, "2025-02-03")
        read_again()

        path = reverse("dashboard:chart", args=["seats-gap", "csv"])
        answer = client.get(path + "?since=2025-Q1&until=2025-Q1")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

        assert rows[0] == ["Time", "Seat", "In", "Out", "Net", "Net, added up"]
        assert ["Q1 2025", "Quant", "2", "0", "2", "2"] in rows
        assert ["Q1 2025", "Big tech", "0", "2", "-2", "-2"] in rows
        assert len(rows) == 1 + 6

    def test_is_a_picture(self, client, quant, big):
        moves(12, big, quant, "2025-02-03")
        read_again()

        answer = client.get(reverse("dashboard:chart", args=["seats-gap", "png"]))

        assert answer.content.startswith(b"\x89PNG")
