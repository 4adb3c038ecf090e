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
    is {sign}.
    """

    table: str
    key: str
    count: str
    select: str

    def changes(self, *sides: tuple[str, str]) -> str:
        """Counts by key, of rows that came (1) and that went (-1)."""
        rows = " UNION ALL ".join(
            self.select.format(rows=rows, sign=sign) for rows, sign in sides
        )
        return (
            f"SELECT {self.key}, sum(step) AS {self.count} FROM ({rows}) AS changed"
            f" GROUP BY {self.key}"
        )

    def add(self, *sides: tuple[str, str]) -> str:
        """Sorted, so that two statements lock the counts in the same order."""
        return f"""
            INSERT INTO {self.table} AS tally ({self.key}, {self.count})
            {self.changes(*sides)} HAVING sum(step) <> 0 ORDER BY {self.key}
            ON CONFLICT ({self.key})
            DO UPDATE SET {self.count} = tally.{self.count} + excluded.{self.count};
        """

    def count_again(self, rows: str) -> str:
        """Fill the empty table with the counts of all rows."""
        return f"""
            INSERT INTO {self.table} ({self.key}, {self.count})
            {self.changes((rows, "1"))} ORDER BY {self.key}
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

OF_MOVES = (
    Counted(
        "insights_placetally",
        "month, company_id, organization_id, seat, arriving, precision, rumoured",
        "moves",
        f"""
        SELECT {MONTH} AS month, to_company_id AS company_id,
            destination_id AS organization_id, to_seat AS seat, true AS arriving, precision,
            rumoured, {{sign}} AS step
        FROM {{rows}} WHERE destination_id IS NOT NULL AND NOT internal
        UNION ALL
        SELECT {MONTH}, from_company_id, origin_id, from_seat, false, precision, rumoured,
            {{sign}}
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
    ),
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
        "from_seat, to_seat, month, precision, rumoured, internal, is_return, founder",
        "moves",
        f"""
        SELECT from_seat, to_seat, {MONTH} AS month, precision, rumoured, internal, is_return,
            founder, {{sign}} AS step
        FROM {{rows}}
        """,
    ),
    Counted(
        "insights_statedtally",
        "from_seat, month, precision, rumoured, reason_id, teller",
        "moves",
        f"""
        SELECT from_seat, {MONTH} AS month, precision, rumoured, stated.reason_id,
            stated.teller, {{sign}} AS step
        FROM {{rows}} CROSS JOIN LATERAL (
            SELECT NULL::bigint AS reason_id, NULL::varchar AS teller
            UNION ALL SELECT unnest(reasons), NULL
            UNION ALL SELECT NULL, unnest(tellers)
        ) AS stated WHERE reasons <> '{{{{}}}}' AND NOT internal
        """,
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
    ),
)


def move() -> list[pgtrigger.Trigger]:
    return on_each_change(OF_MOVES)


def stint() -> list[pgtrigger.Trigger]:
    return on_each_change(OF_STINTS)
