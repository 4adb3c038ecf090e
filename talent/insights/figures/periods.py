"""The time a figure counts: whole months, as the tallies keep them, and the moves it lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from talent.common.date_ranks import across, inside, touching
from talent.common.partial_date_columns import rank_of
from talent.common.partial_dates import PartialDate, Precision, add_months
from talent.insights.models import Move
from talent.insights.move_filter import MoveFilter

# How many months beyond its first a date of each precision covers.
FURTHER = {
    Precision.DAY: 0,
    Precision.MONTH: 0,
    Precision.QUARTER: 2,
    Precision.YEAR: 11,
}
EXACT_TO_THE_MONTH = (Precision.DAY, Precision.MONTH)


def beginning(day: date, months: int) -> date:
    """The first day of the month, quarter or year (1, 3 or 12 months) that holds the day."""
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def reaching_into(first: date) -> Iterator[Q]:
    """On a tally: of each precision the one date that begins before that day and ends after it.

    A quarter or year stands at its first month, so it is a date by itself.
    """
    for precision, beyond in FURTHER.items():
        start = beginning(first, beyond + 1)
        if start < first:
            yield Q(precision=precision, month=start)


def reaching_beyond(last: date) -> Iterator[Q]:
    """The same of the last day of a month: the dates that begin before it and end after it."""
    for precision, beyond in FURTHER.items():
        start = beginning(last, beyond + 1)
        if add_months(start, beyond) > last:
            yield Q(precision=precision, month=start)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of a month to the last day of another; without days, any time.

    July 2025 is not 1 July: a vague date counts where any part of it falls into the period
    (`vague` is "", what readers get unless they choose), or only where all of it does ("out").
    `rumours`: count what is only rumoured too.
    """

    first: date | None = None
    last: date | None = None
    vague: str = ""
    rumours: bool = False

    @classmethod
    def of_year(cls, year: int, *, rumours: bool = False) -> Period:
        return cls(date(year, 1, 1), date(year, 12, 31), "", rumours)

    @property
    def is_all(self) -> bool:
        return self.first is None

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year, if the period is made of whole years."""
        if self.first is None or self.last is None:
            return None
        whole = (self.first.month, self.last.month) == (1, 12)
        return (self.first.year, self.last.year) if whole else None

    # -- Conditions --------------------------------------------------------------------

    def of_tally(self) -> Q:
        """On the tallies by month and precision."""
        if self.is_all:
            return self.standing
        months = self.whole_months() if self.vague else self.any_months()
        return months & self.standing

    def of_seats(self) -> Q:
        """On the tally by seats, which has the moves inside a company too."""
        return self.of_tally() & Q(internal=False)

    def only_maybe(self) -> Q:
        """Of what a tally counts: the moves whose vague date only may lie in the period."""
        found = Q(pk=None)
        if self.first is not None and self.last is not None:
            for dated in (*reaching_into(self.first), *reaching_beyond(self.last)):
                found |= dated
        return found

    def any_months(self) -> Q:
        """Dates of which any part lies in the period."""
        found = Q(month__range=(self.first, self.last))
        assert self.first is not None
        for dated in reaching_into(self.first):
            found |= dated
        return found

    def whole_months(self) -> Q:
        """Dates that lie in the period as a whole."""
        found = Q(month__range=(self.first, self.last))
        assert self.last is not None
        for dated in reaching_beyond(self.last):
            found &= ~dated
        return found

    def of_moves(self, *, internal: bool = False) -> Q:
        """On the moves themselves: between companies, or only those inside one."""
        found = Q(internal=internal) & self.standing
        if self.first is None or self.last is None:
            return found
        falls = inside if self.vague else touching
        return found & falls("recency", self.first, self.last)

    def maybe_of_moves(self) -> Q:
        """Of the moves counted: those whose vague date only may lie in the period."""
        if self.first is None or self.last is None:
            return Q(pk=None)
        return across("recency", self.first, self.last)

    @property
    def standing(self) -> Q:
        return Q() if self.rumours else Q(rumoured=False)

    # -- Words -------------------------------------------------------------------------

    @property
    def written(self) -> dict[str, str]:
        """As a filter is told it: the shortest words that mean these days."""
        found = {"rumours": "on"} if self.rumours else {}
        if self.first is None or self.last is None:
            return found
        since, until = self.ends
        found |= {"since": since.isoformat(), "until": until.isoformat()}
        if self.vague:
            found["vague"] = self.vague
        return found

    @property
    def ends(self) -> tuple[PartialDate, PartialDate]:
        """2025 and 2025, or Q3 2025 twice, or two months."""
        assert self.first is not None
        assert self.last is not None
        if self.years:
            first, last = (
                PartialDate(date(year, 1, 1), Precision.YEAR) for year in self.years
            )
            return first, last
        if self.first == beginning(self.first, 3):
            quarter = PartialDate(self.first, Precision.QUARTER)
            if quarter.last == self.last:
                return quarter, quarter
        month = self.last.replace(day=1)
        return (
            PartialDate(self.first, Precision.MONTH),
            PartialDate(month, Precision.MONTH),
        )

    def rows(self, **choices: str) -> str:
        """The query string of the list with exactly the moves counted under the choices.

        "from" is a word of Python: it is given as `from_`.
        """
        chosen = {name.rstrip("_"): value for name, value in choices.items()}
        return MoveFilter.query_string({**self.written, **chosen})

    def __str__(self) -> str:
        """As it reads after "in" or on its own: "2025", "March 2025 to February 2026"."""
        if self.is_all:
            return _("the whole record")
        first, last = self.ends
        if first == last:
            return str(first)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}


@dataclass(frozen=True, slots=True)
class Span:
    """What the record covers: the first year, and the newest month that a date names."""

    first_year: int
    newest_month: date

    def last_months(self, months: int, *, vague: str, rumours: bool) -> Period:
        first = add_months(self.newest_month, 1 - months)
        last = add_months(self.newest_month, 1) - timedelta(days=1)
        return Period(first, last, vague, rumours)

    @property
    def years(self) -> range:
        return range(self.first_year, self.newest_month.year + 1)


def span_on_record(*, today: date) -> Span | None:
    """Of the moves that count, up to today; None for an empty record. Two queries.

    A date known to the year or quarter alone says nothing about the newest month, except
    where there is nothing else.
    """
    known = Move.objects.filter(
        Period().of_moves(), recency__lt=rank_of(today + timedelta(days=1))
    )
    oldest = (
        known.order_by("recency", "pk").values_list("happened_on", flat=True).first()
    )
    if oldest is None:
        return None
    newest = (
        known.order_by("-recency", "-pk")
        .filter(precision__in=EXACT_TO_THE_MONTH)
        .values_list("happened_on", flat=True)
        .first()
    )
    return Span(oldest.year, (newest or oldest).replace(day=1))
