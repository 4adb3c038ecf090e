"""Counting what a statement changed, as for events (registry/models/triggers.py)."""

from __future__ import annotations

from dataclasses import dataclass

import pgtrigger

from talent.registry.models.triggers import Statement, plain

OLD, NEW = ("old_rows", "-1"), ("new_rows", "1")
# While this setting of the transaction is "on" nothing is counted: whoever sets it counts again.
UNCOUNTED = "insights.uncounted"


@dataclass(frozen=True, slots=True)
class Counted:
    """A table of counts: its key, its column, and what says which keys a row counts for.

    `select` has the columns of the key in their order and a `step`, read FROM {rows}; its step
    is {sign}. `seats`: for one that counts by seat, the rows with their seats. `again`: a shorter
    way to count all rows, from a table of counts that comes before.
    """

    table: str
    key: str
    count: str
    select: str
    seats: str = ""
    again: str = ""

    def changes(self, *sides: tuple[str, str], seated: bool = False) -> str:
        """Counts by key, of rows that came (1) and that went (-1).

        `seated`: the rows tell their seats themselves.
        """
        with_seats = "{rows}" if seated or not self.seats else self.seats
        rows = " UNION ALL ".join(
            self.select.format(rows=with_seats.format(rows=rows), sign=sign)
            for rows, sign in sides
        )
        return (
            f"SELECT {self.key}, sum(step) AS {self.count} FROM ({rows}) AS changed"
            f" GROUP BY {self.key}"
        )

    def add(self, *sides: tuple[str, str], seated: bool = False) -> str:
        """Sorted, so that two statements lock the counts in the same order."""
        return f"""
            INSERT INTO {self.table} AS tally ({self.key}, {self.count})
            {self.changes(*sides, seated=seated)} HAVING sum(step) <> 0 ORDER BY {self.key}
            ON CONFLICT ({self.key})
            DO UPDATE SET {self.count} = tally.{self.count} + excluded.{self.count};
        """

    def count_again(self, rows: str) -> str:
        """Fill the empty table with the counts of all rows.

        Counted first and sorted then: the counts are few, and the rows are many.
        """
        counts = self.again or self.changes((rows, "1"))
        return f"""
            WITH counted AS MATERIALIZED ({counts})
            INSERT INTO {self.table} ({self.key}, {self.count})
            SELECT * FROM counted ORDER BY {self.key}
        """


def on_each_change(tallies: tuple[Counted, ...]) -> list[pgtrigger.Trigger]:
    """Three triggers that keep the tallies named; PostgreSQL wants one per kind of statement."""

    def body(*sides: tuple[str, str]) -> str:
        uncounted = f"current_setting('{UNCOUNTED}', true) = 'on'"
        counting = " ".join(tally.add(*sides) for tally in tallies)
        return plain(
            f"IF {uncounted} THEN RETURN NULL; END IF; {counting} RETURN NULL;"
        )

    return [
        Statement(
            name="tally_insert",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=body(NEW),
        ),
        Statement(
            name="tally_update",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            func=body(OLD, NEW),
        ),
        Statement(
            name="tally_delete",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_rows"),
            func=body(OLD),
        ),
    ]


MONTH = "date_trunc('month', happened_on)::date"
YEAR = "extract(year FROM happened_on)::smallint"

# An end that is not on record sits nowhere.
MOVES_SEATED = """(
    SELECT moves.*, coalesce(origin.seat, '') AS from_seat,
        coalesce(destination.seat, '') AS to_seat
    FROM {rows} AS moves
    LEFT JOIN insights_seating AS origin ON origin.organization_id = moves.origin_id
    LEFT JOIN insights_seating AS destination
        ON destination.organization_id = moves.destination_id
) AS seated"""
STINTS_SEATED = """(
    SELECT stints.*, coalesce(place.seat, '') AS seat FROM {rows} AS stints
    LEFT JOIN insights_seating AS place ON place.organization_id = stints.first_place_id
) AS seated"""

# As figures.periods has it: a vague date counts where any part of it lies in the months.
OF_LAST_MONTHS = """
    month BETWEEN first_on - CASE precision
        WHEN 'quarter' THEN interval '2 months' WHEN 'year' THEN interval '11 months'
        ELSE interval '0' END AND last_on AND NOT rumoured
"""

LAST = Counted(
    "insights_lasttally",
    "company_id, arriving",
    "moves",
    f"""
    SELECT company_id, arriving, {{sign}} AS step
    FROM insights_lastmonths CROSS JOIN LATERAL (
        SELECT {MONTH} AS month, moves.* FROM {{rows}} AS moves WHERE NOT internal
    ) AS dated CROSS JOIN LATERAL (
        VALUES (to_company_id, true), (from_company_id, false)
    ) AS place (company_id, arriving)
    WHERE company_id IS NOT NULL AND {OF_LAST_MONTHS}
    """,
    again=f"""
    SELECT company_id, arriving, sum(moves)
    FROM insights_placetally CROSS JOIN insights_lastmonths
    WHERE {OF_LAST_MONTHS} GROUP BY company_id, arriving
    """,
)
OF_MOVES = (
    Counted(
        "insights_placetally",
        "month, company_id, organization_id, arriving, precision, rumoured",
        "moves",
        f"""
        SELECT {MONTH} AS month, to_company_id AS company_id,
            destination_id AS organization_id, true AS arriving, precision, rumoured,
            {{sign}} AS step
        FROM {{rows}} WHERE destination_id IS NOT NULL AND NOT internal
        UNION ALL
        SELECT {MONTH}, from_company_id, origin_id, false, precision, rumoured, {{sign}}
        FROM {{rows}} WHERE origin_id IS NOT NULL AND NOT internal
        """,
    ),
    Counted(
        "insights_yeartally",
        "year, company_id, arriving, rumoured",
        "moves",
        f"""
        SELECT year, company_id, arriving, rumoured, {{sign}} AS step
        FROM {{rows}} CROSS JOIN LATERAL (
            VALUES (to_company_id, true), (from_company_id, false)
        ) AS place (company_id, arriving)
        CROSS JOIN LATERAL (VALUES ({YEAR}), (0::smallint)) AS at (year)
        WHERE company_id IS NOT NULL AND NOT internal
        """,
        again="""
        SELECT at.year, company_id, arriving, rumoured, sum(moves)
        FROM insights_placetally CROSS JOIN LATERAL (
            VALUES (extract(year FROM month)::smallint), (0::smallint)
        ) AS at (year) GROUP BY at.year, company_id, arriving, rumoured
        """,
    ),
    LAST,
    Counted(
        "insights_pairtally",
        "from_company_id, to_company_id, year, rumoured",
        "moves",
        f"""
        SELECT from_company_id, to_company_id, {YEAR} AS year, rumoured, {{sign}} AS step
        FROM {{rows}} WHERE NOT internal
        """,
    ),
    Counted(
        "insights_seattally",
        "month, from_seat, to_seat, precision, rumoured, internal, is_return, founder",
        "moves",
        f"""
        SELECT {MONTH} AS month, from_seat, to_seat, precision, rumoured, internal, is_return,
            founder, {{sign}} AS step
        FROM {{rows}}
        """,
        MOVES_SEATED,
    ),
    Counted(
        "insights_statedtally",
        "month, from_seat, precision, rumoured, reason_id, teller",
        "moves",
        f"""
        SELECT {MONTH} AS month, from_seat, precision, rumoured, stated.reason_id,
            stated.teller, {{sign}} AS step
        FROM {{rows}} CROSS JOIN LATERAL (
            SELECT NULL::bigint AS reason_id, NULL::varchar AS teller
            UNION ALL SELECT unnest(reasons), NULL
            UNION ALL SELECT NULL, unnest(tellers)
        ) AS stated WHERE reasons <> '{{{{}}}}' AND NOT internal
        """,
        MOVES_SEATED,
    ),
)
OF_STINTS = (
    Counted(
        "insights_staytally",
        "organization_id, seat, joined, months, ended, about, is_return",
        "stints",
        """
        SELECT there.organization_id, seat, extract(year FROM start_on)::smallint AS joined,
            months, end_on IS NOT NULL AS ended, about, is_return, {sign} AS step
        FROM {rows} CROSS JOIN LATERAL (
            SELECT NULL::bigint AS organization_id
            UNION ALL SELECT company_id
            UNION ALL SELECT unnest(units)
        ) AS there
        """,
        STINTS_SEATED,
    ),
)


def move() -> list[pgtrigger.Trigger]:
    return on_each_change(OF_MOVES)


def stint() -> list[pgtrigger.Trigger]:
    return on_each_change(OF_STINTS)
