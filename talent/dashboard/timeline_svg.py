"""The drawing of a timeline's lanes, as SVG.

A company's page has two dozen lanes with a dozen lines each: as in `event_row`, plain Python.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe

from talent.dashboard.timelines import Bar, Shape, Timeline

# Shapes that fade, and the gradient of their seat that does it.
GRADIENTS = {"fade-in": "fade-in", "unsure": "fade-in", "fade-out": "fade-out"}


def timeline_grid(timeline: Timeline) -> SafeString:
    """What is behind the bars of every lane: the years, and today."""
    years = "".join(
        f'<line class="grid-line" x1="{tick.at}" x2="{tick.at}" y1="0" y2="28"/>'
        for tick in timeline.scale.ticks()
    )
    today = timeline.today
    return mark_safe(  # numbers alone
        f'{years}<line class="today-line" x1="{today}" x2="{today}" y1="0" y2="28"/>'
    )


def timeline_bar(bar: Bar) -> SafeString:
    parts = [f"<title>{escape(bar.sentence)}</title>"]
    parts += [rectangle(shape, bar.seat) for shape in bar.shapes]
    parts += [
        f'<line class="unit-change" x1="{place}" x2="{place}" y1="6" y2="22"/>'
        for place in bar.change_of_unit
    ]
    if at := bar.end_inferred_at:
        parts.append(f'<line class="inferred" x1="{at}" x2="{at}" y1="2" y2="26"/>')
    if bar.package:
        look, dx = ("coin coin-before", -4) if bar.money_before else ("coin", 4)
        parts.append(
            f'<text class="{look}" x="{bar.money_at}" dx="{dx}" y="19">$</text>'
        )
    return mark_safe(  # the sentence is escaped; the rest is ours
        f'<g class="bar bar-seat-{bar.seat}">{"".join(parts)}</g>'
    )


def rectangle(shape: Shape, seat: str) -> str:
    gradient = GRADIENTS.get(shape.look)
    fill = f' fill="url(#{gradient}-{seat})"' if gradient else ""
    return (
        f'<rect class="{shape.look}"{fill} x="{shape.x}" width="{shape.width}"'
        ' y="6" height="16"/>'
    )
