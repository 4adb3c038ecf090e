"""Merging at the desk: who may, what the pages show, what the buttons do."""

from datetime import date

import pytest
from django.urls import reverse

from talent.registry import merging
from talent.registry.models import Event, Merge, Person
from tests.accounts.desk import account, enter
from tests.factories import (
    NOON,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db

PEOPLE = reverse("admin:registry_person_changelist")
MERGES = reverse("admin:registry_merge_changelist")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def merge_page(kept, dropped):
    name = f"admin:registry_{kept._meta.model_name}_merge"
    return reverse(name, args=[kept.pk, dropped.pk])


def undo_page(merge):
    return reverse("admin:registry_merge_undo", args=[merge.pk])


def merged(*people):
    kept, dropped = people or PersonFactory.create_batch(2)
    return merging.merge_people(kept, dropped, by=None, at=NOON)


def choose(client, *people, follow=False):
    chosen = {"action": "merge_chosen", "_selected_action": [p.pk for p in people]}
    return client.post(PEOPLE, chosen, follow=follow)


@pytest.fixture
def publisher(client):
    return enter(client, account("publisher", username="polly"))


@pytest.fixture
def same_move():
    """Two rows for one person: the same hire stands under both."""
    lab = OrganizationFactory(name="Orchard Lab")
    hire = {"organization": lab, "happened_on": date(2025, 7, 7)}
    kept = EventFactory(**hire, person__name="Ada Vale").person
    dropped = EventFactory(**hire, person__name="Vale Ada").person
    return kept, dropped


class TestEditor:
    @pytest.fixture(autouse=True)
    def editor(self, client):
        enter(client, account("editor"))

    def test_is_not_offered_the_action(self, client):
        PersonFactory.create_batch(2)

        assert "merge_chosen" not in text_of(client.get(PEOPLE))

    def test_cannot_use_it_either(self, client):
        response = choose(client, *PersonFactory.create_batch(2), follow=True)

        assert "/merge/" not in response.request["PATH_INFO"]

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("factory", [PersonFactory, OrganizationFactory])
    def test_may_not_merge(self, client, method, factory):
        kept, dropped = factory.create_batch(2)

        response = getattr(client, method)(merge_page(kept, dropped), {"sure": "on"})

        assert response.status_code == 403
        assert not Merge.objects.exists()

    def test_may_not_look_for_the_other_one(self, client):
        name = "admin:registry_person_merge_with"

        response = client.get(reverse(name, args=[PersonFactory().pk]))

        assert response.status_code == 403

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_may_not_undo(self, client, method):
        merge = merged()

        assert getattr(client, method)(undo_page(merge)).status_code == 403
        merge.refresh_from_db()
        assert merge.undone_at is None

    def test_may_see_what_was_merged(self, client):
        merge = merged()

        page = text_of(client.get(MERGES))

        assert merge.summary in page
        assert undo_page(merge) not in page


class TestChoosing:
    def test_two_leads_to_both_side_by_side(self, client, publisher):
        kept, dropped = PersonFactory.create_batch(2)

        response = choose(client, dropped, kept)

        assert response.url == merge_page(kept, dropped)

    def test_one_leads_to_the_search_for_the_other(self, client, publisher):
        person = PersonFactory(name="Ada Vale")
        other = PersonFactory(name="Vale Ada", other_names=["艾达"])
        PersonFactory(name="Somebody Else")

        page = choose(client, person, follow=True)
        found = client.get(page.redirect_chain[0][0], {"q": "艾达"})

        assert list(page.context["found"]) == list(found.context["found"]) == [other]
        assert merge_page(person, other) in text_of(page)

    def test_three_is_too_many(self, client, publisher):
        response = choose(client, *PersonFactory.create_batch(3), follow=True)

        assert "Choose the two that are one" in text_of(response)

    def test_shows_no_one_merged_already(self, client, publisher):
        kept, dropped = PersonFactory.create_batch(2, name="Ada Vale")
        merged(kept, dropped)
        other = PersonFactory(name="Ada Vale")

        found = choose(client, other, follow=True).context["found"]

        assert list(found) == [kept]


class TestMergePage:
    def test_shows_both_with_what_names_them(self, client, publisher):
        kept = PersonFactory(name="Ada Vale", name_zh="艾达", known_for=["A model"])
        dropped = PersonFactory(name="Vale Ada")
        EventFactory(person=kept, organization__name="Orchard Lab")
        PackageFactory(person=dropped, organization__name="Quarry")

        page = text_of(client.get(merge_page(kept, dropped)))

        for shown in ("艾达", "A model", "Orchard Lab", "Vale Ada", "Quarry"):
            assert shown in page
        assert "Nothing merges on a name alone." in page
        assert merge_page(dropped, kept) in page  # to turn them round

    def test_shows_organizations_with_units_and_deals(self, client, publisher):
        kept, dropped = OrganizationFactory.create_batch(2)
        OrganizationFactory(parent=dropped, name="Pear Unit")
        DealFactory(buyer=dropped, target__name="Quarry")

        page = text_of(client.get(merge_page(kept, dropped)))

        assert "Pear Unit" in page
        assert "Quarry" in page
        assert "Organizations (part of): 1 to move" in page

    def test_merges_and_offers_the_way_back(self, client, publisher, same_move):
        kept, dropped = same_move

        response = client.post(merge_page(kept, dropped), follow=True)

        merge = Merge.objects.get()
        assert merge.merged_by == publisher
        assert response.redirect_chain[0][0] == reverse(
            "admin:registry_person_change", args=[kept.pk]
        )
        assert f'href="{undo_page(merge)}"' in text_of(response)
        assert Event.objects.filter(person=kept).count() == 2

    def test_wants_a_source_seen_where_the_name_is_all(self, client, publisher):
        kept, dropped = PersonFactory.create_batch(2, name="Ada Vale")

        response = client.post(merge_page(kept, dropped))

        assert "The record does not suggest it." in text_of(response)
        assert "Tick the box" in text_of(response)
        assert not Merge.objects.exists()

        client.post(merge_page(kept, dropped), {"sure": "on"})

        assert Merge.objects.exists()

    def test_wants_a_source_seen_where_something_speaks_against(
        self, client, publisher, same_move
    ):
        kept, dropped = same_move
        Person.objects.filter(pk=kept.pk).update(name_zh="蓝书雨")
        Person.objects.filter(pk=dropped.pk).update(name_zh="蓝书宇")

        response = client.post(merge_page(kept, dropped))

        assert "蓝书雨 and 蓝书宇" in text_of(response)
        assert not Merge.objects.exists()

    def test_says_who_did_it_before(self, client, publisher, same_move):
        kept, dropped = same_move
        client.post(merge_page(kept, dropped))

        response = client.post(merge_page(kept, dropped), {"sure": "on"}, follow=True)

        assert "Merged already" in text_of(response)
        assert "polly" in text_of(response)
        assert Merge.objects.count() == 1

    def test_names_what_would_stand_twice(self, client, publisher, same_move):
        page = text_of(client.get(merge_page(*same_move)))

        assert "The record suggests it." in page
        twice = "Ada Vale → Orchard Lab (2025-07-07)”"
        assert f"Stands twice then: “{twice}" in page

    def test_says_why_it_is_refused_and_offers_no_button(self, client, publisher):
        one, other = OrganizationFactory.create_batch(2)
        EventFactory(organization=one, counterpart=other)

        page = text_of(client.get(merge_page(one, other)))
        answer = client.post(merge_page(one, other), {"sure": "on"})

        assert "ends of a move" in page
        assert 'value="Merge"' not in page
        assert "ends of a move" in text_of(answer)
        assert not Merge.objects.exists()

    def test_runs_no_markup_of_a_name(self, client, publisher):
        kept = PersonFactory(name="<script>alert(1)</script>")
        dropped = PersonFactory(name="Ada", known_for=["<img src=x onerror=alert(1)>"])

        page = text_of(client.get(merge_page(kept, dropped)))
        done = client.post(merge_page(kept, dropped), {"sure": "on"}, follow=True)

        for answer in (page, text_of(done)):
            assert "<script>alert" not in answer
            assert "<img src=x" not in answer

    def test_of_nobody_is_not_found(self, client, publisher):
        person = PersonFactory()
        address = reverse("admin:registry_person_merge", args=[person.pk, 0])

        assert client.get(address).status_code == 404

    def test_asks_as_much_for_three_events_as_for_one(
        self, client, publisher, queries_of
    ):
        kept, dropped = PersonFactory.create_batch(2)
        EventFactory(person=dropped)
        client.get(merge_page(kept, dropped))
        with_one = queries_of(lambda: client.get(merge_page(kept, dropped)))

        EventFactory.create_batch(2, person=dropped)

        assert queries_of(lambda: client.get(merge_page(kept, dropped))) == with_one


class TestUndoPage:
    def test_says_what_goes_back_and_what_stays(self, client, publisher):
        kept, dropped, third = PersonFactory.create_batch(3)
        EventFactory(person=dropped)
        edited = EventFactory(person=dropped, organization__name="Orchard Lab")
        merge = merged(kept, dropped)
        Event.objects.filter(pk=edited.pk).update(person=third)

        page = text_of(client.get(undo_page(merge)))

        assert "Events (person): 2 moved" in page
        assert "stay as they are" in page
        assert "Orchard Lab" in page

    def test_undoes_and_says_what_stayed(self, client, publisher):
        kept, dropped, third = PersonFactory.create_batch(3)
        moved, edited = EventFactory.create_batch(2, person=dropped)
        merge = merged(kept, dropped)
        Event.objects.filter(pk=edited.pk).update(person=third)

        response = client.post(undo_page(merge), follow=True)

        moved.refresh_from_db()
        assert moved.person == dropped
        assert "Undone:" in text_of(response)
        assert "Edited since, and left where it is" in text_of(response)

    def test_done_twice_says_so(self, client, publisher):
        merge = merged()
        client.post(undo_page(merge))

        response = client.post(undo_page(merge), follow=True)

        assert "undone already" in text_of(response)

    def test_says_which_later_merge_is_in_the_way(self, client, publisher):
        first, second, third = PersonFactory.create_batch(3)
        merge = merged(second, first)
        merged(third, second)

        response = client.post(undo_page(merge), follow=True)

        assert "undo that merge first" in text_of(response)


class TestMergeList:
    def test_says_who_when_and_what(self, client, publisher, same_move):
        client.post(merge_page(*same_move))
        merge = Merge.objects.get()

        page = text_of(client.get(MERGES))

        assert merge.summary in page
        assert "polly" in page
        assert f'href="{undo_page(merge)}"' in page

    def test_says_what_was_undone(self, client, publisher):
        merge = merged()
        merging.undo(merge, by=None, at=NOON)

        page = text_of(client.get(MERGES))

        assert "on 2026-03-01" in page
        assert undo_page(merge) not in page

    def test_asks_as_much_for_three_as_for_one(self, client, publisher, queries_of):
        merged()
        client.get(MERGES)
        with_one = queries_of(lambda: client.get(MERGES))

        merged()
        merged()

        assert queries_of(lambda: client.get(MERGES)) == with_one

    def test_cannot_be_written_to(self, client, publisher):
        merge = merged()
        change = reverse("admin:registry_merge_change", args=[merge.pk])

        for address in (change, reverse("admin:registry_merge_add")):
            assert client.post(address, {"summary": "else"}).status_code == 403
