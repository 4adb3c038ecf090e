"""Figures kept until the derived tables change: what they cost is paid once, by who asks first."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache

from talent.common.release import release
from talent.insights.models import Refresh

Figure = TypeVar("Figure")

DAY = 24 * 60 * 60
# What only one reader asked for makes room soon: anybody can ask for anything.
SOON = 5 * 60


def kept(
    name: str,
    query: str,
    build: Callable[[], Figure],
    *,
    run: int,
    common: bool = False,
) -> Figure:
    """What `build` makes of this query: from the cache, or now.

    `run`, the number of the last refresh, is part of the key: a figure read while one is at work is
    never mistaken for one of the tables after it. `common`: many readers ask for it.
    """
    asked = sha256(query.encode()).hexdigest()
    key = f"figure:{name}:{run}:{release()}:{asked}"
    found: Figure | None = cache.get(key)
    if found is None:
        found = build()
        cache.set(key, found, DAY if common else SOON)
    return found


def last_refresh() -> int:
    """One query."""
    done = Refresh.objects.filter(outcome=Refresh.Outcome.DONE).order_by("-pk")
    return done.values_list("pk", flat=True).first() or 0
