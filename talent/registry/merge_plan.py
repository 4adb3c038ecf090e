"""What a merge of two rows would do, and whether it may be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from talent.registry.models import (
    Deal,
    Event,
    Merge,
    Organization,
    Package,
    Person,
    Reply,
)
from talent.registry.sameness import Evidence, evidence_of

RowT = TypeVar("RowT", Person, Organization)
Row = Person | Organization


@dataclass(frozen=True)
class Pointer:
    """A column that may name the row merged away; `other` must differ from it."""

    model: type[models.Model]
    column: str
    other: str = ""

    @property
    def key(self) -> str:
        return f"{self.model._meta.model_name}.{self.column}"

    @property
    def label(self) -> str:
        name = self.model._meta.get_field(self.column)
        plural = self.model._meta.verbose_name_plural
        return f"{plural} ({name.verbose_name})"  # type: ignore[union-attr]  # a column

    def rows(self, row: Row) -> models.QuerySet[Any]:
        everything: models.QuerySet[Any] = self.model._default_manager.all()
        return everything.filter(**{self.column: row.pk})

    def among(self, ids: list[int]) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.model._default_manager.filter(pk__in=ids)
        return rows

    def written(self, row: Row, at: datetime) -> dict[str, Any]:
        """The columns of an UPDATE; it bypasses save(), so the time is set here too."""
        columns: dict[str, Any] = {self.column: row.pk}
        if any(field.name == "updated_at" for field in self.model._meta.fields):
            columns["updated_at"] = at
        return columns


POINTERS: dict[type[Row], tuple[Pointer, ...]] = {
    Person: (
        Pointer(Event, "person"),
        Pointer(Package, "person"),
        Pointer(Reply, "person"),
    ),
    Organization: (
        Pointer(Event, "organization", other="counterpart"),
        Pointer(Event, "counterpart", other="organization"),
        Pointer(Package, "organization"),
        Pointer(Organization, "parent"),
        Pointer(Deal, "buyer", other="target"),
        Pointer(Deal, "target", other="buyer"),
        Pointer(Reply, "organization"),
    ),
}
# The lists of the kept row that take up what the other one says.
LISTS = {
    Person: ("other_names", "known_for", "education"),
    Organization: ("other_names",),
}
MODELS: dict[str, type[Row]] = {
    Merge.Kind.PERSON.value: Person,
    Merge.Kind.ORGANIZATION.value: Organization,
}
KINDS = {model: kind for kind, model in MODELS.items()}


@dataclass(frozen=True)
class MergePreview(Generic[RowT]):
    """What a merge would do, whether it may be done, and what speaks for it."""

    kept: RowT
    dropped: RowT
    moving: list[tuple[str, int]]
    names_added: list[str]
    conflicts: list[str]
    evidence: Evidence

    @property
    def is_suggested(self) -> bool:
        """Never by a name alone, and not against what the record says."""
        speaks_for = self.evidence.for_it and not self.evidence.against_it
        return bool(speaks_for) and not self.conflicts


def preview_people(kept: Person, dropped: Person) -> MergePreview[Person]:
    return preview(kept, dropped)


def preview_organizations(
    kept: Organization, dropped: Organization
) -> MergePreview[Organization]:
    return preview(kept, dropped)


def preview(kept: RowT, dropped: RowT) -> MergePreview[RowT]:
    counts = [
        (pointer.label, pointer.rows(dropped).count())
        for pointer in POINTERS[type(kept)]
    ]
    names = lists_after(kept, dropped)["other_names"]
    return MergePreview(
        kept=kept,
        dropped=dropped,
        moving=[(label, count) for label, count in counts if count],
        names_added=[name for name in names if name not in kept.other_names],
        conflicts=conflicts_between(kept, dropped),
        evidence=evidence_of(kept, dropped),
    )


def conflicts_between(kept: Row, dropped: Row) -> list[str]:
    """Every reason, as a sentence, why the two cannot be merged as they stand."""
    if kept.pk == dropped.pk:
        return [_("This is one row: choose two.")]
    merged = [
        _("%(row)s was merged into %(other)s already.")
        % {"row": row, "other": row.merged_into}
        for row in (kept, dropped)
        if row.merged_into is not None
    ]
    if isinstance(kept, Organization) and isinstance(dropped, Organization):
        return [*merged, *one_inside_the_other(kept, dropped), *between(kept, dropped)]
    return merged


def one_inside_the_other(one: Organization, other: Organization) -> list[str]:
    return [
        _(
            "%(unit)s is part of %(whole)s. A unit is not merged with what it belongs "
            "to: first change what it is part of."
        )
        % {"unit": unit, "whole": whole}
        for unit, whole in ((one, other), (other, one))
        if whole.pk in above(unit)
    ]


def above(organization: Organization) -> list[int]:
    """The ids of everything it is part of."""
    ids: list[int] = []
    parent = organization.parent_id
    while parent is not None and parent not in ids:
        ids.append(parent)
        parent = Organization.objects.values_list("parent", flat=True).get(pk=parent)
    return ids


def between(one: Organization, other: Organization) -> list[str]:
    """Events and deals that have one at each end."""
    pair = (one.pk, other.pk)
    events = Event.objects.filter(organization__in=pair, counterpart__in=pair)
    deals = Deal.objects.filter(buyer__in=pair, target__in=pair)
    sentences = [
        _(
            "“%(event)s” (%(status)s) moves somebody from one to the other: the two "
            "ends of a move cannot be the same organization. Correct that event first."
        )
        % {"event": event, "status": event.get_status_display()}
        for event in events.with_ends().oldest_first()
    ]
    return sentences + [
        _(
            "The deal “%(deal)s” is between the two: buyer and target differ. Correct "
            "that deal first."
        )
        % {"deal": deal}
        for deal in deals.select_related("buyer", "target").order_by("pk")
    ]


def lists_after(kept: Row, dropped: Row) -> dict[str, list[str]]:
    """The kept row's lists with what the other adds to them, nothing twice."""
    lists = {
        name: once([*getattr(kept, name), *getattr(dropped, name)])
        for name in LISTS[type(kept)]
    }
    names = [
        *kept.other_names,
        dropped.name,
        dropped.name_zh,
        *dropped.other_names,
    ]
    own = {"", kept.name, kept.name_zh}
    lists["other_names"] = once(name for name in names if name not in own)
    return lists


def once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
