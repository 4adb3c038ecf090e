"""Drawing lots: everything random in a synthetic set comes from one seeded source."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Lots(Generic[T]):
    """A choice among things of different weights."""

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        pairs = list(weighted)
        self.things = [thing for thing, _weight in pairs]
        self.bounds = list(accumulate(weight for _thing, weight in pairs))
        self.total = self.bounds[-1]

    def draw(self, chance: Random) -> T:
        # random() is the one method whose sequence Python promises to keep.
        return self.things[bisect(self.bounds, chance.random() * self.total)]


def one_of(chance: Random, things: Sequence[T]) -> T:
    return things[int(chance.random() * len(things))]


def heavy_tailed(things: Sequence[T], *, exponent: float) -> Lots[T]:
    """Zipf's law: the first thing is drawn most, and most things hardly ever."""
    return Lots(
        (thing, 1 / (rank + 2) ** exponent) for rank, thing in enumerate(things)
    )
