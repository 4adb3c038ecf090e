"""Cells of tables, as HTML.

A page of figures has hundreds of them, and a template takes several tags for each: as in
`event_row`, plain Python.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString


def number(n: int) -> str:
    """Its thousands set apart, in every language."""
    return f"{n:,}"


def link(url: str, words: str) -> str:
    told = words if isinstance(words, SafeString) else escape(words)
    return f'<a href="{escape(url)}">{told}</a>'
