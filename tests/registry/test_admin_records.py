"""People, organizations, sources, packages, deals and reasons at the desk."""

from datetime import date

import pytest
from django.contrib.messages import get_messages

from talent.registry.models import (
    Deal,
    Event,
    EventReason,
    Organization,
    Package,
    Person,
    Source,
)
from talent.registry.signals import record_changed
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
from tests.registry.curators import (
    address,
    as_posted,
    edit,
    errors,
    form_of,
    signed_in,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return signed_in("publisher", username="ada")


@pytest.fixture
def news(django_capture_on_commit_callbacks):
    """Runs a call with its commit and returns the news it sent."""

    def during(call):
        sent = []

        def listen(sender, people, companies, **_rest):
            sent.append((set(people), set(companies)))

        record_changed.connect(listen)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                call()
        finally:
            record_changed.disconnect(listen)
        return sent

    return during


class TestPerson:
    def test_is_entered_with_one_item_per_line(self, ada):
        edit(
            ada,
            Person,
            name="Wei Invented",
            other_names=" 魏发明 \n\nW. Invented\n魏发明",
            known_for="A paper, and another\nA model",
        )

        person = Person.objects.get()
        assert person.other_names == ["魏发明", "W. Invented"]
        assert person.known_for == ["A paper, and another", "A model"]
        assert person.slug == "wei-invented"

    def test_shows_its_lists_one_item_per_line(self, ada):
        person = PersonFactory(other_names=["one", "two"])

        assert form_of(ada, person)["other_names"] == "one\ntwo"

    def test_names_the_line_that_is_too_long(self, ada):
        response = edit(ada, Person, name="Wei", education="BSc\n" + "x" * 301)

        assert errors(response) == ["Line 2 has 301 characters; 300 fit."]
        assert as_posted(response)["education"].startswith("BSc\nxxx")

    def test_warns_of_a_namesake_with_a_link(self, ada):
        known = PersonFactory(name="Wei Invented")

        response = edit(ada, Person, name="Invented Wei")

        [text] = [text for text in told(response) if "Another person" in text]
        assert "“Invented Wei”: Wei Invented" in text
        messages = get_messages(response.wsgi_request)
        assert any(address(known) in str(message) for message in messages)

    def test_gets_a_free_address(self, ada):
        PersonFactory(name="Somebody", slug="wei-invented")

        edit(ada, Person, name="Wei Invented")

        assert Person.objects.filter(slug="wei-invented-2").exists()

    def test_refuses_a_taken_address(self, ada):
        PersonFactory(slug="wei-invented")

        response = edit(ada, Person, name="Wei", slug="wei-invented")

        assert "already exists" in errors(response)[0]

    def test_is_news_when_readers_know_them(self, ada, news):
        shown, hidden = EventFactory(published=True).person, PersonFactory()

        assert news(lambda: edit(ada, shown, name="New")) == [({shown.pk}, set())]
        assert news(lambda: edit(ada, hidden, name="New")) == []

    def test_is_not_overwritten_by_whoever_saves_second(self, ada):
        person = PersonFactory(name="Wei")
        opened = form_of(ada, person)
        edit(signed_in("publisher", username="grace"), person, name="Wei Wei")

        response = ada.post(address(person), opened | {"name": "Weiwei"})

        assert errors(response)[0].startswith("grace, ")
        person.refresh_from_db()
        assert person.name == "Wei Wei"

    def test_saved_unchanged_leaves_no_trace(self, ada):
        person = PersonFactory()
        opened = form_of(ada, person)

        edit(ada, person)

        assert form_of(ada, person)["version"] == opened["version"]

    def test_lists_the_events(self, ada):
        event = EventFactory(published=True)

        page = ada.get(address(event.person)).content.decode()

        assert f'href="{address(event)}"' in page


class TestOrganization:
    def test_is_entered_with_a_vague_founding(self, ada):
        parent = OrganizationFactory(name="Acme")

        edit(
            ada,
            Organization,
            name="The Lab",
            seat="frontier_lab",
            parent=parent.pk,
            country="fr",
            founded="2019",
        )

        lab = Organization.objects.get(name="The Lab")
        assert lab.founded.isoformat() == "2019"
        assert (lab.country, lab.company, lab.slug) == ("FR", parent, "the-lab")

    def test_may_forget_its_founding(self, ada):
        acme = OrganizationFactory(
            founded_on=date(2019, 1, 1), founded_precision="year"
        )

        edit(ada, acme, founded="")

        acme.refresh_from_db()
        assert acme.founded is None

    def test_cannot_be_a_unit_of_its_own_unit(self, ada):
        acme = OrganizationFactory(name="Acme")
        lab = OrganizationFactory(name="Lab", parent=acme)

        response = edit(ada, acme, parent=lab.pk)

        assert errors(response) == ["Lab is itself part of this organization."]

    def test_is_news_for_the_old_and_the_new_company(self, ada, news):
        old, new = OrganizationFactory.create_batch(2)
        lab = OrganizationFactory(parent=old)
        EventFactory(organization=lab, published=True)

        sent = news(lambda: edit(ada, lab, parent=new.pk))

        assert sent == [(set(), {old.pk, new.pk})]

    def test_warns_of_another_with_its_name(self, ada):
        OrganizationFactory(name="Acme")

        response = edit(ada, Organization, name="ACME", seat="other")

        assert any("has this name: Acme" in text for text in told(response))


class TestSource:
    def test_is_kept_by_its_normal_address(self, ada):
        edit(ada, Source, url="HTTPS://News.example/a?utm_medium=x&id=1#top")

        assert Source.objects.get().url == "https://news.example/a?id=1"

    def test_is_not_entered_twice(self, ada):
        SourceFactory(url="https://news.example/a")

        response = edit(ada, Source, url="https://news.example/a#comments")

        assert "already exists" in " ".join(errors(response))

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "ftp://a.example/", "https://", "news"]
    )
    def test_is_an_address_of_the_web(self, ada, url):
        response = edit(ada, Source, url=url)

        assert "is not a web address" in errors(response)[0]
        assert as_posted(response)["url"] == url

    def test_is_found_by_a_pasted_address_and_by_words(self, ada):
        source = SourceFactory(url="https://news.example/a", title="Big Move")
        SourceFactory()

        for asked in ("https://news.example/a?utm_source=x", "big move"):
            response = ada.get(address(Source, "changelist"), {"q": asked})
            assert list(response.context_data["cl"].result_list) == [source]

    def test_names_the_first_report_it_repeats(self, ada):
        event = EventFactory()
        first = CitationFactory(event=event).source
        second = CitationFactory(event=event).source

        edit(ada, second, repeats=first.pk)

        event.refresh_from_db()
        assert (event.source_count, event.origin_count) == (2, 1)


class TestPackage:
    def test_is_entered_as_a_draft_for_a_group(self, ada):
        acme = OrganizationFactory(slug="acme")

        edit(
            ada,
            Package,
            recipients="a dozen researchers",
            organization=acme.pk,
            outcome="offered",
            readings__0__form="signing_bonus",
            readings__0__low="100M",
            readings__0__source_url="https://a.example/1",
        )

        package = Package.objects.get()
        assert (package.status, package.key) == (
            "draft",
            "a-dozen-researchers-acme-offer",
        )
        assert str(package.readings.get()) == "US$100M signing bonus"

    def test_is_of_a_person_or_a_group(self, ada):
        response = edit(
            ada,
            Package,
            recipients="a dozen",
            person=PersonFactory().pk,
            organization=OrganizationFactory().pk,
            outcome="offered",
        )

        assert "one of the two" in errors(response)[0]

    def test_belongs_to_a_hire_of_that_person(self, ada):
        package = PackageFactory()
        departure = EventFactory(kind="departure", person=package.person)
        stranger = EventFactory()

        first = edit(ada, package, event=departure.pk)
        second = edit(ada, package, event=stranger.pk)

        assert errors(first) == ["A package belongs to a hire."]
        assert errors(second) == ["That is the hire of somebody else."]

    def test_tells_of_a_changed_figure(self, ada, news):
        reading = ReadingFactory()
        package = reading.package

        sent = news(lambda: edit(ada, package, readings__0__low="2M"))

        assert sent
        assert sent[0] == ({package.person_id}, {package.organization_id})

    def test_is_told_of_a_figure_changed_meanwhile(self, ada):
        reading = ReadingFactory(low=1_000_000)
        opened = form_of(ada, reading.package)
        edit(signed_in("publisher"), reading.package, readings__0__low="2M")

        response = ada.post(address(reading.package), opened)

        assert "“1,000,000” → “2,000,000”" in errors(response)[0]


class TestDeal:
    def test_is_entered_with_figures_and_the_people_who_moved(self, ada, news):
        buyer, target = OrganizationFactory(slug="acme"), OrganizationFactory(slug="b")
        event = EventFactory()

        sent = news(
            lambda: edit(
                ada,
                Deal,
                buyer=buyer.pk,
                target=target.pk,
                form="licence",
                date="2025-07",
                readings__0__low="2.4bn",
                readings__0__source_url="https://a.example/1",
                moved__0__event=event.pk,
            )
        )

        deal = Deal.objects.get()
        assert (deal.key, deal.happened.isoformat()) == ("acme-b-2025", "2025-07")
        assert str(deal.readings.get()) == "US$2.4B"
        assert deal.readings.get().source.url == "https://a.example/1"
        assert list(deal.events.all()) == [event]
        assert sent[-1] == ({event.person_id}, {buyer.pk, target.pk})

    def test_has_two_sides(self, ada):
        deal = DealFactory()

        response = edit(ada, deal, target=deal.buyer.pk)

        assert "buyer and target differ" in errors(response)[0]


class TestReason:
    def test_is_added_by_a_publisher_only(self, ada):
        reason = EventReason._meta.get_field("reason").related_model

        ada.post(address(reason, "add"), {"name": "weather"})
        refused = signed_in("editor").get(address(reason, "add"))

        assert reason.objects.get().name == "weather"
        assert refused.status_code == 403


class TestHistoryPage:
    @pytest.mark.parametrize(
        "make",
        [
            PersonFactory,
            OrganizationFactory,
            SourceFactory,
            PackageFactory,
            DealFactory,
        ],
    )
    def test_is_there_for_every_curated_row(self, ada, make):
        page = ada.get(address(make(), "history"))

        assert page.status_code == 200
        assert "added" in page.content.decode()

    def test_tells_who_changed_what_from_what_to_what(self, ada):
        event = EventFactory(title="Before")
        edit(ada, event, title="After", date="2025-Q3")
        Event.objects.filter(pk=event.pk).update(team="By update")

        page = ada.get(address(event, "history"))

        told = [
            (revision.who, change.field, change.before, change.after)
            for revision in page.context_data["revisions"]
            for step in revision.steps
            for change in step.changes
        ]
        assert ("ada", "title", "Before", "After") in told
        assert ("ada", "date", event.date.isoformat(), "2025-Q3") in told
        assert any(row[1:] == ("team", "", "By update") for row in told)

    def test_answers_an_unknown_key_with_a_sentence(self, ada):
        response = ada.get("/desk/registry/event/999/history/")

        assert "doesn’t exist" in told(response)[0]
