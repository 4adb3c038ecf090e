"""The derived tables equal what the record says, whatever was changed and however often."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talent.insights import refresh, swapping
from talent.insights.careers import careers_of
from talent.insights.figures.move_counts import counts_of
from talent.insights.models import (
    LastMonths,
    LastTally,
    Move,
    NewsAgain,
    NewsTally,
    PairTally,
    PayLine,
    PlaceTally,
    Refresh,
    Seating,
    SeatTally,
    StatedTally,
    StayTally,
    Stint,
    Touched,
    YearTally,
)
from talent.insights.move_filter import MoveFilter
from talent.insights.moves import moves_of
from talent.insights.refresh import refresh_all, refresh_touched
from talent.insights.stint_filter import StintFilter
from talent.registry import merging
from talent.registry.models import (
    Event,
    EventReason,
    Merge,
    Organization,
    Package,
    Reading,
    Reason,
    Source,
)
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    ReasonFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DERIVED = (
    Stint,
    Move,
    PlaceTally,
    YearTally,
    PairTally,
    SeatTally,
    StatedTally,
    StayTally,
    PayLine,
    LastTally,
    NewsAgain,
)


def contents() -> dict[str, list[tuple]]:
    """Every derived row without its id; counts of nothing are as good as no row."""
    rows = {}
    for model in (*DERIVED, Seating, NewsTally, LastMonths):
        names = [f.attname for f in model._meta.concrete_fields if f.name != "id"]
        found = model.objects.values_list(*names)
        if "Tally" in model.__name__:
            found = found.exclude(**{names[-1]: 0})
        rows[model.__name__] = sorted(tuple(map(str, row)) for row in found)
    return rows


def news_by_day() -> list[tuple]:
    """As NewsTally has them, counted among the events."""
    columns = ("happened_on", "precision", "kind", "stated_return")
    news = Event.objects.published().news().counted().values_list(*columns)
    counted = Counter(news)
    return sorted((*map(str, key), str(n)) for key, n in counted.items())


def move_somebody(**fields) -> Event:
    return EventFactory(published=True, **fields)


class TestRefreshTouched:
    def test_reads_a_published_hire_as_a_stint_and_a_move(self):
        event = move_somebody(happened_on=date(2025, 3, 1))

        run = refresh_touched(at=NOW)

        stint, move = Stint.objects.get(), Move.objects.get()
        assert (stint.person, stint.company, stint.hire) == (
            event.person,
            event.company,
            event,
        )
        assert (move.to_company, move.from_company) == (event.company, None)
        assert (run.people, run.outcome) == (1, Refresh.Outcome.DONE)

    def test_has_nothing_to_do_for_a_draft(self):
        EventFactory()

        assert refresh_touched(at=NOW) is None

    def test_takes_a_withdrawn_event_out_again(self):
        event = move_somebody()
        refresh_touched(at=NOW)

        Event.objects.filter(pk=event.pk).update(status="withdrawn")
        refresh_touched(at=NOW)

        assert not Stint.objects.exists()
        assert not Move.objects.exists()

    def test_follows_a_change_of_seat_without_reading_anybody_again(self):
        company = OrganizationFactory(seat="big_tech")
        event = move_somebody(organization__seat="academia", counterpart=company)
        move_somebody(
            organization=company, person=event.person, happened_on="2019-01-01"
        )
        refresh_touched(at=NOW)

        Organization.objects.filter(pk=company.pk).update(seat="quant")
        run = refresh_touched(at=NOW)

        assert (run.outcome, run.people, run.rows) == (Refresh.Outcome.DONE, 0, 0)
        left = MoveFilter({"from_seat": "quant", "to_seat": "academia"})
        assert left.is_valid()
        assert left.moves().get().person == event.person
        assert counts_of(left).total == 1
        stays = StintFilter({"seat": "quant"})
        assert stays.is_valid()
        assert stays.stints().get().company == company
        assert stays.count() == 1
        assert refresh_touched(at=NOW) is None

    def test_shows_the_old_seat_until_it_has_counted_under_the_new(self):
        company = move_somebody(organization__seat="big_tech").organization
        refresh_touched(at=NOW)

        Organization.objects.filter(pk=company.pk).update(seat="quant")

        for seat, moves in (("big_tech", 1), ("quant", 0)):
            filter = MoveFilter({"to_seat": seat})
            assert filter.is_valid()
            assert filter.moves().count() == counts_of(filter).total == moves

    def test_reads_again_who_holds_a_chair_where_a_company_becomes_a_university(self):
        college = OrganizationFactory(seat="other")
        person = PersonFactory()
        unit = OrganizationFactory(parent=college, seat="other")
        move_somebody(person=person, organization=unit, happened_on="2020-01-01")
        move_somebody(person=person, happened_on="2022-01-01")
        refresh_touched(at=NOW)
        assert Stint.objects.get(company=college).end_on

        Organization.objects.filter(pk=college.pk).update(seat="academia")
        refresh_touched(at=NOW)

        assert Stint.objects.get(company=college).end_on is None

    def test_follows_a_change_of_parent_to_the_units_below(self):
        company = OrganizationFactory()
        labs = [OrganizationFactory(parent=company) for _ in range(2)]
        team = OrganizationFactory(parent=labs[0])
        move_somebody(organization=team)
        refresh_touched(at=NOW)

        Organization.objects.filter(pk=labs[0].pk).update(parent=labs[1])
        refresh_touched(at=NOW)

        assert Stint.objects.get().units == sorted([labs[0].pk, labs[1].pk, team.pk])

    def test_leaves_the_rows_of_others_alone(self):
        other = move_somebody()
        refresh_touched(at=NOW)
        kept = Stint.objects.get(person=other.person).pk

        move_somebody()
        run = refresh_touched(at=NOW)

        assert Stint.objects.get(person=other.person).pk == kept
        assert run.people == 1

    def test_changes_a_row_where_it_stands(self):
        """Deleted and inserted, it would leave and enter every count it belongs to."""
        event = move_somebody()
        refresh_touched(at=NOW)
        kept = Stint.objects.get().pk

        Event.objects.filter(pk=event.pk).update(founder=True)
        run = refresh_touched(at=NOW)

        assert Stint.objects.get(founder=True).pk == kept
        assert run.rows > 0

    def test_reads_the_people_and_companies_it_is_given(self):
        event = move_somebody()
        refresh_touched(at=NOW)
        Stint.objects.all().delete()

        refresh_touched(companies=[event.company_id], at=NOW)

        assert Stint.objects.count() == 1

    def test_keeps_a_rumour_apart(self):
        move_somebody(standing="rumoured")

        refresh_touched(at=NOW)

        assert not Stint.objects.exists()
        assert Move.objects.get().rumoured


class TestAKilledRefresh:
    def test_leaves_the_old_rows_and_the_list_and_the_next_one_finishes(
        self, monkeypatch
    ):
        event = move_somebody()
        refresh_touched(at=NOW)
        Event.objects.filter(pk=event.pk).update(founder=True)

        def die(*_args, **_kwargs):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(refresh, "swap", die)
            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                refresh_touched(at=NOW)

        assert not Stint.objects.get().founder
        assert Touched.objects.count() == 1

        refresh_touched(at=NOW)

        assert Stint.objects.get().founder
        assert not Touched.objects.exists()

    def test_that_fails_says_so_in_its_row(self, monkeypatch):
        move_somebody()
        monkeypatch.setattr(refresh, "rows_of", lambda *_: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            refresh_all(at=NOW)

        assert Refresh.objects.get().outcome == Refresh.Outcome.FAILED


class TestRefreshAll:
    def test_stops_before_a_table_loses_more_than_a_tenth(self, monkeypatch):
        monkeypatch.setattr(swapping, "FEW_ROWS", 5)
        for _ in range(10):
            move_somebody()
        refresh_all(at=NOW)
        Event.objects.update(status="withdrawn")

        run = refresh_all(at=NOW)

        assert run.outcome == Refresh.Outcome.STOPPED
        assert "would lose" in run.message
        assert Stint.objects.count() == 10

        assert refresh_all(at=NOW, force=True).outcome == Refresh.Outcome.DONE
        assert not Stint.objects.exists()

    def test_changes_nothing_the_second_time(self):
        for _ in range(3):
            move_somebody()
        refresh_all(at=NOW)

        run = refresh_all(at=NOW)

        assert (run.people, run.stints, run.moves) == (3, 0, 0)

    def test_leaves_filled_tables_with_their_indexes_and_counting(self):
        def indexes():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'insights_%'"
                )
                return sorted(row[0] for row in cursor.fetchall())

        before = indexes()
        move_somebody()
        refresh_all(at=NOW)
        move_somebody()
        refresh_touched(at=NOW)

        assert indexes() == before
        assert sum(tally.moves for tally in PlaceTally.objects.all()) == 2

    def test_stores_exactly_what_the_pure_functions_say(self, starter_data):
        refresh_all(at=NOW)

        careers = careers_of(Event.objects.published().with_ends())
        expected = {
            (pk, place): (
                stint.company.pk,
                stint.start.date if stint.start else None,
                stint.end.date if stint.end else None,
                stint.end is not None and stint.end.inferred,
                str(stint.length),
            )
            for pk, career in careers.items()
            for place, stint in enumerate(career.stints)
        }
        stored = {
            (s.person_id, s.place): (
                s.company_id,
                s.start,
                s.end,
                s.end_inferred,
                str(s.length),
            )
            for s in Stint.objects.all()
        }
        assert stored == expected
        moves = [move for career in careers.values() for move in moves_of(career)]
        assert Move.objects.filter(rumoured=False).count() == len(moves)

    def test_forgets_old_runs_but_not_the_last_good_one_of_each_scope(self):
        def ran(days, **fields):
            started = NOW - timedelta(days=days)
            return Refresh.objects.create(started_at=started, **fields)

        done, failed = Refresh.Outcome.DONE, Refresh.Outcome.FAILED
        last_touched = ran(100, scope=Refresh.Scope.TOUCHED, outcome=done)
        recent = ran(89, scope=Refresh.Scope.ALL, outcome=failed)
        for days, outcome in ((101, done), (95, failed)):
            ran(days, scope=Refresh.Scope.TOUCHED, outcome=outcome)
            ran(days, scope=Refresh.Scope.ALL, outcome=outcome)

        run = refresh_all(at=NOW)

        assert set(Refresh.objects.all()) == {last_touched, recent, run}


class TestTallies:
    def test_count_a_move_between_units_of_one_company_nowhere(self):
        company = OrganizationFactory()
        person = PersonFactory()
        for year, unit in ((2020, None), (2022, OrganizationFactory(parent=company))):
            move_somebody(
                person=person,
                organization=unit or company,
                happened_on=date(year, 5, 1),
            )

        refresh_touched(at=NOW)

        arriving = PlaceTally.objects.filter(company=company, arriving=True)
        assert [tally.moves for tally in arriving] == [1]
        assert not PlaceTally.objects.filter(company=company, arriving=False).exists()


@st.composite
def edits(draw):
    """What editors may do to a small record: verb, which event, new values, and whether a
    refresh comes before the next edit.
    """
    verb = draw(
        st.sampled_from(
            [
                "add",
                "change",
                "withdraw",
                "delete",
                "reason",
                "seat",
                "parent",
                "merge",
                "unmerge",
                "pay",
                "source",
                "unpay",
            ]
        )
    )
    rng = draw(st.randoms(use_true_random=False))
    return verb, draw(st.integers(0, 30)), rng, draw(st.booleans())


class TestIncrementalEqualsFull:
    @settings(
        max_examples=20,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(edits(), min_size=1, max_size=8))
    def test_after_any_edits(self, history):
        with transaction.atomic():
            people = PersonFactory.create_batch(2)
            places = OrganizationFactory.create_batch(3)
            places.append(OrganizationFactory(parent=places[0]))
            places.append(OrganizationFactory(parent=places[3]))
            for verb, which, rng, refreshed in history:
                self.edit(verb, which, rng, people, places)
                if refreshed:
                    refresh_touched(at=NOW)
            refresh_touched(at=NOW)
            incremental = contents()

            compared = refresh_all(at=NOW, force=True)

            assert (compared.stints, compared.moves) == (0, 0)

            for model in DERIVED:
                model.objects.all().delete()
            refresh_all(at=NOW, force=True)

            assert contents() == incremental
            assert contents()["NewsTally"] == news_by_day()
            assert not Seating.objects.changed().exists()
            transaction.set_rollback(True)

    def reason(self):
        return Reason.objects.first() or ReasonFactory()

    def pay(self, event, rng):
        """A figure for this hire, or for who is known from it."""
        hire = event if rng.random() < 0.7 else None
        theirs = {"event": hire} if hire else {"event": None, "person": event.person}
        package = Package.objects.filter(**theirs).first() or PackageFactory(
            event=hire, person=event.person, organization=event.organization
        )
        ReadingFactory(
            package=package,
            form=rng.choice(["annual", "total_package"]),
            low=rng.choice([None, 5, 10_000_000]),
            years=rng.choice([None, 4]),
            currency=rng.choice(["USD", "CNY"]),
            standing=rng.choice(["reported", "rumoured", "denied"]),
            source=SourceFactory() if hire is None else None,
        )

    def edit(self, verb, which, rng, people, places):
        events = list(Event.objects.order_by("pk"))
        event = events[which % len(events)] if events else None
        if verb == "add" or event is None:
            organization = rng.choice(places)
            others = [p for p in places if p != organization]
            kind = rng.choice(["hire", "departure"])
            EventFactory(
                published=rng.random() < 0.8,
                person=rng.choice(people),
                organization=organization,
                counterpart=rng.choice([None, *others]),
                kind=kind,
                never_started=kind == "hire" and rng.random() < 0.15,
                stated_return=kind == "hire" and rng.random() < 0.15,
                standing=rng.choice(["confirmed", "confirmed", "rumoured", "denied"]),
                background=rng.random() < 0.1,
                happened_on=date(rng.randint(2018, 2025), rng.choice([1, 6]), 1),
                precision=rng.choice(["day", "month"]),
            )
            return
        found = Event.objects.filter(pk=event.pk)
        match verb:
            case "change":
                found.update(
                    person=rng.choice(people),
                    happened_on=date(rng.randint(2018, 2025), 6, rng.choice([1, 9])),
                    precision="day",
                )
            case "withdraw":
                found.update(status="withdrawn")
            case "delete":
                Reading.objects.filter(package__event=event).delete()
                Package.objects.filter(event=event).delete()
                found.delete()
            case "pay":
                self.pay(event, rng)
            case "source":
                Source.objects.update(
                    published_on=date(2025, rng.randint(1, 12), 1),
                    published_precision="day",
                )
            case "unpay":
                Reading.objects.filter(package__event=event).delete()
                Package.objects.filter(event=None).update(
                    outcome=rng.choice(["declined", "accepted"])
                )
            case "reason":
                stated = EventReason.objects.filter(event=event)
                teller = rng.choice(["", "the company"])
                if not stated.update(stated_by=teller) or rng.random() < 0.3:
                    stated.delete()
                    EventReason.objects.create(
                        event=event, reason=self.reason(), stated_by=teller
                    )
            case "seat":
                Organization.objects.filter(pk=rng.choice(places).pk).update(
                    seat=rng.choice(["quant", "academia", "big_tech"])
                )
            case "parent":
                beta, lab, team = places[2:]
                unit, above = rng.choice(
                    [
                        (beta, [None, places[1]]),
                        (lab, [None, *places[:2]]),
                        (team, [lab, beta, places[0]]),
                    ]
                )
                Organization.objects.filter(pk=unit.pk).update(parent=rng.choice(above))
            case "merge":
                kept, dropped = rng.sample(rng.choice([people, places, places]), 2)
                with suppress(merging.MergeRefused):
                    merging.merge(kept, dropped, by=None, at=NOW)
            case "unmerge":
                if (merge := Merge.objects.order_by("pk").last()) is not None:
                    with suppress(merging.MergeRefused):
                        merging.undo(merge, by=None, at=NOW)


class TestCommand:
    def test_says_what_it_did(self, capsys):
        move_somebody()

        call_command("refresh_insights")

        assert "1 people read" in capsys.readouterr().out

    def test_refuses_force_for_a_part(self):
        with pytest.raises(CommandError, match="goes with"):
            call_command("refresh_insights", "--force")
