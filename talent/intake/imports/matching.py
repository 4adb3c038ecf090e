"""Whom and what the names of a spreadsheet mean: all of them at once, in a few queries.

A name that means one row is taken for it and shown with what tells it apart; one that may
mean several waits for the curator; one the record does not know will be made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from hashlib import blake2b
from operator import and_, or_
from typing import Any

from django.db.models import Q

from talent.registry.doubts import (
    differ_in_chinese,
    names_of,
    organization_names,
    plain_name,
)
from talent.registry.forms.references import choices_of, label_of, new_person
from talent.registry.models import Organization, Person
from talent.registry.models.names import HAN, holds, words_of

NAMES_AT_ONCE = 100
MOST_CANDIDATES = 12
NEW = "new"


@dataclass
class Match:
    """One name, for every row that uses it."""

    key: str
    typed: str
    candidates: list[Any] = field(default_factory=list)
    chosen: Any = None
    is_new: bool = False

    @property
    def undecided(self) -> bool:
        return self.chosen is None and not self.is_new

    @property
    def choice(self) -> str:
        return NEW if self.is_new else str(self.chosen.pk) if self.chosen else ""

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(str(row.pk), label_of(row)) for row in self.candidates]


def key_of(sort: str, *names: str) -> str:
    """Short enough for the name of a field, and the same at every look."""
    text = "\x1f".join([sort, *(" ".join(name.split()).casefold() for name in names)])
    return f"{sort}-{blake2b(text.encode(), digest_size=8).hexdigest()}"


def decide(match: Match, choices: dict[str, str]) -> Match:
    """What the curator said; else the only candidate; else somebody new."""
    said = choices.get(match.key, "")
    by_key = {str(row.pk): row for row in match.candidates}
    if said == NEW or not match.candidates:
        match.is_new = True
    elif said in by_key:
        match.chosen = by_key[said]
    elif len(match.candidates) == 1:
        match.chosen = match.candidates[0]
    return match


# -- People ----------------------------------------------------------------------------


def people_meant(
    typed: Iterable[tuple[str, str]], choices: dict[str, str]
) -> dict[tuple[str, str], Match]:
    """By the pair of names a row gives. One query for each hundred names."""
    asked = {both: typed_person(*both) for both in typed}
    found = people_called(asked.values(), {name for name, _zh in asked})
    by_slug = {person.slug: person for person in found}
    by_name: defaultdict[frozenset[str], list[Any]] = defaultdict(list)
    for person in found:
        for name in names_of(person):
            by_name[name].append(person)
    matches = {}
    for both, wanted in asked.items():
        match = Match(key_of("person", *both), " ".join(filter(None, both)))
        if (named := by_slug.get(both[0].lower())) is not None:
            match.candidates = [named]
        else:
            fits = {
                person.pk: person
                for name in names_of(wanted)
                for person in by_name.get(name, [])
                if not differ_in_chinese(wanted, person)
            }
            match.candidates = [fits[key] for key in sorted(fits)][:MOST_CANDIDATES]
        matches[both] = decide(match, choices)
    return matches


def typed_person(name: str, name_zh: str) -> Person:
    """Unsaved. "Jane Doe 多简" has a Latin and a Chinese name."""
    person = new_person(name)
    if name_zh:
        person.name_zh = name_zh
    return person


def people_called(typed: Iterable[Person], slugs: set[str]) -> list[Any]:
    rows = choices_of(Person.objects.all())
    names = sorted({name for one in typed for name in (one.name, one.name_zh) if name})
    found: dict[int, Any] = {}
    # A single Latin word is part of thousands of names: only the whole name will do.
    single = {
        name for name in names if len(words_of(name)) == 1 and not HAN.search(name)
    }
    several = [name for name in names if words_of(name) and name not in single]
    parts = [rows.filter(name__in=single)] if single else []
    for start in range(0, len(several), NAMES_AT_ONCE):
        some = several[start : start + NAMES_AT_ONCE]
        parts.append(rows.filter(reduce(or_, map(called, some))))
    addresses = sorted(slug.lower() for slug in slugs if "-" in slug)
    if addresses:
        parts.append(rows.filter(slug__in=addresses))
    for part in parts:
        found |= {person.pk: person for person in part}
    return list(found.values())


def called(name: str) -> Q:
    """As `named` asks: every word of it, in any order."""
    return reduce(and_, map(holds, words_of(name)), Q())


# -- Organizations ---------------------------------------------------------------------


def organizations_meant(
    typed: Iterable[str], choices: dict[str, str]
) -> dict[str, Match]:
    """By the name a row gives. One query: there are far fewer than people."""
    by_name: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    by_slug: dict[str, Any] = {}
    for row in choices_of(Organization.objects.all()).order_by("pk"):
        by_slug[row.slug] = row
        for name in organization_names(row):
            by_name[plain_name(name)][row.pk] = row
    matches = {}
    for name in typed:
        match = Match(key_of("organization", name), name)
        fits = by_name.get(plain_name(name)) or {}
        if not fits and (row := by_slug.get(name.lower())) is not None:
            fits = {row.pk: row}
        match.candidates = list(fits.values())[:MOST_CANDIDATES]
        matches[name] = decide(match, choices)
    return matches
