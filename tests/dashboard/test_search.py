"""One box for people and organizations, in any script and any order."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import EventFactory, OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(client):
    def ask(query: str, *, part: str = "", **more: str) -> str:
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}
        url = reverse("dashboard:search")
        response = client.get(url, {"q": query, **more}, headers=headers)
        assert response.status_code == 200
        return str(response.content.decode())

    return ask


@pytest.fixture
def wei_ada():
    ada = PersonFactory(
        name="Wei Ada", slug="wei-ada", name_zh="魏艾达", other_names=["Ada Vee"]
    )
    EventFactory(published=True, person=ada, organization__name="Vulcan Lab")
    return ada


class TestSearch:
    @pytest.mark.parametrize(
        "query", ["Wei Ada", "ada wei", "WEI", "魏艾达", "魏艾達", "艾达", "vee", "Wéi"]
    )
    def test_finds_a_person_by_any_name_in_any_order_and_script(
        self, search, wei_ada, query
    ):
        assert wei_ada.get_absolute_url() in search(query)

    def test_says_where_a_person_was_last_known(self, search, wei_ada):
        EventFactory(
            published=True,
            person=wei_ada,
            departure=True,
            organization__name="Vulcan Lab",
            counterpart=OrganizationFactory(name="Acme"),
            happened_on=date(2026, 2, 1),
            precision="month",
        )

        assert "Acme, February 2026" in search("Wei")

    def test_does_not_take_a_rumour_for_the_last_known_place(self, search, wei_ada):
        EventFactory(
            published=True,
            person=wei_ada,
            standing="rumoured",
            organization__name="Rumour Mill",
            happened_on=date(2026, 2, 1),
        )

        assert "Rumour Mill" not in search("Wei")

    def test_finds_an_organization_with_its_company_and_seat(self, search):
        unit = OrganizationFactory(
            name="Blue Team", parent=OrganizationFactory(name="Acme"), seat="quant"
        )
        EventFactory(published=True, organization=unit)

        html = search("blue")

        assert unit.get_absolute_url() in html
        assert "Acme" in html
        assert "Quant" in html

    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_knows_nobody_and_nothing_only_an_unpublished_event_names(
        self, search, status
    ):
        EventFactory(
            status=status,
            person__name="Hidden Person",
            organization__name="Hidden Company",
            counterpart=OrganizationFactory(name="Hidden Origin"),
        )

        for spelt in ("Hidden", "Hiddem Person"):
            html = search(spelt)

            assert "Hidden Person" not in html
            assert "Hidden Company" not in html
            assert "Hidden Origin" not in html

    def test_does_not_show_who_was_merged_away(self, search, wei_ada):
        twin = PersonFactory(name="Wei Ada Twin", merged_into=wei_ada)
        EventFactory(published=True, person=twin)

        assert twin.get_absolute_url() not in search("Twin")

    def test_guesses_what_a_misspelling_meant(self, search, wei_ada):
        PersonFactory(name="Somebody Else")
        EventFactory(published=True, person__name="Konstantin Weller")

        html = search("Konstantim Weler")

        assert "Did you mean" in html
        assert "Konstantin Weller" in html

    def test_says_when_nobody_is_called_so(self, search, wei_ada):
        assert "Nobody and nothing on record is called “Qqqqqq”" in search("Qqqqqq")

    @pytest.mark.parametrize("query", ["", "   ", ".,–", "\x00", "%", "_"])
    def test_lists_nobody_for_no_letter(self, search, wei_ada, query):
        assert "Wei Ada" not in search(query)

    def test_reads_only_the_beginning_of_an_endless_text(self, search, wei_ada):
        assert "x" * 300 not in search("x" * 3000)

    def test_shows_what_was_typed_as_text(self, search):
        assert "<script>alert(1)" not in search("<script>alert(1)</script>")

    def test_lists_at_most_twenty_and_says_so(self, search):
        for _ in range(22):
            EventFactory(published=True, person__name="Many Same")

        html = search("Many")

        assert html.count("<b>Many Same</b>") == 20
        assert "the first 20" in html

    def test_makes_as_many_queries_for_thirty_people_as_for_three(
        self, search, queries_of
    ):
        for _ in range(3):
            EventFactory(published=True, person__name="Many Same")
        with_three = queries_of(lambda: search("Many"))

        for _ in range(27):
            EventFactory(published=True, person__name="Many Same")

        # record's number, names of people and the rows, of organizations, latest events
        assert queries_of(lambda: search("Many")) == with_three == 5

    def test_answers_htmx_with_the_part_it_asks_for(self, search, wei_ada):
        page = search("Wei", part="search-results")
        box = search("Wei", part="suggestions")
        other = search("Wei", part="main")

        assert page.lstrip().startswith('<div class="search-hits" id="search-results"')
        assert box.lstrip().startswith('<div class="suggestions')
        assert "<html" in other
        assert all(wei_ada.get_absolute_url() in html for html in (page, box))
