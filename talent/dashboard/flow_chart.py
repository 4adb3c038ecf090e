"""Arrivals above the line, departures below it, one column per quarter or year."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.dashboard.scale import percent
from talent.insights.figures.flows import Flow
from talent.registry.models import Organization

# Pixels: the height of the plot above and below its middle line.
HALF = 64


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: where it stands, how high, what it says and the rows it opens."""

    x: str
    middle: str
    width: str
    y: int
    height: int
    text_y: int
    count: int
    kind: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class FlowChart:
    sentence: str
    columns: tuple[Column, ...]
    labels: tuple[tuple[str, str, bool], ...]
    rows: tuple[tuple[Flow, str, str], ...]
    hires: int
    departures: int

    @property
    def is_empty(self) -> bool:
        return not self.hires and not self.departures


def flow_chart(organization: Organization, flows: list[Flow]) -> FlowChart:
    highest = max((max(flow.hires, flow.departures) for flow in flows), default=0) or 1
    slot = 100 / max(len(flows), 1)
    columns: list[Column] = []
    for place, flow in enumerate(flows):
        for kind, count in (("hire", flow.hires), ("departure", flow.departures)):
            if count:
                columns.append(
                    column(organization, flow, kind, count, place * slot, slot, highest)
                )
    hires, departures = sum(f.hires for f in flows), sum(f.departures for f in flows)
    return FlowChart(
        sentence=sentence(organization, flows, hires, departures),
        columns=tuple(columns),
        labels=tuple(labels(flows, slot)),
        rows=tuple(
            (
                flow,
                rows_url(organization, flow, "hire"),
                rows_url(organization, flow, "departure"),
            )
            for flow in reversed(flows)
        ),
        hires=hires,
        departures=departures,
    )


def column(
    organization: Organization,
    flow: Flow,
    kind: str,
    count: int,
    x: float,
    slot: float,
    highest: int,
) -> Column:
    height = max(round(count / highest * (HALF - 16)), 3)
    up = kind == "hire"
    if up:
        told = ngettext("%(n)s hire in %(period)s", "%(n)s hires in %(period)s", count)
    else:
        told = ngettext(
            "%(n)s departure in %(period)s", "%(n)s departures in %(period)s", count
        )
    return Column(
        x=percent(x + slot * 0.14),
        middle=percent(x + slot / 2),
        width=percent(slot * 0.72),
        y=HALF - height - 1 if up else HALF + 1,
        height=height,
        text_y=HALF - height - 5 if up else HALF + height + 13,
        count=count,
        kind=kind,
        sentence=told % {"n": count, "period": flow.period},
        url=rows_url(organization, flow, kind),
    )


def rows_url(organization: Organization, flow: Flow, kind: str) -> str:
    """The Events page with exactly the rows that were counted."""
    period = flow.period.isoformat()
    query = {
        "kind": kind,
        "company": organization.slug,
        "since": period,
        "until": period,
        "vague": "out",
    }
    return f"{reverse('dashboard:event_list')}?{urlencode(query)}"


def labels(flows: list[Flow], slot: float) -> list[tuple[str, str, bool]]:
    """Text, place and whether a narrow screen shows it too."""
    every = max(len(flows) // 5, 1)
    told = []
    for place, flow in enumerate(flows):
        day = flow.period.first
        quarter = f"Q{(day.month + 2) // 3} {day:%y}"
        text = quarter if flow.period.precision == "quarter" else str(day.year)
        told.append((text, percent(place * slot + slot / 2), place % every == 0))
    return told


def sentence(
    organization: Organization, flows: list[Flow], hires: int, departures: int
) -> str:
    if not flows:
        return ""
    span = {"first": flows[0].period, "last": flows[-1].period}
    if not hires and not departures:
        return _("No hire or departure is recorded from %(first)s to %(last)s.") % span
    return _(
        "From %(first)s to %(last)s the record has %(hires)s and %(departures)s at %(name)s."
    ) % {
        **span,
        "hires": ngettext("%(n)s hire", "%(n)s hires", hires) % {"n": hires},
        "departures": ngettext("%(n)s departure", "%(n)s departures", departures)
        % {"n": departures},
        "name": organization.name,
    }
