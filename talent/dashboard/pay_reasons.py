"""Stated reasons as a picture: one bar each, "no reason stated" first and hollow."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from talent.dashboard.charts import Chart, Linked, Query, WrongQuery, chart
from talent.dashboard.pay_page import reasons_for, wrong
from talent.dashboard.scale import percent
from talent.insights.figures.reasons import NOBODY, NONE, Reasons
from talent.insights.pay_filter import ReasonFilter
from talent.registry.models import Reason
from talent.registry.wording import called

ROW, SHOWN, TELLERS = 40, 12, 8
WIDTH = 84.0
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Bar:
    number: int
    label: str
    count: int
    share: str
    width: str
    end: str
    url: str
    hollow: bool = False

    @property
    def label_y(self) -> int:
        return self.number * ROW + 14

    @property
    def bar_y(self) -> int:
        return self.number * ROW + 20


@chart("reasons")
def reasons_chart_for(query: Query) -> Chart:
    filter = ReasonFilter(query)
    if not filter.is_valid():
        raise WrongQuery(wrong(filter))
    return reasons_chart(filter, reasons_for(filter))


def reasons_chart(filter: ReasonFilter, reasons: Reasons) -> Chart:
    names, scope = names_of(reasons), filter.query(reason="", teller="")
    counts = [(NONE, _("no reason stated"), reasons.unstated)]
    counts += [(*names[pk], n) for pk, n in reasons.reasons if pk in names]
    most = max((n for _key, _label, n in counts), default=0) or 1
    bars = [
        bar(number, scope, row, most, reasons.moves)
        for number, row in enumerate(counts[: SHOWN + 1])
    ]
    return Chart(
        name="reasons",
        sentence=sentence(reasons, counts),
        template="charts/reason_bars.svg",
        context={"bars": bars},
        height=len(bars) * ROW + 4,
        columns=[_("Stated reason"), _("Moves"), _("Of all moves")],
        rows=[
            [label, Linked(n, rows_url(scope, reason=key)), share(n, reasons.moves)]
            for key, label, n in counts
        ],
        definition=_(
            "Moves from one company to another, each once, whose hire or departure carries the "
            "reason as somebody stated it. A move may have several reasons. That none is stated "
            "does not mean that there was none."
        ),
        query=scope,
        is_empty=not reasons.moves,
    )


def names_of(reasons: Reasons) -> dict[int, tuple[str, str]]:
    """Name and words of each reason, in the reader's language. One query."""
    rows = Reason.objects.in_bulk([pk for pk, _n in reasons.reasons])
    return {pk: (row.name, called(row)) for pk, row in rows.items()}


def bar(
    number: int,
    scope: str,
    row: tuple[str, str, int],
    most: int,
    moves: int,
) -> Bar:
    key, label, n = row
    width = max(n / most * WIDTH, 0.5)
    return Bar(
        number,
        label=Truncator(label).chars(LONGEST),
        count=n,
        share=share(n, moves),
        width=percent(width),
        end=percent(width + 1),
        url=rows_url(scope, reason=key),
        hollow=key == NONE,
    )


def share(n: int, moves: int) -> str:
    return f"{n / moves:.1%}" if moves else ""


def rows_url(scope: str, **asked: str) -> str:
    """The moves with a reason, or one stated by somebody, in a scope: a query string of the
    filter, which names those two last.
    """
    query = "&".join(filter(None, (scope, urlencode(asked))))
    return f"{reverse('dashboard:pay_reasons')}?{query}"


def sentence(reasons: Reasons, counts: list[tuple[str, str, int]]) -> str:
    if not reasons.moves:
        return _("No move is on record here.")
    told: dict[str, object] = {
        "stated": reasons.moves - reasons.unstated,
        "moves": reasons.moves,
    }
    if len(counts) == 1:
        return _("For none of %(moves)s moves is a reason stated.") % told
    told |= {"reason": counts[1][1], "n": counts[1][2]}
    return (
        _(
            "For %(stated)s of %(moves)s moves somebody states a reason, most often "
            "“%(reason)s” (%(n)s)."
        )
        % told
    )


def count_of(filter: ReasonFilter) -> int:
    """How many moves the list of the filter has."""
    reason, teller = filter.cleaned_data["reason"], filter.cleaned_data["teller"]
    if reason and teller:
        return filter.moves().count()
    reasons = reasons_for(filter)
    if teller:
        name = "" if teller == NOBODY else teller
        return dict(reasons.tellers).get(name, 0)
    if reason == NONE:
        return reasons.unstated
    return dict(reasons.reasons).get(reason.pk, 0) if reason else reasons.moves


@dataclass(frozen=True, slots=True)
class Teller:
    """Who states reasons, as written in the record, and of how many moves."""

    name: str
    count: int
    url: str


def tellers_of(filter: ReasonFilter, reasons: Reasons) -> list[Teller]:
    """Those with the most moves; a name is "" where the record does not say who."""
    scope = filter.query(reason="", teller="")
    return [
        Teller(name, n, rows_url(scope, teller=name or NOBODY))
        for name, n in reasons.tellers[:TELLERS]
    ]
