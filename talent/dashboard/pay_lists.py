"""The rows behind the numbers of the Pay page: packages, moves with a reason, deals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from talent.common.keys import key_in
from talent.common.keyset import beyond
from talent.dashboard.pay_rows import PayRow, rows_of
from talent.insights.figures.pay_stays import stays_after
from talent.insights.models import Move
from talent.insights.pay_filter import PackageFilter, ReasonFilter
from talent.registry.filter_fields import Switch
from talent.registry.filter_form import FilterForm
from talent.registry.models import Deal, EventReason, Package

PER_PAGE = 30
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice in words, and the query string of the list without it."""

    label: str
    value: str
    query: str


def chips(filter: FilterForm) -> list[Chip]:
    """The choices of a valid filter, in the order of the address."""
    names = {filter.add_prefix(field): field for field in filter.fields}
    return [
        Chip(
            str(filter.fields[names[name]].label),
            in_words(filter, names[name], value),
            filter.query(**{name: ""}),
        )
        for name, value in filter.values.items()
    ]


def in_words(filter: FilterForm, field: str, value: str) -> str:
    if isinstance(filter.fields[field], Switch):
        return _("yes")
    labels = dict(getattr(filter.fields[field], "choices", []))
    if value in labels:
        return str(labels[value])
    chosen = filter.cleaned_data[field]
    return value if isinstance(chosen, int | str) else str(chosen)


# -- Packages ------------------------------------------------------------------------------


def package_page(filter: PackageFilter, number: str) -> tuple[Page[int], list[PayRow]]:
    """One page of the packages that match. Four queries, whatever their number."""
    page = page_at(filter.lines().values_list("pk", flat=True), number)
    keys = list(page.object_list)
    stays = stays_after(Package.objects.public().filter(pk__in=keys))
    return page, list(rows_of(keys, rumours=filter.with_rumours, stays=stays).values())


def page_at(rows: Sequence[int] | QuerySet[Any, int], number: str) -> Page[int]:
    try:
        return Paginator(rows, PER_PAGE).page(number or 1)
    except InvalidPage as nowhere:
        text = _("There is no page “%(number)s” of this list.")
        raise BadRequest(text % {"number": number[:20]}) from nowhere


# -- Moves with a reason -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReasonRow:
    move: Move
    reasons: list[EventReason]


# What a row shows: two whole events for each would be most of the work.
MOVE_COLUMNS = (
    "recency", "happened_on", "precision", "person__slug", "person__name", "person__name_zh",
    "origin__slug", "origin__name", "origin__name_zh", "destination__slug",
    "destination__name", "destination__name_zh", "hire__slug", "departure__slug",
)  # fmt: skip


def reason_page(filter: ReasonFilter, after: str) -> tuple[list[ReasonRow], str]:
    """The newest moves that match, after a place in the list; and the query of the next page.

    Three queries, whatever their number.
    """
    moves = after_place(filter.moves(), after)
    newest = list(
        moves.select_related("person", "origin", "destination", "hire", "departure")
        .only(*MOVE_COLUMNS)
        .order_by("-recency", "-pk")[: PER_PAGE + 1]
    )
    shown, more = newest[:PER_PAGE], len(newest) > PER_PAGE
    stated = reasons_at(shown)
    rows = [
        ReasonRow(
            move,
            [
                reason
                for event in dict.fromkeys((move.hire_id, move.departure_id))
                for reason in stated.get(event or 0, [])
            ],
        )
        for move in shown
    ]
    if not more:
        return rows, ""
    place = urlencode({"after": f"{shown[-1].recency}.{shown[-1].pk}"})
    query = filter.query()
    return rows, f"{query}&{place}" if query else place


def after_place(moves: QuerySet[Move], after: str) -> QuerySet[Move]:
    if not after:
        return moves
    recency, pk = (key_in(part) for part in after.partition(".")[::2])
    if recency is None or pk is None:
        raise BadRequest(
            _("“%(place)s” is no place in this list.") % {"place": after[:40]}
        )
    if recency > LARGEST:
        return moves.none()
    return beyond(moves, ("recency", "pk"), (recency, pk), falling=True)


def reasons_at(moves: list[Move]) -> dict[int, list[EventReason]]:
    """By event: what is stated there, with the reason's name. One query."""
    events = [key for move in moves for key in (move.hire_id, move.departure_id) if key]
    stated: defaultdict[int, list[EventReason]] = defaultdict(list)
    rows = EventReason.objects.filter(event__in=events).select_related("reason")
    for row in rows.order_by("pk"):
        stated[row.event_id].append(row)
    return stated


# -- Deals -----------------------------------------------------------------------------------


def loaded_deals(keys: list[int]) -> list[Deal]:
    """In the order of the ids. Two queries."""
    found = Deal.objects.with_readings().in_bulk(keys)
    return [found[key] for key in keys if key in found]
