"""“Embed this”, beside every chart and list."""

from __future__ import annotations

from typing import Any

from django import template

from talent.dashboard.charts import Chart
from talent.dashboard.embeds import (
    AROUND,
    MOST_HEIGHT,
    address_of,
    fitting,
    frame,
)

register = template.Library()
TEMPLATE = "components/embed_this.html"


@register.inclusion_tag(TEMPLATE)
def embed_chart(chart: Chart) -> dict[str, Any]:
    address = address_of("charts", chart.name, chart.query)
    return told(address, chart.sentence, chart.name, fitting(chart.height + AROUND))


@register.inclusion_tag(TEMPLATE)
def embed_list(kind: str, name: str, query: str, title: str) -> dict[str, Any]:
    """`name`: of the one person or event it is about, "" for a list."""
    return told(address_of(kind, name, query), title, kind, MOST_HEIGHT)


def told(address: str, title: str, id: str, height: int) -> dict[str, Any]:
    return {
        "html": frame(address, title or "Transfer Window", width="100%", height=height),
        "of": address,
        "id": id,
    }
