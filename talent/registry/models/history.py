"""Revision history: PostgreSQL triggers write it, so that no path escapes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

ModelT = TypeVar("ModelT", bound=type[models.Model])


def recorded(
    *, unless: tuple[str, ...] = (), found_by: str = ""
) -> Callable[[ModelT], ModelT]:
    """Keep every version of a row: who, when and what, whichever way it was written.

    `unless` names columns that follow from others and are no statement of an editor's;
    `found_by` a column whose former values are looked up, such as an old address.
    Statement-level triggers keep bulk loads fast: one insert per statement, not per row.
    """

    def decorate(model: ModelT) -> ModelT:
        tracked: ModelT = pghistory.track(
            pghistory.InsertEvent(level=pgtrigger.Statement),
            pghistory.UpdateEvent(level=pgtrigger.Statement),
            pghistory.DeleteEvent(level=pgtrigger.Statement, row=pghistory.Old),
            obj_field=pghistory.ObjForeignKey(related_name="history"),
            exclude=list(unless),
            meta={
                "indexes": [
                    models.Index(
                        found_by, name=f"{model.__name__.lower()}_was_{found_by}"
                    )
                ]
            }
            if found_by
            else {},
            model_name=f"{model.__name__}History",
        )(model)
        return tracked

    return decorate
