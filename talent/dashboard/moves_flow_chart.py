"""The flow picture: from the companies or seats on the left to those on the right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.dashboard.chart_drawings import flow_drawing
from talent.dashboard.charts import Chart, Linked, Query, WrongQuery, chart
from talent.dashboard.moves_choice import MovesChoice
from talent.dashboard.moves_figures import (
    Ends,
    companies_of,
    linked,
    listed,
    numbers_of,
)
from talent.insights.figures.matrix import NOWHERE, OTHERS, Key, Matrix
from talent.insights.move_filter import UNKNOWN

# Companies with a place of their own; the matrix on the page has more.
COMPANIES_DRAWN = 7
# Pixels: what all bands together are high, the line of text above a bar, the air below it.
BANDS, LABEL, AIR, THINNEST = 280.0, 18.0, 10.0, 1.0
# The bands are drawn as wide as a picture file is and stretched to the page, so that their
# outlines keep their width in programs that stretch those too. A bar is 1.5 % of it.
DRAWN, BAR = 912, 13.68
LONGEST_NAME = 22


@chart("moves-flow")
def flow_chart(query: Query) -> Chart:
    choice = MovesChoice(query)
    if not choice.is_valid():
        raise WrongQuery(str(next(iter(choice.errors.values()))[0]))
    if choice.span is None:
        return nothing(choice)
    numbers = numbers_of(choice)
    return chart_of(choice, Ends(numbers.matrix, companies_of(numbers)))


def nothing(choice: MovesChoice) -> Chart:
    return Chart(
        name="moves-flow",
        sentence=_("The record holds no move yet."),
        draw=flow_drawing,
        context={"picture": Picture((), (), (), 0)},
        height=0,
        columns=columns(),
        rows=(),
        query=asked(choice),
        is_empty=True,
    )


def chart_of(choice: MovesChoice, ends: Ends) -> Chart:
    """The chart of a choice and its numbers. No query."""
    matrix, companies = ends.matrix, ends.companies
    narrow = matrix if choice.by_seat else matrix.narrowed(COMPANIES_DRAWN)
    drawn = ends if choice.by_seat else Ends(narrow, companies)
    picture = picture_of(narrow, drawn)
    return Chart(
        name="moves-flow",
        sentence=sentence(matrix, ends),
        draw=flow_drawing,
        context={"picture": picture},
        height=picture.height,
        columns=columns(),
        rows=rows(matrix, ends),
        definition=definition(by_seat=choice.by_seat),
        note=note(drawn),
        query=asked(choice),
        is_empty=not picture.bands,
    )


def asked(choice: MovesChoice) -> str:
    return choice.query(one="", other="")


def columns() -> tuple[str, ...]:
    return (_("From"), _("To"), _("Moves"))


def rows(matrix: Matrix, ends: Ends) -> list[tuple[str, str, Linked]]:
    """Every cell with a move in it, the largest first: together they are all moves."""
    keys = matrix.with_rest
    cells = [
        (matrix.count(one, other), one, other)
        for one in keys
        for other in keys
        if matrix.count(one, other)
    ]
    cells.sort(key=lambda cell: (-cell[0], keys.index(cell[1]), keys.index(cell[2])))
    return [
        (ends.name(one), ends.name(other), Linked(n, ends.url(one, other)))
        for n, one, other in cells
    ]


# -- Words -------------------------------------------------------------------------------


def sentence(matrix: Matrix, ends: Ends) -> str:
    whole = matrix.period.is_all
    time = _("The whole record") if whole else str(matrix.period)
    told = {"time": time, "moves": moves_in_words(matrix.total)}
    pairs = [(one, other) for one in matrix.keys for other in matrix.keys]
    if not any(matrix.count(*pair) for pair in pairs):
        return _("%(time)s: %(moves)s on record.") % told
    one, other = max(pairs, key=lambda pair: matrix.count(*pair))
    told |= {"n": f"{matrix.count(one, other):,}"}
    told |= {"one": ends.name(one), "other": ends.name(other)}
    if one == other:
        return (
            _(
                "%(time)s: %(moves)s on record. The largest flow stays within %(one)s: %(n)s."
            )
            % told
        )
    return (
        _(
            "%(time)s: %(moves)s on record. The largest flow is from %(one)s to %(other)s: "
            "%(n)s."
        )
        % told
    )


def moves_in_words(n: int) -> str:
    return ngettext("%(n)s move", "%(n)s moves", n) % {"n": f"{n:,}"}


def definition(*, by_seat: bool) -> str:
    if by_seat:
        return _(
            "A move leads from one place on record to the next; each real move counts once, "
            "however many events report it. The seat is that of the very place: a unit may sit "
            "elsewhere than its company. Moves inside a company are left out."
        )
    return _(
        "A move leads from one company on record to the next; each real move counts once, however "
        "many events report it. Units count for their company, and moves inside a company are "
        "left out."
    )


def note(ends: Ends) -> str:
    """What the picture leaves out, each number a link to it; the table has it all."""
    matrix = ends.matrix
    whose = _(
        "The number beside a name counts everybody who left or joined; bars and bands show those "
        "whose other end is drawn."
    )
    left_out = []
    if one_sided := matrix.one_sided:
        told = ngettext(
            "%(n)s move with one end not on record",
            "%(n)s moves with one end not on record",
            one_sided,
        )
        unknown = listed(matrix.period.rows(seat=UNKNOWN))
        left_out.append(linked(unknown, told % {"n": f"{one_sided:,}"}))
    if others := matrix.count(OTHERS, OTHERS):
        told = ngettext(
            "%(n)s between other companies", "%(n)s between other companies", others
        )
        url = ends.url(OTHERS, OTHERS)
        left_out.append(linked(url, told % {"n": f"{others:,}"}))
    if not left_out:
        return whose
    moves = _(" and ").join(left_out)
    # The words are ours, the links are escaped.
    return mark_safe(
        _("%(whose)s Not drawn: %(moves)s. The table lists them.")
        % {"whose": whose, "moves": moves}
    )


# -- Geometry ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """A bar with its words above: how many moves of the picture leave or reach it."""

    key: Key
    name: str
    short: str
    count: int
    seat: str
    y: float
    height: float
    url: str

    @property
    def top(self) -> str:
        return f"{self.y:.1f}"

    @property
    def tall(self) -> str:
        return f"{self.height:.1f}"

    @property
    def text_y(self) -> str:
        return f"{self.y - 5:.1f}"


@dataclass(frozen=True, slots=True)
class Band:
    path: str
    seat: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    left: tuple[Node, ...]
    right: tuple[Node, ...]
    bands: tuple[Band, ...]
    height: int
    width: int = DRAWN


def picture_of(matrix: Matrix, ends: Ends) -> Picture:
    keys = [key for key in matrix.with_rest if key != NOWHERE]
    drawn = {
        (one, other): n
        for one in keys
        for other in keys
        if (n := matrix.count(one, other)) and (one, other) != (OTHERS, OTHERS)
    }
    thick = thickness(drawn)
    left = nodes(ends, keys, drawn, thick, leaving=True)
    right = nodes(ends, keys, drawn, thick, leaving=False)
    lowest = max((node.y + node.height for node in (*left, *right)), default=0)
    return Picture(
        left, right, tuple(bands(ends, left, right, drawn, thick)), round(lowest + 4)
    )


def thickness(drawn: Mapping[tuple[Key, Key], int]) -> dict[tuple[Key, Key], float]:
    """In pixels, true to the count; a very thin band is widened until it can be seen."""
    total = sum(drawn.values()) or 1
    return {pair: max(n / total * BANDS, THINNEST) for pair, n in drawn.items()}


def nodes(
    ends: Ends,
    keys: Iterable[Key],
    drawn: Mapping[tuple[Key, Key], int],
    thick: Mapping[tuple[Key, Key], float],
    *,
    leaving: bool,
) -> tuple[Node, ...]:
    side = 0 if leaving else 1
    found: list[Node] = []
    y = 0.0
    for key in keys:
        mine = [pair for pair in drawn if pair[side] == key]
        if not mine:
            continue
        height = sum(thick[pair] for pair in mine)
        name = ends.name(key)
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        url = ends.url(key, None) if leaving else ends.url(None, key)
        count = ends.matrix.out_of(key) if leaving else ends.matrix.into(key)
        found.append(
            Node(key, name, short, count, ends.seat(key), y + LABEL, height, url)
        )
        y += LABEL + height + AIR
    return tuple(found)


def bands(
    ends: Ends,
    left: Iterable[Node],
    right: Iterable[Node],
    drawn: Mapping[tuple[Key, Key], int],
    thick: Mapping[tuple[Key, Key], float],
) -> Iterable[Band]:
    """Stacked at each bar in the order of the bars on the other side, so that few cross."""
    free_left = {node.key: node.y for node in left}
    free_right = {node.key: node.y for node in right}
    for one in left:
        for other in right:
            pair = (one.key, other.key)
            if pair not in drawn:
                continue
            y, end, height = free_left[one.key], free_right[other.key], thick[pair]
            free_left[one.key] += height
            free_right[other.key] += height
            told = {"one": one.name, "other": other.name}
            told["moves"] = moves_in_words(drawn[pair])
            yield Band(
                path=band_path(y, end, height),
                seat=one.seat,
                sentence=_("%(moves)s from %(one)s to %(other)s") % told,
                url=ends.url(*pair),
            )


def band_path(y: float, end: float, height: float) -> str:
    x, far, middle = BAR, DRAWN - BAR, DRAWN // 2
    return (
        f"M{x:.1f} {y:.1f}C{middle} {y:.1f} {middle} {end:.1f} {far:.1f} {end:.1f}"
        f"v{height:.1f}C{middle} {end + height:.1f} {middle} {y + height:.1f} "
        f"{x:.1f} {y + height:.1f}z"
    )
