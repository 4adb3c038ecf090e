"""What leaving early costs, if a package vests evenly: arithmetic of ours, not a fact.

No source states it of anybody. It is worked out for who asks, with the terms they choose, and it
is neither stored nor exported.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

YEARS = (3, 4, 5)
# Nothing vests before the first anniversary, then what has accrued by then.
CLIFF = 12


@dataclass(frozen=True, slots=True)
class Forgone:
    """The two parts of a package, in its own whole currency units."""

    vested: int
    left: int


def forgone(
    amount: int, *, months: int, years: Decimal | int, cliff: int = CLIFF
) -> Forgone:
    """The package of `amount` over `years`, vesting evenly by whole month, left after `months`.

    `cliff`: months before which nothing vests, 0 for none. After the last year all has vested.
    Raises ValueError for a negative amount or time, or for no years.
    """
    if amount < 0 or months < 0 or cliff < 0 or years <= 0:
        raise ValueError("Amounts and times are not negative, years above zero.")
    of_months = Decimal(years) * 12
    share = (
        Decimal(0) if months < cliff else min(Decimal(months) / of_months, Decimal(1))
    )
    vested = int((amount * share).to_integral_value(ROUND_HALF_EVEN))
    return Forgone(vested, amount - vested)
