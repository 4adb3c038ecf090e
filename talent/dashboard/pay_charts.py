"""The pictures of the Pay page: stated figures as bars on an axis of dollars by powers of ten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from talent.common.language import reads_chinese, spaced
from talent.dashboard.chart_drawings import pay_drawing
from talent.dashboard.charts import Cell, Chart, Linked, Query, WrongQuery, chart
from talent.dashboard.log_scale import LogScale
from talent.dashboard.pay_page import PayFigures, PayQuestion, figures_for, wrong
from talent.dashboard.pay_rows import PayRow, rows_of
from talent.dashboard.scale import percent
from talent.dashboard.templatetags.wording import standing_in_words
from talent.insights.models.pay import Amount
from talent.registry.models import Reading
from talent.registry.wording import name_of

Rows = Mapping[int, PayRow]

TOP, LINE = 24, 15
# Longer labels are cut in the picture; the title and the table have them whole.
LONGEST = 42
NARROWEST = 1.4
# Rows without a bar, after those with one.
UNPLACED = 5

FORMS = {
    Reading.Form.TOTAL_PACKAGE: lazy("total packages"),
    Reading.Form.ANNUAL: lazy("yearly figures"),
    Reading.Form.SIGNING_BONUS: lazy("signing bonuses"),
    Reading.Form.RETENTION: lazy("retention payments"),
    Reading.Form.EQUITY: lazy("equity grants"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bar stands and how it looks.

    look: "range" has both ends, "exact" is one amount, "open" is more than it, "ceiling" is up
    to it, "few" is a range of under ten.
    """

    look: str
    x: str
    width: str
    end: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a picture; without a place it has words only."""

    number: int
    label: str
    words: str
    title: str
    url: str
    # Lines of words under the label.
    lines: int = 1
    more: str = ""
    place: Place | None = None
    median: str = ""

    @property
    def row(self) -> int:
        """Its height."""
        return 2 * LINE + self.lines * LINE + 6

    @property
    def label_y(self) -> int:
        return TOP + self.number * self.row + 14

    @property
    def words_y(self) -> int:
        return self.label_y + LINE

    @property
    def more_y(self) -> int:
        return self.words_y + LINE

    @property
    def bar_y(self) -> int:
        return self.label_y + self.lines * LINE + 6


def asked(query: Query) -> PayQuestion:
    question = PayQuestion(query)
    if not question.is_valid():
        raise WrongQuery(wrong(question))
    return question


def placed(
    scale: LogScale, amount: Amount, qualifier: str = "", *, few: bool = False
) -> Place:
    low, high = scale.place(amount.least), scale.place(amount.most)
    if few:
        look = "few"
    elif amount.low is not None and amount.high is not None and low < high:
        look = "range"
    elif qualifier == "up to" or amount.low is None:
        look = "ceiling"
    else:
        look = "open" if qualifier == "more than" else "exact"
    width = high - low
    if width < NARROWEST:
        # Its middle stands at the amount.
        low, width = (low + high - NARROWEST) / 2, NARROWEST
    return Place(look, percent(low), percent(width), percent(low + width))


def picture(name: str, bars: list[Bar], scale: LogScale, **said: Any) -> Chart:
    if reads_chinese():
        bars = [set_apart(bar) for bar in bars]
    return Chart(
        name=name,
        draw=pay_drawing,
        context={"bars": bars, "ticks": scale.ticks()},
        height=TOP + sum(bar.row for bar in bars) + 8,
        is_empty=not bars,
        **said,
    )


def set_apart(bar: Bar) -> Bar:
    """In a drawing, browsers put no air between Chinese and Latin."""
    return replace(
        bar,
        words=spaced(bar.words),
        more=spaced(bar.more),
        title=spaced(bar.title),
    )


# -- One row, one package ------------------------------------------------------------------


def cut(text: str) -> str:
    return Truncator(text).chars(LONGEST)


def cells(row: PayRow, amount: Amount | None) -> list[Cell]:
    line, figure = row.line, row.figure
    return [
        Linked(row.recipient, row.url),
        name_of(row.package.organization),
        row.stated,
        amount.low if amount else None,
        amount.high if amount else None,
        row.rate,
        line.dated.isoformat() if line.dated else "",
        standing_in_words(figure.standing) if figure else "",
    ]


def columns(low: str, high: str) -> list[str]:
    return [
        _("Person"), _("Paid by"), _("As reported"), low, high,
        _("Exchange rate"), _("Date"), _("Standing"),
    ]  # fmt: skip


def bars_of(rows: list[PayRow], scale: LogScale, *, per_year: bool) -> Iterator[Bar]:
    for number, row in enumerate(rows):
        line = row.line
        amount = line.per_year if per_year else line.dollars
        more = yearly(row) if per_year else ""
        yield Bar(
            number,
            label=cut(row.label),
            words=row.both_amounts,
            more=more,
            lines=2 if per_year else 1,
            title=spoken(row.label, row.both_amounts, more, row.rate),
            url=row.url,
            place=placed(scale, amount, line.qualifier) if amount else None,
        )


def spoken(label: str, words: str, *more: str) -> str:
    """What hover and focus say of a bar: "Pang · Meta: more than US$200M. A note"."""
    first = _("%(label)s: %(said)s") % {"label": label, "said": words}
    return pgettext("between sentences", ". ").join([first, *filter(None, more)])


def yearly(row: PayRow) -> str:
    """What the headline is a year, or that it cannot be told; "" where it says so itself."""
    if row.line.per_year is None:
        return _("not comparable per year")
    return _("→ %(amount)s a year") % {"amount": row.per_year} if row.per_year else ""


def without_later(question: PayQuestion) -> str:
    return question.query(amount="", months="", years="", cliff="", above="")


# -- As reported -----------------------------------------------------------------------------


@chart("pay-reported")
def reported_for(query: Query) -> Chart:
    question = asked(query)
    figures = figures_for(question)
    rows = rows_of(figures.reported, rumours=question.with_rumours)
    return reported(question, figures, rows)


def reported(question: PayQuestion, figures: PayFigures, rows: Rows) -> Chart:
    shown = [rows[pk] for pk in figures.reported if pk in rows]
    scale = LogScale.around(ends_of(row.line.dollars for row in shown))
    return picture(
        "pay-reported",
        list(bars_of(shown, scale, per_year=False)),
        scale,
        sentence=reported_sentence(question, figures, shown),
        columns=columns(_("From, US dollars"), _("To, US dollars")),
        rows=[cells(row, row.line.dollars) for row in shown],
        definition=_(
            "Accepted by one person, reported or confirmed, as stated; forms are never mixed, "
            "so this is one form at a time. The axis goes by powers of ten. An arrow: more than; "
            "a dashed line: up to. Other currencies at the European Central Bank's rate of the "
            "event's day, both amounts shown."
        ),
        query=without_later(question),
    )


def reported_sentence(
    question: PayQuestion, figures: PayFigures, shown: list[PayRow]
) -> str:
    n = figures.forms[question.chosen_form].n
    forms = FORMS[question.chosen_form]
    if not shown:
        return _(
            "No accepted %(forms)s with a stated amount: none is on record, or all are refused, "
            "denied, rumoured or undisclosed."
        ) % {"forms": forms}
    return _("Largest of %(n)s accepted %(forms)s on record: %(label)s, %(words)s.") % {
        "n": n,
        "forms": forms,
        "label": shown[0].label,
        "words": shown[0].stated,
    }


def ends_of(amounts: Iterable[Amount | None]) -> list[int]:
    return [end for amount in amounts if amount for end in (amount.least, amount.most)]


# -- Per year --------------------------------------------------------------------------------


@chart("pay-per-year")
def per_year_for(query: Query) -> Chart:
    question = asked(query)
    figures = figures_for(question)
    shown = figures.per_year + figures.not_comparable
    rows = rows_of(shown, rumours=question.with_rumours)
    return per_year(question, figures, rows)


def per_year(question: PayQuestion, figures: PayFigures, rows: Rows) -> Chart:
    known, others = (
        [rows[pk] for pk in packages if pk in rows]
        for packages in (figures.per_year, figures.not_comparable)
    )
    scale = LogScale.around(ends_of(row.line.per_year for row in known))
    drawn = [*known, *others[:UNPLACED]] if known else []
    return picture(
        "pay-per-year",
        list(bars_of(drawn, scale, per_year=True)),
        scale,
        sentence=_(
            "Of %(n)s accepted packages, %(known)s can be told per year; %(others)s cannot, "
            "because no source says over how many years."
        )
        % {
            "n": figures.counted,
            "known": figures.per_year_n,
            "others": figures.not_comparable_n,
        },
        columns=columns(_("A year from, US dollars"), _("A year to, US dollars")),
        rows=[cells(row, row.line.per_year) for row in known + others],
        definition=_(
            "A total is not a year: per year are yearly figures, and totals whose years are "
            "stated, divided by them. What is not comparable comes last, has no bar and is in no "
            "median."
        ),
        query=without_later(question),
    )
