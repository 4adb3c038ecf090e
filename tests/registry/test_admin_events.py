"""An event on one screen: entering, publishing, editing, warnings, two curators at once."""

import re
from datetime import date

import pytest

from talent.registry.models import (
    Citation,
    Event,
    EventReason,
    Package,
    Person,
    Reading,
    Source,
)
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    ReasonFactory,
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

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def ada():
    return signed_in("publisher", username="ada")


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme", slug="acme")


@pytest.fixture
def typed(acme):
    """The least that makes an event."""
    return {
        "kind": "hire",
        "person": "Jane Invented 简发明",
        "organization": acme.pk,
        "date": "2025-07",
    }


class TestNewEvent:
    def test_makes_person_sources_citations_package_and_readings_on_one_screen(
        self, ada, acme, typed
    ):
        ReasonFactory(name="mission")
        reason = EventReason._meta.get_field("reason").related_model.objects.get()
        typed |= {
            "counterpart": OrganizationFactory(name="Before").pk,
            "new_sources": "https://a.example/1?utm_source=x#top | Says so.\n",
            "event_reasons__0__reason": reason.pk,
            "event_reasons__0__stated_by": "herself",
            "outcome": "accepted",
            "readings__0__form": "total_package",
            "readings__0__low": "200M",
            "readings__0__qualifier": "more than",
            "readings__0__source_url": "https://b.example/2",
        }

        edit(ada, Event, **typed)

        event = Event.objects.get()
        assert (event.person.name, event.person.name_zh) == ("Jane Invented", "简发明")
        assert event.person.slug == "jane-invented"
        assert (event.slug, event.status) == ("jane-invented-hire-acme-2025", "draft")
        assert event.date.isoformat() == "2025-07"
        citation = event.citations.get()
        assert (citation.source.url, citation.states) == (
            "https://a.example/1",
            "Says so.",
        )
        assert str(event.event_reasons.get()) == "mission (herself)"
        package = event.packages.get()
        assert (package.person, package.organization) == (event.person, acme)
        assert str(package.readings.get()) == "more than US$200M"
        assert package.readings.get().source.url == "https://b.example/2"

    def test_stays_a_draft_on_save_and_goes_public_on_save_and_publish(
        self, ada, typed
    ):
        typed |= {
            "readings__0__form": "annual",
            "readings__0__low": "2亿",
            "readings__0__currency": "cny",
        }

        edit(ada, Event, **typed, _publish="1")

        assert Event.objects.get().status == "published"
        assert Package.objects.public().get().readings.get().low == 200_000_000

    def test_makes_no_package_without_a_figure(self, ada, typed):
        edit(ada, Event, **typed, outcome="declined")

        assert Event.objects.exists()
        assert not Package.objects.exists()

    def test_uses_a_page_the_record_knows(self, ada, typed):
        known = SourceFactory(url="https://a.example/1")

        edit(ada, Event, **typed, new_sources="HTTPS://A.example/1#frag")

        assert Source.objects.get() == known

    def test_keeps_everything_typed_when_one_line_is_wrong(self, ada, typed):
        lines = "https://a.example/1 | Says so.\nnot an address\nhttps://b.example/"
        typed |= {
            "new_sources": lines,
            "title": "Chief of Everything",
            "readings__0__form": "annual",
            "readings__0__low": "1.5bn",
        }

        response = edit(ada, Event, **typed)

        shown = as_posted(response)
        assert errors(response) == [
            "Line 2: “not an address” holds a space or a sign that no web address has."
        ]
        assert shown["new_sources"] == lines
        assert shown["title"] == "Chief of Everything"
        assert shown["date"] == "2025-07"
        assert shown["person"] == "Jane Invented 简发明"
        assert shown["readings-0-low"] == "1.5bn"
        assert "Jane Invented 简发明</option>" in response.content.decode()
        assert not Person.objects.exists()
        assert not Source.objects.exists()

    def test_takes_nobody_for_somebody_else_on_a_name(self, ada, typed):
        known = PersonFactory(name="Jane Invented")

        response = edit(ada, Event, **typed)

        [error] = errors(response)
        assert f"Jane Invented ({known.pk})" in error
        assert not Event.objects.exists()

    def test_takes_the_number_of_a_person_from_a_browser_without_scripts(
        self, ada, typed
    ):
        known = PersonFactory(name="Jane Invented")
        typed |= {"person": "", "person_typed": str(known.pk)}

        edit(ada, Event, **typed)

        assert Event.objects.get().person == known

    def test_takes_the_typed_name_of_an_organization(self, ada, acme, typed):
        typed |= {"organization": "", "organization_typed": "acme"}

        edit(ada, Event, **typed)

        assert Event.objects.get().organization == acme

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"date": "July 2025"}, "“July 2025” is not a date we can read"),
            ({"kind": "departure", "founder": "on"}, "This belongs to a hire"),
            ({"organization": "Nowhere Inc"}, "No organization is called"),
            (
                {"readings__0__form": "annual", "readings__0__low": "1.500"},
                "can be read in two ways",
            ),
            (
                {
                    "kind": "departure",
                    "readings__0__form": "annual",
                    "readings__0__low": "2M",
                },
                "A package belongs to a hire",
            ),
        ],
        ids=["date", "flag", "organization", "amount", "package"],
    )
    def test_says_what_is_wrong(self, ada, typed, wrong, sentence):
        response = edit(ada, Event, **typed | wrong)

        assert any(sentence in error for error in errors(response))
        assert not Event.objects.exists()

    def test_refuses_the_same_organization_at_both_ends(self, ada, acme, typed):
        response = edit(ada, Event, **typed, counterpart=acme.pk)

        assert "cannot be the same organization" in " ".join(errors(response))

    def test_refuses_two_preferred_readings(self, ada, typed):
        two = {"readings__TOTAL_FORMS": 2}
        for number in (0, 1):
            two |= {
                f"readings__{number}__{name}": value
                for name, value in {
                    "form": "annual",
                    "low": "1M",
                    "currency": "USD",
                    "standing": "reported",
                    "rank": "preferred",
                }.items()
            }

        response = edit(ada, Event, **typed | two)

        assert "can be the preferred one" in " ".join(errors(response))


class TestChangedEvent:
    def test_shows_date_and_amount_as_they_are_typed(self, ada):
        event = EventFactory(happened_on=date(2025, 7, 1), precision="quarter")
        package = PackageFactory(event=event, person=event.person)
        ReadingFactory(package=package, low=1_500_000_000, high=None)

        shown = form_of(ada, event)

        assert shown["date"] == "2025-Q3"
        assert shown["readings-0-low"] == "1.5B"

    def test_saves_unchanged_what_it_shows(self, ada):
        event = EventFactory(counterpart=OrganizationFactory(), title="Lead")
        CitationFactory(
            event=event,
            source__published_on=date(2025, 7, 1),
            source__published_precision="month",
        )
        package = PackageFactory(event=event, person=event.person)
        ReadingFactory(package=package, low=123_456_789, years="2.5")
        rows = [Event, Citation, Source, Package, Reading]
        before = [list(model.objects.values()) for model in rows]

        edit(ada, event)

        after = [list(model.objects.values()) for model in rows]
        for values in (*before[0], *after[0]):
            del values["updated_at"]
        assert after == before

    def test_fills_in_what_is_known_about_a_cited_page(self, ada):
        citation = CitationFactory(source__title="", source__publisher="")

        edit(
            ada,
            citation.event,
            citations__0__title="头条",
            citations__0__publisher="Gazette",
            citations__0__published="2025-07",
            citations__0__stance="contradicts",
        )

        source = Source.objects.get()
        assert (source.title, source.publisher) == ("头条", "Gazette")
        assert source.published.isoformat() == "2025-07"
        assert Citation.objects.get().stance == "contradicts"
        assert Event.objects.get().source_count == 0

    def test_adds_a_pasted_source(self, ada):
        event = EventFactory()

        edit(ada, event, new_sources="https://a.example/1")

        assert event.citations.get().source.url == "https://a.example/1"

    def test_removes_what_is_ticked(self, ada):
        citation = CitationFactory()

        edit(ada, citation.event, citations__0__DELETE="on")

        assert not Citation.objects.exists()

    def test_passes_the_preference_from_one_reading_to_another(self, ada):
        event = EventFactory()
        package = PackageFactory(event=event, person=event.person)
        first = ReadingFactory(package=package)
        second = ReadingFactory(package=package, rank="preferred")

        edit(
            ada, event, readings__0__rank="preferred", readings__1__rank="contradicted"
        )

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.rank, second.rank) == ("preferred", "contradicted")

    def test_adds_a_figure_to_a_published_hire_in_public(self, ada):
        event = EventFactory(published=True)

        edit(ada, event, readings__0__form="annual", readings__0__low="3M")

        assert Package.objects.public().get().event == event

    def test_never_moves_to_another_address_once_published(self, ada):
        event = EventFactory(published=True)

        edit(ada, event, slug="elsewhere")

        assert Event.objects.get().slug == event.slug

    def test_answers_an_unknown_key_with_a_sentence(self, ada):
        response = ada.get("/desk/registry/event/999/change/")

        assert "doesn’t exist" in told(response)[0]


class TestWarnings:
    def test_stand_on_the_page_and_in_the_message_after_saving(self, ada, acme, typed):
        before = OrganizationFactory(name="Before")

        response = edit(ada, Event, **typed, counterpart=before.pk)

        event = Event.objects.get()
        texts = told(response)
        assert any("The departure from Before is not recorded." in t for t in texts)
        assert any("No source supports this event yet." in t for t in texts)
        page = ada.get(address(event)).content.decode()
        assert "The departure from Before is not recorded." in page
        assert f'action="{address(event, "other_half")}"' in page

    def test_draft_the_other_half_in_one_click(self, ada):
        event = EventFactory(counterpart=OrganizationFactory(name="Before"))

        response = ada.post(address(event, "other_half"))

        other = Event.objects.exclude(pk=event.pk).get()
        assert response.url == address(other)
        assert told(response) == [f"Drafted: {other}."]

    def test_draft_it_once(self, ada):
        event = EventFactory(counterpart=OrganizationFactory(name="Before"))

        for _click in range(2):
            response = ada.post(address(event, "other_half"))

        other = Event.objects.exclude(pk=event.pk).get()
        assert told(response)[-1] == f"It is there already: {other}."

    def test_draft_nothing_on_a_mere_look(self, ada):
        event = EventFactory(counterpart=OrganizationFactory())

        assert ada.get(address(event, "other_half")).status_code == 405

        assert Event.objects.count() == 1


class TestTwoCurators:
    def test_are_told_of_each_other_and_lose_nothing(self, ada):
        event = EventFactory(title="Before")
        grace = signed_in("publisher", username="grace")
        opened = form_of(ada, event)
        edit(grace, event, title="Grace's", new_sources="https://a.example/1")

        refused = ada.post(address(event), opened | {"title": "Ada's"})

        [first, *_more, last] = errors(refused)
        assert first.startswith("grace, ")
        assert "title: “Before” → “Grace's”" in first
        assert "citation: https://a.example/1 added" in first
        assert "save again" in last
        assert as_posted(refused)["title"] == "Ada's"
        event.refresh_from_db()
        assert event.title == "Grace's"

    def test_may_insist_after_having_seen_it(self, ada):
        event = EventFactory(title="Before")
        opened = form_of(ada, event)
        edit(signed_in("publisher"), event, title="Grace's")
        refused = ada.post(address(event), opened | {"title": "Ada's"})
        again = re.search(r'name="version" value="([\d.]+)"', refused.content.decode())

        ada.post(address(event), opened | {"title": "Ada's", "version": again[1]})

        event.refresh_from_db()
        assert event.title == "Ada's"

    @pytest.mark.parametrize("field", ["version", "person"])
    def test_may_send_a_key_longer_than_any(self, ada, field):
        event = EventFactory(title="Before")
        opened = form_of(ada, event)
        longer = re.sub(r"\d+", "9" * 5000, str(opened[field]))

        refused = ada.post(address(event), opened | {field: longer})

        assert errors(refused)
        event.refresh_from_db()
        assert event.title == "Before"

    @pytest.mark.parametrize("part", ["figure", "source", "plain update"])
    def test_are_told_of_a_change_to(self, ada, part):
        event = EventFactory()
        citation = CitationFactory(event=event)
        package = PackageFactory(event=event, person=event.person)
        reading = ReadingFactory(package=package)
        opened = form_of(ada, event)
        match part:
            case "figure":
                Reading.objects.filter(pk=reading.pk).update(low=1)
            case "source":
                Source.objects.filter(pk=citation.source_id).update(title="New")
            case _:
                Event.objects.filter(pk=event.pk).update(title="New")

        refused = ada.post(address(event), opened)

        assert "a command or plain SQL" in errors(refused)[0]

    def test_do_not_hinder_one_another_on_two_events(self, ada):
        one, other = EventFactory.create_batch(2)
        opened = form_of(ada, one)
        edit(signed_in("publisher"), other, title="Grace's")

        ada.post(address(one), opened | {"title": "Ada's"})

        one.refresh_from_db()
        assert one.title == "Ada's"


class TestTypedHtml:
    def test_is_escaped_on_every_page_and_in_every_message(self, ada):
        evil = {"name": EVIL, "other_names": [EVIL]}
        event = EventFactory(
            person=PersonFactory(**evil, name_zh=EVIL),
            organization=OrganizationFactory(**evil),
            counterpart=OrganizationFactory(**evil),
            title=EVIL,
            team=EVIL,
            summary=EVIL,
            summary_zh=EVIL,
            disagreement=EVIL,
        )
        PersonFactory(name=EVIL)
        CitationFactory(
            event=event, states=EVIL, source__title=EVIL, source__publisher=EVIL
        )
        event.event_reasons.create(reason=ReasonFactory(name=EVIL), stated_by=EVIL)
        package = PackageFactory(event=event, person=event.person)
        ReadingFactory(package=package, note=EVIL)
        source = Source.objects.first()
        ada.post(address(event, "withdraw"), {"reason": EVIL})
        edit(ada, event, title=EVIL)
        edit(ada, event.person, name=EVIL + "2")

        pages = [
            edit(ada, event, new_sources=EVIL, date=EVIL, organization=EVIL),
            ada.get(address(Event, "changelist"), {"q": EVIL, "at": EVIL}),
            ada.get("/desk/"),
        ]
        for row in (event, event.person, event.organization, source, package):
            pages += [
                ada.get(address(row)),
                ada.get(address(row, "history")),
                ada.get(address(type(row), "changelist")),
            ]

        for page in pages:
            assert page.status_code == 200
            assert "<script>alert" not in page.content.decode()
            assert "&lt;script&gt;alert" in page.content.decode()
