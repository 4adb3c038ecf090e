"""What one field of a data set may hold.

A column's reader turns the text of a field into the values that are staged for it, or raises
ValueError with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from talent.common.partial_dates import PartialDate, Precision

Values = tuple[str | None, ...]

SLUG = re.compile(r"[-a-zA-Z0-9_]+")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
COUNTRY = re.compile(r"[A-Z]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")
AMOUNT = re.compile(r"[0-9]{1,18}")  # what fits PostgreSQL's bigint
YEARS = re.compile(r"[0-9]{1,3}(\.[0-9])?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file, and the columns staged for it (name and PostgreSQL type)."""

    name: str
    read: Callable[[str], Values]
    staged: tuple[tuple[str, str], ...]

    @property
    def unread(self) -> Values:
        """What is staged for a field that cannot be read."""
        return tuple("" if type_ == "text" else None for _name, type_ in self.staged)


def shown(text: str) -> str:
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def text(name: str, most: int, *, required: bool = False) -> Column:
    def read(field: str) -> Values:
        if len(field) > most:
            raise ValueError(f"{len(field)} characters; {most} is the most")
        if required and not field:
            raise ValueError("must not be empty")
        return (field,)

    return Column(name, read, ((name, "text"),))


def slug(name: str, most: int, *, required: bool = True) -> Column:
    """A key, or a reference to one: letters, digits, hyphens and underscores."""

    def read(field: str) -> Values:
        if not field:
            if required:
                raise ValueError("must not be empty")
        elif not SLUG.fullmatch(field):
            raise ValueError(
                f"{shown(field)} has other characters than letters, digits, - and _"
            )
        elif len(field) > most:
            raise ValueError(f"{len(field)} characters; {most} is the most")
        return (field,)

    return Column(name, read, ((name, "text"),))


def shaped(
    name: str,
    pattern: re.Pattern[str],
    most: int,
    meaning: str,
    *,
    required: bool = False,
) -> Column:
    def read(field: str) -> Values:
        if len(field) > most:
            raise ValueError(f"{len(field)} characters; {most} is the most")
        if required and not field:
            raise ValueError("must not be empty")
        if field and not pattern.fullmatch(field):
            raise ValueError(f"{shown(field)} is not {meaning}")
        return (field,)

    return Column(name, read, ((name, "text"),))


def several(name: str, most: int, *, slugs: bool = False) -> Column:
    """Entries separated by | in one field; staged in that form."""

    def read(field: str) -> Values:
        if not field:
            return ("",)
        entries = [entry.strip() for entry in field.split("|")]
        for entry in entries:
            if not entry:
                raise ValueError("an entry between two | is empty")
            if len(entry) > most:
                raise ValueError(f"an entry of {len(entry)} characters; {most} at most")
            if slugs and not SLUG.fullmatch(entry):
                raise ValueError(
                    f"{shown(entry)} has other characters than letters, digits, - and _"
                )
        if len(set(entries)) < len(entries):
            twice = next(entry for entry in entries if entries.count(entry) > 1)
            raise ValueError(f"{shown(twice)} is there twice")
        return ("|".join(entries),)

    return Column(name, read, ((name, "text"),))


def choice(name: str, values: list[str], *, optional: bool = False) -> Column:
    known: dict[str, Values] = {value: (value,) for value in values}
    if optional:
        known[""] = ("",)

    def read(field: str) -> Values:
        try:
            return known[field]
        except KeyError:
            wanted = ", ".join(values) + (" or nothing" if optional else "")
            raise ValueError(f"{shown(field)} is not one of {wanted}") from None

    return Column(name, read, ((name, "text"),))


def flag(name: str) -> Column:
    def read(field: str) -> Values:
        if field not in {"0", "1"}:
            raise ValueError(f"{shown(field)} is neither 0 nor 1")
        return (field,)

    return Column(name, read, ((name, "boolean"),))


@lru_cache(maxsize=20_000)
def partial_date(field: str) -> tuple[str, Precision]:
    """The first day, ISO 8601, and the precision it is written in."""
    date = PartialDate.parse(field)
    return date.first.isoformat(), date.precision


def when(name: str, *, day: str, precision: str) -> Column:
    """A date that is written as precisely as it is known, or empty."""

    def read(field: str) -> Values:
        if not field:
            return None, ""
        first, written = partial_date(field)
        return first, written.value

    return Column(name, read, ((day, "date"), (precision, "text")))


def first_day() -> Column:
    """A date whose precision stands in its own column; see `check_precision`."""

    def read(field: str) -> Values:
        return (partial_date(field)[0],)

    return Column("date", read, (("date", "date"),))


def whole_day(name: str) -> Column:
    def read(field: str) -> Values:
        try:
            return (date.fromisoformat(field).isoformat(),)
        except ValueError:
            raise ValueError(f"{shown(field)} is not a day, like 2025-07-07") from None

    return Column(name, read, ((name, "date"),))


def moment(name: str) -> Column:
    """A time with its zone, or empty."""

    def read(field: str) -> Values:
        if not field:
            return (None,)
        try:
            time = datetime.fromisoformat(field)
        except ValueError:
            time = None
        if time is None or time.tzinfo is None:
            raise ValueError(f"{shown(field)} is not a time, like 2025-07-07T09:30:00Z")
        return (time.isoformat(),)

    return Column(name, read, ((name, "timestamptz"),))


def number(name: str, pattern: re.Pattern[str], type_: str, meaning: str) -> Column:
    def read(field: str) -> Values:
        if not field:
            return (None,)
        if not pattern.fullmatch(field):
            raise ValueError(f"{shown(field)} is not {meaning}")
        return (field,)

    return Column(name, read, ((name, type_),))


def amount(name: str) -> Column:
    return number(
        name, AMOUNT, "bigint", "a whole number of currency units, digits only"
    )
