import pytest

from tests.bench import pages, table
from tests.factories import EventFactory, PersonFactory

PAGE = {"queries": 3, "warm": {"p50": 10, "p95": 20}, "cold": {"p50": 30, "p95": 40}}


@pytest.mark.django_db
class TestPages:
    def test_have_addresses_that_answer(self, client):
        for number in range(3):
            person = PersonFactory(name=f"Ada Invented{number}", name_zh="虚构")
            EventFactory(published=True, person=person)

        for name, addresses in pages.pages().items():
            assert addresses, name
            assert client.get(addresses[0]).status_code == 200, name

    def test_are_drawn_alike_each_time(self):
        for _ in range(40):
            EventFactory(published=True)

        assert pages.pages() == pages.pages()


class TestTable:
    def test_compares_rates_with_the_trivial_view(self):
        trivial, newest = {**PAGE, "rate": 4000.0}, {**PAGE, "rate": 200.0}
        result = {
            "events": 10_000,
            "pages": {"trivial view": trivial, "newest events": newest},
        }

        lines = table.pages([result]).splitlines()

        assert lines[0].split() == [
            *("page", "events", "queries", "p50", "p95"),
            *("p50", "cold", "p95", "cold", "requests/s", "of", "trivial"),
        ]
        assert lines[2].split() == [
            *("newest", "events", "10,000", "3", "10.0", "20.0", "30.0", "40.0"),
            *("200", "1/20"),
        ]

    def test_says_how_much_longer_the_larger_record_takes(self):
        slower = {**PAGE, "warm": {"p50": 15, "p95": 30}}
        small = {"events": 10_000, "pages": {"home": PAGE}}
        large = {"events": 1_000_000, "pages": {"home": slower}}

        lines = table.growth(small, large).splitlines()

        assert lines[0] == "1,000,000 events against 10,000"
        assert lines[2].split() == ["home", "1.50", "1.00", "2.00"]
