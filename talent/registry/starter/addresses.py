"""Former addresses of people and organizations: each leads on to the row that has it no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from talent.registry.starter.report import TableReport
from talent.registry.starter.tables import ORGANIZATIONS, PEOPLE, Table


def lead_on(cursor: Any, *, at: datetime) -> TableReport:
    """Enter each address that the record does not know as a row merged into the one it means.

    That is what leads on from an address here; there is no other row behind it.
    """
    cursor.execute("SELECT count(*) FROM stage_addresses")
    listed = cursor.fetchone()[0]
    made = 0
    if listed:
        for table, statement in statements():
            cursor.execute(statement, {"at": at, "kind": table.name})
            made += cursor.rowcount
    return TableReport("former addresses", made=made, unchanged=listed - made)


def statements() -> Iterator[tuple[Table, str]]:
    for table, more in (
        (PEOPLE, ("known_for", "education")),
        (ORGANIZATIONS, ("seat",)),
    ):
        names = ("name", "name_zh", "other_names", *more)
        empty = {"country": "''", "founded_precision": "''"} if "seat" in more else {}
        yield (
            table,
            f"""
            INSERT INTO {table.db} (slug, merged_into_id, created_at, updated_at,
                {", ".join((*names, *empty))})
            SELECT s.old, t.id, %(at)s, %(at)s,
                {", ".join((*(f"t.{name}" for name in names), *empty.values()))}
            FROM stage_addresses AS s
            JOIN {table.known} AS known ON known.key = s.new
            JOIN {table.db} AS t ON t.id = known.means
            WHERE s.kind = %(kind)s AND known.state <> 'removed'
                AND NOT EXISTS (SELECT FROM {table.db} AS row WHERE row.slug = s.old)
                AND NOT EXISTS (SELECT FROM {table.history} AS past WHERE past.slug = s.old)
                AND NOT EXISTS (
                    SELECT FROM registry_tombstone AS stone WHERE stone.digest =
                        encode(sha256(convert_to('{table.db}:' || s.old, 'UTF8')), 'hex')
                )
            ORDER BY s.line
            """,
        )
