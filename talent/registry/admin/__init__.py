"""The curators' workplace: one module for each noun."""

from talent.registry.admin import (
    events,
    merging,
    organizations,
    pay,
    people,
    reasons,
    sources,
    waves,
)

__all__ = [
    "events",
    "merging",
    "organizations",
    "pay",
    "people",
    "reasons",
    "sources",
    "waves",
]
