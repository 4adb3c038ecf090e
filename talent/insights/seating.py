"""Taking over where organizations sit, and counting what was counted under their former seats.

Costs by the stints and moves of the organizations that changed, read once, and not by rewriting
any of them: see models.Seating.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from talent.insights.models import Seating
from talent.insights.models.triggers import OF_MOVES, OF_STINTS, Counted

CHANGED = """
    CREATE TEMPORARY TABLE reseated ON COMMIT DROP AS
    SELECT place.organization_id, place.seat AS was, organization.seat
    FROM insights_seating AS place
    JOIN registry_organization AS organization ON organization.id = place.organization_id
    WHERE place.seat <> organization.seat
"""
# What each tally by seats tells apart, so that a hundred thousand rows become some thousand.
# The moves come from two indexes that hold all this, so that no row is fetched. The others are
# counted before they are joined: rows are then fetched by the page, and few are left to join.
MOVES = """
    CREATE TEMPORARY TABLE reseated_move ON COMMIT DROP AS
    SELECT coalesce(origin.seat, '') AS was_from, coalesce(destination.seat, '') AS was_to,
        coalesce(from_now.seat, origin.seat, '') AS now_from,
        coalesce(to_now.seat, destination.seat, '') AS now_to, min(happened_on) AS happened_on,
        precision, rumoured, internal, is_return, founder, count(*)::int AS n
    FROM (
        SELECT {columns} FROM insights_move WHERE origin_id = ANY(%(places)s)
        UNION ALL
        SELECT {columns} FROM insights_move WHERE destination_id = ANY(%(places)s)
            AND (origin_id = ANY(%(places)s)) IS NOT TRUE
    ) AS moves
    LEFT JOIN insights_seating AS origin ON origin.organization_id = origin_id
    LEFT JOIN insights_seating AS destination ON destination.organization_id = destination_id
    LEFT JOIN reseated AS from_now ON from_now.organization_id = origin_id
    LEFT JOIN reseated AS to_now ON to_now.organization_id = destination_id
    GROUP BY was_from, was_to, now_from, now_to, date_trunc('month', happened_on), precision,
        rumoured, internal, is_return, founder
""".replace(
    "{columns}",
    "origin_id, destination_id, happened_on, precision, rumoured, internal, is_return, founder",
)
STATED = """
    CREATE TEMPORARY TABLE reseated_stated ON COMMIT DROP AS
    SELECT reseated.was AS was_from, reseated.seat AS now_from, moves.*
    FROM (
        SELECT origin_id, min(happened_on) AS happened_on, precision, rumoured, internal,
            reasons, tellers, count(*)::int AS n
        FROM insights_move
        WHERE origin_id = ANY(%(places)s) AND reasons <> '{}' AND NOT internal
        GROUP BY origin_id, date_trunc('month', happened_on), precision, rumoured, internal,
            reasons, tellers
    ) AS moves
    JOIN reseated ON reseated.organization_id = origin_id
"""
STINTS = """
    CREATE TEMPORARY TABLE reseated_stint ON COMMIT DROP AS
    SELECT reseated.was, reseated.seat AS now, stints.*
    FROM (
        SELECT first_place_id, company_id, units, min(start_on) AS start_on, months,
            min(end_on) AS end_on, about, is_return, count(*)::int AS n
        FROM insights_stint WHERE first_place_id = ANY(%(places)s)
        GROUP BY first_place_id, company_id, units, extract(year FROM start_on), months,
            end_on IS NULL, about, is_return
    ) AS stints
    JOIN reseated ON reseated.organization_id = first_place_id
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """The rows of the organizations that changed, for one tally: what collects them, where, and
    how a row tells its seats before and after.
    """

    collect: str
    rows: str
    then: str
    now: str

    def change(self, tally: Counted) -> str:
        then, now = (
            f"(SELECT {seats}, * FROM {self.rows}) AS moved"
            for seats in (self.then, self.now)
        )
        return tally.add((then, "-n"), (now, "n"), seated=True)


MOVED = {
    "insights_seattally": Moved(
        MOVES,
        "reseated_move",
        "was_from AS from_seat, was_to AS to_seat",
        "now_from AS from_seat, now_to AS to_seat",
    ),
    "insights_statedtally": Moved(
        STATED, "reseated_stated", "was_from AS from_seat", "now_from AS from_seat"
    ),
    "insights_staytally": Moved(STINTS, "reseated_stint", "was AS seat", "now AS seat"),
}


@transaction.atomic
def take_seats() -> int:
    """Let the numbers know where every organization sits. Returns how many had changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(CHANGED)
        cursor.execute("SELECT organization_id FROM reseated")
        if places := [pk for (pk,) in cursor.fetchall()]:
            # Whoever deletes a person counts their rows out under the seats known until then.
            cursor.execute(
                "LOCK TABLE insights_stint, insights_move IN SHARE ROW EXCLUSIVE MODE"
            )
            # Most often one row, which the planner would not guess.
            cursor.execute("ANALYZE reseated")
            for tally in (*OF_MOVES, *OF_STINTS):
                if tally.seats:
                    moved = MOVED[tally.table]
                    cursor.execute(moved.collect, {"places": places})
                    cursor.execute(moved.change(tally))
                    cursor.execute(f"DROP TABLE {moved.rows}")
            cursor.execute(LINES)
            cursor.execute(SEATS)
        cursor.execute("DROP TABLE reseated")
    return len(places)


SEATS = """
    UPDATE insights_seating AS place SET seat = reseated.seat FROM reseated
    WHERE place.organization_id = reseated.organization_id
"""
LINES = """
    UPDATE insights_payline AS line SET seat = reseated.seat FROM reseated
    WHERE line.organization_id = reseated.organization_id AND line.seat <> reseated.seat
"""


def seats_differ() -> bool:
    return Seating.objects.changed().exists()
