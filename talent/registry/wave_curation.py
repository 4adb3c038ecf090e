"""The verbs of waves: drafting a proposed one, publishing, taking back.

Like the other verbs of curators: one transaction, one winner, whoever did it in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from talent.registry.models import Event, Wave
from talent.registry.models.events import Status
from talent.registry.models.waves import WaveEvent
from talent.registry.recording import (
    Editor,
    announce,
    insert_with_address,
    queue_behind_writers,
    recorded_as,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Linked moves that may be a wave: worked out, not stored. `key` names it within a record."""

    key: str
    title: str
    first: date
    last: date
    people: int
    events: tuple[int, ...]


# Who derives moves from the record proposes waves of them here: insights does. This app knows
# events only, and those above it must not be imported.
proposers: list[Callable[[], list[Proposal]]] = []


def proposals() -> list[Proposal]:
    """All there are now, newest first; none of an event that is in a wave already."""
    found = [proposal for propose in proposers for proposal in propose()]
    return sorted(found, key=lambda each: (each.first, each.key), reverse=True)


@transaction.atomic
def draft_wave(proposal: Proposal, *, by: Editor) -> tuple[Wave, bool]:
    """Make a draft of the proposal. Where one of its events is in a wave already, that wave is
    returned, and False.
    """
    queue_behind_writers()
    there = Wave.objects.filter(events__in=proposal.events).order_by("pk").first()
    if there is not None:
        return there, False
    wave = Wave(title=proposal.title, first_day=proposal.first, last_day=proposal.last)
    with recorded_as(by):
        insert_with_address(wave, slugify(proposal.title) or "wave")
        WaveEvent.objects.bulk_create(
            WaveEvent(wave=wave, event_id=event) for event in sorted(proposal.events)
        )
    return wave, True


@transaction.atomic
def create_wave(wave: Wave, *, by: Editor) -> None:
    """Insert a wave that a curator wrote by hand, as a draft; without an address it gets one."""
    wave.status, wave.published_at = Status.DRAFT, None
    with recorded_as(by):
        insert_with_address(wave, wave.slug or slugify(wave.title) or "wave")


@transaction.atomic
def publish_wave(wave: Wave, *, at: datetime, by: Editor) -> bool:
    """Publish a draft. Returns False when it is none any more, or none of its events is public."""
    if not wave.public_events().exists():
        return False
    with recorded_as(by):
        published = Wave.objects.filter(pk=wave.pk, status=Status.DRAFT).update(
            status=Status.PUBLISHED, published_at=at, updated_at=at
        )
    return settle(wave, published)


@transaction.atomic
def withdraw_wave(wave: Wave, *, at: datetime, by: Editor, reason: str) -> bool:
    """Take the wave off the public pages. Returns False when it was withdrawn already.

    Its moves stay in the record, and are not proposed as a wave again.
    """
    return becomes(Status.WITHDRAWN, wave, at=at, by=by, reason=reason)


@transaction.atomic
def wave_back_to_draft(
    wave: Wave, *, at: datetime, by: Editor, reason: str = ""
) -> bool:
    """Make the wave a draft again. Returns False when it is one."""
    return becomes(Status.DRAFT, wave, at=at, by=by, reason=reason)


def becomes(
    status: Status, wave: Wave, *, at: datetime, by: Editor, reason: str
) -> bool:
    with recorded_as(by, reason=reason):
        changed = (
            Wave.objects.filter(pk=wave.pk)
            .exclude(status=status)
            .update(status=status, updated_at=at)
        )
    return settle(wave, changed)


def settle(wave: Wave, changed: int) -> bool:
    if changed:
        wave.refresh_from_db(fields=["status", "published_at", "updated_at"])
        announce_wave(wave)
    return bool(changed)


def announce_wave(wave: Wave) -> None:
    """The news: whose pages may tell of the wave."""
    ends = Event.objects.filter(waves=wave).values_list(
        "person", "company", "counterpart_company"
    )
    announce(
        people=[person for person, *_companies in ends],
        companies=flat(companies for _person, *companies in ends),
    )


def flat(groups: Iterable[Iterable[int | None]]) -> list[int | None]:
    return [each for group in groups for each in group]
