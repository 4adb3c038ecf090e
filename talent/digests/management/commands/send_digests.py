"""Send the digests that are due; the same verb as the background task."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from talent.digests import planning
from talent.digests.compose import Desk
from talent.digests.delivery import send_due
from talent.digests.models import Delivery
from talent.digests.writing import Writer


class Command(BaseCommand):
    help = (
        "Send the digests that are due, late ones too. Safe to run at any time, twice, and beside "
        "the workers. Ctrl-C or SIGTERM finishes the message in hand."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            metavar="TIME",
            help="as if it were this time, 2026-03-09T08:30+00:00",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="compose, say what would be sent to whom (masked), and keep nothing",
        )

    def handle(
        self, *_args: Any, at: str | None, dry_run: bool, **_options: Any
    ) -> None:
        moment = moment_of(at) if at else None
        if dry_run:
            self.rehearse(at=moment or timezone.now())
            return
        asked: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: asked.append(number))
        tally = send_due(
            clock=lambda: moment or timezone.now(), stop=lambda: bool(asked)
        )
        self.stdout.write(
            f"{tally.sent:,} sent, {tally.put_off:,} put off, {tally.refused:,} refused; "
            f"{tally.planned:,} had become due."
        )
        if tally.left:
            self.stdout.write(f"Ended with work left: {tally.left}.")

    @transaction.atomic
    def rehearse(self, *, at: datetime) -> None:
        """Plan and compose as a run would, then take all of it back."""
        planning.plan(at=at)
        writer = Writer(lambda moment: Desk(at=moment))
        while writer.write_batch(at=at):
            pass
        rows = Delivery.objects.ready(at=at).select_related("subscriber", "content")
        for row in rows.iterator():
            self.stdout.write(f"{row.subscriber}  {row}  {row.content}")
        self.stdout.write(f"{rows.count():,} would be sent; nothing was kept or sent.")
        transaction.set_rollback(True)


def moment_of(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{text!r} is not a time, like 2026-03-09T08:30+00:00.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
