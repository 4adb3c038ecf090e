"""Curated text on its way into a mail: one line, no trick; and lines of a plain-text mail."""

from __future__ import annotations

import re
import unicodedata

LINE = 76
# They make the text after them run backwards, or hide it: no name needs one.
REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SPACES = re.compile(r"\s+")


def harmless(text: str) -> str:
    """The text as one line without control characters.

    Two braces would read as one of our placeholders, which each recipient's links replace.
    """
    spaced = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in text
    )
    plain = REORDERING.sub("", spaced)
    while "{{" in plain:
        plain = plain.replace("{{", "{ {")
    return SPACES.sub(" ", plain).strip()


def cut(text: str, length: int) -> str:
    """At most so many characters, with … where something is missing."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def width(text: str) -> int:
    """In columns of a terminal: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, *, indent: str = "") -> str:
    """Lines of at most 76 columns; an address is never broken. Chinese breaks anywhere."""
    room = LINE - len(indent)
    if width(text) <= room:
        return indent + text
    lines: list[str] = []
    line, filled = "", 0
    for piece in PIECE.findall(text):
        if line and filled + width(piece.rstrip()) > room:
            lines.append(indent + line.rstrip())
            line, filled = "", 0
        line += piece
        filled += width(piece)
    return "\n".join([*lines, indent + line.rstrip()])


# A word with the space after it, or one Chinese character with the punctuation that must not
# begin a line.
PIECE = re.compile(
    r"(?:[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef][，。、；：！？）》」』”]*\s*"
    r"|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+[，。、；：！？）》」』”]*\s*)"
)
