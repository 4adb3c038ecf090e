"""Which twelve months the newest ones on record are, and counting anew when a month begins."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Subquery

from talent.common.partial_date_columns import rank_of
from talent.common.partial_dates import add_months
from talent.insights.figures.periods import EXACT_TO_THE_MONTH, Period
from talent.insights.models import LastMonths, Move
from talent.insights.models.triggers import LAST

MONTHS = 12


def last_months(*, today: date) -> tuple[Period | None, bool]:
    """The newest month on record, up to today, with the eleven before, and whether these are the
    months that LastTally counts. None for an empty record. One query, as a rule.

    As `span_on_record` has it: a date known to the year or quarter alone says nothing about the
    newest month, except where there is nothing else.
    """
    known = Move.objects.filter(
        Period().of_moves(), recency__lt=rank_of(today + timedelta(days=1))
    )
    exact = known.filter(precision__in=EXACT_TO_THE_MONTH).order_by("-recency", "-pk")
    counted = LastMonths.objects.values("last_on")[:1]
    for moves in (exact, known.order_by("recency", "pk")):
        found = moves.values_list("happened_on", Subquery(counted)).first()
        if found:
            month = found[0].replace(day=1)
            last = add_months(month, 1) - timedelta(days=1)
            return Period(add_months(month, 1 - MONTHS), last), found[1] == last
    return None, False


@transaction.atomic
def take_last_months(*, today: date) -> None:
    """Let LastTally count the newest months: one query, unless a month has begun."""
    period, is_counted = last_months(today=today)
    if period is None or is_counted:
        return
    assert period.first is not None
    assert period.last is not None
    with connection.cursor() as cursor:
        # Whoever deletes a person counts their rows out of the months known until then.
        cursor.execute("LOCK TABLE insights_move IN SHARE ROW EXCLUSIVE MODE")
        LastMonths.objects.update_or_create(
            pk=1, defaults={"first_on": period.first, "last_on": period.last}
        )
        cursor.execute(f"DELETE FROM {LAST.table}")
        cursor.execute(LAST.count_again("insights_move"))
