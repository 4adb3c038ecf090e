"""Which staged rows the record has already.

For each table two temporary tables are made. `known_…` says what a key means: the id of its
row, new or old. `row_…` holds the rows as the record would hold them, each with its id and
its state:

new      the record has no such row;
found    the record has it;
removed  it was in the record, and a curator took it out (or what it belongs to).

The history tells a row that was changed or taken out from one that was never there, so a
row that a curator has reworded or renamed is recognised, and what was removed stays out.
What was removed for good has no history to tell; its tombstone keeps it out, always.
"""

from __future__ import annotations

from typing import Any

from talent.registry.starter.problems import Problems
from talent.registry.starter.staging import make
from talent.registry.starter.tables import KEYED, TABLES, Reference, Table


def match(cursor: Any, *, overwrite: bool, problems: Problems) -> None:
    """Make `known_…` and `row_…`; unknown references become problems."""
    for table in KEYED.values():
        know_keys(cursor, table, overwrite=overwrite)
        if names_others(cursor, table):
            know_keys_outside(cursor, table)
            problems_of_references(cursor, table, problems)
        if table.merges:
            follow_merges(cursor, table)
    for table in TABLES:
        make_rows(cursor, table)
        if table.key:
            pass_removal_on(cursor, table)
        else:
            recognise_rows(cursor, table, overwrite=overwrite)


def past_of(table: Table, column: str, wanted: str) -> str:
    """The row that last had the wanted key, for keys that no row has now: key, id."""
    if table.history is None:
        return "SELECT NULL::text AS key, NULL::bigint AS id WHERE false"
    return f"""
        SELECT DISTINCT ON (wanted.key) wanted.key, past.pgh_obj_id AS id
        FROM ({wanted}) AS wanted
        JOIN {table.history} AS past ON past.{column} = wanted.key
        WHERE NOT EXISTS (SELECT FROM {table.db} AS t WHERE t.{column} = wanted.key)
        ORDER BY wanted.key, past.pgh_id DESC
    """


def know_keys(cursor: Any, table: Table, *, overwrite: bool) -> None:
    """What the keys of the file mean. New rows get their ids here, in the file's order."""
    column = table.identity[0]
    staged = table.values[column]
    past = past_of(table, column, f"SELECT {staged} AS key FROM {table.stage} AS s")
    removed = "'new'" if overwrite else "'removed'"
    make(
        cursor,
        table.known,
        f"""
        WITH past AS ({past}), known AS MATERIALIZED (
            SELECT s.{table.key} AS key, s.line,
                coalesce(
                    t.id, kept.id, nextval(pg_get_serial_sequence('{table.db}', 'id'))
                ) AS id,
                CASE
                    WHEN t.id IS NOT NULL OR kept.id IS NOT NULL THEN 'found'
                    WHEN stone.id IS NOT NULL THEN 'removed'
                    WHEN past.id IS NOT NULL THEN {removed}
                    ELSE 'new'
                END AS state
            FROM {table.stage} AS s
            LEFT JOIN {table.db} AS t ON t.{column} = {staged}
            LEFT JOIN past ON past.key = {staged}
            LEFT JOIN {table.db} AS kept ON kept.id = past.id
            LEFT JOIN registry_tombstone AS stone ON stone.digest =
                encode(sha256(convert_to('{table.db}:' || {staged}, 'UTF8')), 'hex')
            WHERE s.{table.key} <> ''
            ORDER BY s.line
        )
        SELECT key, line, id, id AS means, state FROM known
        """,
    )


def references_to(table: Table) -> list[tuple[Table, Reference]]:
    return [
        (other, reference)
        for other in TABLES
        for reference in other.references.values()
        if reference.to == table.name
    ]


def unknown_in(table: Table, other: Table, reference: Reference) -> str:
    """The rows whose reference names no known key: line, key."""
    return f"""
        SELECT s.line, s.{reference.column} AS key FROM {other.stage} AS s
        LEFT JOIN {table.known} AS known ON known.key = s.{reference.column}
        WHERE s.{reference.column} <> '' AND known.key IS NULL
    """


def unknown(table: Table) -> str:
    """The keys that the files name and do not define."""
    return " UNION ALL ".join(
        f"SELECT key FROM ({unknown_in(table, other, reference)}) AS unknown"
        for other, reference in references_to(table)
    )


def names_others(cursor: Any, table: Table) -> bool:
    cursor.execute(f"SELECT EXISTS ({unknown(table)})")
    return bool(cursor.fetchone()[0])


def know_keys_outside(cursor: Any, table: Table) -> None:
    """What keys mean that only the record has: a data set may build on what is there."""
    cursor.execute(f"""
        INSERT INTO {table.known} (key, id, means, state)
        WITH wanted AS MATERIALIZED (SELECT DISTINCT key FROM ({unknown(table)}) AS them),
            past AS ({past_of(table, table.key_column, "TABLE wanted")})
        SELECT wanted.key, coalesce(t.id, kept.id), coalesce(t.id, kept.id),
            CASE WHEN t.id IS NULL AND kept.id IS NULL THEN 'removed' ELSE 'found' END
        FROM wanted
        LEFT JOIN {table.db} AS t ON t.{table.key_column} = wanted.key
        LEFT JOIN past ON past.key = wanted.key
        LEFT JOIN {table.db} AS kept ON kept.id = past.id
        WHERE t.id IS NOT NULL OR past.id IS NOT NULL
    """)


def follow_merges(cursor: Any, table: Table) -> None:
    """A key of a row that was merged into another means that other one."""
    found = True
    while found:
        cursor.execute(f"""
            UPDATE {table.known} AS known SET means = t.merged_into_id
            FROM {table.db} AS t
            WHERE t.id = known.means AND t.merged_into_id IS NOT NULL
        """)
        found = bool(cursor.rowcount)


def problems_of_references(cursor: Any, table: Table, problems: Problems) -> None:
    for other, reference in references_to(table):
        problems.find(
            cursor,
            other.file,
            f"""
                SELECT line, '{reference.column} “' || left(key, 80)
                    || '” is neither in {table.file} nor in the record'
                FROM ({unknown_in(table, other, reference)}) AS unknown
            """,
        )


def make_rows(cursor: Any, table: Table) -> None:
    """The rows as the record would hold them, with the ids of what they refer to."""
    columns = {**table.values, **table.stated}
    values = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    joins = " ".join(
        f"LEFT JOIN known_{reference.to} AS {alias}"
        f" ON {alias}.key = s.{reference.column}"
        for alias, reference in table.references.items()
    )
    lost = ", ".join(f"{alias}.state" for alias in table.references) or "NULL"
    state, own = "'new'", ""
    if table.key:
        state = "known.state"
        own = f"JOIN {table.known} AS known ON known.line = s.line"
        values += ", known.key AS staged_key, known.id AS id"
    else:
        values += ", NULL::bigint AS id"
    make(
        cursor,
        table.rows,
        f"""
        SELECT s.line, {values},
            CASE WHEN {state} = 'new' AND 'removed' IN ({lost}) THEN 'removed'
                ELSE {state} END AS state
        FROM {table.stage} AS s {own} {joins}
        ORDER BY s.line
        """,
    )


def pass_removal_on(cursor: Any, table: Table) -> None:
    """What refers to a row that stays out must know so; units of units, level by level."""
    within = [
        reference
        for reference in table.references.values()
        if reference.to == table.name
    ]
    while True:
        cursor.execute(f"""
            UPDATE {table.known} AS known SET state = 'removed' FROM {table.rows} AS r
            WHERE r.line = known.line AND r.state = 'removed' AND known.state = 'new'
        """)
        if not within or not cursor.rowcount:
            return
        cursor.execute(f"""
            UPDATE {table.rows} AS r SET state = 'removed'
            FROM {table.stage} AS s
            JOIN {table.known} AS above ON above.key = s.{within[0].column}
            WHERE s.line = r.line AND above.state = 'removed' AND r.state = 'new'
        """)


def same_row(table: Table, columns: tuple[str, ...], left: str, right: str) -> str:
    """Whether two rows are one. Only equality can be hashed, so it is used where it serves."""
    return " AND ".join(
        f"{left}.{column} "
        + ("IS NOT DISTINCT FROM" if table.may_be_null(column) else "=")
        + f" {right}.{column}"
        for column in columns
    )


def recognise_rows(cursor: Any, table: Table, *, overwrite: bool) -> None:
    """Find the rows without a key by what they state, now or before a curator changed it."""
    cursor.execute(f"""
        UPDATE {table.rows} AS r SET id = t.id, state = 'found' FROM {table.db} AS t
        WHERE r.state = 'new' AND {same_row(table, table.identity, "t", "r")}
    """)
    cursor.execute(f"""
        UPDATE {table.rows} AS r
        SET id = past.id, state = CASE
            WHEN past.id IS NOT NULL THEN 'found'
            WHEN {overwrite} THEN 'new'
            ELSE 'removed' END
        FROM (
            SELECT DISTINCT ON (r.ctid) r.ctid AS place, t.id
            FROM {table.rows} AS r
            JOIN {table.history} AS past
                ON {same_row(table, table.identity, "past", "r")}
            LEFT JOIN {table.db} AS t ON t.id = past.pgh_obj_id
            WHERE r.state = 'new'
            ORDER BY r.ctid, past.pgh_id DESC
        ) AS past
        WHERE r.ctid = past.place
    """)
    if table.likeness:
        recognise_reworded(cursor, table)


def recognise_reworded(cursor: Any, table: Table) -> None:
    """The files themselves may say it in other words than they did when it was loaded."""
    cursor.execute(f"""
        UPDATE {table.rows} AS r SET id = pair.id, state = 'found'
        FROM (
            SELECT DISTINCT ON (t.id) r.ctid AS place, t.id
            FROM {table.rows} AS r
            JOIN {table.db} AS t ON {same_row(table, table.likeness, "t", "r")}
            WHERE r.state = 'new'
                AND t.id NOT IN (SELECT id FROM {table.rows} WHERE id IS NOT NULL)
            ORDER BY t.id, r.line
        ) AS pair
        WHERE r.ctid = pair.place
    """)
