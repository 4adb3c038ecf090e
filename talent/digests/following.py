"""What can be followed: any filter of the record, in the one way its query string is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from talent.digests.models import Follow
from talent.digests.news import filter_of
from talent.registry.filter_form import without_place
from talent.registry.filters import EventFilter

MOST = 20
LATELY = timedelta(days=30)
LONGEST = Follow._meta.get_field("query").max_length or 0
SHOWN = 80
# Pages about one thing, and what follows it.
PAGES = {"dashboard:person": "person", "dashboard:organization": "company"}
LISTS = ("dashboard:event_list", "dashboard:home")


@dataclass(frozen=True, slots=True)
class Followed:
    """A filter in words; `works` is false of one that has gone wrong since."""

    query: str
    words: str
    works: bool = True
    lately: int = 0


def read(query: str) -> str:
    """The filter as it is kept. ValidationError says what is wrong with it."""
    if len(query) > LONGEST:
        raise ValidationError(
            _("“%(value)s” is longer than %(most)s characters.")
            % {"value": shown(query), "most": LONGEST}
        )
    chosen = filter_of(query)
    if not chosen.is_valid():
        reasons = [str(text) for texts in chosen.errors.values() for text in texts]
        raise ValidationError(
            _("“%(value)s” cannot be followed. %(why)s")
            % {"value": shown(query), "why": " ".join(reasons)}
        )
    return chosen.query(sort="")


def read_all(queries: Iterable[str]) -> list[str]:
    """Without repetitions, in the order given."""
    given = list(dict.fromkeys(queries))
    # Before any is read: each costs queries.
    if len(given) > MOST:
        raise too_many()
    return list(dict.fromkeys(read(query) for query in given))


def too_many() -> ValidationError:
    return ValidationError(
        _("One mail follows at most %(most)s filters.") % {"most": MOST}
    )


def read_pasted(text: str) -> str:
    """The filter that the address of one of our pages stands for, or a query string."""
    if "?" not in text and "/" not in text:
        return read(text)
    try:
        parts = urlsplit(text)
        found = resolve(parts.path or "/")
    except (Resolver404, ValueError):  # ValueError: http://[
        pass
    else:
        if found.view_name in PAGES:
            return read(f"{PAGES[found.view_name]}={found.kwargs['slug']}")
        if found.view_name in LISTS:
            query = without_place(QueryDict(parts.query), ordered=False)
            return read(query.urlencode())
    raise ValidationError(
        _("“%(value)s” is not the address of a person, a company or a list of events.")
        % {"value": shown(text)}
    )


def in_words(query: str) -> Followed:
    """A few queries, for the names in the filter."""
    return told(query)[0]


def counted(query: str, *, at: datetime) -> Followed:
    """With how many news of the last 30 days it would have brought."""
    followed, chosen = told(query)
    if not followed.works:
        return followed
    news = chosen.events().news()
    lately = news.filter(published_at__gte=at - LATELY, published_at__lte=at)
    return replace(followed, lately=lately.count())


def told(query: str) -> tuple[Followed, EventFilter]:
    chosen = filter_of(query)
    if not chosen.is_valid():
        return Followed(query, shown(query), works=False), chosen
    words = chosen.description() if query else _("Everything in the record")
    return Followed(query, words), chosen


def shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
