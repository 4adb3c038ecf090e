"""The list of stints page by page: each page starts where the one before it ended.

A place in the list is the sort key of a row, written out: "joined-738000.2.17". It stays good
when that row is gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _

from talent.common.partial_dates import VAGUENESS
from talent.insights.models import Stint
from talent.insights.stint_filter import StintFilter, with_names
from talent.registry.filter_fields import shown
from talent.registry.paging import LARGEST, Nowhere

ROWS = 50
WRITTEN = re.compile(
    r"(joined|shortest|unknown)-(\d{1,19}(?:\.\d{1,19}){0,2})", re.ASCII
)

# A vague date stands at its start, after the exact ones of that day.
VAGUE_RANK = Case(
    *(When(start_precision=name, then=Value(rank)) for name, rank in VAGUENESS.items()),
    output_field=IntegerField(),
)


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

    def ordered(self, stints: QuerySet[Stint], *, back: bool) -> QuerySet[Stint]:
        keys = {
            "joined": ("-start_on", "vagueness", "pk"),
            "shortest": ("days", "pk"),
            "unknown": ("pk",),
        }[self.name]
        return stints.order_by(*(turned(key) if back else key for key in keys))

    def beyond(self, place: tuple[int, ...], *, back: bool) -> QuerySet[Stint]:
        """The rows after the place, or before it, in the direction of the list."""
        lookup = TupleLessThan if back else TupleGreaterThan
        if self.name == "unknown":
            return self.stints.filter(
                Q(pk__lt=place[0]) if back else Q(pk__gt=place[0])
            )
        if self.name == "shortest":
            return self.stints.filter(lookup((F("days"), F("pk")), place))
        day = date.fromordinal(place[0])
        same_day = Q(start_on=day) & Q(lookup((F("vagueness"), F("pk")), place[1:]))
        # The outer bound says nothing new: it lets an index start there.
        if back:
            return self.stints.filter(Q(start_on__gt=day) | same_day, start_on__gte=day)
        return self.stints.filter(Q(start_on__lt=day) | same_day, start_on__lte=day)

    def place_of(self, stint: Stint) -> str:
        match self.name:
            case "joined" if stint.start:
                rank = VAGUENESS[stint.start.precision]
                numbers = [stint.start.first.toordinal(), rank, stint.pk]
            case "shortest":
                numbers = [stint.days or 0, stint.pk]
            case _:
                numbers = [stint.pk]
        return f"{self.name}-{'.'.join(map(str, numbers))}"

    def fits(self, numbers: tuple[int, ...]) -> bool:
        """Whether such a place can be in this stretch: PostgreSQL would raise an error."""
        columns = {"joined": 3, "shortest": 2, "unknown": 1}[self.name]
        if len(numbers) != columns or numbers[-1] > LARGEST:
            return False
        if self.name == "joined":
            return 1 <= numbers[0] <= date.max.toordinal() and numbers[1] < len(
                VAGUENESS
            )
        return self.name == "unknown" or numbers[0] < 2**31


def turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def stretches(filter: StintFilter) -> list[Stretch]:
    stints = filter.stints()
    known = stints.filter(start_on__isnull=False)
    if filter.cleaned_data["sort"] == "shortest":
        first = Stretch("shortest", known)
    else:
        first = Stretch("joined", known.annotate(vagueness=VAGUE_RANK))
    return [first, Stretch("unknown", stints.filter(start_on__isnull=True))]


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
        shown_rows = with_names(Stint.objects.all()).in_bulk(ids)
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
