"""What somebody named says, shown beside the record: published, corrected, taken off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from talent.registry.models import Event, Organization, Person, Reply
from talent.registry.models.replies import ABOUT
from talent.registry.recording import Editor, recorded_as


@transaction.atomic
def publish_reply(reply: Reply, *, by: Editor) -> Reply:
    """Show a reply whose writer was verified; readers see it at once.

    ValidationError where it does not say whose words it is or how that was verified.
    """
    reply.clean_fields(exclude=ABOUT)
    reply.validate_constraints()
    with recorded_as(by):
        reply.save()
    return reply


@transaction.atomic
def remove_reply(reply: Reply, *, at: datetime, by: Editor, reason: str) -> bool:
    """Take a reply off the pages. Returns False when it was off already."""
    return reply_becomes(reply, removed_at=at, at=at, by=by, reason=reason)


@transaction.atomic
def show_reply_again(reply: Reply, *, at: datetime, by: Editor, reason: str) -> bool:
    return reply_becomes(reply, removed_at=None, at=at, by=by, reason=reason)


def reply_becomes(
    reply: Reply, *, removed_at: datetime | None, at: datetime, by: Editor, reason: str
) -> bool:
    rows = Reply.objects.filter(pk=reply.pk, removed_at__isnull=removed_at is not None)
    with recorded_as(by, reason=reason):
        changed = rows.update(removed_at=removed_at, updated_at=at)
    reply.refresh_from_db()
    return bool(changed)


def replies_about(row: Event | Person | Organization) -> list[Reply]:
    """The replies readers see beside a row, newest first. One query."""
    column = row._meta.model_name
    return list(Reply.objects.shown().filter(**{f"{column}": row}).newest_first())
