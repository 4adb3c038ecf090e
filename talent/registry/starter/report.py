"""What a load did: per table in numbers, and row by row what it left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the record that says something else than the file does."""

    file: str
    line: int
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {', '.join(self.columns)}"


@dataclass(slots=True)
class TableReport:
    label: str
    made: int = 0
    unchanged: int = 0
    left_alone: int = 0
    overwritten: int = 0
    left_out: int = 0

    def __str__(self) -> str:
        parts = [
            (self.made, "made"),
            (self.unchanged, "unchanged"),
            (self.overwritten, "overwritten"),
            (self.left_alone, "changed by curators, left alone"),
            (self.left_out, "removed by curators, left out"),
        ]
        said = ", ".join(f"{number:,} {what}" for number, what in parts if number)
        return f"{self.label}: {said or 'none'}"


@dataclass(slots=True)
class Report:
    tables: list[TableReport] = field(default_factory=list)
    # The first of them: `left_alone` and `overwritten` of the tables count them all.
    differences: list[Difference] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(table.made or table.overwritten for table in self.tables)

    @property
    def differing(self) -> int:
        return sum(table.left_alone + table.overwritten for table in self.tables)

    def of(self, label: str) -> TableReport:
        return next(table for table in self.tables if table.label == label)

    def __iter__(self) -> Iterator[TableReport]:
        return iter(self.tables)
