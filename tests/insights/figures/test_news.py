"""Hires and departures, period after period."""

from __future__ import annotations

from datetime import date

import pytest

from talent.insights.figures.news import Period, course, figures_of, newest_period
from tests.factories import EventFactory

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
