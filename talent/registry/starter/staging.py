"""Temporary tables that hold the files as they are, each row with its line."""

from __future__ import annotations

from typing import Any

from talent.registry.starter.format import ALL_FILES, File
from talent.registry.starter.problems import Problems
from talent.registry.starter.rows import Place, staged_rows
from talent.registry.starter.tables import KEYED, TABLES

# What one field says of several rows, as rows: with the line they come from, and their place in
# the field. (Reasons stand on many lines and are only numbered.)
SPREAD = {
    "stage_event_reasons": """
        SELECT line, place, id AS event, reason, coalesce(stated.stated_by, '') AS stated_by
        FROM stage_events, unnest(
            string_to_array(reasons, '|'), string_to_array(stage_events.stated_by, '|')
        ) WITH ORDINALITY AS stated(reason, stated_by, place)
        WHERE reason IS NOT NULL ORDER BY line, place
    """,
    "stage_stated_reasons": """
        SELECT (row_number() OVER (ORDER BY min(listed.line), min(stated.line), reason)
            )::integer AS line,
            reason AS name, coalesce(min(listed.name_zh), '') AS name_zh
        FROM stage_event_reasons AS stated
        LEFT JOIN stage_reasons AS listed ON listed.name = reason
        GROUP BY reason
    """,
    "stage_deal_events": """
        SELECT line, place, id AS deal, event FROM stage_deals,
            unnest(string_to_array(events, '|')) WITH ORDINALITY AS moved(event, place)
        ORDER BY line, place
    """,
    "stage_wave_events": """
        SELECT line, place, slug AS wave, event FROM stage_waves,
            unnest(string_to_array(events, '|')) WITH ORDINALITY AS part(event, place)
        ORDER BY line, place
    """,
}


# Smaller tables are joined well enough by guess.
WORTH_ANALYSING = 5_000


def stage_files(cursor: Any, directory: Place, problems: Problems) -> None:
    """Copy the files into temporary tables: memory does not grow with their size."""
    clear(cursor)
    for file in ALL_FILES:
        stage_file(cursor, directory, file, problems)
        for columns in file.once:
            drop_repeats(cursor, file, columns, problems)
    for name, query in SPREAD.items():
        make(cursor, name, query)


def stage_file(cursor: Any, directory: Place, file: File, problems: Problems) -> None:
    staged = [pair for column in file.all_columns for pair in column.staged]
    staged += file.derived
    columns = ", ".join(f"{name} {type_}" for name, type_ in staged)
    cursor.execute(f"CREATE TEMPORARY TABLE {file.stage} (line integer, {columns})")
    if file.may_be_missing and not (directory / file.name).is_file():
        return
    with cursor.copy(f"COPY {file.stage} FROM STDIN") as copy:
        for row in staged_rows(directory, file, problems):
            copy.write_row(row)
    analyse(cursor, file.stage, cursor.rowcount)


def make(cursor: Any, name: str, query: str) -> None:
    """Make a temporary table of what a query finds."""
    cursor.execute(f"CREATE TEMPORARY TABLE {name} AS {query}")
    analyse(cursor, name, cursor.rowcount)


def analyse(cursor: Any, name: str, rows: int) -> None:
    if rows >= WORTH_ANALYSING:
        cursor.execute(f"ANALYZE {name}")


def drop_repeats(
    cursor: Any, file: File, columns: tuple[str, ...], problems: Problems
) -> None:
    """Name the rows that repeat another, and drop them so that joins stay one to one."""
    together = ", ".join(columns)
    types = dict(pair for column in file.all_columns for pair in column.staged)
    # Text is never null here, and only equality can be hashed.
    same = " AND ".join(
        f"s.{column} {'=' if types[column] == 'text' else 'IS NOT DISTINCT FROM'} "
        f"twice.{column}"
        for column in columns
    )
    cursor.execute(f"""
        DELETE FROM {file.stage} AS s USING (
            SELECT {together}, min(line) AS first FROM {file.stage}
            WHERE {columns[0]} <> '' GROUP BY {together} HAVING count(*) > 1
        ) AS twice
        WHERE {same} AND s.line <> twice.first
        RETURNING s.line, twice.first
    """)
    what = " and ".join(columns) if len(columns) < 3 else "row"
    for line, first in cursor:
        problems.add(file.name, line, f"repeats the {what} of line {first}")


def clear(cursor: Any) -> None:
    """Drop our temporary tables: a load may run inside a longer transaction."""
    names = [file.stage for file in ALL_FILES] + list(SPREAD)
    names += [table.known for table in KEYED.values()]
    names += [name for table in TABLES for name in (table.rows, table.changed)]
    qualified = ", ".join(f"pg_temp.{name}" for name in [*names, "depth", "touched"])
    cursor.execute(f"DROP TABLE IF EXISTS {qualified}")
