import pytest

from tests.bench import exports, pages, refreshes, table
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
        trivial = {**PAGE, "rate": 4000.0}
        newest = {**PAGE, "rate": 200.0, "ahead": {"p50": 2, "p95": 3}}
        result = {
            "events": 10_000,
            "pages": {"trivial view": trivial, "newest events": newest},
        }

        lines = table.pages([result]).splitlines()

        assert lines[0].split() == [
            *("page", "events", "queries", "p50", "p95"),
            *("p50", "cold", "p95", "cold", "p50", "ahead"),
            *("requests/s", "of", "trivial"),
        ]
        assert lines[2].split() == [
            *("newest", "events", "10,000", "3", "10.0", "20.0", "30.0", "40.0"),
            *("2.0", "200", "1/20"),
        ]

    def test_says_how_much_longer_the_larger_record_takes(self):
        slower = {**PAGE, "warm": {"p50": 15, "p95": 30}}
        small = {"events": 10_000, "pages": {"home": PAGE}}
        large = {"events": 1_000_000, "pages": {"home": slower}}

        lines = table.growth(small, large).splitlines()

        assert lines[0] == "1,000,000 events against 10,000"
        assert lines[2].split() == ["home", "1.50", "1.00", "2.00", "1.33"]

    def test_sets_a_refresh_beside_its_floor(self):
        edits = dict.fromkeys(("person", "at largest", "rename", "seat"), 20.0)
        result = {
            "events": 10_000,
            "floor": {"facts": 1.5, "points": 0.5},
            "differences": {"stint": 0.01},
            "full": {
                "empty": 4.5,
                "unchanged": 2.5,
                "points": 0.5,
                "process": 90,
                "server": 60,
            },
            "edits": edits,
        }
        larger = {**result, "events": 100_000, "edits": {**edits, "person": 30.0}}

        lines = table.refreshes([result, larger]).splitlines()

        assert lines[1].split() == [
            *("from", "empty", "tables", "10,000", "5.0", "2.0", "2.5", "90", "60")
        ]
        assert "stint +1.0%" in lines[5]
        assert "100,000  30.0   1.50" in lines[12]


@pytest.mark.django_db
class TestExports:
    def test_are_set_beside_the_copy_of_the_same_rows(self, client):
        EventFactory.create_batch(3, published=True)

        def ask(address):
            response = client.get(address)
            # Read to its end it is closed; once more would close the test's connection.
            response.close = lambda: None
            return response

        result = {form: exports.exported(form, ask) for form in ("csv", "jsonl")}
        result["frozen"] = exports.frozen()
        lines = exports.told(result).splitlines()

        assert result["csv"]["rows"] == result["jsonl"]["rows"] == 3
        assert lines[1].split()[:2] == ["csv", "3"]
        assert result["csv"]["first_ms"] > 0


@pytest.mark.django_db
class TestFloor:
    def test_counts_what_the_refresh_counts(self, starter_data):
        _seconds, counted = refreshes.the_floor()

        differ = refreshes.differences(counted)
        assert max(map(abs, differ.values())) < 0.15, differ
