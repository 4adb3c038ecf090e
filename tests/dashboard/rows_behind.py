"""Every number of a page that opens moves or stints, and how many its list has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from talent.insights.move_filter import MoveFilter
from talent.insights.stint_filter import StintFilter
from talent.registry.merging import remembering

LINK = re.compile(
    r'<a [^>]*href="(/(?:moves/list|stints)/\??[^"]*)"[^>]*>(.*?)</a>', re.S
)
TITLE = re.compile(r"<title>(.*?)</title>", re.S)
TAG = re.compile(r"<[^>]+>")
NUMBER = re.compile(r"\d[\d,]*")


def numbers_of(html: str) -> set[tuple[str, int]]:
    """Addresses of lists with the number that the words of the link begin with."""
    found = set()
    for address, inside in LINK.findall(html):
        title = TITLE.search(inside)
        words = title[1] if title else TAG.sub("", inside)
        if number := NUMBER.match(words.strip()):
            found.add((unescape(address), int(number[0].replace(",", ""))))
    return found


def wrong_in(numbers: Iterable[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    """Of addresses with a number: those whose lists have another, with that one."""
    with remembering({}):  # they name the same few companies
        found = [(address, number, rows_of(address)) for address, number in numbers]
    return {
        address: (number, rows) for address, number, rows in found if number != rows
    }


def rows_of(address: str) -> int:
    """How many rows the list at the address has; it must be written as the list writes it."""
    parts = urlsplit(address)
    if parts.path == "/stints/":
        stints = StintFilter(dict(parse_qsl(parts.query)))
        assert stints.is_valid(), stints.errors
        return stints.stints().count()
    moves = MoveFilter(dict(parse_qsl(parts.query)))
    assert moves.is_valid(), moves.errors
    assert moves.query() == parts.query
    return moves.moves().count()
