"""Drawings as picture files, for where no SVG is shown: downloads, mail."""

from __future__ import annotations

import threading
import time
from collections import deque
from functools import cache

from talent.common.language import reads_chinese

# What a Latin font lacks would come from the first font that has it, and the same characters
# are drawn otherwise in Taipei and Tokyo.
SERIF_ZH, SANS_ZH = "Noto Serif CJK SC", "Noto Sans CJK SC"

# For who asks over the net, in each process: one picture at a time, so many a minute. One takes
# a quarter of a second, most of it to read the fonts, and Python stands still meanwhile.
A_MINUTE = 40
PATIENCE_SECONDS = 2.0
turn = threading.Lock()
drawn_at: deque[float] = deque()


class Busy(Exception):
    """So many pictures are asked for that pages would wait for them."""


def picture_in_turn(svg: str, *, sharpness: float, paper: str) -> bytes:
    """As `as_picture`, for anybody on the net. Raises Busy."""
    if not turn.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        now = time.monotonic()
        while drawn_at and drawn_at[0] < now - 60:
            drawn_at.popleft()
        if len(drawn_at) >= A_MINUTE:
            raise Busy
        drawn_at.append(now)
        return as_picture(svg, sharpness=sharpness, paper=paper)
    finally:
        turn.release()


def as_picture(svg: str, *, sharpness: float, paper: str) -> bytes:
    """The SVG as PNG, so many pixels for each of its own, on paper of this colour."""
    # Only who asks for a picture file pays for the library.
    from resvg_py import svg_to_bytes

    chinese = reads_chinese()
    return bytes(
        svg_to_bytes(
            svg_string=svg,
            zoom=sharpness,
            background=paper,
            serif_family=SERIF_ZH if chinese else None,
            sans_serif_family=SANS_ZH if chinese else None,
        )
    )


@cache
def can_write_chinese() -> bool:
    """Whether a font of this machine has Chinese characters.

    Without one each of them is drawn as the same box, or not at all.
    """
    return one_character("\u4e2d") != one_character("\u6587")


@cache
def can_write() -> bool:
    """Whether this machine has a font at all."""
    return one_character("a") != one_character("b")


def one_character(character: str) -> bytes:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
        f'<text x="2" y="16" font-size="14" font-family="sans-serif">{character}</text></svg>'
    )
    return as_picture(svg, sharpness=1, paper="#fff")
