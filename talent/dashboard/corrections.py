"""What was put right in the published record, newest first, in plain words.

What is no longer public is not named: that something was withdrawn is all there is to say
of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from talent.dashboard.changed_rows import changed_rows
from talent.dashboard.changes import Change, Correction, Past
from talent.registry.corrected import moments_before, touched_at
from talent.registry.models import Event
from talent.registry.models.events import Status

MOMENTS = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """Of an event, or of another row: `what` it is and its page. Neither where something was
    taken out of the record, `count` times.
    """

    at: datetime
    event: Event | None = None
    changes: tuple[Change, ...] = ()
    what: str = ""
    url: str = ""
    count: int = 1

    @property
    def place(self) -> tuple[datetime, int, str]:
        return self.at, self.event.pk if self.event else 0, self.what


@dataclass(frozen=True, slots=True)
class Page:
    """`older`: the place where the next page begins; "" at the end."""

    lines: list[Line]
    older: str


def corrections(before: str = "") -> Page:
    """The corrections before a place. Some thirty queries, however many there are.

    Raises ValueError for a text that is no place.
    """
    moments = moments_before(moment_of(before), most=MOMENTS + 1)
    shown = moments[:MOMENTS]
    rows = touched_at(shown)
    touched = rows["event"]
    events = Event.objects.filter(pk__in=touched).with_ends().in_bulk()
    past = Past(events.keys())
    lines: list[Line] = []
    gone: Counter[datetime] = Counter()
    for pk, event in events.items():
        if event.status == Status.PUBLISHED:
            lines += [
                Line(correction.at, event, correction.changes)
                for correction in telling_what_was_undone(past.corrections(pk))
                if correction.at in touched[pk]
            ]
        else:
            gone.update(at for at in taken_out(past, pk) if at in touched[pk])
    others, within = changed_rows(rows), set(shown)
    lines += [
        Line(correction.at, None, correction.changes, told.what, told.url)
        for told in others.told
        for correction in telling_what_was_undone(told.corrections)
        if correction.at in within
    ]
    gone.update(at for at in others.gone if at in within)
    lines += [Line(at, count=count) for at, count in gone.items()]
    lines.sort(key=lambda line: line.place, reverse=True)
    return Page(lines, place_of(shown[-1]) if len(moments) > MOMENTS else "")


def telling_what_was_undone(found: Sequence[Correction]) -> list[Correction]:
    """Of one row. A merge by mistake and its undoing, say, are two lines: each names the other."""
    in_order = sorted(found, key=lambda correction: correction.at)
    notes: defaultdict[datetime, list[Change]] = defaultdict(list)
    for older, newer in pairwise(in_order):
        if takes_back(newer, older):
            days = [date_format(each.at, _("j F Y")) for each in (older, newer)]
            undone = _("undone on %(day)s") % {"day": days[1]}
            undoes = _("undoes what was changed on %(day)s") % {"day": days[0]}
            notes[older.at].append(Change(undone))
            notes[newer.at].append(Change(undoes))
    return [Correction(each.at, (*each.changes, *notes[each.at])) for each in in_order]


def takes_back(newer: Correction, older: Correction) -> bool:
    back = {(each.what, each.after, each.before) for each in newer.changes}
    there = {(each.what, each.before, each.after) for each in older.changes}
    return back == there and all(before and after for _what, before, after in there)


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
