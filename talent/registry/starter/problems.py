"""What is wrong with a data set: a file, a line and a sentence for each bad row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

# A file in the wrong encoding has a problem on every line: nobody reads a million.
KEPT_PER_FILE = 1000


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.reason}"


class Problems:
    """Collects problems: the first of each file are kept, all are counted."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count: Counter[str] = Counter()

    def add(self, file: str, line: int | None, reason: str) -> None:
        if self.count[file] < KEPT_PER_FILE:
            self.kept.append(Problem(file, line, reason))
        self.count[file] += 1

    def find(self, cursor: Any, file: str, query: str) -> None:
        """Add every (line, reason) that the query finds in the staged tables."""
        cursor.execute(f"""
            SELECT count(*) OVER (), line, reason FROM ({query}) AS found (line, reason)
            ORDER BY line, reason LIMIT {KEPT_PER_FILE}
        """)
        found = cursor.fetchall()
        for _all, line, reason in found:
            self.add(file, line, reason)
        if found:
            self.count[file] += found[0][0] - len(found)

    def in_order(self) -> list[Problem]:
        """File by file as the format lists them, and down each file."""
        files = list(self.count)
        return sorted(self.kept, key=lambda p: (files.index(p.file), p.line or 0))

    @property
    def total(self) -> int:
        return self.count.total()


class BadData(Exception):
    """The data set was refused and nothing of it loaded.

    `problems` are in the order of the files and lines; `total` counts those not kept too.
    """

    def __init__(self, problems: list[Problem], total: int) -> None:
        super().__init__(f"{total} problems: {problems[0]}")
        self.problems = problems
        self.total = total
