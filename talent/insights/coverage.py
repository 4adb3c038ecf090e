"""What the record covers and what it lacks: for readers who want to know before they believe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from talent.insights.models import Refresh, StayTally, Stint, Touched
from talent.registry.models import Event, Person, SeatEventTally, Source
from talent.registry.models.events import COUNTED, Standing


@dataclass(frozen=True, slots=True)
class InFull:
    """What no tally counts: counted with each refresh of everything, and kept in its row."""

    people: int
    sources: int
    one_origin: int
    no_source: int
    inferred_ends: int


def in_full() -> InFull:
    """Reads the whole record, some seconds of a million events. Four queries."""
    sourced = Event.objects.published().aggregate(
        one_origin=Count("pk", filter=Q(origin_count=1)),
        no_source=Count("pk", filter=Q(source_count=0)),
    )
    return InFull(
        people=Person.objects.public().count(),
        sources=Source.objects.count(),
        inferred_ends=Stint.objects.filter(end_inferred=True).count(),
        **sourced,
    )


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of published rows. `counted`: reported or confirmed.

    `in_full` is as old as the last refresh of everything; None before the first.
    """

    events: int
    counted: int
    rumoured: int
    denied: int
    background: int
    stints: int
    unknown_start: int
    ended: int
    oldest: date | None
    newest: date | None
    in_full: InFull | None


def coverage(last_of_all: Refresh | None) -> Coverage:
    """Counts from the tallies, and from the last refresh of everything. Four queries."""
    tally = SeatEventTally.objects.aggregate(
        published=Sum("events", default=0),
        counted=Sum("events", filter=Q(standing__in=COUNTED), default=0),
        rumoured=Sum("events", filter=Q(standing=Standing.RUMOURED), default=0),
        denied=Sum("events", filter=Q(standing=Standing.DENIED), default=0),
        background=Sum("events", filter=Q(background=True), default=0),
    )
    stays = StayTally.objects.filter(organization=None).aggregate(
        of_all=Sum("stints", default=0),
        ended=Sum("stints", filter=Q(ended=True), default=0),
        unknown_start=Sum("stints", filter=Q(joined=None), default=0),
    )
    published = Event.objects.published()
    counted = last_of_all.coverage if last_of_all else {}
    return Coverage(
        events=tally.pop("published"),
        **tally,
        stints=stays.pop("of_all"),
        **stays,
        oldest=published.oldest_first().values_list("happened_on", flat=True).first(),
        newest=published.newest_first().values_list("happened_on", flat=True).first(),
        in_full=InFull(**counted) if counted else None,
    )


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the numbers are behind the record."""

    last: Refresh | None
    last_of_all: Refresh | None
    waiting: int
    trouble: Refresh | None


def freshness() -> Freshness:
    """The last good refreshes, who waits to be read again, and a last run that did not end well."""
    newest = Refresh.objects.order_by("-started_at", "-pk")
    done = newest.filter(outcome=Refresh.Outcome.DONE)
    last = newest.first()
    bad = last is not None and last.outcome in (
        Refresh.Outcome.STOPPED,
        Refresh.Outcome.FAILED,
    )
    return Freshness(
        last=done.first(),
        last_of_all=done.filter(scope=Refresh.Scope.ALL).first(),
        waiting=Touched.objects.count(),
        trouble=last if bad else None,
    )
