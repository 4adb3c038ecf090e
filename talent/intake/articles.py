"""Taking in an article: known by its address, known as a story, or new and then read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.db import transaction

from talent.accounts.models import User
from talent.common.locks import Lock, hold
from talent.common.partial_date_columns import columns_of
from talent.common.partial_dates import PartialDate
from talent.intake.models import Address, Article, Feed
from talent.intake.proposals import propose
from talent.intake.reader.names import KnownNames
from talent.intake.reader.text import fold, is_chinese
from talent.intake.same_story import same_story, sketch, title_key

SAME_PLACE = re.compile(r"^(www|m|amp|mobile)\.")


@dataclass(frozen=True, slots=True)
class Story:
    """What an article says; `url` in its normal form, or empty for a pasted text."""

    title: str
    text: str = ""
    url: str = ""
    publisher: str = ""
    language: str = ""
    published: PartialDate | None = None


def address_key(url: str) -> str:
    """One key for the addresses one page is known to have: http or https, www., /amp."""
    parts = urlsplit(url)
    host = SAME_PLACE.sub("", parts.netloc.lower())
    path = re.sub(r"/(amp|index\.html?)$", "", parts.path.rstrip("/")).rstrip("/")
    return sha256(f"{host}{path}?{parts.query}".encode()).hexdigest()


def known_at(url: str) -> Article | None:
    return Article.objects.filter(addresses__key=address_key(url)).first()


@transaction.atomic
def take(
    story: Story,
    *,
    names: KnownNames,
    at: datetime,
    feed: Feed | None = None,
    by: User | None = None,
) -> tuple[Article, bool]:
    """The article that tells the story, and whether it is new. A new one is read at once.

    What a curator pasted may tell more than the feed did: then the article is read again.
    """
    # One at a time: of two workers with one story, the second sees what the first one took.
    hold(Lock.ARTICLES)
    known = known_at(story.url) if story.url else None
    if known is None:
        known = same_story(story.title, story.text, day=day_of(story, at))
        if known is not None and story.url:
            add_address(known, story.url, at)
    if known is None:
        return insert(story, names=names, at=at, feed=feed, by=by), True
    if by is not None and len(story.text) > len(known.text):
        tell_more(known, story, names=names)
    return known, False


def day_of(story: Story, at: datetime) -> date:
    return min(story.published.first, at.date()) if story.published else at.date()


def insert(
    story: Story,
    *,
    names: KnownNames,
    at: datetime,
    feed: Feed | None,
    by: User | None,
) -> Article:
    published_on, precision = columns_of(story.published)
    article = Article.objects.create(
        title=story.title,
        text=story.text,
        publisher=story.publisher,
        language=story.language or language_of(story.title),
        published_on=published_on,
        published_precision=precision,
        feed=feed,
        added_by=by,
        seen_at=at,
        newest_on=day_of(story, at),
        title_key=title_key(story.title),
        sketch=sketch(story.text),
    )
    if story.url:
        add_address(article, story.url, at)
    propose(article, names=names)
    return article


def add_address(article: Article, url: str, at: datetime) -> None:
    Address.objects.create(article=article, url=url, key=address_key(url), seen_at=at)


def tell_more(article: Article, story: Story, *, names: KnownNames) -> None:
    article.text, article.sketch = story.text, sketch(story.text)
    columns = ["text", "sketch"]
    if story.published and not article.published_on:
        article.published_on, article.published_precision = columns_of(story.published)
        columns += ["published_on", "published_precision"]
    article.save(update_fields=columns)
    propose(article, names=names)


def language_of(title: str) -> str:
    return "zh" if is_chinese(fold(title)) else ""
