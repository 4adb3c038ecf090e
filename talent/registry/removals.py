"""Removing a person or an event for good: the rows stay, and say nothing of anybody.

Withdrawing takes an event off every page and keeps its words for the curators. A removal
takes the words too: names, addresses and sentences leave the rows, the history of the rows
and the log of the desk. What stays is that there was something, when, and who removed it;
and a digest of each address, so that it answers 410 and is never used again. A removal
cannot be undone.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pghistory.models
import pgtrigger
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q

from talent.registry.models import (
    Approval,
    Citation,
    Dismissal,
    Event,
    EventReason,
    Finding,
    Merge,
    Package,
    Person,
    Reading,
    Reply,
    Source,
    Wave,
)
from talent.registry.models.deals import DealEvent
from talent.registry.models.events import Status
from talent.registry.models.waves import WaveEvent
from talent.registry.recording import Editor, announce, recorded_as
from talent.registry.signals import removed
from talent.registry.tombstones import lay

# What a removed row says where a word must stand; and what each sort of row loses.
REMOVED = "Removed"
WORDS: dict[type[models.Model], dict[str, Any]] = {
    Person: {
        "name": REMOVED, "name_zh": "", "other_names": [], "known_for": [], "education": [],
    },
    Event: {"team": "", "title": "", "summary": "", "summary_zh": "", "disagreement": ""},
    Citation: {"states": ""},
    EventReason: {"stated_by": ""},
    Reading: {"note": ""},
    Reply: {"text": REMOVED, "said_by": REMOVED, "verified_how": REMOVED},
}  # fmt: skip
ADDRESSES: dict[type[models.Model], str] = {
    Person: "slug",
    Event: "slug",
    Package: "key",
}


# -- Addresses ---------------------------------------------------------------------------


def is_removed(row: Person | Event | Package | models.Model) -> bool:
    """Whether the row is what a removal left: its address names nobody."""
    address = getattr(row, ADDRESSES[type(row)])
    return bool(address == empty_address(type(row), row.pk))


def empty_address(model: type[models.Model], pk: int) -> str:
    return f"removed-{model._meta.model_name}-{pk}"


def bury(model: type[models.Model], pks: list[int], *, at: datetime) -> None:
    """Take the address from each row, and every address it ever had with it."""
    column = ADDRESSES[model]
    was = versions_of(model).filter(pgh_obj__in=pks)
    addresses = {*was.values_list(column, flat=True)}
    rows = model._default_manager.filter(pk__in=pks)
    lay(model, addresses | {*rows.values_list(column, flat=True)}, at=at)
    for pk in pks:
        empty = {column: empty_address(model, pk)}
        model._default_manager.filter(pk=pk).update(**empty)
        versions_of(model).filter(pgh_obj=pk).update(**empty)


# -- The verbs ---------------------------------------------------------------------------
# Called by talent.registry.approvals, after a second editor approved.


@transaction.atomic
def remove_person(person: Person, *, by: Editor, at: datetime) -> None:
    """Remove somebody with their events, pay and replies, and whoever was merged into them."""
    people = [person.pk, *merged_into(person.pk)]
    events = keys(Event.objects.filter(person__in=people))
    packages = keys(Package.objects.filter(Q(person__in=people) | Q(event__in=events)))
    names = names_of(people)
    touched = ends_of(events, packages)
    with recorded_as(by), history_open():
        forget_contexts({Person: people, Event: events, Package: packages})
        remove_rows(events, packages, at=at)
        blank(Reply, keys(Reply.objects.filter(person__in=people)), at=at)
        blank(Person, people, at=at)
        bury(Person, people, at=at)
        forget_log(Person, people)
        Merge.objects.filter(
            Q(kept_id__in=people) | Q(dropped_id__in=people), kind=Merge.Kind.PERSON
        ).update(summary=REMOVED, names_before={})
        forget_findings(people, events, packages, names)
        forget_approvals(people, events, packages, names)
    announce(people=people, companies=touched)
    removed.send(sender=Person, at=at, people=people, events=events, names=names)


@transaction.atomic
def remove_event(event: Event, *, by: Editor, at: datetime) -> None:
    """Remove one event with its package. The person stays, if anything else names them."""
    packages = keys(Package.objects.filter(event=event))
    touched = ends_of([event.pk], packages)
    with recorded_as(by), history_open():
        forget_contexts({Event: [event.pk], Package: packages})
        remove_rows([event.pk], packages, at=at)
        forget_findings([], [event.pk], packages, [])
        forget_approvals([], [event.pk], packages, [])
    announce(people=[event.person_id], companies=touched)
    removed.send(sender=Event, at=at, people=[], events=[event.pk], names=[])


def remove_rows(events: list[int], packages: list[int], *, at: datetime) -> None:
    """Withdraw events and packages, and take their words, parts and sources."""
    gone = {"status": Status.WITHDRAWN, "updated_at": at}
    Event.objects.filter(pk__in=events).update(**gone)
    Package.objects.filter(pk__in=packages).update(**gone)
    readings = keys(Reading.objects.filter(package__in=packages))
    sources = {
        *Citation.objects.filter(event__in=events).values_list("source", flat=True),
        *Reading.objects.filter(pk__in=readings).values_list("source", flat=True),
    }
    for part in (Citation, EventReason, DealEvent, WaveEvent):
        parts = part._default_manager.filter(event__in=events)
        here = keys(parts)
        parts.delete()
        blank(part, here, at=at)
    Reading.objects.filter(pk__in=readings).update(source=None)
    blank(Event, events, at=at)
    blank(Reading, readings, at=at)
    blank(Reply, keys(Reply.objects.filter(event__in=events)), at=at)
    forget_sources(sources - {None}, at=at)
    bury(Event, events, at=at)
    forget_log(Event, events)
    bury(Package, packages, at=at)
    forget_log(Package, packages)


# -- Words -------------------------------------------------------------------------------


def history_open() -> AbstractContextManager[None]:
    """Rows of history are evidence and never change; a removal is the one exception."""
    tracked: list[type[models.Model]] = [*WORDS, Package, Source, Dismissal]
    guards = [f"registry.{model.__name__}History:append_only" for model in tracked]
    # Two editors agreed on the removal, and pay goes with it.
    guards.append("registry.Package:withdrawn_by_two")
    opened: AbstractContextManager[None] = pgtrigger.ignore(*guards)
    return opened


def blank(model: type[models.Model], rows: list[int], *, at: datetime) -> None:
    """Take the words out of rows and of every version of them."""
    words = WORDS.get(model)
    if not words or not rows:
        return
    now = dict(words)
    if model is Reply:
        now["removed_at"] = at
    model._default_manager.filter(pk__in=rows).update(**now)
    versions_of(model).filter(pgh_obj__in=rows).update(**words)


def forget_sources(sources: set[int], *, at: datetime) -> None:
    """Delete the pages that nothing else in the record rests on; their titles name people."""
    unused = Source.objects.filter(
        pk__in=sources,
        citations=None,
        readings=None,
        deal_readings=None,
        repeated_by=None,
    )
    rows = keys(unused)
    addresses = [*unused.values_list("url", flat=True)]
    lay(Source, addresses, at=at)
    Source.objects.filter(pk__in=rows).delete()
    for pk in rows:
        nothing = {
            "url": f"https://removed.invalid/{pk}",
            "title": "",
            "archive_url": "",
        }
        versions_of(Source).filter(pgh_obj=pk).update(**nothing)


def forget_findings(
    people: list[int], events: list[int], packages: list[int], names: list[str]
) -> None:
    """What looked doubtful about them says so by name; so may the reason why it did not."""
    about = Q(person__in=people) | Q(event__in=events) | Q(package__in=packages)
    said = Q(pk=None)
    for name in names:
        about |= Q(sentence__icontains=name)
        said |= Q(reason__icontains=name)
    Finding.objects.filter(about).delete()
    Dismissal.objects.filter(said).update(reason=REMOVED)
    versions_of(Dismissal).filter(said).update(reason=REMOVED)


def forget_approvals(
    people: list[int], events: list[int], packages: list[int], names: list[str]
) -> None:
    """That two editors agreed stays; what they said of it goes."""
    said = (
        Q(person__in=people)
        | Q(event__in=events)
        | Q(package__in=packages)
        | Q(reading__package__in=packages)
    )
    for name in names:
        said |= Q(reason__icontains=name) | Q(note__icontains=name)
    approvals = Approval.objects.filter(pk__in=keys(Approval.objects.filter(said)))
    approvals.update(reason=REMOVED)
    approvals.exclude(note="").update(note=REMOVED)


def forget_contexts(rows: dict[type[models.Model], list[int]]) -> None:
    """Take the reasons from what was done to the rows before: they may name anybody."""
    done = {
        context
        for model, pks in rows.items()
        for context in versions_of(model)
        .filter(pgh_obj__in=pks)
        .values_list("pgh_context", flat=True)
        if context
    }
    for context in pghistory.models.Context.objects.filter(
        pk__in=done, metadata__has_key="reason"
    ):
        del context.metadata["reason"]
        context.save(update_fields=["metadata"])


def forget_log(model: type[models.Model], rows: list[int]) -> None:
    """What Django's desk wrote down of the rows holds their names."""
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(pk) for pk in rows],
    ).update(object_repr=REMOVED, change_message="")


# -- Finding -----------------------------------------------------------------------------


def keys(rows: models.QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def versions_of(model: type[models.Model]) -> models.QuerySet[Any]:
    history: Any = model._meta.get_field("history").related_model
    versions: models.QuerySet[Any] = history._default_manager.all()
    return versions


def merged_into(person: int) -> list[int]:
    """Rows that were merged into the person, through any number of merges."""
    found: list[int] = []
    level = [person]
    while level := keys(Person.objects.filter(merged_into__in=level)):
        found += level
    return found


def names_of(people: list[int]) -> list[str]:
    """Every name the rows have or had, the longest first."""
    names: set[str] = set()
    for rows in (
        Person.objects.filter(pk__in=people),
        versions_of(Person).filter(pgh_obj__in=people),
    ):
        for name, name_zh, others in rows.values_list("name", "name_zh", "other_names"):
            names |= {name, name_zh, *others}
    return sorted(names - {""}, key=len, reverse=True)


def named_elsewhere(person: Person, *, most: int = 30) -> list[models.Model]:
    """Rows of others whose words hold a name of the person: no removal rewrites those.

    Found by each full name and by a family name of four letters or more. Reads whole tables.
    """
    people = [person.pk, *merged_into(person.pk)]
    names = names_of(people)
    family = {name.split()[-1] for name in names if name.isascii() and " " in name}
    words = {*names, *(name for name in family if len(name) > 3)}
    found: list[models.Model] = []
    for model, columns, own in (
        (Event, ("summary", "summary_zh", "disagreement"), "person__in"),
        (Citation, ("states",), "event__person__in"),
        (Reading, ("note",), "package__person__in"),
        (Wave, ("title", "title_zh", "summary", "summary_zh"), ""),
        (Source, ("title",), ""),
    ):
        said = Q()
        for column in columns:
            for word in words:
                said |= Q(**{f"{column}__icontains": word})
        rows: Any = model._default_manager.filter(said)
        others = rows.exclude(**{own: people}) if own else rows
        found += others.order_by("pk")[:most]
    return found


def ends_of(events: list[int], packages: list[int]) -> set[int | None]:
    """The companies whose pages and numbers change."""
    ends = Event.objects.filter(pk__in=events).values_list(
        "company", "counterpart_company"
    )
    payers = Package.objects.filter(pk__in=packages).values_list(
        "organization__company", flat=True
    )
    return {company for pair in ends for company in pair} | {*payers}
