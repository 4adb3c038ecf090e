"""How well and how fast headlines are read, in one process, with the names of the record.

Prints JSON: shares of the labelled headlines as the project keeps them, headlines a second, and the
seconds that a line of a million characters takes.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[2]
LABELLED = (
    ROOT / "talent/intake/data/headlines.jsonl",
    ROOT / "tests/intake/headlines.jsonl",
    ROOT / "tests/intake/more_headlines.jsonl",
)
SECONDS = 3
LONGEST = 1_000_000


def main() -> None:
    django.setup()
    from talent.intake.known_names import known_names
    from talent.intake.management.commands.score_reader import labelled
    from talent.intake.reader import read_headline
    from talent.intake.reader.scoring import score

    names = known_names()
    sets = {path.relative_to(ROOT).as_posix(): labelled(path) for path in LABELLED}
    scores = {name: score(headlines, names) for name, headlines in sets.items()}
    titles = [each["title"] for headlines in sets.values() for each in headlines]
    read, began = 0, process_time()
    while (spent := process_time() - began) < SECONDS:
        for title in titles:
            read_headline(title, names=names)
        read += len(titles)
    began = perf_counter()
    read_headline("Meta hires " * (LONGEST // 11), names=names)
    print(
        json.dumps(
            {
                "sets": {
                    name: {
                        "headlines": len(sets[name]),
                        "found": str(found.found),
                        "sound": str(found.sound),
                        "person": str(found.right["person"]),
                        "organization": str(found.right["organization"]),
                    }
                    for name, found in scores.items()
                },
                "rate": read / spent,
                "longest": perf_counter() - began,
            }
        )
    )


def told(found: dict[str, Any]) -> str:
    lines = [
        f"Headlines read: {found['rate']:,.0f} a second of one processor (at least 2,000);"
        f" a line of a million characters in {found['longest']:.2f} s (at most 1).",
    ]
    for name, shares in found["sets"].items():
        lines.append(
            f"  {name}, {shares['headlines']} headlines: events found {shares['found']},"
            f" proposals sound {shares['sound']}, person right {shares['person']},"
            f" organization right {shares['organization']}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
