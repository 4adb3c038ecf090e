"""The public archive: for each day, week and month the digest of everything, once it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from talent.digests.compose import Desk, keep
from talent.digests.models import Edition, Subscriber
from talent.digests.news import HORIZON, MARGIN
from talent.digests.periods import Frequency, Period, Schedule, last_period

# How many editions back a missed one is made up for, and how many say what has been told.
CAUGHT_UP, REMEMBERED = 7, 100
# A period is over for the archive when whatever was published in it has been committed.
SETTLES = timedelta(hours=2)
LANGUAGES = (Subscriber.Language.ENGLISH, Subscriber.Language.CHINESE)


def make_editions(*, at: datetime) -> int:
    """Make the editions that are missing; how many. Running it again, or twice at once, adds none.

    Of a period in which nothing was published and nothing put right there is no edition.
    """
    desk = Desk(at=at)
    return sum(
        make_edition(desk, frequency, period, language)
        for frequency in Frequency
        for period in missing(frequency, at=at)
        for language in LANGUAGES
    )


def missing(frequency: Frequency, *, at: datetime) -> list[Period]:
    """Periods that are over and newer than the newest edition, oldest first."""
    newest = (
        Edition.objects.filter(frequency=frequency).order_by("-window_until").first()
    )
    schedule = Schedule(frequency=frequency, weekday=0, monthday=1, hour=0)
    found: list[Period] = []
    period = last_period(schedule, at=at - SETTLES)
    while len(found) < CAUGHT_UP and period.since > at - HORIZON:
        if newest and period.until <= newest.window_until:
            break
        found.append(period)
        period = last_period(schedule, at=period.since)
    return found[::-1]


def make_edition(
    desk: Desk, frequency: Frequency, period: Period, language: str
) -> bool:
    earlier = list(
        Edition.objects.filter(
            frequency=frequency, language=language, window_until__lte=period.since
        )
        .order_by("-window_until")
        .values_list("content", flat=True)[:REMEMBERED]
    )
    # Late commits of the period before are told now; what was told is known.
    since = period.since - MARGIN if earlier else period.since
    desk.reach_back_to(since)
    matches = desk.matching("")
    published = matches.since(since) & matches.before(period.until)
    desk.read(earlier, events=published)
    digest = desk.digest(
        language,
        frequency,
        day=period.until.date(),
        queries=[""],
        published=published,
        contents=earlier,
    )
    if digest is None:
        return False
    try:
        with transaction.atomic():
            Edition.objects.create(
                frequency=frequency,
                period_start=period.start,
                window_since=period.since,
                window_until=period.until,
                language=language,
                content=keep(digest),
            )
    except IntegrityError:  # another process made it meanwhile
        return False
    return True
