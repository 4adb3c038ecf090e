"""Charts and lists inside other sites' pages: /embed and then what would be embedded.

An embed is made from the same query as the page it belongs to, by a function registered under
the first word of its address. It holds finished pieces of HTML, so that a frozen one can keep
them (embeds_frozen.py): a list has one for each row, a chart only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# A list shows its first rows; the page it leads to has them all.
ROWS = 20
# What a frame is wide where nobody says otherwise, and how high it may be, in pixels.
WIDTH, LEAST_HEIGHT, MOST_HEIGHT = 960, 160, 720
# Around a chart: its sentence, its note and the line of its source.
AROUND = 260


@dataclass(frozen=True, slots=True)
class Embed:
    """title: the sentence over it. page: where it is on our site, path and query.

    look: how the pieces stand: "rows", "stints" (a table), "lanes", "dated", "hits", or
    "pieces" by themselves. head: what stands before them and names nobody. height: about what
    it needs. Of a frozen one, its language, and how many pieces have left the record since.
    """

    title: str
    page: str
    look: str
    pieces: tuple[str, ...]
    styles: tuple[str, ...] = ()
    head: SafeString = SafeString()
    height: int = MOST_HEIGHT
    language: str = ""
    frozen_at: datetime | None = None
    hidden: int = 0

    @property
    def html(self) -> list[SafeString]:
        """Every link leaves the frame: our other pages may not be shown in one."""
        return [
            # Written by our templates, which escape: no text of theirs holds a "<".
            mark_safe(
                piece.replace('href="#', f'href="{escape(self.page)}#').replace(
                    "<a ", '<a target="_blank" rel="noopener" '
                )
            )
            for piece in self.pieces
        ]


class Gone(Exception):
    """What should be embedded was removed from the record."""


Maker = Callable[[str, QueryDict], Embed]
makers: dict[str, Maker] = {}


def embed(kind: str) -> Callable[[Maker], Maker]:
    """Register what makes the embeds whose address goes on with this word.

    It is given the rest of the path and the query, and raises WrongQuery, Http404 or Gone.
    """

    def register(maker: Maker) -> Maker:
        makers[kind] = maker
        return maker

    return register


def address_of(kind: str, name: str = "", query: str = "") -> str:
    """The path and query of an embed, in the language that is active."""
    args = [kind, name] if name else [kind]
    path = reverse("dashboard:embed", args=args)
    return f"{path}?{query}" if query else path


def frame(address: str, title: str, *, width: int | str, height: int) -> SafeString:
    """The HTML to copy. `address` is a path of ours."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
        ' frameborder="0"></iframe>',
        f"{settings.SITE_URL}{address}",
        title,
        width,
        height,
    )


def pieces_of(template: str, rows: Iterable[Any], name: str = "row") -> tuple[str, ...]:
    return tuple(render_to_string(template, {name: row}) for row in rows)


def fitting(height: int) -> int:
    return min(max(height, LEAST_HEIGHT), MOST_HEIGHT)
