"""What a data set says of itself: README.md, LICENSE and dictionary.csv, in English."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from talent.opendata.frozen.tables import (
    ADDRESS_COLUMNS,
    ADDRESSES,
    ADDRESSES_SAY,
    TABLES,
)
from talent.opendata.models.data_sets import permanent_address

if TYPE_CHECKING:
    from talent.opendata.frozen.archive import Written

LICENCE = """\
Creative Commons Attribution 4.0 International (CC BY 4.0)
https://creativecommons.org/licenses/by/4.0/legalcode

The data set in this folder is licensed under the Creative Commons Attribution 4.0 International
License. You may share and adapt it for any purpose, even commercially, if you give credit to
"Transfer Window", link to the licence, and say what you changed.

Titles of sources are quoted as printed and belong to their publishers. Replies are quoted in the
words of those who wrote them.
"""

README = """\
# Transfer Window, data set {name}

A public record of who joined and left whom in AI, with its sources. Recorded public moves, not a
census: what nobody reported is not in it.

* Permanent address: {address}
* Record as of: {record_at}
* Licence: CC BY 4.0, see LICENSE. How to cite it: see its page.
* `SHA256SUMS` has the sum of every file beside it: `sha256sum -c SHA256SUMS`.

| File | Rows | What it holds |
| --- | ---: | --- |
{files}

`dictionary.csv` explains every column. CSV files are UTF-8 after RFC 4180, one header line.
Unknown is empty, never zero. Several values in one cell have | between them. Flags are 0 or 1. A
cell that a spreadsheet would take for a formula starts with an apostrophe.

## Loading it

    python manage.py load_starter {file}

fills an empty copy of Transfer Window with it: same pages, same numbers. What no data set holds:
the history of changes (a copy begins its own), drafts, what was withdrawn, and what editors wrote
for each other. How a reply was verified is not in it either.

## When somebody is removed

Whoever is removed from the record for good is taken out of this data set too. Their right goes
before the permanence of a file: it is made again without them, as a new revision at the same
address, and its page says which sum no longer holds.
"""


def readme(name: str, record_at: datetime, files: Sequence[Written]) -> str:
    says = {table.file: table.says for table in TABLES} | {ADDRESSES: ADDRESSES_SAY}
    return README.format(
        name=name,
        address=permanent_address(name),
        record_at=record_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        file=f"transfer-window-{name}.zip",
        files="\n".join(
            f"| {each.name} | {each.rows} | {says[each.name]} |"
            for each in files
            if each.rows is not None
        ),
    )


def dictionary() -> str:
    """One line for each column of each file."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(("file", "column", "type", "meaning"))
    for table in TABLES:
        for column in table.columns:
            write((table.file, column.name, column.kind.value, column.says))
    for name, says in ADDRESS_COLUMNS:
        write((ADDRESSES, name, "text", says))
    return text.getvalue()
