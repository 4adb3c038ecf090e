"""Tips of readers: taking them in, what they are told, what a curator makes of them.

A tip publishes nothing. What becomes of it is a draft, a source, a reply or a request for
removal, each made by the verbs of the registry.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from talent.accounts.models import User
from talent.intake import tip_limits
from talent.intake.models import Tip, TipAttempt
from talent.registry import curation
from talent.registry.models import Event, Source
from talent.registry.source_lines import SourceLine

FORM_SALT, OUTCOME_SALT = "talent.intake.tip-form", "talent.intake.tip-outcome"
# Hardly anybody reads a form and fills it in faster, or leaves it open for longer. Whoever
# does is told to send it again.
SOONEST, LATEST = timedelta(seconds=3), timedelta(days=1)
# A link to an outcome works at least as long.
FOLLOWED_FOR = timedelta(days=400)
CONTACT_KEPT = timedelta(days=30)


# -- The signed form ---------------------------------------------------------------------


def new_stamp(*, at: datetime) -> str:
    """What a form carries instead of a cookie: when it was opened, and a number of its own."""
    return signing.dumps([secrets.token_urlsafe(16), at.timestamp()], salt=FORM_SALT)


def read_stamp(stamp: str, *, at: datetime) -> tuple[str, timedelta] | None:
    """The number of the form and how long it was open; None for a forgery."""
    try:
        number, opened = signing.loads(stamp, salt=FORM_SALT)
        return str(number), timedelta(seconds=at.timestamp() - float(opened))
    except (signing.BadSignature, TypeError, ValueError):
        return None


# -- The secret link ---------------------------------------------------------------------


def link_token(number: str) -> str:
    """The last part of the address where the outcome of this form is told."""
    key = salted_hmac(OUTCOME_SALT, number, algorithm="sha256").hexdigest()[:40]
    return signing.TimestampSigner(salt=OUTCOME_SALT).sign(key).replace(":", ".")


def digest_of(token: str) -> str:
    """All that is kept of a token: its first part, hashed."""
    return sha256(token.partition(".")[0].encode()).hexdigest()


def tip_of(token: str) -> Tip | None:
    found = Tip.objects.filter(token_digest=digest_of(token))
    return found.with_subjects().first()


def is_ours(token: str) -> bool:
    """Whether we gave the token out, whatever became of the tip."""
    signer = signing.TimestampSigner(salt=OUTCOME_SALT)
    try:
        signer.unsign(token.replace(".", ":"), max_age=FOLLOWED_FOR)
    except signing.BadSignature:
        return False
    return True


# -- Taking in ---------------------------------------------------------------------------


@transaction.atomic
def take_in(tip: Tip, *, number: str, address: str, is_spam: bool, at: datetime) -> str:
    """Keep the tip and return the token of its link. The same form sent twice is one tip.

    Spam is counted and not kept; whoever sent it is told the same. Raises
    tip_limits.TooMany.
    """
    token = link_token(number)
    tip.token_digest, tip.received_at = digest_of(token), at
    if Tip.objects.filter(token_digest=tip.token_digest).exists():
        return token
    tip_limits.enter(address, at=at)
    if not is_spam:
        try:
            with transaction.atomic():
                tip.save(force_insert=True)
        except IntegrityError:  # the same form, sent twice at once
            pass
    return token


# -- At the desk -------------------------------------------------------------------------


def look_at(tip: Tip) -> bool:
    """A curator has opened it. Returns False where it was looked at before."""
    looked = Tip.objects.filter(pk=tip.pk, state=Tip.State.RECEIVED)
    return bool(looked.update(state=Tip.State.LOOKING))


@transaction.atomic
def take_over(tip: Tip, *, by: User, at: datetime, **became: Any) -> bool:
    """Say what the tip became. Returns False when somebody decided it before."""
    return decide(tip, state=Tip.State.TAKEN, decided_by=by, decided_at=at, **became)


@transaction.atomic
def refuse(tip: Tip, *, by: User, at: datetime, answer: str) -> bool:
    """Refuse with a reason, which whoever sent it reads. False when decided before."""
    return decide(
        tip, state=Tip.State.REFUSED, decided_by=by, decided_at=at, answer=answer[:500]
    )


def decide(tip: Tip, **columns: Any) -> bool:
    decided = bool(Tip.objects.open().filter(pk=tip.pk).update(**columns))
    tip.refresh_from_db()
    return decided


@transaction.atomic
def accept_into_draft(
    tip: Tip, event: Event, *, by: User, at: datetime
) -> Event | None:
    """Draft the suggested event with its source. None when somebody decided before."""
    lines = [SourceLine(tip.url)] if tip.url else []
    if not take_over(tip, by=by, at=at):
        return None
    curation.create_draft(event, by=by, sources=lines)
    source = Source.objects.filter(url=tip.url).first() if tip.url else None
    Tip.objects.filter(pk=tip.pk).update(became=event, source=source)
    return event


@transaction.atomic
def add_source(tip: Tip, event: Event, *, by: User, at: datetime) -> bool:
    """Cite the tip's page for an event that is there. False when decided before."""
    if not take_over(tip, by=by, at=at, became=event):
        return False
    curation.cite(event, [SourceLine(tip.url)], by=by)
    Tip.objects.filter(pk=tip.pk).update(source=Source.objects.get(url=tip.url))
    return True


# -- Forgetting --------------------------------------------------------------------------


def forget(*, at: datetime) -> int:
    """Delete contacts thirty days after the decision, and old counts; how many contacts."""
    TipAttempt.objects.filter(at__lt=at - tip_limits.KEPT).delete()
    old = Tip.objects.exclude(contact="").filter(decided_at__lt=at - CONTACT_KEPT)
    return old.update(contact="")
