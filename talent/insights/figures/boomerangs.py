"""Boomerangs: moves back to a company where somebody had been before.

Definition. A move is a return where the record has an earlier stint of the person at the same
company, or where a source states that it is one. An announced return that never started is none.
Unit: moves. `matrix.seat_matrix` counts them.
"""

from __future__ import annotations

from talent.insights.figures.periods import Period
from talent.insights.models import Move
from talent.insights.move_filter import read_with_names


def newest_returns(n: int, *, period: Period = Period()) -> list[Move]:  # noqa: B008  # frozen
    """The newest, loaded with all that a row shows. Two queries, by an index of their own."""
    returns = Move.objects.filter(period.of_moves(), is_return=True)
    return read_with_names(returns.order_by("-recency", "-pk")[:n])
