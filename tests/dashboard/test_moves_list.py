"""The list of moves behind every number: its sentences, its pages, its refusals."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from talent.dashboard import moves_list
from talent.registry.models import Event
from tests.factories import OrganizationFactory, PersonFactory
from tests.insights.moves_there import move, moves, read_again, record

pytestmark = pytest.mark.django_db


def show_list(client, query: str = "", *, status: int = 200) -> str:
    answer = client.get(reverse("dashboard:move_list") + query)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme", slug="acme", seat="big_tech")


@pytest.fixture
def bolt():
    return OrganizationFactory(name="Bolt", slug="bolt", seat="quant")


class TestMoveList:
    def test_tells_each_move_as_a_sentence_with_its_links(self, client, acme, bolt):
        ada = PersonFactory(name="Ada Invented", slug="ada")
        move(acme, bolt, "2025-08-03", person=ada)
        read_again()

        html = show_list(client)

        hire = Event.objects.get()
        assert "3 August 2025 Ada Invented left ▼ Acme → to ▲ Bolt hire" in words(html)
        for address in (
            *(ada.get_absolute_url(), acme.get_absolute_url()),
            *(bolt.get_absolute_url(), hire.get_absolute_url()),
        ):
            assert f'href="{address}"' in html

    @pytest.mark.parametrize(
        ("left", "said"), [("2025-01", True), ("2025", False), ("2025-08-03", False)]
    )
    def test_says_when_somebody_had_left_before(self, client, acme, bolt, left, said):
        ada = PersonFactory()
        move(acme, None, left, person=ada)
        move(acme, bolt, "2025-08-03", person=ada)
        read_again()

        shown = words(show_list(client))
        company = words(client.get(acme.get_absolute_url()).content.decode())

        assert shown.count("3 August 2025") == 1
        assert ("left January 2025" in shown) == said
        assert ("left January 2025" in company) == said

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"founder": True}, "founded, from ▼ Acme → to ▲ Bolt"),
            ({"stated_return": True}, "returned from ▼ Acme → to ▲ Bolt"),
        ],
    )
    def test_knows_founders_and_returns(self, client, acme, bolt, fields, sentence):
        move(acme, bolt, **fields)
        read_again()

        assert sentence in words(show_list(client))

    def test_tells_one_sided_moves(self, client, acme, bolt):
        move(acme, None, "2025-08-03")
        move(None, bolt, "2025-08-03")
        read_again()

        told = words(show_list(client))

        assert "left ▼ Acme departure" in told
        assert "joined ▲ Bolt hire" in told

    def test_marks_what_is_inferred_and_what_is_rumoured(self, client, acme, bolt):
        ada = move(None, acme, "2020")
        move(acme, None, "2024", person=ada)
        move(None, bolt, "2025", person=ada)
        move(acme, bolt, standing="rumoured")
        read_again()

        told = words(show_list(client, "?rumours=on"))

        assert told.count("one follows the other; no source links them") == 1
        assert told.count(" rumoured ") == 1

    def test_marks_an_end_that_no_event_records(self, client, acme, bolt):
        ada = move(None, acme, "2020")
        move(None, bolt, "2024-05", person=ada, never_started=True)
        read_again()

        assert "left ▼ Acme end inferred" in words(show_list(client))

    def test_counts_exactly_and_tells_of_vague_dates(self, client, acme):
        move(None, acme, "2025-08")
        move(None, acme, "2025")
        read_again()

        told = words(show_list(client, "?since=2025-08&until=2025-08"))

        assert "Moves, August 2025" in told
        assert "2 moves." in told.replace(" .", ".")
        assert "1 of them has a date so vague" in told

    def test_goes_page_by_page_without_gap_or_repeat(
        self, client, acme, bolt, monkeypatch
    ):
        monkeypatch.setattr(moves_list, "ROWS", 4)
        names = [f"Nobody{n:02}" for n in range(10)]
        for n, name in enumerate(names):
            # Two a day: the key of the row decides between them.
            when = f"2025-03-{1 + n // 2:02}"
            move(acme, bolt, when, person=PersonFactory(name=name))
        read_again()

        seen, query = [], ""
        for _page in range(3):
            html = show_list(client, query)
            seen += re.findall(r"Nobody\d\d", html)
            older = re.search(r'rel="next" href="(\?[^"]*)"', html)
            query = older[1] if older else ""
        assert sorted(seen) == names
        assert query == ""
        back = re.search(r'rel="prev" href="(\?[^"]*)"', html)[1]
        assert re.findall(r"Nobody\d\d", show_list(client, back)) == seen[4:8]

    def test_keeps_its_filter_from_page_to_page(self, client, acme, bolt, monkeypatch):
        monkeypatch.setattr(moves_list, "ROWS", 1)
        moves(2, acme, bolt)
        move(bolt, acme)
        read_again()

        html = show_list(client, "?to=bolt")

        assert re.search(r'rel="next" href="\?to=bolt&after=\d+\.\d+"', html)

    def test_carries_along_what_its_form_does_not_ask(self, client, acme, bolt):
        moves(1, acme, bolt)
        read_again()

        assert '<input type="hidden" name="not_from" value="bolt">' in show_list(
            client, "?not_from=bolt"
        )

    @pytest.mark.parametrize("place", ["after=x", "after=1.2&before=1.2", "after=9e9"])
    def test_says_where_no_page_is(self, client, acme, place):
        move(None, acme)
        read_again()

        html = show_list(client, f"?{place}", status=400)

        assert "To the beginning of the list" in html
        assert "event-row" not in html

    def test_shows_a_wrong_filter_and_no_row(self, client, acme):
        move(None, acme)
        read_again()

        html = show_list(client, "?to=nowhere", status=400)

        assert "“nowhere” is no name or address" in html
        assert "event-row" not in html

    def test_says_what_an_empty_list_would_show(self, client, acme):
        move(None, acme)
        read_again()

        assert "Here would stand: Moves from Acme." in show_list(client, "?from=acme")

    def test_makes_as_many_queries_for_thirty_moves_as_for_three(
        self, client, acme, bolt, queries_of
    ):
        moves(3, acme, bolt)
        read_again()
        with_few = queries_of(lambda: show_list(client))

        record([(OrganizationFactory(), bolt, "2025-03-03") for _each in range(27)])
        read_again()

        assert queries_of(lambda: show_list(client)) == with_few == 7
