"""Delete what of tips is kept for thirty days only."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from talent.intake import tips


class Command(BaseCommand):
    help = (
        "Delete the contacts of tips thirty days after the decision. The worker does the "
        "same every hour."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        deleted = tips.forget(at=timezone.now())
        self.stdout.write(f"{deleted} contacts deleted.")
