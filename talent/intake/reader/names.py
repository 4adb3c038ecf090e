"""Names the record knows, found in running text in any script, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import ahocorasick

from talent.intake.reader.text import fold, is_han

WORDS = Path(__file__).parent / "words"

Sort = Literal["person", "organization"]


class Known(NamedTuple):
    """One row of the record and every spelling it is known by."""

    sort: Sort
    slug: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A spelling, and the rows that bear it: several for namesakes, none if only well known."""

    sort: Sort
    spelling: str
    slugs: tuple[str, ...]


class Hit(NamedTuple):
    start: int
    end: int
    name: Name


class KnownNames:
    """Built once from the record; finds names in time linear in the text.

    An Aho-Corasick automaton has no idea of words, so `find` checks the borders: "Meta" is
    not in "metadata", and a capital stays a capital: "a cursor" is not the company.
    """

    def __init__(self, rows: Iterable[Known]) -> None:
        names = collected(rows)
        self.surnames = surnames(names.values())
        self.given_names = frozenset(
            fold(name.spelling.split()[0])
            for name in names.values()
            if name.sort == "person" and " " in name.spelling
        )
        self._automaton = ahocorasick.Automaton()
        for folded, name in names.items():
            self._automaton.add_word(folded, (len(folded), name))
        self._automaton.make_automaton()

    def find(self, text: str, folded: str) -> list[Hit]:
        """Hits that do not overlap; the leftmost and of those the longest wins."""
        hits = []
        for last, (length, name) in self._automaton.iter(folded):
            start, end = last + 1 - length, last + 1
            if stands_alone(folded, start, end) and is_cased(text, start, name):
                hits.append(Hit(start, end, name))
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        return list(without_overlap(hits))


def without_overlap(hits: list[Hit]) -> Iterator[Hit]:
    reached = 0
    for hit in hits:
        if hit.start >= reached:
            reached = hit.end
            yield hit


def stands_alone(folded: str, start: int, end: int) -> bool:
    return not (
        (start > 0 and in_one_word(folded[start - 1], folded[start]))
        or (end < len(folded) and in_one_word(folded[end - 1], folded[end]))
    )


def in_one_word(left: str, right: str) -> bool:
    """Two letters of an alphabet run on; Chinese is written without spaces."""
    return left.isalnum() and right.isalnum() and left.isascii() and right.isascii()


def is_cased(text: str, start: int, name: Name) -> bool:
    """Where the spelling starts a word with a capital, the text must: "Alibaba cloud" does not."""
    return all(
        text[start + at].isupper() or is_han(letter)
        for at, letter in enumerate(name.spelling)
        if letter.isupper() and (at == 0 or name.spelling[at - 1] == " ")
    )


def collected(rows: Iterable[Known]) -> dict[str, Name]:
    """Spellings, folded; well-known names join the row of the record they mean."""
    names: dict[str, Name] = {}
    for row in rows:
        for spelling in row.spellings:
            add(names, row.sort, spelling, (row.slug,))
    for spelling, meant in well_known():
        known = names.get(fold(meant or spelling))
        add(names, "organization", spelling, known.slugs if known else ())
    return names


def add(
    names: dict[str, Name], sort: Sort, spelling: str, slugs: Iterable[str]
) -> None:
    folded = fold(spelling)
    if len(folded) < (2 if is_han(folded[0]) or spelling.isupper() else 3):
        return  # "io" and single characters are in everything
    before = names.get(folded)
    if before is None:
        names[folded] = Name(sort, spelling, tuple(slugs))
    elif before.sort == sort:
        every = (*before.slugs, *(s for s in slugs if s not in before.slugs))
        names[folded] = Name(sort, before.spelling, every)


def surnames(names: Iterable[Name]) -> dict[str, Name]:
    """Last words of people's Latin names: headlines say "Altman". Namesakes share one."""
    found: dict[str, Name] = {}
    for name in names:
        if name.sort == "person" and name.spelling.isascii() and " " in name.spelling:
            last = name.spelling.rsplit(" ", 1)[1]
            before = found.get(fold(last))
            slugs = {*(before.slugs if before else ()), *name.slugs}
            found[fold(last)] = Name("person", last, tuple(sorted(slugs)))
    return found


@cache
def lines(file: str) -> tuple[str, ...]:
    """The lines of a word list, comments and blanks left out."""
    text = (WORDS / file).read_text(encoding="utf-8")
    every = (line.strip() for line in text.splitlines())
    return tuple(line for line in every if line and not line.startswith("#"))


@cache
def word_set(file: str) -> frozenset[str]:
    return frozenset(word for line in lines(file) for word in line.split())


@cache
def sections(file: str) -> dict[str, tuple[str, ...]]:
    """The words under each "[heading]" of a word list."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in lines(file):
        if line.startswith("[") and line.endswith("]") and len(line) > 2:
            heading = line[1:-1]
        else:
            found.setdefault(heading, []).extend(line.split())
    return {name: tuple(words) for name, words in found.items()}


def well_known() -> Iterator[tuple[str, str]]:
    for line in lines("organizations.txt"):
        spelling, _, meant = line.partition("=")
        yield spelling.strip(), meant.strip()
