"""A curator says that something is right as it is; or takes that back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from talent.accounts.models import User
from talent.registry.models import Dismissal, Finding
from talent.registry.recording import recorded_as

Editor = User | None


@transaction.atomic
def dismiss(
    finding: Finding, *, reason: str, facts: str, at: datetime, by: Editor
) -> bool:
    """Set the finding aside for as long as it rests on these facts.

    `facts` are those the curator saw. Returns False, and keeps nothing, when the finding
    rests on others by now or is gone.
    """
    seen = Finding.objects.filter(pk=finding.pk, facts=facts)
    if not seen.update(dismissed=True):
        return False
    with recorded_as(by, reason=reason):
        Dismissal.objects.update_or_create(
            kind=finding.kind,
            key=finding.key,
            defaults={
                "facts": facts,
                "reason": reason,
                "dismissed_by": by,
                "dismissed_at": at,
            },
        )
    return True


@transaction.atomic
def restore(finding: Finding, *, by: Editor) -> None:
    """Put a dismissed finding on the list again."""
    Finding.objects.filter(pk=finding.pk).update(dismissed=False)
    with recorded_as(by):
        Dismissal.objects.filter(kind=finding.kind, key=finding.key).delete()
