"""The picture other sites show beside a link to a page: 1200 × 630, as Open Graph wants it.

A name, a line or two, and the timeline. Its address holds a digest of what it says, so that
it may be kept for long, and changes with it. Where this machine has no Chinese font, the
picture of a Chinese page is drawn in English: better than a row of boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from talent.common.language import reads_chinese
from talent.common.pictures import (
    can_write,
    can_write_chinese,
    picture_in_turn,
)
from talent.dashboard.charts import (
    Chart,
    light_palette,
    standalone_style,
    value_of,
    wrapped,
)
from talent.dashboard.timelines import Lane, Timeline
from talent.insights.careers import Career, Stint
from talent.registry.models import Event, Organization, Person
from talent.registry.models.states import COUNTED
from talent.registry.wording import name_of, sentence, sources_of

WIDTH, HEIGHT, MARGIN = 1200, 630, 60
INSIDE = WIDTH - 2 * MARGIN
# The drawing of these very pictures: one more with every change of it.
DRAWING = 1
# How wide a letter of the title is beside its height; the largest and the smallest title.
LETTER, LARGEST, SMALLEST = 0.6, 76, 46
LINES, LANES = 2, 6
# How high a lane must be to tell its dates under the name.
LANE_WITH_DATES = 46
# A company's chart is drawn as narrow as this, then enlarged: its words are small.
CHART_WIDTH = 720


@dataclass(frozen=True, slots=True)
class Card:
    """A picture by its address, and what it says for those who do not see it."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Picture:
    """title: who or what. lines: what is said of it. One drawing, or none."""

    title: str
    lines: tuple[str, ...] = ()
    # What stands apart, in a box: that it is a rumour, or was denied.
    mark: str = ""
    timeline: Timeline | None = None
    chart: Chart | None = None

    @property
    def version(self) -> str:
        """Of all that it says. Numbers and names, no words: those may be of another language."""
        says = [str(DRAWING), self.title, *self.lines, self.mark]
        if self.timeline:
            says += [
                f"{lane.company} {bar.period} {bar.stay.known} {bar.stay.seat}"
                for lane in self.timeline.lanes
                for bar in lane.bars
            ]
        if self.chart:
            cells = (value_of(cell) for row in self.chart.rows for cell in row)
            says += [str(cell) for cell in cells if isinstance(cell, int)]
        return sha256("\0".join(says).encode()).hexdigest()[:12]

    @property
    def alt(self) -> str:
        told = (self.chart.sentence,) if self.chart else self.lines
        return ". ".join([self.title, *told])


def card(kind: str, slug: str, picture: Picture) -> Card:
    path = reverse("dashboard:card", args=[kind, slug, picture.version])
    return Card(path, picture.alt)


def can_draw() -> bool:
    return can_write()


def drawing_language() -> override:
    """The language that pictures are written in, for a `with`."""
    in_english = reads_chinese() and not can_write_chinese()
    return override("en" if in_english else get_language())


# -- Of what there are pictures ----------------------------------------------------------


def card_of_site() -> Card:
    return site_card(get_language())


@lru_cache
def site_card(language: str | None) -> Card:
    return card("site", "site", picture_of_site())


def picture_of_site() -> Picture:
    with drawing_language():
        return Picture(
            _("Who joins and who leaves in AI"),
            (_("A public record: every line with its sources."),),
        )


def picture_of_person(person: Person, career: Career, timeline: Timeline) -> Picture:
    with drawing_language():
        latest = (last_known(career.latest),) if career.latest else ()
        return Picture(both_names(person), latest, timeline=timeline)


def last_known(stint: Stint) -> str:
    name = name_of(stint.company)
    if stint.is_open and stint.start:
        since = stint.start.date
        return _("Last known at %(name)s, since %(since)s.") % {
            "name": name,
            "since": since,
        }
    if stint.end:
        until = stint.end.date
        return _("Last known at %(name)s, until %(until)s.") % {
            "name": name,
            "until": until,
        }
    return ""


def picture_of_organization(organization: Organization, chart: Chart) -> Picture:
    """What is said beside the name are the chart's own words, which `draw` adds."""
    with drawing_language():
        return Picture(both_names(organization), chart=chart)


def picture_of_event(event: Event, timeline: Timeline) -> Picture:
    with drawing_language():
        mark = "" if event.standing in COUNTED else str(event.get_standing_display())
        if event.never_started and not mark:
            mark = _("never started")
        lines = (f"{event.date} · {sources_of(event)}",)
        return Picture(sentence(event), lines, mark, timeline=timeline)


def both_names(named: Person | Organization) -> str:
    """Chinese characters only where they can be drawn."""
    if not named.name_zh or named.name_zh == named.name or not can_write_chinese():
        return named.name
    names = (named.name, named.name_zh)
    return " ".join(reversed(names) if reads_chinese() else names)


# -- Drawing -----------------------------------------------------------------------------


def drawn(picture: Picture) -> bytes:
    """As PNG. Raises Busy."""
    return picture_in_turn(as_svg(picture), sharpness=1, paper="#fbfaf6")


def as_svg(picture: Picture) -> str:
    size, title = fitted(picture.title)
    lines = list(picture.lines)
    if picture.chart:
        lines = wrapped(picture.chart.sentence, letters=66)[:LINES]
    y = 130.0
    placed_title = []
    for text in title:
        y += size * 1.1
        placed_title.append((round(y), text))
    placed_lines = []
    y += 8
    for text in lines:
        y += 42
        placed_lines.append((round(y), text))
    top = round(y) + 30
    context = {
        "palette": {
            name[2:].replace("-", "_"): v for name, v in light_palette().items()
        },
        "size": size,
        "title": placed_title,
        "lines": placed_lines,
        "mark": picture.mark,
        "source": _("Recorded public moves, not a census."),
        "host": urlsplit(settings.SITE_URL).netloc,
        "top": top,
        "room": HEIGHT - 80 - top,
    }
    if picture.timeline:
        context |= lanes_of(picture.timeline, room=HEIGHT - 80 - top - 30)
    if picture.chart and not picture.chart.is_empty:
        height = picture.chart.height
        scale = min(INSIDE / CHART_WIDTH, (HEIGHT - 80 - top) / height)
        context |= {
            "chart": picture.chart,
            "style": standalone_style(),
            "chart_width": INSIDE / scale,
            "chart_height": height,
            "inside": INSIDE,
            "scaled": height * scale,
        }
    return render_to_string("cards/card.svg", context)


def fitted(title: str) -> tuple[int, list[str]]:
    """The height of its letters, and its lines: one as large as possible, or two small ones."""
    letters = sum(2 if east_asian_width(c) in "WF" else 1 for c in title)
    size = int(min(LARGEST, INSIDE / (LETTER * max(letters, 1))))
    if size >= SMALLEST:
        return size, [title]
    lines = wrapped(title, letters=int(INSIDE / (LETTER * SMALLEST)))
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]
    return SMALLEST, lines


def lanes_of(timeline: Timeline, *, room: int) -> dict[str, object]:
    """The newest lanes, as many as there is room for."""
    shown = timeline.lanes[-LANES:]
    high = min(room // max(len(shown), 1), 56)
    return {
        "timeline": timeline,
        "lanes": [
            {
                "y": number * high,
                "name": name_of(lane.company) if lane.company else "",
                # On low lanes there is no room for a second line.
                "dates": dates_of(lane) if high >= LANE_WITH_DATES else "",
                "bars": [(fill_of(bar.seat), bar.shapes) for bar in lane.bars],
                "diamonds": [diamond.at for diamond in lane.diamonds],
            }
            for number, lane in enumerate(shown)
        ],
        "lane_high": high,
        "all_high": high * len(shown),
        "ticks": [tick for tick in timeline.scale.ticks() if tick.major],
    }


def dates_of(lane: Lane) -> str:
    told = [bar.period for bar in lane.bars]
    told += [str(diamond.hire.announced.date) for diamond in lane.diamonds]
    return ", ".join(told)


def fill_of(seat: str) -> str:
    palette = light_palette()
    name = f"--seat-{seat.replace('_', '-')}"
    return palette.get(name, palette["--paper-deep"])
