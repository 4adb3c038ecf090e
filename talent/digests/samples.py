"""What a digest would be today, for somebody who has not subscribed yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import translation

from talent.digests.letters import Letter, item, letter
from talent.digests.news import Matches
from talent.digests.stories import Library, strongest_first

LASTS = {
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=31),
}
MOST_SHOWN = 5


def sample(
    queries: Sequence[str], *, language: str, at: datetime, frequency: str = "weekly"
) -> Letter | None:
    """The letter with the news of the last day, week or month; None where there was none."""
    since = at - LASTS[frequency]
    matches = [Matches(query, since=since, until=at, raised={}) for query in queries]
    news: frozenset[int] = frozenset().union(*(each.since(since) for each in matches))
    if not news:
        return None
    library = Library()
    for each in matches:
        library.read({pk: each.people[pk] for pk in news & each.people.keys()})
    stories = strongest_first(library.stories(news), today=at.date())
    with translation.override(language):
        return letter(
            language,
            frequency,
            day=at.date(),
            follows=matches,
            items=[item(story) for story in stories[:MOST_SHOWN]],
            stories=len(stories),
            corrections=[],
            numbers=None,
        )
