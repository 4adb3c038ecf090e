"""Print one career as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talent.insights.careers import as_golden, career_of
from talent.registry.models import Event, Person


class Command(BaseCommand):
    help = (
        "Print the career of one person as JSON: stints, never-started hires, returns."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "slug", help="the person's address, for example ruoming-pang"
        )

    def handle(self, *_args: Any, slug: str, **_options: Any) -> None:
        person = Person.objects.filter(slug=slug, merged_into=None).first()
        if person is None:
            raise CommandError(f"There is no person “{slug}” in the record.")
        events = Event.objects.published().of_person(person).with_ends()
        told = as_golden(career_of(person, events))
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
