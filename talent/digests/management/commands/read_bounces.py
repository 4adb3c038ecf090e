"""Read the mails that came back: from a Maildir, an mbox file, or one message from stdin."""

from __future__ import annotations

import mailbox
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from talent.digests import bounces

# A report holds the head of our mail, or all of it.
LARGEST = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Suppress the addresses whose mails came back. Safe to repeat: a report counts once. What "
        "was read in a Maildir is marked as seen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            help="a Maildir or an mbox file; default: stdin",
        )

    def handle(self, *_args: Any, path: Path | None, **_options: Any) -> None:
        if path and not path.exists():
            raise CommandError(f"There is no {path}.")
        read = noted = 0
        for message in messages_at(path) if path else from_stdin():
            report = bounces.read(message)
            read += 1
            noted += bool(report and bounces.take(report, at=timezone.now()))
        self.stdout.write(f"{read} read, {noted} noted.")


def from_stdin() -> Iterator[Message]:
    yield message_from_bytes(sys.stdin.buffer.read(LARGEST))


def messages_at(path: Path) -> Iterator[Message]:
    if path.is_dir():
        yield from unseen(mailbox.Maildir(path, factory=None, create=False))
    else:
        with closing(mailbox.mbox(path, create=False)) as box:
            yield from box


def unseen(box: mailbox.Maildir) -> Iterator[Message]:
    for key in sorted(box.keys()):
        with box.get_file(key) as file:
            message = message_from_bytes(file.read(LARGEST))
        found = box[key]
        if found.get_subdir() == "new":
            yield message
            # Only now: a report that could not be noted is read again.
            found.set_subdir("cur")
            found.add_flag("S")
            box[key] = found
