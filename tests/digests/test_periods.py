"""Windows follow one another without gap or overlap, whatever clocks and calendars do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent.digests.periods import (
    FIRST_MINUTE,
    Frequency,
    Schedule,
    boundary,
    due_period,
    last_period,
    next_boundary,
    next_due,
    spread,
)

# Half-hour and quarter-hour offsets, half-hour and midnight jumps, a day left out, no jumps.
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/Los_Angeles"),
    *("Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Shanghai", "Asia/Beirut"),
    *("Africa/Cairo", "Pacific/Apia", "Pacific/Chatham", "America/St_Johns"),
)
FIVE_YEARS = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))

schedules = st.builds(
    Schedule,
    frequency=st.sampled_from(Frequency),
    weekday=st.integers(0, 6),
    monthday=st.integers(1, 31),
    hour=st.integers(0, 23),
    time_zone=st.sampled_from(ZONES),
)
instants = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - the zone is added below
    datetime(2029, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def monthly(monthday: int, *, hour: int = 8, zone: str = "UTC") -> Schedule:
    return Schedule(
        frequency=Frequency.MONTHLY, monthday=monthday, hour=hour, time_zone=zone
    )


def daily(hour: int, zone: str) -> Schedule:
    return Schedule(frequency=Frequency.DAILY, hour=hour, time_zone=zone)


class TestTheWindowsOfASchedule:
    @pytest.mark.parametrize("zone", ZONES)
    @pytest.mark.parametrize("frequency", Frequency)
    def test_cover_five_years_once(self, frequency, zone):
        # The hour most clocks jump over; the 31st; a weekday that begins no ISO week.
        schedule = Schedule(
            frequency=frequency, weekday=3, monthday=31, hour=2, time_zone=zone
        )
        first, last = FIVE_YEARS

        windows = []
        period = last_period(schedule, at=last)
        while period.until > first:
            windows.append(period)
            period = last_period(schedule, at=period.since)

        for later, earlier in zip(windows, windows[1:], strict=False):
            assert earlier.until == later.since
            assert earlier.start < later.start
        per_year = {Frequency.DAILY: 365, Frequency.WEEKLY: 52, Frequency.MONTHLY: 12}
        assert len(windows) == pytest.approx(5 * per_year[frequency], abs=3)

    @given(schedules, instants)
    def test_hold_each_instant_once(self, schedule, instant):
        end = next_boundary(schedule, after=instant)

        period = last_period(schedule, at=end)

        assert period.since <= instant < period.until == end

    @given(schedules, instants)
    def test_are_the_same_whenever_one_looks_before_the_next_ends(
        self, schedule, instant
    ):
        period = last_period(schedule, at=instant)
        end = next_boundary(schedule, after=instant)

        assert last_period(schedule, at=end - timedelta(microseconds=1)) == period
        assert last_period(schedule, at=end).since == period.until


class TestAnHour:
    def test_that_does_not_exist_strikes_when_the_clock_jumps(self):
        struck = boundary(date(2026, 3, 29), schedule=daily(2, "Europe/Berlin"))

        assert struck == datetime(2026, 3, 29, 1, tzinfo=UTC)
        assert struck.astimezone(ZoneInfo("Europe/Berlin")).hour == 3

    def test_that_comes_twice_strikes_the_first_time(self):
        struck = boundary(date(2026, 10, 25), schedule=daily(2, "Europe/Berlin"))

        assert struck == datetime(2026, 10, 25, 0, tzinfo=UTC)

    def test_jumps_by_half_an_hour_on_lord_howe(self):
        zone = ZoneInfo("Australia/Lord_Howe")

        struck = boundary(date(2026, 10, 4), schedule=daily(2, zone.key))

        assert struck.astimezone(zone).isoformat() == "2026-10-04T02:30:00+11:00"

    def test_of_a_day_that_was_left_out_makes_no_window(self):
        # Samoa went from Thursday the 29th to Saturday the 31st of December 2011.
        schedule = daily(9, "Pacific/Apia")

        period = last_period(schedule, at=datetime(2011, 12, 31, tzinfo=UTC))

        assert period.start == date(2011, 12, 29)
        assert period.until - period.since == timedelta(hours=24)


class TestAMonth:
    @pytest.mark.parametrize(
        ("year", "month", "last"),
        [(2026, 2, 28), (2028, 2, 29), (2026, 4, 30), (2026, 12, 31)],
    )
    def test_that_is_too_short_ends_on_its_last_day(self, year, month, last):
        noon = datetime(year, month, last, 12, tzinfo=UTC)

        period = last_period(monthly(31), at=noon)

        assert period.until == datetime(year, month, last, 8, tzinfo=UTC)

    def test_goes_back_to_the_wanted_day_afterwards(self):
        ends = []
        at = datetime(2027, 12, 31, 8, tzinfo=UTC)
        for _ in range(5):
            at = next_boundary(monthly(30), after=at)
            ends.append((at.month, at.day))

        assert ends == [(1, 30), (2, 29), (3, 30), (4, 30), (5, 30)]


class TestAWeek:
    def test_goes_on_through_week_53(self):
        schedule = Schedule(frequency=Frequency.WEEKLY, weekday=0)

        period = last_period(schedule, at=datetime(2027, 1, 4, 9, tzinfo=UTC))

        assert period.start == date(2026, 12, 28)
        assert period.start.isocalendar().week == 53
        assert period.until == datetime(2027, 1, 4, 8, tzinfo=UTC)


class TestTheTimeOfSending:
    def test_is_spread_over_the_hour_and_never_at_its_beginning(self):
        minutes = {spread(number).seconds // 60 for number in range(2000)}

        assert min(minutes) == FIRST_MINUTE
        assert max(minutes) < 57
        assert len(minutes) > 45

    def test_stays_the_same_for_one_subscriber(self):
        assert spread(17) == spread(17)

    @given(schedules, instants, st.integers(1, 10**6))
    def test_is_later_than_now_and_ends_the_period_it_names(
        self, schedule, instant, number
    ):
        due = next_due(schedule, subscriber_id=number, after=instant)

        period = due_period(schedule, subscriber_id=number, at=due)

        assert due > instant
        assert period.until == due - spread(number)
        assert due_period(schedule, subscriber_id=number, at=instant) != period
