"""The list of stints page by page: each page starts where the one before it ended.

A place in the list is the sort key of a row, written out: "joined-2958123.17". It stays good
when that row is gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from talent.common.keyset import Nowhere, beyond, in_order
from talent.insights.models import Stint
from talent.insights.stint_filter import StintFilter, read_with_names
from talent.registry.filter_fields import shown
from talent.registry.paging import LARGEST, LARGEST_RANK

ROWS = 50
WRITTEN = re.compile(r"(joined|shortest|unknown)-(\d{1,19}(?:\.\d{1,19})?)", re.ASCII)

# By which columns each part of the list is in order, and whether they fall. A vague date
# stands at its start, after the exact ones of that day: see NEWEST_FIRST_RANK.
ORDERS = {
    "joined": (("recency", "pk"), True),
    "shortest": (("days", "pk"), False),
    "unknown": (("pk",), False),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and the places to go on from: "" where the list ends."""

    stints: list[Stint]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the list with one order. Beginnings that nobody knows make one of their own."""

    name: str
    stints: QuerySet[Stint]

    @property
    def columns(self) -> tuple[str, ...]:
        return ORDERS[self.name][0]

    @property
    def falling(self) -> bool:
        return ORDERS[self.name][1]

    def ordered(self, stints: QuerySet[Stint], *, back: bool) -> QuerySet[Stint]:
        return stints.order_by(*in_order(self.columns, falling=self.falling != back))

    def beyond(self, place: tuple[int, ...], *, back: bool) -> QuerySet[Stint]:
        """The rows after the place, or before it, in the direction of the list."""
        return beyond(self.stints, self.columns, place, falling=self.falling != back)

    def place_of(self, stint: Stint) -> str:
        numbers = (getattr(stint, column) for column in self.columns)
        return f"{self.name}-{'.'.join(map(str, numbers))}"

    def fits(self, numbers: tuple[int, ...]) -> bool:
        """Whether such a place can be in this stretch: PostgreSQL would raise an error."""
        return (
            len(numbers) == len(self.columns)
            and numbers[-1] <= LARGEST
            and all(number <= LARGEST_RANK for number in numbers[:-1])
        )


def stretches(filter: StintFilter) -> list[Stretch]:
    stints = filter.stints()
    first = filter.cleaned_data["sort"] or "joined"
    return [
        Stretch(first, stints.filter(recency__isnull=False)),
        Stretch("unknown", stints.filter(recency__isnull=True)),
    ]


def page_of(filter: StintFilter, *, after: str = "", before: str = "") -> Page:
    """The rows after a place, before it, or the first ones, with all they need to show.

    Raises Nowhere. Two queries, and two more where the list comes to unknown beginnings.
    """
    if after and before:
        raise Nowhere(_("A page lies after one place or before it, not both."))
    parts = stretches(filter)
    if before:
        rows = read(parts, before, back=True)
        # Fewer than a page: we are back at the start, which then is shown in full.
        if len(rows) > ROWS:
            return page(rows[:ROWS][::-1], newer=True, older=True)
    rows = read(parts, after, back=False)
    return page(rows[:ROWS], newer=bool(after), older=len(rows) > ROWS)


Row = tuple[Stretch, Stint]


def page(rows: list[Row], *, newer: bool, older: bool) -> Page:
    places = [part.place_of(stint) for part, stint in rows]
    return Page(
        [stint for _part, stint in rows],
        newer=places[0] if newer and places else "",
        older=places[-1] if older and places else "",
    )


def read(parts: list[Stretch], place: str, *, back: bool) -> list[Row]:
    """Up to a page and one row more, from one stretch after the other."""
    here, numbers = located(parts, place) if place else (None, ())
    order = parts[::-1] if back else parts
    rows: list[Row] = []
    for part in order[order.index(here) if here else 0 :]:
        stints = part.beyond(numbers, back=back) if part is here else part.stints
        ordered = part.ordered(stints, back=back).values_list("pk", flat=True)
        ids = list(ordered[: ROWS + 1 - len(rows)])
        # Names are fetched for the rows shown: joined first, they would be for all of a day.
        stints = Stint.objects.filter(pk__in=ids).order_by("pk")
        shown_rows = {stint.pk: stint for stint in read_with_names(stints)}
        rows += [(part, shown_rows[pk]) for pk in ids if pk in shown_rows]
        if len(rows) > ROWS:
            break
    return rows


def located(parts: list[Stretch], place: str) -> tuple[Stretch, tuple[int, ...]]:
    if written := WRITTEN.fullmatch(place):
        numbers = tuple(int(number) for number in written[2].split("."))
        for part in parts:
            if part.name == written[1] and part.fits(numbers):
                return part, numbers
    raise Nowhere(
        _("“%(place)s” is no place in this list: go back to its beginning.")
        % {"place": shown(place)}
    )
