"""The verbs of curators, tested through what they leave behind and what they say."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections

from talent.registry import curation
from talent.registry.models import Citation, Event, Package, Person, Source
from talent.registry.revisions import revisions_of
from talent.registry.signals import record_changed
from talent.registry.source_lines import SourceLine
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    SourceFactory,
    UserFactory,
    decided_by_two,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def ada():
    return UserFactory(username="ada")


@pytest.fixture
def news(django_capture_on_commit_callbacks):
    """Runs a call with its commit and returns the news it sent."""

    def during(call):
        told = []

        def listen(sender, people, companies, **_rest):
            told.append((people, companies))

        record_changed.connect(listen)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                call()
        finally:
            record_changed.disconnect(listen)
        return told

    return during


class TestPublish:
    def test_makes_a_draft_public_at_the_time_given(self, ada):
        event = EventFactory()

        done = curation.publish(event, at=AT, by=ada)

        stored = Event.objects.get()
        assert done
        assert (stored.status, stored.published_at, stored.updated_at) == (
            "published",
            AT,
            AT,
        )
        assert event.status == "published"
        assert Person.objects.public().get() == event.person

    def test_says_no_when_another_editor_already_did(self, ada):
        event = EventFactory()
        curation.publish(Event.objects.get(), at=AT, by=ada)

        done = curation.publish(event, at=datetime(2026, 5, 1, tzinfo=UTC), by=ada)

        assert not done
        assert Event.objects.get().published_at == AT

    def test_leaves_a_withdrawn_event_alone(self, ada):
        event = EventFactory(status="withdrawn")

        assert not curation.publish(event, at=AT, by=ada)

        assert Event.objects.get().status == "withdrawn"

    def test_publishes_its_draft_package_but_no_withdrawn_one(self, ada):
        event, other = EventFactory.create_batch(2)
        draft = PackageFactory(event=event, person=event.person, status="draft")
        gone = PackageFactory(event=other, person=other.person, status="withdrawn")

        curation.publish(event, at=AT, by=ada)
        curation.publish(other, at=AT, by=ada)

        assert list(Package.objects.public()) == [draft]
        gone.refresh_from_db()
        assert gone.status == "withdrawn"

    def test_tells_whom_it_touches_once_and_only_if_it_won(self, ada, news):
        unit = OrganizationFactory(parent=OrganizationFactory())
        event = EventFactory(organization=unit, counterpart=OrganizationFactory())

        told = news(lambda: curation.publish(event, at=AT, by=ada))
        again = news(lambda: curation.publish(event, at=AT, by=ada))

        companies = {unit.parent_id, event.counterpart_id}
        assert told == [({event.person_id}, companies)]
        assert again == []

    def test_stands_in_the_history_under_the_editor(self, ada):
        event = EventFactory()

        curation.publish(event, at=AT, by=ada)

        latest = revisions_of(event)[0]
        assert latest.who == "ada"
        assert [(c.before, c.after) for c in latest.steps[0].changes] == [
            ("draft", "published")
        ]


@pytest.mark.django_db(transaction=True)
class TestTwoPublishersAtOnce:
    def test_have_one_winner(self, ada):
        event = EventFactory()
        start, answers = threading.Barrier(2), []

        def publish():
            mine = Event.objects.get(pk=event.pk)
            start.wait(timeout=5)
            answers.append(curation.publish(mine, at=AT, by=ada))
            connections.close_all()

        threads = [threading.Thread(target=publish) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=10)

        assert sorted(answers) == [False, True]


class TestWithdraw:
    def test_takes_event_and_package_off_the_record_with_the_reason(self, ada):
        event = EventFactory(published=True)
        PackageFactory(event=event, person=event.person)

        done = curation.withdraw(event, at=AT, by=ada, reason="A hoax.")

        assert done
        assert not Event.objects.published().exists()
        assert not Package.objects.public().exists()
        assert not Person.objects.public().exists()
        assert revisions_of(event)[0].reason == "A hoax."

    def test_puts_a_draft_aside_without_news(self, ada, news):
        event = EventFactory()

        told = news(lambda: curation.withdraw(event, at=AT, by=ada, reason="Twice."))

        assert Event.objects.get().status == "withdrawn"
        assert told == []

    def test_says_no_the_second_time(self, ada):
        event = EventFactory(published=True)
        curation.withdraw(event, at=AT, by=ada, reason="A hoax.")

        assert not curation.withdraw(event, at=AT, by=ada, reason="Still one.")


class TestBackToDraft:
    @pytest.mark.parametrize("status", ["published", "withdrawn"])
    def test_makes_it_a_draft_that_can_be_published_again(self, ada, status):
        event = EventFactory(status=status, published_at=AT)
        package = PackageFactory(event=event, person=event.person)

        done = curation.back_to_draft(event, at=AT, by=ada)
        again = curation.publish(event, at=AT, by=ada)

        assert (done, again) == (True, True)
        package.refresh_from_db()
        assert package.status == "published"

    def test_says_no_to_a_draft(self, ada):
        assert not curation.back_to_draft(EventFactory(), at=AT, by=ada)


class TestDeny:
    def test_keeps_the_event_visible_and_out_of_every_count(self, ada, news):
        event = EventFactory(published=True)

        with decided_by_two():
            told = news(
                lambda: curation.deny(event, at=AT, by=ada, reason="He says no.")
            )

        assert list(Event.objects.published()) == [event]
        assert not Event.objects.counted().exists()
        assert len(told) == 1
        assert revisions_of(event)[0].reason == "He says no."

    def test_says_no_when_it_was_denied_already(self, ada):
        event = EventFactory(standing="denied")

        assert not curation.deny(event, at=AT, by=ada, reason="Again.")


class TestCreateDraft:
    def test_inserts_a_draft_whatever_the_status_says(self, ada):
        event = EventFactory.build(
            person=PersonFactory(slug="wei-invented"),
            organization=OrganizationFactory(slug="acme"),
            happened_on=date(2025, 7, 1),
            slug="",
            status="published",
            published_at=AT,
        )

        curation.create_draft(event, by=ada)

        stored = Event.objects.get()
        assert stored.status == "draft"
        assert stored.slug == "wei-invented-hire-acme-2025"
        assert revisions_of(stored)[0].who == "ada"

    def test_gives_the_second_of_two_alike_another_address(self, ada):
        person, acme = PersonFactory(slug="wei"), OrganizationFactory(slug="acme")
        for _number in range(3):
            event = EventFactory.build(
                person=person,
                organization=acme,
                happened_on=date(2025, 7, 1),
                slug="",
            )
            curation.create_draft(event, by=ada)

        assert sorted(Event.objects.values_list("slug", flat=True)) == [
            "wei-hire-acme-2025",
            "wei-hire-acme-2025-2",
            "wei-hire-acme-2025-3",
        ]

    def test_cites_its_sources(self, ada):
        event = EventFactory.build(
            person=PersonFactory(), organization=OrganizationFactory()
        )
        line = SourceLine("https://a.example/1", "Says so.")

        curation.create_draft(event, by=ada, sources=[line])

        citation = Citation.objects.get()
        assert (citation.source.url, citation.states) == line_of(line)
        assert Event.objects.get().source_count == 1


def line_of(line):
    return line.url, line.states


class TestCite:
    def test_uses_a_known_page_again(self, ada):
        event = EventFactory()
        source = SourceFactory(url="https://a.example/1", title="Known")

        new = curation.cite(event, [SourceLine("https://a.example/1")], by=ada)

        assert new == 1
        assert Source.objects.get() == source

    def test_fills_in_what_a_page_states_and_never_replaces_it(self, ada):
        event = EventFactory()
        said = CitationFactory(event=event, states="As it was.")
        silent = CitationFactory(event=event, states="")
        lines = [
            SourceLine(said.source.url, "Otherwise."),
            SourceLine(silent.source.url, "Something."),
        ]

        new = curation.cite(event, lines, by=ada)

        assert new == 0
        said.refresh_from_db()
        silent.refresh_from_db()
        assert (said.states, silent.states) == ("As it was.", "Something.")


class TestRevise:
    def test_writes_the_edited_columns_and_tells_both_ends(self, ada, news):
        event = Event.objects.get(pk=EventFactory(published=True).pk)
        old, new = event.person_id, PersonFactory()
        company = event.company_id
        event.person, event.title = new, "Lead"

        told = news(lambda: curation.revise(event, at=AT, by=ada))

        stored = Event.objects.get()
        assert (stored.person, stored.title, stored.updated_at) == (new, "Lead", AT)
        assert told == [({old, new.pk}, {company})]

    def test_refuses_a_copy_somebody_else_wrote_after(self, ada):
        EventFactory()
        mine, theirs = Event.objects.get(), Event.objects.get()
        theirs.title, mine.title = "Theirs", "Mine"
        curation.revise(theirs, at=AT, by=ada)

        done = curation.revise(mine, at=AT, by=ada)

        assert not done
        assert Event.objects.get().title == "Theirs"

    def test_cannot_publish(self, ada):
        event = Event.objects.get(pk=EventFactory().pk)
        event.status, event.published_at = "published", AT

        curation.revise(event, at=AT, by=ada)

        assert Event.objects.get().status == "draft"

    def test_of_a_draft_is_no_news(self, ada, news):
        event = Event.objects.get(pk=EventFactory().pk)

        assert news(lambda: curation.revise(event, at=AT, by=ada)) == []


class TestCreateOtherHalf:
    def test_drafts_the_departure_with_ends_date_and_sources(self, ada):
        hire = EventFactory(
            counterpart=OrganizationFactory(),
            happened_on=date(2025, 7, 1),
            precision="month",
            standing="confirmed",
            published=True,
        )
        CitationFactory(event=hire, states="Left for it.", stance="contradicts")

        other, new = curation.create_other_half(hire, by=ada)

        assert new
        assert (other.kind, other.status) == ("departure", "draft")
        assert (other.organization, other.counterpart) == (
            hire.counterpart,
            hire.organization,
        )
        assert (other.date, other.standing) == (hire.date, "confirmed")
        citation = other.citations.get()
        assert (citation.states, citation.stance) == ("Left for it.", "contradicts")

    def test_finds_the_one_that_is_there(self, ada):
        hire = EventFactory(counterpart=OrganizationFactory())
        first, _new = curation.create_other_half(hire, by=ada)

        second, new = curation.create_other_half(hire, by=ada)

        assert (second, new) == (first, False)
        assert curation.create_other_half(second, by=ada) == (hire, False)

    def test_needs_another_end(self, ada):
        with pytest.raises(ValueError, match="does not say"):
            curation.create_other_half(EventFactory(), by=ada)


class TestPublishPackage:
    def test_publishes_a_declined_offer_that_has_no_event(self, ada):
        package = PackageFactory(status="draft", outcome="declined")

        assert curation.publish_package(package, at=AT, by=ada)

        assert list(Package.objects.public()) == [package]

    def test_waits_for_the_hire(self, ada):
        event = EventFactory()
        package = PackageFactory(event=event, person=event.person, status="draft")

        assert not curation.publish_package(package, at=AT, by=ada)

        package.refresh_from_db()
        assert package.status == "draft"

    def test_is_taken_back_by_withdrawing(self, ada):
        package = PackageFactory()

        with decided_by_two():
            assert curation.withdraw_package(package, at=AT, by=ada, reason="Wrong.")
        assert not curation.withdraw_package(package, at=AT, by=ada, reason="Wrong.")

        assert not Package.objects.public().exists()


class TestHistory:
    def test_keeps_what_escapes_the_models(self, ada):
        event = EventFactory(title="First")

        Event.objects.filter(pk=event.pk).update(title="By update")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE registry_event SET title = 'By SQL'")

        titles = [
            (change.before, change.after)
            for revision in revisions_of(event)
            for step in revision.steps
            for change in step.changes
            if change.field == "title"
        ]
        assert titles == [
            ("", "First"),
            ("First", "By update"),
            ("By update", "By SQL"),
        ]

    def test_tells_what_was_done_to_citations_reasons_and_figures(self, ada):
        event = EventFactory()
        package = PackageFactory(event=event, person=event.person)
        reading = ReadingFactory(package=package, source=None)
        citation = CitationFactory(event=event, source=SourceFactory(title="A story"))
        citation.delete()
        reading.low = 5_000_000
        reading.save()

        steps = [step for revision in revisions_of(event) for step in revision.steps]

        told = {(step.thing, step.label) for step in steps}
        assert ("citation: Gazette", "removed") in {
            (thing[:17], label) for thing, label in told
        }
        assert ("reading", "changed") in told
        assert [
            (change.before, change.after)
            for step in steps
            if (step.thing, step.label) == ("reading", "changed")
            for change in step.changes
        ] == [("10,000,000", "5,000,000")]

    def test_takes_as_many_queries_for_thirty_versions_as_for_three(self, queries_of):
        event = EventFactory()
        CitationFactory.create_batch(3, event=event)
        few = queries_of(lambda: revisions_of(event))

        CitationFactory.create_batch(27, event=event)

        assert queries_of(lambda: revisions_of(event)) == few
