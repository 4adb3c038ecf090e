"""Reading the files: every line is read, whatever is wrong with others."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from talent.registry.starter.fields import shown
from talent.registry.starter.format import FILES, File
from talent.registry.starter.problems import BadData, Problem, Problems

Staged = list[int | str | None]


def look_at(directory: Path) -> None:
    """Raises BadData at once, before anything is read, where a file or its header is wrong."""
    problems = Problems()
    if not directory.is_dir():
        raise BadData([Problem(str(directory), None, "is not a directory")], 1)
    for file in FILES:
        try:
            with records(directory, file, problems) as lines:
                header_order(file, lines, problems)
        except FileNotFoundError:
            problems.add(file.name, None, f"is missing in {directory}")
        except OSError as error:
            problems.add(file.name, None, f"cannot be read: {error.strerror}")
    if problems.total:
        raise BadData(problems.kept, problems.total)


def staged_rows(directory: Path, file: File, problems: Problems) -> Iterator[Staged]:
    """One row for each row of the file: its line, then the staged columns.

    Bad rows come too where others may name them, so that those are not blamed as well.
    """
    columns, check, derive = file.columns, file.check, file.derive
    names = [column.name for column in columns]
    width = len(columns)
    with records(directory, file, problems) as lines:
        order = header_order(file, lines, problems)
        reordered = itemgetter(*order) if order != list(range(width)) else None
        for line, record in lines:
            whole = len(record) == width
            if not whole:
                problems.add(
                    file.name, line, f"{len(record)} fields, the header has {width}"
                )
                record = (record + [""] * width)[:width]
            fields = [field.strip() for field in record]
            if reordered:
                fields = list(reordered(fields))
            good = whole
            staged: Staged = [line]
            for column, field in zip(columns, fields, strict=True):
                try:
                    staged += column.read(field)
                except ValueError as reason:
                    staged += column.unread
                    good = False
                    if whole:
                        problems.add(file.name, line, f"{column.name}: {reason}")
            if check and good:
                for sentence in check(dict(zip(names, fields, strict=True))):
                    problems.add(file.name, line, sentence)
            if derive:
                staged += derive(dict(zip(names, fields, strict=True)))
            if good or file.key:
                yield staged


def header_order(
    file: File, lines: Iterator[tuple[int, list[str]]], problems: Problems
) -> list[int]:
    """Where each column of the format stands in the file. Columns may come in any order."""
    _line, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    names = [column.name for column in file.columns]
    if not header:
        problems.add(
            file.name, None, f"is empty: its first line must be {','.join(names)}"
        )
        return []
    for name in dict.fromkeys(header):
        if name not in names:
            problems.add(
                file.name, 1, f"has a column {shown(name)} that the format does not"
            )
        elif header.count(name) > 1:
            problems.add(file.name, 1, f"has the column {shown(name)} twice")
    for name in names:
        if name not in header:
            problems.add(file.name, 1, f"lacks the column {shown(name)}")
    return [header.index(name) for name in names if name in header]


@contextmanager
def records(
    directory: Path, file: File, problems: Problems
) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """Each record with the line it starts on; blank lines are passed over."""
    with (directory / file.name).open("rb") as stream:
        yield parsed(file.name, stream, problems)


def parsed(
    name: str, stream: BinaryIO, problems: Problems
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


def decoded(name: str, stream: BinaryIO, problems: Problems) -> Iterator[str]:
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
