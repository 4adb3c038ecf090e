"""What earlier mails said and the record no longer says: changed, denied or withdrawn since.

An event is compared with what our mails said of it (its facts, not its words). What was right
when a mail was sent and is right now is no correction, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db.models import F, Max, Min, Prefetch, Q

from talent.digests.models import SentItem
from talent.digests.statements import FLAGS, Facts, Names, facts_of
from talent.digests.stories import packages
from talent.registry.models import Event, Package
from talent.registry.models.events import Standing, Status

# An edit is dated when it began and seen when it was committed: no edit lasts longer.
EDIT_LASTS = timedelta(hours=1)
Kind = Event.Kind
COLUMNS = (
    *("status", "kind", "person_id", "organization_id", "counterpart_id"),
    *("happened_on", "precision", "standing", *FLAGS),
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What we said and what is right now; `at` is when the record was changed."""

    event: int
    slug: str
    label: str
    said: Facts
    now: Facts
    at: datetime


class Record:
    """The present facts of all events that changed after a mail told them: one per run."""

    def __init__(self, *, at: datetime) -> None:
        """Five queries or so, whatever the number of subscribers."""
        self.at = at
        ids = changed_since_told()
        events = loaded(ids)
        self.slugs = {event.pk: event.slug for event in events}
        self.now = {event.pk: facts_of(event) for event in events}
        said = list(
            SentItem.objects.filter(event__in=ids, shown=True).values_list(
                "facts", flat=True
            )
        )
        self.names = Names([*said, *self.now.values()])
        self.times = times_of_change(ids)

    def correct(self, event: int, said: Facts) -> Correction | None:
        """None where what was said still stands. No query."""
        now = self.now.get(event)
        if now is None or self.names.today(said) == now:
            return None
        changed = self.times[event]
        only_money = {**said, "money": []} == {**now, "money": []}
        at = changed.money if only_money else changed.event
        return Correction(
            event, self.slugs[event], label(said, now), said, now, at or self.at
        )


def label(said: Facts, now: Facts) -> str:
    """Which sort of change it is: a word of `letters.LABELS`."""
    if now["status"] != Status.PUBLISHED:
        return "withdrawn"
    if said["status"] != Status.PUBLISHED:
        return "restored"
    if now["standing"] != said["standing"]:
        if now["standing"] == Standing.DENIED:
            return "denied"
        if {**said, "standing": ""} == {**now, "standing": ""}:
            confirmed = now["standing"] == Standing.CONFIRMED
            return "confirmed" if confirmed else "standing"
    return "changed"


def once_per_move(corrections: Sequence[Correction]) -> list[Correction]:
    """Without a departure where the hire of the same move was put right in the same way."""
    hires = {
        move_of(each) for each in corrections if each.said.get("kind") == Kind.HIRE
    }
    return [
        each
        for each in corrections
        if each.said.get("kind") != Kind.DEPARTURE or move_of(each) not in hires
    ]


def move_of(correction: Correction) -> tuple[Any, ...]:
    """Who went from where to where, as we said it, and what became of it."""
    said = correction.said
    ends = (said.get("counterpart"), said.get("organization"))
    if said.get("kind") == Kind.DEPARTURE:
        ends = ends[::-1]
    return said.get("person"), *ends, correction.label


def changed_since_told() -> set[int]:
    """Events told by a mail and written after it, or shortly before; figures included.

    Both times are the clock's, whatever moment is being composed for.
    """
    told = SentItem.objects.filter(shown=True)
    since = F("content__created_at") - EDIT_LASTS
    changed = told.filter(event__history__pgh_created_at__gt=since)
    oldest = told.aggregate(at=Min(since))["at"]
    if oldest is None:
        return set()
    figures = versions("Reading").filter(pgh_created_at__gt=oldest)
    offers = versions("Package").filter(pgh_created_at__gt=oldest)
    paid = Package.objects.filter(
        Q(pk__in=figures.values("package")) | Q(pk__in=offers.values("pgh_obj"))
    )
    restated = told.filter(event__in=paid.values("event"))
    return {
        event
        for items in (changed, restated)
        for event in items.values_list("event", flat=True).distinct()
    }


def loaded(events: Collection[int]) -> list[Event]:
    """Whatever their status, with what their facts are made of."""
    figures = Prefetch("packages", queryset=packages())
    return list(Event.objects.filter(pk__in=events).prefetch_related(figures))


# -- When was it changed? ----------------------------------------------------------------


@dataclass(slots=True)
class Changed:
    """The last time that anything a mail tells of the event was written; None for never."""

    event: datetime | None = None
    money: datetime | None = None


def times_of_change(events: Collection[int]) -> dict[int, Changed]:
    """Read from the history of the rows: three queries."""
    times = {pk: Changed() for pk in events}
    rows = versions("Event").filter(pgh_obj__in=events).order_by("pgh_obj", "pgh_id")
    for older, newer in pairwise(rows.values("pgh_obj", "pgh_created_at", *COLUMNS)):
        same_event = older["pgh_obj"] == newer["pgh_obj"]
        if same_event and any(older[name] != newer[name] for name in COLUMNS):
            times[newer["pgh_obj"]].event = newer["pgh_created_at"]
    paid = dict(Package.objects.filter(event__in=events).values_list("pk", "event_id"))
    for model, key in (("Package", "pgh_obj"), ("Reading", "package")):
        written = versions(model).filter(**{f"{key}__in": paid})
        for package, at in written.values_list(key).annotate(at=Max("pgh_created_at")):
            changed = times[paid[package]]
            changed.money = max(changed.money or at, at)
    return times


def versions(model: str) -> Any:
    return apps.get_model("registry", f"{model}History")._default_manager
