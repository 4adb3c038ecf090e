"""What the record covers and what it lacks: for readers who want to know before they believe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from talent.insights.models import Refresh, StayTally, Stint, Touched
from talent.registry.models import Event, EventTally, Person, Source
from talent.registry.models.events import COUNTED, Standing


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of published rows. `counted`: reported or confirmed."""

    events: int
    counted: int
    rumoured: int
    denied: int
    background: int
    people: int
    sources: int
    one_origin: int
    no_source: int
    stints: int
    unknown_start: int
    ended: int
    inferred_ends: int
    oldest: date | None
    newest: date | None


def coverage() -> Coverage:
    """Counts from the tallies where they can be, else from the rows. Eight queries."""
    tally = EventTally.objects.aggregate(
        published=Sum("events", default=0),
        counted=Sum("events", filter=Q(standing__in=COUNTED), default=0),
        rumoured=Sum("events", filter=Q(standing=Standing.RUMOURED), default=0),
        denied=Sum("events", filter=Q(standing=Standing.DENIED), default=0),
        background=Sum("events", filter=Q(background=True), default=0),
    )
    sourced = Event.objects.published().aggregate(
        one_origin=Count("pk", filter=Q(origin_count=1)),
        no_source=Count("pk", filter=Q(source_count=0)),
    )
    stays = StayTally.objects.aggregate(
        started=Sum("stints", default=0),
        ended=Sum("stints", filter=Q(ended=True), default=0),
    )
    published = Event.objects.published()
    oldest, newest = published.oldest_first().first(), published.newest_first().first()
    unknown = Stint.objects.filter(start_on=None).count()
    return Coverage(
        events=tally.pop("published"),
        **tally,
        **sourced,
        people=Person.objects.public().count(),
        sources=Source.objects.count(),
        stints=stays["started"] + unknown,
        unknown_start=unknown,
        ended=stays["ended"] + unknown,
        inferred_ends=Stint.objects.filter(end_inferred=True).count(),
        oldest=oldest.happened_on if oldest else None,
        newest=newest.happened_on if newest else None,
    )


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the numbers are behind the record."""

    last: Refresh | None
    last_of_all: Refresh | None
    waiting: int
    trouble: Refresh | None

    @property
    def is_behind(self) -> bool:
        return bool(self.waiting or self.trouble)


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
