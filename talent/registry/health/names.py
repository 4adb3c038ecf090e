"""People and organizations that may be one: the whole record compared with itself.

A form asks the database for the namesakes of one row; for everybody that would be a million
questions. Here names that share words are put into one drawer first, and only rows of one
drawer are compared, by the same rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise, product

from talent.registry.doubts import (
    LONG_WORD,
    MOST_VARIED,
    names_of,
    namesake,
    organization_names,
    plain_name,
    same_name,
)
from talent.registry.health.found import Found, Kind, pair
from talent.registry.models import Organization, Person
from talent.registry.models.names import HAN

# Of many people of one name each is compared with the next only: the pairs would be more
# than anybody reads.
MOST_OF_ONE_NAME = 6
ROWS_AT_ONCE = 5_000

Pairs = Iterator[tuple[int, int]]


# -- People ----------------------------------------------------------------------------


def people_alike() -> Iterator[Found]:
    """Every pair of unmerged people of one name, or nearly. Names alone are held in memory."""
    people = Person.objects.unmerged().only("name", "name_zh", "other_names")
    names = {
        person.pk: [*names_of(person)]
        for person in people.order_by("pk").iterator(ROWS_AT_ONCE)
    }
    wanted = sorted({*same_words(names), *nearly(names)})
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        yield from these_people(wanted[start : start + ROWS_AT_ONCE])


def these_people(pairs: list[tuple[int, int]]) -> Iterator[Found]:
    """One query, whatever the number of pairs."""
    rows = Person.objects.unmerged().in_bulk({key for both in pairs for key in both})
    for one, other in pairs:
        person, twin = rows.get(one), rows.get(other)
        if person is None or twin is None:
            continue
        doubt = namesake(person, names_of(person), twin)
        if doubt is not None:
            yield Found(
                kind=Kind.DUPLICATE_PERSON,
                key=pair(one, other),
                sentence=f"{person}: {doubt.sentence}",
                # Their names alone: a new event makes them no more alike.
                facts=(*sorted(named(person)), "/", *sorted(named(twin))),
                about={"person_id": one, "other_id": other},
            )


def named(person: Person) -> set[str]:
    return {person.name, person.name_zh, *person.other_names}


def same_words(names: dict[int, list[frozenset[str]]]) -> Pairs:
    drawers: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for person, theirs in names.items():
        for name in theirs:
            drawers[name].append(person)
    for drawer in drawers.values():
        yield from pairs_of(drawer)
    for name, drawer in drawers.items():
        # One name leaves a middle name out.
        shorter = [name - {word} for word in name] if len(name) >= 3 else []
        for others in (drawers.get(rest, []) for rest in shorter):
            for one, other in product(
                drawer[:MOST_OF_ONE_NAME], others[:MOST_OF_ONE_NAME]
            ):
                if one != other:
                    yield min(one, other), max(one, other)


def nearly(names: dict[int, list[frozenset[str]]]) -> Pairs:
    """All words but one are the same, and that one differs by a letter."""
    drawers: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for person, theirs in names.items():
        for name in theirs:
            if not 2 <= len(name) <= MOST_VARIED or any(map(HAN.search, name)):
                continue
            for word in name:
                if len(word) >= LONG_WORD and word.isalpha():
                    drawers[" ".join(sorted(name - {word}))].append((word, person))
    for drawer in drawers.values():
        if len(drawer) > 1:
            yield from a_letter_apart(drawer)


def a_letter_apart(words: list[tuple[str, int]]) -> Pairs:
    """Two words that differ by one letter are alike once each has lost one, or none."""
    shorter: defaultdict[str, set[int]] = defaultdict(set)
    for word, person in words:
        for form in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
            shorter[form].add(person)
    for people in shorter.values():
        yield from pairs_of(sorted(people))


def pairs_of(people: list[int]) -> Pairs:
    ordered = sorted(set(people))
    if len(ordered) > MOST_OF_ONE_NAME:
        return pairwise(ordered)
    return combinations(ordered, 2)


# -- Organizations ---------------------------------------------------------------------


def organizations_alike() -> Iterator[Found]:
    drawers: defaultdict[str, list[int]] = defaultdict(list)
    rows = Organization.objects.unmerged().only("name", "name_zh", "other_names")
    for row in rows.order_by("pk").iterator(ROWS_AT_ONCE):
        for name in {plain_name(name) for name in organization_names(row)}:
            drawers[name].append(row.pk)
    wanted = {both for drawer in drawers.values() for both in pairs_of(drawer)}
    yield from these_organizations(sorted(wanted))


def these_organizations(pairs: Iterable[tuple[int, int]]) -> Iterator[Found]:
    pairs = list(pairs)
    rows = Organization.objects.unmerged().in_bulk(
        {key for both in pairs for key in both}
    )
    for one, other in pairs:
        row, twin = rows.get(one), rows.get(other)
        if row is None or twin is None:
            continue
        mine, theirs = (
            {plain_name(name) for name in organization_names(each)}
            for each in (row, twin)
        )
        if mine & theirs:
            yield Found(
                kind=Kind.DUPLICATE_ORGANIZATION,
                key=pair(one, other),
                sentence=f"{row}: {same_name(twin).sentence}",
                facts=(*sorted(mine), "/", *sorted(theirs)),
                about={"organization_id": one, "other_id": other},
            )
