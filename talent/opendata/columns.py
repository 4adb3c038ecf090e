"""What a row of open data says: columns declared once, written as JSON, JSON Lines and CSV alike.

PostgreSQL writes the values itself, so a list of a million rows is made as fast as it is copied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    F,
    FloatField,
    Func,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

# Plain, or in the language of whoever reads it.
Words = str | Promise


class Kind(StrEnum):
    """How a value is written: in JSON by its type, in CSV as text. Unknown is null, or empty."""

    TEXT = "text"
    TEXTS = "texts"  # in CSV with | between
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"  # in CSV true or false
    DATE = "date"  # 2025, 2025-Q3, 2025-07 or 2025-07-07: as precisely as it is known
    TIME = "time"  # RFC 3339, UTC
    URL = "url"

    @property
    def label(self) -> Words:
        return LABELS[self]


LABELS: dict[Kind, Words] = {
    Kind.TEXT: lazy("text"),
    Kind.TEXTS: lazy("texts"),
    Kind.INTEGER: lazy("integer"),
    Kind.NUMBER: lazy("number"),
    Kind.BOOLEAN: lazy("boolean"),
    Kind.DATE: lazy("date"),
    Kind.TIME: lazy("time"),
    Kind.URL: lazy("url"),
}
Expression = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    expression: Expression
    says: Words

    @property
    def value(self) -> Any:
        """An expression over the list's rows; null where nothing is known."""
        made = self.expression()
        if self.kind in {Kind.TEXT, Kind.URL}:
            return NullIf(made, Value(""), output_field=TextField())
        return made


def text(name: str, path: str, says: Words) -> Column:
    return Column(name, Kind.TEXT, lambda: F(path), says)


def integer(name: str, path: str, says: Words) -> Column:
    return Column(name, Kind.INTEGER, lambda: F(path), says)


def number(name: str, path: str, says: Words) -> Column:
    return Column(name, Kind.NUMBER, lambda: Cast(path, FloatField()), says)


def boolean(name: str, path: str, says: Words) -> Column:
    return Column(name, Kind.BOOLEAN, lambda: F(path), says)


def array(name: str, path: str, says: Words) -> Column:
    return Column(name, Kind.TEXTS, lambda: F(path), says)


def listed(name: str, rows: Callable[[], QuerySet[Any, Any]], says: Words) -> Column:
    """One text of each row of a subquery."""
    return Column(name, Kind.TEXTS, lambda: ArraySubquery(rows()), says)


def day(name: str, path: str, says: Words) -> Column:
    return Column(name, Kind.DATE, lambda: Cast(path, TextField()), says)


def partial_date(name: str, day: str, precision: str, says: Words) -> Column:
    """The form that `PartialDate.parse` reads."""

    def make() -> Combinable:
        forms = {"day": "YYYY-MM-DD", "month": "YYYY-MM", "quarter": 'YYYY-"Q"Q'}
        return Case(
            *(
                When(**{precision: known}, then=formatted(day, form))
                for known, form in forms.items()
            ),
            default=formatted(day, "YYYY"),
            output_field=TextField(),
        )

    return Column(name, Kind.DATE, make, says)


def formatted(path: str, form: str) -> Func:
    return Func(F(path), Value(form), function="to_char", output_field=TextField())


def time(name: str, path: str, says: Words) -> Column:
    return Column(
        name,
        Kind.TIME,
        lambda: Func(
            F(path),
            template="to_char(%(expressions)s AT TIME ZONE 'UTC',"
            ' \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')',
            output_field=TextField(),
        ),
        says,
    )


def address(name: str, path: str, page: Callable[[str], str], says: Words) -> Column:
    """The page of a thing by its slug. `page` turns a slug into a path."""

    def make() -> Combinable:
        before, after = page("-slug-").split("-slug-")
        return Concat(
            Value(settings.SITE_URL + before),
            F(path),
            Value(after),
            output_field=TextField(),
        )

    return Column(name, Kind.URL, make, says)
