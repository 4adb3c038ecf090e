"""From a subscriber to their digest: what is new to them, what has to be put right, and the mail.

A run has many subscribers and few different digests: each distinct filter is asked once, each
event is read once, and subscribers who are told the same share one composition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.utils import translation

from talent.digests.corrections import Correction, Record, once_per_move
from talent.digests.letters import Letter, correction_in_words, item, letter
from talent.digests.models import Content, Picture, SentItem, Subscriber
from talent.digests.news import MARGIN, Matches, raised
from talent.digests.numbers import Numbers, numbers_of
from talent.digests.rendering import SetItem, as_html, as_text, fits, set_item
from talent.digests.statements import Facts, facts_of, fingerprint
from talent.digests.stories import Library, Story, strongest_first
from talent.insights.version import data_version
from talent.registry.merging import Addresses, remembering

# A mail that nobody reads to its end serves nobody; the rest is counted and linked.
MOST_SHOWN = 20
# What does not fit is put right in the next mail.
MOST_CORRECTIONS = 15
# One composition can be large: this many different ones are kept in memory, then forgotten.
KEPT_DIGESTS = 500


@dataclass(frozen=True, slots=True)
class Image:
    cid: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Digest:
    """A composed mail, the same for everybody with the same `key`.

    html and text hold {{MANAGE_URL}}, {{UNSUBSCRIBE_URL}} and {{VIEW_URL}}. `items` are the rows
    that remember what was said, not saved yet.
    """

    key: str
    letter: Letter
    html: str
    text: str
    items: tuple[SentItem, ...]
    images: tuple[Image, ...]

    @property
    def language(self) -> str:
        return self.letter.language

    @property
    def subject(self) -> str:
        return self.letter.subject

    @property
    def preheader(self) -> str:
        return self.letter.preheader

    @property
    def corrections(self) -> tuple[SentItem, ...]:
        return tuple(item for item in self.items if item.correction)


class Wish(NamedTuple):
    """What decides a digest: whoever has an equal wish is told the same.

    `corrections`: events, each with the statement of ours about it that has to be put right.
    """

    language: str
    frequency: str
    day: date
    queries: tuple[str, ...]
    news: frozenset[int]
    corrections: tuple[tuple[int, str], ...]


Told = dict[int, Facts | None]


class Desk:
    """Where the digests of one moment are composed. Make one for each run or batch."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.version = data_version()
        self.record = Record(at=at)
        self.raised = raised(at=at)
        self.library = Library()
        # From when on `matches` are known.
        self.since = at
        self.matches: dict[str, Matches] = {}
        self.addresses: Addresses = {}
        self.items: dict[tuple[str, tuple[int, ...]], SetItem] = {}
        self.digests: dict[Wish, Digest] = {}
        self.figures: dict[tuple[str, str, date], Numbers | None] = {}
        # By content: what it said of an event; None where it only counted it.
        self.told: dict[int, Told] = {}

    # -- What is new, and what was wrong -----------------------------------------------

    def load(self, subscribers: Iterable[Subscriber]) -> None:
        """What earlier mails told the batch: one query. Rows of `with_history()`."""
        batch = list(subscribers)
        self.reach_back_to(min(map(news_since, batch), default=self.at))
        contents = {content for each in batch for content in each.sent_contents}
        self.read(contents, events=frozenset().union(*map(self.published_for, batch)))

    def read(self, contents: Collection[int], *, events: Collection[int]) -> None:
        """What these contents said of these events, and of those that changed since."""
        events = {*events, *self.record.now}
        self.told = {content: {} for content in contents}
        items = SentItem.objects.filter(content__in=contents, event__in=events)
        for content, event, shown, facts in items.values_list(
            "content", "event", "shown", "facts"
        ):
            self.told[content][event] = facts if shown else None

    def compose(self, subscriber: Subscriber) -> Digest | None:
        """None where there is nothing new: then nothing is sent. Load the subscriber first."""
        return self.digest(
            subscriber.language,
            subscriber.frequency,
            day=subscriber.day(at=self.at),
            queries=[follow.query for follow in subscriber.follows.all()],
            published=self.published_for(subscriber),
            contents=subscriber.sent_contents,
        )

    def published_for(self, subscriber: Subscriber) -> frozenset[int]:
        """Of what they follow: events that became news after their last mail, or just before."""
        since = news_since(subscriber)
        return frozenset().union(
            *(
                self.matching(follow.query).since(max(since, follow.created_at))
                for follow in subscriber.follows.all()
            )
        )

    def matching(self, query: str) -> Matches:
        if query not in self.matches:
            with remembering(self.addresses):
                self.matches[query] = Matches(
                    query, since=self.since, until=self.at, raised=self.raised
                )
        return self.matches[query]

    def reach_back_to(self, since: datetime) -> None:
        if since < self.since:
            self.since = since
            self.matches.clear()

    def corrections(self, told: Told) -> list[Correction]:
        """The newest change first."""
        found = [
            correction
            for event in self.record.now
            if (said := told.get(event))
            and (correction := self.record.correct(event, said))
        ]
        return sorted(found, key=lambda each: (each.at, each.event), reverse=True)

    # -- The mail ----------------------------------------------------------------------

    def digest(
        self,
        language: str,
        frequency: str,
        *,
        day: date,
        queries: Iterable[str],
        published: frozenset[int],
        contents: Sequence[int],
    ) -> Digest | None:
        """What the contents, newest first, have not said of the published events, put in words."""
        told: Told = {}
        for content in reversed(contents):  # the last word counts
            told |= self.told[content]
        corrections = self.corrections(told)[:MOST_CORRECTIONS]
        wish = Wish(
            language,
            frequency,
            day,
            queries=tuple(sorted(queries)),
            news=published.difference(told),
            corrections=tuple(
                (each.event, fingerprint(each.said)) for each in corrections
            ),
        )
        if not wish.news and not wish.corrections:
            return None
        if wish not in self.digests:
            if len(self.digests) >= KEPT_DIGESTS:
                self.digests.clear()
            self.digests[wish] = self.written(wish, corrections)
        return self.digests[wish]

    def written(self, wish: Wish, corrections: Sequence[Correction]) -> Digest:
        people = {
            pk: matches.people[pk]
            for matches in map(self.matching, wish.queries)
            for pk in wish.news & matches.people.keys()
        }
        self.library.read(people)
        stories = strongest_first(self.library.stories(wish.news), today=wish.day)
        with translation.override(wish.language):
            return self.typeset(wish, stories, corrections)

    def typeset(
        self, wish: Wish, stories: Sequence[Story], corrections: Sequence[Correction]
    ) -> Digest:
        """Written and rendered, with as many stories as fit into one mail."""
        numbers = self.numbers(wish)
        key = self.key(wish)
        cid = f"{key[:24]}@digest" if numbers else ""
        items = [self.item(story, wish.language) for story in stories[:MOST_SHOWN]]
        righted = [
            correction_in_words(each, self.record.names)
            for each in once_per_move(corrections)
        ]
        while True:
            words = letter(
                wish.language,
                wish.frequency,
                day=wish.day,
                follows=[self.matching(query) for query in wish.queries],
                items=[each.item for each in items],
                stories=len(stories),
                corrections=righted,
                numbers=numbers,
            )
            html = as_html(words, items, cid=cid)
            if fits(html) or not items:
                break
            items = items[: len(items) // 2]
        return Digest(
            key=key,
            letter=words,
            html=html,
            text=as_text(words, items),
            items=tuple(sent_items(stories, len(items), corrections)),
            images=(Image(cid, numbers.picture),) if numbers else (),
        )

    def key(self, wish: Wish) -> str:
        parts = (self.version, *wish._replace(news=frozenset()), sorted(wish.news))
        return sha256(repr(parts).encode()).hexdigest()

    def item(self, story: Story, language: str) -> SetItem:
        told = (language, tuple(event.pk for event in story.events))
        if told not in self.items:
            self.items[told] = set_item(item(story))
        return self.items[told]

    def numbers(self, wish: Wish) -> Numbers | None:
        asked = (wish.language, wish.frequency, wish.day)
        if asked not in self.figures:
            self.figures[asked] = numbers_of(wish.frequency, day=wish.day)
        return self.figures[asked]


def news_since(subscriber: Subscriber) -> datetime:
    return max(subscriber.started_at, subscriber.news_since - MARGIN)


def compose(subscriber: Subscriber, *, at: datetime) -> Digest | None:
    """The digest of one subscriber now; for many, keep a Desk."""
    desk = Desk(at=at)
    row = Subscriber.objects.with_history().get(pk=subscriber.pk)
    desk.load([row])
    return desk.compose(row)


def sent_items(
    stories: Sequence[Story], shown: int, corrections: Sequence[Correction]
) -> list[SentItem]:
    """What the mail says of each event, to be kept. A correction is the last word on it."""
    found = {
        event.pk: SentItem(
            event_id=event.pk,
            shown=place < shown,
            facts=facts_of(event) if place < shown else {},
        )
        for place, story in enumerate(stories)
        for event in story.news
    }
    for each in corrections:
        found[each.event] = SentItem(
            event_id=each.event, correction=True, facts=each.now
        )
    return list(found.values())


@transaction.atomic
def keep(digest: Digest) -> Content:
    """The content with this key, stored by whoever comes first with its pictures and items."""
    content, is_new = Content.objects.get_or_create(
        key=digest.key,
        defaults={
            "language": digest.language,
            "subject": digest.subject,
            "preheader": digest.preheader,
            "html": digest.html,
            "text": digest.text,
            "letter": digest.letter.as_json(),
        },
    )
    if is_new:
        Picture.objects.bulk_create(
            Picture(content=content, cid=image.cid, png=image.png)
            for image in digest.images
        )
        for item in digest.items:
            item.content = content
        SentItem.objects.bulk_create(digest.items)
    return content
