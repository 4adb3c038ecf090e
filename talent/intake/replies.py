"""From a reader's reply to the words beside the record: a curator verifies who it is first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from talent.accounts.models import User
from talent.intake import tips
from talent.intake.models import Tip
from talent.registry import replies
from talent.registry.models import Reply


@transaction.atomic
def publish(
    tip: Tip, *, text: str, said_by: str, verified_how: str, by: User, at: datetime
) -> Reply | None:
    """Publish the reply. None when somebody decided before, or what it is about is gone.

    ValidationError where it does not say how the writer was verified.
    """
    about = tip.about
    if about is None or not tips.take_over(tip, by=by, at=at):
        return None
    reply = Reply(
        **{str(about._meta.model_name): about},
        text=text,
        said_by=said_by,
        said_on=tip.received_at.date(),
        verified_how=verified_how,
    )
    replies.publish_reply(reply, by=by)
    Tip.objects.filter(pk=tip.pk).update(reply=reply)
    tip.refresh_from_db()
    return reply
