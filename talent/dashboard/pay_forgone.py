"""What leaving cost, worked out on the page for who asks: in no chart, file or table of ours."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.common import money
from talent.dashboard.pay_page import PayQuestion
from talent.dashboard.pay_rows import PayRow
from talent.dashboard.scale import percent
from talent.insights.figures.forgone import YEARS, forgone
from talent.registry.models import Reading


@dataclass(frozen=True, slots=True)
class Example:
    """One package over so many years: what vested by the day of leaving, and what did not."""

    years: int
    chosen: bool
    vested: str
    left: str
    share: str
    rest: str


def worked_example(question: PayQuestion) -> list[Example]:
    """For the amount and the months asked about, over each number of years; [] without both."""
    amount, months = question.cleaned_data["amount"], question.cleaned_data["months"]
    if amount is None or months is None:
        return []
    chosen, cliff = question.vesting
    examples = []
    for years in YEARS:
        parts = forgone(amount, months=months, years=years, cliff=cliff)
        share = parts.vested / amount * 100 if amount else 0.0
        examples.append(
            Example(
                years,
                years == chosen,
                vested=money.amount("USD", parts.vested),
                left=money.amount("USD", parts.left),
                share=percent(share),
                rest=percent(100 - share),
            )
        )
    return examples


def terms(question: PayQuestion) -> str:
    """The assumption, in words."""
    years, cliff = question.vesting
    even = ngettext(
        "evenly by month over %(n)s year", "evenly by month over %(n)s years", years
    ) % {"n": years}
    if cliff:
        return _("%(even)s, nothing before the first year is over") % {"even": even}
    return _("%(even)s, from the first month on") % {"even": even}


@dataclass(frozen=True, slots=True)
class Forgone:
    """A recorded package whose holder left, under the terms asked for."""

    row: PayRow
    years: Decimal
    # The record states the years: they are not the reader's to choose.
    stated: bool
    vested: str
    left: str

    @property
    def begun(self) -> int:
        """The years, the last one counted whole: by it a language has "year" or "years"."""
        return ceil(self.years)


def recorded(question: PayQuestion, rows: list[PayRow]) -> list[Forgone]:
    found = [worked_out(question, row) for row in rows]
    return [each for each in found if each is not None and each.left]


def worked_out(question: PayQuestion, row: PayRow) -> Forgone | None:
    figure, stay = row.figure, row.stay
    if figure is None or stay is None:
        return None
    chosen, cliff = question.vesting
    years = figure.years or Decimal(chosen)
    ends = [
        None
        if amount is None
        else forgone(amount, months=stay.length.months, years=years, cliff=cliff)
        for amount in (figure.low, figure.high)
    ]
    if not any(end and end.left for end in ends):
        return None
    vested = [None if end is None else end.vested for end in ends]
    left = [None if end is None else end.left for end in ends]
    return Forgone(
        row,
        years,
        figure.years is not None,
        vested=amount_of(figure, vested) if any(vested) else _("nothing"),
        left=amount_of(figure, left),
    )


def amount_of(figure: Reading, ends: list[int | None]) -> str:
    low, high = ends
    return money.stated(figure.currency, low, high, figure.qualifier)
