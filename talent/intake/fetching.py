"""Fetching feeds: what is due is found by a query, asked for politely, told in words.

Each outcome is one of: new articles, nothing new, read with faults, no feed, could not fetch.
"Nothing new" is only said where the server answered.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.common.http import INTERNET, Answer, Door, HttpError, Limits, ask
from talent.intake.articles import Story, take
from talent.intake.feed_text import Entry, NoFeed, Reading, read_feed
from talent.intake.known_names import known_names
from talent.intake.models import Feed
from talent.intake.politeness import NotAllowed, Turn, headers, turn_at
from talent.registry.source_lines import normal_url

logger = logging.getLogger(__name__)

Outcome = Feed.Outcome

SUGGESTED = Path(__file__).parent / "data" / "feeds.csv"
LIMITS = Limits(size=3_000_000)
# Older entries are the publisher's archive, not news.
OLDEST = timedelta(days=60)
LONGEST_WAIT = timedelta(days=7)
# A worker that died is forgotten after this.
CLAIM_LASTS = timedelta(minutes=5)


class Failed(Exception):
    """No feed was to be had; the message says why. `wait`: what the server asked for."""

    def __init__(self, said: str, *, wait: timedelta | None = None, gone: bool = False):
        super().__init__(said)
        self.wait, self.gone = wait, gone


@dataclass(slots=True)
class Told:
    """How a fetch went."""

    outcome: str
    said: str
    new: int = 0


def fetch_due(
    *,
    at: datetime,
    door: Door = INTERNET,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Fetch every feed that is due and whose server is free; how many were asked."""
    asked = 0
    for feed in Feed.objects.due(at=at):
        if stop():
            break
        asked += fetch(feed, at=at, door=door)
    return asked


def fetch(feed: Feed, *, at: datetime, door: Door = INTERNET) -> bool:
    """Ask for one feed now. False where another worker has it, or its server rests.

    Whatever goes wrong is written beside the feed; nothing is raised for it.
    """
    with turn_at(feed.url, at=at, door=door) as turn:
        if turn is None:
            return False
        claimed = Feed.objects.filter(pk=feed.pk, next_at=feed.next_at).update(
            asked_at=at, next_at=at + CLAIM_LASTS
        )
        if not claimed:
            return False
        wait: timedelta | None = None
        try:
            told = ask_and_take(feed, turn, at=at)
        except (HttpError, NotAllowed) as error:
            told = Told(Outcome.FAILED, str(error))
        except Failed as error:
            told, wait = Told(Outcome.FAILED, str(error)), error.wait
            if error.gone:
                feed.is_on = False
        except NoFeed as error:
            told = Told(Outcome.UNREADABLE, str(error))
        except Exception:
            # A fault of ours: the log has it, the next feed is still fetched.
            logger.exception("Feed %s could not be taken in", feed.pk)
            told = Told(
                Outcome.FAILED,
                _("An error of our own stopped it; the log says which."),
            )
    write(feed, told, at=at, wait=wait)
    return True


def ask_and_take(feed: Feed, turn: Turn, *, at: datetime) -> Told:
    turn.check(feed.url, at=at)
    answer = answer_to(feed, turn)
    if answer.status == 304:
        return Told(Outcome.NOTHING, _("Unchanged since it was last read."))
    reading = read_feed(
        answer.body,
        content_type=answer.headers.get("content-type", ""),
        url=answer.url,
        language=feed.language,
    )
    with transaction.atomic():
        new = sum(take_entry(feed, each, at=at) for each in reading.entries)
    told = in_words(reading, new)
    if not reading.fault:
        feed.etag = fitting(answer, "etag", 300)
        feed.last_modified = fitting(answer, "last-modified", 100)
    if answer.url != feed.url:
        told.said += " " + _("It moved to %(url)s") % {"url": answer.url[:200]}
    return told


def answer_to(feed: Feed, turn: Turn) -> Answer:
    """An answer with a body, or 304. Raises HttpError or Failed."""
    conditions = {
        "If-None-Match": feed.etag,
        "If-Modified-Since": feed.last_modified,
    }
    asked = headers() | {name: value for name, value in conditions.items() if value}
    answer = ask(feed.url, headers=asked, limits=LIMITS, door=turn.door)
    if answer.status in (200, 304):
        return answer
    if answer.status == 410:
        raise Failed(_("Gone for good (410): the feed was switched off."), gone=True)
    reasons = {
        401: _("The server wants a password (401)."),
        403: _("The server refuses us (403)."),
        404: _("There is nothing at this address (404)."),
        429: _("The server finds that we ask too often (429)."),
    }
    said = reasons.get(answer.status) or _("The server answered %(status)s.") % {
        "status": answer.status
    }
    raise Failed(said, wait=retry_after(answer))


def retry_after(answer: Answer) -> timedelta | None:
    text = answer.headers.get("retry-after", "").strip()
    if not text.isdecimal() or len(text) > 9:
        return None
    return min(timedelta(seconds=int(text)), LONGEST_WAIT)


def fitting(answer: Answer, name: str, longest: int) -> str:
    """A validator of the server's, if it fits a header of ours."""
    value = answer.headers.get(name, "")
    return value if len(value) <= longest and value.isprintable() else ""


def take_entry(feed: Feed, entry: Entry, *, at: datetime) -> bool:
    """Whether it was a new article."""
    published = entry.published
    if published and published.first > at.date() + timedelta(days=1):
        published = None  # a clock of theirs is wrong
    if published and published.first < at.date() - OLDEST:
        return False
    try:
        url = normal_url(entry.url)
    except ValueError:
        return False
    story = Story(
        title=entry.title,
        text=entry.text,
        url=url,
        publisher=feed.name,
        language=feed.language,
        published=published,
    )
    return take(story, names=known_names(), at=at, feed=feed)[1]


def in_words(reading: Reading, new: int) -> Told:
    articles = ngettext("%(count)s new article", "%(count)s new articles", new) % {
        "count": new
    }
    if reading.fault:
        return Told(Outcome.FAULTY, f"{reading.fault} {articles}.", new)
    if new:
        return Told(Outcome.NEWS, f"{articles}.", new)
    if not reading.entries:
        return Told(Outcome.NOTHING, _("The feed is empty."))
    seen = ngettext(
        "The %(count)s entry is known or too old.",
        "All %(count)s entries are known or too old.",
        len(reading.entries),
    )
    return Told(Outcome.NOTHING, seen % {"count": len(reading.entries)})


def write(feed: Feed, told: Told, *, at: datetime, wait: timedelta | None) -> None:
    """What happened, and when to ask again: twice as late after each failure in a row."""
    failed = told.outcome in (Outcome.FAILED, Outcome.UNREADABLE)
    failures = feed.failures + 1 if failed else 0
    between = timedelta(minutes=feed.minutes) * 2 ** min(failures, 12)
    between = min(max(between, wait or between), LONGEST_WAIT)
    columns = {
        "outcome": told.outcome,
        "said": told.said[:500],
        "failures": failures,
        "next_at": at + between,
        "etag": feed.etag,
        "last_modified": feed.last_modified,
    }
    if not failed:
        columns["worked_at"] = at
    if not feed.is_on:
        columns["is_on"] = False
    Feed.objects.filter(pk=feed.pk).update(**columns)
    feed.refresh_from_db()


def add_suggested() -> int:
    """Put the suggested feeds on the list, switched off; how many were not on it yet."""
    with SUGGESTED.open(encoding="utf-8", newline="") as lines:
        rows = [Feed(**row) for row in csv.DictReader(lines)]
    before = Feed.objects.count()
    Feed.objects.bulk_create(rows, ignore_conflicts=True)
    return Feed.objects.count() - before
