"""From amounts to places on a logarithmic axis, in per cent of its width.

Pay runs from thousands to billions: only by powers of ten do both show on one picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from talent.common import money
from talent.dashboard.scale import percent

# On the right of it stand the arrows of figures without an upper end.
WIDTH = 91.0


@dataclass(frozen=True, slots=True)
class LogScale:
    """The axis runs from 10 to the power of `first` to 10 to the power of `last`."""

    first: int
    last: int

    @classmethod
    def around(cls, amounts: Iterable[int]) -> LogScale:
        """An axis of whole powers of ten that holds all the amounts, one decade at least."""
        known = [max(amount, 1) for amount in amounts] or [1]
        first = floor(log10(min(known)))
        return cls(first, max(ceil(log10(max(known))), first + 1))

    def place(self, amount: int) -> float:
        """Per cent from the left; what is below the axis stands at its beginning."""
        if amount < 1:
            return 0.0
        share = (log10(amount) - self.first) / (self.last - self.first)
        return min(max(share, 0.0), 1.0) * WIDTH

    def ticks(self) -> list[tuple[str, str, str]]:
        """Place, words, and the class of the words: every second one only where there is room."""
        found = []
        for power in range(self.first, self.last + 1):
            look = "" if power == self.first else "chart-middle"
            if (power - self.first) % 2:
                look += " chart-minor"
            words = money.amount("USD", 10**power)
            found.append((percent(self.place(10**power)), words, look))
        return found
