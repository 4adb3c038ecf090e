"""Taking an import back: what nobody touched since goes, the rest stays and is named.

Everything an import wrote stands in the history under one context; whatever else stands there
about one of its rows was done later, by somebody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.intake.imports.making import Refused
from talent.intake.models import Import
from talent.registry.models import (
    Citation,
    Event,
    EventReason,
    Finding,
    LinkCheck,
    Organization,
    Package,
    Person,
    Reading,
    Source,
)
from talent.registry.models.events import Status
from talent.registry.recording import Editor, queue_behind_writers, recorded_as

# Beside the events: in this order, because a source is cited by readings.
BESIDE: dict[str, type[models.Model]] = {
    "person": Person,
    "organization": Organization,
    "source": Source,
}


@dataclass(frozen=True)
class Stays:
    row: models.Model
    why: str


@dataclass
class Undoing:
    """What goes, and what stays with the reason."""

    events: list[int] = field(default_factory=list)
    beside: dict[str, list[int]] = field(default_factory=dict)
    stays: list[Stays] = field(default_factory=list)
    gone: int = 0


def undoing_of(upload: Import) -> Undoing:
    """Two dozen queries, whatever the size of the import."""
    undoing = Undoing()
    made = [key for _row, key in upload.made.get("events", [])]
    edited = edited_events(made, upload)
    used = in_use(Event, made, PARTS_OF_EVENT)
    there = Event.objects.filter(pk__in=made).select_related("person", "organization")
    undoing.gone = len(made)
    for event in there.order_by("pk"):
        undoing.gone -= 1
        if event.status != Status.DRAFT:
            why = _("It is %(status)s.") % {"status": event.get_status_display()}
        elif event.pk in edited:
            why = _("Somebody edited it since.")
        elif event.pk in used:
            why = _("Something else refers to it by now.")
        else:
            undoing.events.append(event.pk)
            continue
        undoing.stays.append(Stays(event, why))
    return undoing


# What goes with an event, and what only tells of it.
DERIVED: set[Any] = {Finding, LinkCheck}
PARTS_OF_EVENT: set[Any] = {Citation, EventReason, Package}
HOLDS = (models.PROTECT, models.CASCADE)


def edited_events(events: list[int], upload: Import) -> set[int]:
    """Those of which anything was written outside the import: the event or a part of it."""
    packages = dict(
        Package.objects.filter(event__in=events).values_list("pk", "event_id")
    )
    edited = written_since(Event, "pgh_obj_id", events, upload)
    for part in (Citation, EventReason, Package):
        edited |= written_since(part, "event_id", events, upload)
    readings = written_since(Reading, "package_id", packages, upload)
    return edited | {packages[package] for package in readings}


def written_since(
    model: type[models.Model], column: str, keys: Iterable[int], upload: Import
) -> set[int]:
    history: Any = model._meta.get_field("history").related_model
    rows = history._default_manager.filter(**{f"{column}__in": list(keys)})
    later = rows.exclude(pgh_context=upload.context)
    return set(later.order_by().values_list(column, flat=True).distinct())


def in_use(
    model: type[models.Model], keys: list[int], apart_from: set[Any]
) -> set[int]:
    """Which of these rows some other row of the record points to."""
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
    used = models.Q(pk__in=[])
    for relation in model._meta.related_objects:
        pointing: Any = relation.related_model
        if (
            pointing._meta.app_label != model._meta.app_label
            or pointing in apart_from | DERIVED
            or relation.on_delete not in HOLDS
        ):
            continue
        here = pointing._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        if pointing is model:
            # A company points to itself.
            here = here.exclude(pk=OuterRef("pk"))
        used |= models.Q(Exists(here))
    return set(rows.filter(used).values_list("pk", flat=True))


@transaction.atomic
def undo(upload: Import, *, by: Editor) -> Undoing:
    """Delete what nobody touched. Raises Refused when it is not done, or undone already."""
    queue_behind_writers()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    claimed = Import.objects.filter(pk=upload.pk, state=Import.State.DONE)
    if not claimed.update(state=Import.State.UNDONE, undone_at=timezone.now()):
        raise Refused(_("Nothing was undone: it is not imported, or undone already."))
    upload.refresh_from_db()
    undoing = undoing_of(upload)
    with recorded_as(by, reason=f"Import {upload.pk} undone: {upload.name}"[:300]):
        Package.objects.filter(event__in=undoing.events).delete()
        Event.objects.filter(pk__in=undoing.events).delete()
        for name, model in BESIDE.items():
            take_away(name, model, upload, undoing)
    return undoing


def take_away(
    name: str, model: type[models.Model], upload: Import, undoing: Undoing
) -> None:
    made = upload.made.get(name, [])
    edited = written_since(model, "pgh_obj_id", made, upload)
    used = in_use(model, made, set())
    goes = [key for key in made if key not in edited | used]
    for row in model._default_manager.filter(pk__in=edited | used).order_by("pk"):
        why = (
            _("It is used elsewhere.")
            if row.pk in used
            else _("Somebody edited it since.")
        )
        undoing.stays.append(Stays(row, why))
    if model is Organization:
        # Each is its own company: Django would not let it go.
        Organization.objects.filter(pk__in=goes).update(company=None)
    model._default_manager.filter(pk__in=goes).delete()
    undoing.beside[name] = goes
