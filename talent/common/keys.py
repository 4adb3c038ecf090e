"""Keys of rows, as addresses and forms give them."""

from __future__ import annotations

# Every number so long is one that PostgreSQL has as a key.
DIGITS = 18


def key_in(text: str) -> int | None:
    """The key that the text is; None for anything else. Costs nothing, whatever its length."""
    is_key = len(text) <= DIGITS and text.isascii() and text.isdecimal()
    return int(text) if is_key else None
