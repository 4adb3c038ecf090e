"""When digests are due, and which stretch of time each one covers.

Everything is computed from dates, never from the time of a run: the windows of a schedule follow
one another without gap or overlap, whatever the clocks of its time zone do.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

# Sends are spread over these minutes of the hour: off the full hour, where everybody else's leave,
# and late enough that whatever was published before the hour has been committed.
FIRST_MINUTE, MINUTES = 4, 52


class Frequency(models.TextChoices):
    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a subscriber wants their mail. The weekday counts from Monday, 0."""

    frequency: Frequency
    weekday: int = 0
    monthday: int = 1
    hour: int = 8
    time_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Period:
    """One window of a schedule: from `since` (inclusive) to `until` (exclusive), in UTC.

    `start` is the local day on which it begins, and its name in the ledger.
    """

    start: date
    since: datetime
    until: datetime


def boundary(day: date, *, schedule: Schedule) -> datetime:
    """The instant, in UTC, at which the schedule's hour strikes on the day.

    An hour that the clocks skip strikes when they jump; one they repeat strikes the first time.
    """
    local = datetime.combine(
        day, time(schedule.hour), tzinfo=ZoneInfo(schedule.time_zone)
    )
    return local.astimezone(UTC)


def day_on_or_before(day: date, *, schedule: Schedule) -> date:
    """The last day of the schedule that is not after the day."""
    match schedule.frequency:
        case Frequency.DAILY:
            return day
        case Frequency.WEEKLY:
            return day - timedelta(days=(day.weekday() - schedule.weekday) % 7)
    this_month = clamped(day.year, day.month, schedule.monthday)
    if this_month <= day:
        return this_month
    before = day.replace(day=1) - timedelta(days=1)
    return clamped(before.year, before.month, schedule.monthday)


def clamped(year: int, month: int, monthday: int) -> date:
    """The 31st of a shorter month is its last day."""
    return date(year, month, min(monthday, monthrange(year, month)[1]))


def day_after(day: date, *, schedule: Schedule) -> date:
    """The schedule's next day, given one of its days."""
    match schedule.frequency:
        case Frequency.DAILY:
            return day + timedelta(days=1)
        case Frequency.WEEKLY:
            return day + timedelta(days=7)
    month = day.replace(day=1) + timedelta(days=32)
    return clamped(month.year, month.month, schedule.monthday)


def last_period(schedule: Schedule, *, at: datetime) -> Period:
    """The newest period that has ended at the time, or ends right then."""
    # Two days ahead: a zone may be a day ahead of UTC, and may have skipped a day.
    end = day_on_or_before(at.date() + timedelta(days=2), schedule=schedule)
    while (until := boundary(end, schedule=schedule)) > at:
        end = day_on_or_before(end - timedelta(days=1), schedule=schedule)
    start = end
    # A zone that leaves out a day gives two days one instant: their window is empty.
    while (since := boundary(start, schedule=schedule)) >= until:
        start = day_on_or_before(start - timedelta(days=1), schedule=schedule)
    return Period(start=start, since=since, until=until)


def next_boundary(schedule: Schedule, *, after: datetime) -> datetime:
    """The end of the period that is running at the time: always later than it."""
    day = day_on_or_before(after.date() - timedelta(days=2), schedule=schedule)
    while (instant := boundary(day, schedule=schedule)) <= after:
        day = day_after(day, schedule=schedule)
    return instant


def spread(subscriber_id: int) -> timedelta:
    """How long after the hour a subscriber's mail leaves: whole minutes, always the same."""
    digest = blake2b(str(subscriber_id).encode(), digest_size=4).digest()
    return timedelta(minutes=FIRST_MINUTE + int.from_bytes(digest) % MINUTES)


def next_due(schedule: Schedule, *, subscriber_id: int, after: datetime) -> datetime:
    """When the next mail leaves, strictly later than `after`."""
    delay = spread(subscriber_id)
    return next_boundary(schedule, after=after - delay) + delay


def due_period(schedule: Schedule, *, subscriber_id: int, at: datetime) -> Period:
    """The newest period whose mail may leave at the time."""
    return last_period(schedule, at=at - spread(subscriber_id))
