"""The day, week or month in numbers, and the periods before it as one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from talent.common.partial_dates import PartialDate
from talent.common.pictures import as_picture, can_write_chinese
from talent.insights.figures.news import (
    Figure,
    Period,
    Step,
    course,
    figures_of,
    newest_period,
)

UNITS = {"daily": "day", "weekly": "week", "monthly": "month"}
QUIET = {
    "day": lazy("Nothing is on record for a later day."),
    "week": lazy("Nothing is on record for a later week."),
    "month": lazy("Nothing is on record for a later month."),
}
STEPS = {"day": 14, "week": 12, "month": 12}


@dataclass(frozen=True, slots=True)
class Numbers:
    """In the language in which they were asked for.

    `sentence` says what the picture shows; `quiet`, why the period is not the last one.
    """

    period: Period
    before: str
    quiet: str
    figures: list[Figure]
    sentence: str
    picture: bytes


def numbers_of(frequency: str, *, day: date) -> Numbers | None:
    """Of the newest whole period before the day that has news; None for an empty record.

    A period that is not over would always look like a decline.
    """
    unit = UNITS[frequency]
    ended = Period.holding(unit, day).before
    period = newest_period(unit, today=ended.last)
    if period is None:
        return None
    steps = course(period, steps=STEPS[unit])
    return Numbers(
        period=period,
        before=before(period),
        quiet="" if period == ended else str(QUIET[unit]),
        figures=figures_of(period),
        sentence=sentence(steps),
        picture=picture(steps),
    )


def before(period: Period) -> str:
    match period.unit:
        case "day":
            return _("the day before")
        case "week":
            return _("the week before")
    return str(period.before)


def sentence(steps: Sequence[Step]) -> str:
    """What the picture shows, for those who do not see it too."""
    newest = steps[-1]
    # Of equals the later one.
    most = max(reversed(steps), key=lambda step: step.hires + step.departures)
    pattern = {
        "day": _(
            "Day by day from %(first)s to %(last)s: %(newest)s on the last day; most on "
            "%(peak)s: %(most)s."
        ),
        "week": _(
            "Week by week from %(first)s to %(last)s: %(newest)s in the last week; most "
            "in %(peak)s: %(most)s."
        ),
        "month": _(
            "Month by month from %(first)s to %(last)s: %(newest)s in the last month; "
            "most in %(peak)s: %(most)s."
        ),
    }
    return pattern[newest.period.unit] % {
        "first": PartialDate(steps[0].period.first)
        if newest.period.unit == "week"
        else steps[0].period,
        "last": PartialDate(newest.period.last)
        if newest.period.unit == "week"
        else newest.period,
        "newest": counts(newest),
        "peak": most.period,
        "most": counts(most),
    }


def counts(step: Step) -> str:
    hires = ngettext("%(n)s hire", "%(n)s hires", step.hires) % {"n": step.hires}
    departures = ngettext("%(n)s departure", "%(n)s departures", step.departures) % {
        "n": step.departures
    }
    return _("%(hires)s and %(departures)s") % {
        "hires": hires,
        "departures": departures,
    }


# -- The picture -------------------------------------------------------------------------

WIDTH, HEIGHT, SHARPNESS, PAPER = 600, 250, 2, "#fbfaf6"
# The line between hires and departures, and how far the longest bar reaches from it.
MIDDLE, REACH, LEFT = 128, 70, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """Hires rise from the middle line, departures fall from it; in pixels."""

    x: float
    middle: float
    width: float
    up: float
    down: float
    hires: int
    departures: int
    label: str

    @property
    def top(self) -> float:
        return MIDDLE - self.up

    @property
    def above(self) -> float:
        return self.top - 6

    @property
    def below(self) -> float:
        return MIDDLE + self.down + 19


def picture(steps: Sequence[Step]) -> bytes:
    """A PNG. Without a font for Chinese its few words are English: better than boxes."""
    if can_write_chinese():
        return as_picture(drawing(steps), sharpness=SHARPNESS, paper=PAPER)
    with translation.override("en"):
        return as_picture(drawing(steps), sharpness=SHARPNESS, paper=PAPER)


def drawing(steps: Sequence[Step]) -> str:
    room = (WIDTH - 2 * LEFT) / len(steps)
    most = max(max(step.hires, step.departures) for step in steps) or 1
    bars = [
        Bar(
            x=LEFT + room * i + room * 0.16,
            middle=LEFT + room * (i + 0.5),
            width=room * 0.68,
            up=REACH * step.hires / most,
            down=REACH * step.departures / most,
            hires=step.hires,
            departures=step.departures,
            label=tick(step.period) if (len(steps) - 1 - i) % 3 == 0 else "",
        )
        for i, step in enumerate(steps)
    ]
    context = {"bars": bars, "width": WIDTH, "height": HEIGHT, "middle": MIDDLE}
    return render_to_string("digests/mail/chart.svg", context)


def tick(period: Period) -> str:
    """A day or the first day of a week, "22 Jun"; a month, "Jun 2026"."""
    return date_format(period.first, _("M Y") if period.unit == "month" else _("j M"))
