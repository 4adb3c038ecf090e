"""Whole lists as files, and the record frozen, in one process: `python -m tests.bench.exports`.

Beside each file stands PostgreSQL's own COPY of the same query, read by the same driver and thrown
away. Prints JSON: milliseconds to the first row, rows a second, megabytes the process grew by.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import django

# Everything the list of events can show.
QUERY = "rumours=on&background=on"


def main() -> None:
    django.setup()
    from django.core.handlers.base import BaseHandler
    from django.test import RequestFactory

    handler = BaseHandler()
    handler.load_middleware()
    requests = RequestFactory(headers={"host": "localhost"})

    def ask(address: str) -> Any:
        return handler.get_response(requests.get(address))

    found: dict[str, Any] = {form: exported(form, ask) for form in ("csv", "jsonl")}
    found["frozen"] = frozen()
    json.dump(found, sys.stdout)


def exported(form: str, ask: Callable[[str], Any]) -> dict[str, float]:
    # What is made once in a process is no cost of a file.
    read(ask(f"/data/events.{form}?since=2199"))
    before, began = memory(), perf_counter()
    response = ask(f"/data/events.{form}?{QUERY}")
    if response.status_code != 200:
        raise SystemExit(f"The export answers {response.status_code}.")
    first, lines, _size = read(response, began)
    took = perf_counter() - began
    rows = lines - (form == "csv")
    copied, floor = copy_of_postgresql(form)
    if copied != rows:
        raise SystemExit(f"COPY finds {copied:,} rows, and the file has {rows:,}.")
    return {
        "rows": rows,
        "first_ms": first * 1000,
        "per_second": rows / took,
        "copy_per_second": copied / floor,
        "grown_mb": memory() - before,
    }


def read(response: Any, began: float = 0.0) -> tuple[float, int, int]:
    """Seconds to the first row, lines, bytes."""
    first, lines, size = 0.0, 0, 0
    for number, block in enumerate(response):
        # A CSV file has its header in a block of its own.
        if not first and (number or not block.startswith(b"\xef\xbb\xbf")):
            first = perf_counter() - began
        lines += block.count(b"\n")
        size += len(block)
    response.close()
    return first, lines, size


def copy_of_postgresql(form: str) -> tuple[int, float]:
    """Rows and seconds of one COPY of all that the file holds, in its order."""
    from django.db import connection, transaction
    from django.http import QueryDict

    from talent.opendata.copying import UNQUOTED, as_cell
    from talent.opendata.lists import LISTS

    of = LISTS["events"]
    filter = of.filter(QueryDict(QUERY))
    filter.is_valid()
    csv = form == "csv"
    values = [as_cell(column) if csv else column.value for column in of.columns]
    rows = of.rows(filter).order_by(*of.order.by()).values_list(*values)
    text, parameters = rows.query.sql_with_params()
    names = ", ".join(f'"{column.name}"' for column in of.columns)
    statement = (
        f"COPY ({text}) TO STDOUT (FORMAT csv)"
        if csv
        else f"COPY (SELECT row_to_json(line) FROM ({text}) AS line({names})) "
        f"TO STDOUT {UNQUOTED}"
    )
    began = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        # A page's limit is none for what is measured beside it.
        cursor.execute("SET LOCAL statement_timeout = 0")
        with cursor.copy(statement, parameters) as copy:
            pass_by(copy)
        return cursor.rowcount, perf_counter() - began


def pass_by(lines: Iterable[Any]) -> None:
    for _line in lines:
        pass


def frozen() -> dict[str, float]:
    from talent.opendata.frozen.archive import write_record

    with TemporaryDirectory() as directory:
        path = Path(directory) / "record.zip"
        before, began = memory(), perf_counter()
        with path.open("wb") as stream:
            files, _at, _removals = write_record(stream, "2000-01")
        return {
            "rows": sum(each.rows or 0 for each in files),
            "seconds": perf_counter() - began,
            "mb": path.stat().st_size / 1e6,
            "grown_mb": memory() - before,
        }


def memory() -> float:
    """The most this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def told(result: dict[str, Any]) -> str:
    from tests.bench.table import aligned

    lines = [
        ("events as a file", "rows", "first row ms", "rows/s", "of COPY", "MB grown")
    ]
    for form in ("csv", "jsonl"):
        found = result[form]
        lines.append(
            (
                form,
                f"{found['rows']:,}",
                f"{found['first_ms']:.0f}",
                f"{found['per_second']:,.0f}",
                f"1/{found['copy_per_second'] / found['per_second']:.1f}",
                f"{found['grown_mb']:.0f}",
            )
        )
    frozen = result["frozen"]
    return (
        f"{aligned(lines)}\n"
        f"the record frozen: {frozen['rows']:,} rows in {frozen['seconds']:.0f} s, "
        f"{frozen['mb']:.0f} MB, {frozen['grown_mb']:.0f} MB grown\n"
        "of COPY: PostgreSQL's own of the same query, in the same process."
    )


if __name__ == "__main__":
    main()
