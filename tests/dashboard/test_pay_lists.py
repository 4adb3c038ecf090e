"""The lists and files behind the Pay page."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from talent.dashboard.charts import as_csv, makers
from talent.insights.refresh import refresh_all, refresh_touched
from talent.registry.models import EventReason
from tests.dashboard.pay_pages import LISTS, page, paid, rows_in, words
from tests.factories import (
    NOON,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    ReadingFactory,
    ReasonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    return partial(page, client)


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

    def test_makes_as_many_queries_for_ten_packages_as_for_three(
        self, client, queries_of
    ):
        for _ in range(3):
            paid()
        refresh_touched(at=NOON)
        few = queries_of(lambda: client.get(LISTS[0]))

        for _ in range(7):
            paid()
        refresh_touched(at=NOON)

        assert queries_of(lambda: client.get(LISTS[0])) == few


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

    def test_makes_as_many_queries_for_ten_moves_as_for_three(self, client, queries_of):
        EventFactory.create_batch(3, published=True)
        refresh_all(at=NOON)
        few = queries_of(lambda: client.get(LISTS[1]))

        EventFactory.create_batch(7, published=True)
        refresh_all(at=NOON)

        assert queries_of(lambda: client.get(LISTS[1])) == few


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
            refresh_touched(at=NOON)
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
        question = {"amount": "123456789", "months": "7"}

        for name in ("pay-reported", "pay-per-year", "pay-compared", "reasons"):
            told = {} if name == "reasons" else question
            table = as_csv(makers[name](told)).lower()
            assert "vest" not in table
            assert "123456789" not in table
        assert not [name for name in makers if "forgone" in name or "vest" in name]

    def test_of_a_total_and_of_years_have_numbers_in_their_tables(self):
        paid(400_000_000, years=4)
        refresh_touched(at=NOON)

        assert ",400000000," in as_csv(makers["pay-reported"]({}))
        assert ",100000000," in as_csv(makers["pay-per-year"]({}))
