"""Fetch the feeds that are due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from talent.intake import fetching
from talent.intake.models import Feed


class Command(BaseCommand):
    help = (
        "Fetch every feed that is switched on and due, and say how it went. The worker "
        "does the same every few minutes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="Also those that are not due yet."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["all"]:
            feeds = Feed.objects.filter(is_on=True).by_name()
        else:
            feeds = Feed.objects.due(at=at)
        for feed in feeds:
            if fetching.fetch(feed, at=timezone.now()):
                said = f"{feed.get_outcome_display()}. {feed.said}"
            else:
                said = "Its server was asked a moment ago: later."
            self.stdout.write(f"{feed}: {said}")
