"""The matrix as a table: from the rows to the columns, each cell a link to its moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from math import ceil, sqrt

from django.utils.safestring import SafeString, mark_safe

from talent.dashboard.moves_figures import Ends
from talent.dashboard.table_rows import link
from talent.insights.figures.matrix import NOWHERE, OTHERS, Key

# Shades of a cell, beside its number; the darkest is the largest cell of two named ends.
SHADES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str
    shade: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    url: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    totals: tuple[Cell, ...]
    total: Cell


def table_of(ends: Ends) -> Table:
    """Rows and columns that hold a move. No query."""
    matrix = ends.matrix
    keys = matrix.with_rest
    rows = [key for key in keys if matrix.out_of(key)]
    columns = [key for key in keys if matrix.into(key)]
    largest = max((matrix.count(a, b) for a, b in named(rows, columns)), default=0)

    def cell(one: Key, other: Key) -> Cell:
        n = matrix.count(one, other)
        named_ends = not {one, other} & {OTHERS, NOWHERE}
        if one == other and isinstance(one, int):
            # Its moves are inside the company, and in no cell.
            return Cell("\N{EN DASH}", "")
        shade = ceil(SHADES * sqrt(n / largest)) if n and named_ends else 0
        return counted(n, ends.url(one, other) if n else "", shade)

    return Table(
        columns=tuple(ends.name(key) for key in columns),
        lines=tuple(
            Line(
                ends.name(key),
                page_of(ends, key),
                tuple(cell(key, other) for other in columns),
                counted(matrix.out_of(key), ends.url(key, None)),
            )
            for key in rows
        ),
        totals=tuple(counted(matrix.into(key), ends.url(None, key)) for key in columns),
        total=counted(matrix.total, ends.url(None, None)),
    )


def counted(n: int, url: str, shade: int = 0) -> Cell:
    return Cell(f"{n:,}", url, shade)


def named(rows: Iterable[Key], columns: Iterable[Key]) -> Iterable[tuple[Key, Key]]:
    rest = {OTHERS, NOWHERE}
    others = [key for key in columns if key not in rest]
    return ((one, other) for one in rows if one not in rest for other in others)


def page_of(ends: Ends, key: Key) -> str:
    """A company's own page; a seat has none."""
    return ends.companies[key].get_absolute_url() if isinstance(key, int) else ""


# -- As HTML: see `table_rows` -------------------------------------------------------------


def matrix_rows(table: Table) -> SafeString:
    return mark_safe("".join(map(line_row, table.lines)))  # escaped below


def line_row(line: Line) -> str:
    name = link(line.url, line.name) if line.url else escape(line.name)
    cells = "".join(map(matrix_cell, line.cells))
    return (
        f'<tr><th scope="row">{name}</th>{cells}'
        f'<td class="matrix-all">{link(line.total.url, line.total.text)}</td></tr>'
    )


def matrix_cell(cell: Cell) -> str:
    shade = f' class="shade-{cell.shade}"' if cell.shade else ""
    return f"<td{shade}>{link(cell.url, cell.text) if cell.url else cell.text}</td>"
