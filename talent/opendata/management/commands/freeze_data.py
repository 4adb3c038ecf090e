"""Freeze the public record as a data set; the same verbs as the worker and the desk."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from talent.opendata.frozen import freezing
from talent.opendata.frozen.archive import write_record


class Command(BaseCommand):
    help = (
        "Write the public record down as a data set under its own address, and take whoever was "
        "removed out of the ones before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--month",
            action="store_true",
            help="the data set of this month, if it is missing; what the worker does",
        )
        parser.add_argument(
            "--out",
            type=Path,
            metavar="DIR",
            help="write the zip file there and keep nothing: it gets no address",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        at = timezone.now()
        if out := options["out"]:
            self.write(out / f"transfer-window-{at:%Y-%m-%d}.zip", f"{at:%Y-%m-%d}")
            return
        for revision in freezing.forget_removed(at=at):
            self.stdout.write(f"{revision}: made again without whoever was removed.")
        freeze = freezing.freeze_month if options["month"] else freezing.freeze_today
        data_set = freeze(at=at)
        if data_set is None:
            self.stdout.write("Nothing to do, or another run is at work.")
            return
        self.stdout.write(
            f"{data_set}: {data_set.rows_of('events.csv'):,} events, {data_set.size:,} "
            f"bytes, SHA-256 {data_set.sha256}\n{freezing.path_of(data_set)}"
        )

    def write(self, path: Path, name: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Another file of the day is somebody's: nothing is written over.
            with path.open("xb") as stream:
                write_record(stream, name)
        except OSError as error:
            raise CommandError(f"{path} was not written: {error.strerror}") from error
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes")
