"""The lists of the desk: columns, search, filters, actions, and their cost."""

from datetime import date

import pytest

from talent.registry.admin import paging
from talent.registry.models import (
    Deal,
    Event,
    EventReason,
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
from tests.registry.curators import address, signed_in, told

pytestmark = pytest.mark.django_db

Reason = EventReason._meta.get_field("reason").related_model


@pytest.fixture
def ada():
    return signed_in("publisher", username="ada")


@pytest.fixture
def listed(ada):
    """The rows a list shows for these parameters, in its order."""

    def rows(model, **parameters):
        response = ada.get(address(model, "changelist"), parameters)
        assert response.status_code == 200
        return list(response.context_data["cl"].result_list)

    return rows


def full_rows(count):
    """Rows of every list, each with all that a list shows of it."""
    for _number in range(count):
        event = EventFactory(counterpart=OrganizationFactory(), published=True)
        source = SourceFactory(repeats=SourceFactory())
        CitationFactory(event=event, source=source)
        package = PackageFactory(event=event, person=event.person)
        ReadingFactory.create_batch(2, package=package)
        deal = DealFactory()
        deal.readings.create(low=1_000_000)
        deal.events.add(event)
        OrganizationFactory(parent=event.organization)
        event.event_reasons.create(reason=Reason.objects.create(name=event.slug))


class TestEveryList:
    def test_makes_as_many_queries_for_ten_rows_as_for_three(self, ada, queries_of):
        lists = [
            address(model, "changelist")
            for model in (Event, Person, Organization, Source, Package, Deal, Reason)
        ]
        full_rows(3)
        ada.get(lists[0])
        with_three = {url: queries_of(lambda url=url: ada.get(url)) for url in lists}

        full_rows(7)

        with_ten = {url: queries_of(lambda url=url: ada.get(url)) for url in lists}
        assert with_ten == with_three

    def test_counts_no_further_than_it_must(self, ada, monkeypatch):
        monkeypatch.setattr(paging.CappedPaginator, "most", 3)
        EventFactory.create_batch(5)

        page = ada.get(address(Event, "changelist")).content.decode()

        assert "more than 3 events" in page


class TestEventScreen:
    def test_makes_as_many_queries_for_ten_citations_as_for_two(self, ada, queries_of):
        event = EventFactory()
        package = PackageFactory(event=event, person=event.person)

        def add(count):
            for number in range(count):
                CitationFactory(event=event)
                ReadingFactory(package=package)
                name = f"{number}-{count}"
                event.event_reasons.create(reason=Reason.objects.create(name=name))

        add(2)
        ada.get(address(event))
        with_two = queries_of(lambda: ada.get(address(event)))

        add(8)

        assert queries_of(lambda: ada.get(address(event))) == with_two


class TestDealScreen:
    def test_makes_as_many_queries_for_ten_people_as_for_two(self, ada, queries_of):
        deal = DealFactory()
        for event in EventFactory.create_batch(2):
            deal.events.add(event)
        ada.get(address(deal))
        with_two = queries_of(lambda: ada.get(address(deal)))

        for event in EventFactory.create_batch(8):
            deal.events.add(event)

        assert queries_of(lambda: ada.get(address(deal))) == with_two


class TestEventList:
    @pytest.mark.parametrize(
        "asked", ["庞发明", "龐發明", "pang", "Faming Pang", "acme"]
    )
    def test_finds_people_and_companies_in_any_script(self, listed, asked):
        event = EventFactory(
            person=PersonFactory(name="Faming Pang", name_zh="庞发明"),
            organization=OrganizationFactory(name="Acme"),
        )
        EventFactory()

        assert listed(Event, q=asked) == [event]

    def test_finds_words_of_a_title_beside_a_name(self, listed):
        event = EventFactory(title="Chief gardener", person__name="Wei Invented")
        EventFactory(title="Chief gardener")

        assert listed(Event, q="wei gardener") == [event]

    def test_has_the_drafts_changed_last_on_top(self, listed):
        old, new = EventFactory.create_batch(2)
        EventFactory(published=True)
        old.title = "Touched"
        old.save()

        assert listed(Event, status__exact="draft") == [old, new]

    def test_has_the_newest_published_on_top(self, listed):
        first = EventFactory(published=True, happened_on=date(2025, 5, 5))
        last = EventFactory(published=True, happened_on=date(2024, 4, 4))

        assert listed(Event, status__exact="published") == [first, last]

    def test_is_filtered_by_either_end_with_units(self, listed):
        acme = OrganizationFactory(name="Acme")
        lab = OrganizationFactory(name="Lab of it", parent=acme)
        into = EventFactory(organization=lab)
        out_of = EventFactory(counterpart=acme)
        EventFactory()

        assert listed(Event, at="acme") == [out_of, into]
        assert listed(Event, at="lab of it") == [into]
        assert listed(Event, at="nothing of the kind") == []

    @pytest.mark.parametrize(
        ("asked", "expected"), [("none", 0), ("one", 1), ("more", 2)]
    )
    def test_is_filtered_by_independent_sources(self, listed, asked, expected):
        none, one, two = EventFactory.create_batch(3)
        first = CitationFactory(event=one).source
        CitationFactory(event=one, source__repeats=first)
        CitationFactory.create_batch(2, event=two)

        assert listed(Event, sources=asked) == [[none, one, two][expected]]

    def test_is_narrowed_by_year_and_month(self, ada, listed):
        july = EventFactory(published=True, happened_on=date(2024, 7, 2))
        EventFactory(published=True, happened_on=date(2024, 8, 1))
        EventFactory(published=True, happened_on=date(2023, 7, 1))

        page = ada.get(address(Event, "changelist")).content.decode()

        assert "happened_on__year=2023" in page
        assert len(listed(Event, happened_on__year=2024)) == 2
        assert listed(Event, happened_on__year=2024, happened_on__month=7) == [july]

    def test_keeps_the_other_filters_when_one_is_typed(self, ada):
        page = ada.get(
            address(Event, "changelist"), {"status__exact": "draft", "q": "wei"}
        ).content.decode()

        form = page[page.index('class="desk-typed-filter"') :]
        assert 'name="status__exact" value="draft"' in form
        assert 'name="q" value="wei"' in form

    @pytest.mark.parametrize(
        "parameters",
        [
            {"happened_on__year": "9999999"},
            {"happened_on__year": "x"},
            {"sources": "many"},
            {"p": "999"},
            {"nonsense": "1"},
            {"q": "\x00"},
            {"at": "' OR 1=1 --"},
        ],
        ids=str,
    )
    def test_survives_nonsense(self, ada, parameters):
        response = ada.get(address(Event, "changelist"), parameters)

        assert response.status_code in {200, 302}


class TestActions:
    def act(self, client, action, events, **posted):
        posted |= {
            "action": action,
            "_selected_action": [event.pk for event in events],
        }
        return client.post(address(Event, "changelist"), posted)

    def test_say_in_one_sentence_what_happened(self, ada):
        grace = signed_in("publisher", username="grace")
        events = EventFactory.create_batch(3)
        self.act(grace, "publish_them", events[:1])

        response = self.act(ada, "publish_them", events)

        assert told(response) == ["2 published, 1 was already published by grace."]
        assert Event.objects.published().count() == 3

    def test_leave_a_withdrawn_event_where_it_is(self, ada):
        event = EventFactory(status="withdrawn")

        response = self.act(ada, "publish_them", [event])

        assert told(response) == ["1 is withdrawn: take it back to draft first."]

    def test_ask_for_a_reason_before_withdrawing(self, ada):
        event = EventFactory(published=True)

        response = self.act(ada, "withdraw_them", [event])

        assert told(response) == [
            "Nothing was changed: say why in the field beside the action."
        ]
        assert Event.objects.get().status == "published"

    @pytest.mark.parametrize(
        ("action", "sentence"),
        [
            ("withdraw_them", "1 withdrawn."),
            ("draft_them", "1 back to draft."),
        ],
    )
    def test_keep_the_reason_in_the_history(self, ada, action, sentence):
        event = EventFactory(published=True)

        response = self.act(ada, action, [event], reason="A <b>hoax</b>.")

        assert told(response) == [sentence]
        history = ada.get(address(event, "history")).content.decode()
        assert "A &lt;b&gt;hoax&lt;/b&gt;." in history

    def test_deny_asks_a_second_editor(self, ada):
        event = EventFactory(published=True)

        first = self.act(ada, "deny_them", [event], reason="A hoax.")
        again = self.act(ada, "deny_them", [event], reason="A hoax.")

        assert told(first) == ["1 waits for a second editor."]
        assert told(again)[-1] == "1 waits for a second editor already."
        assert Event.objects.get().standing == "reported"

    def test_publish_offers_without_a_hire(self, ada):
        offer = PackageFactory(status="draft", outcome="declined")
        waiting = PackageFactory(status="draft", event=EventFactory())

        response = ada.post(
            address(Package, "changelist"),
            {"action": "publish_them", "_selected_action": [offer.pk, waiting.pk]},
        )

        assert told(response) == ["1 published, 1 waits for its hire to be published."]
        assert list(Package.objects.public()) == [offer]


class TestChoices:
    @pytest.fixture
    def offered(self, ada):
        def texts(field, term):
            model = {"person": "person"}.get(field, "organization")
            response = ada.get(
                f"/desk/registry/{model}/choices/",
                {
                    "app_label": "registry",
                    "model_name": "event",
                    "field_name": field,
                    "term": term,
                },
            )
            return [row["text"] for row in response.json()["results"]]

        return texts

    @pytest.mark.parametrize("term", ["龐發", "发明", "faming", "pang fam"])
    def test_find_a_person_in_any_script(self, offered, term):
        PersonFactory(name="Faming Pang", name_zh="庞发明")
        PersonFactory(name="Somebody Else")

        assert offered("person", term) == ["Faming Pang 庞发明"]

    def test_tell_namesakes_apart_by_their_last_company(self, offered):
        first, second = (PersonFactory(name="Wei Invented") for _number in range(2))
        EventFactory(person=first, organization__name="Acme")
        EventFactory(person=second, organization__name="Bolt")

        assert offered("person", "wei") == [
            "Wei Invented · Acme",
            "Wei Invented · Bolt",
        ]

    def test_tell_to_which_company_a_unit_belongs(self, offered):
        OrganizationFactory(name="The Lab", parent=OrganizationFactory(name="Acme"))

        assert offered("organization", "lab") == ["The Lab · Acme"]

    def test_leave_out_who_was_merged_away(self, offered):
        PersonFactory(name="Wei Invented", merged_into=PersonFactory(name="Kept"))

        assert offered("person", "wei") == []

    def test_offer_a_misspelt_name_where_none_fits(self, offered):
        PersonFactory(name="Wolodymyr Invented")

        assert offered("person", "volodymyr inventd") == ["Wolodymyr Invented"]


class TestIndex:
    def test_leads_to_the_drafts(self, ada):
        draft = EventFactory()
        EventFactory(published=True)

        page = ada.get("/desk/").content.decode()

        assert f'href="{address(Event, "changelist")}?status__exact=draft"' in page
        assert page.count(f'href="{address(draft)}"') == 1
