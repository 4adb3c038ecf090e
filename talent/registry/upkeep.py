"""Writing the rows that are no events: people, organizations, sources, packages, deals.

They have no status of their own (a package has): readers see them as soon as something
published names them, so a change of one that is public is news.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils.text import slugify

from talent.registry.models import Deal, Event, Organization, Package, Person, Source
from talent.registry.models.events import Status, units_within
from talent.registry.recording import (
    Editor,
    announce,
    insert_with_address,
    recorded_as,
)


@transaction.atomic
def create_named(row: Person | Organization, *, by: Editor) -> None:
    """Insert a new person or organization; without an address it gets one from its name."""
    with recorded_as(by):
        insert_with_address(
            row, row.slug or slugify(row.name) or row._meta.model_name or ""
        )


@transaction.atomic
def rewrite(row: models.Model, *, at: datetime, by: Editor) -> None:
    """Write the edited columns of a row that is no event, and tell whom it touches.

    The caller has made sure that nobody changed it meanwhile.
    """
    columns = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key
    }
    if hasattr(row, "updated_at"):
        columns["updated_at"] = at
    before = touched_by(row)
    with recorded_as(by):
        type(row)._default_manager.filter(pk=row.pk).update(**columns)
    row.refresh_from_db()
    after = touched_by(row)
    if is_public(row):
        announce(people=before[0] | after[0], companies=before[1] | after[1])


def is_public(row: models.Model) -> bool:
    """Whether a reader can see something of the row, so that a change of it shows at once."""
    match row:
        case Event():
            return row.status == Status.PUBLISHED
        case Package():
            return Package.objects.public().filter(pk=row.pk).exists()
        case Person():
            return Person.objects.public().filter(pk=row.pk).exists()
        case Organization():
            # One in the middle decides to which company the units below it belong.
            below = units_within(row)
            return Organization.objects.public().filter(pk__in=below).exists()
        case Source():
            return bool(public_sources([row.pk]))
    return True


def public_sources(keys: Iterable[int]) -> frozenset[int]:
    """Which of these sources a reader can see. One query."""
    shown = Source.objects.filter(
        models.Q(citations__event__status=Status.PUBLISHED)
        | models.Q(readings__package__in=Package.objects.public())
        | models.Q(deal_readings__isnull=False),
        pk__in=keys,
    )
    return frozenset(shown.order_by().values_list("pk", flat=True))


def touched_by(row: models.Model) -> tuple[set[int | None], set[int | None]]:
    """People and companies whose pages show something of this row, as the database holds it."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    match row:
        case Person():
            return {row.pk}, set()
        case Organization():
            return set(), set(rows.values_list("company", flat=True))
        case Package():
            ends = rows.values_list("person", "organization__company")
            return {end[0] for end in ends}, {end[1] for end in ends}
        case Deal():
            ends = rows.values_list("buyer__company", "target__company")
            people = Event.objects.filter(deals=row.pk).values_list("person", flat=True)
            return set(people), {company for pair in ends for company in pair}
    return set(), set()
