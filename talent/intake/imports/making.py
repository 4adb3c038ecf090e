"""Carrying out an import: every row that is to be made, as a draft, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from talent.intake.imports.matching import Match, typed_person
from talent.intake.imports.planning import CHOOSE, Plan, Planned, event_of, plan_of
from talent.intake.models import Import
from talent.registry import bulk
from talent.registry.models import Event, Organization, Package, Person, Reading
from talent.registry.models.events import Standing
from talent.registry.models.organizations import Seat
from talent.registry.recording import Editor, queue_behind_writers, recorded_as


class Refused(Exception):
    """Says in a sentence why nothing was imported, or nothing undone."""


def carry_out(upload: Import, *, seen: str, at: datetime, by: Editor) -> int:
    """Import what the curator saw (`seen`: the digest of that plan); returns how many events.

    Raises Refused where the plan is another by now, a choice is open, or it was done before.
    """
    with transaction.atomic():
        queue_behind_writers()
        # The limit on a page's statements is not meant for a sheet of thousands.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        upload = Import.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if upload.state != Import.State.OPEN:
            raise Refused(_("It was imported already: nothing was made twice."))
        plan = plan_of(upload)
        check(plan, seen)
        # One context around all: what else is written about these rows came later.
        with recorded_as(by, reason=f"Import {upload.pk}: {upload.name}"[:300]):
            made = make(plan.made, by=by)
        upload.state, upload.done_at = Import.State.DONE, at
        upload.made, upload.context = made, context_of(made)
        upload.save(update_fields=["state", "done_at", "made", "context"])
    return len(made["events"])


def check(plan: Plan, seen: str) -> None:
    if plan.counts[CHOOSE]:
        raise Refused(
            _("Nothing was imported: %(count)s rows wait for a choice.")
            % {"count": plan.counts[CHOOSE]}
        )
    if plan.digest != seen:
        raise Refused(
            _(
                "Nothing was imported: the record or your choices changed since you looked. "
                "Look again, then confirm."
            )
        )
    if not plan.made:
        raise Refused(_("Nothing was imported: no row is to be made."))


def make(rows: list[Planned], *, by: Editor) -> dict[str, Any]:
    """Returns by table the keys of what is new, of the events each with the number of its row."""
    people, organizations = new_people(rows), new_organizations(rows)
    bulk.create_all_named([*people.values()], by=by)
    bulk.create_all_named([*organizations.values()], by=by)
    drafts = []
    for row in rows:
        event = event_of(
            row,
            meant(row.person, people),
            meant(row.organization, organizations),
            meant(row.counterpart, organizations),
        )
        drafts.append((event, row.values.get("sources") or []))
    sources = bulk.create_drafts(drafts, by=by)
    events = [event for event, _lines in drafts]
    add_pay(rows, events, by=by)
    return {
        "events": [(row.number, event.pk) for row, event in zip(rows, events, strict=True)],
        "person": keys(people.values()),
        "organization": keys(organizations.values()),
        "source": keys(sources.values()),
    }  # fmt: skip


def keys(rows: Any) -> list[int]:
    return [row.pk for row in rows]


def meant(match: Match | None, new: dict[str, Any]) -> Any:
    if match is None:
        return None
    return new[match.key] if match.is_new else match.chosen


def new_people(rows: list[Planned]) -> dict[str, Person]:
    """By the key of their name: one for each name, however many rows have it."""
    people: dict[str, Person] = {}
    for row in rows:
        if row.person is not None and row.person.is_new:
            names = row.values.get("person"), row.values.get("person_zh") or ""
            people.setdefault(row.person.key, typed_person(*names))
    return people


def new_organizations(rows: list[Planned]) -> dict[str, Organization]:
    """The seat is that of the organization joined or left, whichever row says it."""
    organizations: dict[str, Organization] = {}
    seats: dict[str, str] = {}
    for row in rows:
        for match in (row.organization, row.counterpart):
            if match is not None and match.is_new:
                organizations.setdefault(match.key, Organization(name=match.typed))
        if row.organization is not None and row.values.get("seat"):
            seats.setdefault(row.organization.key, row.values.get("seat"))
    for key, organization in organizations.items():
        organization.seat = seats.get(key, Seat.OTHER)
    return organizations


def add_pay(rows: list[Planned], events: list[Event], *, by: Editor) -> None:
    """The figures as they were stated, each with the first source of its row."""
    paid = [
        (row, event)
        for row, event in zip(rows, events, strict=True)
        if row.values.get("amount")
    ]
    lines = [row.values.get("sources") or [] for row, _event in paid]
    sources = bulk.sources_at({some[0].url for some in lines if some})
    readings = []
    for (row, event), cited in zip(paid, lines, strict=True):
        said = row.values.get
        low, high = said("amount")
        hearsay = event.standing == Standing.RUMOURED
        outcome = said("outcome") or (
            Package.Outcome.UNKNOWN if hearsay else Package.Outcome.ACCEPTED
        )
        reading = Reading(
            form=said("form") or Reading.Form.TOTAL_PACKAGE,
            currency=said("currency") or "USD",
            low=low,
            high=high,
            qualifier=said("qualifier") or "",
            years=said("years"),
            standing=event.standing,
            source=sources[cited[0].url] if cited else None,
        )
        readings.append((event, outcome, reading))
    bulk.create_packages(readings, by=by)


def context_of(made: dict[str, Any]) -> Any:
    history: Any = Event._meta.get_field("history").related_model
    first = made["events"][0][1]
    rows = history._default_manager.filter(pgh_obj=first).order_by("pgh_id")
    return rows.values_list("pgh_context", flat=True).first()
