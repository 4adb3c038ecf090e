"""Data health: what is found, what is not, and what a curator does about it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from talent.common.locks import Lock
from talent.registry import curation
from talent.registry.health import careers, names
from talent.registry.health.dismissing import dismiss, restore
from talent.registry.health.refresh import find_all, refresh
from talent.registry.models import Dismissal, Event, Finding, LinkCheck, Source
from tests.factories import (
    NOON,
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    SourceFactory,
)
from tests.registry.curators import signed_in, told

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)
PAGE = reverse("admin:registry_finding_changelist")


@pytest.fixture
def person():
    return PersonFactory(name="Ada Vale")


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme")


def event(person, place, kind, day, **columns):
    """Published and confirmed by its own source, unless said otherwise."""
    made = EventFactory(
        person=person,
        organization=place,
        kind=kind,
        happened_on=date.fromisoformat(day),
        published=True,
        **columns,
    )
    CitationFactory.create_batch(2, event=made)
    return made


def found(*people, kind=None):
    rows = careers.of_people([person.pk for person in people], today=TODAY)
    return [one for one in rows if kind in (None, one.kind)]


def kinds(*people):
    return {one.kind.value for one in found(*people)}


class TestCareers:
    def test_that_are_in_order_are_not_named(self, person, acme):
        event(person, acme, "hire", "2020-05-04")
        event(person, acme, "departure", "2022-05-04")

        assert found(person) == []

    def test_departure_before_the_hire_is_found_once(self, person, acme):
        left = event(person, acme, "departure", "2020-05-04")
        hired = event(person, acme, "hire", "2022-05-04")

        [one] = found(person)

        assert one.kind == "departure-first"
        assert one.key == f"{left.pk}-{hired.pk}"
        assert one.about["person_id"] == person.pk

    def test_dates_too_vague_to_contradict_are_not_named(self, person, acme):
        event(person, acme, "departure", "2020-05-04")
        event(person, acme, "hire", "2020-01-01", precision="year")

        assert "departure-first" not in kinds(person)

    def test_two_departures_without_a_hire_between(self, person, acme):
        event(person, acme, "hire", "2018-05-04")
        event(person, acme, "departure", "2020-05-04")
        event(person, acme, "departure", "2022-05-04")

        assert kinds(person) == {"two-departures"}

    def test_two_departures_with_a_return_between_are_a_career(self, person, acme):
        event(person, acme, "hire", "2018-05-04")
        event(person, acme, "departure", "2020-05-04")
        event(person, acme, "hire", "2021-05-04", stated_return=True)
        event(person, acme, "departure", "2022-05-04")

        assert kinds(person) == set()

    @pytest.mark.parametrize(
        ("day", "founder", "named"),
        [
            ("2023-11-05", False, True),
            ("2024-02-05", False, False),
            ("2023-11-05", True, False),
        ],
    )
    def test_hire_before_the_company_was_founded(self, person, day, founder, named):
        young = OrganizationFactory(
            founded_on=date(2024, 1, 1), founded_precision="year"
        )
        event(person, young, "hire", day, founder=founder)

        assert ("before-founding" in kinds(person)) == named

    def test_overlapping_stays_are_told_from_ends_that_are_only_inferred(
        self, person, acme
    ):
        umbrella = OrganizationFactory(name="Umbrella")
        event(person, acme, "hire", "2020-05-04")
        event(person, umbrella, "hire", "2021-05-04")
        assert kinds(person) == {"no-end"}

        event(person, acme, "departure", "2022-05-04")

        assert kinds(person) == {"overlap"}

    def test_missing_other_half(self, person, acme):
        umbrella = OrganizationFactory(name="Umbrella")
        event(person, umbrella, "hire", "2021-05-04", counterpart=acme)
        assert kinds(person) == {"other-half"}

        EventFactory(
            person=person,
            organization=acme,
            kind="departure",
            happened_on=date(2021, 4, 4),
        )

        assert kinds(person) == set()

    def test_withdrawn_half_is_no_gap(self, person, acme):
        umbrella = OrganizationFactory(name="Umbrella")
        event(person, umbrella, "hire", "2021-05-04", counterpart=acme)
        half = event(person, acme, "departure", "2021-05-04")

        curation.withdraw(half, at=NOON, by=None, reason="invented")

        assert "other-half" not in kinds(person)

    @pytest.mark.parametrize(
        ("day", "basis", "named"),
        [
            ("2021-06-01", "effective", True),
            ("2021-06-01", "reported", False),
            ("2021-06-02", "effective", False),
            ("2021-01-01", "reported", True),
        ],
    )
    def test_day_that_looks_invented(self, person, acme, day, basis, named):
        event(person, acme, "hire", day, date_basis=basis)

        assert kinds(person) == ({"invented-day"} if named else set())

    def test_the_first_of_a_month_known_as_a_month_is_no_day(self, person, acme):
        event(person, acme, "hire", "2021-06-01", precision="month")

        assert kinds(person) == set()

    def test_rumours_and_denials_contradict_nothing(self, person, acme):
        event(person, acme, "departure", "2020-05-04", standing="rumoured")
        event(person, acme, "hire", "2022-05-04")

        assert kinds(person) == set()

    def test_drafts_are_no_subject(self, person, acme):
        EventFactory(person=person, organization=acme, happened_on=date(2030, 1, 1))

        assert kinds(person) == set()

    def test_everybody_is_read_in_batches(self, monkeypatch, acme):
        monkeypatch.setattr(careers, "PEOPLE_AT_ONCE", 2)
        people = PersonFactory.create_batch(5)
        for each in people:
            event(each, acme, "hire", "2027-05-04")

        rows = careers.of_everybody(today=TODAY)

        assert {one.about["person_id"] for one in rows} == {p.pk for p in people}

    def test_takes_as_many_queries_for_three_people_as_for_one(self, queries_of, acme):
        people = PersonFactory.create_batch(3)
        for each in people:
            event(each, acme, "departure", "2020-05-04")
            event(each, acme, "hire", "2022-05-04")

        one = queries_of(lambda: found(people[0]))

        assert queries_of(lambda: found(*people)) == one == 4


class TestPeopleAlike:
    def pairs(self):
        return {one.key for one in names.people_alike()}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"name": "Jane Maplewood"}, {"name": "Maplewood Jane"}),
            ({"name": "Jane Maplewood"}, {"name": "Jane Mapelwood"}),
            ({"name": "Jane Ann Maplewood"}, {"name": "Jane Maplewood"}),
            ({"name": "A B"}, {"name": "C D", "other_names": ["Á B"]}),
            (
                {"name": "Lan Zhang", "name_zh": "张岚岚"},
                {"name": "X Y", "name_zh": "張嵐嵐"},
            ),
        ],
    )
    def test_are_found(self, one, other):
        first, second = PersonFactory(**one), PersonFactory(**other)

        assert self.pairs() == {f"{first.pk}-{second.pk}"}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"name": "Lei Wang"}, {"name": "Wei Wang"}),
            (
                {"name": "Shunyu Yao", "name_zh": "姚顺雨"},
                {"name": "Shunyu Yao", "name_zh": "姚顺宇"},
            ),
            ({"name": "Jane Maplewood"}, {"name": "Jane Oakwood"}),
        ],
    )
    def test_told_apart_are_not(self, one, other):
        PersonFactory(**one)
        PersonFactory(**other)

        assert self.pairs() == set()

    def test_of_a_very_common_name_are_a_chain_not_every_pair(self):
        people = PersonFactory.create_batch(names.MOST_OF_ONE_NAME + 4, name="Li Na")

        assert len(self.pairs()) == len(people) - 1

    def test_merged_ones_are_one(self):
        kept = PersonFactory(name="Jane Maplewood")
        PersonFactory(name="Jane Maplewood", merged_into=kept)

        assert self.pairs() == set()


class TestRefresh:
    def kept(self):
        refresh(at=NOON)
        return {(row.kind, row.key) for row in Finding.objects.all()}

    def test_finds_what_is_missing_from_single_rows(self):
        bare = EventFactory(published=True, date_basis="reported")
        thin = CitationFactory(
            event__published=True, event__date_basis="reported"
        ).event
        nobody = OrganizationFactory(name="Nobody Inc")
        empty = PackageFactory(person=bare.person, organization=bare.organization)
        ReadingFactory(
            package__person=bare.person, package__organization=bare.organization
        )

        assert self.kept() == {
            ("no-source", str(bare.pk)),
            ("one-origin", str(thin.pk)),
            ("unused", str(nobody.pk)),
            ("no-reading", str(empty.pk)),
        }

    def test_background_rests_on_one_origin_without_a_word(self):
        CitationFactory(
            event__published=True, event__background=True, event__date_basis="reported"
        )

        assert self.kept() == set()

    def test_organizations_of_one_name(self, person):
        one, other = (
            OrganizationFactory(name="Acme AI"),
            OrganizationFactory(name="acme-ai"),
        )
        for place in (one, other):
            event(person, place, "hire", "2021-05-04", date_basis="reported")

        assert ("duplicate-organization", f"{one.pk}-{other.pk}") in self.kept()

    def test_what_was_put_right_goes_and_the_rest_stays_the_row_it_was(self):
        bare = EventFactory.create_batch(2, published=True, date_basis="reported")
        self.kept()
        before = {row.key: row.pk for row in Finding.objects.all()}

        CitationFactory.create_batch(2, event=bare[0])
        self.kept()

        assert {row.key: row.pk for row in Finding.objects.all()} == {
            str(bare[1].pk): before[str(bare[1].pk)]
        }

    def test_twice_changes_nothing(self):
        EventFactory(published=True, date_basis="reported")
        self.kept()
        before = list(Finding.objects.values())

        self.kept()

        assert list(Finding.objects.values()) == before

    def test_is_left_to_another_run_that_is_at_work(self):
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [Lock.HEALTH])

            assert refresh(at=NOON) is None

    def test_starter_record_is_read_without_an_impossible_career(self, starter_data):
        counts = find_all(today=TODAY)

        assert not counts.keys() & {"departure-first", "two-departures", "overlap"}
        assert counts["other-half"] > 10


class TestDismissing:
    @pytest.fixture
    def finding(self, person, acme):
        event(person, acme, "departure", "2020-05-04", date_basis="reported")
        event(person, acme, "hire", "2022-05-04", date_basis="reported")
        refresh(at=NOON)
        return Finding.objects.get()

    def set_aside(self, finding, **changed):
        told = {"reason": "It is so.", "facts": finding.facts, "at": NOON, "by": None}
        return dismiss(finding, **told | changed)

    def test_lasts_as_long_as_the_facts_do(self, finding):
        self.set_aside(finding)
        refresh(at=NOON)
        assert not Finding.objects.open().exists()

        Event.objects.filter(kind="hire").update(happened_on=date(2023, 5, 4))
        refresh(at=NOON)

        assert Finding.objects.open().get().pk == finding.pk
        assert Dismissal.objects.get().reason == "It is so."

    def test_comes_back_to_a_dismissed_case_when_the_old_facts_do(self, finding):
        self.set_aside(finding)
        Event.objects.filter(kind="hire").update(happened_on=date(2023, 5, 4))
        refresh(at=NOON)
        Event.objects.filter(kind="hire").update(happened_on=date(2022, 5, 4))
        refresh(at=NOON)

        assert not Finding.objects.open().exists()

    def test_of_facts_nobody_saw_is_refused(self, finding):
        assert not self.set_aside(finding, facts="0" * 32)

        assert Finding.objects.open().exists()
        assert not Dismissal.objects.exists()

    def test_of_namesakes_stays_whatever_they_do_next(self, acme):
        one, other = PersonFactory.create_batch(2, name="Jane Maplewood")
        refresh(at=NOON)
        self.set_aside(Finding.objects.get(kind="duplicate-person"))

        event(one, acme, "hire", "2022-05-04")
        refresh(at=NOON)

        assert not Finding.objects.open().of_kind("duplicate-person").exists()

    def test_can_be_taken_back(self, finding):
        self.set_aside(finding)

        restore(finding, by=None)
        refresh(at=NOON)

        assert Finding.objects.open().exists()

    def test_is_kept_in_the_history(self, finding):
        self.set_aside(finding)

        restore(finding, by=None)

        history = Dismissal._meta.get_field("history").related_model
        assert [row.pgh_label for row in history.objects.order_by("pgh_id")] == [
            "insert",
            "delete",
        ]


class TestPage:
    @pytest.fixture
    def editor(self):
        return signed_in("editor")

    def test_shows_counts_lines_and_where_each_is_put_right(self, editor, person, acme):
        umbrella = OrganizationFactory(name="Umbrella")
        hire = event(
            person,
            umbrella,
            "hire",
            "2021-05-04",
            counterpart=acme,
            date_basis="reported",
        )
        refresh(at=NOON)

        page = editor.get(PAGE).content.decode()

        assert "The departure from Acme is not recorded." in page
        assert reverse("admin:registry_event_other_half", args=[hire.pk]) in page
        assert "Other half of a move missing <b>1</b>" in page

    def test_every_kind_leads_somewhere_that_opens(self, editor, person, acme):
        from talent.registry.admin.health import fixes_of

        bare = EventFactory(published=True, person=person, organization=acme)
        one = Finding(
            event_id=bare.pk,
            person_id=person.pk,
            organization_id=acme.pk,
            source_id=SourceFactory().pk,
            package_id=PackageFactory(person=person, organization=acme).pk,
        )
        twins = {
            "duplicate-person": PersonFactory().pk,
            "duplicate-organization": OrganizationFactory().pk,
        }
        led_to = {}
        for kind in Finding.Kind:
            one.kind, one.other_id = kind, twins.get(kind, bare.pk)
            led_to |= {fix.url: kind for fix in fixes_of(one) if not fix.post}

        publisher = signed_in("publisher")
        for url, kind in led_to.items():
            assert publisher.get(url).status_code == 200, (kind, url)

    def test_strikes_out_what_was_put_right_since(self, editor):
        bare = EventFactory(published=True, date_basis="reported")
        refresh(at=NOON)
        CitationFactory(event=bare)

        page = editor.get(PAGE).content.decode()

        assert "health-settled" in page

    def test_dismisses_with_a_reason_only(self, editor):
        EventFactory(published=True, date_basis="reported")
        refresh(at=NOON)
        finding = Finding.objects.get()
        url = reverse("admin:registry_finding_dismiss", args=[finding.pk])

        refused = editor.post(url, {"facts": finding.facts, "reason": " "})
        assert told(refused) == ["Say why it is right as it is."]
        assert Finding.objects.open().exists()

        editor.post(url, {"facts": finding.facts, "reason": "A memoir is its source."})

        assert Dismissal.objects.get().dismissed_by == editor.user
        page = editor.get(PAGE, {"kind": "dismissed"}).content.decode()
        assert "A memoir is its source." in page

    def test_makes_as_many_queries_for_many_lines_as_for_few(self, editor, queries_of):
        def some():
            place, home = OrganizationFactory.create_batch(2)
            for _ in range(3):
                person = PersonFactory()
                event(person, place, "departure", "2020-05-04")
                event(person, place, "hire", "2022-06-01", counterpart=home)
                EventFactory(published=True, person=person, organization=place)
                PackageFactory(person=person, organization=place)
                OrganizationFactory()
            refresh(at=NOON)

        some()
        few = queries_of(lambda: editor.get(PAGE))

        some()

        assert queries_of(lambda: editor.get(PAGE)) == few

    @pytest.mark.django_db(transaction=True)  # the view must begin its own
    def test_suggests_an_archive_copy_and_keeps_it_on_request(self):
        source = SourceFactory(published_on=date(2024, 5, 6), published_precision="day")
        CitationFactory(source=source, event__published=True)
        LinkCheck.objects.create(
            source=source,
            outcome="failed",
            checked_at=NOON,
            answer="The server answers 404.",
            failed_days=2,
        )
        refresh(at=NOON)
        publisher = signed_in("publisher")
        copy = f"https://web.archive.org/web/20240506/{source.url}"

        assert copy in publisher.get(PAGE, {"kind": "dead-link"}).content.decode()
        finding = Finding.objects.get(kind="dead-link")
        publisher.post(reverse("admin:registry_finding_archive", args=[finding.pk]))

        assert Source.objects.get(pk=source.pk).archive_url == copy
        refresh(at=NOON + timedelta(days=1))
        assert not Finding.objects.filter(kind="dead-link").exists()

    def test_does_not_send_anybody_to_another_site(self, editor):
        EventFactory(published=True)
        refresh(at=datetime(2026, 3, 2, tzinfo=UTC))
        finding = Finding.objects.first()
        url = reverse("admin:registry_finding_restore", args=[finding.pk])

        answer = editor.post(url, {"back": "//evil.example/"})

        assert answer["Location"] == PAGE

    def test_is_closed_to_strangers(self, client):
        assert client.get(PAGE).status_code == 302


class TestTasksAndCommands:
    def test_look_at_the_record(self):
        from talent.registry.tasks import check_health

        EventFactory(published=True, date_basis="reported")

        check_health()
        out = StringIO()
        call_command("check_health", stdout=out)

        assert Finding.objects.count() == 1
        assert "Published without a source: 1" in out.getvalue()

    def test_check_links_when_none_is_due(self):
        from talent.registry.tasks import check_links

        check_links()
        out = StringIO()
        call_command("check_links", stdout=out)

        assert out.getvalue() == "Nothing is due.\n"
