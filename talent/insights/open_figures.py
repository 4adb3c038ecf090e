"""Figures as plain values, for whoever shows them as data: what a page of figures offers.

A page names its figures in the setting OPEN_FIGURES, and the outlets of data read them there: they
do not know pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import Promise

from talent.registry.filter_form import FilterForm


class Rows(NamedTuple):
    """The rows a number counts: the URL name of their page, and the filter that lists them."""

    page: str
    query: str


@dataclass(frozen=True, slots=True)
class Value:
    """One number. `of` and `to`: ids of companies, seats, words; `period`: as dates are written.

    value: None where it is not known or not defined; never 0 instead. n: how many rows it rests
    on, where that is another number. low, high: its band, or its range.
    """

    measure: str
    value: float | None
    of: str = ""
    to: str = ""
    period: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers for one filter. `n`: the rows they rest on, in `unit`."""

    n: int
    rows: Rows | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """A page of figures. `filter` is the page's own; `numbers` is given a valid one."""

    name: str
    title: str | Promise
    definition: str | Promise
    unit: str
    page: str
    filter: type[FilterForm]
    numbers: Callable[[Any], Numbers]
