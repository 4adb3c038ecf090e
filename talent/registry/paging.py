"""A long list page by page: each page starts where the one before it ended.

A page is found through an index however far back it lies, and rows added meanwhile
neither repeat nor hide one. A place in the list is the sort key of a row, written out:
"newest-2958123.17". It stays good when that row is gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext as _

from talent.common.keyset import Nowhere, beyond, in_order
from talent.common.partial_date_columns import rank_of
from talent.registry.event_rows import complete, event_rows
from talent.registry.filters import EventFilter
from talent.registry.id_sets import among
from talent.registry.models import Event
from talent.registry.models.events import EventQuerySet

ROWS = 50
WRITTEN = re.compile(r"([a-z]{1,10})-(\d{1,19}(?:\.\d{1,19}){1,2})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST = 2**63 - 1
LARGEST_RANK = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and the places to go on from: "" where the list ends."""

    events: list[Event]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of the list that one index, or one small sort, puts in order."""

    events: EventQuerySet
    columns: tuple[str, ...]
    falling: bool = True

    def beyond(self, place: tuple[int, ...], *, back: bool) -> EventQuerySet:
        """The rows after the place, or before it, in the direction of the list."""
        values = tuple(map(from_number, self.columns, place))
        return beyond(self.events, self.columns, values, falling=self.falling != back)

    def ordered(self, events: EventQuerySet, *, back: bool) -> EventQuerySet:
        return events.order_by(*in_order(self.columns, falling=self.falling != back))

    def place_of(self, event: Event) -> tuple[int, ...]:
        return tuple(to_number(getattr(event, column)) for column in self.columns)


def to_number(value: Any) -> int:
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(microseconds=1)
    return int(value)


def from_number(column: str, number: int) -> Any:
    if column == "published_at":
        return EPOCH + timedelta(microseconds=number)
    return number


def stretches(filter: EventFilter) -> list[Stretch]:
    events = filter.events()
    match filter.values.get("sort"):
        case "oldest":
            return [oldest_first(filter, events)]
        case "added":
            return [Stretch(events, ("published_at", "pk"))]
        case "amount":
            return by_amount(filter, events)
    return [Stretch(events, ("recency", "pk"))]


def oldest_first(filter: EventFilter, events: EventQuerySet) -> Stretch:
    """With the days asked for said again in terms of this order's own index."""
    if filter.days:
        first, last = filter.days
        events = events.filter(
            chronology__gte=rank_of(date(first.year, 1, 1)),
            chronology__lt=rank_of(last + timedelta(days=1)),
        )
    return Stretch(events, ("chronology", "pk"), falling=False)


def by_amount(filter: EventFilter, events: EventQuerySet) -> list[Stretch]:
    """The largest stated figure first. Unknown is not zero: those come after, by date.

    Of several readings of one package the one that ranks highest counts, as on its row.
    """
    figures = filter.figures()
    mine = figures.filter(package__event=OuterRef("pk"))
    preferred: QuerySet[Any] = mine.preferred_first()
    stating = events.filter(among(figures.values("package__event")))
    return [
        Stretch(
            stating.annotate(amount=Subquery(preferred.values("least")[:1])),
            ("amount", "recency", "pk"),
        ),
        Stretch(
            events.filter(~Exists(mine)),
            ("recency", "pk"),
        ),
    ]


def page_of(filter: EventFilter, *, after: str = "", before: str = "") -> Page:
    """The rows after a place, before it, or the first ones, with all they need to show.

    Raises Nowhere. One query, and up to three for what belongs to the rows; one more
    where a list by amount comes to the events that state none, and where the way back
    reaches the first page.
    """
    parts = stretches(filter)
    if after and before:
        raise Nowhere(_("A page lies after one place or before it, not both."))
    if before:
        rows = read(parts, filter, before, back=True)
        # Fewer than a page: we are back at the start, which then is shown in full.
        if len(rows) > ROWS:
            rows = rows[:ROWS][::-1]
            return loaded(filter, rows, newer=True, older=True)
    rows = read(parts, filter, after, back=False)
    return loaded(filter, rows[:ROWS], newer=bool(after), older=len(rows) > ROWS)


Row = tuple[Stretch, Event]


def loaded(filter: EventFilter, rows: list[Row], *, newer: bool, older: bool) -> Page:
    """The page of these rows, with packages, and with the places on either side."""
    events = [event for _part, event in rows]
    complete(events)
    return Page(
        events,
        newer=written(filter, rows[0]) if newer and rows else "",
        older=written(filter, rows[-1]) if older and rows else "",
    )


def written(filter: EventFilter, row: Row) -> str:
    part, event = row
    numbers = ".".join(map(str, part.place_of(event)))
    return f"{filter.values.get('sort') or 'newest'}-{numbers}"


def read(
    parts: list[Stretch], filter: EventFilter, place: str, *, back: bool
) -> list[Row]:
    """Up to a page and one row more, from one stretch after the other."""
    here, numbers = located(parts, filter, place) if place else (None, ())
    order = parts[::-1] if back else parts
    rows: list[Row] = []
    for part in order[order.index(here) if here else 0 :]:
        events = part.beyond(numbers, back=back) if part is here else part.events
        wanted = part.ordered(events, back=back)[: ROWS + 1 - len(rows)]
        rows += [(part, event) for event in event_rows(wanted)]
        if len(rows) > ROWS:
            break
    return rows


def located(
    parts: list[Stretch], filter: EventFilter, place: str
) -> tuple[Stretch, tuple[int, ...]]:
    """Which stretch a place belongs to is told by how many numbers it has."""
    found = WRITTEN.fullmatch(place)
    if found and found[1] == (filter.values.get("sort") or "newest"):
        numbers = tuple(int(number) for number in found[2].split("."))
        for part in parts:
            if len(part.columns) == len(numbers) and all(
                map(fits, part.columns, numbers)
            ):
                return part, numbers
    raise Nowhere(
        _("“%(place)s” is no place in this list: go back to its beginning.")
        % {"place": place if len(place) <= 60 else f"{place[:60]}…"}
    )


def fits(column: str, number: int) -> bool:
    """Whether the column can hold the number: PostgreSQL would raise an error."""
    match column:
        case "recency" | "chronology":
            return number <= LARGEST_RANK
        case "published_at":
            return number < 2**53
    return number <= LARGEST
