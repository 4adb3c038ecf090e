"""Bring the derived tables up to date; the same verbs as the background tasks."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from talent.insights.models import Refresh
from talent.insights.refresh import refresh_all, refresh_touched


class Command(BaseCommand):
    help = "Read stints and moves again: of the people whose events changed, or of everybody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="everybody")
        parser.add_argument(
            "--force",
            action="store_true",
            help="with --all: go on even if a table shrinks by more than a tenth",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["force"] and not options["all"]:
            raise CommandError("--force goes with --all.")
        at = timezone.now()
        if options["all"]:
            run = refresh_all(at=at, force=options["force"])
        else:
            run = refresh_touched(at=at)
        if run is None:
            self.stdout.write("Nothing to do, or another refresh is at work.")
            return
        if run.outcome != Refresh.Outcome.DONE:
            raise CommandError(
                f"The refresh was {run.get_outcome_display()}: {run.message}"
            )
        self.stdout.write(
            f"{run.people:,} people read, {run.stints:,} rows of stints and {run.moves:,} of "
            f"moves changed in {run.seconds:.2f} s."
        )
