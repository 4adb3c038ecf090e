"""Why people moved, as somebody stated it. Most moves have no stated reason, and that is said.

A reason belongs to a move where either of its events, the hire or the departure, carries it. A
move may have several, so the counts add up to more than the moves.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from talent.insights.models import Move
from talent.registry.models import EventReason, Reason

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
        SELECT moves.id, reason.reason_id, reason.stated_by
        FROM moves JOIN registry_eventreason AS reason ON reason.event_id = moves.hire_id
        UNION ALL
        SELECT moves.id, reason.reason_id, reason.stated_by
        FROM moves JOIN registry_eventreason AS reason ON reason.event_id = moves.departure_id
    )
    SELECT 'all', NULL::bigint, NULL::text, count(*) FROM moves
    UNION ALL SELECT 'stated', NULL, NULL, count(DISTINCT id) FROM stated
    UNION ALL SELECT 'reason', reason_id, NULL, count(DISTINCT id) FROM stated GROUP BY reason_id
    UNION ALL SELECT 'teller', NULL, stated_by, count(DISTINCT id) FROM stated GROUP BY stated_by
"""


def reasons_of(moves: QuerySet[Move]) -> Reasons:
    """Count them for these moves, in one query."""
    sql, parameters = (
        moves.order_by().values("id", "hire_id", "departure_id").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(moves=sql), parameters)
        rows = cursor.fetchall()
    totals = {
        kind: n for kind, _reason, _teller, n in rows if kind in ("all", "stated")
    }
    reasons = [(reason, n) for kind, reason, _teller, n in rows if kind == "reason"]
    tellers = [(teller, n) for kind, _reason, teller, n in rows if kind == "teller"]
    return Reasons(
        moves=totals["all"],
        unstated=totals["all"] - totals["stated"],
        reasons=tuple(sorted(reasons, key=lambda row: (-row[1], row[0]))),
        tellers=tuple(sorted(tellers, key=lambda row: (-row[1], row[0]))),
    )


def with_reason(moves: QuerySet[Move], reason: Reason) -> QuerySet[Move]:
    return moves.filter(either(Q(reason=reason)))


def stated_by(moves: QuerySet[Move], teller: str) -> QuerySet[Move]:
    """ "" is those whose teller the record does not name."""
    return moves.filter(either(Q(stated_by=teller)))


def without_reason(moves: QuerySet[Move]) -> QuerySet[Move]:
    """Said as two conditions, so that PostgreSQL looks at the few moves of a page only."""
    return moves.filter(~stated_at("hire"), ~stated_at("departure"))


def either(stated: Q) -> Q:
    """Such a reason stands at the hire or at the departure of the move."""
    return Q(stated_at("hire", stated)) | Q(stated_at("departure", stated))


def stated_at(end: str, stated: Q | None = None) -> Exists:
    rows = EventReason.objects.filter(stated or Q())
    return Exists(rows.filter(event=OuterRef(end)))
