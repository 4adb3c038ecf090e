"""Text as the reader sees it: cut to length, folded one character to one character."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

# Longer texts, headlines and sentences are cut before anything else looks at them.
LONGEST_TITLE, LONGEST_TEXT = 400, 6_000
# No sentence of news has more; it bounds the work on a text made of verbs.
MOST_VERBS = 12

ODD = {"‘": "'", "’": "'", "‛": "'", "`": "'", "“": '"', "”": '"', "„": '"', "ß": "s"}
ODD |= dict.fromkeys("‐‑‒", "-") | dict.fromkeys("–—―", "—")
ODD |= dict.fromkeys("・•‧", "·")


class Folding(dict[int, int]):
    """Each character to one plain, lower-case character, so positions stay what they were."""

    def __missing__(self, code: int) -> int:
        letter = chr(code)
        plain = ODD.get(letter)
        if plain is None:
            plain = unicodedata.normalize("NFKC", letter)
            plain = unicodedata.normalize("NFD", plain if len(plain) == 1 else letter)
            plain = plain[0].lower() if not plain[0].isspace() else " "
        folded = ord(plain) if len(plain) == 1 else code
        self[code] = folded
        return folded


FOLDING = Folding()


def fold(text: str) -> str:
    return text.translate(FOLDING)


@cache
def to_simplified() -> Any:
    # Loading the tables takes a moment: only when something Chinese is read.
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(folded: str) -> str:
    """In simplified characters, if that leaves every character in its place."""
    text = to_simplified().convert(folded)
    return text if len(text) == len(folded) else folded


def is_han(letter: str) -> bool:
    return "㐀" <= letter <= "鿿"


# A name in brackets, "Pang (庞若鸣)", makes no text Chinese.
ASIDE = re.compile(r"\([^()]{0,20}\)")
WORD = re.compile(r"[a-z]+")


def is_chinese(folded: str) -> bool:
    """Whether Chinese grammar reads it: at least as many Chinese characters as Latin words."""
    text = ASIDE.sub("", folded)
    han = sum(1 for letter in text if is_han(letter))
    return han >= 2 and (han * 6 >= len(text) or han >= len(WORD.findall(text)))
