from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from talent.registry.models import Event
from talent.registry.starter import STARTER_DATA, BadData, Report, load

LINES_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Load a data set, CSV files in a directory or a zip file, into the record: all of "
        "it or nothing. A second time changes nothing; what curators changed since is left "
        "alone and listed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "directory",
            nargs="?",
            type=Path,
            default=STARTER_DATA,
            help="a directory or a zip file; by default the project's starter data",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="set rows that curators changed or removed back to what the files say",
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing when the record holds events already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Event.objects.exists():
            self.stdout.write("The record holds events already: nothing loaded.")
            return
        started = monotonic()
        try:
            report = load(
                options["directory"], at=timezone.now(), overwrite=options["overwrite"]
            )
        except BadData as refusal:
            self.refuse(refusal)
        self.say(report)
        self.stdout.write(f"Done in {monotonic() - started:.1f} s.")

    def refuse(self, refusal: BadData) -> None:
        for problem in refusal.problems[:LINES_SHOWN]:
            self.stderr.write(str(problem))
        if refusal.total > LINES_SHOWN:
            self.stderr.write(f"… and {refusal.total - LINES_SHOWN:,} more.")
        number = "1 problem" if refusal.total == 1 else f"{refusal.total:,} problems"
        raise CommandError(f"Nothing loaded: {number} in the files.")

    def say(self, report: Report) -> None:
        for table in report:
            self.stdout.write(str(table))
        for difference in report.differences[:LINES_SHOWN]:
            self.stdout.write(f"differs: {difference}")
        if report.differing > LINES_SHOWN:
            self.stdout.write(f"… and {report.differing - LINES_SHOWN:,} more differ.")
