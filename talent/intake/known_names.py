"""The names of the record, as the reader wants them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache

from talent.intake.reader.names import Known, KnownNames, Sort
from talent.registry.models import Organization, Person
from talent.registry.models.generation import Generation
from talent.registry.models.names import spellings
from talent.registry.starter import STARTER_DATA


def known_names() -> KnownNames:
    """Every name of every person and organization, drafts included: curators read with it.

    Built once per state of the record (two queries, about 100 ms for 5,000 rows).
    """
    return names_at(Generation.current_version())


@lru_cache(maxsize=1)
def names_at(_version: str) -> KnownNames:
    rows = [*rows_of_record()] or [*rows_of_starter_data()]
    return KnownNames(rows)


def rows_of_record() -> Iterator[Known]:
    people = Person.objects.unmerged().by_name()
    for slug, name, name_zh, others in people.values_list(
        "slug", "name", "name_zh", "other_names"
    ):
        yield known("person", slug, [name, name_zh, *others])
    organizations = Organization.objects.unmerged().by_name()
    for slug, name, name_zh, others in organizations.values_list(
        "slug", "name", "name_zh", "other_names"
    ):
        yield known("organization", slug, [name, name_zh, *others])


def rows_of_starter_data() -> Iterator[Known]:
    """An empty record still reads headlines: with the names it would start with."""
    sorts: dict[str, Sort] = {"people": "person", "organizations": "organization"}
    for file, sort in sorts.items():
        path = STARTER_DATA / f"{file}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                names = [row["name"], row["name_zh"], *row["aliases"].split("|")]
                yield known(sort, row["slug"], names)


def known(sort: Sort, slug: str, names: list[str]) -> Known:
    """With the other Chinese script, and for people the Chinese order ("Pang Ruoming")."""
    every = dict.fromkeys(names)
    for name in names:
        every |= dict.fromkeys(sorted(spellings(name)))
        words = name.split()
        if sort == "person" and len(words) == 2:
            every[f"{words[1]} {words[0]}"] = None
    return Known(sort, slug, tuple(name for name in every if name))
