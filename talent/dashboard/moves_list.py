"""A list of moves: one page of its rows, each with the words and links it is told with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from talent.common.keyset import Nowhere, beyond, in_order
from talent.common.partial_dates import PartialDate
from talent.dashboard.moves_kept import kept, last_refresh
from talent.insights.figures import move_counts
from talent.insights.figures.move_counts import Counts
from talent.insights.models import Move
from talent.insights.move_filter import MoveFilter, read_with_names
from talent.registry.models import Event

ROWS = 50
ORDER = ("recency", "pk")
# A place in the list is the sort key of a row, written out. It stays good when the row is gone.
PLACE = re.compile(r"(\d{1,10})\.(\d{1,18})")
LARGEST_RANK = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A move as a sentence: who, what they did, from where, to where."""

    move: Move
    verb: str
    events: tuple[tuple[str, Event], ...]

    @property
    def left(self) -> PartialDate | None:
        """When they had left, where that lies before the date of the move, which is the hire's."""
        left, hire = self.move.departure, self.move.hire
        if left is None or hire is None or left.date.last >= self.move.date.first:
            return None
        return left.date

    @property
    def url(self) -> str:
        """The event that the date was read from."""
        return self.events[0][1].get_absolute_url() if self.events else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, newest first, and the places to go on from: "" where the list ends."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def rows_of(moves: Iterable[Move]) -> list[Row]:
    """Of moves loaded by `read_with_names`. No query."""
    return [Row(move, verb(move), events_of(move)) for move in moves]


def verb(move: Move) -> str:
    """The word between the person and the ends: "left", "joined", "returned from" …"""
    if move.internal:
        return _("moved inside the company from")
    if move.destination_id is None or not (move.founder or move.is_return):
        return _("left") if move.origin_id else _("joined")
    if move.founder:
        return _("founded, from") if move.origin_id else _("founded")
    return _("returned from") if move.origin_id else _("returned to")


def events_of(move: Move) -> tuple[tuple[str, Event], ...]:
    """What records it, the one its date is from first. A hire dates a move."""
    known = ((_("hire"), move.hire), (_("departure"), move.departure))
    return tuple((name, event) for name, event in known if event is not None)


# -- Pages -------------------------------------------------------------------------------


def page_of(filter: MoveFilter, *, after: str = "", before: str = "") -> Page:
    """The rows after a place, before it, or the first ones. Raises Nowhere. Two queries, and
    two more where going back reaches the first page.
    """
    moves = filter.moves()
    if after and before:
        raise Nowhere(_("A page lies after one place or before it, not both."))
    if before:
        later = beyond(moves, ORDER, place(before), falling=False)
        rows = read_with_names(
            later.order_by(*in_order(ORDER, falling=False))[: ROWS + 1]
        )
        # Fewer than a page: we are back at the start, which then is shown in full.
        if len(rows) > ROWS:
            return page(rows[:ROWS][::-1], newer=True, older=True)
    if after:
        moves = beyond(moves, ORDER, place(after), falling=True)
    rows = read_with_names(moves.order_by(*in_order(ORDER, falling=True))[: ROWS + 1])
    return page(rows[:ROWS], newer=bool(after), older=len(rows) > ROWS)


def page(moves: list[Move], *, newer: bool, older: bool) -> Page:
    places = [f"{move.recency}.{move.pk}" for move in moves]
    return Page(
        rows_of(moves),
        newer=places[0] if newer and places else "",
        older=places[-1] if older and places else "",
    )


def place(written: str) -> tuple[int, int]:
    found = PLACE.fullmatch(written)
    if found is None or int(found[1]) > LARGEST_RANK:
        raise Nowhere(
            _("“%(place)s” is no place in this list: go back to its beginning.")
            % {"place": written if len(written) <= 60 else f"{written[:60]}…"}
        )
    return int(found[1]), int(found[2])


# -- How many ----------------------------------------------------------------------------


def counts_of(filter: MoveFilter) -> Counts:
    """Exact. One query, or one for the kept answer."""
    query = filter.query()
    return kept(
        "moves-list",
        query,
        lambda: move_counts.counts_of(filter),
        run=last_refresh(),
    )
