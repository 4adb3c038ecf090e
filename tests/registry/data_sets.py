"""Small invented data sets in the nine-file format, to load and to spoil."""

from __future__ import annotations

import copy
import csv
from pathlib import Path

from talent.registry.starter.format import FILES

Rows = dict[str, list[dict[str, str]]]

FLAGS = {"founder": "0", "never_started": "0", "stated_return": "0", "background": "0"}
STATED = {"date_basis": "announced", "status": "confirmed", **FLAGS}

ROWS: Rows = {
    "organizations.csv": [
        {"slug": "orb-minds", "name": "Orb Minds", "seat": "frontier_lab", "parent": "orb"},
        {
            "slug": "orb", "name": "Orb", "name_zh": "圆球", "aliases": "Orb Inc|ORB",
            "seat": "big_tech", "country": "US", "founded": "1999-05",
        },
        {"slug": "tern", "name": "Tern Labs", "seat": "research_startup"},
    ],
    "people.csv": [
        {
            "slug": "mira-orsted", "name": "Mira Orsted", "name_zh": "澜星舟",
            "aliases": "Orsted Mira", "known_for": "Kestrel|Kestrel 2",
            "education": "PhD, Ostvale University",
        },
        {"slug": "jun-quill", "name": "Jun Quill"},
    ],
    "sources.csv": [
        {
            "id": "s1", "url": "https://wire.example/one", "title": "Orsted joins Orb",
            "publisher": "Wire", "published_on": "2025-07-02", "language": "en",
        },
        {"id": "s2", "url": "https://post.example/two", "publisher": "Post"},
    ],
    "events.csv": [
        {
            "id": "mira-leaves-tern", "kind": "departure", "person": "mira-orsted",
            "organization": "tern", "counterpart": "orb-minds", "date": "2025-06",
            "precision": "month", "reasons": "mission|compensation", **STATED,
        },
        {
            "id": "mira-joins-orb", "kind": "hire", "person": "mira-orsted",
            "organization": "orb-minds", "team": "Reasoning", "counterpart": "tern",
            "title": "Chief Scientist", "date": "2025-07-01", "precision": "day",
            "summary": "Mira Orsted joined Orb Minds from Tern Labs.",
            "disagreement": "One page says June.", **STATED,
        },
        {
            "id": "jun-joins-tern", "kind": "hire", "person": "jun-quill",
            "organization": "tern", "date": "2024", "precision": "year", **STATED,
            "founder": "1",
        },
    ],
    "citations.csv": [
        {"event": "mira-joins-orb", "source": "s1", "states": "Says so"},
        {"event": "mira-joins-orb", "source": "s2"},
        {"event": "mira-leaves-tern", "source": "s1"},
    ],
    "packages.csv": [
        {
            "id": "mira-package", "person": "mira-orsted", "organization": "orb-minds",
            "event": "mira-joins-orb", "outcome": "accepted",
        },
        {
            "id": "group-package", "recipients": "Ten researchers", "organization": "orb",
            "outcome": "offered",
        },
    ],
    "readings.csv": [
        {
            "package": "mira-package", "form": "total_package", "currency": "USD",
            "low": "200000000", "qualifier": "more than", "status": "reported",
            "rank": "preferred", "note": "Over several years", "source": "s1",
        },
        {
            "package": "mira-package", "form": "annual", "status": "reported",
            "rank": "also_reported", "note": "No figure",
        },
    ],
    "deals.csv": [
        {
            "id": "orb-tern", "buyer": "orb", "target": "tern", "date": "2025-06",
            "precision": "month", "events": "mira-leaves-tern|mira-joins-orb",
        }
    ],
    "deal_readings.csv": [
        {
            "deal": "orb-tern", "currency": "USD", "low": "50000000", "qualifier": "about",
            "status": "reported", "note": "Price of the licence", "source": "s2",
        }
    ],
}  # fmt: skip


class DataSet:
    """The nine files in a directory. Line 1 is the header, so row 0 stands on line 2."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.rows: Rows = copy.deepcopy(ROWS)
        self.write()

    def change(self, file: str, row: int, **fields: str) -> None:
        self.rows[file][row] |= fields
        self.write()

    def add(self, file: str, **fields: str) -> None:
        self.rows[file].append(fields)
        self.write()

    def repeat(self, file: str, row: int, **fields: str) -> None:
        self.add(file, **self.rows[file][row] | fields)

    def drop(self, file: str, row: int) -> None:
        del self.rows[file][row]
        self.write()

    def write(self) -> None:
        for file in FILES:
            names = [column.name for column in file.columns]
            with (self.directory / file.name).open("w", newline="") as stream:
                writer = csv.DictWriter(
                    stream, names, restval="", extrasaction="ignore"
                )
                writer.writeheader()
                writer.writerows(self.rows[file.name])

    def read(self, file: str) -> bytes:
        return (self.directory / file).read_bytes()

    def overwrite(self, file: str, content: bytes) -> None:
        (self.directory / file).write_bytes(content)
