"""Django's makemessages with our habits: one catalogue for the whole project, in an order that
edits do not churn, and no guesses.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages
from django.db.models import Model

from talent.common.apps import derived_names

# Holds, while messages are made, the words that no file of ours spells out.
ELSEWHERE = Path("config/words_from_elsewhere.py")
# Words of Django's on our screens that its own Chinese catalogue lacks.
OF_DJANGO = {
    "Add link",
    "Change or view list link",
    "Error:",
    "Model name",
    "Search",
}
# Lines of the header that differ where nothing else does.
OF_THE_MOMENT = ('"POT-Creation-Date:', '"Report-Msgid-Bugs-To:')


class Command(makemessages.Command):
    # Modules name gettext_lazy and gettext_noop so. (xgettext and Django know the rest.)
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=lazy",
        "--keyword=noop",
    ]
    # A translation guessed from a similar sentence is worse than a missing one.
    msgmerge_options = [
        *makemessages.Command.msgmerge_options,
        "--no-fuzzy-matching",
        "--sort-by-file",
    ]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            locale=["zh_Hans"],
            extensions=["html", "txt", "svg", "py"],
            ignore_patterns=["tests/*", "var/*", "requirements*"],
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        words = OF_DJANGO | {
            str(getattr(owner, attribute))
            for model in models_of_the_desk()
            for owner, attribute in derived_names(model)
        }
        ELSEWHERE.write_text("".join(f"_({word!r})\n" for word in sorted(words)))
        try:
            super().handle(*args, **options)
        finally:
            ELSEWHERE.unlink()

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        catalogue = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(OF_THE_MOMENT)]
        catalogue.write_text("".join(kept), encoding="utf-8")


def models_of_the_desk() -> Iterator[type[Model]]:
    for model, screen in admin.site._registry.items():
        for each in (model, *(inline.model for inline in screen.inlines)):
            if each.__module__.startswith("talent."):
                yield each
