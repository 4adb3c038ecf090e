"""Who moved from where to where, and the moves behind every number."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse

from tests.factories import EventFactory, OrganizationFactory
from tests.insights.moves_there import move, moves, read_again, record

pytestmark = pytest.mark.django_db


def show(client, query: str = "", *, status: int = 200) -> str:
    answer = client.get(reverse("dashboard:moves") + query)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def section(html: str, anchor: str) -> str:
    return words(html.partition(f'id="{anchor}"')[2].partition("</section>")[0])


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme", slug="acme", seat="big_tech")


@pytest.fixture
def bolt():
    return OrganizationFactory(name="Bolt", slug="bolt", seat="quant")


class TestMoves:
    def test_shows_the_last_twelve_months_on_record(self, client, acme, bolt):
        moves(3, acme, bolt, "2025-08-03")
        move(acme, bolt, "2024-08")
        move(acme, bolt, "2024-09")
        read_again()

        html = show(client)

        assert "September 2024 to August 2025: 4 moves on record." in html
        assert "The largest flow is from Acme to Bolt: 4." in html

    def test_shows_any_other_time(self, client, acme, bolt):
        moves(3, acme, bolt, "2025-08-03")
        move(acme, bolt, "2024-08")
        read_again()

        assert "2024: 1 move on record." in show(client, "?since=2024&until=2024")
        assert "The whole record: 4 moves" in show(client, "?period=all")
        assert "August 2024 to August 2025: 4 moves" in show(client, "?since=2024-08")

    def test_links_the_years_on_record(self, client, acme):
        move(None, acme, "2018")
        move(None, acme, "2025-08")
        read_again()

        html = show(client, "?rumours=on")

        for year in range(2018, 2026):
            assert f'?since={year}&until={year}&rumours=on"' in html

    def test_counts_vague_dates_and_says_so(self, client, acme, bolt):
        move(acme, bolt, "2025-08-03")
        move(acme, bolt, "2025")
        read_again()
        august = "?since=2025-08&until=2025-08"

        with_vague, without = show(client, august), show(client, f"{august}&vague=out")

        assert "1 of them has a date so vague that it only may fall" in words(
            with_vague
        )
        assert "August 2025: 2 moves" in with_vague
        assert "August 2025: 1 move on record" in without
        assert "are left out. Count them too" in words(without)

    def test_counts_rumours_where_they_are_asked_for(self, client, acme, bolt):
        move(acme, bolt)
        move(acme, bolt, standing="rumoured")
        read_again()

        assert "1 move on record" in show(client)
        assert "2 moves on record" in show(client, "?rumours=on")

    def test_puts_every_move_in_one_cell(self, client, acme, bolt):
        moves(2, acme, bolt)
        move(bolt, acme)
        move(None, bolt)
        read_again()

        table = section(show(client), "matrix")

        assert "▼ from ▲ to Bolt Acme all" in table
        assert "Bolt – 1 1 Acme 2 – 2 not on record 1 0 1 all 3 1 4" in table

    def test_counts_the_companies_beyond_the_largest_together(self, client):
        record(
            [
                (OrganizationFactory(), OrganizationFactory(), "2025-03-03")
                for _each in range(7)
            ]
        )
        read_again()

        html = show(client)

        assert "other companies" in section(html, "matrix")
        assert "Every move is in exactly one cell" in html

    def test_sets_seats_against_one_another(self, client, acme, bolt):
        lab = OrganizationFactory(parent=acme, company=acme, seat="frontier_lab")
        moves(2, bolt, lab)
        read_again()

        html = show(client, "?level=seat")

        assert "The largest flow is from Quant to Frontier lab: 2." in html
        assert "from_seat=quant&to_seat=frontier_lab" in html

    def test_ranks_who_gained_and_who_lost(self, client, acme, bolt):
        moves(3, acme, bolt)
        read_again()

        html = show(client)

        assert "Bolt +3 3 0" in section(html, "net-arrival")
        assert "Acme −3 0 3" in section(html, "net-departure")

    def test_counts_returns(self, client, acme, bolt):
        ada = move(None, acme, "2020")
        move(acme, bolt, "2023", person=ada)
        move(bolt, acme, "2025", person=ada)
        read_again()

        assert "1 leads back to a company left before." in words(
            show(client, "?period=all")
        )

    def test_says_what_the_picture_leaves_out(self, client, acme, bolt):
        move(acme, bolt)
        moves(2, None, bolt)
        read_again()

        html = show(client)

        assert "Not drawn: <a href=" in html
        assert ">2 moves with one end not on record</a>." in html

    def test_draws_links_that_a_keyboard_reaches_and_a_screen_reader_names(
        self, client, acme, bolt
    ):
        moves(2, acme, bolt)
        read_again()

        html = show(client)

        assert 'aria-label="2 moves from Acme to Bolt"' in html
        assert "<title>2 moves from Acme to Bolt</title>" in html

    def test_shows_no_draft_and_nothing_withdrawn(self, client, acme):
        EventFactory(organization=OrganizationFactory(name="Hidden One"))
        EventFactory(
            organization=OrganizationFactory(name="Hidden Two"), status="withdrawn"
        )
        move(None, acme)
        read_again()

        assert "Hidden" not in show(client, "?period=all")

    def test_says_what_an_empty_record_would_show(self, client):
        assert "The record holds no move yet." in show(client)

    def test_escapes_the_names_it_draws(self, client, acme):
        move(acme, OrganizationFactory(name="<script>alert(1)</script>"))
        read_again()

        html = client.get(reverse("dashboard:moves")).content.decode()

        assert "<script>alert" not in html

    def test_sets_no_cookie(self, client, acme):
        move(None, acme)
        read_again()

        assert not client.get(reverse("dashboard:moves")).cookies

    def test_makes_as_many_queries_for_thirty_moves_as_for_three(
        self, client, acme, bolt, queries_of
    ):
        moves(3, acme, bolt)
        read_again()
        address = reverse("dashboard:moves") + "?one=acme&other=bolt"
        with_few = queries_of(lambda: client.get(address))

        record([(OrganizationFactory(), bolt, "2025-03-03") for _each in range(9)])
        moves(18, bolt, acme, "2025-08")
        read_again()

        assert queries_of(lambda: client.get(address)) == with_few

    def test_counts_anew_after_each_refresh(self, client, acme, bolt):
        move(acme, bolt)
        read_again()
        assert "1 move on record" in show(client)

        move(acme, bolt)
        read_again()

        assert "2 moves on record" in show(client)

    def test_counts_nothing_twice_while_nothing_changes(
        self, client, acme, bolt, queries_of
    ):
        move(acme, bolt)
        read_again()
        first = queries_of(lambda: show(client))

        assert queries_of(lambda: show(client)) < first


class TestWrongChoice:
    def test_shows_the_reason_and_no_number(self, client, acme):
        move(None, acme)
        read_again()

        html = show(client, "?since=2025-07-07", status=400)

        assert "“2025-07-07” is a day, and these numbers are kept by month" in html
        assert "write 2025-07." in html
        assert "on record" not in words(html)

    @pytest.mark.parametrize(
        ("query", "reason"),
        [
            ("?period=13", "“13” is not one of"),
            ("?period=all&since=2025", "and so do since and until: give one"),
            ("?since=2026&until=2025", "exchange the two"),
            ("?one=nowhere", "“nowhere” is no name or address"),
            ("?colour=red", "“colour” is not the name of a filter"),
        ],
    )
    def test_names_what_is_wrong(self, client, query, reason):
        assert reason in show(client, query, status=400)


class TestHeadToHead:
    def test_sets_two_companies_against_one_another(self, client, acme, bolt):
        moves(10, acme, bolt, "2025-08-03")
        moves(5, bolt, acme, "2024-10")
        read_again()

        told = section(show(client, "?one=acme&other=bolt"), "head-to-head")

        assert "10 moves from Acme to Bolt, 5 the other way: 2.0 for each" in told
        assert "Acme → to Bolt 10 Bolt → to Acme 5" in told
        assert "2025 10 0 2024 0 5" in told

    def test_puts_the_larger_flow_first(self, client, acme, bolt):
        moves(10, acme, bolt)
        moves(5, bolt, acme)
        read_again()

        told = section(show(client, "?one=bolt&other=acme"), "head-to-head")

        assert "10 moves from Acme to Bolt, 5 the other way: 2.0 for each" in told

    def test_gives_no_ratio_of_few(self, client, acme, bolt):
        moves(10, acme, bolt)
        moves(4, bolt, acme)
        read_again()

        told = section(show(client, "?one=acme&other=bolt"), "head-to-head")

        assert "4 the other way: a ratio needs 5 each way." in told

    def test_refuses_two_places_of_one_company(self, client, acme):
        lab = OrganizationFactory(name="Lab", slug="lab", parent=acme, company=acme)
        move(None, lab)
        read_again()

        html = show(client, "?one=acme&other=lab", status=400)

        assert "Acme and Lab belong to one company" in html

    def test_finds_a_company_by_any_name(self, client, acme, bolt):
        OrganizationFactory(name="Acme Sister")
        moves(1, acme, bolt)
        read_again()

        assert "Acme → to Bolt 1" in section(
            show(client, "?one=Acme&other=BOLT"), "head-to-head"
        )


class TestChart:
    def get(self, client, extension: str, query: str = "", *, status: int = 200):
        path = reverse("dashboard:chart", args=["moves-flow", extension])
        answer = client.get(path + query)
        assert answer.status_code == status
        return answer

    def test_has_every_move_in_its_file(self, client, acme, bolt):
        moves(2, acme, bolt)
        move(None, bolt)
        read_again()

        text = self.get(client, "csv").content.decode("utf-8-sig")

        assert list(csv.reader(io.StringIO(text))) == [
            ["From", "To", "Moves"],
            ["Acme", "Bolt", "2"],
            ["not on record", "Bolt", "1"],
        ]

    def test_is_a_picture(self, client, acme, bolt):
        moves(2, acme, bolt)
        read_again()

        assert "2 moves from Acme to Bolt" in self.get(client, "svg").content.decode()
        assert self.get(client, "png").content.startswith(b"\x89PNG")

    def test_refuses_a_wrong_choice(self, client):
        self.get(client, "svg", "?since=yesterday", status=400)

    def test_is_empty_for_an_empty_record(self, client):
        assert "no move yet" in self.get(client, "svg").content.decode()
