"""Revision history: PostgreSQL triggers write it, so that no path escapes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

ModelT = TypeVar("ModelT", bound=type[models.Model])


def recorded(
    *, unless: tuple[str, ...] = (), found_by: str = "", told: bool = False
) -> Callable[[ModelT], ModelT]:
    """Keep every version of a row: who, when and what, whichever way it was written.

    `unless` names columns that follow from others and are no statement of an editor's;
    `found_by` a column whose former values are looked up, such as an old address, or the
    event a citation was of. `told`: readers are told of changes, newest first. No other
    column has an index (see PGHISTORY_FOREIGN_KEY_FIELD).
    Statement-level triggers keep bulk loads fast: one insert per statement, not per row.
    """

    def decorate(model: ModelT) -> ModelT:
        stem = model.__name__.lower()
        indexes = []
        if found_by:
            indexes.append(models.Index(found_by, name=f"{stem}_was_{found_by}"))
        if told:
            indexes.append(models.Index("pgh_created_at", name=f"{stem}_was_at"))
        tracked: ModelT = pghistory.track(
            pghistory.InsertEvent(level=pgtrigger.Statement),
            pghistory.UpdateEvent(level=pgtrigger.Statement),
            pghistory.DeleteEvent(level=pgtrigger.Statement, row=pghistory.Old),
            obj_field=pghistory.ObjForeignKey(related_name="history", db_index=True),
            exclude=list(unless),
            meta={"indexes": list(indexes)},
            model_name=f"{model.__name__}History",
        )(model)
        return tracked

    return decorate
