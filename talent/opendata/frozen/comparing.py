"""What changed from one data set to the next, counted by PostgreSQL: memory does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from talent.opendata.frozen.reading import Old

# The tables whose rows have a name, and the column it stands in.
KEYS = {
    "organizations.csv": "slug",
    "people.csv": "slug",
    "sources.csv": "id",
    "events.csv": "id",
    "packages.csv": "id",
    "deals.csv": "id",
    "waves.csv": "slug",
}

COUNTED = """
    SELECT file, count(*) FILTER (WHERE before.key IS NULL),
        count(*) FILTER (WHERE before.sum <> after.sum),
        count(*) FILTER (WHERE after.key IS NULL)
    FROM frozen_before AS before FULL JOIN frozen_after AS after USING (file, key)
    GROUP BY file
"""


def changes(before: Path, after: Path) -> dict[str, dict[str, int]]:
    """By file: rows added, changed and gone."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, path in (("frozen_before", before), ("frozen_after", after)):
            cursor.execute(f"""
                CREATE TEMPORARY TABLE {name} (file text, key text, sum uuid)
                ON COMMIT DROP
            """)
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in sums(path):
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {name}")
        cursor.execute(COUNTED)
        counted = {file: numbers for file, *numbers in cursor}
        cursor.execute("DROP TABLE frozen_before, frozen_after")
    names = ("added", "changed", "gone")
    return {
        file: dict(zip(names, counted[file], strict=True))
        for file in KEYS
        if file in counted
    }


def sums(path: Path) -> Iterator[tuple[Any, ...]]:
    with Old(path) as old:
        for file, key in KEYS.items():
            lines = old.lines(file)
            place = next(lines, [key]).index(key)
            for line in lines:
                whole = md5("\x1f".join(line).encode(), usedforsecurity=False)
                yield file, line[place], whole.hexdigest()
