"""Making a derived table hold other rows, without a moment in which it is empty or half filled.

The new rows are written beside the old ones; then, in one transaction, the rows that say
something else are updated, those that are no longer true deleted and those missing inserted.
Not all of them deleted and inserted again: a count that an old row and its new one both belong
to stays as it is, and most do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# A table that loses more than this share at once is more likely broken than right.
MOST_LOSS = 0.1
# Under this many rows a tenth is a handful, and a handful may well be withdrawn at once.
FEW_ROWS = 200


class WouldShrink(Exception):
    """The refresh would have taken away more than a tenth of a table."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived table: what is written into it, and what tells its rows apart.

    A refresh of a part of the table names it by values of the first column of the key.
    """

    name: str
    columns: Sequence[str]
    key: Sequence[str]

    @property
    def beside(self) -> str:
        return f"new_{self.name}"

    @property
    def names(self) -> str:
        return ", ".join(self.columns)

    @property
    def told(self) -> list[str]:
        """The columns that are not of the key."""
        return [name for name in self.columns if name.strip('"') not in self.key]


def listed(side: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{side}.{column}" for column in columns)


def swap_rows(table: Derived, *, of: list[int] | None, force: bool) -> int:
    """Make the table, or its rows of these people or packages, hold the rows beside it.

    In this transaction, touching what differs. Returns how many rows came and went; one that
    says something else now did both.
    """
    found = {"of": of}
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table.beside}")
        cursor.execute(counts(table, partly=of is not None), found)
        before, after, gone, came, both = cursor.fetchone() or (0, 0, 0, 0, 0)
        if not force:
            refuse_to_shrink(table, before, after, partly=of is not None)
        # A statement that finds nothing would still count what it changed.
        if gone:
            cursor.execute(delete(table, partly=of is not None), found)
        if both:
            cursor.execute(update(table))
        if came:
            cursor.execute(insert(table))
        cursor.execute(f"DROP TABLE {table.beside}")
    changed: int = gone + came + 2 * both
    return changed


def same(table: Derived) -> str:
    return f"({listed('old', table.key)}) = ({listed('new', table.key)})"


def differ(table: Derived) -> str:
    told = (listed(side, table.told) for side in ("old", "new"))
    return " IS DISTINCT FROM ".join(f"({columns})" for columns in told)


def counts(table: Derived, *, partly: bool) -> str:
    """How many rows there were and will be; how many are gone, came, or tell something else."""
    key = table.key[0]
    whose = f"WHERE {key} = ANY(%(of)s)" if partly else ""
    return f"""
        SELECT count(old.{key}), count(new.{key}),
            count(*) FILTER (WHERE new.{key} IS NULL),
            count(*) FILTER (WHERE old.{key} IS NULL),
            count(*) FILTER (WHERE {same(table)} AND {differ(table)})
        FROM (SELECT {table.names} FROM {table.name} {whose}) AS old
        FULL JOIN {table.beside} AS new USING ({", ".join(table.key)})
    """


def delete(table: Derived, *, partly: bool) -> str:
    whose = f"old.{table.key[0]} = ANY(%(of)s) AND" if partly else ""
    return f"""
        DELETE FROM {table.name} AS old WHERE {whose} NOT EXISTS (
            SELECT FROM {table.beside} AS new WHERE {same(table)}
        )
    """


def update(table: Derived) -> str:
    return f"""
        UPDATE {table.name} AS old
        SET ({", ".join(table.told)}) = ROW({listed("new", table.told)})
        FROM {table.beside} AS new WHERE {same(table)} AND {differ(table)}
    """


def insert(table: Derived) -> str:
    return f"""
        INSERT INTO {table.name} ({table.names})
        SELECT {table.names} FROM {table.beside} AS new WHERE NOT EXISTS (
            SELECT FROM {table.name} AS old WHERE {same(table)}
        )
    """


def refuse_to_shrink(table: Derived, before: int, after: int, *, partly: bool) -> None:
    """Raise WouldShrink if its rows would be fewer by more than a tenth of the table."""
    whole = before
    if partly:
        # The planner's own estimate: counting a million rows for one edit would cost more
        # than the edit.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass",
                [table.name],
            )
            (whole,) = cursor.fetchone() or (0,)
    if whole > FEW_ROWS and before - after > whole * MOST_LOSS:
        raise WouldShrink(
            f"{table.name} would lose {before - after} of {whole} rows. If that is right, run "
            "refresh_insights --all --force."
        )
