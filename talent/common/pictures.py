"""Drawings as picture files, for where no SVG is shown: downloads, mail."""

from __future__ import annotations

from functools import cache


def as_picture(svg: str, *, sharpness: float, paper: str) -> bytes:
    """The SVG as PNG, so many pixels for each of its own, on paper of this colour."""
    # Only who asks for a picture file pays for the library.
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg, zoom=sharpness, background=paper))


@cache
def can_write_chinese() -> bool:
    """Whether a font of this machine has Chinese characters.

    Without one each of them is drawn as the same box, or not at all.
    """
    return one_character("\u4e2d") != one_character("\u6587")


def one_character(character: str) -> bytes:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
        f'<text x="2" y="16" font-size="14" font-family="sans-serif">{character}</text></svg>'
    )
    return as_picture(svg, sharpness=1, paper="#fff")
