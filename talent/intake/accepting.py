"""Deciding about a proposal: accept, attach, reject, later, and the undoing of each.

Each verb is one transaction with one winner, and writes the record through the curation verbs
only: an accepted proposal is a draft until somebody publishes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate
from talent.intake.models import Article, Proposal
from talent.registry import curation, upkeep
from talent.registry.models import (
    Citation,
    Event,
    Organization,
    Package,
    Person,
    Reading,
    Source,
)
from talent.registry.models.events import COUNTED, Standing, Status
from talent.registry.recording import Editor, queue_behind_writers, recorded_as
from talent.registry.revisions import version_of
from talent.registry.source_lines import SourceLine
from talent.registry.upkeep import is_public

State = Proposal.State
OPEN = (State.NEW, State.LATER)


class Refused(Exception):
    """Says in a sentence why nothing was changed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the curator takes the proposal to say. Unsaved rows are new ones."""

    person: Person
    organization: Organization
    counterpart: Organization | None
    date: PartialDate
    title: str = ""
    standing: str = Standing.REPORTED
    with_pay: bool = True


# -- Accepting -------------------------------------------------------------------------


@transaction.atomic
def accept(
    proposal: Proposal,
    choice: Choice,
    *,
    by: Editor,
    at: datetime,
    publish: bool = False,
) -> Event:
    """Draft the event with its person, organizations, source, citation and package.

    With `publish` it is published at once. Raises Refused when somebody decided before.
    """
    queue_behind_writers()
    decide(proposal, State.ACCEPTED, by=by, at=at)
    made: dict[str, Any] = {"rows": []}
    for row in (choice.person, choice.organization, choice.counterpart):
        if row is not None and row._state.adding:
            upkeep.create_named(row, by=by)
            made["rows"].append([row._meta.model_name, row.pk])
    event = event_of(proposal, choice)
    url = proposal.article.url
    curation.create_draft(event, by=by, sources=lines(url))
    source = told_source(proposal.article, made, by=by, at=at) if url else None
    if choice.with_pay and proposal.amount and event.is_hire:
        package = curation.create_package(event, outcome=outcome_of(event), by=by)
        add_figure(package, proposal, source, standing=event.standing, by=by)
    if publish:
        curation.publish(event, at=at, by=by)
    made["version"] = version_of(event)
    keep(proposal, event=event, made=made)
    return event


def event_of(proposal: Proposal, choice: Choice) -> Event:
    return Event(
        kind=proposal.kind,
        person=choice.person,
        organization=choice.organization,
        counterpart=choice.counterpart,
        title=choice.title,
        happened_on=choice.date.first,
        precision=choice.date.precision,
        date_basis=Event.DateBasis.REPORTED,
        standing=choice.standing,
    )


def lines(url: str) -> list[SourceLine]:
    return [SourceLine(url)] if url else []


def told_source(
    article: Article, made: dict[str, Any], *, by: Editor, at: datetime
) -> Source:
    """The article's page as a source, with what is known of it filled in, never replaced."""
    source = Source.objects.get(url=article.url)
    if source.created_at >= at:
        made["rows"].append(["source", source.pk])
    known = {
        "title": article.title,
        "publisher": article.publisher,
        "language": article.language,
    }
    empty: dict[str, Any] = {
        name: text for name, text in known.items() if not getattr(source, name)
    }
    if article.published_on and not source.published_on:
        empty["published_on"] = article.published_on
        empty["published_precision"] = article.published_precision
    if empty:
        for name, value in empty.items():
            setattr(source, name, value)
        upkeep.rewrite(source, at=at, by=by)
    return source


def outcome_of(hire: Event) -> str:
    """Whoever joined took the offer; where that is in doubt, so is this."""
    sure = hire.standing in COUNTED and not hire.never_started
    return Package.Outcome.ACCEPTED if sure else Package.Outcome.UNKNOWN


def add_figure(
    package: Package,
    proposal: Proposal,
    source: Source | None,
    *,
    standing: str,
    by: Editor,
) -> Reading:
    """The figure as it was stated. A total stays a total: `years` only if they were stated."""
    stated: dict[str, Any] = proposal.amount or {}
    with recorded_as(by):
        return Reading.objects.create(
            package=package, source=source, standing=standing, **stated
        )


# -- The other decisions ---------------------------------------------------------------


@transaction.atomic
def attach(
    proposal: Proposal, event: Event, *, by: Editor, at: datetime, with_pay: bool = True
) -> None:
    """Cite the article for an event the record has, and its figure for the package.

    A hire without a package gets one. Raises Refused.
    """
    queue_behind_writers()
    url = proposal.article.url
    if not url:
        raise Refused(_("A pasted text without an address is no source to cite."))
    decide(proposal, State.ATTACHED, by=by, at=at)
    made: dict[str, Any] = {"rows": []}
    cited = Citation.objects.filter(event=event, source__url=url).exists()
    curation.cite(event, lines(url), by=by)
    source = told_source(proposal.article, made, by=by, at=at)
    if not cited:
        citation = Citation.objects.get(event=event, source=source)
        made["rows"].insert(0, ["citation", citation.pk])
    if with_pay and proposal.amount and event.is_hire:
        made["rows"][:0] = attach_pay(event, proposal, source, by=by, at=at)
        made["version"] = version_of(event)
    keep(proposal, event=event, made=made)


def attach_pay(
    event: Event, proposal: Proposal, source: Source, *, by: Editor, at: datetime
) -> list[list[Any]]:
    """Add the figure to the event's package, made if there is none; the rows that are new.

    Nothing where the package has this figure from this page already.
    """
    new: list[list[Any]] = []
    package = Package.objects.filter(event=event).first()
    if package is None:
        package = curation.create_package(event, outcome=outcome_of(event), by=by)
        new = [["package", package.pk]]
    elif states_already(package, proposal, source.url):
        return []
    figure = add_figure(package, proposal, source, standing=proposal.standing, by=by)
    Package.objects.filter(pk=package.pk).update(updated_at=at)
    if is_public(package):
        curation.announce_package(package)
    return [["reading", figure.pk], *new]


def states_already(package: Package, proposal: Proposal, url: str) -> bool:
    """Reads loaded readings with their sources, where they are loaded."""
    stated: dict[str, Any] = proposal.amount or {}
    return any(
        reading.source is not None
        and reading.source.url == url
        and all(
            getattr(reading, name) == stated.get(name)
            for name in ("currency", "low", "high", "form")
        )
        for reading in package.readings.all()
    )


@transaction.atomic
def reject(proposal: Proposal, *, reason: str, by: Editor, at: datetime) -> None:
    """Raises Refused without a reason, or when somebody decided before."""
    if not reason.strip():
        raise Refused(_("Say why in a few words; it stays beside the article."))
    decide(proposal, State.REJECTED, by=by, at=at, reason=reason.strip()[:300])


@transaction.atomic
def put_off(proposal: Proposal, *, by: Editor, at: datetime) -> None:
    """For later: out of the inbox, and not forgotten. Raises Refused."""
    decide(proposal, State.LATER, by=by, at=at)


def decide(
    proposal: Proposal, state: str, *, by: Editor, at: datetime, reason: str = ""
) -> None:
    columns: dict[str, Any] = {
        "state": state,
        "reason": reason,
        "decided_by": by,
        "decided_at": at,
    }
    still_open = Proposal.objects.filter(pk=proposal.pk, state__in=OPEN)
    if not still_open.update(**columns):
        raise Refused(already(proposal))
    for name, value in columns.items():
        setattr(proposal, name, value)


def already(proposal: Proposal) -> str:
    proposal.refresh_from_db()
    return _("It was %(state)s already by %(who)s.") % {
        "state": proposal.get_state_display(),
        "who": proposal.decided_by or _("somebody"),
    }


def keep(proposal: Proposal, *, event: Event, made: dict[str, Any]) -> None:
    proposal.event, proposal.made = event, made
    proposal.save(update_fields=["event", "made"])


# -- Undoing ---------------------------------------------------------------------------

UNDONE = "undone at the desk"
# A figure readers have seen takes two editors to withdraw; a slip of the hand does not.
SECOND_THOUGHTS = timedelta(minutes=15)

# What accepting may have made besides the event and its package.
MADE: dict[str, type[models.Model]] = {
    "reading": Reading,
    "package": Package,
    "citation": Citation,
    "source": Source,
    "person": Person,
    "organization": Organization,
}


@transaction.atomic
def undo(proposal: Proposal, *, by: Editor, at: datetime) -> None:
    """Take the decision back: what it made goes, and the proposal waits again.

    What readers saw is withdrawn, not deleted. Raises Refused where the event was changed
    since, or nothing was decided.
    """
    queue_behind_writers()
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.state == State.NEW:
        raise Refused(_("Nothing was decided about it yet."))
    if proposal.state == State.ACCEPTED and proposal.event is not None:
        take_back(proposal, proposal.event, by=by, at=at)
    elif proposal.state == State.ATTACHED:
        detach(proposal, by=by, at=at)
    Proposal.objects.filter(pk=proposal.pk).update(
        state=State.NEW,
        reason="",
        decided_by=None,
        decided_at=None,
        event=None,
        made={},
    )


def detach(proposal: Proposal, *, by: Editor, at: datetime) -> None:
    """The citation goes, and a figure that came with it: see SECOND_THOUGHTS."""
    event, rows = proposal.event, proposal.made.get("rows", [])
    figures = [key for name, key in rows if name == "reading"]
    package = Package.objects.filter(readings__in=figures).first()
    if package is not None and event is not None:
        unchanged(event, proposal)
        assert proposal.decided_at is not None
        if is_public(package) and at > proposal.decided_at + SECOND_THOUGHTS:
            raise Refused(
                _(
                    "Readers have seen the figure: correct it, mark it as contradicted with "
                    "a note, or ask a second editor to withdraw the package."
                )
            )
        if is_public(package):
            curation.announce_package(package)
    with recorded_as(by, reason=UNDONE):
        delete_made(rows)


def unchanged(event: Event, proposal: Proposal) -> None:
    if version_of(event) != proposal.made.get("version"):
        raise Refused(
            _("“%(event)s” was changed since: open it and decide there.")
            % {"event": event}
        )


def take_back(proposal: Proposal, event: Event, *, by: Editor, at: datetime) -> None:
    unchanged(event, proposal)
    if event.status == Status.PUBLISHED:
        curation.withdraw(event, at=at, by=by, reason=UNDONE)
        return
    with recorded_as(by, reason=UNDONE):
        Package.objects.filter(event=event).delete()
        event.delete()
        delete_made(proposal.made.get("rows", []))


def delete_made(rows: Iterable[list[Any]]) -> None:
    """What nothing else refers to by now."""
    for name, key in rows:
        row = MADE[name]._default_manager.filter(pk=key).first()
        if row is None:
            continue
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            continue  # used since
