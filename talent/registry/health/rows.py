"""What is missing from single rows: found by one query for each kind.

Each check takes the keys to look at again, or None for the whole record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.registry.health.found import Found, Kind
from talent.registry.models import (
    Deal,
    Event,
    LinkCheck,
    Organization,
    Package,
    Reading,
    Source,
)
from talent.registry.models.events import Status

ROWS_AT_ONCE = 5_000

Keys = Iterable[int] | None
Check = Callable[[Keys], Iterator[Found]]


def some(rows: QuerySet[Any], keys: Keys) -> Iterator[Any]:
    """Oldest first, so that the newest gets the highest number."""
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    return rows.order_by("pk").iterator(ROWS_AT_ONCE)


def no_source(keys: Keys = None) -> Iterator[Found]:
    events = Event.objects.published().filter(source_count=0)
    sentence = _("This event is published without a source.")
    for event in some(events.select_related("person", "organization"), keys):
        yield of_event(Kind.NO_SOURCE, event, sentence)


def one_origin(keys: Keys = None) -> Iterator[Found]:
    """News that rests on one report, however often it was retold."""
    events = Event.objects.published().news().filter(origin_count=1)
    for event in some(events.select_related("person", "organization"), keys):
        count = event.source_count
        sentence = ngettext(
            "One page says so.", "%(count)s pages say so, after one report.", count
        )
        yield of_event(
            Kind.ONE_ORIGIN, event, sentence % {"count": count}, event.standing
        )


def of_event(kind: Kind, event: Event, sentence: str, *facts: object) -> Found:
    return Found(
        kind=kind,
        key=str(event.pk),
        sentence=f"{event}: {sentence}",
        facts=(event.kind, event.organization_id, event.chronology, *facts),
        about={"event_id": event.pk},
    )


def no_reading(keys: Keys = None) -> Iterator[Found]:
    packages = Package.objects.exclude(status=Status.WITHDRAWN).filter(
        ~Exists(Reading.objects.filter(package=OuterRef("pk")))
    )
    for package in some(packages.select_related("person", "organization"), keys):
        yield Found(
            kind=Kind.NO_READING,
            key=str(package.pk),
            sentence=_("%(package)s: no figure was ever entered.")
            % {"package": package},
            facts=(package.outcome, package.status),
            about={"package_id": package.pk, "event_id": package.event_id},
        )


def unused(keys: Keys = None) -> Iterator[Found]:
    """No event, package or deal names it, nothing is part of it and nothing was merged into it."""
    here = OuterRef("pk")
    rows = Organization.objects.unmerged().exclude(
        Exists(Event.objects.filter(organization=here))
        | Exists(Event.objects.filter(counterpart=here))
        | Exists(Package.objects.filter(organization=here))
        | Exists(Deal.objects.filter(buyer=here))
        | Exists(Deal.objects.filter(target=here))
        | Exists(Organization.objects.filter(parent=here))
        | Exists(Organization.objects.filter(merged_into=here))
    )
    for organization in some(rows, keys):
        yield Found(
            kind=Kind.UNUSED,
            key=str(organization.pk),
            sentence=_("No event, package or deal names %(organization)s.")
            % {"organization": organization},
            facts=(organization.name,),
            about={"organization_id": organization.pk},
        )


def dead_links(keys: Keys = None) -> Iterator[Found]:
    for check in some(LinkCheck.objects.dead().select_related("source"), keys):
        # An archive copy is the cure.
        if not check.source.archive_url:
            yield of_link(Kind.DEAD_LINK, check, check.answer)


def moved_links(keys: Keys = None) -> Iterator[Found]:
    for check in some(LinkCheck.objects.moved().select_related("source"), keys):
        yield of_link(Kind.MOVED_LINK, check, check.answer, check.moved_to)


def of_link(kind: Kind, check: LinkCheck, sentence: str, *facts: object) -> Found:
    source: Source = check.source
    return Found(
        kind=kind,
        key=str(source.pk),
        sentence=f"{source}: {sentence}"[:600],
        facts=(source.url, *facts),
        about={"source_id": source.pk},
    )


# Each kind with the column of a finding that holds the keys its check takes.
CHECKS: dict[Kind, tuple[Check, str]] = {
    Kind.ONE_ORIGIN: (one_origin, "event_id"),
    Kind.NO_SOURCE: (no_source, "event_id"),
    Kind.NO_READING: (no_reading, "package_id"),
    Kind.UNUSED: (unused, "organization_id"),
    Kind.DEAD_LINK: (dead_links, "source_id"),
    Kind.MOVED_LINK: (moved_links, "source_id"),
}
