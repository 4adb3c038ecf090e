"""Reading a long list on from a place: the sort key of a row, not its number in the list.

A place is found through an index however far back it lies, and rows added meanwhile neither repeat
nor hide one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, OrderBy, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

Rows = TypeVar("Rows", bound=QuerySet[Any])


class Nowhere(ValueError):
    """The text is no place in this list; the message says so to who followed the link."""


def in_order(columns: Sequence[str], *, falling: bool) -> list[OrderBy]:
    """For `order_by`. The last of the columns is unique."""
    return [F(column).desc() if falling else F(column).asc() for column in columns]


def beyond(
    rows: Rows, columns: Sequence[str], place: Sequence[Any], *, falling: bool
) -> Rows:
    """The rows after the place, in the order of the columns.

    One row comparison is what lets an index start there: an OR of conditions reads everything
    before it. The tuple lookups are no documented interface.
    """
    if len(columns) == 1:
        return rows.filter(**{f"{columns[0]}__{'lt' if falling else 'gt'}": place[0]})
    lookup = TupleLessThan if falling else TupleGreaterThan
    return rows.filter(lookup(tuple(map(F, columns)), tuple(place)))
