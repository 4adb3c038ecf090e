"""Amounts of money as people type them: "100M", "1.5bn", "2亿", "250,000"."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

UNITS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
    "万": 10**4,
    "萬": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
}
# More than all the money there is; far below what a column holds.
LARGEST = 10**15

# Anchored, every repeat bounded: linear in the length of the text.
WRITTEN = re.compile(
    r"(?P<whole>\d{1,3}(?:,\d{3}){1,5}|\d{1,16})(?P<part>\.\d{1,6})?\s?(?P<unit>[a-z]{1,7}|[一-鿿]{1,2})?"
)


def parse_amount(text: str) -> int:
    """Read whole currency units. Raises ValueError with a sentence for who typed it."""
    written = unicodedata.normalize("NFKC", text[:60]).strip().lower()
    found = WRITTEN.fullmatch(written) if len(text) <= 40 else None
    unit = UNITS.get(found["unit"] or "") if found else None
    if found is None or unit is None:
        raise ValueError(
            _(
                "“%(text)s” is not an amount we can read. Write 250,000 or 100M or "
                "1.5bn or 2亿, without the currency."
            )
            % {"text": text if len(text) <= 40 else f"{text[:40]}…"}
        )
    value = Decimal(found["whole"].replace(",", "") + (found["part"] or "")) * unit
    if value > LARGEST or value != int(value):
        raise ValueError(
            _("“%(text)s” is not a whole amount up to a million billion.")
            % {"text": text}
        )
    return int(value)


def short(value: int) -> str:
    """The shortest way to type it again: "100M", "1.5bn", "250000"."""
    for scale, unit in ((10**9, "bn"), (10**6, "M")):
        if value >= scale and value * 1000 % scale == 0:
            return f"{value / scale:.3f}".rstrip("0").rstrip(".") + unit
    return str(value)
