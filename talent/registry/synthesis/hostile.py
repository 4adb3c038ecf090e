"""Text that breaks careless pages, sprinkled over a data set for tests of the outlets."""

from __future__ import annotations

from random import Random

from talent.registry.starter.format import (
    CITATIONS,
    DEAL_READINGS,
    EVENTS,
    ORGANIZATIONS,
    PACKAGES,
    PEOPLE,
    READINGS,
    SOURCES,
    File,
)
from talent.registry.synthesis.chance import one_of
from talent.registry.synthesis.sheets import Spoil

SHARE = 0.15
SNIPPETS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<b>bold</b> & <i>unclosed",
    "{{ 7*7 }} {% now %} ${7*7}",
    '<a href="javascript:alert(1)" hx-get="/desk/" hx-trigger="load">x</a>',
    "</title></textarea></script><!--",
    "]]><x/> &amp; &lt; &#0;",
    "=1+1",
    "+1+cmd",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("https://evil.example","x")',
    "\u202edetrevni dna tfel ot thgir\u202c",
    "שלום וברכה مرحبا بالعالم",
    "👩‍🔬🧠➡️🏢",
    "line\u2028separator\u2029and\u0085next",
    "z̶̢̛a̶̡l̸̨g̶̛o̵̢",
    "W" * 300,
    "龘" * 300,
    "comma, \"quote\" and 'apostrophe'; semicolon\ttab",
    "%s %(name)s %d {0} \\ \\n \\u0000",
    "'; DROP TABLE registry_event; --",
    'http://evil.example/?a=<b>&c="d"',
)
# The columns that hold free text, with the most characters that the format allows.
FREE_TEXT: dict[str, dict[str, int]] = {
    ORGANIZATIONS.name: {"name": 200, "name_zh": 200, "aliases": 200},
    PEOPLE.name: {
        "name": 200, "name_zh": 200, "aliases": 200, "known_for": 200, "education": 300,
    },
    SOURCES.name: {"title": 500, "publisher": 200},
    EVENTS.name: {
        "team": 200, "title": 300, "reasons": 80, "summary": 500, "disagreement": 2000,
    },
    CITATIONS.name: {"states": 500},
    PACKAGES.name: {"recipients": 300},
    READINGS.name: {"note": 500},
    DEAL_READINGS.name: {"note": 500},
}  # fmt: skip


def spoiler(chance: Random, file: File) -> Spoil:
    """A function that spoils some of the free text of a row of this file."""
    names = [column.name for column in file.columns]
    places = [
        (names.index(name), most) for name, most in FREE_TEXT.get(file.name, {}).items()
    ]

    def spoil(row: list[str]) -> list[str]:
        for place, most in places:
            # A package has recipients or a person: what is empty there stays so.
            if chance.random() < SHARE and (row[place] or names[place] != "recipients"):
                row[place] = f"{one_of(chance, SNIPPETS)} {row[place]}"[:most].strip()
        return row

    return spoil
