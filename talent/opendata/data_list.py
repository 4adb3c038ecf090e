"""What a list of open data is made of; the lists themselves are in lists.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import OrderBy, QuerySet

from talent.common.keyset import in_order
from talent.opendata.columns import Column, Words
from talent.registry.filter_form import FilterForm


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that put rows in an order of their own; the last one is unique."""

    columns: tuple[str, ...]
    falling: bool = False

    def by(self) -> list[OrderBy]:
        return in_order(self.columns, falling=self.falling)


@dataclass(frozen=True, slots=True)
class DataList:
    """One list. `page` is the URL name of the page that shows it, "" where there is none."""

    name: str
    title: Words
    says: Words
    filter: type[FilterForm]
    rows: Callable[[Any], QuerySet[Any]]
    order: Order
    columns: tuple[Column, ...]
    page: str = ""
    # The model's column behind "id", and the rows that may be asked for by it.
    key: str = ""
    public: Callable[[], QuerySet[Any]] | None = None
    # Whom an id means that is nobody's any more, and whether it has moved.
    moved: Callable[[str], tuple[Any, bool]] | None = None
