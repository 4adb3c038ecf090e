"""Ask whether the cited pages are still there; the same verb as the background task."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talent.registry.health.links import check_links


class Command(BaseCommand):
    help = "Ask about every source that was not asked about for a week."

    def handle(self, *_args: Any, **_options: Any) -> None:
        counts = check_links()
        if counts is None:
            raise CommandError("Another check of links is going on.")
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
        self.stdout.write(told or "Nothing is due.")
