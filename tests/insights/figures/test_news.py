"""Hires and departures, period after period."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest

from talent.insights.figures import news
from talent.insights.figures.news import (
    Period,
    counted_beforehand,
    counts_in,
    course,
    figures_of,
    newest_period,
    query_of,
    too_vague,
)
from talent.registry.filters import EventFilter
from talent.registry.models import Event
from tests.factories import EventFactory, PersonFactory
from tests.insights.moves_there import read_again

pytestmark = pytest.mark.django_db

WEEK = Period("week", date(2026, 3, 2))


def event(day: str, **columns) -> None:
    EventFactory(published=True, happened_on=day, **columns)


class TestPeriod:
    @pytest.mark.parametrize(
        ("unit", "first", "last", "before"),
        [
            ("day", "2026-03-04", "2026-03-04", "2026-03-03"),
            ("week", "2026-03-02", "2026-03-08", "2026-02-23"),
            ("month", "2026-03-01", "2026-03-31", "2026-02-01"),
            ("quarter", "2026-01-01", "2026-03-31", "2025-10-01"),
        ],
    )
    def test_holds_a_day(self, unit, first, last, before):
        period = Period.holding(unit, date(2026, 3, 4))

        assert period.first == date.fromisoformat(first)
        assert period.last == date.fromisoformat(last)
        assert period.before.first == date.fromisoformat(before)


class TestNewestPeriod:
    def test_is_the_day_of_the_newest_event_dated_to_a_day(self):
        event("2026-03-03")
        event("2026-03-01", precision="month")

        assert newest_period("day", today=date(2026, 3, 9)) == Period(
            "day", date(2026, 3, 3)
        )


class TestCountedBeforehand:
    @pytest.fixture
    def told(self):
        """Of two people several times in a week, a month and a quarter; and what is no news."""
        ada, bob = PersonFactory(), PersonFactory()
        for person, day, columns in (
            (ada, "2026-03-03", {}),
            (ada, "2026-03-04", {"kind": "departure"}),
            (ada, "2026-03-30", {"stated_return": True}),
            (ada, "2026-02-27", {}),
            (ada, "2026-03-01", {"precision": "month"}),
            (bob, "2026-01-01", {"precision": "quarter"}),
            (bob, "2026-03-03", {}),
            (bob, "2026-01-01", {"precision": "year"}),
            (bob, "2026-03-03", {"background": True}),
            (bob, "2026-03-03", {"standing": "rumoured"}),
            (bob, "2026-03-03", {"status": "withdrawn"}),
        ):
            EventFactory(
                **{"published": True} | columns, person=person, happened_on=day
            )

    @pytest.mark.parametrize("unit", ["week", "month", "quarter"])
    def test_is_what_the_rows_of_the_filter_are(self, told, unit):
        period = Period.holding(unit, date(2026, 3, 4))
        among_rows = counts_in([period, period.before])  # Somebody waits for a refresh.
        read_again()

        assert counted_beforehand([period, period.before]) == among_rows
        assert among_rows[0]["people"] == 2

    @pytest.mark.parametrize("unit", ["week", "month", "quarter"])
    def test_knows_what_is_dated_too_vaguely(self, told, unit):
        period = Period.holding(unit, date(2026, 3, 4))

        sure, maybe = (
            EventFilter(dict(parse_qsl(query_of(period, vague=vague))))
            for vague in ("out", "")
        )
        assert sure.is_valid()
        assert maybe.is_valid()
        assert (
            too_vague(period)
            == (maybe.events().count() - sure.events().count())
            == {"week": 3, "month": 2, "quarter": 1}[unit]
        )

    def test_reads_no_event(self, told, monkeypatch):
        read_again()
        monkeypatch.setattr(news, "filter_of", None)

        assert [figure.value for figure in figures_of(WEEK)] == [2, 1, 0, 2]

    def test_is_not_asked_while_somebody_waits_for_a_refresh(self, told):
        read_again()

        Event.objects.filter(happened_on="2026-03-04").delete()
        ada = Event.objects.get(happened_on="2026-03-30").person
        EventFactory(published=True, person=ada, happened_on="2026-03-05")

        assert [figure.value for figure in figures_of(WEEK)] == [3, 0, 0, 2]


class TestCourse:
    def test_counts_each_period_and_those_without_news(self):
        event("2026-03-02")
        event("2026-03-08", kind="departure")
        event("2026-02-16")

        steps = course(WEEK, steps=3)

        assert [(str(s.period.first), s.hires, s.departures) for s in steps] == [
            ("2026-02-16", 1, 0),
            ("2026-02-23", 0, 0),
            ("2026-03-02", 1, 1),
        ]

    def test_leaves_out_what_is_no_counted_news_of_the_time(self):
        event("2026-03-09")
        event("2026-03-03", standing="rumoured")
        event("2026-03-03", standing="denied")
        event("2026-03-03", background=True)
        event("2026-03-01", precision="month")
        EventFactory(happened_on="2026-03-03")

        [step] = course(WEEK, steps=1)

        assert (step.hires, step.departures) == (0, 0)

    @pytest.mark.parametrize("unit", ["day", "week", "month"])
    def test_agrees_with_the_figures_of_the_period(self, unit):
        for day in ("2026-03-03", "2026-03-04", "2026-03-04"):
            event(day)
        event("2026-03-04", kind="departure")
        event("2026-03-01", precision="month")
        period = Period.holding(unit, date(2026, 3, 4))

        [step] = course(period, steps=1)
        hires, departures, *_others = figures_of(period)

        assert (step.hires, step.departures) == (hires.value, departures.value)
