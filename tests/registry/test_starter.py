"""Loading data sets: what a good one makes of the record, and how a bad one is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum

from talent.registry import removals
from talent.registry.models import (
    Citation,
    Deal,
    Event,
    EventReason,
    EventTally,
    Generation,
    Organization,
    Package,
    Person,
    Reading,
    Reason,
    Source,
)
from talent.registry.signals import record_changed
from talent.registry.starter import STARTER_DATA, BadData, load, writing
from tests.factories import EventFactory
from tests.registry.data_sets import DataSet

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def data_set(tmp_path):
    return DataSet(tmp_path)


@pytest.fixture(scope="class")
def once(django_db_setup, django_db_blocker, tmp_path_factory):
    """One load for all tests of a class; each of them runs in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(DataSet(tmp_path_factory.mktemp("set")).directory, at=NOON)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(once, data_set):
    """The files of what is loaded, to change. Use it in all tests of a class, or in none."""
    return data_set


def versions():
    """How many versions of rows the history holds."""
    return sum(
        model.history.rel.related_model.objects.count()
        for model in (
            Organization, Person, Source, Event, Citation, EventReason, Package, Reading,
            Deal,
        )
    )  # fmt: skip


def updates_counted():
    """Rows updated, as counted on this connection: those of tests before this one are in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_upd) FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('registry_event', 'registry_organization')"
        )
        return cursor.fetchone()[0]


def indexes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename LIKE 'registry_%' ORDER BY indexname"
        )
        return cursor.fetchall()


def refusal(data_set, **options):
    with pytest.raises(BadData) as refused:
        load(data_set.directory, at=NOON, **options)
    return [str(problem) for problem in refused.value.problems]


class TestALoadedSet:
    def test_reads_organizations_with_units_named_before_their_company(self, loaded):
        unit = Organization.objects.get(slug="orb-minds")
        company = Organization.objects.get(slug="orb")

        assert unit.parent == unit.company == company
        assert (company.name_zh, company.other_names) == ("圆球", ["Orb Inc", "ORB"])
        assert company.founded.isoformat() == "1999-05"
        assert (company.country, company.seat) == ("US", "big_tech")

    def test_reads_people(self, loaded):
        person = Person.objects.get(slug="mira-orsted")

        assert (person.name, person.name_zh) == ("Mira Orsted", "澜星舟")
        assert person.other_names == ["Orsted Mira"]
        assert person.known_for == ["Kestrel", "Kestrel 2"]
        assert person.education == ["PhD, Ostvale University"]
        assert Person.objects.get(slug="jun-quill").known_for == []

    def test_reads_events_and_publishes_them(self, loaded):
        event = Event.objects.get(slug="mira-joins-orb")

        assert (event.status, event.published_at) == ("published", NOON)
        assert (event.kind, event.standing) == ("hire", "confirmed")
        assert event.company.slug == "orb"
        assert event.counterpart.slug == "tern"
        assert (event.team, event.title) == ("Reasoning", "Chief Scientist")
        assert (event.happened_on, event.precision) == (date(2025, 7, 1), "day")
        assert event.disagreement == "One page says June."
        assert Event.objects.get(slug="jun-joins-tern").founder

    def test_counts_what_the_triggers_count(self, loaded):
        counts = Event.objects.order_by("slug").values_list(
            "slug", "source_count", "origin_count", "newest_source_on"
        )

        assert list(counts) == [
            ("jun-joins-tern", 0, 0, None),
            ("mira-joins-orb", 2, 2, date(2025, 7, 2)),
            ("mira-leaves-tern", 1, 1, date(2025, 7, 2)),
        ]
        assert EventTally.objects.aggregate(all=Sum("events"))["all"] == 3

    def test_reads_sources_and_what_they_state(self, loaded):
        source = Source.objects.get(key="s1")

        assert source.published.isoformat() == "2025-07-02"
        assert Source.objects.get(key="s2").published is None
        states = source.citations.get(event__slug="mira-joins-orb").states
        assert states == "Says so"

    def test_reads_pay_of_people_and_of_groups(self, loaded):
        package = Package.objects.with_readings().get(key="mira-package")

        assert package.status == "published"
        assert package.event.slug == "mira-joins-orb"
        assert package.headline.source.key == "s1"
        group = Package.objects.get(key="group-package")
        assert (group.person, group.recipients) == (None, "Ten researchers")

    def test_reads_deals_with_the_events_that_belong_to_them(self, loaded):
        deal = Deal.objects.get(key="orb-tern")

        assert (deal.form, deal.happened.isoformat()) == ("", "2025-06")
        assert deal.events.count() == 2
        assert str(deal.readings.get()) == "about US$50M"

    def test_says_in_the_history_who_wrote(self, loaded):
        version = Person.objects.first().history.get()

        assert version.pgh_context.metadata["command"] == "load_starter"
        assert version.pgh_context.metadata["overwrite"] is False

    def test_builds_on_what_the_record_has(self, loaded):
        for file in loaded.rows:
            loaded.rows[file] = loaded.rows[file][:0]
        loaded.add(
            "events.csv", id="jun-leaves-tern", kind="departure", person="jun-quill",
            organization="tern", date="2026", precision="year", date_basis="reported",
            status="reported", founder="0", never_started="0", stated_return="0",
            background="0",
        )  # fmt: skip
        loaded.add("citations.csv", event="jun-leaves-tern", source="s2")

        report = load(loaded.directory, at=LATER)

        assert report.of("events").made == 1
        event = Event.objects.get(slug="jun-leaves-tern")
        assert event.person.name == "Jun Quill"
        assert event.citations.get().source.key == "s2"


class TestLoad:
    def test_finds_the_company_of_a_unit_of_a_unit_that_is_named_first(self, data_set):
        data_set.rows["organizations.csv"].insert(
            0, {"slug": "a", "name": "A", "seat": "other", "parent": "orb-minds"}
        )
        data_set.write()

        load(data_set.directory, at=NOON)

        assert Organization.objects.get(slug="a").company.slug == "orb"

    def test_writes_each_row_once(self, data_set):
        before = updates_counted()

        load(data_set.directory, at=NOON)

        assert updates_counted() == before

    def test_reads_reasons_and_makes_those_that_are_new(self, data_set):
        mission = Reason.objects.create(name="mission")

        load(data_set.directory, at=NOON)

        stated = EventReason.objects.filter(event__slug="mira-leaves-tern")
        assert {row.reason.name for row in stated} == {"mission", "compensation"}
        assert mission in {row.reason for row in stated}

    def test_sends_the_news_after_the_commit(
        self, data_set, django_capture_on_commit_callbacks
    ):
        news = []

        def hear(sender, people, companies, **_kwargs):
            news.append((people, companies))

        record_changed.connect(hear)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                load(data_set.directory, at=NOON)
        finally:
            record_changed.disconnect(hear)

        [(people, companies)] = news
        assert people == set(Person.objects.values_list("pk", flat=True))
        assert companies == {
            Organization.objects.get(slug=slug).pk for slug in ("orb", "tern")
        }

    def test_takes_columns_in_any_order_and_a_byte_order_mark(self, data_set):
        data_set.overwrite(
            "people.csv",
            "\ufeffname,slug,education,known_for,aliases,name_zh\r\n"
            "Mira Orsted,mira-orsted,,,Orsted M,\r\nJun Quill,jun-quill,,,,\r\n"
            "\r\n".encode(),
        )

        load(data_set.directory, at=NOON)

        assert Person.objects.get(slug="mira-orsted").other_names == ["Orsted M"]

    def test_finds_a_source_by_its_address(self, data_set):
        theirs = Source.objects.create(url="https://wire.example/one", title="Another")

        report = load(data_set.directory, at=NOON)

        assert report.of("sources").left_alone == 1
        assert theirs.citations.count() == 2

    @pytest.mark.parametrize(
        ("written", "precision", "first"),
        [
            ("2025", "year", date(2025, 1, 1)),
            ("2025-Q3", "quarter", date(2025, 7, 1)),
            ("2025-07", "quarter", date(2025, 7, 1)),
            ("2025-08", "month", date(2025, 8, 1)),
        ],
    )
    def test_reads_dates_as_precisely_as_they_are_known(
        self, data_set, written, precision, first
    ):
        data_set.change("events.csv", 1, date=written, precision=precision)

        load(data_set.directory, at=NOON)

        event = Event.objects.get(slug="mira-joins-orb")
        assert (event.happened_on, event.precision) == (first, precision)


class TestALoadOfManyRows:
    def test_builds_the_same_indexes_after_filling_the_tables(
        self, data_set, monkeypatch
    ):
        monkeypatch.setattr(writing, "WORTH_IT", 1)
        before = indexes()

        report = load(data_set.directory, at=NOON)

        assert indexes() == before
        assert report.of("citations").made == Citation.objects.count() == 3
        assert not load(data_set.directory, at=LATER).changed


class TestANote:
    def test_says_what_a_figure_covers_and_how_it_is_paid(self, data_set):
        expected = {
            "Over several years, contingent on milestones": (True, "targets"),
            "Described as multiyear": (True, ""),
            "A multi-year package, fully guaranteed": (True, "guaranteed"),
            "With $50m guaranteed in the first year": (False, ""),
            "With deferred and performance-based parts": (False, ""),
            "A package": (False, ""),
        }
        for note in expected:
            data_set.repeat("readings.csv", 0, note=note, rank="")

        load(data_set.directory, at=NOON)

        read = {
            reading.note: (reading.several_years, reading.terms)
            for reading in Reading.objects.filter(note__in=expected)
        }
        assert read == expected

    def test_says_nothing_of_years_beside_a_yearly_figure_or_stated_years(
        self, data_set
    ):
        data_set.change("readings.csv", 0, years="4")
        data_set.change("readings.csv", 1, note="Every report says multi-year")

        load(data_set.directory, at=NOON)

        assert not Reading.objects.filter(several_years=True).exists()


class TestASecondLoad:
    def test_changes_nothing(self, loaded):
        before = versions(), Generation.current()

        report = load(loaded.directory, at=LATER)

        assert (versions(), Generation.current()) == before
        assert not report.changed
        assert {each.label: each.unchanged for each in report if each.unchanged} == {
            "organizations": 3, "people": 2, "sources": 2, "events": 3, "citations": 3,
            "reasons": 2, "stated reasons": 2, "packages": 2, "readings": 2, "deals": 1,
            "events of deals": 2, "deal readings": 1,
        }  # fmt: skip
        assert not Event.objects.filter(updated_at=LATER).exists()

    def test_leaves_alone_what_a_curator_changed_and_says_so(self, loaded):
        Event.objects.filter(slug="mira-joins-orb").update(
            title="Scientist", standing="rumoured"
        )
        before = versions()

        report = load(loaded.directory, at=LATER)

        assert Event.objects.get(slug="mira-joins-orb").title == "Scientist"
        assert versions() == before
        assert report.of("events").left_alone == 1
        [difference] = report.differences
        assert str(difference) == "events.csv, line 3: standing, title"

    def test_leaves_alone_what_the_files_say_in_other_words(self, loaded):
        loaded.change("readings.csv", 0, note="Spread over several years", rank="")
        loaded.change("deal_readings.csv", 0, status="confirmed")

        report = load(loaded.directory, at=LATER)

        assert not report.changed
        assert report.of("readings").left_alone == 1
        assert report.of("deal readings").left_alone == 1

    def test_does_not_publish_again_what_was_withdrawn(self, loaded):
        Event.objects.filter(slug="mira-joins-orb").update(status="withdrawn")

        report = load(loaded.directory, at=LATER, overwrite=True)

        assert Event.objects.get(slug="mira-joins-orb").status == "withdrawn"
        assert not report.changed

    def test_knows_a_reading_that_was_reworded(self, loaded):
        Reading.objects.filter(rank="preferred").update(note="In our words", low=1)

        report = load(loaded.directory, at=LATER)

        assert Reading.objects.count() == 2
        assert report.of("readings").left_alone == 1
        assert set(report.differences[0].columns) == {"low", "note"}

    def test_knows_a_person_whose_address_was_changed(self, loaded):
        Person.objects.filter(slug="mira-orsted").update(slug="mira-o")

        report = load(loaded.directory, at=LATER)

        assert Person.objects.count() == 2
        assert report.of("people").left_alone == 1
        assert report.of("events").unchanged == 3

    def test_knows_a_source_whose_address_was_corrected(self, loaded):
        Source.objects.filter(key="s1").update(url="https://wire.example/moved")

        report = load(loaded.directory, at=LATER)

        assert Source.objects.count() == 2
        assert report.of("citations").unchanged == 3

    def test_follows_a_merge(self, loaded):
        kept = Person.objects.get(slug="jun-quill")
        gone = Person.objects.get(slug="mira-orsted")
        Event.objects.filter(person=gone).update(person=kept)
        Package.objects.filter(person=gone).update(person=kept)
        Person.objects.filter(pk=gone.pk).update(merged_into=kept)

        report = load(loaded.directory, at=LATER)

        assert not report.changed
        assert not report.differences

    def test_does_not_bring_back_what_a_curator_removed(self, loaded):
        Citation.objects.get(states="Says so").delete()
        Reading.objects.get(rank="preferred").delete()

        report = load(loaded.directory, at=LATER)

        assert not report.changed
        assert report.of("citations").left_out == 1
        assert report.of("readings").left_out == 1
        assert (Citation.objects.count(), Reading.objects.count()) == (2, 1)

    def test_does_not_bring_back_a_person_nor_what_belongs_to_them(self, loaded):
        Event.objects.filter(person__slug="jun-quill").delete()
        Person.objects.get(slug="jun-quill").delete()
        loaded.repeat("events.csv", 2, id="jun-joins-orb", organization="orb")
        loaded.add("citations.csv", event="jun-joins-orb", source="s1")

        report = load(loaded.directory, at=LATER)

        assert not report.changed
        assert not Person.objects.filter(slug="jun-quill").exists()
        assert report.of("people").left_out == 1
        assert report.of("events").left_out == 2
        assert report.of("citations").left_out == 1


class TestOverwriting:
    def test_sets_back_what_a_curator_changed(self, loaded):
        Event.objects.filter(slug="mira-joins-orb").update(title="Scientist")
        Reading.objects.filter(rank="preferred").update(note="In our words")
        Organization.objects.filter(slug="orb-minds").update(parent=None)

        report = load(loaded.directory, at=LATER, overwrite=True)

        event = Event.objects.get(slug="mira-joins-orb")
        assert (event.title, event.updated_at) == ("Chief Scientist", LATER)
        assert event.company.slug == "orb"
        assert Reading.objects.get(rank="preferred").note == "Over several years"
        assert report.of("events").overwritten == 1
        assert report.of("events").unchanged == 2
        assert not load(loaded.directory, at=LATER, overwrite=True).changed

    def test_denies_what_the_files_call_denied(self, loaded):
        """Two editors agreed on it where the data set was made."""
        loaded.change("events.csv", 0, status="denied")

        load(loaded.directory, at=LATER, overwrite=True)

        assert Event.objects.filter(standing="denied").count() == 1

    def test_brings_back_what_a_curator_removed(self, loaded):
        Citation.objects.get(states="Says so").delete()

        report = load(loaded.directory, at=LATER, overwrite=True)

        assert report.of("citations").made == 1
        assert Citation.objects.filter(states="Says so").exists()

    def test_does_not_bring_back_who_was_removed_for_good(self, loaded):
        removals.remove_person(Person.objects.get(slug="jun-quill"), by=None, at=LATER)

        report = load(loaded.directory, at=LATER, overwrite=True)

        assert report.of("people").left_out == 1
        assert report.of("people").made == report.of("events").made == 0
        assert not Person.objects.filter(slug="jun-quill").exists()
        assert not Person.objects.filter(name__contains="Quill").exists()

    def test_lets_the_files_prefer_another_reading_in_other_words(self, loaded):
        loaded.change("readings.csv", 0, rank="also_reported", note="Reported first")
        loaded.change("readings.csv", 1, rank="preferred")

        report = load(loaded.directory, at=LATER, overwrite=True)

        assert report.of("readings").overwritten == Reading.objects.count() == 2
        assert Reading.objects.get(rank="preferred").note == "No figure"
        assert Reading.objects.get(rank="also_reported").note == "Reported first"


# For each file: what to change in its row of that number, and what is said of it then.
BAD = {
    "organizations.csv": (2, [
        ({"slug": "Orb Inc"},
         "slug: “Orb Inc” has other characters than letters, digits, - and _"),
        ({"slug": ""}, "slug: must not be empty"),
        ({"slug": "x" * 121}, "slug: 121 characters; 120 is the most"),
        ({"seat": "startup"}, "seat: “startup” is not one of big_tech, frontier_lab,"),
        ({"country": "usa"}, "country: 3 characters; 2 is the most"),
        ({"country": "us"}, "country: “us” is not two capital letters, like US"),
        ({"founded": "May 1999"}, "founded: “May 1999” is not a date we can read."),
        ({"slug": "tern"}, "repeats the slug of line 4"),
        ({"slug": "self", "parent": "self"}, "parent: self would be part of itself"),
        ({"parent": "nowhere"},
         "parent “nowhere” is neither in organizations.csv nor in the record"),
    ]),
    "people.csv": (1, [
        ({"name": ""}, "name: must not be empty"),
        ({"name": "x" * 201}, "name: 201 characters; 200 is the most"),
        ({"known_for": "one||two"}, "known_for: an entry between two | is empty"),
        ({"aliases": "A|B|A"}, "aliases: “A” is there twice"),
        ({"education": "x" * 301}, "education: an entry of 301 characters; 300 at most"),
        ({"slug": "mira-orsted"}, "repeats the slug of line 2"),
    ]),
    "sources.csv": (1, [
        ({"url": "javascript:alert(1)"},
         "url: “javascript:alert(1)” is not a web address"),
        ({"url": ""}, "url: must not be empty"),
        ({"url": "https://wire.example/one"}, "repeats the url of line 2"),
        ({"published_on": "2025-02-30"},
         "published_on: “2025-02-30” does not exist in the calendar."),
    ]),
    "events.csv": (1, [
        ({"kind": "hired"}, "kind: “hired” is not one of hire, departure"),
        ({"date": "2025-02-30"}, "date: “2025-02-30” does not exist in the calendar."),
        ({"date": ""}, "date: “” is not a date we can read."),
        ({"date": "1850"}, "date: “1850” is not a year between 1900 and 2199."),
        ({"date": "2025-07"},
         "the date “2025-07” is written to the month, but its precision says day"),
        ({"date": "2025-07-01", "precision": "year"},
         "the date “2025-07-01” is written to the day, but its precision says year"),
        ({"date": "2025-08", "precision": "quarter"},
         "the date “2025-08” is written to the month, but its precision says quarter"),
        ({"precision": "week"}, "precision: “week” is not one of day, month, quarter,"),
        ({"founder": "yes"}, "founder: “yes” is neither 0 nor 1"),
        ({"kind": "departure", "never_started": "1"},
         "never_started belongs to a hire, not to a departure"),
        ({"counterpart": "orb-minds"}, "organization and counterpart are the same"),
        ({"person": "nobody"}, "person “nobody” is neither in people.csv nor in the"),
        ({"counterpart": "nowhere"},
         "counterpart “nowhere” is neither in organizations.csv nor in the record"),
        ({"summary": "x" * 501}, "summary: 501 characters; 500 is the most"),
        ({"id": "mira-joins-orb"}, "repeats the id of line 3"),
    ]),
    "citations.csv": (0, [
        ({"source": "s9"}, "source “s9” is neither in sources.csv nor in the record"),
        ({"event": "e9"}, "event “e9” is neither in events.csv nor in the record"),
        ({"source": "s1"}, "repeats the event and source of line 2"),
    ]),
    "packages.csv": (0, [
        ({"event": "", "recipients": "Everybody"},
         "names a person and describes recipients: one of the two"),
        ({"event": "", "person": ""}, "names no person and describes no recipients"),
        ({"event": "mira-leaves-tern"}, "event mira-leaves-tern is no hire"),
        ({"event": "jun-joins-tern"}, "event jun-joins-tern is not of this person"),
        ({"event": "mira-joins-orb"}, "repeats the event of line 2"),
        ({"event": "", "outcome": "yes"}, "outcome: “yes” is not one of accepted,"),
    ]),
    "readings.csv": (0, [
        ({"low": "1.5m"}, "low: “1.5m” is not a whole number of currency units"),
        ({"low": "-5"}, "low: “-5” is not a whole number of currency units"),
        ({"low": "9" * 19}, "is not a whole number of currency units"),
        ({"high": "5"}, "low (200000000) is above high (5)"),
        ({"currency": ""}, "an amount without its currency"),
        ({"currency": "usd"}, "currency: “usd” is not an ISO 4217 code, like USD"),
        ({"years": "four"}, "years: “four” is not a number of years, like 4 or 2.5"),
        ({"years": "0"}, "years: a number of years is above zero"),
        ({"package": "none"},
         "package “none” is neither in packages.csv nor in the record"),
        ({"form": "annual", "rank": "preferred"},
         "package mira-package has two preferred readings"),
        ({"rank": "preferred"}, "repeats the row of line 2"),
    ]),
    "deals.csv": (0, [
        ({"target": "orb"}, "buyer and target are the same"),
        ({"date": "2025"},
         "the date “2025” is written to the year, but its precision says month"),
        ({"events": "mira-joins-orb|gone"},
         "event “gone” is neither in events.csv nor in the record"),
        ({"events": "a b"}, "events: “a b” has other characters than letters,"),
    ]),
    "deal_readings.csv": (0, [
        ({"status": "maybe"}, "status: “maybe” is not one of rumoured, reported,"),
        ({"deal": "none"}, "deal “none” is neither in deals.csv nor in the record"),
    ]),
}  # fmt: skip
# What makes a copy of a row another one.
KEYS = {"slug": "row-{}", "id": "row-{}", "url": "https://wire.example/{}"}


class TestABadRow:
    @pytest.mark.parametrize("file", BAD)
    def test_is_named_with_its_line_and_reason_beside_all_others(self, data_set, file):
        number, cases = BAD[file]
        pattern = {**data_set.rows[file][number], "rank": ""}
        expected = []
        for fields, said in cases:
            line = len(data_set.rows[file]) + 2
            keys = {
                name: key.format(line) for name, key in KEYS.items() if name in pattern
            }
            data_set.rows[file].append({**pattern, **keys, **fields})
            expected.append((f"{file}, line {line}: ", said))
        data_set.write()

        problems = refusal(data_set)

        assert len(problems) == len(expected)
        for problem, (where, said) in zip(problems, expected, strict=True):
            assert problem.startswith(where)
            assert said in problem

    def test_is_not_blamed_on_the_rows_that_name_it(self, data_set):
        data_set.change("events.csv", 1, date="never")
        data_set.change("people.csv", 0, name="")

        problems = refusal(data_set)

        assert [problem.split(":")[0] for problem in problems] == [
            "people.csv, line 2",
            "events.csv, line 3",
        ]

    def test_keeps_everything_else_out(self, data_set):
        data_set.change("deal_readings.csv", 0, status="maybe")

        refusal(data_set)

        assert not Organization.objects.exists()
        assert not Reason.objects.exists()
        assert Generation.current() == 0


class TestARowThatTheRecordContradicts:
    def test_by_preferring_another_reading_is_refused(self, loaded):
        Reading.objects.filter(rank="preferred").update(form="annual", rank="")
        Reading.objects.filter(note="No figure").update(rank="preferred")
        loaded.repeat("readings.csv", 0, note="Another page", rank="preferred")
        loaded.change("readings.csv", 0, rank="")

        problems = refusal(loaded)

        assert problems == [
            "readings.csv, line 4: package mira-package has another preferred reading "
            "in the record"
        ]

    def test_by_another_package_of_the_event_is_refused(self, loaded):
        loaded.change("packages.csv", 0, id="another")
        loaded.rows["readings.csv"] = []
        loaded.write()

        assert refusal(loaded) == [
            "packages.csv, line 2: event mira-joins-orb has a package in the record: "
            "mira-package"
        ]

    def test_by_another_page_of_that_key_is_refused(self, loaded):
        loaded.change("sources.csv", 0, url="https://elsewhere.example/")

        assert refusal(loaded)[0] == (
            "sources.csv, line 2: id “s1” belongs to https://wire.example/one "
            "in the record"
        )


class TestABadFile:
    def test_that_is_missing_is_named(self, data_set):
        (data_set.directory / "deals.csv").unlink()

        assert refusal(data_set) == [f"deals.csv: is missing in {data_set.directory}"]

    def test_in_no_directory_is_one_sentence(self, data_set, tmp_path):
        data_set.directory = tmp_path / "nowhere"

        assert refusal(data_set) == [
            f"{tmp_path}/nowhere: is neither a directory nor a zip file"
        ]

    def test_that_is_empty_is_told_its_header(self, data_set):
        data_set.overwrite("citations.csv", b"")

        assert refusal(data_set) == [
            "citations.csv: is empty: its first line must be event,source,states"
        ]

    def test_with_unknown_missing_or_repeated_columns_is_refused(self, data_set):
        data_set.overwrite("citations.csv", b"event,event,says\r\n")

        assert refusal(data_set) == [
            "citations.csv, line 1: has the column “event” twice",
            "citations.csv, line 1: has a column “says” that the format does not",
            "citations.csv, line 1: lacks the column “source”",
            "citations.csv, line 1: lacks the column “states”",
        ]

    def test_with_a_ragged_row_is_refused(self, data_set):
        content = data_set.read("people.csv")
        data_set.overwrite("people.csv", content + b"somebody,Some Body\r\n")

        assert refusal(data_set) == ["people.csv, line 4: 2 fields, the header has 6"]

    def test_that_is_not_utf8_is_refused_with_the_line(self, data_set):
        content = data_set.read("people.csv")
        data_set.overwrite("people.csv", content.replace(b"Jun Quill", b"Jun Qu\xefll"))

        assert refusal(data_set) == [
            "people.csv, line 3: is not UTF-8: byte 0xef at position 17"
        ]

    def test_with_a_nul_is_refused_with_the_line(self, data_set):
        content = data_set.read("people.csv")
        data_set.overwrite("people.csv", content.replace(b"Jun Quill", b"Jun\0Quill"))

        assert refusal(data_set) == ["people.csv, line 3: holds a NUL character"]

    def test_with_a_quote_that_never_ends_is_refused_where_it_starts(self, data_set):
        content = data_set.read("people.csv")
        data_set.overwrite("people.csv", content.replace(b"Jun Quill", b'"Jun Quill'))
        data_set.rows["events.csv"] = []

        assert (
            "people.csv, line 3: is not proper CSV: unexpected end of data"
            in refusal(data_set)
        )

    def test_counts_lines_within_quoted_fields(self, data_set):
        data_set.change("people.csv", 0, education="One\nTwo")
        data_set.change("people.csv", 1, name="")

        assert refusal(data_set) == ["people.csv, line 4: name: must not be empty"]


class TestTheCommand:
    def run(self, *arguments, **options):
        said = StringIO()
        call_command("load_starter", *arguments, stdout=said, stderr=said, **options)
        return said.getvalue()

    def test_says_what_it_made_and_what_was_there(self, data_set):
        first = self.run(data_set.directory)
        Event.objects.filter(slug="mira-joins-orb").update(title="Scientist")
        second = self.run(data_set.directory)

        assert "events: 3 made\n" in first
        assert "events: 2 unchanged, 1 changed by curators, left alone\n" in second
        assert "differs: events.csv, line 3: title\n" in second

    def test_overwrites_when_asked(self, data_set):
        self.run(data_set.directory)
        Event.objects.filter(slug="mira-joins-orb").update(title="Scientist")

        said = self.run(data_set.directory, "--overwrite")

        assert "events: 2 unchanged, 1 overwritten\n" in said

    def test_leaves_a_record_with_events_alone_if_asked(self, data_set):
        EventFactory()

        said = self.run(data_set.directory, "--if-empty")

        assert said == "The record holds events already: nothing loaded.\n"
        assert Event.objects.count() == 1

    def test_fills_an_empty_record_if_asked(self, data_set):
        self.run(data_set.directory, if_empty=True)

        assert Event.objects.count() == 3

    def test_names_the_first_fifty_problems_and_counts_the_others(self, data_set):
        for number in range(60):
            data_set.rows["citations.csv"].append(
                {"event": f"e{number}", "source": "s1"}
            )
        data_set.write()
        said = StringIO()

        with pytest.raises(CommandError) as refused:
            call_command("load_starter", data_set.directory, stderr=said)

        assert refused.value.returncode == 1
        assert str(refused.value) == "Nothing loaded: 60 problems in the files."
        lines = said.getvalue().splitlines()
        assert len(lines) == 51
        assert lines[0].startswith("citations.csv, line 5: event “e0” is neither in")
        assert lines[-1] == "… and 10 more."


class TestTheStarterData:
    def test_is_loaded_whole_and_stays(self):
        report = load(STARTER_DATA, at=NOON)
        before = versions(), Generation.current()
        again = load(STARTER_DATA, at=LATER)

        assert {each.label: each.made for each in report if each.made} == {
            "organizations": 159, "people": 413, "sources": 752, "events": 874,
            "citations": 2007, "reasons": 16, "stated reasons": 232, "packages": 23,
            "readings": 38, "deals": 13, "events of deals": 33, "deal readings": 20,
        }  # fmt: skip
        assert Event.objects.published().count() == 874
        assert not again.changed
        assert (versions(), Generation.current()) == before
        package = Package.objects.with_readings().get(key="ruoming-pang-meta-package")
        assert str(package.headline) == "more than US$200M over several years"
        assert package.headline.per_year is None
