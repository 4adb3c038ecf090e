"""From a reader's request for removal to a removal: two editors decide, the tip follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from talent.accounts.models import User
from talent.intake.models import Tip
from talent.registry import approvals
from talent.registry.models import Approval, Person
from talent.registry.models.approvals import Act


@transaction.atomic
def ask_for_removal(
    tip: Tip, *, by: User, at: datetime, reason: str
) -> Approval | None:
    """Ask a second editor to remove what the tip is about; the tip follows what becomes of it.

    None where it is about nothing that can be removed, or that was asked for already.
    """
    subject = tip.event or tip.person
    if subject is None:
        return None
    act = Act.REMOVE_PERSON if isinstance(subject, Person) else Act.REMOVE_EVENT
    asked = approvals.ask(act, subject, by=by, at=at, reason=reason)
    if asked is not None:
        Tip.objects.open().filter(pk=tip.pk).update(
            state=Tip.State.LOOKING, approval=asked
        )
        tip.refresh_from_db()
    return asked


def forget_removed(
    *,
    at: datetime,
    people: list[int],
    events: list[int],
    names: list[str],
    **_signal: Any,
) -> None:
    """With a removal, in its transaction: close the requests for it, and forget every word
    that readers sent about what was removed.
    """
    about = Q(person__in=people) | Q(event__in=events) | Q(became__in=events)
    for name in names:
        about |= Q(text__icontains=name) | Q(details__icontains=name)
    gone = Tip.objects.filter(about)
    gone.filter(kind=Tip.Kind.REMOVAL).exclude(state=Tip.State.REFUSED).update(
        state=Tip.State.TAKEN, decided_at=at
    )
    gone.update(text="", details={}, url="")
