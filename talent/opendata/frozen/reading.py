"""Reading the tables of a data set that was written earlier, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

Row = dict[str, str]


class Old:
    """A data set as a file: `with Old(path) as old: for row in old.rows("events.csv")`."""

    def __init__(self, path: Path) -> None:
        self.zip = ZipFile(path)
        self.names = {each.rsplit("/", 1)[-1]: each for each in self.zip.namelist()}

    def __enter__(self) -> Old:
        return self

    def __exit__(self, *_error: object) -> None:
        self.zip.close()

    def header(self, file: str) -> list[str]:
        return next(self.lines(file), [])

    def rows(self, file: str) -> Iterator[Row]:
        """None where the data set has no such file."""
        lines = self.lines(file)
        header = next(lines, [])
        for line in lines:
            yield dict(zip(header, line, strict=True))

    def lines(self, file: str) -> Iterator[list[str]]:
        if file in self.names:
            with self.zip.open(self.names[file]) as stream:
                text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
                yield from csv.reader(text)
