"""Addresses of pages that differ in a slug alone, found once for all of them.

A page links to hundreds of others; resolving each address anew would be a tenth of its time.
"""

from __future__ import annotations

from functools import cache

from django.urls import reverse
from django.utils.translation import get_language


def page_address(view: str, slug: str) -> str:
    """What reverse() says of a view whose one argument is a slug."""
    before, after = around_slug(view, get_language())
    return f"{before}{slug}{after}"


@cache
def around_slug(view: str, language: str | None) -> tuple[str, str]:
    """By `language`, the active one: each has its own addresses."""
    before, _slug, after = reverse(view, args=["slug"]).rpartition("slug")
    return before, after
