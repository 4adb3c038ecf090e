"""Let go of the texts of old sheets; the same verb as the daily task."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from talent.intake.imports.keeping import forget_uploads


class Command(BaseCommand):
    help = "Forget the rows of sheets uploaded more than 90 days ago."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{forget_uploads(at=timezone.now()):,} sheets forgotten.")
