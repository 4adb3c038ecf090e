"""Writing a data set: a zip file of CSV files, the same bytes for the same record.

PostgreSQL writes the lines, as for every list of open data; memory holds one block of them, however
long the file is. Nothing in the zip says when it was made.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.db.models.lookups import Regex
from django.utils import translation

from talent.opendata.columns import Column, Kind
from talent.opendata.copying import blocks
from talent.opendata.frozen.tables import (
    ADDRESS_COLUMNS,
    ADDRESSES,
    TABLES,
    Table,
)
from talent.opendata.frozen.texts import LICENCE, dictionary, readme
from talent.registry.merging import resolve_organization, resolve_person
from talent.registry.models import Generation, Organization, Person, Tombstone

# The earliest a zip file can say.
NO_TIME = (1980, 1, 1, 0, 0, 0)
SUMS = "SHA256SUMS"
# A spreadsheet would run it; one that is guarded already is guarded once more, so that the loader
# takes off exactly what was put on.
FORMULA = r"^'*[=+\-@\t\r\n]"
# Between entries while they are joined: no text holds it.
UNIT = "\x1f"


@dataclass(frozen=True, slots=True)
class Written:
    """One file of a data set: its rows (None: no table), its bytes and their SHA-256."""

    name: str
    rows: int | None
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": self.rows,
            "bytes": self.size,
            "sha256": self.sha256,
        }


# Blocks of bytes; of a table, the number of its rows comes back at the end.
Parts = Generator[bytes, None, int | None]


class Archive:
    """A zip file in the making. Files stand in one folder, so that unpacking makes no mess."""

    def __init__(self, stream: IO[bytes], folder: str) -> None:
        self.zip = ZipFile(stream, "w", ZIP_DEFLATED)
        self.folder = folder
        self.files: list[Written] = []

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_error: object) -> None:
        self.zip.close()

    def add(self, name: str, parts: Parts) -> None:
        entry = ZipInfo(f"{self.folder}/{name}", NO_TIME)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        entry.create_system = 3
        sum_, size, rows = sha256(), 0, None
        with self.zip.open(entry, "w", force_zip64=True) as target:
            while True:
                try:
                    part = next(parts)
                except StopIteration as end:
                    rows = end.value
                    break
                target.write(part)
                sum_.update(part)
                size += len(part)
        self.files.append(Written(name, rows, size, sum_.hexdigest()))

    def finish(self, name: str, record_at: datetime) -> None:
        """Add what is said about the tables, and the sums of everything."""
        with translation.override(settings.LANGUAGE_CODE):
            texts = {
                "dictionary.csv": dictionary(),
                "LICENSE": LICENCE,
                "README.md": readme(name, record_at, self.files),
            }
        for file, text in texts.items():
            self.add(file, whole(text))
        sums = "".join(f"{each.sha256}  {each.name}\n" for each in self.files)
        self.add(SUMS, whole(sums))


def whole(text: str) -> Parts:
    yield text.encode()
    return None


def write_record(stream: IO[bytes], name: str) -> tuple[list[Written], datetime, int]:
    """The public record as it is now: the files, when it last changed, its removals."""
    with Archive(stream, folder_of(name)) as archive:
        with one_snapshot():
            record_at = Generation.objects.get().changed_at
            removals = Tombstone.objects.count()
            for table in TABLES:
                archive.add(table.file, lines_of(table))
            archive.add(ADDRESSES, former_addresses())
        archive.finish(name, record_at)
    return archive.files, record_at, removals


def folder_of(name: str) -> str:
    return f"transfer-window-{name}"


@contextmanager
def one_snapshot() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                )
        yield


# -- Lines -------------------------------------------------------------------------------


def lines_of(table: Table) -> Parts:
    yield line_of(column.name for column in table.columns)
    cells = [cell(column) for column in table.columns]
    rows = table.rows().order_by("pk").values_list(*cells)
    text, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        # `copy` merges the parameters into the text by itself: COPY takes none.
        with cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)", parameters) as copy:
            yield from blocks(copy)
        return int(cursor.rowcount)


def line_of(cells: Iterable[str]) -> bytes:
    """As PostgreSQL writes the others, and as harmless."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(guarded, cells))
    return text.getvalue().encode()


def guarded(cell: str) -> str:
    return f"'{cell}" if re.match(FORMULA, cell) else cell


def cell(column: Column) -> Any:
    value = column.value
    match column.kind:
        case Kind.TEXTS:
            joined = as_text("array_to_string", value, Value(UNIT))
            apart = as_text("translate", joined, Value(f"|{UNIT}"), Value("/|"))
            return harmless(NullIf(apart, Value("")))
        case Kind.TEXT | Kind.URL:
            return harmless(value)
        case Kind.BOOLEAN:
            return Cast(value, IntegerField())
    return value


def harmless(value: Any) -> Case:
    formula = Regex(Coalesce(value, Value(""), output_field=TextField()), FORMULA)
    return Case(
        When(formula, then=as_text("concat", Value("'"), value)),
        default=value,
        output_field=TextField(),
    )


def as_text(function: str, *values: Any) -> Func:
    return Func(*values, function=function, output_field=TextField())


def former_addresses() -> Parts:
    """Of rows that were merged away or renamed, where they lead to something public."""
    rows = 0
    yield line_of(name for name, _says in ADDRESS_COLUMNS)
    for kind, model, resolve in (
        ("person", Person, resolve_person),
        ("organization", Organization, resolve_organization),
    ):
        for old in former_slugs(model):
            found, _moved = resolve(old)
            if found is not None and found.slug != old:
                rows += 1
                yield line_of((kind, old, found.slug))
    return rows


def former_slugs(model: type[Person] | type[Organization]) -> list[str]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"""
            SELECT slug FROM {table} WHERE merged_into_id IS NOT NULL
            UNION
            SELECT slug FROM {table}history AS past
            WHERE NOT EXISTS (SELECT FROM {table} AS t WHERE t.slug = past.slug)
            ORDER BY 1
        """)
        return [slug for (slug,) in cursor]
