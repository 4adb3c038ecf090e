"""Which events are news to a subscriber: each distinct filter is asked once in a run."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from talent.common.language import spaced
from talent.digests.plain_text import cut, harmless
from talent.registry.filters import EventFilter
from talent.registry.models.events import COUNTED

# What was published earlier is news to nobody: a year's pause is not made up for in one mail.
HORIZON = timedelta(days=100)
# A publication is dated when it began and seen when it was committed. What was sent before is
# known, so a generous margin doubles nothing.
MARGIN = timedelta(days=2)


def filter_of(query: str) -> EventFilter:
    return EventFilter(QueryDict(query))


def raised(*, at: datetime) -> dict[int, datetime]:
    """When an event that had been rumoured or denied came to count: it is news only then to
    those who follow no rumours. Two queries.
    """
    history: Any = apps.get_model("registry", "EventHistory")._default_manager
    written = history.filter(pgh_created_at__gte=at - HORIZON, pgh_label="update")
    rows = (
        history.filter(pgh_obj__in=written.values("pgh_obj"))
        .order_by("pgh_obj", "pgh_id")
        .values_list("pgh_obj", "standing", "pgh_created_at")
    )
    return {
        event: moment
        for (before, old, _earlier), (event, new, moment) in pairwise(rows)
        if before == event and old not in COUNTED and new in COUNTED
    }


class Matches:
    """The published news that match one filter, by the time they became news."""

    def __init__(
        self,
        query: str,
        *,
        since: datetime,
        until: datetime,
        raised: Mapping[int, datetime],
    ) -> None:
        """A filter that has gone wrong, by a removed company say, matches nothing."""
        self.later: dict[int, frozenset[int]] = {}
        self.query = query
        self.filter = filter_of(query)
        rows = published(self.filter, since=since, until=until, raised=raised)
        news = sorted((max(time, raised.get(pk, time)), pk) for pk, _who, time in rows)
        self.people = {pk: person for pk, person, _time in rows}
        self.times = [time for time, _pk in news]
        self.ids = [pk for _time, pk in news]

    def since(self, moment: datetime) -> frozenset[int]:
        """Those published at the moment or later. Subscribers of one schedule share the set."""
        first = bisect_left(self.times, moment)
        if first not in self.later:
            self.later[first] = frozenset(self.ids[first:])
        return self.later[first]

    @property
    def words(self) -> str:
        """What is followed, in the language that is active."""
        if not self.query:
            return _("Everything in the record")
        if not self.filter.is_valid():
            return cut(harmless(self.query), 80)
        return spaced(harmless(self.filter.description()))

    def before(self, moment: datetime) -> frozenset[int]:
        return frozenset(self.ids[: bisect_left(self.times, moment)])


def published(
    chosen: EventFilter,
    *,
    since: datetime,
    until: datetime,
    raised: Collection[int],
) -> list[tuple[int, int, datetime]]:
    """Event, person and time of publication. One query, and one for each name in the filter."""
    if not chosen.is_valid():
        return []
    lately = Q(published_at__gte=max(since, until - HORIZON))
    if raised:
        lately |= Q(published_at__gte=until - HORIZON, pk__in=raised)
    recent = chosen.events().news().filter(lately, published_at__lte=until)
    rows = recent.values_list("pk", "person_id", "published_at")
    return [(pk, person, time) for pk, person, time in rows if time]
