"""Keeping the pay lines equal to what `figures.pay.lines_of` reads in the record.

They are read again with the people they were paid to, since a package goes by its hire and its
stay by the stints, and by themselves where a package, a reading or its source changed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from talent.common.partial_date_columns import columns_of
from talent.insights.figures.pay import Line, lines_of, one_of
from talent.insights.figures.pay_stays import Stay, left_of, may_forgo, stays_after
from talent.insights.swapping import Derived, swap_rows
from talent.registry.models import Package
from talent.registry.models.pay import PackageQuerySet

COLUMNS = (
    "package_id", "organization_id", "company_id", "seat", "reading_id", "standing", "form",
    "qualifier", "contradicted", "stated", "dated_on", "precision", "last_on", "low", "high",
    "rate_of", "year_low", "year_high", "part", "part_with_rumours", "left", "unvested",
)  # fmt: skip
LINES = Derived(
    "insights_payline", [f'"{name}"' for name in COLUMNS], key=("package_id",)
)


def refresh_lines(packages: Collection[int], *, people: list[int]) -> None:
    """Read these packages again, and all of these people."""
    theirs = Package.objects.filter(person__in=people)
    hires = Package.objects.filter(event__person__in=people)
    found = theirs.values_list("pk").union(hires.values_list("pk"))
    due = {*packages, *(pk for (pk,) in found)}
    if due:
        replace(Package.objects.filter(one_of(sorted(due))), sorted(due), force=False)


def refresh_all_lines(*, force: bool) -> None:
    """`force`: accept that the table shrinks by more than a tenth."""
    replace(Package.objects.all(), None, force=force)


def replace(packages: PackageQuerySet, of: list[int] | None, *, force: bool) -> None:
    public = packages.public()
    stays = stays_after(public)
    # Before the copy begins: a connection does one thing at a time.
    rows = [row_of(line, stays.get(line.package)) for line in lines_of(public)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {LINES.beside} (LIKE {LINES.name}) ON COMMIT DROP"
        )
        with cursor.copy(f"COPY {LINES.beside} ({LINES.names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    swap_rows(LINES, of=of, force=force)


def row_of(line: Line, stay: Stay | None) -> tuple[Any, ...]:
    """In the order of COLUMNS."""
    dollars, per_year = line.dollars, line.per_year
    return (
        line.package,
        line.organization,
        line.company,
        line.seat,
        line.reading,
        line.standing,
        line.form,
        line.qualifier,
        line.contradicted,
        line.stated,
        *columns_of(line.dated),
        line.dated.last if line.dated else None,
        *((dollars.low, dollars.high) if dollars else (None, None)),
        line.rate_of,
        *((per_year.low, per_year.high) if per_year else (None, None)),
        line.part().value,
        line.part(rumours=True).value,
        left_of(stay).value,
        may_forgo(line, stay),
    )
