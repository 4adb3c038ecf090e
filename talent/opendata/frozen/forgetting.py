"""Taking whoever was removed from the record out of a data set that was frozen before.

The record keeps no name of them, only the digest of each address (`registry.tombstones`). The
file still has both, so it says itself which rows are theirs and by which names others mention them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import models

from talent.opendata.frozen.archive import Archive, Parts, Written, folder_of, line_of
from talent.opendata.frozen.reading import Old, Row
from talent.opendata.frozen.tables import ADDRESSES, TABLES
from talent.registry.models import (
    Event,
    Organization,
    Package,
    Person,
    Source,
    Tombstone,
)
from talent.registry.starter.rows import meant
from talent.registry.tombstones import digest_of

BLOCK = 64 * 1024
# What stands where a text was that named somebody, and must not be empty.
REMOVED = "Removed"
# A name of one short word may be a word of the language too.
SHORTEST, SHORTEST_HAN = 6, 2


@dataclass
class Gone:
    """What leaves a data set. Small, however long the data set is."""

    people: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    # Only what nothing that stays rests on or names.
    sources: set[str] = field(default_factory=set)
    organizations: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        found = (self.people, self.events, self.packages, self.sources, self.addresses)
        return any(found)


def what_is_gone(path: Path) -> tuple[Gone, int]:
    """What a data set holds of those removed by now, and how many removals that looked at."""
    buried = frozenset(
        Tombstone.objects.order_by("pk").values_list("digest", flat=True)
    )

    def is_buried(model: type[models.Model], address: str) -> bool:
        return digest_of(model, meant(address)) in buried

    gone = Gone()
    with Old(path) as old:
        for person in old.rows("people.csv"):
            if is_buried(Person, person["slug"]):
                gone.people.add(person["slug"])
                names = {
                    person["name"],
                    person["name_zh"],
                    *person["aliases"].split("|"),
                }
                gone.names |= {name.casefold() for name in names if is_telling(name)}
        for source in old.rows("sources.csv"):
            if is_buried(Source, source["url"]):
                gone.sources.add(source["id"])
        for event in old.rows("events.csv"):
            if event["person"] in gone.people or is_buried(Event, event["id"]):
                gone.events.add(event["id"])
        for package in old.rows("packages.csv"):
            theirs = package["person"] in gone.people or package["event"] in gone.events
            if theirs or is_buried(Package, package["id"]):
                gone.packages.add(package["id"])
        for address in old.rows(ADDRESSES):
            model = Person if address["kind"] == "person" else Organization
            if address["new"] in gone.people or is_buried(model, address["old"]):
                gone.addresses.add(address["old"])
        find_orphans(old, gone)
    return gone, len(buried)


def is_telling(name: str) -> bool:
    if name.isascii():
        return len(name) >= SHORTEST or " " in name
    return len(name) >= SHORTEST_HAN


def find_orphans(old: Old, gone: Gone) -> None:
    """Sources and organizations that only what leaves rests on or names."""
    sources: set[str] = set()
    organizations: set[str] = set()
    # Twice over the same tables: what leaves tells the candidates, what stays takes them back.
    for leaving in (True, False):
        note = set.add if leaving else set.discard
        for file, column, theirs in (
            ("citations.csv", "event", gone.events),
            ("readings.csv", "package", gone.packages),
        ):
            for row in old.rows(file):
                if (row[column] in theirs) is leaving:
                    note(sources, row["source"])
        for file, theirs in (
            ("events.csv", gone.events),
            ("packages.csv", gone.packages),
        ):
            for row in old.rows(file):
                if (row["id"] in theirs) is leaving:
                    note(organizations, row["organization"])
                    note(organizations, row.get("counterpart", ""))
    for row in old.rows("deal_readings.csv"):
        sources.discard(row["source"])
    for row in old.rows("deals.csv"):
        organizations -= {row["buyer"], row["target"]}
    for row in old.rows("sources.csv"):
        if row["id"] not in sources:
            sources.discard(row["repeats"])
    for row in old.rows("organizations.csv"):
        organizations.discard(row["parent"])
    gone.sources |= sources - {""}
    gone.organizations = organizations - {""}


# -- Writing it again --------------------------------------------------------------------


def write_without(
    stream: IO[bytes], path: Path, gone: Gone, *, name: str, record_at: datetime
) -> list[Written]:
    """The data set at the path without what is gone, with the same dates and addresses."""
    with Old(path) as old, Archive(stream, folder_of(name)) as archive:
        for table in TABLES:
            archive.add(table.file, kept(old, table.file, table.words, gone))
        archive.add(ADDRESSES, kept(old, ADDRESSES, (), gone))
        archive.finish(name, record_at)
    return archive.files


def kept(old: Old, file: str, words: tuple[str, ...], gone: Gone) -> Parts:
    columns = old.header(file)
    if not columns:
        return 0
    yield line_of(columns)
    stays, rows = STAYS[file], 0
    text = io.StringIO()
    write = csv.DictWriter(text, columns, lineterminator="\n").writerow
    for row in old.rows(file):
        if stays(row, gone):
            rows += 1
            write(without_names(row, words, gone))
            if text.tell() >= BLOCK:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
    yield text.getvalue().encode()
    return rows


def without_names(row: Row, words: tuple[str, ...], gone: Gone) -> Row:
    for column in words:
        said = row[column].casefold()
        if any(name in said for name in gone.names):
            row[column] = REMOVED if column in {"title", "text", "recipients"} else ""
    if "repeats" in row and row["repeats"] in gone.sources:
        row["repeats"] = ""
    if "source" in row and row["source"] in gone.sources:
        row["source"] = ""
    if "events" in row:
        slugs = row["events"].split("|")
        row["events"] = "|".join(slug for slug in slugs if slug not in gone.events)
    return row


def replies_stay(row: Row, gone: Gone) -> bool:
    return not (
        row["event"] in gone.events
        or row["person"] in gone.people
        or row["organization"] in gone.organizations
    )


def always(_row: Row, _gone: Gone) -> bool:
    return True


STAYS: dict[str, Callable[[Row, Gone], bool]] = {
    "organizations.csv": lambda row, gone: row["slug"] not in gone.organizations,
    "people.csv": lambda row, gone: row["slug"] not in gone.people,
    "sources.csv": lambda row, gone: row["id"] not in gone.sources,
    "events.csv": lambda row, gone: row["id"] not in gone.events,
    "citations.csv": lambda row, gone: (
        row["event"] not in gone.events and row["source"] not in gone.sources
    ),
    "packages.csv": lambda row, gone: row["id"] not in gone.packages,
    "readings.csv": lambda row, gone: row["package"] not in gone.packages,
    "deals.csv": always,
    "deal_readings.csv": always,
    "reasons.csv": always,
    "replies.csv": replies_stay,
    "waves.csv": always,
    ADDRESSES: lambda row, gone: row["old"] not in gone.addresses,
}
