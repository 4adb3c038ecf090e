"""The drawings of charts that have hundreds of elements, as SVG.

A template takes several tags for each: as in `timeline_svg`, plain Python. Every function returns
the <svg> element of a chart; what is a name, a sentence or an address in it is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from talent.dashboard.charts import Chart
    from talent.dashboard.moves_flow_chart import Band, Node, Picture
    from talent.dashboard.pay_charts import Bar
    from talent.dashboard.seats_chart import Dot, Line, Plot

# -- Moves from one side to the other ----------------------------------------------------


def flow_drawing(chart: Chart) -> SafeString:
    picture: Picture = chart.context["picture"]
    bands = "".join(band(each) for each in picture.bands)
    nodes = "".join((*map(left_node, picture.left), *map(right_node, picture.right)))
    size = f'width="100%" height="{picture.height}"'
    return mark_safe(  # escaped, see above
        f'<svg class="flow" {size} role="group" aria-labelledby="chart-{chart.name}">'
        f'<svg {size} viewBox="0 0 {picture.width} {picture.height}" preserveAspectRatio="none">'
        f"{bands}</svg>{nodes}</svg>"
    )


def band(each: Band) -> str:
    told = escape(each.sentence)
    return (
        f'<a href="{escape(each.url)}" aria-label="{told}">'
        f'<path class="flow-band chart-seat-{each.seat or "none"}" d="{each.path}">'
        f"<title>{told}</title></path></a>"
    )


def left_node(node: Node) -> str:
    told = ngettext(
        "%(number)s move from %(name)s", "%(number)s moves from %(name)s", node.count
    )
    count = f'<tspan class="chart-departure">▼ {node.count:,}</tspan>'
    name = f'<text class="chart-text flow-name" y="{node.text_y}">{escape(node.short)} {count}'
    return drawn(node, told, name, "")


def right_node(node: Node) -> str:
    told = ngettext(
        "%(number)s move to %(name)s", "%(number)s moves to %(name)s", node.count
    )
    count = f'<tspan class="chart-arrival">▲ {node.count:,}</tspan>'
    place = f'x="100%" y="{node.text_y}"'
    name = f'<text class="chart-text flow-name chart-end" {place}>{count} {escape(node.short)}'
    return drawn(node, told, name, 'x="98.5%" ')


def drawn(node: Node, told: str, name: str, x: str) -> str:
    title = escape(told % {"number": f"{node.count:,}", "name": node.name})
    return (
        f'<a href="{escape(node.url)}"><title>{title}</title>'
        f'<rect class="flow-bar chart-seat-{node.seat or "none"}" {x}width="1.5%"'
        f' y="{node.top}" height="{node.tall}"/>{name}</text></a>'
    )


# -- The gap between the seats -----------------------------------------------------------


def gap_drawing(chart: Chart) -> SafeString:
    plot: Plot = chart.context["plot"]
    grid = "".join(
        f'<line class="{"chart-axis" if zero else "chart-grid"}" x1="0" x2="{plot.right}"'
        f' y1="{y}" y2="{y}"/><text class="chart-soft gap-tick" x="0" y="{y}" dy="-3">'
        f"{escape(text)}</text>"
        for y, text, zero in plot.grid
    )
    labels = "".join(
        f'<text class="chart-soft{" chart-middle" if place else ""}" x="{x}"'
        f' y="{plot.label_y}">{escape(text)}</text>'
        for place, (x, text) in enumerate(plot.labels)
    )
    lines = "".join(gap_line(line, plot) for line in plot.lines)
    return mark_safe(  # escaped, see above
        f'<svg class="gap" width="100%" height="{plot.height}" role="group"'
        f' aria-labelledby="chart-{chart.name}">{grid}{labels}{lines}</svg>'
    )


def gap_line(line: Line, plot: Plot) -> str:
    dots = "".join(gap_dot(dot) for dot in line.dots)
    view = f'viewBox="0 0 {plot.width} {plot.height}" preserveAspectRatio="none"'
    names = "".join(
        f'<text class="chart-text gap-{look}" x="{plot.names}" y="{y}" dy="4">'
        f"{escape(words)}</text>"
        for look, y, words in (
            ("wide", line.text_y, line.name),
            ("narrow", line.text_y, line.words[0]),
            ("narrow", line.second_y, line.words[1]),
        )
    )
    return (
        f'<g class="gap-line gap-{line.seat}{" gap-few" if line.few else ""}">'
        f'<svg width="100%" height="{plot.height}" {view}>'
        f'<polyline class="gap-under" points="{line.points}"/>'
        f'<polyline class="gap-over" points="{line.points}"/></svg>{dots}'
        f'<line class="gap-leader" x1="{plot.right}" y1="{line.end_y}"'
        f' x2="{plot.before_names}" y2="{line.text_y}"/>{names}</g>'
    )


def gap_dot(dot: Dot) -> str:
    told = escape(dot.sentence)
    return (
        f'<a href="{escape(dot.url)}" aria-label="{told}"><circle class="gap-dot"'
        f' cx="{dot.x}" cy="{dot.y}" r="3.5"><title>{told}</title></circle></a>'
    )


# -- Pay on an axis of dollars -----------------------------------------------------------


def pay_drawing(chart: Chart) -> SafeString:
    ticks = "".join(
        f'<line class="chart-grid" x1="{x}" x2="{x}" y1="18" y2="{chart.height}"/>'
        f'<text class="chart-soft {anchor}" x="{x}" y="12">{escape(words)}</text>'
        for x, words, anchor in chart.context["ticks"]
    )
    bars = "".join(pay_bar(bar) for bar in chart.context["bars"])
    return mark_safe(  # escaped, see above
        f'<svg class="chart-drawing" width="100%" height="{chart.height}" role="group"'
        f' aria-label="{escape(chart.sentence)}">{ticks}{bars}</svg>'
    )


def pay_bar(bar: Bar) -> str:
    texts = [
        ("chart-text", bar.label_y, bar.label),
        ("chart-soft", bar.words_y, bar.words),
    ]
    if bar.more:
        texts.append(("chart-soft", bar.more_y, bar.more))
    words = "".join(
        f'<text class="{look} chart-halo" x="0" y="{y}">{escape(text)}</text>'
        for look, y, text in texts
    )
    median = ""
    if bar.median:
        median = (
            f'<line class="pay-median" x1="{bar.median}" x2="{bar.median}"'
            f' y1="{bar.bar_y - 3}" y2="{bar.bar_y + 13}"/>'
        )
    title = f"<title>{escape(bar.title)}</title>"
    return f'<a href="{escape(bar.url)}">{title}{words}{pay_place(bar)}{median}</a>'


def pay_place(bar: Bar) -> str:
    place, y = bar.place, bar.bar_y
    if place is None:
        return ""
    look = "pay-upto" if place.look == "ceiling" else "chart-grid"
    found = (
        f'<line class="{look}" x1="0" x2="{place.x}" y1="{y + 5}" y2="{y + 5}"/>'
        f'<rect class="pay-bar pay-{place.look}" x="{place.x}" width="{place.width}"'
        f' y="{y}" height="10"/>'
    )
    if place.look == "open":
        arrow = '<path class="pay-arrow" d="M0 5H12M8 1l6 4-6 4"/>'
        found += f'<svg x="{place.end}" y="{y}" width="20" height="10">{arrow}</svg>'
    return found
