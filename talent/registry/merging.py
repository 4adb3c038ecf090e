"""Two rows found to be one person or one organization: doing it, undoing it, addresses.

What pointed to the row merged away points to the kept one afterwards; the row itself
stays, marked `merged_into`, so that its address leads on and the merge can be undone.
A merge is one transaction and, like every verb, queues behind other writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from talent.accounts.models import User
from talent.registry.curation import (
    announce,
    queue_behind_writers,
    recorded_as,
)
from talent.registry.merge_plan import (
    KINDS,
    LISTS,
    MODELS,
    POINTERS,
    MergePreview,
    Pointer,
    Row,
    RowT,
    above,
    conflicts_between,
    lists_after,
    preview_organizations,
    preview_people,
)
from talent.registry.models import Event, Merge, Organization, Person
from talent.registry.models.events import units_within

__all__ = [
    "MergePreview",
    "MergeRefused",
    "left_behind",
    "merge_organizations",
    "merge_people",
    "preview_organizations",
    "preview_people",
    "resolve_organization",
    "resolve_person",
    "undo",
]

Names = dict[str, dict[str, list[str]]]
Editor = User | None

AT_ONCE = 5_000


class MergeRefused(Exception):
    """Says in a sentence why nothing was merged, or nothing undone."""


# -- Merging ---------------------------------------------------------------------------


def merge_people(kept: Person, dropped: Person, *, by: Editor, at: datetime) -> Merge:
    """Make two people one. See `merge`."""
    return merge(kept, dropped, by=by, at=at)


def merge_organizations(
    kept: Organization, dropped: Organization, *, by: Editor, at: datetime
) -> Merge:
    """Make two organizations one. See `merge`."""
    return merge(kept, dropped, by=by, at=at)


@transaction.atomic
def merge(kept: RowT, dropped: RowT, *, by: Editor, at: datetime) -> Merge:
    """Move everything of the dropped row to the kept one.

    Raises MergeRefused with the sentences of the preview where it cannot be done. The
    same merge a second time changes nothing and returns the first one, with its time.
    """
    take_the_time_it_takes()
    queue_behind_writers()
    model = type(kept)
    kept, dropped = fresh(model, kept.pk), fresh(model, dropped.pk)
    if (earlier := standing_merge(kept, dropped)) is not None:
        return earlier
    if conflicts := conflicts_between(kept, dropped):
        raise MergeRefused(" ".join(conflicts))
    # Kept in the history, so not in the language of whoever merges.
    summary = f"{dropped.name} ({dropped.slug}) merged into {kept.name} ({kept.slug})"
    with recorded_as(by, reason=summary):
        rows = rows_of(model)
        free = rows.filter(pk=dropped.pk, merged_into=None)
        if not free.update(merged_into=kept.pk, updated_at=at):
            raise MergeRefused(_("Somebody merged one of the two just now."))
        touched = touched_by(kept, dropped)
        moved = {
            pointer.key: move(pointer, dropped, kept, at=at)
            for pointer in POINTERS[model]
        }
        before = {name: getattr(kept, name) for name in LISTS[model]}
        after = lists_after(kept, dropped)
        rows.filter(pk=kept.pk).update(**after, updated_at=at)
    announce(**touched)
    return Merge.objects.create(
        kind=KINDS[model],
        kept_id=kept.pk,
        dropped_id=dropped.pk,
        summary=summary[:500],
        moved=moved,
        names_before={
            name: {"before": before[name], "after": after[name]} for name in before
        },
        merged_at=at,
        merged_by=by,
    )


def take_the_time_it_takes() -> None:
    """Lift the limit on a page's statements until commit.

    The largest company of a record of millions moves tens of thousands of rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def fresh(model: type[Row], pk: int) -> Any:
    """The row as it is now, whatever the copy in the caller's hands says."""
    row = rows_of(model).filter(pk=pk).select_related("merged_into").first()
    if row is None:
        raise MergeRefused(_("One of the two rows was deleted."))
    return row


def rows_of(model: type[Row]) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model._default_manager.all()
    return rows


def standing_merge(kept: Row, dropped: Row) -> Merge | None:
    """The merge of just these two that nobody undid."""
    if dropped.merged_into_id != kept.pk:
        return None
    return (
        Merge.objects.filter(
            kind=KINDS[type(kept)],
            kept_id=kept.pk,
            dropped_id=dropped.pk,
            undone_at=None,
        )
        .order_by("-pk")
        .first()
    )


def move(pointer: Pointer, old: Row, new: Row, *, at: datetime) -> list[int]:
    rows = pointer.rows(old)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if ids:
        rows.update(**pointer.written(new, at))
    return ids


def touched_by(kept: Row, dropped: Row) -> dict[str, set[int | None]]:
    """The people and companies whose careers and numbers change with a merge.

    Ask while the rows are with the dropped one: before merging, after undoing.
    """
    if isinstance(kept, Person):
        events = Event.objects.filter(person__in=(kept.pk, dropped.pk))
        people: set[int | None] = {kept.pk, dropped.pk}
        companies: set[int | None] = set()
    else:
        assert isinstance(dropped, Organization)
        inside = units_within(dropped)
        events = Event.objects.filter(
            models.Q(organization__in=inside) | models.Q(counterpart__in=inside)
        )
        people, companies = set(), {kept.company_id, dropped.company_id}
    for person, *ends in events.values_list(
        "person", "company", "counterpart_company"
    ).distinct():
        people.add(person)
        companies.update(ends)
    return {"people": people, "companies": companies}


# -- Undoing ---------------------------------------------------------------------------


@transaction.atomic
def undo(merge: Merge, *, by: Editor, at: datetime) -> bool:
    """Take a merge back. Returns False when that was done already.

    Moves back what the merge moved and still is where it put it; `left_behind` tells
    what is not. Of the names it added, those still there are taken off again. Raises
    MergeRefused while a later merge builds on this one.
    """
    take_the_time_it_takes()
    queue_behind_writers()
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=at):
        return False
    model = MODELS[merge.kind]
    kept, dropped = fresh(model, merge.kept_id), fresh(model, merge.dropped_id)
    if kept.merged_into is not None:
        raise MergeRefused(
            _("%(row)s was merged into %(other)s since: undo that merge first.")
            % {"row": kept, "other": kept.merged_into}
        )
    with recorded_as(by, reason=f"Undone: {merge.summary}"):
        rows_of(model).filter(pk=dropped.pk, merged_into=kept.pk).update(
            merged_into=None, updated_at=at
        )
        for pointer in POINTERS[model]:
            move_back(pointer, merge, kept, dropped, at=at)
        rows_of(model).filter(pk=kept.pk).update(
            **lists_without(kept, merge.names_before), updated_at=at
        )
    announce(**touched_by(kept, dropped))
    merge.refresh_from_db()
    return True


def move_back(
    pointer: Pointer, merge: Merge, kept: Row, dropped: Row, *, at: datetime
) -> None:
    for ids in batches(merge, pointer):
        rows = pointer.among(ids).filter(**{pointer.column: kept.pk})
        if pointer.other:
            rows = rows.exclude(**{pointer.other: dropped.pk})
        if isinstance(dropped, Organization) and pointer.column == "parent":
            rows = rows.exclude(pk__in=[dropped.pk, *above(dropped)])
        rows.update(**pointer.written(dropped, at))


def batches(merge: Merge, pointer: Pointer) -> Iterable[list[int]]:
    ids: list[int] = merge.moved.get(pointer.key, [])
    return (ids[i : i + AT_ONCE] for i in range(0, len(ids), AT_ONCE))


def lists_without(kept: Row, names: Names) -> dict[str, list[str]]:
    """As before the merge where nobody edited since; else without what it added."""
    lists = {}
    for name, text in names.items():
        now = getattr(kept, name)
        added = set(text["after"]) - set(text["before"])
        left = [entry for entry in now if entry not in added]
        lists[name] = text["before"] if now == text["after"] else left
    return lists


def left_behind(merge: Merge) -> tuple[list[models.Model], int]:
    """What undoing cannot or could not move back: rows edited since, and how many are
    gone.
    """
    model = MODELS[merge.kind]
    place = merge.dropped_id if merge.undone_at else merge.kept_id
    elsewhere: list[models.Model] = []
    gone = 0
    for pointer in POINTERS[model]:
        for ids in batches(merge, pointer):
            there = pointer.among(ids)
            gone += len(ids) - there.count()
            elsewhere += there.exclude(**{pointer.column: place}).order_by("pk")
    return elsewhere, gone


# -- Old addresses ---------------------------------------------------------------------


def resolve_person(slug: str) -> tuple[Person | None, bool]:
    """Whom an address means, and whether it has moved. See `looked_up`."""
    return resolve(Person, slug)


def resolve_organization(slug: str) -> tuple[Organization | None, bool]:
    """Which one an address means, and whether it has moved. See `looked_up`."""
    return resolve(Organization, slug)


Addresses = dict[tuple[type[models.Model], str], tuple[Any, bool]]
known: ContextVar[Addresses | None] = ContextVar("known", default=None)


@contextmanager
def remembering(addresses: Addresses) -> Iterator[None]:
    """Within, an address found in the dictionary is not looked up again.

    For who reads thousands of filters at one moment: they name the same few companies.
    """
    token = known.set(addresses)
    try:
        yield
    finally:
        known.reset(token)


def resolve(model: type[RowT], slug: str) -> tuple[RowT | None, bool]:
    addresses = known.get()
    if addresses is None:
        return looked_up(model, slug)
    if (model, slug) not in addresses:
        addresses[model, slug] = looked_up(model, slug)
    return addresses[model, slug]


def looked_up(model: type[RowT], slug: str) -> tuple[RowT | None, bool]:
    """The public row behind a current, merged or former address.

    An address in use means the row that uses it now; a former one the last that had it.
    Nothing is told of a row readers cannot see. Two queries, one more for each merge.
    """
    row: RowT | None = rows_of(model).filter(slug=slug).first()
    if row is None:
        row = last_owner(model, slug)
    seen: set[int] = set()
    while row is not None and row.merged_into_id is not None and row.pk not in seen:
        seen.add(row.pk)
        row = rows_of(model).filter(pk=row.merged_into_id).first()
    if row is None or not is_seen(row):
        return None, False
    return row, row.slug != slug


def is_seen(row: Row) -> bool:
    """Whether readers may know it. A place that is an end of an event, as nearly all are that
    somebody asks for, takes a small query instead of one about all that may name it.
    """
    if isinstance(row, Organization) and row.merged_into_id is None:
        near, far = (
            ("organization", "counterpart")
            if row.is_unit
            else ("company", "counterpart_company")
        )
        events = Event.objects.published()
        at_an_end = Exists(events.filter((near, row))) | Exists(
            events.filter((far, row))
        )
        if Organization.objects.filter(at_an_end, pk=row.pk).exists():
            return True
    return type(row).objects.public().filter(pk=row.pk).exists()


def last_owner(model: type[RowT], slug: str) -> RowT | None:
    history: Any = model._meta.get_field("history").related_model
    owners = (
        history._default_manager.filter(slug=slug)
        .order_by("-pgh_id")
        .values_list("pgh_obj_id", flat=True)
    )
    for owner in dict.fromkeys(owners[:20]):
        row: RowT | None = rows_of(model).filter(pk=owner).first()
        if row is not None:
            return row
    return None
