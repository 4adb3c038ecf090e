"""What a suggested event would be in the record: known rows where a name says so, else new ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from talent.accounts.models import User
from talent.common.partial_dates import PartialDate
from talent.intake import tips
from talent.intake.models import Tip
from talent.registry import upkeep
from talent.registry.models import Event, Organization, Person
from talent.registry.models.organizations import Seat

Named = Person | Organization


@dataclass(frozen=True, slots=True)
class Draft:
    """Rows without a key are new ones. `date`: as typed where it can be read, else the day
    the tip came in. The curator checks all of it in the draft.
    """

    person: Person
    organization: Organization
    other: Organization | None
    kind: str
    date: PartialDate
    date_was_read: bool


def draft_of(tip: Tip) -> Draft:
    stated: dict[str, str] = tip.details
    organization = row_called(Organization, stated["organization"])
    other = stated.get("other", "")
    try:
        date, read = PartialDate.parse(stated.get("date", "")), True
    except ValueError:
        date, read = PartialDate(tip.received_at.date()), False
    return Draft(
        row_called(Person, stated["person"]),
        organization,
        row_called(Organization, other) if other else None,
        stated["kind"],
        date,
        read,
    )


def row_called(model: type[Any], name: str) -> Any:
    """The one row with exactly this name, or a new one: two of a name are never guessed between."""
    found = [
        row
        for row in model.objects.unmerged().named(name).order_by("pk")[:50]
        if name.casefold()
        in {each.casefold() for each in (row.name, row.name_zh, *row.other_names)}
    ]
    if len(found) == 1:
        return found[0]
    row = model(name=name)
    if model is Organization:
        row.seat = Seat.OTHER
    return row


@transaction.atomic
def accept(tip: Tip, *, by: User, at: datetime) -> Event | None:
    """Draft the suggested event in one go. None when somebody decided before."""
    draft = draft_of(tip)
    rows: tuple[Named | None, ...] = (draft.person, draft.organization, draft.other)
    for row in rows:
        if row is not None and row._state.adding:
            upkeep.create_named(row, by=by)
    event = Event(
        kind=draft.kind,
        person=draft.person,
        organization=draft.organization,
        counterpart=draft.other if draft.other != draft.organization else None,
        happened_on=draft.date.first,
        precision=draft.date.precision,
    )
    made = tips.accept_into_draft(tip, event, by=by, at=at)
    if made is None:
        transaction.set_rollback(True)
    return made


def prefilled(tip: Tip) -> str:
    """The address of the form for a new event with what the tip says typed in."""
    draft = draft_of(tip)
    typed: dict[str, Any] = {"kind": draft.kind, "new_sources": tip.url}
    if draft.date_was_read:
        typed["date"] = draft.date.isoformat()
    ends = {
        "person": draft.person,
        "organization": draft.organization,
        "counterpart": draft.other,
    }
    typed |= {name: row.pk for name, row in ends.items() if row is not None and row.pk}
    return f"{reverse('admin:registry_event_add')}?{urlencode(typed)}"
