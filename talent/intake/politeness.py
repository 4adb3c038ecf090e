"""Asking somebody's server politely: one worker at a time, with pauses, robots.txt obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.common.http import Door, HttpError, Limits, ask
from talent.intake.models import Host

AGENT = "TransferWindow"
PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
# Longer than any fetch; after it a worker that died no longer holds the server.
HELD = timedelta(minutes=2)
ROBOTS_LAST = timedelta(hours=24)
# RFC 9309: at least the first 500 KiB are read.
ROBOTS_LIMITS = Limits(seconds=10, size=512_000)
EVERYBODY, NOBODY = "", "User-agent: *\nDisallow: /"


class NotAllowed(Exception):
    """The server's robots.txt does not want us there."""


def headers() -> dict[str, str]:
    """Who asks, and where they find out about us."""
    return {
        "User-Agent": f"{AGENT}/1.0 (+{settings.SITE_URL}{reverse('dashboard:about')})"
    }


@dataclass(slots=True)
class Turn:
    """Ours to ask one server now."""

    host: Host
    door: Door
    pause: timedelta = PAUSE

    def check(self, url: str, *, at: datetime) -> None:
        """Raises NotAllowed, or HttpError where the server's wishes cannot be had."""
        host = self.host
        if host.robots_at is None or host.robots_at < at - ROBOTS_LAST:
            host.robots = robots_of(url, self.door)
            host.robots_at = at
            host.save(update_fields=["robots", "robots_at"])
        rules = RobotFileParser()
        rules.parse(host.robots.splitlines())
        wanted = float(rules.crawl_delay(AGENT) or 0)
        if wanted > self.pause.total_seconds():
            self.pause = min(timedelta(seconds=min(wanted, 86_400)), LONGEST_PAUSE)
        if not rules.can_fetch(AGENT, url):
            raise NotAllowed(_("The server's robots.txt asks us to stay away."))


@contextmanager
def turn_at(url: str, *, at: datetime, door: Door) -> Iterator[Turn | None]:
    """Our turn at the URL's server, or None while another worker has it or it rests."""
    name = urlsplit(url).netloc.lower()
    host, _new = Host.objects.get_or_create(name=name, defaults={"free_at": at})
    ours = Host.objects.filter(pk=host.pk, free_at__lte=at).update(free_at=at + HELD)
    if not ours:
        yield None
        return
    turn = Turn(host, door)
    took = timezone.now()
    try:
        yield turn
    finally:
        rest = at + (timezone.now() - took) + turn.pause
        Host.objects.filter(pk=host.pk).update(free_at=rest)


def robots_of(url: str, door: Door) -> str:
    """RFC 9309: no such file lets everybody in, a server in trouble nobody.

    Raises HttpError where there is no answer at all: then the feed would have none either.
    """
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.netloc}/robots.txt"
    answer = ask(where, headers=headers(), limits=ROBOTS_LIMITS, door=door)
    if answer.status >= 500 or answer.status == 429:
        raise HttpError(
            _("Its robots.txt cannot be had: status %(status)s.")
            % {"status": answer.status}
        )
    if answer.status != 200:
        return EVERYBODY
    # PostgreSQL keeps no NUL.
    return answer.body.decode("utf-8", "replace").replace("\0", "")
