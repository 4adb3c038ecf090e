"""Read headlines from standard input, one JSON object a line, and write what they announce."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talent.intake.known_names import known_names
from talent.intake.reader.headlines import read_headline
from talent.intake.reader.scoring import words_of

# JSON can name half of a pair of code units; text cannot.
HALF = re.compile("[\ud800-\udfff]")


class BadLine(Exception):
    """Says what is wrong with a line."""


class Command(BaseCommand):
    # It answers from text alone: the checks of the site would only make it start slower.
    requires_system_checks = ()
    help = (
        'Read lines of JSON, {"title": …, "text": null or …, "published": null or …}, on '
        'standard input and write {"title": …, "events": […]} for each, in the same order. '
        "A bad line is named on standard error and left out; the rest is still read."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        names = known_names()
        bad = 0
        for number, line in enumerate(sys.stdin.buffer, 1):
            if not line.strip():
                continue
            try:
                title, text, published = asked(line)
            except BadLine as problem:
                bad += 1
                self.stderr.write(f"Line {number}: {problem}")
                continue
            proposals = read_headline(
                title, text=text, published=published, names=names
            )
            answer = {"title": title, "events": [*map(words_of, proposals)]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if bad:
            lines = "1 line" if bad == 1 else f"{bad} lines"
            raise CommandError(f"{lines} could not be read; the others are written.")


def asked(line: bytes) -> tuple[str, str | None, str | None]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as problem:  # ValueError: also bad UTF-8
        raise BadLine(f"this is not JSON ({problem}).") from problem
    if not isinstance(row, dict):
        raise BadLine("this is JSON, but no object with a title.")
    title = row.get("title")
    if not isinstance(title, str):
        raise BadLine("“title” is missing or no text.")
    for name in ("text", "published"):
        if not isinstance(row.get(name), str | None):
            raise BadLine(f"“{name}” is neither a text nor null.")
    if not title.isprintable() and HALF.search(title):
        raise BadLine("“title” holds half a character, which no file can.")
    return title, row.get("text"), row.get("published")
