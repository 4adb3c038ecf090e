"""Look for what seems wrong in the record; the same verb as the nightly task."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from talent.registry.health.refresh import refresh
from talent.registry.models import Finding


class Command(BaseCommand):
    help = "Look at the whole record for impossible careers, gaps, dead links and the like."

    def handle(self, *_args: Any, **_options: Any) -> None:
        began = monotonic()
        counts = refresh(at=timezone.now())
        if counts is None:
            raise CommandError("Another look at the record is going on.")
        for kind in Finding.Kind:
            if counts[kind.value]:
                self.stdout.write(f"{kind.label}: {counts[kind.value]:,}")
        self.stdout.write(f"Done in {monotonic() - began:.1f} s.")
