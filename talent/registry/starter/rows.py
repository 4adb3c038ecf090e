"""Reading the files: every line is read, whatever is wrong with others."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from operator import itemgetter
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile
from zipfile import Path as ZipPath

from talent.common.spreadsheets import FORMULA_STARTS
from talent.registry.starter.fields import shown
from talent.registry.starter.format import ALL_FILES, File
from talent.registry.starter.problems import BadData, Problem, Problems

Staged = list[int | str | None]
# A directory, or a zip file or its one folder.
Place = Traversable


@contextmanager
def opened(path: Path) -> Iterator[Place]:
    """Where the files of a data set are. Raises BadData where there can be none."""
    if path.is_dir():
        yield path
        return
    if not path.is_file():
        raise BadData(
            [Problem(str(path), None, "is neither a directory nor a zip file")], 1
        )
    try:
        archive = ZipFile(path)
    except (BadZipFile, OSError) as error:
        raise BadData(
            [Problem(str(path), None, f"cannot be read: {error}")], 1
        ) from None
    with archive:
        inside = [*ZipPath(archive).iterdir()]
        alone = len(inside) == 1 and inside[0].is_dir()
        yield inside[0] if alone else ZipPath(archive)


def look_at(directory: Place) -> None:
    """Raises BadData at once, before anything is read, where a file or its header is wrong."""
    problems = Problems()
    for file in ALL_FILES:
        try:
            with records(directory, file, problems) as lines:
                header_order(file, lines, problems)
        except FileNotFoundError:
            if not file.may_be_missing:
                problems.add(file.name, None, f"is missing in {directory}")
        except OSError as error:
            problems.add(file.name, None, f"cannot be read: {error.strerror}")
    if problems.total:
        raise BadData(problems.kept, problems.total)


def staged_rows(directory: Place, file: File, problems: Problems) -> Iterator[Staged]:
    """One row for each row of the file: its line, then the staged columns.

    Bad rows come too where others may name them, so that those are not blamed as well.
    """
    columns, check, derive = file.all_columns, file.check, file.derive
    names = [column.name for column in columns]
    with records(directory, file, problems) as lines:
        order = header_order(file, lines, problems)
        width = sum(place is not None for place in order)
        # What the file leaves out is read from beyond its end.
        reordered = itemgetter(*(width if place is None else place for place in order))
        for line, record in lines:
            whole = len(record) == width
            if not whole:
                problems.add(
                    file.name, line, f"{len(record)} fields, the header has {width}"
                )
                record = (record + [""] * width)[:width]
            fields: tuple[str | None, ...] = reordered([*map(meant, record), None])
            good = whole
            staged: Staged = [line]
            for column, field in zip(columns, fields, strict=True):
                if field is None:
                    staged += column.unread
                    continue
                try:
                    staged += column.read(field)
                except ValueError as reason:
                    staged += column.unread
                    good = False
                    if whole:
                        problems.add(file.name, line, f"{column.name}: {reason}")
            row = {
                name: f for name, f in zip(names, fields, strict=True) if f is not None
            }
            if check and good:
                for sentence in check(row):
                    problems.add(file.name, line, sentence)
            if derive:
                staged += derive(row)
            if good or file.key:
                yield staged


def meant(field: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    field = field.strip()
    if field.startswith("'") and field.lstrip("'").startswith(FORMULA_STARTS):
        return field[1:]
    return field


def header_order(
    file: File, lines: Iterator[tuple[int, list[str]]], problems: Problems
) -> list[int | None]:
    """Where each column of the format stands in the file, None where it is left out.

    Columns may come in any order.
    """
    _line, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    needed = [column.name for column in file.columns]
    names = [column.name for column in file.all_columns]
    if not header:
        problems.add(
            file.name, None, f"is empty: its first line must be {','.join(needed)}"
        )
        return []
    for name in dict.fromkeys(header):
        if name not in names:
            problems.add(
                file.name, 1, f"has a column {shown(name)} that the format does not"
            )
        elif header.count(name) > 1:
            problems.add(file.name, 1, f"has the column {shown(name)} twice")
    for name in needed:
        if name not in header:
            problems.add(file.name, 1, f"lacks the column {shown(name)}")
    return [header.index(name) if name in header else None for name in names]


@contextmanager
def records(
    directory: Place, file: File, problems: Problems
) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """Each record with the line it starts on; blank lines are passed over."""
    with (directory / file.name).open("rb") as stream:
        yield parsed(file.name, stream, problems)


def parsed(
    name: str, stream: IO[bytes], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(decoded(name, stream, problems), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.add(name, line, f"is not proper CSV: {error}")
            continue
        if record:
            yield line, record


def decoded(name: str, stream: IO[bytes], problems: Problems) -> Iterator[str]:
    """The lines as text. What cannot be text is named and replaced."""
    for number, raw in enumerate(stream, start=1):
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if b"\0" in raw:
            problems.add(name, number, "holds a NUL character")
            raw = raw.replace(b"\0", b"?")
        try:
            line = raw.decode()
        except UnicodeDecodeError as error:
            problems.add(
                name,
                number,
                f"is not UTF-8: byte 0x{raw[error.start]:02x} "
                f"at position {error.start + 1}",
            )
            line = raw.decode(errors="replace")
        yield line
