"""Conditions that look their rows up first, before anything is put in order.

PostgreSQL guesses how many rows `id IN (SELECT …)` keeps. Where it guesses too high, it
walks the whole list from its newest row and tests each one: seconds at a million rows.
An array is made first, and its rows are fetched by their keys.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet


def among(ids: QuerySet[Any, Any], *, column: str = "pk") -> Func:
    """A condition: the column is one of these ids. Meant for some ten thousand at most."""
    return Func(
        F(column),
        ArraySubquery(ids),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
