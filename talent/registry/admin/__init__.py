"""The curators' workplace: one module for each noun."""

from talent.registry.admin import (
    approvals,
    events,
    health,
    merging,
    organizations,
    pay,
    people,
    reasons,
    replies,
    sources,
    waves,
)

__all__ = [
    "approvals",
    "events",
    "health",
    "merging",
    "organizations",
    "pay",
    "people",
    "reasons",
    "replies",
    "sources",
    "waves",
]
