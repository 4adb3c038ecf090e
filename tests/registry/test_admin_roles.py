"""Editors draft; publishers publish. No door lets an editor change what readers see."""

import pytest

from talent.registry.models import (
    Citation,
    Deal,
    Event,
    Organization,
    Package,
    Person,
    Source,
)
from tests.factories import (
    CitationFactory,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    SourceFactory,
)
from tests.registry.curators import address, edit, form_of, signed_in, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return signed_in("editor")


@pytest.fixture
def publisher():
    return signed_in("publisher")


def new_event(**typed):
    return {
        "kind": "hire",
        "person": PersonFactory().pk,
        "organization": OrganizationFactory().pk,
        "date": "2025-07",
    } | typed


class TestAnEditor:
    def test_enters_a_draft(self, editor):
        edit(editor, Event, **new_event())

        assert Event.objects.get().status == "draft"

    def test_edits_a_draft(self, editor):
        event = EventFactory()

        edit(editor, event, title="Lead")

        assert Event.objects.get().title == "Lead"

    def test_is_refused_the_button_for_a_new_event(self, editor):
        response = edit(editor, Event, **new_event(), _publish="1")

        assert response.status_code == 403
        assert not Event.objects.exists()

    def test_is_refused_the_button_for_a_draft(self, editor):
        event = EventFactory()

        response = edit(editor, event, _publish="1")

        assert response.status_code == 403
        assert Event.objects.get().status == "draft"

    @pytest.mark.parametrize("verdict", ["publish", "withdraw", "deny", "draft"])
    def test_is_refused_every_verdict_page(self, editor, verdict):
        event = EventFactory(published=verdict != "publish")

        asked = editor.get(address(event, verdict))
        done = editor.post(address(event, verdict), {"reason": "Why not."})

        assert (asked.status_code, done.status_code) == (403, 403)
        after = Event.objects.get()
        assert (after.status, after.standing) == (event.status, event.standing)

    @pytest.mark.parametrize(
        "action", ["publish_them", "withdraw_them", "deny_them", "draft_them"]
    )
    def test_is_offered_no_action_and_refused_it_when_posted(self, editor, action):
        event = EventFactory()

        page = editor.get(address(Event, "changelist"))
        editor.post(
            address(Event, "changelist"),
            {"action": action, "_selected_action": [event.pk], "reason": "Why not."},
        )

        assert action not in page.content.decode()
        after = Event.objects.get()
        assert (after.status, after.standing) == ("draft", "reported")

    @pytest.mark.parametrize(
        "make",
        [
            lambda: EventFactory(published=True),
            lambda: EventFactory(published=True).person,
            lambda: EventFactory(published=True).organization,
            lambda: CitationFactory(event__published=True).source,
            lambda: PackageFactory(),
            lambda: DealFactory(),
            lambda: middle_unit(),
        ],
        ids=[
            "event",
            "person",
            "organization",
            "source",
            "package",
            "deal",
            "organization between",
        ],
    )
    def test_may_look_at_what_is_public_but_not_change_it(
        self, editor, publisher, make
    ):
        row = make()
        posted = form_of(publisher, row)

        page = editor.get(address(row))
        refused = editor.post(address(row), posted)
        deleted = editor.post(address(row, "delete"), {"post": "yes"})

        assert page.status_code == 200
        assert "a publisher makes it" in page.content.decode()
        assert 'name="_save"' not in page.content.decode()
        assert (refused.status_code, deleted.status_code) == (403, 403)
        assert type(row).objects.filter(pk=row.pk).exists()

    def test_sees_all_of_a_public_event(self, editor):
        citation = CitationFactory(
            event__published=True, source__publisher="The Gazette"
        )
        package = PackageFactory(event=citation.event, person=citation.event.person)
        ReadingFactory(package=package, source__url="https://figures.example/1")

        page = editor.get(address(citation.event)).content.decode()

        assert "The Gazette" in page
        assert "https://figures.example/1" in page
        assert f">{citation.event.date}<" in page

    @pytest.mark.parametrize(
        "make",
        [
            lambda: PersonFactory(),
            lambda: OrganizationFactory(),
            lambda: SourceFactory(),
            lambda: PackageFactory(status="draft"),
        ],
        ids=["person", "organization", "source", "package"],
    )
    def test_changes_what_no_reader_sees(self, editor, make):
        row = make()
        typed = {
            Person: {"name": "New"},
            Organization: {"name": "New"},
            Source: {"title": "New"},
            Package: {"outcome": "offered"},
        }[type(row)]

        response = edit(editor, row, **typed)

        assert response.status_code == 302
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in typed} == typed

    def test_does_not_change_a_public_page_through_a_draft_that_cites_it(self, editor):
        shown = CitationFactory(event__published=True, source__title="As printed")
        draft = CitationFactory(source=shown.source)

        edit(editor, draft.event, citations__0__title="As I like it")

        assert Source.objects.get().title == "As printed"

    def test_adds_no_deal(self, editor):
        assert editor.get(address(Deal, "add")).status_code == 403

    def test_deletes_no_record_but_takes_a_citation_off_a_draft(self, editor):
        citation = CitationFactory()

        edit(editor, citation.event, citations__0__DELETE="on")
        refused = editor.post(address(citation.event, "delete"), {"post": "yes"})

        assert refused.status_code == 403
        assert not Citation.objects.exists()

    def test_publishes_no_package_by_taking_its_draft_hire_away(self, editor):
        event = EventFactory()
        package = PackageFactory(event=event, person=event.person)  # published

        response = editor.post(address(package), {"event": ""})

        assert response.status_code == 403
        assert not Package.objects.public().exists()

    def test_merges_nobody(self, editor):
        page = editor.get(address(Person, "changelist")).content.decode()

        assert "merge_chosen" not in page

    def test_drafts_the_other_half_of_a_public_move(self, editor):
        event = EventFactory(published=True, counterpart=OrganizationFactory())

        editor.post(address(event, "other_half"))

        assert Event.objects.exclude(pk=event.pk).get().status == "draft"


def middle_unit():
    """Has no public event of its own, but decides to which company one belongs."""
    middle = OrganizationFactory(parent=OrganizationFactory())
    EventFactory(published=True, organization=OrganizationFactory(parent=middle))
    return middle


class TestAPublisher:
    def test_deletes_a_draft_but_nothing_readers_have_seen(self, publisher):
        draft, shown = EventFactory(), EventFactory(published=True)

        publisher.post(address(draft, "delete"), {"post": "yes"})
        refused = publisher.post(address(shown, "delete"), {"post": "yes"})

        assert refused.status_code == 403
        assert list(Event.objects.all()) == [shown]

    def test_is_asked_for_a_reason_to_withdraw(self, publisher):
        event = EventFactory(published=True)

        asked = publisher.post(address(event, "withdraw"), {"reason": ""})

        assert asked.context_data["form"].errors["reason"]
        assert Event.objects.get().status == "published"

    @pytest.mark.parametrize(
        ("verdict", "column", "state", "sentence"),
        [
            ("publish", "status", "published", "1 published."),
            ("withdraw", "status", "withdrawn", "1 withdrawn."),
            ("deny", "standing", "reported", "1 waits for a second editor."),
        ],
    )
    def test_judges_one_event_on_its_page(
        self, publisher, verdict, column, state, sentence
    ):
        event = EventFactory()

        response = publisher.post(address(event, verdict), {"reason": "So it is."})

        assert getattr(Event.objects.get(), column) == state
        assert told(response) == [sentence]

    def test_answers_404_for_no_event(self, publisher):
        assert publisher.get("/desk/registry/event/999/withdraw/").status_code == 404
        assert publisher.get("/desk/registry/event/abc/withdraw/").status_code == 404


class TestAStranger:
    @pytest.mark.parametrize(
        "page", ["registry/event/", "registry/event/add/", "registry/person/choices/"]
    )
    def test_is_sent_to_sign_in(self, client, page):
        response = client.get(f"/desk/{page}")

        assert response.status_code == 302
        assert "/login/" in response.url
