"""Why people moved, as somebody stated it. Most moves have no stated reason, and that is said.

A reason belongs to a move where either of its events, the hire or the departure, carries it. A
move may have several, so the counts add up to more than the moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from talent.insights.figures.move_counts import counts_of, period_of
from talent.insights.models import Move, StatedTally
from talent.insights.move_filter import MoveFilter, of_tallies
from talent.registry.models import Reason

# As the address writes it: no reason is stated; a reason without a word on who states it.
NONE, NOBODY = "none", "unsaid"


@dataclass(frozen=True, slots=True)
class Reasons:
    """Of `moves`, `unstated` have no stated reason. Both lists: most moves first.

    `reasons`: id of the reason and the moves that have it. `tellers`: who states a reason, as
    written ("" where the record does not say), and the moves with a reason stated by them.
    """

    moves: int
    unstated: int
    reasons: tuple[tuple[int, int], ...]
    tellers: tuple[tuple[str, int], ...]


# One row for each reason, each teller, and all of them together.
COUNT = """
    WITH moves AS NOT MATERIALIZED ({moves}), stated AS MATERIALIZED (
        SELECT reasons, tellers FROM moves WHERE reasons <> '{{}}'
    )
    SELECT NULL::bigint, NULL::text, count(*) FROM stated
    UNION ALL SELECT reason, NULL, count(*)
        FROM stated CROSS JOIN unnest(reasons) AS reason GROUP BY reason
    UNION ALL SELECT NULL, teller, count(*)
        FROM stated CROSS JOIN unnest(tellers) AS teller GROUP BY teller
    UNION ALL SELECT 0, NULL, count(*) FROM moves
"""
# No reason has this number: all moves.
ALL = 0
Row = tuple[int | None, str | None, int]


def reasons_in(filter: MoveFilter) -> Reasons:
    """Of the moves of a valid filter. Two queries, or one where they are counted row by row."""
    stated = tallied(filter)
    if stated is None:
        return reasons_of(MoveFilter.moves(filter))
    rows: list[Row] = [(ALL, None, counts_of(filter).total)]
    rows += stated.values_list("reason", "teller").annotate(n=Sum("moves"))
    return read(row for row in rows if row[-1])


def reasons_of(moves: QuerySet[Move]) -> Reasons:
    """Count them for these moves, in one query."""
    sql, parameters = (
        moves.order_by().values("id", "reasons", "tellers").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(moves=sql), parameters)
        return read(cursor.fetchall())


def tallied(filter: MoveFilter) -> QuerySet[StatedTally] | None:
    """The tally that tells these moves apart; None where none does."""
    chosen, period = filter.cleaned_data, period_of(filter)
    known = {"from_seat", "since", "until", "vague", "rumours", "reason", "teller"}
    asked = any(value for name, value in chosen.items() if name not in known)
    if asked or period is None or chosen["vague"] == "only":
        return None
    return StatedTally.objects.filter(filter.seats(of_tallies), period.of_tally())


def read(rows: Iterable[Row]) -> Reasons:
    moves = stated = 0
    reasons: list[tuple[int, int]] = []
    tellers: list[tuple[str, int]] = []
    for reason, teller, n in rows:
        if reason == ALL:
            moves = n
        elif reason is not None:
            reasons.append((reason, n))
        elif teller is not None:
            tellers.append((teller, n))
        else:
            stated = n
    return Reasons(
        moves=moves,
        unstated=moves - stated,
        reasons=tuple(sorted(reasons, key=lambda row: (-row[1], row[0]))),
        tellers=tuple(sorted(tellers, key=lambda row: (-row[1], row[0]))),
    )


# A reason stated: said apart, so that PostgreSQL finds the few in an index of their own.
STATED = ~Q(reasons=[])


def with_reason(moves: QuerySet[Move], reason: Reason) -> QuerySet[Move]:
    return moves.filter(STATED, reasons__contains=[reason.pk])


def stated_by(moves: QuerySet[Move], teller: str) -> QuerySet[Move]:
    """ "" is those whose teller the record does not name."""
    return moves.filter(STATED, tellers__contains=[teller])


def without_reason(moves: QuerySet[Move]) -> QuerySet[Move]:
    return moves.filter(reasons=[])
