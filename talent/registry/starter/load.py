"""Loading a data set: all of it or nothing, and a second time nothing more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pghistory
from django.db import connection, transaction

from talent.registry.models.two_eyes import guards
from talent.registry.starter.addresses import lead_on
from talent.registry.starter.checks import check
from talent.registry.starter.matching import match
from talent.registry.starter.problems import BadData, Problems
from talent.registry.starter.report import Report
from talent.registry.starter.rows import Place, look_at, opened
from talent.registry.starter.staging import clear, stage_files
from talent.registry.starter.writing import settle, tell, write

STARTER_DATA = Path(__file__).resolve().parent.parent / "starter_data"

# What the statements of a load need: sorts in memory, no compiling of short queries, and the
# list of triggers to ignore: what the files call denied was denied by two. Where that is not
# set, pgtrigger's triggers find out by an exception, and undoing its savepoint walks over every
# foreign key that waits for its check: for each row again, so that a million rows never end.
FOR_BULK = """
    SET LOCAL work_mem = '64MB';
    SET LOCAL maintenance_work_mem = '256MB';
    SET LOCAL jit = off;
    SELECT set_config('pgtrigger.ignore', %(ignored)s, true)
"""


def load(path: Path, *, at: datetime, overwrite: bool = False) -> Report:
    """Load the CSV files of a directory or a zip file; new events and packages are published.

    Rows that the record has already are left alone, whatever a curator made of them;
    `overwrite` sets them back to what the files say, and brings back what was removed.
    Other editors wait while it writes; readers do not.

    Raises BadData, and loads nothing, if anything is wrong with any row.
    """
    with opened(path) as directory:
        look_at(directory)
        return load_files(directory, path, at=at, overwrite=overwrite)


def load_files(
    directory: Place, path: Path, *, at: datetime, overwrite: bool
) -> Report:
    problems = Problems()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FOR_BULK, {"ignored": guards()})
        stage_files(cursor, directory, problems)
        # What is compared below must still be true when it is written: every writer of the
        # record raises the generation first, so they queue here. Readers pass.
        cursor.execute("LOCK TABLE registry_generation IN EXCLUSIVE MODE")
        match(cursor, overwrite=overwrite, problems=problems)
        check(cursor, overwrite=overwrite, problems=problems)
        if problems.total:
            raise BadData(problems.in_order(), problems.total)
        with pghistory.context(
            command="load_starter", directory=str(path), overwrite=overwrite
        ):
            report = write(cursor, at=at, overwrite=overwrite)
            report.tables.append(lead_on(cursor, at=at))
        if report.changed:
            tell(cursor, report)
        clear(cursor)
    if report.changed:
        settle()
    return report
