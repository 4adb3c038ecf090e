"""One page of a list: it starts after a place, which stays good when rows are added or go.

A place is the sort key of the last row, written out; nobody needs to read it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from talent.common.keyset import Nowhere, beyond
from talent.opendata.columns import Column
from talent.opendata.data_list import DataList, Order

LARGEST = 2**63 - 1
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Page:
    """rows: of each the values of the columns asked for. next: a place, "" at the end."""

    rows: list[dict[str, Any]]
    next: str


def page_of(
    of: DataList, rows: QuerySet[Any], columns: list[Column], *, after: str, limit: int
) -> Page:
    """One query. Raises Nowhere."""
    if after:
        place, falling = read_place(of.order, after), of.order.falling
        rows = beyond(rows, of.order.columns, place, falling=falling)
    keys = [F(column) for column in of.order.columns]
    found = list(
        rows.order_by(*of.order.by()).values_list(
            *(column.value for column in columns), *keys
        )[: limit + 1]
    )
    names = [column.name for column in columns]
    # Longer than the names: the order's values follow.
    page = [dict(zip(names, row, strict=False)) for row in found[:limit]]
    more = len(found) > limit
    return Page(page, written(found[limit - 1][len(columns) :]) if more else "")


def written(place: tuple[Any, ...]) -> str:
    text = json.dumps(place, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(order: Order, text: str) -> list[Any]:
    try:
        if len(text) > LONGEST or not text.isascii():
            raise ValueError
        padded = text + "=" * (-len(text) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        place = None
    if (
        not isinstance(place, list)
        or len(place) != len(order.columns)
        or not all(map(fits, order.columns, place))
    ):
        raise Nowhere(
            _("“%(place)s” is no place in this list: go back to its beginning.")
            % {"place": text[:60]}
        )
    return place


def fits(column: str, value: Any) -> bool:
    """Whether the column can hold the value: PostgreSQL would raise an error."""
    if column == "slug":
        return isinstance(value, str) and "\0" not in value
    most = 2**31 - 1 if column == "recency" else LARGEST
    if column == "place":
        most = 2**15 - 1
    return type(value) is int and 0 <= value <= most
