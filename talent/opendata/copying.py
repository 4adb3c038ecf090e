"""Whole lists as CSV or JSON Lines: PostgreSQL writes the lines, we pass them on.

The keys of the rows are read through a server-side cursor in the list's order, and the rows of each
batch are copied out; both see one snapshot. Memory holds one batch of keys and one block of lines,
however long the list is, and the first line leaves as soon as the first few rows are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    Case,
    Func,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr
from django.db.models.lookups import In
from psycopg import sql

from talent.common.spreadsheets import FORMULA_STARTS
from talent.opendata.columns import Column, Kind
from talent.opendata.data_list import DataList, Order

# Few rows at first, so that who reads sees something at once; then as many as pay for a query.
FIRST_ROWS, ROWS = 200, 20_000
BLOCK = 64 * 1024
# JSON has no such character unescaped, so nothing is quoted and nothing doubled.
UNQUOTED = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"


def csv_lines(of: DataList, rows: QuerySet[Any]) -> Iterator[bytes]:
    """RFC 4180 with a header, in blocks of whole lines; UTF-8 with a byte order mark."""
    header = ",".join(column.name for column in of.columns)
    yield f"\ufeff{header}\n".encode()
    values = [as_cell(column) for column in of.columns]
    yield from copied(of.order, rows, values, "COPY ({rows}) TO STDOUT (FORMAT csv)")


def json_lines(of: DataList, rows: QuerySet[Any]) -> Iterator[bytes]:
    """One JSON object a line (jsonlines.org), in blocks of whole lines."""
    names = sql.SQL(", ").join(sql.Identifier(c.name) for c in of.columns)
    wrapped = sql.SQL(
        "COPY (SELECT row_to_json(line) FROM ({{rows}}) AS line({names})) TO STDOUT {form}"
    ).format(names=names, form=sql.SQL(UNQUOTED))
    values = [column.value for column in of.columns]
    yield from copied(of.order, rows, values, wrapped.as_string())


def copied(
    order: Order, rows: QuerySet[Any], values: list[Any], statement: str
) -> Iterator[bytes]:
    ordered = rows.order_by(*order.by())
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for keys in batches(ordered.values_list("pk", flat=True)):
            batch = (
                rows.model._default_manager.filter(pk__in=keys)
                .order_by(*order.by())
                .values_list(*values)
            )
            text, parameters = batch.query.sql_with_params()
            # `copy` merges the parameters into the text by itself: COPY takes none.
            with cursor.copy(statement.replace("{rows}", text), parameters) as copy:
                yield from blocks(copy)


def blocks(lines: Iterable[Any]) -> Iterator[bytes]:
    """Lines put together: one write of the server for each block, not for each line."""
    block = bytearray()
    for line in lines:
        block += line
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def batches(keys: QuerySet[Any, Any]) -> Iterator[list[Any]]:
    found: Iterable[Any] = keys.iterator(chunk_size=ROWS)
    size = FIRST_ROWS
    while batch := list(islice(found, size)):
        yield batch
        size = ROWS


def as_cell(column: Column) -> Any:
    """The value as CSV writes it: never a formula, no type that only PostgreSQL knows."""
    value = column.value
    match column.kind:
        case Kind.TEXTS:
            return harmless(Func(value, Value("|"), function="array_to_string"))
        case Kind.TEXT | Kind.URL:
            return harmless(value)
        case Kind.BOOLEAN:
            return Cast(value, TextField())
    return value


def harmless(value: Any) -> Case:
    guarded = Func(Value("'"), value, function="concat", output_field=TextField())
    of_formula = In(Substr(value, 1, 1), FORMULA_STARTS)
    return Case(When(of_formula, then=guarded), default=value, output_field=TextField())
