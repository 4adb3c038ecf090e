"""What needs two pairs of eyes: denials, withdrawn pay and removals.

One publisher asks and says why, another one approves or declines; no account is above that,
a superuser's neither. Where the site has one active publisher only, that one may approve
after a day has passed, and the history says that nobody else looked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from talent.accounts.models import User
from talent.accounts.roles import PUBLISHER
from talent.registry import curation, removals, upkeep
from talent.registry.models import (
    Approval,
    Deal,
    DealReading,
    Event,
    Package,
    Person,
    Reading,
)
from talent.registry.models.approvals import Act
from talent.registry.models.events import Standing, Status
from talent.registry.recording import recorded_as

ALONE_AFTER = timedelta(hours=24)
REMOVALS = (Act.REMOVE_EVENT, Act.REMOVE_PERSON)
Subject = Event | Package | Reading | DealReading | Person


class Refused(Exception):
    """Says in a sentence why somebody may not decide."""


# -- Asking ------------------------------------------------------------------------------


@transaction.atomic
def ask(
    act: Act, subject: Subject, *, by: User, at: datetime, reason: str
) -> Approval | None:
    """Ask for a second editor's approval. None where the same is asked for already, or is so."""
    if is_done(act, subject):
        return None
    try:
        with transaction.atomic():
            return Approval.objects.create(
                act=act,
                **{act.subject: subject},
                reason=reason,
                asked_by=by,
                asked_at=at,
            )
    except IntegrityError:  # somebody asked before
        return None


def is_done(act: Act, subject: Subject) -> bool:
    """Whether the row, as the database holds it, is what is asked for."""
    rows: models.QuerySet[Subject] = type(subject)._default_manager.filter(
        pk=subject.pk
    )
    match act:
        case Act.DENY_EVENT | Act.DENY_FIGURE | Act.DENY_DEAL_FIGURE:
            return rows.filter(standing=Standing.DENIED).exists()
        case Act.WITHDRAW_PAY:
            return rows.filter(status=Status.WITHDRAWN).exists()
        case Act.PAY_TO_DRAFT:
            return rows.filter(status=Status.DRAFT).exists()
    return removals.is_removed(subject)


def was_public(package: Package) -> bool:
    """Whether readers could see it once: then taking it away needs two."""
    if package.status == Status.PUBLISHED:
        return True
    versions = package.history.filter(status=Status.PUBLISHED)  # type: ignore[attr-defined]  # of pghistory
    return bool(versions.exists())


# -- Deciding ----------------------------------------------------------------------------


@transaction.atomic
def approve(approval: Approval, *, by: User, at: datetime, note: str = "") -> bool:
    """Approve, and do what was asked for. False when somebody decided before.

    Raises Refused where `by` is who asked (see the module for the one exception).
    """
    alone = approval.asked_by_id == by.pk
    if why := why_not(approval, by=by, at=at):
        raise Refused(why)
    claimed = decide(
        approval, Approval.State.APPROVED, by=by, at=at, note=note, alone=alone
    )
    if claimed:
        with recorded_as(by, **said(approval)):
            carry_out(approval, by=by, at=at)
        # Also where there was nothing left to do, or PostgreSQL asks for no approval.
        Approval.objects.filter(pk=approval.pk).update(used=True)
    return claimed


@transaction.atomic
def decline(approval: Approval, *, by: User, at: datetime, note: str) -> bool:
    """Leave everything as it is. By who asked it is a request taken back.

    Returns False when somebody decided before.
    """
    own = approval.asked_by_id == by.pk
    state = Approval.State.TAKEN_BACK if own else Approval.State.DECLINED
    return decide(approval, state, by=by, at=at, note=note)


def why_not(approval: Approval, *, by: User, at: datetime) -> str:
    """Why this editor may not approve; empty if they may."""
    if not publishers().filter(pk=by.pk).exists():
        return _("Only a publisher approves.")
    if approval.asked_by_id != by.pk:
        return ""
    if publishers().exclude(pk=by.pk).exists():
        return _("You asked for it: another publisher approves or declines.")
    if at < approval.asked_at + ALONE_AFTER:
        return _(
            "There is no second publisher. You may approve it yourself once a day has "
            "passed since you asked; the history will say that nobody else looked."
        )
    return ""


def publishers() -> models.QuerySet[User]:
    """Accounts that could approve today."""
    return User.objects.filter(
        Q(is_superuser=True) | Q(groups__name=PUBLISHER), is_active=True, is_staff=True
    ).distinct()


def decide(
    approval: Approval,
    state: Approval.State,
    *,
    by: User,
    at: datetime,
    note: str,
    alone: bool = False,
) -> bool:
    decided = Approval.objects.waiting().filter(pk=approval.pk)
    columns = {"state": state, "decided_by": by, "decided_at": at, "note": note[:300]}
    won = decided.update(**columns, alone=alone)
    approval.refresh_from_db()
    return bool(won)


def said(approval: Approval) -> dict[str, str]:
    """What the history keeps beside the name of whoever approved. A removal leaves no words."""
    told = {"asked_by": str(approval.asked_by_id)}
    if approval.act not in REMOVALS:
        told["reason"] = approval.reason
    if approval.alone:
        told["alone"] = "yes"
    return told


def carry_out(approval: Approval, *, by: User, at: datetime) -> None:
    subject, reason = approval.subject, approval.reason
    match subject:
        case Person():
            removals.remove_person(subject, by=by, at=at)
        case Reading():
            deny_figure(subject, by=by, at=at, reason=reason)
        case DealReading():
            deny_deal_figure(subject, by=by, at=at, reason=reason)
        case Package() if approval.act == Act.WITHDRAW_PAY:
            curation.withdraw_package(subject, by=by, at=at, reason=reason)
        case Package():
            curation.package_back_to_draft(subject, by=by, at=at, reason=reason)
        case Event() if approval.act == Act.REMOVE_EVENT:
            removals.remove_event(subject, by=by, at=at)
        case Event():
            curation.deny(subject, by=by, at=at, reason=reason)


def deny_figure(reading: Reading, *, by: User, at: datetime, reason: str) -> None:
    """Mark one stated figure as denied: it stays where it shows and counts nowhere."""
    with recorded_as(by, reason=reason):
        Reading.objects.filter(pk=reading.pk).update(standing=Standing.DENIED)
        Package.objects.filter(pk=reading.package_id).update(updated_at=at)
    curation.announce_package(reading.package)


def deny_deal_figure(
    reading: DealReading, *, by: User, at: datetime, reason: str
) -> None:
    with recorded_as(by, reason=reason):
        DealReading.objects.filter(pk=reading.pk).update(standing=Standing.DENIED)
    people, companies = upkeep.touched_by(reading.deal)
    curation.announce(people=people, companies=companies)


# -- Looking -----------------------------------------------------------------------------


def waiting_on(by: User, *, at: datetime) -> models.QuerySet[Approval]:
    """What this editor could approve now. Two queries at most, and its own."""
    waiting = Approval.objects.waiting()
    if not publishers().filter(pk=by.pk).exists():
        return waiting.none()
    others = waiting.exclude(asked_by=by)
    if publishers().exclude(pk=by.pk).exists():
        return others
    return others | waiting.filter(asked_by=by, asked_at__lte=at - ALONE_AFTER)


def waiting_for(row: models.Model) -> list[Approval]:
    """What is asked for a row of the desk; an event's package and its figures included."""
    match row:
        case Event():
            asked = (
                Q(event=row) | Q(package__event=row) | Q(reading__package__event=row)
            )
        case Package():
            asked = Q(package=row) | Q(reading__package=row)
        case Deal():
            asked = Q(deal_reading__deal=row)
        case Person():
            asked = Q(person=row)
        case _:
            return []
    found = Approval.objects.waiting().filter(asked)
    return list(found.with_subjects().oldest_first())
