"""Yearly pay side by side: seat by seat, company by company or year by year."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.dashboard.charts import Cell, Chart, Linked, Query, chart
from talent.dashboard.log_scale import LogScale
from talent.dashboard.pay_charts import (
    Bar,
    asked,
    cut,
    picture,
    placed,
    spoken,
    without_later,
)
from talent.dashboard.pay_page import PayFigures, PayQuestion, figures_for
from talent.dashboard.pay_rows import dollars
from talent.dashboard.scale import percent
from talent.insights.figures.pay import Spread
from talent.insights.models.pay import Amount
from talent.registry.models.organizations import Seat

FEW = 10
GROUPED = {"": lazy("Seat"), "company": lazy("Company"), "year": lazy("Year")}


@chart("pay-compared")
def compared_for(query: Query) -> Chart:
    question = asked(query)
    return compared(question, figures_for(question))


def compared(question: PayQuestion, figures: PayFigures) -> Chart:
    scale = LogScale.around(
        end
        for group in figures.groups
        for end in (group.low, group.high)
        if end is not None
    )
    bars = [
        group_bar(number, group, question, figures, scale)
        for number, group in enumerate(figures.groups)
    ]
    return picture(
        "pay-compared",
        bars if figures.per_year_n else [],
        scale,
        sentence=compared_sentence(question, figures),
        columns=[
            GROUPED[question.cleaned_data["by"]],
            _("N"),
            _("Left out"),
            _("Lowest a year, US dollars"),
            _("Median a year, US dollars"),
            _("Highest a year, US dollars"),
        ],
        rows=[group_cells(group, question, figures) for group in figures.groups],
        definition=_(
            "Accepted packages that can be told per year. The bar runs from the lowest to the "
            "highest amount stated, the mark is the median of the amounts stated, of a range its "
            "middle. Left out: those not comparable per year. Seats are those of who pays."
        ),
        note=_("Pale bars: under %(few)s packages, too few to compare.") % {"few": FEW},
        query=without_later(question),
    )


def compared_sentence(question: PayQuestion, figures: PayFigures) -> str:
    largest = max(figures.groups, key=lambda group: group.n, default=None)
    if largest is None or largest.median is None:
        return _("No accepted package on record can be told per year.")
    return _(
        "Per year, %(n)s packages compare. Most are of %(group)s: %(of)s, with a median of "
        "%(median)s."
    ) % {
        "n": figures.per_year_n,
        "group": group_name(largest, question, figures),
        "of": largest.n,
        "median": dollars(largest.median),
    }


def group_name(group: Spread, question: PayQuestion, figures: PayFigures) -> str:
    match question.cleaned_data["by"]:
        case "company":
            return figures.companies[group.key][1]
        case "year":
            return str(group.key or _("unknown date"))
    return str(Seat(group.key).label)


def group_url(
    group: Spread, question: PayQuestion, figures: PayFigures, per: str
) -> str:
    slug = figures.companies.get(group.key, ("", ""))[0]
    query = question.rows(
        part="counted", per=per, **question.group_choices(group.key, slug)
    )
    return f"{reverse('dashboard:pay_packages')}?{query}"


def group_bar(
    number: int,
    group: Spread,
    question: PayQuestion,
    figures: PayFigures,
    scale: LogScale,
) -> Bar:
    name = group_name(group, question, figures)
    place, more, median = None, "", ""
    if group.low is None or group.high is None or group.median is None:
        words = _("none comparable per year, %(left)s left out") % {
            "left": group.left_out
        }
    else:
        words = _("N %(n)s, median %(median)s") % {
            "n": group.n,
            "median": dollars(group.median),
        }
        more = _("%(low)s to %(high)s") % {
            "low": dollars(group.low),
            "high": dollars(group.high),
        }
        if group.n < FEW:
            words = _("%(words)s (few)") % {"words": words}
        place = placed(scale, Amount(group.low, group.high), few=group.n < FEW)
        median = percent(scale.place(group.median))
    return Bar(
        number,
        label=cut(name),
        words=words,
        more=more,
        lines=2,
        title=spoken(name, words, more),
        url=group_url(group, question, figures, "year" if place else "none"),
        place=place,
        median=median,
    )


def group_cells(
    group: Spread, question: PayQuestion, figures: PayFigures
) -> list[Cell]:
    return [
        group_name(group, question, figures),
        Linked(group.n, group_url(group, question, figures, "year")),
        Linked(group.left_out, group_url(group, question, figures, "none")),
        group.low,
        group.median,
        group.high,
    ]
