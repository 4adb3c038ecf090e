"""Files of the data set format, written row by row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from talent.registry.starter.format import File

Spoil = Callable[[list[str]], list[str]]


class Sheet:
    """One of the nine files; counts the rows below its header."""

    def __init__(
        self, stack: ExitStack, directory: Path, file: File, spoil: Spoil | None
    ) -> None:
        path = directory / file.name
        stream = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        self.writer = csv.writer(stream)
        self.writer.writerow([column.name for column in file.columns])
        self.spoil = spoil
        self.rows = 0

    def write(self, row: list[str]) -> None:
        self.rows += 1
        self.writer.writerow(self.spoil(row) if self.spoil else row)


class ByDate:
    """Sorts any number of rows by their date: each month goes to a file of its own first."""

    def __init__(self, stack: ExitStack) -> None:
        self.directory = Path(stack.enter_context(TemporaryDirectory()))
        self.stack = stack
        self.months: dict[str, IO[str]] = {}

    def path(self, month: str) -> Path:
        return self.directory / f"{month}.csv"

    def add(self, when: str, row: Sequence[str]) -> None:
        month = when[:7]
        if month not in self.months:
            stream = self.path(month).open("w", encoding="utf-8", newline="")
            self.months[month] = self.stack.enter_context(stream)
        csv.writer(self.months[month], lineterminator="\n").writerow((when, *row))

    def rows(self) -> Iterator[list[str]]:
        for month, stream in sorted(self.months.items()):
            stream.close()
            with self.path(month).open(encoding="utf-8", newline="") as written:
                yield from (row[1:] for row in csv.reader(sorted(written)))
