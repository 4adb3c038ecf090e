"""Merging two people or organizations: what moves, what is refused, the way back."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from talent.registry import merging
from talent.registry.models import Event, EventTally, Merge, Organization, Person
from talent.registry.signals import record_changed
from tests.factories import (
    CitationFactory,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    SourceFactory,
    UserFactory,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def merge(kept, dropped, at=AT, by=None):
    return merging.merge(kept, dropped, by=by, at=at)


def undo(merged, at=LATER, by=None):
    return merging.undo(merged, by=by, at=at)


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def history_of(row):
    row.refresh_from_db()
    return row.history.order_by("-pgh_id").select_related("pgh_context")


@pytest.fixture
def news(django_capture_on_commit_callbacks):
    """What the signal said while a callable ran."""
    heard = []

    def listen(sender, people, companies, **rest):
        heard.append((people, companies))

    def of(call):
        record_changed.connect(listen)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                call()
        finally:
            record_changed.disconnect(listen)
        return heard

    return of


class TestMergePeople:
    def test_moves_events_and_packages(self):
        kept, dropped = PersonFactory.create_batch(2)
        event = EventFactory(person=dropped, published=True)
        package = PackageFactory(person=dropped)

        merge(kept, dropped)

        event.refresh_from_db()
        package.refresh_from_db()
        assert event.person == package.person == kept
        assert event.updated_at == package.updated_at == AT

    def test_leaves_other_people_alone(self):
        kept, dropped, other = PersonFactory.create_batch(3)
        event = EventFactory(person=other)

        merge(kept, dropped)

        event.refresh_from_db()
        assert event.person == other

    def test_gives_the_kept_one_the_names_once(self):
        kept = PersonFactory(name="Ada Vale", other_names=["A. Vale"])
        dropped = PersonFactory(
            name="Vale Ada", name_zh="艾达", other_names=["A. Vale", "Ada Vale"]
        )

        merge(kept, dropped)

        kept.refresh_from_db()
        assert kept.name == "Ada Vale"
        assert kept.other_names == ["A. Vale", "Vale Ada", "艾达"]
        assert Person.objects.public().count() == 0
        assert list(Person.objects.unmerged().named("艾达")) == [kept]

    def test_joins_what_they_are_known_for_and_studied(self):
        kept = PersonFactory(known_for=["A model"], education=["BSc, Somewhere"])
        dropped = PersonFactory(
            known_for=["A paper", "A model"], education=["PhD, Elsewhere"]
        )

        merge(kept, dropped)

        kept.refresh_from_db()
        assert kept.known_for == ["A model", "A paper"]
        assert kept.education == ["BSc, Somewhere", "PhD, Elsewhere"]

    def test_says_in_the_history_who_and_why(self):
        kept = PersonFactory(slug="kept", name="Ada Vale")
        dropped = PersonFactory(slug="dropped", name="Vale Ada")
        event, curator = EventFactory(person=dropped), UserFactory()

        merge(kept, dropped, by=curator)

        reason = "Vale Ada (dropped) merged into Ada Vale (kept)"
        for row in (kept, dropped, event):
            metadata = history_of(row)[0].pgh_context.metadata
            assert metadata == {"user": curator.pk, "reason": reason}

    def test_is_recorded_with_what_moved(self):
        kept, dropped = PersonFactory.create_batch(2)
        event, curator = EventFactory(person=dropped), UserFactory()

        merged = merge(kept, dropped, by=curator)

        assert merged.moved == {
            "event.person": [event.pk],
            "package.person": [],
            "reply.person": [],
        }
        assert (merged.kept_id, merged.dropped_id) == (kept.pk, dropped.pk)
        assert (merged.merged_by, merged.merged_at) == (curator, AT)

    def test_done_twice_returns_the_first(self):
        kept, dropped = PersonFactory.create_batch(2)

        first = merge(kept, dropped)
        again = merge(kept, dropped, at=LATER)

        assert again == first
        assert again.merged_at == AT
        assert Merge.objects.count() == 1

    def test_refuses_one_merged_into_somebody_else(self):
        kept, dropped, other = PersonFactory.create_batch(3)
        merge(other, dropped)

        with pytest.raises(merging.MergeRefused, match="was merged into"):
            merge(kept, dropped)

    def test_refuses_to_turn_a_merge_round(self):
        kept, dropped = PersonFactory.create_batch(2)
        merge(kept, dropped)

        with pytest.raises(merging.MergeRefused, match="was merged into"):
            merge(dropped, kept)

    def test_refuses_one_row_twice(self):
        person = PersonFactory()

        with pytest.raises(merging.MergeRefused, match="choose two"):
            merge(person, person)

    def test_tells_whom_and_which_companies_it_touched(self, news):
        kept, dropped = PersonFactory.create_batch(2)
        origin = OrganizationFactory()
        event = EventFactory(person=dropped, counterpart=origin, published=True)

        heard = news(lambda: merge(kept, dropped))

        assert heard == [({kept.pk, dropped.pk}, {event.organization_id, origin.pk})]

    def test_tells_nothing_when_refused(self, news):
        person = PersonFactory()

        def refused():
            with pytest.raises(merging.MergeRefused):
                merge(person, person)

        assert news(refused) == []


@pytest.mark.parametrize("verb", ["merge", "undo"])
def test_no_page_limit_cuts_the_verb_off(verb, monkeypatch):
    """A big company takes longer than a page may; the limit is the transaction's own."""
    limits = []

    def look(**_touched):
        limits.append(setting("statement_timeout"))

    merged = merge(*PersonFactory.create_batch(2)) if verb == "undo" else None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '7s'")
    monkeypatch.setattr(merging, "announce", look)

    undo(merged) if merged else merge(*PersonFactory.create_batch(2))

    assert limits == ["0"]


@pytest.mark.django_db(transaction=True)
def test_two_curators_at_once_make_one_merge():
    kept, dropped = PersonFactory.create_batch(2)
    start, merges = Barrier(2), []

    def work():
        start.wait()
        merges.append(merge(kept, dropped))
        connection.close()

    threads = [Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert merges[0] == merges[1]
    assert Merge.objects.count() == 1


class TestMergeOrganizations:
    def test_moves_both_ends_packages_units_and_deals(self):
        kept, dropped = OrganizationFactory.create_batch(2)
        joined = EventFactory(organization=dropped)
        came_from = EventFactory(counterpart=dropped)
        package = PackageFactory(organization=dropped)
        unit = OrganizationFactory(parent=dropped)
        bought, sold = DealFactory(buyer=dropped), DealFactory(target=dropped)

        merge(kept, dropped)

        for row in (joined, came_from, package, unit, bought, sold):
            row.refresh_from_db()
        assert joined.organization == joined.company == kept
        assert came_from.counterpart == came_from.counterpart_company == kept
        assert package.organization == unit.parent == unit.company == kept
        assert bought.buyer == sold.target == kept

    def test_takes_the_events_of_units_to_the_company_kept(self):
        kept, dropped = OrganizationFactory.create_batch(2)
        unit = OrganizationFactory(parent=dropped)
        event = EventFactory(organization=unit, published=True)

        merge(kept, dropped)

        event.refresh_from_db()
        assert (event.organization, event.company) == (unit, kept)
        tally = EventTally.objects.get(events__gt=0)
        assert (tally.organization, tally.company) == (unit, kept)

    def test_counts_follow(self):
        kept, dropped = OrganizationFactory.create_batch(2)
        on = date(2025, 3, 1)
        EventFactory(organization=kept, published=True, happened_on=on)
        EventFactory(organization=dropped, published=True, happened_on=on)

        merge(kept, dropped)

        counts = EventTally.objects.filter(events__gt=0)
        assert list(counts.values_list("organization", "events")) == [(kept.pk, 2)]

    @pytest.mark.parametrize("turned", [False, True])
    def test_refuses_where_an_event_has_one_at_each_end(self, turned):
        one, other = OrganizationFactory.create_batch(2)
        EventFactory(organization=one, counterpart=other)
        pair = (other, one) if turned else (one, other)

        with pytest.raises(merging.MergeRefused, match="ends of a move"):
            merge(*pair)

        assert Organization.objects.unmerged().count() == 2

    def test_refuses_where_a_deal_is_between_the_two(self):
        deal = DealFactory()

        with pytest.raises(merging.MergeRefused, match="buyer and target differ"):
            merge(deal.buyer, deal.target)

    @pytest.mark.parametrize("turned", [False, True])
    def test_refuses_a_unit_and_what_it_is_part_of(self, turned):
        company = OrganizationFactory()
        unit = OrganizationFactory(parent=OrganizationFactory(parent=company))
        pair = (unit, company) if turned else (company, unit)

        with pytest.raises(merging.MergeRefused, match="is part of"):
            merge(*pair)

    def test_tells_whom_and_which_companies_it_touched(self, news):
        kept, dropped = OrganizationFactory.create_batch(2)
        unit = OrganizationFactory(parent=dropped)
        event = EventFactory(organization=unit, counterpart=OrganizationFactory())
        EventFactory(organization=kept)

        heard = news(lambda: merge(kept, dropped))

        companies = {kept.pk, dropped.pk, event.counterpart_id}
        assert heard == [({event.person_id}, companies)]


class TestUndo:
    def test_restores_people_to_the_letter(self):
        kept = PersonFactory(other_names=["K."], known_for=["A model"])
        dropped = PersonFactory(name_zh="艾达", known_for=["A paper"])
        event, package = EventFactory(person=dropped), PackageFactory(person=dropped)
        own = EventFactory(person=kept)

        won = undo(merge(kept, dropped))

        for row in (kept, dropped, event, package, own):
            row.refresh_from_db()
        assert won is True
        assert event.person == package.person == dropped
        assert own.person == kept
        assert (kept.other_names, kept.known_for) == (["K."], ["A model"])
        assert dropped.merged_into is None

    def test_restores_organizations_and_counts(self):
        kept, dropped = OrganizationFactory.create_batch(2)
        rows = [
            EventFactory(organization=dropped, published=True),
            EventFactory(counterpart=dropped, published=True),
            PackageFactory(organization=dropped),
            OrganizationFactory(parent=dropped),
            DealFactory(buyer=dropped),
            DealFactory(target=dropped),
        ]
        before = [type(row).objects.filter(pk=row.pk).values().get() for row in rows]
        counts = set(EventTally.objects.values_list("organization", "events"))

        undo(merge(kept, dropped))

        after = [type(row).objects.filter(pk=row.pk).values().get() for row in rows]
        for now, then in zip(after, before, strict=True):
            now.pop("updated_at", None)
            then.pop("updated_at", None)
            assert now == then
        now = EventTally.objects.filter(events__gt=0)
        assert set(now.values_list("organization", "events")) == counts

    def test_says_in_the_history_who_and_why(self):
        kept, dropped = PersonFactory.create_batch(2)
        curator = UserFactory()
        merged = merge(kept, dropped)

        undo(merged, by=curator)

        metadata = history_of(dropped)[0].pgh_context.metadata
        assert metadata == {
            "user": curator.pk,
            "reason": f"Undone: {merged.summary}",
        }

    def test_done_twice_says_so(self):
        merged = merge(*PersonFactory.create_batch(2))
        undo(merged)

        assert undo(merged) is False
        assert Merge.objects.get().undone_at == LATER

    def test_leaves_what_was_edited_since_and_names_it(self):
        kept, dropped, third = PersonFactory.create_batch(3)
        moved = EventFactory(person=dropped)
        edited = EventFactory(person=dropped)
        deleted = EventFactory(person=dropped)
        merged = merge(kept, dropped)
        Event.objects.filter(pk=edited.pk).update(person=third)
        deleted.delete()

        undo(merged)

        moved.refresh_from_db()
        edited.refresh_from_db()
        assert (moved.person, edited.person) == (dropped, third)
        assert merging.left_behind(merged) == ([edited], 1)

    def test_leaves_what_would_have_two_equal_ends(self):
        kept, dropped = OrganizationFactory.create_batch(2)
        event = EventFactory(organization=dropped)
        merged = merge(kept, dropped)
        Event.objects.filter(pk=event.pk).update(counterpart=dropped)

        assert undo(merged) is True

        assert merging.left_behind(merged) == ([event], 0)

    def test_keeps_names_added_since(self):
        kept = PersonFactory(other_names=["K."])
        dropped = PersonFactory(name="Vale Ada")
        merged = merge(kept, dropped)
        Person.objects.filter(pk=kept.pk).update(other_names=["K.", "Vale Ada", "Kay"])

        undo(merged)

        kept.refresh_from_db()
        assert kept.other_names == ["K.", "Kay"]

    def test_is_refused_while_a_later_merge_builds_on_it(self):
        first, second, third = PersonFactory.create_batch(3)
        merged = merge(second, first)
        later = merge(third, second)

        with pytest.raises(merging.MergeRefused, match="undo that merge first"):
            undo(merged)

        assert undo(later) is True
        assert undo(merged) is True

    def test_lets_them_be_merged_again(self):
        kept, dropped = PersonFactory.create_batch(2)
        undo(merge(kept, dropped))

        again = merge(dropped, kept)

        assert again.undone_at is None

    def test_tells_whom_and_which_companies_it_touched(self, news):
        kept, dropped = PersonFactory.create_batch(2)
        event = EventFactory(person=dropped)
        merged = merge(kept, dropped)

        heard = news(lambda: undo(merged))

        assert heard == [({kept.pk, dropped.pk}, {event.organization_id})]


class TestResolve:
    def test_knows_an_address_in_use(self):
        person = EventFactory(published=True).person

        assert merging.resolve_person(person.slug) == (person, False)

    def test_leads_a_merged_one_to_the_kept_one(self):
        kept = EventFactory(published=True).person
        dropped = PersonFactory()
        merge(kept, dropped)

        assert merging.resolve_person(dropped.slug) == (kept, True)

    def test_follows_a_chain(self):
        first, second = PersonFactory.create_batch(2)
        third = EventFactory(published=True).person
        merge(second, first)
        merge(third, second)

        assert merging.resolve_person(first.slug) == (third, True)

    def test_knows_a_former_address(self):
        company = EventFactory(published=True).organization
        old = company.slug
        Organization.objects.filter(pk=company.pk).update(slug="new-name")

        found, moved = merging.resolve_organization(old)

        assert (found, moved) == (company, True)

    def test_knows_a_former_address_of_a_merged_one(self):
        kept = EventFactory(published=True).person
        dropped = PersonFactory(slug="oldest")
        Person.objects.filter(pk=dropped.pk).update(slug="newer")
        merge(kept, dropped)

        assert merging.resolve_person("oldest") == (kept, True)

    def test_gives_a_former_address_to_the_last_that_had_it(self):
        for new in ("first", "second"):
            person = EventFactory(published=True, person__slug="shared").person
            Person.objects.filter(pk=person.pk).update(slug=new)

        found, _moved = merging.resolve_person("shared")

        assert found == person

    def test_prefers_whoever_uses_the_address_now(self):
        former = EventFactory(published=True, person__slug="shared").person
        Person.objects.filter(pk=former.pk).update(slug="former")
        owner = EventFactory(published=True, person__slug="shared").person

        assert merging.resolve_person("shared") == (owner, False)

    def test_tells_nothing_of_somebody_readers_cannot_see(self):
        person = EventFactory(person__slug="secret").person
        Person.objects.filter(pk=person.pk).update(slug="renamed")

        assert merging.resolve_person("secret") == (None, False)
        assert merging.resolve_person("renamed") == (None, False)

    def test_does_not_know_what_never_was(self):
        assert merging.resolve_person("nobody") == (None, False)


class TestPreview:
    def test_never_suggests_a_merge_on_a_name_alone(self):
        """Two researchers whose names sound alike, and one of them in Latin only."""
        rain = PersonFactory(name="Lan Shuyu", name_zh="蓝书雨")
        space = PersonFactory(name="Shuyu Lan", name_zh="蓝书宇")
        plain = PersonFactory(name="Shuyu Lan")

        alike = merging.preview_people(rain, space)
        unknown = merging.preview_people(rain, plain)

        assert alike.evidence.names == ["Lan Shuyu"]
        assert alike.evidence.is_name_alone
        assert "蓝书雨 and 蓝书宇" in alike.evidence.against_it[0]
        assert not alike.is_suggested
        assert unknown.evidence.is_name_alone
        assert not unknown.is_suggested

    def test_suggests_one_move_told_of_both(self):
        lab = OrganizationFactory(name="Orchard Lab")
        one = EventFactory(organization=lab, happened_on=date(2025, 7, 7)).person
        month = {"happened_on": date(2025, 7, 1), "precision": "month"}
        other = EventFactory(organization=lab, **month).person

        plan = merging.preview_people(one, other)

        assert plan.evidence.for_it == [
            "Both joined Orchard Lab then: 7 July 2025 and July 2025."
        ]
        assert plan.is_suggested

    def test_counts_a_shared_employer_school_work_and_page(self):
        lab = OrganizationFactory(name="Orchard Lab")
        facts = {"known_for": ["A model"], "education": ["PhD, Elsewhere"]}
        one, other = PersonFactory.create_batch(2, **facts)
        page = SourceFactory(publisher="Gazette", title="Two moves")
        for year, person in ((2020, one), (2024, other)):
            event = EventFactory(
                organization=lab, person=person, happened_on=date(year, 1, 1)
            )
            CitationFactory(event=event, source=page)

        plan = merging.preview_people(one, other)

        assert plan.evidence.for_it == [
            "Both were at Orchard Lab, at different times.",
            "Both are known for A model.",
            "Both studied: PhD, Elsewhere.",
            "One page is cited for both: Gazette – Two moves.",
        ]

    def test_holds_two_hires_at_one_time_against_it(self):
        on = {"happened_on": date(2025, 7, 1), "precision": "month"}
        one = EventFactory(organization__name="Orchard Lab", **on).person
        other = EventFactory(organization__name="Quarry", **on).person

        plan = merging.preview_people(one, other)

        assert plan.evidence.against_it == [
            "July 2025: one joined Orchard Lab, the other Quarry."
        ]

    def test_holds_two_hires_in_one_year_against_nothing(self):
        on = {"happened_on": date(2025, 1, 1), "precision": "year"}
        one, other = EventFactory(**on).person, EventFactory(**on).person

        assert merging.preview_people(one, other).evidence.against_it == []

    def test_says_what_would_move(self):
        kept = PersonFactory(name="Ada Vale", other_names=["A. Vale"])
        dropped = PersonFactory(name="Vale Ada")
        EventFactory.create_batch(2, person=dropped)

        plan = merging.preview_people(kept, dropped)

        assert plan.moving == [("events (person)", 2)]
        assert plan.names_added == ["Vale Ada"]
        assert plan.conflicts == []

    def test_lists_what_stands_in_the_way(self):
        one, other = OrganizationFactory.create_batch(2, parent=OrganizationFactory())
        EventFactory(organization=one, counterpart=other, person__name="Ada Vale")

        plan = merging.preview_organizations(one, other)

        assert plan.evidence.for_it
        assert "Ada Vale" in plan.conflicts[0]
        assert "(draft)" in plan.conflicts[0]
        assert not plan.is_suggested

    def test_looks_at_what_organizations_have_in_common(self):
        whole = OrganizationFactory(name="Orchard")
        facts = {"parent": whole, "founded_on": date(2021, 1, 1)}
        facts["founded_precision"] = "year"
        one = OrganizationFactory(**facts, name="Pear Lab", country="US")
        other = OrganizationFactory(**facts, name="PEAR-LAB", country="FR")
        person = PersonFactory(name="Ada Vale")
        for lab in (one, other):
            EventFactory(person=person, organization=lab, happened_on=date(2024, 5, 1))

        evidence = merging.preview_organizations(one, other).evidence

        assert evidence.names == ["Pear Lab"]
        assert evidence.for_it == [
            "Both are part of Orchard.",
            "Both were founded then: 2021 and 2021.",
            "Ada Vale joined or left both at one time.",
        ]
        assert evidence.against_it == [
            "They sit in different countries: United States and France."
        ]

    def test_asks_as_much_for_three_events_as_for_one(self, queries_of):
        kept, dropped = PersonFactory.create_batch(2)
        EventFactory(person=dropped)
        with_one = queries_of(lambda: merging.preview_people(kept, dropped))

        EventFactory.create_batch(2, person=dropped)

        assert queries_of(lambda: merging.preview_people(kept, dropped)) == with_one
