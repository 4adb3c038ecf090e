"""Making a derived table hold other rows, without a moment in which it is empty or half filled.

The new rows are written beside the old ones; then, in one transaction, the rows that are no
longer true are deleted and those that are missing inserted.
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

    def of(self, side: str, columns: Sequence[str]) -> str:
        return ", ".join(f"{side}.{column}" for column in columns)


def swap_rows(table: Derived, *, of: list[int] | None, force: bool) -> int:
    """Make the table, or its rows of these people or packages, hold the rows beside it.

    In this transaction, touching what differs. Returns how many rows came and went.
    """
    whose = "" if of is None else f"old.{table.key[0]} = ANY(%(of)s) AND"
    old_key, new_key = (table.of(side, table.key) for side in ("old", "new"))
    olds, news = (table.of(side, table.columns) for side in ("old", "new"))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table.beside}")
        if not force:
            refuse_to_shrink(table, of)
        cursor.execute(
            f"""
            DELETE FROM {table.name} AS old WHERE {whose} NOT EXISTS (
                SELECT FROM {table.beside} AS new
                WHERE ({new_key}) = ({old_key})
                    AND ({news}) IS NOT DISTINCT FROM ({olds})
            )
            """,
            {"of": of},
        )
        gone = cursor.rowcount
        cursor.execute(
            f"""
            INSERT INTO {table.name} ({table.names})
            SELECT {table.names} FROM {table.beside} AS new WHERE NOT EXISTS (
                SELECT FROM {table.name} AS old WHERE ({old_key}) = ({new_key})
            )
            """
        )
        changed: int = gone + cursor.rowcount
        cursor.execute(f"DROP TABLE {table.beside}")
    return changed


def refuse_to_shrink(table: Derived, of: list[int] | None) -> None:
    """Raise WouldShrink if the rows beside the table are fewer by more than a tenth of it."""
    with connection.cursor() as cursor:
        if of is None:
            cursor.execute(f"SELECT count(*) FROM {table.name}")
            (whole,) = cursor.fetchone() or (0,)
            before = whole
        else:
            # The planner's own estimate: counting a million rows for one edit would cost more
            # than the edit.
            cursor.execute(
                "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass",
                [table.name],
            )
            (whole,) = cursor.fetchone() or (0,)
            cursor.execute(
                f"SELECT count(*) FROM {table.name} WHERE {table.key[0]} = ANY(%s)",
                [of],
            )
            (before,) = cursor.fetchone() or (0,)
        cursor.execute(f"SELECT count(*) FROM {table.beside}")
        (after,) = cursor.fetchone() or (0,)
    if whole > FEW_ROWS and before - after > whole * MOST_LOSS:
        raise WouldShrink(
            f"{table.name} would lose {before - after} of {whole} rows. If that is right, run "
            "refresh_insights --all --force."
        )
