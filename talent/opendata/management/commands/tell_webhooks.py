"""Tell webhooks what has changed; the same verbs as the background tasks."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from talent.opendata.hooks import letterbox, owning
from talent.opendata.hooks.planning import plan
from talent.opendata.hooks.sending import send_due


class Command(BaseCommand):
    help = (
        "Plan and send what webhooks are owed, send the mails about them, and forget what is "
        "too old. Safe to run at any time, twice, and beside the workers."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        asked: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: asked.append(number))
        planned = plan(at=timezone.now())
        tally = send_due(stop=lambda: bool(asked))
        mails = letterbox.send_mails(at=timezone.now())
        owning.forget(at=timezone.now())
        self.stdout.write(
            f"{planned:,} planned, {tally.delivered:,} delivered, {tally.failed:,} failed; "
            f"{mails:,} mails sent."
        )
