"""Counting what a statement changed, as for events (registry/models/triggers.py)."""

from __future__ import annotations

import pgtrigger

from talent.registry.models.triggers import Statement, plain

OLD, NEW = ("old_rows", "-1"), ("new_rows", "1")


def tallied(table: str, key: str, count: str, select: str) -> str:
    """Add to `table` what `select` says of the rows that went ({sign} -1) and came (1).

    Sorted, so that two statements lock the counts in the same order.
    """
    return f"""
        INSERT INTO {table} AS tally ({key}, {count})
        SELECT {key}, sum(step) FROM ({select}) AS changed
        GROUP BY {key} HAVING sum(step) <> 0 ORDER BY {key}
        ON CONFLICT ({key}) DO UPDATE SET {count} = tally.{count} + excluded.{count};
    """


def on_each_change(
    select_of: dict[str, tuple[str, str, str]],
) -> list[pgtrigger.Trigger]:
    """Three triggers that keep the tallies named; PostgreSQL wants one per kind of statement."""

    def body(*sides: tuple[str, str]) -> str:
        statements = [
            tallied(
                table,
                key,
                count,
                " UNION ALL ".join(
                    select.format(rows=rows, sign=sign) for rows, sign in sides
                ),
            )
            for table, (key, count, select) in select_of.items()
        ]
        return plain(" ".join(statements) + " RETURN NULL;")

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


def move() -> list[pgtrigger.Trigger]:
    return on_each_change(
        {
            "insights_placetally": (
                "organization_id, company_id, seat, arriving, month, precision, rumoured",
                "moves",
                f"""
                SELECT destination_id AS organization_id, to_company_id AS company_id,
                    to_seat AS seat, true AS arriving, {MONTH} AS month, precision,
                    rumoured, {{sign}} AS step
                FROM {{rows}} WHERE destination_id IS NOT NULL AND NOT internal
                UNION ALL
                SELECT origin_id, from_company_id, from_seat, false, {MONTH}, precision,
                    rumoured, {{sign}}
                FROM {{rows}} WHERE origin_id IS NOT NULL AND NOT internal
                """,
            ),
            "insights_pairtally": (
                "from_company_id, to_company_id, year, rumoured",
                "moves",
                """
                SELECT from_company_id, to_company_id,
                    extract(year FROM happened_on)::smallint AS year, rumoured,
                    {sign} AS step
                FROM {rows} WHERE from_company_id IS NOT NULL AND to_company_id IS NOT NULL
                    AND NOT internal
                """,
            ),
            "insights_seattally": (
                "from_seat, to_seat, month, precision, rumoured",
                "moves",
                f"""
                SELECT from_seat, to_seat, {MONTH} AS month, precision, rumoured,
                    {{sign}} AS step
                FROM {{rows}} WHERE NOT internal
                """,
            ),
        }
    )


def stint() -> list[pgtrigger.Trigger]:
    return on_each_change(
        {
            "insights_staytally": (
                "company_id, seat, joined, months, ended",
                "stints",
                """
                SELECT company_id, seat, extract(year FROM start_on)::smallint AS joined,
                    months, end_on IS NOT NULL AS ended, {sign} AS step
                FROM {rows} WHERE start_on IS NOT NULL
                """,
            )
        }
    )
