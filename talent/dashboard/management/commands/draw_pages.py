from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from talent.dashboard.ahead import draw_pages


class Command(BaseCommand):
    help = "Draw the pages that are opened most, unless they are drawn of this record."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{draw_pages()} pages drawn.")
