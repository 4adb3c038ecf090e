from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from talent.digests.editions import make_editions


class Command(BaseCommand):
    help = (
        "Make the editions of the public archive that are missing: the digest of "
        "everything for each day, week and month that is over. Twice changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_editions(at=timezone.now())
        self.stdout.write(f"{made} editions made.")
