"""Arrivals above the line, departures below it, one column per quarter or year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from talent.common.partial_dates import PartialDate, Precision, add_months
from talent.dashboard.charts import Chart, Linked, Query, WrongQuery, chart
from talent.dashboard.moves_figures import linked
from talent.dashboard.scale import percent, short_label
from talent.insights.figures.arrivals import Course, Step, course_of
from talent.insights.figures.companies import first_month
from talent.insights.figures.periods import Period
from talent.registry.filter_fields import Choice, Named
from talent.registry.filter_form import FilterForm
from talent.registry.merging import resolve_organization
from talent.registry.models import Organization
from talent.registry.wording import name_of

SPANS = {"24": 24, "60": 60, "all": 0}
# Pixels: the height of the plot above and below its middle line, and of the words under it.
HALF, LABELS = 72, 20
# Room for the number at the end of a column.
NUMBER = 16
LONGEST_BY_QUARTER = 6
# A single move does not fill the height.
LEAST_SCALE = 4
# Per cent of the width that half a label may need on a phone.
EDGE = 5
ON_A_PHONE = 5


class FlowChoice(FilterForm):
    """The address of the chart."""

    company = Named(Organization, resolve_organization, label=lazy("Company or unit"))
    span = Choice([("", "24"), ("60", "60"), ("all", lazy("all"))], label=lazy("Span"))


@chart("company-flows")
def company_flows(query: Query) -> Chart:
    choice = FlowChoice(query)
    if not choice.is_valid():
        raise WrongQuery(str(next(iter(choice.errors.values()))[0]))
    company = choice.cleaned_data["company"]
    if company is None:
        raise WrongQuery(_("Of which company? Name one: company=meta, say."))
    span = choice.cleaned_data["span"] or "24"
    return flow_chart(company, window_of(company, span), span=span)


@dataclass(frozen=True, slots=True)
class Window:
    """The days a company page shows."""

    first: date
    last: date

    @property
    def step(self) -> Precision:
        long = self.last.year - self.first.year > LONGEST_BY_QUARTER
        return Precision.YEAR if long else Precision.QUARTER


def no_such_span(span: str) -> str:
    text = _("“%(span)s” is no span we draw: choose 24, 60 or all.")
    return text % {"span": span[:40]}


def window_of(organization: Organization, span: str) -> Window:
    """The last 24 or 60 months, or from the first move on record."""
    today = timezone.localdate()
    if SPANS[span]:
        return Window(add_months(today, -SPANS[span]), today)
    return Window(first_month(organization) or add_months(today, -24), today)


def flow_chart(organization: Organization, window: Window, *, span: str) -> Chart:
    """One query, for a unit one more for each level below it."""
    course = course_of(
        organization, first=window.first, last=window.last, step=window.step
    )
    links = Links(organization)
    return Chart(
        name="company-flows",
        sentence=sentence(organization, course),
        template="charts/company_flows.svg",
        context=picture(course, links),
        height=2 * HALF + LABELS,
        columns=(_("Time"), _("Arrivals"), _("Departures"), _("Net")),
        rows=[
            (
                str(step.when),
                Linked(step.flow.arrivals, links.into(step)),
                Linked(step.flow.departures, links.out_of(step)),
                step.flow.net,
            )
            for step in reversed(course.steps)
        ],
        definition=_(
            "Moves to %(name)s and away from it, each counted once, career histories included, "
            "those inside the company not; neither rumoured nor denied ones. The dot is the "
            "net."
        )
        % {"name": name_of(organization)},
        note=too_vague(course, links),
        query=FlowChoice.query_string(
            {"company": organization.slug, "span": "" if span == "24" else span}
        ),
        is_empty=not course.flow.volume,
    )


class Links:
    """The lists of the moves of one step."""

    def __init__(self, organization: Organization) -> None:
        self.slug = organization.slug
        self.path = reverse("dashboard:move_list")

    def into(self, step: Step) -> str:
        return f"{self.path}?{whole(step.when).rows(to=self.slug)}"

    def out_of(self, step: Step) -> str:
        return f"{self.path}?{whole(step.when).rows(from_=self.slug)}"

    def too_vague(self, course: Course) -> str:
        """A step is a quarter or a year: only a date known to the year alone is vaguer than one."""
        time = Period(course.steps[0].when.first, course.steps[-1].when.last)
        return f"{self.path}?{time.rows(company=self.slug, dated='year')}"


def whole(when: PartialDate) -> Period:
    """A step counts what lies in it as a whole."""
    return Period(when.first, when.last, "out")


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: where it stands, how high, what it says and the rows it opens."""

    middle: str
    x: str
    width: str
    y: int
    height: int
    text_y: int
    count: int
    look: str
    sentence: str
    url: str


def picture(course: Course, links: Links) -> dict[str, Any]:
    slot = 100 / max(len(course.steps), 1)
    highest = max(
        (max(s.flow.arrivals, s.flow.departures) for s in course.steps), default=0
    )
    scale = (HALF - NUMBER) / max(highest, LEAST_SCALE)
    columns: list[Column] = []
    nets: list[tuple[str, int]] = []
    for place, step in enumerate(course.steps):
        left, flow = place * slot, step.flow
        if flow.arrivals:
            columns.append(arrivals(step, left, slot, scale, links.into(step)))
        if flow.departures:
            columns.append(departures(step, left, slot, scale, links.out_of(step)))
        # Of one direction alone the bar says it.
        if flow.arrivals and flow.departures:
            nets.append((percent(left + slot / 2), HALF - round(flow.net * scale)))
    return {
        "columns": columns,
        "nets": nets,
        "labels": labels(course.steps, slot),
        "middle": HALF,
        "label_y": 2 * HALF + LABELS - 4,
    }


def arrivals(step: Step, left: float, slot: float, scale: float, url: str) -> Column:
    n = step.flow.arrivals
    height = max(round(n * scale), 3)
    told = ngettext("%(n)s arrival in %(time)s", "%(n)s arrivals in %(time)s", n)
    return Column(
        **across(left, slot),
        y=HALF - height,
        height=height,
        text_y=HALF - height - 4,
        count=n,
        look="arrival",
        sentence=told % {"n": n, "time": step.when},
        url=url,
    )


def departures(step: Step, left: float, slot: float, scale: float, url: str) -> Column:
    n = step.flow.departures
    height = max(round(n * scale), 3)
    told = ngettext("%(n)s departure in %(time)s", "%(n)s departures in %(time)s", n)
    return Column(
        **across(left, slot),
        y=HALF,
        height=height,
        text_y=HALF + height + 12,
        count=n,
        look="departure",
        sentence=told % {"n": n, "time": step.when},
        url=url,
    )


def across(left: float, slot: float) -> dict[str, str]:
    return {
        "middle": percent(left + slot / 2),
        "x": percent(left + slot * 0.14),
        "width": percent(slot * 0.72),
    }


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: str
    anchor: str
    # A narrow screen has no room for all of them.
    everywhere: bool


def labels(steps: tuple[Step, ...], slot: float) -> list[Label]:
    every = ceil(len(steps) / ON_A_PHONE)
    return [
        Label(short_label(step.when), *placed(place, slot), place % every == 0)
        for place, step in enumerate(steps)
    ]


def placed(place: int, slot: float) -> tuple[str, str]:
    """Where a label stands and how; at an edge its middle would be cut off."""
    middle = place * slot + slot / 2
    if middle < EDGE:
        return percent(0), "chart-start"
    if middle > 100 - EDGE:
        return percent(100), "chart-end"
    return percent(middle), "chart-middle"


def sentence(organization: Organization, course: Course) -> str:
    flow = course.flow
    words = {
        "first": course.steps[0].when,
        "last": course.steps[-1].when,
        "name": name_of(organization),
    }
    if not flow.volume:
        return (
            _("No arrival or departure is recorded from %(first)s to %(last)s.") % words
        )
    return _(
        "From %(first)s to %(last)s the record has %(arrivals)s and %(departures)s at %(name)s, "
        "net %(net)s."
    ) % {
        **words,
        "arrivals": ngettext("%(n)s arrival", "%(n)s arrivals", flow.arrivals)
        % {"n": f"{flow.arrivals:,}"},
        "departures": ngettext("%(n)s departure", "%(n)s departures", flow.departures)
        % {"n": f"{flow.departures:,}"},
        "net": signed(flow.net),
    }


def signed(n: int) -> str:
    return f"{n:+,}".replace("-", "\N{MINUS SIGN}") if n else "0"


def too_vague(course: Course, links: Links) -> str:
    if not course.too_vague:
        return ""
    words = ngettext(
        "%(n)s more move of this time is dated too vaguely for a column.",
        "%(n)s more moves of this time are dated too vaguely for a column.",
        course.too_vague,
    ) % {"n": f"{course.too_vague:,}"}
    return linked(links.too_vague(course), words)
