"""Keeping an upload and what its curator decides about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from talent.accounts.models import User
from talent.intake.imports.columns import BY_NAME, columns_named
from talent.intake.imports.reading import read
from talent.intake.models import Import

MOST_KEPT = 20_000
KEPT_FOR = timedelta(days=90)


def keep_upload(name: str, content: bytes, *, at: datetime, by: User | None) -> Import:
    """Raises reading.Unreadable with a sentence."""
    table = read(content)
    return Import.objects.create(
        name=name[:200],
        digest=sha256(content).hexdigest(),
        header=table.header,
        rows=table.rows,
        columns=columns_named(table.header),
        uploaded_at=at,
        uploaded_by=by,
    )


@transaction.atomic
def keep_columns(upload: Import, columns: list[str]) -> None:
    """What each column of the file means: of two that mean one thing, the first does."""
    named: list[str] = []
    for name in columns[: len(upload.header)]:
        named.append(name if name in BY_NAME and name not in named else "")
    Import.objects.filter(pk=upload.pk, state=Import.State.OPEN).update(columns=named)
    upload.columns = named


@transaction.atomic
def keep_choices(upload: Import, choices: dict[str, str]) -> None:
    """Beside those kept before, also by another tab; "" takes one back."""
    locked = Import.objects.select_for_update().get(pk=upload.pk)
    kept = {**locked.choices, **choices}
    upload.choices = {key: said for key, said in kept.items() if said}
    if locked.state == Import.State.OPEN and len(upload.choices) <= MOST_KEPT:
        locked.choices = upload.choices
        locked.save(update_fields=["choices"])


@transaction.atomic
def forget_uploads(*, at: datetime) -> int:
    """Let go of the texts of old sheets: they name people whom nobody may have recorded.

    What an import made stays known, so that it can still be undone. Returns how many went.
    """
    old = Import.objects.filter(uploaded_at__lte=at - KEPT_FOR).exclude(rows=[])
    gone, _rows = old.filter(state=Import.State.OPEN).delete()
    return gone + old.update(rows=[], choices={})


@transaction.atomic
def discard(upload: Import) -> bool:
    """Only what made nothing, or nothing any more."""
    gone, _rows = (
        Import.objects.filter(pk=upload.pk).exclude(state=Import.State.DONE).delete()
    )
    return bool(gone)
