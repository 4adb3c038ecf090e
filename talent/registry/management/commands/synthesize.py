from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from talent.registry.synthesis import synthesize


class Command(BaseCommand):
    help = (
        "Write an invented data set in the format of the starter data. The same number of "
        "events and the same seed give the same bytes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="made if it does not exist")
        parser.add_argument("--events", type=int, required=True, help="how many")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--hostile",
            action="store_true",
            help="sprinkle markup, formulas, right-to-left text and the like over it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["events"] < 1:
            raise CommandError("--events must be 1 or more.")
        started = monotonic()
        try:
            rows = synthesize(
                options["directory"],
                events=options["events"],
                seed=options["seed"],
                hostile=options["hostile"],
            )
        except OSError as error:
            raise CommandError(
                f"{options['directory']} cannot be written: {error.strerror}"
            ) from error
        for name, number in rows.items():
            self.stdout.write(f"{name}: {number:,} rows")
        self.stdout.write(f"Done in {monotonic() - started:.1f} s.")
