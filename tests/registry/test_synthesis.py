"""Invented data sets: the same for the same seed, believable, and good enough to load."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Sum

from talent.registry.models import Event, EventTally, Organization, Package, Person
from talent.registry.starter import load
from talent.registry.starter.format import FILES
from talent.registry.synthesis import synthesize

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def rows(directory, name):
    with (directory / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def contents(directory):
    return {file.name: (directory / file.name).read_bytes() for file in FILES}


def days_between(first, second):
    return (date.fromisoformat(second["date"]) - date.fromisoformat(first["date"])).days


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    directory = tmp_path_factory.mktemp("thousand")
    synthesize(directory, events=1000, seed=7)
    return directory


class TestSynthesize:
    def test_gives_the_same_bytes_for_the_same_seed(self, tmp_path, thousand):
        synthesize(tmp_path, events=1000, seed=7)

        assert contents(tmp_path) == contents(thousand)

    def test_gives_another_set_for_another_seed(self, tmp_path, thousand):
        synthesize(tmp_path, events=1000, seed=8)

        assert rows(tmp_path, "people.csv") != rows(thousand, "people.csv")

    @pytest.mark.parametrize("events", [1, 50, 300])
    def test_writes_as_many_events_as_asked(self, tmp_path, events):
        counts = synthesize(tmp_path, events=events)

        assert counts["events.csv"] == len(rows(tmp_path, "events.csv")) == events

    def test_makes_few_organizations_busy_and_most_not(self, thousand):
        busy = Counter(row["organization"] for row in rows(thousand, "events.csv"))
        counts = sorted(busy.values(), reverse=True)

        assert counts[0] > 1000 / 20
        assert counts[len(counts) // 2] < counts[0] / 5

    def test_puts_units_inside_companies(self, thousand):
        organizations = rows(thousand, "organizations.csv")

        assert len(organizations) == 40
        assert sum(bool(row["parent"]) for row in organizations) == 4

    def test_lets_the_two_halves_of_a_move_name_one_another(self, thousand):
        careers = defaultdict(list)
        for row in rows(thousand, "events.csv"):
            if row["precision"] == "day":
                careers[row["person"]].append(row)
        halves = [
            (left, joined)
            for events in careers.values()
            for left, joined in zip(events, events[1:], strict=False)
            if (left["kind"], joined["kind"]) == ("departure", "hire")
            and days_between(left, joined) < 70
        ]

        assert len(halves) > 5
        for left, joined in halves:
            assert left["counterpart"] in {"", joined["organization"]}
            assert joined["counterpart"] in {"", left["organization"]}

    def test_holds_what_the_real_record_holds(self, thousand):
        events = rows(thousand, "events.csv")
        people = rows(thousand, "people.csv")
        citations = rows(thousand, "citations.csv")

        assert {row["precision"] for row in events} >= {"day", "month", "year"}
        assert {row["kind"] for row in events} == {"hire", "departure"}
        for flag in ("founder", "stated_return", "background"):
            assert {row[flag] for row in events} == {"0", "1"}
        assert any(row["name_zh"] for row in people)
        assert any(row["aliases"] for row in people)
        assert 1.9 < len(citations) / len(events) < 2.7
        assert len({row["source"] for row in citations}) < len(citations) / 2
        assert rows(thousand, "readings.csv")
        assert rows(thousand, "deals.csv")

    @pytest.mark.django_db
    def test_loads_without_a_complaint(self, tmp_path):
        counts = synthesize(tmp_path, events=300, seed=3)

        report = load(tmp_path, at=NOON)

        assert report.of("events").made == counts["events.csv"] == 300
        assert Event.objects.published().count() == 300
        assert Person.objects.count() == counts["people.csv"]
        assert EventTally.objects.aggregate(all=Sum("events"))["all"] == 300
        assert not Event.objects.filter(organization=F("counterpart")).exists()
        assert Organization.objects.exclude(parent=None).exists()
        assert Package.objects.count() == counts["packages.csv"]
        assert not load(tmp_path, at=NOON).changed


class TestAHostileSet:
    @pytest.mark.django_db
    def test_holds_text_that_breaks_careless_pages_and_loads(self, tmp_path):
        synthesize(tmp_path, events=300, seed=3, hostile=True)

        load(tmp_path, at=NOON)

        text = "\n".join(
            "\n".join(row)
            for row in Event.objects.values_list("title", "summary", "person__name")
        )
        for hostile in ("<script>", "=1+1", "\u202e", "\u2028", "W" * 150, "{{ 7*7 }}"):
            assert hostile in text
        assert any(name[0] in "=+-@" for name in text.splitlines() if name)

    def test_has_no_nul(self, tmp_path):
        synthesize(tmp_path, events=300, seed=3, hostile=True)

        assert not any(b"\0" in content for content in contents(tmp_path).values())


class TestTheCommand:
    def test_writes_a_set_and_says_how_large(self, tmp_path):
        said = StringIO()

        call_command(
            "synthesize", tmp_path / "new", "--events", "10", "--seed", "4", stdout=said
        )

        assert "events.csv: 10 rows\n" in said.getvalue()
        assert len(rows(tmp_path / "new", "events.csv")) == 10

    def test_refuses_a_set_of_nothing(self, tmp_path):
        with pytest.raises(CommandError, match="--events must be 1 or more"):
            call_command("synthesize", tmp_path, "--events", "0")

    def test_says_where_it_cannot_write(self, tmp_path):
        (tmp_path / "file").write_text("")

        with pytest.raises(CommandError, match="cannot be written: "):
            call_command("synthesize", tmp_path / "file", "--events", "1")
