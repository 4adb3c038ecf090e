"""What was put right in the published record, newest first, in plain words.

An event that is no longer public is not named: that something was withdrawn is all there is
to say of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from talent.dashboard.changes import Change, Past
from talent.registry.corrected import events_touched_at, moments_before
from talent.registry.models import Event
from talent.registry.models.events import Status

MOMENTS = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """`event`: None where something was taken out of the record, `count` times."""

    at: datetime
    event: Event | None
    changes: tuple[Change, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """`older`: the place where the next page begins; "" at the end."""

    lines: list[Line]
    older: str


def corrections(before: str = "") -> Page:
    """The corrections before a place. A dozen queries, however many there are.

    Raises ValueError for a text that is no place.
    """
    moments = moments_before(moment_of(before), most=MOMENTS + 1)
    shown = moments[:MOMENTS]
    touched = events_touched_at(shown)
    events = Event.objects.filter(pk__in=touched).with_ends().in_bulk()
    past = Past(events.keys())
    lines: list[Line] = []
    gone: Counter[datetime] = Counter()
    for pk, event in events.items():
        if event.status == Status.PUBLISHED:
            lines += [
                Line(correction.at, event, correction.changes)
                for correction in past.corrections(pk)
                if correction.at in touched[pk]
            ]
        else:
            gone.update(at for at in taken_out(past, pk) if at in touched[pk])
    lines += [Line(at, None, count=count) for at, count in gone.items()]
    lines.sort(
        key=lambda line: (line.at, line.event.pk if line.event else 0), reverse=True
    )
    return Page(lines, place_of(shown[-1]) if len(moments) > MOMENTS else "")


def taken_out(past: Past, event: int) -> list[datetime]:
    return [
        newer["pgh_created_at"]
        for older, newer in pairwise(past.versions[event])
        if older["status"] == Status.PUBLISHED != newer["status"]
    ]


def place_of(at: datetime) -> str:
    return str((at - EPOCH) // timedelta(microseconds=1))


def moment_of(place: str) -> datetime:
    if not place:
        return timezone.now() + timedelta(days=1)
    if not (place.isascii() and place.isdigit() and len(place) <= 16):
        raise ValueError(place)
    return EPOCH + timedelta(microseconds=int(place))
