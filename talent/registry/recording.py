"""What every writer of the record does: name the editor, wait in line, tell the news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, models, transaction

from talent.registry.models import Event, Generation
from talent.registry.signals import record_changed
from talent.registry.tombstones import is_buried

# None: a command, whose name stands in the history instead.
Editor = AbstractBaseUser | None


@contextmanager
def recorded_as(by: Editor, **said: str) -> Iterator[None]:
    """Everything written inside stands in the history under this name, with what was said."""
    metadata: dict[str, Any] = {key: value for key, value in said.items() if value}
    if by is not None:
        metadata["user"] = by.pk
    with pghistory.context(**metadata):
        yield


def queue_behind_writers() -> None:
    """Wait for whoever is writing the record, so that what is read now is true until commit."""
    Generation.objects.select_for_update().order_by("pk").first()


def announce(*, people: Iterable[int | None], companies: Iterable[int | None]) -> None:
    """Send the news once this transaction has committed.

    A receiver that fails is logged: what was published stays published.
    """
    news = partial(
        record_changed.send,
        sender=Event,
        people=frozenset(key for key in people if key is not None),
        companies=frozenset(key for key in companies if key is not None),
    )
    transaction.on_commit(news, robust=True)


def insert_with_address(row: models.Model, wanted: str, column: str = "slug") -> None:
    """Insert the row under the first free address: wanted, wanted-2, wanted-3 …

    Another editor may take it between the look and the insert: then the next one is tried.
    """
    rows = type(row)._default_manager
    field: Any = row._meta.get_field(column)
    longest = field.max_length - 5
    wanted = wanted[:longest].strip("-")
    for _attempt in range(5):
        like = rows.filter(**{f"{column}__startswith": wanted})
        taken = set(like.values_list(column, flat=True))
        number = 1
        while (address := wanted if number == 1 else f"{wanted}-{number}") in taken or (
            is_buried(type(row), address)
        ):
            number += 1
        setattr(row, column, address)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if column not in str(error):
                raise
        else:
            row.refresh_from_db()
            return
    raise RuntimeError(f"No free address like {wanted!r} after five attempts.")
