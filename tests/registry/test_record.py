"""What the tables promise whatever writes to them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talent.registry.models import (
    Citation,
    Event,
    EventTally,
    Generation,
    Organization,
    Package,
    Person,
    Source,
)
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


class TestDates:
    def test_are_found_by_any_day_they_may_mean(self):
        exact = EventFactory(happened_on=date(2025, 8, 31))
        month = EventFactory(happened_on=date(2025, 8, 1), precision="month")
        quarter = EventFactory(happened_on=date(2025, 7, 1), precision="quarter")
        year = EventFactory(happened_on=date(2025, 1, 1), precision="year")
        EventFactory(happened_on=date(2025, 9, 1))
        EventFactory(happened_on=date(2024, 1, 1), precision="year")

        found = Event.objects.overlapping(date(2025, 8, 1), date(2025, 8, 31))

        assert set(found) == {exact, month, quarter, year}

    def test_within_a_range_leaves_out_what_may_lie_outside(self):
        month = EventFactory(happened_on=date(2025, 8, 1), precision="month")
        EventFactory(happened_on=date(2025, 1, 1), precision="year")

        assert list(Event.objects.within(date(2025, 8, 1), date(2025, 8, 31))) == [
            month
        ]

    @pytest.mark.parametrize("day", [date(2025, 8, 1), date(2025, 8, 31)])
    def test_of_a_month_touch_a_range_at_its_edge(self, day):
        month = EventFactory(happened_on=date(2025, 8, 1), precision="month")

        assert list(Event.objects.overlapping(day, day)) == [month]

    def test_sort_newest_first_with_the_vague_one_after_the_exact_one_of_its_first_day(
        self,
    ):
        year = EventFactory(happened_on=date(2025, 1, 1), precision="year")
        exact = EventFactory(happened_on=date(2025, 1, 1))
        later = EventFactory(happened_on=date(2025, 1, 2))

        assert list(Event.objects.newest_first()) == [later, exact, year]
        assert list(Event.objects.oldest_first()) == [exact, year, later]

    def test_refuse_a_month_that_does_not_start_at_its_first_day(self):
        with pytest.raises(IntegrityError, match="event_date_at_start"):
            EventFactory(happened_on=date(2025, 8, 2), precision="month")

    def test_overlap_uses_an_index(self, starter_data):
        found = Event.objects.published().overlapping(
            date(2025, 8, 1), date(2025, 8, 31)
        )

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = found.explain()

        assert "Index Cond: ((recency >=" in plan


class TestCompanies:
    def test_are_the_topmost_parent_of_a_unit_and_of_its_events(self):
        meta = OrganizationFactory()
        lab = OrganizationFactory(parent=meta)
        inner = OrganizationFactory(parent=lab)

        event = EventFactory(
            organization=inner, counterpart=OrganizationFactory(parent=meta)
        )

        inner.refresh_from_db()
        assert inner.company == meta
        assert event.company == event.counterpart_company == meta

    def test_follow_when_a_company_becomes_a_unit(self):
        startup, buyer = OrganizationFactory(), OrganizationFactory()
        lab = OrganizationFactory(parent=startup)
        event = EventFactory(organization=lab, published=True)

        Organization.objects.filter(pk=startup.pk).update(parent=buyer)

        lab.refresh_from_db()
        event.refresh_from_db()
        assert lab.company == event.company == buyer
        assert EventTally.objects.get(organization=lab).company == buyer

    def test_refuse_a_circle(self):
        above = OrganizationFactory()
        below = OrganizationFactory(parent=above)

        with (
            pytest.raises(IntegrityError, match="unit of itself"),
            transaction.atomic(),
        ):
            Organization.objects.filter(pk=above.pk).update(parent=below)

    def test_count_events_in_units_for_the_whole_and_for_the_unit(self):
        company = OrganizationFactory()
        lab = OrganizationFactory(parent=company)
        inner = OrganizationFactory(parent=lab)
        in_whole, in_inner = (
            EventFactory(organization=company),
            EventFactory(organization=inner),
        )

        assert set(Event.objects.at(company)) == {in_whole, in_inner}
        assert set(Event.objects.at(lab)) == {in_inner}


class TestEnds:
    def test_of_a_move_are_found_from_either_of_its_events(self):
        left, joined = OrganizationFactory(), OrganizationFactory()
        departure = EventFactory(
            kind="departure", organization=left, counterpart=joined
        )
        hire = EventFactory(kind="hire", organization=joined, counterpart=left)
        EventFactory(kind="hire", organization=left, counterpart=joined)

        assert set(Event.objects.moves_from(left)) == {departure, hire}
        assert set(Event.objects.moves_to(joined)) == {departure, hire}


class TestTally:
    def counted(self) -> dict[tuple[int, str, str, bool, int], int]:
        rows = EventTally.objects.filter(events__gt=0).values_list(
            "organization", "kind", "standing", "background", "year", "events"
        )
        return {row[:5]: row[5] for row in rows}

    def expected(self) -> dict[tuple[int, str, str, bool, int], int]:
        tally: dict[tuple[int, str, str, bool, int], int] = {}
        for e in Event.objects.published():
            key = (
                e.organization_id,
                e.kind,
                e.standing,
                e.background,
                e.happened_on.year,
            )
            tally[key] = tally.get(key, 0) + 1
        return tally

    def test_never_counts_a_draft(self):
        EventFactory()

        assert self.counted() == {}

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_equals_the_events_after_any_changes(self, data):
        with transaction.atomic():
            places = OrganizationFactory.create_batch(2)
            for _ in range(data.draw(st.integers(1, 6))):
                match data.draw(st.sampled_from(["add", "change", "bulk", "delete"])):
                    case "add":
                        EventFactory(
                            published=data.draw(st.booleans()),
                            organization=data.draw(st.sampled_from(places)),
                        )
                    case "change":
                        first = Event.objects.order_by("pk").first()
                        if first:
                            Event.objects.filter(pk=first.pk).update(
                                organization=data.draw(st.sampled_from(places)),
                                standing=data.draw(
                                    st.sampled_from(["rumoured", "confirmed"])
                                ),
                            )
                    case "bulk":
                        Event.objects.update(background=data.draw(st.booleans()))
                    case "delete":
                        last = Event.objects.order_by("pk").last()
                        if last:
                            last.delete()

                assert self.counted() == self.expected()
            transaction.set_rollback(True)

    def test_adds_up_over_the_units_of_a_company(self):
        company = OrganizationFactory()
        for place in (company, OrganizationFactory(parent=company)):
            EventFactory(organization=place, published=True)

        total = EventTally.objects.filter(company=company).aggregate(n=Sum("events"))

        assert total["n"] == 2


class TestSourceCounts:
    def test_count_a_retold_report_as_one_origin(self):
        first = SourceFactory()
        event = EventFactory()
        CitationFactory(event=event, source=first)
        CitationFactory(event=event, source=SourceFactory(repeats=first))

        event.refresh_from_db()

        assert (event.source_count, event.origin_count) == (2, 1)

    def test_follow_when_a_source_turns_out_to_repeat_another(self):
        event = EventFactory()
        one, other = (CitationFactory(event=event).source for _ in range(2))

        Source.objects.filter(pk=other.pk).update(repeats=one)

        event.refresh_from_db()
        assert event.origin_count == 1

    def test_do_not_count_a_page_that_contradicts(self):
        event = CitationFactory(stance="contradicts").event

        event.refresh_from_db()

        assert event.source_count == 0

    def test_go_down_with_a_deleted_citation(self):
        citation = CitationFactory()

        Citation.objects.filter(pk=citation.pk).delete()

        citation.event.refresh_from_db()
        assert citation.event.source_count == 0


class TestHistory:
    def versions(self, row) -> list[tuple[str, str]]:
        return list(row.history.order_by("pgh_id").values_list("pgh_label", "name"))

    def test_keeps_what_save_update_and_plain_sql_wrote(self):
        person = PersonFactory(name="One")

        person.name = "Two"
        person.save()
        Person.objects.filter(pk=person.pk).update(name="Three")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE registry_person SET name = 'Four' WHERE id = %s", [person.pk]
            )

        assert self.versions(person) == [
            ("insert", "One"),
            ("update", "Two"),
            ("update", "Three"),
            ("update", "Four"),
        ]

    def test_keeps_what_was_created_in_bulk_and_deleted(self):
        [person] = Person.objects.bulk_create([Person(slug="bulk", name="Bulk")])
        history = Person.history.rel.related_model

        Person.objects.filter(pk=person.pk).delete()

        kept = history.objects.filter(slug="bulk").order_by("pgh_id")
        assert list(kept.values_list("pgh_label", flat=True)) == ["insert", "delete"]

    def test_is_not_written_for_what_follows_from_other_rows(self):
        event = EventFactory()
        before = event.history.count()

        CitationFactory(event=event)

        assert event.history.count() == before

    def test_cannot_be_rewritten(self):
        person = PersonFactory()

        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            person.history.update(name="Somebody else")


class TestGeneration:
    def test_rises_with_every_change_and_not_without_one(self):
        before = Generation.current()

        PersonFactory()
        after = Generation.current()
        list(Person.objects.all())

        assert after > before
        assert Generation.current() == after


class TestNames:
    @pytest.fixture
    def pang(self):
        PersonFactory(name="Someone Else", name_zh="庞然")
        return PersonFactory(
            name="Ruoyun Pangolin",
            name_zh="庞若云",
            other_names=["Pangolin Ruoyun", "Zoë"],
        )

    @pytest.mark.parametrize(
        "asked",
        [
            "庞若云", "龐若雲", "若云", "云", "Pangolin", "ruoyun", "Pangolin Ruoyun",
            "ruoyun pangolin", "RUOYUN, Pangolin", "zoe", "pang ruo", "ngolin",
        ],
    )  # fmt: skip
    def test_find_a_person_in_any_script_and_order(self, pang, asked):
        assert list(Person.objects.named(asked)) == [pang]

    @pytest.mark.parametrize(
        "asked", ["", "  ", "%", "_", "'; --", "\\", "Pangolin Xu"]
    )
    def test_find_nobody_for_what_is_no_name_of_theirs(self, pang, asked):
        assert list(Person.objects.named(asked)) == []

    def test_forgive_a_typing_error(self, pang):
        assert list(Person.objects.named_like("Ruoyn Pangolin")) == [pang]

    def test_put_a_word_that_starts_alike_first(self, pang):
        inside = PersonFactory(name="Aa Xpangolin")

        assert list(Person.objects.named("pangolin").best_first("pangolin")) == [
            pang,
            inside,
        ]


class TestPublic:
    def test_hides_whom_only_a_draft_or_withdrawn_event_names(self):
        draft = EventFactory(counterpart=OrganizationFactory())
        EventFactory(status="withdrawn")

        assert not Person.objects.public().exists()
        assert not Organization.objects.public().exists()
        assert draft.person in Person.objects.all()

    def test_shows_everybody_a_published_event_names_and_the_owner_of_a_unit(self):
        owner = OrganizationFactory()
        event = EventFactory(
            organization=OrganizationFactory(parent=owner),
            counterpart=OrganizationFactory(),
            published=True,
        )

        assert list(Person.objects.public()) == [event.person]
        assert set(Organization.objects.public()) == {
            owner,
            event.organization,
            event.counterpart,
        }

    def test_hides_the_package_of_a_draft_event(self):
        event = EventFactory()
        PackageFactory(event=event, person=event.person)

        assert not Package.objects.public().exists()


class TestPay:
    def test_has_one_preferred_reading(self):
        package = PackageFactory()
        ReadingFactory(package=package, rank="preferred")

        with (
            pytest.raises(IntegrityError, match="reading_one_preferred"),
            transaction.atomic(),
        ):
            ReadingFactory(package=package, rank="preferred")

    def test_reads_as_stated(self):
        reading = ReadingFactory(
            low=200_000_000, qualifier="more than", several_years=True
        )

        assert str(reading) == "more than US$200M over several years"
        assert reading.per_year is None

    def test_has_a_yearly_figure_only_where_the_years_are_stated(self):
        total = ReadingFactory(low=250_000_000, years=4)
        annual = ReadingFactory(form="annual", low=76_001, high=76_001)
        bonus = ReadingFactory(form="signing_bonus", years=2)

        assert total.per_year == (62_500_000, None)
        assert annual.per_year == (76_001, 76_001)
        assert bonus.per_year is None

    @pytest.mark.parametrize(
        ("outcome", "standing", "low", "counted"),
        [
            ("accepted", "reported", 5, True),
            ("declined", "reported", 5, False),
            ("accepted", "denied", 5, False),
            ("accepted", "rumoured", 5, False),
            ("accepted", "reported", None, False),
        ],
    )
    def test_counts_only_where_accepted_stated_and_neither_denied_nor_rumour(
        self, outcome, standing, low, counted
    ):
        reading = ReadingFactory(package__outcome=outcome, standing=standing, low=low)

        assert reading.package.is_counted is counted

    def test_never_leads_with_a_contradicted_reading(self):
        package = PackageFactory()
        ReadingFactory(package=package, low=9, rank="contradicted")
        fair = ReadingFactory(package=package, low=5)

        assert package.headline == fair
