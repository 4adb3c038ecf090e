"""Print how well the reader does on a file of labelled headlines."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talent.intake.known_names import known_names
from talent.intake.reader.scoring import FIELDS, Labelled, score


class Command(BaseCommand):
    # It answers from text alone: the checks of the site would only make it start slower.
    requires_system_checks = ()
    help = (
        "Print precision and recall of the headline reader, by field, on a file of labelled "
        "headlines: lines of JSON with title and events."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the labelled headlines")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        headlines = labelled(file)
        names = known_names()
        started = perf_counter()
        result = score(headlines, names)
        seconds = perf_counter() - started
        for label, share in (
            ("Announcing headlines with a proposal", result.found),
            ("Proposals from announcing headlines", result.sound),
            ("Events: recall", result.events),
            ("Events: precision", result.proposed),
        ):
            self.stdout.write(f"{label:<37} {share}")
        self.stdout.write(f"\n{'Field':<13} {'right':<24} {'precision':<24} {'recall'}")
        for name in FIELDS:
            self.stdout.write(
                f"{name:<13} {result.right[name]!s:<24} "
                f"{result.precision[name]!s:<24} {result.recall[name]}"
            )
        speed = len(headlines) / seconds if seconds else 0
        self.stdout.write(f"\n{len(headlines)} headlines, {speed:,.0f} a second.")


def labelled(file: Path) -> list[Labelled]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
    headlines: list[Labelled] = []
    for number, line in enumerate(lines, 1):
        try:
            headline = json.loads(line)
            assert isinstance(headline["title"], str)
            assert isinstance(headline["events"], list)
        except (ValueError, KeyError, TypeError, AssertionError) as problem:
            raise CommandError(
                f"{file}, line {number}: this is no labelled headline."
            ) from problem
        headlines.append(headline)
    return headlines
