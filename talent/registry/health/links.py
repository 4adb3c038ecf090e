"""Whether the pages the record cites are still there: each is asked about once a week.

A page counts as gone only when it failed on two different days. Whoever refuses to answer a
machine tells us nothing, and nothing is concluded from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic, sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from talent.common.http import (
    INTERNET,
    Answer,
    Door,
    HttpError,
    Limits,
    Refused,
    TooMuch,
    ask,
)
from talent.common.locks import Lock, alone
from talent.registry.models import Citation, LinkCheck, Reading, Source
from talent.registry.models.events import Status
from talent.registry.source_lines import normal_url

EVERY = timedelta(days=7)
# What failed is asked again on the next day, so that a week does not pass in doubt.
AGAIN = timedelta(hours=20)
LIMITS = Limits(size=3_000_000)
AT_ONCE = 8
# Between two questions to one host.
PAUSE = 2.0
# Answers to machines, not about the page: ask for a login, payment, fewer questions.
SAYS_NOTHING = {401, 402, 403, 405, 406, 407, 418, 429, 451, 999}
Outcome = LinkCheck.Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: str
    answer: str
    moved_to: str = ""


# -- One page --------------------------------------------------------------------------


def look(url: str, *, door: Door = INTERNET) -> Verdict:
    """Ask for the head of the page, and for the page itself if that was not the answer."""
    with translation.override("en"):
        try:
            answer = asked(url, "HEAD", door)
            # A server that knows no HEAD may say so in many ways.
            if answer.status >= 400:
                answer = asked(url, "GET", door)
        except HttpError:
            try:
                answer = asked(url, "GET", door)
            except Refused as error:
                return Verdict(Outcome.FAILED, f"{error}"[:300])
            except TooMuch as error:
                # A slow server or a long page: something is there.
                return Verdict(Outcome.UNSURE, f"{error}"[:300])
            except HttpError as error:
                return Verdict(Outcome.FAILED, f"{error}"[:300])
        return judged(url, answer)


def asked(url: str, method: str, door: Door) -> Answer:
    headers = {"User-Agent": f"TransferWindow link check (+{settings.SITE_URL})"}
    return ask(url, method=method, headers=headers, limits=LIMITS, door=door)


def judged(url: str, answer: Answer) -> Verdict:
    if answer.status in SAYS_NOTHING:
        text = _("The server answers %(status)s and does not tell machines more.")
        return Verdict(Outcome.UNSURE, text % {"status": answer.status})
    if answer.status >= 400:
        text = _("The server answers %(status)s.")
        return Verdict(Outcome.FAILED, text % {"status": answer.status})
    if same_page(url, answer.url):
        return Verdict(Outcome.THERE, str(answer.status))
    text = (
        _("It leads to the front page of %(host)s now.")
        if urlsplit(answer.url).path in {"", "/"}
        else _("It leads to another address now, at %(host)s.")
    )
    host = urlsplit(answer.url).hostname
    return Verdict(Outcome.MOVED, text % {"host": host}, answer.url)


def same_page(one: str, other: str) -> bool:
    """Apart from https, www, a slash at the end and what trackers add."""
    return plain(one) == plain(other)


def plain(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(normal_url(url))
    except ValueError:
        parts = urlsplit(url)
    return (
        (parts.hostname or "").removeprefix("www."),
        parts.path.rstrip("/"),
        parts.query,
    )


def archive_of(source: Source) -> str:
    """Where the Internet Archive would keep a copy of about the right day. Not asked."""
    day = source.published_on or timezone.localdate(source.created_at)
    return f"https://web.archive.org/web/{day:%Y%m%d}/{source.url}"


# -- All that are due ------------------------------------------------------------------


def due(*, at: datetime) -> QuerySet[Source]:
    """Sources of anything published: never asked first, then those asked longest ago."""
    here = OuterRef("pk")
    cited = Citation.objects.filter(source=here, event__status=Status.PUBLISHED)
    priced = Reading.objects.filter(source=here, package__status=Status.PUBLISHED)
    return (
        Source.objects.filter(
            Q(link_check=None)
            | Q(link_check__checked_at__lte=at - EVERY)
            | Q(
                link_check__outcome=Outcome.FAILED,
                link_check__checked_at__lte=at - AGAIN,
            )
        )
        .filter(Exists(cited) | Exists(priced))
        .select_related("link_check")
        .order_by("link_check__checked_at", "pk")
    )


def check_links(
    *,
    clock: Callable[[], datetime] = timezone.now,
    stop: Callable[[], bool] = lambda: False,
    door: Door = INTERNET,
    rest: Callable[[float], None] = sleep,
) -> Counter[str] | None:
    """Ask about what is due, until nothing is or `stop` says so. None while another run asks.

    Eight hosts at a time, no host more often than every two seconds. Each answer is kept as
    it comes: a run that is cut off loses the eight it was asking about.
    """
    counts: Counter[str] = Counter()
    with alone(Lock.LINKS) as allowed, ThreadPoolExecutor(AT_ONCE) as asking:
        if not allowed:
            return None
        while not stop():
            began = monotonic()
            sources = one_of_each_host(due(at=clock()))
            if not sources:
                break
            urls = [source.url for source in sources]
            verdicts = asking.map(lambda url: look(url, door=door), urls)
            for source, verdict in zip(sources, verdicts, strict=True):
                keep(source, verdict, at=clock())
                counts[verdict.outcome] += 1
            rest(max(PAUSE - (monotonic() - began), 0))
    return counts


def one_of_each_host(sources: QuerySet[Source]) -> list[Source]:
    """Of the next in line, at most one of a host."""
    by_host: dict[str, Source] = {}
    for source in sources[: AT_ONCE * 25]:
        by_host.setdefault(urlsplit(source.url).hostname or "", source)
        if len(by_host) == AT_ONCE:
            break
    return [*by_host.values()]


def keep(source: Source, verdict: Verdict, *, at: datetime) -> None:
    days, since = failing(source, verdict, timezone.localdate(at))
    LinkCheck.objects.update_or_create(
        source=source,
        defaults={
            "outcome": verdict.outcome,
            "answer": verdict.answer[:300],
            "moved_to": verdict.moved_to[:2000],
            "checked_at": at,
            "failed_days": days,
            "failing_since": since,
        },
    )


def failing(source: Source, verdict: Verdict, today: date) -> tuple[int, date | None]:
    """On how many days it failed so far, and since when. An answer that says nothing
    leaves that as it was.
    """
    before: LinkCheck | None = getattr(source, "link_check", None)
    days = before.failed_days if before else 0
    since = before.failing_since if before else None
    if verdict.outcome == Outcome.UNSURE:
        return days, since
    if verdict.outcome != Outcome.FAILED:
        return 0, None
    if before and days and timezone.localdate(before.checked_at) == today:
        return days, since
    return days + 1, since or today
