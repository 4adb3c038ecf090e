"""The verbs of curators: the only writers of published state.

Each is one transaction with one winner, decided by a conditional UPDATE. Every write of the
record first raises its generation (a trigger does), so verbs queue behind one another and
cannot deadlock. Whoever changed what is kept in the history, and the news
(`record_changed`) leaves after commit, only if readers can see a difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from talent.registry.models import Citation, Event, Package, Source
from talent.registry.models.events import Standing, Status
from talent.registry.recording import Editor as Editor
from talent.registry.recording import announce as announce
from talent.registry.recording import insert_with_address
from talent.registry.recording import queue_behind_writers as queue_behind_writers
from talent.registry.recording import recorded_as as recorded_as
from talent.registry.source_lines import SourceLine

# The two halves of one move are rarely reported on one day, nor far apart.
SAME_MOVE = timedelta(days=183)
# What an edit may write. Status and the time of publication belong to other verbs.
EVENT_COLUMNS = (
    "slug", "kind", "person", "organization", "team", "counterpart", "title",
    "happened_on", "precision", "date_basis", "standing", "founder", "never_started",
    "stated_return", "background", "summary", "summary_zh", "disagreement",
)  # fmt: skip


def announce_event(event: Event) -> None:
    """The news of an event as the database holds it: companies are filled in there."""
    person, *companies = Event.objects.values_list(
        "person", "company", "counterpart_company"
    ).get(pk=event.pk)
    announce(people=[person], companies=companies)


# -- Publishing and taking back ----------------------------------------------------------


@transaction.atomic
def publish(event: Event, *, at: datetime, by: Editor) -> bool:
    """Publish a draft with its draft package. Returns False when it is no draft any more.

    Person and organizations become visible by it. A withdrawn event goes back to draft first.
    """
    with recorded_as(by):
        if not step(event, at=at, old=Status.DRAFT, new=Status.PUBLISHED):
            return False
        Package.objects.filter(event=event.pk, status=Status.DRAFT).update(
            status=Status.PUBLISHED, updated_at=at
        )
    announce_event(event)
    return True


@transaction.atomic
def withdraw(event: Event, *, at: datetime, by: Editor, reason: str) -> bool:
    """Take the event off every page and number. Returns False when it was withdrawn already."""
    with recorded_as(by, reason=reason):
        return take_back(event, at=at, new=Status.WITHDRAWN) or step(
            event, at=at, old=Status.DRAFT, new=Status.WITHDRAWN
        )


@transaction.atomic
def back_to_draft(event: Event, *, at: datetime, by: Editor, reason: str = "") -> bool:
    """Make a published or withdrawn event a draft again. Returns False when it is one."""
    with recorded_as(by, reason=reason):
        return take_back(event, at=at, new=Status.DRAFT) or step(
            event, at=at, old=Status.WITHDRAWN, new=Status.DRAFT
        )


@transaction.atomic
def deny(event: Event, *, at: datetime, by: Editor, reason: str) -> bool:
    """Mark the event as denied: it stays where it shows and counts nowhere.

    Returns False when it was denied already.
    """
    with recorded_as(by, reason=reason):
        denied = (
            Event.objects.filter(pk=event.pk)
            .exclude(standing=Standing.DENIED)
            .update(standing=Standing.DENIED, updated_at=at)
        )
    if not denied:
        return False
    event.refresh_from_db(fields=["standing", "status", "updated_at"])
    if event.status == Status.PUBLISHED:
        announce_event(event)
    return True


def step(event: Event, *, at: datetime, old: Status, new: Status) -> bool:
    """From one status to another, if it still has the old one."""
    columns: dict[str, Any] = {"status": new, "updated_at": at}
    if new == Status.PUBLISHED:
        columns["published_at"] = at
    stepped = Event.objects.filter(pk=event.pk, status=old).update(**columns)
    if stepped:
        event.refresh_from_db(fields=[*columns])
    return bool(stepped)


def take_back(event: Event, *, at: datetime, new: Status) -> bool:
    """A published event leaves the public record; its package becomes a draft with it."""
    if not step(event, at=at, old=Status.PUBLISHED, new=new):
        return False
    Package.objects.filter(event=event.pk, status=Status.PUBLISHED).update(
        status=Status.DRAFT, updated_at=at
    )
    announce_event(event)
    return True


# -- Writing -----------------------------------------------------------------------------


@transaction.atomic
def create_draft(
    event: Event, *, by: Editor, sources: Iterable[SourceLine] = ()
) -> Event:
    """Insert a new event, whatever its status says, as a draft, with citations of its sources.

    Without an address it gets one: person, kind, company and year.
    """
    event.status, event.published_at = Status.DRAFT, None
    with recorded_as(by):
        insert_with_address(event, event.slug or address_of(event))
        cite(event, sources, by=by)
    return event


@transaction.atomic
def revise(event: Event, *, at: datetime, by: Editor) -> bool:
    """Write the edited columns of an event, draft or published.

    Returns False, and writes nothing, when somebody wrote the row after this copy of it was
    read. Status and publication are not among the columns.
    """
    before = Event.objects.filter(pk=event.pk, updated_at=event.updated_at)
    touched = before.values_list("person", "company", "counterpart_company").first()
    columns = {name: getattr(event, name) for name in EVENT_COLUMNS}
    with recorded_as(by):
        if touched is None or not before.update(**columns, updated_at=at):
            return False
    event.refresh_from_db(
        fields=["updated_at", "status", "company", "counterpart_company"]
    )
    if event.status == Status.PUBLISHED:
        announce(
            people=[touched[0], event.person_id],
            companies=[*touched[1:], event.company_id, event.counterpart_company_id],
        )
    return True


@transaction.atomic
def cite(event: Event, lines: Iterable[SourceLine], *, by: Editor) -> int:
    """Cite these pages for the event and return how many are new to it.

    A page the record knows is used again. What a page states is filled in, never replaced.
    """
    wanted = {line.url: line.states for line in lines}
    if not wanted:
        return 0
    with recorded_as(by):
        Source.objects.bulk_create(
            [Source(url=url) for url in wanted], ignore_conflicts=True
        )
        sources = Source.objects.filter(url__in=wanted)
        cited = {
            citation.source_id: citation
            for citation in Citation.objects.filter(event=event, source__in=sources)
        }
        new = [
            Citation(event=event, source=source, states=wanted[source.url])
            for source in sorted(
                sources, key=lambda source: [*wanted].index(source.url)
            )
            if source.pk not in cited
        ]
        Citation.objects.bulk_create(new)
        for source in sources:
            known = cited.get(source.pk)
            if known and not known.states and wanted[source.url]:
                known.states = wanted[source.url]
                known.save(update_fields=["states"])
    return len(new)


@transaction.atomic
def source_at(url: str, *, by: Editor) -> Source:
    """The source with this (normal) address, new if the record did not know it."""
    with recorded_as(by):
        return Source.objects.get_or_create(url=url)[0]


@transaction.atomic
def create_other_half(event: Event, *, by: Editor) -> tuple[Event, bool]:
    """Draft the departure that belongs to a hire, or the hire that belongs to a departure.

    Ends, date, standing and sources are copied; team and title belong to the other company.
    Returns the other half, and False when it was there already. Raises ValueError where the
    event names no other end.
    """
    queue_behind_writers()
    if event.counterpart is None:
        raise ValueError("The event does not say where from or where to.")
    if (there := other_half_of(event)) is not None:
        return there, False
    other = Event(
        kind=Event.Kind.DEPARTURE if event.is_hire else Event.Kind.HIRE,
        person=event.person,
        organization=event.counterpart,
        counterpart=event.organization,
        happened_on=event.happened_on,
        precision=event.precision,
        date_basis=event.date_basis,
        standing=event.standing,
        background=event.background,
    )
    create_draft(other, by=by)
    with recorded_as(by):
        Citation.objects.bulk_create(
            Citation(
                event=other,
                source_id=citation.source_id,
                states=citation.states,
                stance=citation.stance,
            )
            for citation in event.citations.order_by("pk")
        )
    return other, True


def other_half_of(event: Event) -> Event | None:
    """The event at the other end of the same move, if the record has it in any status."""
    if event.counterpart_company_id is None:
        return None
    kind = Event.Kind.DEPARTURE if event.is_hire else Event.Kind.HIRE
    return (
        Event.objects.of_person(event.person)
        .of_kind(kind)
        .filter(company=event.counterpart_company_id)
        .overlapping(event.date.first - SAME_MOVE, event.date.last + SAME_MOVE)
        .oldest_first()
        .first()
    )


# -- Packages ----------------------------------------------------------------------------


@transaction.atomic
def publish_package(package: Package, *, at: datetime, by: Editor) -> bool:
    """Publish a draft package. Returns False when it is no draft, or its event is not public.

    A package of a hire is published with the hire.
    """
    public = models.Q(event=None) | models.Q(event__status=Status.PUBLISHED)
    ready = Package.objects.filter(public, pk=package.pk, status=Status.DRAFT)
    with recorded_as(by):
        published = Package.objects.filter(
            pk__in=ready.values("pk"), status=Status.DRAFT
        ).update(status=Status.PUBLISHED, updated_at=at)
    if published:
        announce_package(package)
    return bool(published)


@transaction.atomic
def withdraw_package(
    package: Package, *, at: datetime, by: Editor, reason: str
) -> bool:
    """Take the package off every page. Returns False when it was withdrawn already."""
    return package_becomes(Status.WITHDRAWN, package, at=at, by=by, reason=reason)


@transaction.atomic
def package_back_to_draft(
    package: Package, *, at: datetime, by: Editor, reason: str = ""
) -> bool:
    """Make the package a draft again. Returns False when it is one."""
    return package_becomes(Status.DRAFT, package, at=at, by=by, reason=reason)


def package_becomes(
    status: Status, package: Package, *, at: datetime, by: Editor, reason: str
) -> bool:
    with recorded_as(by, reason=reason):
        changed = (
            Package.objects.filter(pk=package.pk)
            .exclude(status=status)
            .update(status=status, updated_at=at)
        )
    if changed:
        announce_package(package)
    return bool(changed)


def announce_package(package: Package) -> None:
    announce(people=[package.person_id], companies=[package.organization.company_id])


@transaction.atomic
def create_package(event: Event, *, outcome: str, by: Editor) -> Package:
    """The package of a hire, as public as the hire is."""
    package = Package(
        key=f"{event.slug[:140]}-pay-{event.pk}",
        person=event.person,
        organization=event.organization,
        event=event,
        outcome=outcome or Package.Outcome.UNKNOWN,
        status=Status.PUBLISHED if event.status == Status.PUBLISHED else Status.DRAFT,
    )
    with recorded_as(by):
        package.save()
    return package


@transaction.atomic
def create_offer(package: Package, *, by: Editor) -> None:
    """Insert a package that was entered by itself, as a draft."""
    package.status = Status.DRAFT
    recipient = package.person.slug if package.person else slugify(package.recipients)
    with recorded_as(by):
        insert_with_address(
            package, f"{recipient[:70]}-{package.organization.slug[:60]}-offer", "key"
        )


# -- Addresses ---------------------------------------------------------------------------


def address_of(event: Event) -> str:
    """ "ruoming-pang-hire-meta-2025": person, kind, company, year."""
    company = event.organization.company or event.organization
    day: date = event.happened_on
    return "-".join(
        [event.person.slug[:70], event.kind, company.slug[:60], str(day.year)]
    )
