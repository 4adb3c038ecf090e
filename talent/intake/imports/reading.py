"""From an uploaded file to rows of text, within limits no file gets past.

A cell becomes the text a person would have typed: a date at the precision it was shown with,
a number without a trailing ".0", a formula the value it had when the file was saved.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext as _

from talent.intake.imports.columns import columns_named

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 5_000_000, 5_000, 60
# Empty rows between full ones are passed over, but not for ever.
MOST_LINES = 20_000
LONGEST_CELL = 4_000
# What a workbook may unpack to: forty times the largest file of text.
MOST_UNPACKED, MOST_PARTS = 60_000_000, 300
# A line that names no columns may stand above the header: a title, a date, a note.
HEADER_WITHIN, COLUMNS_OF_A_HEADER = 10, 2
SEPARATORS = ",;\t"


class Unreadable(Exception):
    """Says in a sentence why the file cannot be read, and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The header, and each row that is not empty with its number in the file."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes) -> Table:
    """Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(
            _("The file has %(size)s bytes; %(most)s fit. Cut it into several.")
            % {"size": f"{len(content):,}", "most": f"{MOST_BYTES:,}"}
        )
    lines = workbook_lines(content) if content.startswith(b"PK") else csv_lines(content)
    return table_of(lines)


def table_of(lines: Iterable[list[str]]) -> Table:
    filled = filled_lines(lines)
    first = list(islice(filled, HEADER_WITHIN))
    named = (is_header(cells) for _number, cells in first)
    place = next((place for place, found in enumerate(named) if found), 0)
    rows: list[tuple[int, list[str]]] = []
    for row in chain(first[place + 1 :], filled):
        if len(rows) == MOST_ROWS:
            raise Unreadable(
                _("The sheet has more than %(most)s rows. Cut it into several.")
                % {"most": f"{MOST_ROWS:,}"}
            )
        rows.append(row)
    if not rows:
        raise Unreadable(
            _(
                "The file has no row below a line of headers: there is nothing to import."
            )
        )
    return Table(first[place][1], rows)


def is_header(cells: list[str]) -> bool:
    return known_columns(cells) >= COLUMNS_OF_A_HEADER


def known_columns(cells: list[str]) -> int:
    return sum(map(bool, columns_named(cells)))


def filled_lines(lines: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Those that are not empty, with their numbers in the file."""
    for number, cells in enumerate(lines, start=1):
        if number > MOST_LINES:
            raise Unreadable(
                _("The sheet goes on for more than %(most)s lines.")
                % {"most": f"{MOST_LINES:,}"}
            )
        cells = without_empty_end([cell.strip() for cell in cells[:MOST_COLUMNS]])
        if not cells:
            continue
        too_long = next((cell for cell in cells if len(cell) > LONGEST_CELL), None)
        if too_long is not None:
            raise Unreadable(
                _("A cell in line %(line)s has %(count)s characters; %(most)s fit.")
                % {
                    "line": number,
                    "count": f"{len(too_long):,}",
                    "most": f"{LONGEST_CELL:,}",
                }
            )
        yield number, cells


def without_empty_end(cells: list[str]) -> list[str]:
    """A workbook fills its rows up; what was left empty at the end is no cell."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


# -- CSV -------------------------------------------------------------------------------


def csv_lines(content: bytes) -> Iterator[list[str]]:
    text = decoded(content)
    separator = separator_of(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise Unreadable(
            _("The file is no CSV we can read: %(error)s.") % {"error": error}
        ) from error


def separator_of(text: str) -> str:
    """What parts one of the first lines into most columns we know, or the first into most cells."""
    filled = (line for line in text.splitlines() if line.strip())
    lines = [line[:LONGEST_CELL] for line in islice(filled, HEADER_WITHIN)]

    def parted(separator: str) -> tuple[int, int]:
        parts = (each.split(separator)[:MOST_COLUMNS] for each in lines)
        cells = ([part.strip('" ') for part in each] for each in parts)
        known = max(map(known_columns, cells), default=0)
        return known, lines[0].count(separator) if lines else 0

    return max(SEPARATORS, key=parted)


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what a Chinese Excel writes (GB 18030)."""
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("The file is neither CSV nor XLSX."))
    encodings = (
        ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig"]
    )
    for encoding in [*encodings, "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb18030" or looks_chinese(text):
            return text
    raise Unreadable(
        _("The file is not in UTF-8. In Excel choose “CSV UTF-8” when saving, or XLSX.")
    )


def looks_chinese(text: str) -> bool:
    """Whether the foreign letters are Chinese throughout: else it was another encoding."""
    foreign = [sign for sign in text if ord(sign) > 127]
    known = [sign for sign in foreign if re.match(r"[一-鿿　-〿！-￯“”‘’—…·]", sign)]
    return len(known) == len(foreign)


# -- XLSX ------------------------------------------------------------------------------


def workbook_lines(content: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet that has any."""
    from openpyxl import load_workbook  # takes a moment, and only for an upload

    refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            # What a sheet says about its own size may be wrong, or a lie.
            sheet.reset_dimensions()
            for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
                yield [text_of(cell) for cell in cells]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken file makes the library say
        raise Unreadable(
            _("The workbook cannot be read (%(error)s). Save it again as XLSX or CSV.")
            % {"error": type(error).__name__}
        ) from error


def refuse_bomb(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(_("The file is neither CSV nor XLSX.")) from error
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise Unreadable(
            _("Unpacked, the workbook is larger than we read. Save it again as CSV.")
        )


def text_of(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() | date():
            return date_text(value, str(cell.number_format or ""))
        case float() if value.is_integer():
            return str(int(value))
    return str(value)[: LONGEST_CELL + 1]


def date_text(value: date, shown_as: str) -> str:
    """As precise as the cell showed it: Excel turns "2025-07" into 1 July, shown as a month."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", shown_as).lower()
    if shown and "general" not in shown:
        if "d" not in shown and "m" in shown:
            return f"{value:%Y-%m}"
        if "d" not in shown and "y" in shown:
            return f"{value.year}"
    return f"{value:%Y-%m-%d}"
