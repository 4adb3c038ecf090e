"""Charts: one sentence, one drawing, the same as a table, and downloads of both.

A chart is a function from a query to a `Chart`, registered under a name. Pages include it with
components/chart.html; /charts/NAME.svg, .png and .csv serve the same one for the same query.
The drawings are templates of a few kilobytes, drawn in milliseconds by whoever asks first: what
they show comes from derived tables, and browsers keep it until the record changes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any
from unicodedata import east_asian_width

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from talent.common.language import reads_chinese, spaced
from talent.common.pictures import picture_in_turn
from talent.common.spreadsheets import FORMULA_STARTS

Cell = Any
Query = Mapping[str, str]

# Standalone pictures: as wide as a column of a newspaper's web page, twice as sharp.
WIDTH, SHARPNESS = 960, 2
# Of a line of the title: its height in pixels, and how many letters fit into it.
LINE, LETTERS = 20, 104
PIECE = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")
VARIABLE = re.compile(r"var\((--[a-z-]+)\)")
ROOT = re.compile(r":root\s*\{(?P<body>[^}]*)\}")
DECLARED = re.compile(r"(--[a-z-]+):\s*([^;]+);")


@dataclass(frozen=True, slots=True)
class Linked:
    """A cell of a table that opens the rows it counts."""

    value: Any
    url: str

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a page shows of a figure.

    template: the <svg> element alone, drawn with the classes of charts.css; `height` in pixels.
    draw: a function that makes it instead (see `chart_drawings`), of the chart itself.
    rows: the table's cells, each a text, a number, None (not known) or a Linked.
    query: the query string that makes the same chart again, for the downloads.
    """

    name: str
    sentence: str
    template: str = ""
    draw: Callable[[Chart], str] | None = None
    context: dict[str, Any]
    height: int
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    definition: str = ""
    note: str = ""
    query: str = ""
    is_empty: bool = False
    # Above this many rows the page shows the first; the file has them all.
    shown: int = field(default=100)

    def address(self, extension: str) -> str:
        path = reverse("dashboard:chart", args=[self.name, extension])
        return f"{path}?{self.query}" if self.query else path

    @property
    def svg_url(self) -> str:
        return self.address("svg")

    @property
    def png_url(self) -> str:
        return self.address("png")

    @property
    def csv_url(self) -> str:
        return self.address("csv")

    @property
    def first_rows(self) -> Sequence[Sequence[Cell]]:
        return self.rows[: self.shown]

    @property
    def numeric(self) -> list[bool]:
        """Whether each column holds numbers, which stand on the right."""
        return [
            all(isinstance(value_of(row[i]), int | float | None) for row in self.rows)
            for i in range(len(self.columns))
        ]

    @property
    def drawing(self) -> str:
        if self.draw is not None:
            return self.draw(self)
        return render_to_string(self.template, self.context | {"chart": self})


def chart_rows(chart: Chart) -> SafeString:
    """The rows of its table. Plain Python, as in `event_row`: a page has hundreds of cells."""
    rows = (
        "<tr>"
        + "".join(
            f'<th scope="row">{cell_in_html(cell)}</th>'
            if place == 0
            else f"<td>{cell_in_html(cell)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>\n"
        for row in chart.first_rows
    )
    return mark_safe("".join(rows))  # each cell is escaped


def cell_in_html(cell: Cell) -> str:
    if cell is None:
        return "–"
    told = conditional_escape(localize(value_of(cell)))
    if isinstance(cell, Linked) and cell.url:
        return f'<a href="{escape(cell.url)}">{told}</a>'
    return told


class WrongQuery(ValueError):
    """The query asks for something that is not there; the message says what."""


Maker = Callable[[Query], Chart]
makers: dict[str, Maker] = {}


def chart(name: str) -> Callable[[Maker], Maker]:
    """Register the function that makes the chart of this name. It raises WrongQuery."""

    def register(maker: Maker) -> Maker:
        makers[name] = maker
        return maker

    return register


def value_of(cell: Cell) -> Any:
    return cell.value if isinstance(cell, Linked) else cell


def as_csv(drawn: Chart) -> str:
    """RFC 4180, with a byte order mark for spreadsheets, and no cell that is a formula to one."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(drawn.columns)
    for row in drawn.rows:
        writer.writerow([harmless(value_of(cell)) for cell in row])
    return "\ufeff" + out.getvalue()


def harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def as_svg(drawn: Chart) -> str:
    """A file of its own: size, colours and the sentence inside, no variable and no script."""
    sentence = drawn.sentence
    lines = wrapped(spaced(sentence) if reads_chinese() else sentence)
    title = LINE * len(lines)
    return render_to_string(
        "charts/standalone.svg",
        {
            "chart": drawn,
            "title": [(6 + LINE * n, line) for n, line in enumerate(lines, start=1)],
            "plot_y": title + 20,
            "width": WIDTH,
            "height": drawn.height + title + 48,
            "plot_width": WIDTH - 48,
            "style": standalone_style(),
        },
    )


def wrapped(sentence: str, *, letters: int | None = None) -> list[str]:
    """In lines that fit over the picture. A Chinese character is as wide as two letters, and a
    line may end after each.
    """
    room = most = letters or LETTERS
    lines = [""]
    for piece in PIECE.findall(sentence):
        wide = sum(east_asian_width(letter) in "WF" for letter in piece)
        if len(piece.rstrip()) + wide > room and lines[-1]:
            lines.append("")
            room = most
        lines[-1] += piece
        room -= len(piece) + wide
    return [line.strip() for line in lines]


def as_png(drawn: Chart) -> bytes:
    """Raises Busy."""
    return picture_in_turn(as_svg(drawn), sharpness=SHARPNESS, paper="#fbfaf6")


@cache
def standalone_style() -> str:
    """charts.css with the light palette of base.css in place of its variables."""
    palette = light_palette()
    return VARIABLE.sub(
        lambda found: palette.get(found[1], "#000"), read_static("dashboard/charts.css")
    )


@cache
def light_palette() -> dict[str, str]:
    """The colours of base.css by their variables: "--ink" …"""
    declared = ROOT.search(read_static("dashboard/base.css"))
    found = DECLARED.findall(declared["body"]) if declared else []
    return {name: value.strip() for name, value in found}


def read_static(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    with open(path, encoding="utf-8") as file:
        return file.read()
