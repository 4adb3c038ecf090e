"""The rows of the Seats page, as HTML; see `table_rows`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.dashboard.seats_figures import End, Row
from talent.dashboard.table_rows import link, number
from talent.registry.models.organizations import Seat

NONE = "\N{EN DASH}"


def seat_rows(rows: Iterable[Row]) -> SafeString:
    """Some seats side by side: a body of the table."""
    few = f' <span class="tag">{escape(_("few"))}</span>'
    return mark_safe("".join(seat_row(row, few) for row in rows))  # cells are escaped


def seat_row(row: Row, few: str) -> str:
    flow, is_few = row.told.flow, row.is_few
    look = ' class="few"' if is_few else ""
    cells = (
        counted(flow.arrivals, row.arrivals_url),
        counted(flow.departures, row.departures_url),
        net(flow.net),
        NONE if flow.ratio is None else escape(floatformat(flow.ratio, 1)),
        stay(row) + (few if row.stay and row.stay.is_few else ""),
        counted(row.stay.n if row.stay else 0, row.stints_url),
        pay(row, few),
        counted(row.pay.spread.n, row.pay.rows_url) if row.pay else "0",
    )
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    heading = f"{seat_mark(row.seat)}{few if is_few else ''}"
    return f'<tr{look}><th scope="row">{heading}</th>{numbers}</tr>'


def seat_mark(seat: Seat) -> str:
    return f'<span class="seat seat-{seat}">{escape(str(seat.label))}</span>'


def counted(n: int, url: str) -> str:
    return link(url, number(n)) if n else "0"


def net(n: int) -> str:
    if n > 0:
        return f"+{number(n)}"
    return f"\N{MINUS SIGN}{number(-n)}" if n else "0"


def stay(row: Row) -> str:
    if row.stay is None:
        return NONE
    months = row.stay.months
    if months is None:
        return escape(_("not reached"))
    return escape(ngettext("%(n)s month", "%(n)s months", months) % {"n": months})


def pay(row: Row, few: str) -> str:
    if row.pay is None or not row.pay.median:
        return NONE
    return link(row.pay.url, row.pay.median) + (few if row.pay.is_few else "")


def seat_ends(ends: Iterable[End]) -> SafeString:
    """Where people came from or went, as the items of a list."""
    return mark_safe("".join(seat_end(end) for end in ends))  # escaped below


def seat_end(end: End) -> str:
    name = escape(_("not on record")) if end.seat is None else seat_mark(end.seat)
    url = escape(end.url)
    return f'<li>{name} <a class="number" href="{url}">{number(end.count)}</a></li>'
