"""The K: the net gain of each seat of the essay, added up step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from talent.common.partial_dates import PartialDate
from talent.dashboard.chart_drawings import gap_drawing
from talent.dashboard.charts import Chart, Linked, Query, WrongQuery, chart
from talent.dashboard.moves_choice import SeatsChoice
from talent.dashboard.moves_figures import linked, listed
from talent.dashboard.scale import percent, short_label
from talent.dashboard.seats_figures import FEW, Rows, numbers_of
from talent.insights.figures.arrivals import Flow
from talent.insights.figures.periods import Period
from talent.insights.figures.seats import Gap
from talent.registry.models.organizations import Seat

# Pixels. The plot is as wide as leaves room for the names of the seats beside it.
TOP, PLOT, BOTTOM = 12, 240, 26
LEFT, RIGHT, NAMES = 4.0, 68.0, 71.0
NAME_HEIGHT = 32
# Lines are drawn as wide as a picture file is and stretched to the page: see moves_flow_chart.
DRAWN = 912
MOST_LABELS, MOST_GRID_LINES = 4, 6


@chart("seats-gap")
def gap_chart(query: Query) -> Chart:
    choice = SeatsChoice(query)
    if not choice.is_valid():
        raise WrongQuery(str(next(iter(choice.errors.values()))[0]))
    if choice.span is None:
        return chart_of(choice, Gap((), {}))
    return chart_of(choice, numbers_of(choice).gap)


def chart_of(choice: SeatsChoice, gap: Gap) -> Chart:
    """The chart of a choice and its numbers. No query."""
    rumours = choice.span is not None and choice.time.rumours
    return Chart(
        name="seats-gap",
        sentence=sentence(gap),
        draw=gap_drawing,
        context={"plot": plot_of(gap, rumours=rumours)},
        height=TOP + PLOT + BOTTOM,
        columns=(
            *(_("Time"), _("Seat"), _("In"), _("Out")),
            *(_("Net"), _("Net, added up")),
        ),
        rows=rows(gap, rumours=rumours),
        definition=_(
            "Net gain: moves to places at the seat less moves away from them. Moves from a seat "
            "to the same seat change nothing."
        ),
        note=note(gap, rumours=rumours),
        query=choice.query(),
        is_empty=not any(gap.n(seat) for seat in gap.flows),
    )


def rows(gap: Gap, *, rumours: bool) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    curves = {seat: gap.cumulated(seat) for seat in gap.flows}
    for place, step in reversed(list(enumerate(gap.steps))):
        rows = rows_of(step, rumours=rumours)
        for seat, flows in gap.flows.items():
            flow = flows[place]
            found.append(
                (
                    str(step),
                    str(seat.label),
                    Linked(flow.arrivals, rows.url(to_seat=seat)),
                    Linked(flow.departures, rows.url(from_seat=seat)),
                    flow.net,
                    curves[seat][place],
                )
            )
    return found


def rows_of(step: PartialDate, *, rumours: bool) -> Rows:
    """A step counts what lies in it as a whole."""
    return Rows(Period(step.first, step.last, "out", rumours))


def sentence(gap: Gap) -> str:
    known = [seat for seat in gap.flows if gap.n(seat) >= FEW]
    if not gap.steps or len(known) < 2:
        return _(
            "Too few moves are recorded in this time to see a gap between the seats."
        )
    highest = max(known, key=gap.at_end)
    lowest = min(known, key=gap.at_end)
    told = {
        "first": str(gap.steps[0]),
        "last": str(gap.steps[-1]),
        "up": str(highest.label),
        "gain": signed(gap.at_end(highest)),
        "down": str(lowest.label),
        "loss": signed(gap.at_end(lowest)),
    }
    return (
        _(
            "From %(first)s to %(last)s the seats drift apart: %(up)s %(gain)s, %(down)s %(loss)s."
        )
        % told
    )


def signed(n: int) -> str:
    return f"{n:+,}".replace("-", "\N{MINUS SIGN}") if n else "0"


def note(gap: Gap, *, rumours: bool) -> str:
    few = [str(seat.label) for seat in gap.flows if gap.n(seat) < FEW]
    told = [
        _("Moves in and out, N: %(seats)s.")
        % {
            "seats": pgettext("in a list", ", ").join(
                _("%(seat)s %(n)s") % {"seat": seat.label, "n": f"{gap.n(seat):,}"}
                for seat in gap.flows
            )
        }
    ]
    if gap.too_vague:
        words = ngettext(
            "%(n)s more move of this time is dated too vaguely and is not drawn.",
            "%(n)s more moves of this time are dated too vaguely and are not drawn.",
            gap.too_vague,
        )
        whole = Period(gap.steps[0].first, gap.steps[-1].last, "", rumours)
        # A step is a quarter: only a date known to the year alone is vaguer.
        url = listed(whole.rows(dated="year"))
        told.append(linked(url, words % {"n": f"{gap.too_vague:,}"}))
    if few:
        told.append(
            _("Pale, because fewer than %(few)s moves stand behind it: %(seats)s.")
            % {"few": FEW, "seats": pgettext("in a list", ", ").join(few)}
        )
    return mark_safe(" ".join(told))  # our own words; the link is escaped


# -- Geometry ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    seat: Seat
    few: bool
    points: str
    dots: tuple[Dot, ...]
    # The name beside the end of the line, in one line of text or in two where room is scarce.
    words: tuple[str, str]
    end_y: str
    text_y: str
    second_y: str

    @property
    def name(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Plot:
    lines: tuple[Line, ...]
    grid: tuple[tuple[str, str, bool], ...]
    labels: tuple[tuple[str, str], ...]
    width: int = DRAWN
    height: int = TOP + PLOT + BOTTOM
    label_y: int = TOP + PLOT + 20
    left: str = percent(LEFT)
    right: str = percent(RIGHT)
    names: str = percent(NAMES)
    before_names: str = percent(NAMES - 0.6)


def plot_of(gap: Gap, *, rumours: bool) -> Plot:
    curves = {seat: gap.cumulated(seat) for seat in gap.flows}
    values = [0, *(value for curve in curves.values() for value in curve)]
    ticks = ticks_between(min(values), max(values))
    low, high = ticks[0], ticks[-1]

    def y(value: float) -> float:
        return TOP + PLOT * (high - value) / (high - low)

    places = spread({seat: y(curve[-1]) for seat, curve in curves.items() if curve})
    rows = [rows_of(step, rumours=rumours) for step in gap.steps]
    return Plot(
        tuple(
            line_of(seat, gap, [y(value) for value in curves[seat]], places[seat], rows)
            for seat in curves
            if seat in places
        ),
        grid=tuple((f"{y(tick):.1f}", signed(tick), tick == 0) for tick in ticks),
        labels=tuple(labels(gap.steps)),
    )


def line_of(
    seat: Seat, gap: Gap, heights: list[float], text_y: float, rows: list[Rows]
) -> Line:
    name, _space, rest = str(seat.label).partition(" ")
    few = gap.n(seat) < FEW
    ending = f"{rest} {signed(gap.at_end(seat))}".strip()
    if few:
        ending = _("%(name)s (few)") % {"name": ending}
    return Line(
        seat,
        few,
        points=" ".join(
            f"{across(place, len(heights)) / 100 * DRAWN:.1f},{y:.1f}"
            for place, y in enumerate(heights)
        ),
        dots=tuple(dots(seat, gap, heights, rows)),
        words=(name, ending),
        end_y=f"{heights[-1]:.1f}",
        text_y=f"{text_y:.1f}",
        second_y=f"{text_y + 14:.1f}",
    )


def dots(seat: Seat, gap: Gap, heights: list[float], rows: list[Rows]) -> list[Dot]:
    """One for each step in which anybody came or left: it opens those moves."""
    curve, flows = gap.cumulated(seat), gap.flows[seat]
    return [
        Dot(
            percent(across(place, len(heights))),
            f"{heights[place]:.1f}",
            told(seat, step, flows[place], curve[place], gap),
            rows[place].url(seat=seat),
        )
        for place, step in enumerate(gap.steps)
        if flows[place].volume
    ]


def told(seat: Seat, step: PartialDate, flow: Flow, so_far: int, gap: Gap) -> str:
    words: Mapping[str, object] = {
        "seat": seat.label,
        "step": step,
        "in": flow.arrivals,
        "out": flow.departures,
        "first": gap.steps[0],
        "so_far": signed(so_far),
    }
    return (
        _("%(seat)s, %(step)s: %(in)s in, %(out)s out; %(so_far)s since %(first)s")
        % words
    )


def across(place: int, steps: int) -> float:
    """Where a step stands, in per cent of the width."""
    return LEFT + (RIGHT - LEFT) * (place / (steps - 1) if steps > 1 else 1.0)


def ticks_between(low: int, high: int) -> list[int]:
    """Whole numbers on a round step that hold both ends."""
    span = max(high - low, 1)
    step = next(
        size * 10**power
        for power in range(9)
        for size in (1, 2, 5)
        if span / (size * 10**power) <= MOST_GRID_LINES
    )
    first, last = floor(low / step), ceil(high / step)
    return [step * n for n in range(first, max(last, first + 1) + 1)]


def spread(wanted: Mapping[Seat, float]) -> dict[Seat, float]:
    """Places for the names, as near to the ends of their lines as lets each be read."""
    found: dict[Seat, float] = {}
    free = float(TOP)
    for seat in sorted(wanted, key=lambda seat: wanted[seat]):
        found[seat] = max(wanted[seat] - 4, free)
        free = found[seat] + NAME_HEIGHT
    # What was pushed below the plot pushes the ones above it back up.
    lowest = float(TOP + PLOT)
    for seat in reversed(found):
        found[seat] = min(found[seat], lowest)
        lowest = found[seat] - NAME_HEIGHT
    return found


def labels(steps: tuple[PartialDate, ...]) -> list[tuple[str, str]]:
    every = max(ceil(len(steps) / MOST_LABELS), 1)
    return [
        (percent(across(place, len(steps))), short_label(step))
        for place, step in enumerate(steps)
        if place % every == 0
    ]
