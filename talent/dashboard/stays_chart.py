"""The curves of "Stay or leave": the share of each group still there, month by month.

Time runs to the right in per cent of the width; the curves lie in a drawing of their own that is
stretched to fit. A group keeps the colour of its seat and is told apart by its letter and dashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.dashboard.charts import Chart, Linked, Query, WrongQuery, chart
from talent.dashboard.scale import percent
from talent.dashboard.stays_form import EVERYBODY, LETTERS, Group, StaysForm
from talent.dashboard.stays_numbers import newest_run, stays_of_groups
from talent.insights.figures.stays import MILESTONES, SHORT, Stays
from talent.insights.figures.survival import Point
from talent.registry.models import Organization

# Pixels from the top: the lines of 100 and 0 %, and the words under the axis.
TOP, BOTTOM = 20, 260
AXIS, LEGEND, ENTRY = BOTTOM + 16, BOTTOM + 50, 40
# Units from left to right in the drawing that is stretched; its height is in pixels.
WIDE = 1000
LONGEST_AXIS, SHORTEST_AXIS = 36, 24
LETTER_APART = 14
# A sentence with more of them is no sentence.
MOST_BANDS_SAID = 2

DEFINITION = lazy(
    # xgettext:no-python-format
    "Kaplan–Meier estimate by whole months, with its 95 % log-log band. A stint that ended after "
    "7 months and some days was there at 7 months and gone at 8; one with no end on record counts "
    "as far as the newest source that knows of it, and no further. Stints whose start is not on "
    "record are left out and counted apart. An end inferred from the next post is an end."
)
NOTE = lazy(
    "Staying makes no news, leaving does: who is not heard of again drops out of the count early, "
    "so these curves fall faster than the truth. Who joined long ago is often on record only for "
    "having left lately: compare groups that joined in the same years."
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A group with its letter and its numbers."""

    letter: str
    group: Group
    stays: Stays

    def rows_url(self, more: str) -> str:
        """The list of exactly the stints that a number counts. `more` as the filter writes it:
        it names what a group is, its seat or company and its years, before anything else.
        """
        return list_url(self.group.query, more)


def list_url(query: str, more: str) -> str:
    path = list_path(get_language(), get_script_prefix())
    return f"{path}?{query}&{more}" if query else f"{path}?{more}"


@lru_cache(maxsize=8)
def list_path(_language: str | None, _prefix: str) -> str:
    """As it is under this prefix in the language now active: asked a hundred times a page."""
    return reverse("dashboard:stint_list")


def measured(form: StaysForm, *, run: int) -> list[Measured]:
    """The groups of a valid form."""
    stays = stays_of_groups(form.groups, run=run)
    return [
        Measured(letter.upper(), group, theirs)
        for letter, group, theirs in zip(LETTERS, form.groups, stays, strict=False)
    ]


@chart("stays")
def stays_chart(query: Query) -> Chart:
    form = StaysForm(query)
    if not form.is_valid():
        raise WrongQuery(next(iter(form.errors.values()))[0])
    return draw(form, measured(form, run=newest_run()))


@dataclass(frozen=True, slots=True)
class Retention:
    """What a company's page shows: its curve, and what it rests on."""

    chart: Chart
    stays: Stays
    rows_url: str


def retention_of(organization: Organization) -> Retention:
    """The curve of one company or unit. Four queries at most."""
    form = StaysForm({"a": f"company:{organization.slug}"})
    if not form.is_valid():
        raise ValueError(form.errors)
    (only,) = found = measured(form, run=newest_run())
    return Retention(draw(form, found), only.stays, only.rows_url("start=known"))


def draw(form: StaysForm, found: Sequence[Measured]) -> Chart:
    axis = axis_of(found)
    curves = [Series.of(each, axis) for each in found if each.stays.followed]
    return Chart(
        name="stays",
        sentence=sentence(found),
        template="charts/stays.svg",
        context={
            "curves": curves,
            "letters": letters(curves),
            "legend": legend(found),
            "levels": [
                (_("%(n)s %%") % {"n": share}, y_of(share / 100))
                for share in (100, 75, 50, 25, 0)
            ],
            "months": [(n, percent(n / axis * 100)) for n in range(0, axis + 1, 12)],
            "top": TOP,
            "bottom": BOTTOM,
            "plot": BOTTOM - TOP,
            "wide": WIDE,
            "axis_y": AXIS,
        },
        height=LEGEND + ENTRY * len(found) - 16,
        columns=(
            _("Group"),
            _("Months"),
            _("Still there, %"),
            # xgettext:no-python-format
            _("95 % from"),
            # xgettext:no-python-format
            _("95 % to"),
            _("Known to be there"),
            _("Ended before"),
            _("Last known before"),
        ),
        rows=[row for each in found for row in table(each)],
        definition=str(DEFINITION),
        note=str(NOTE),
        query=form.query(),
        is_empty=not curves,
    )


def axis_of(found: Sequence[Measured]) -> int:
    """How many months the axis holds: two years, or three where anybody was followed so long."""
    longest = max((each.stays.curve.longest for each in found), default=0)
    return min(max(-(-longest // 12) * 12, SHORTEST_AXIS), LONGEST_AXIS)


def y_of(share: float) -> int:
    return round(BOTTOM - share * (BOTTOM - TOP))


# -- One curve ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a curve that opens the stints known to be there."""

    x: str
    y: int
    url: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Series:
    """One group as drawn. `end`, `end_y`: where its curve stops, for its letter."""

    letter: str
    seat: str
    is_few: bool
    line: str
    band: str
    marks: tuple[Mark, ...]
    end: float
    end_y: int

    @classmethod
    def of(cls, each: Measured, axis: int) -> Series:
        stretches = list(flat_parts(each.stays, axis))
        last = stretches[-1]
        return cls(
            letter=each.letter,
            seat=each.group.seat or EVERYBODY,
            is_few=each.stays.is_few,
            line=line_through(stretches, axis),
            band=band_around(stretches, axis),
            marks=tuple(marks(each, axis)),
            end=last.stop / axis * 100,
            end_y=y_of(last.point.share),
        )


@dataclass(frozen=True, slots=True)
class Flat:
    """The curve from one month to another, between two steps."""

    start: int
    stop: int
    point: Point


def flat_parts(stays: Stays, axis: int) -> Iterator[Flat]:
    curve = stays.curve
    ends = [point for point in curve.points if point.time <= min(axis, curve.longest)]
    times = [0, *(point.time for point in ends), min(axis, curve.longest)]
    for start, stop in pairwise(times):
        point = curve.at(start)
        if point:
            yield Flat(start, stop, point)


def x_of(months: int, axis: int) -> str:
    return f"{months / axis * WIDE:g}"


def line_through(parts: Sequence[Flat], axis: int) -> str:
    drawn = [f"M0 {depth(1)}"]
    for part in parts:
        drawn.append(f"V{depth(part.point.share)}H{x_of(part.stop, axis)}")
    return "".join(drawn)


def band_around(parts: Sequence[Flat], axis: int) -> str:
    """Along the upper edge and back along the lower one; there is no band at 100 and 0 %."""
    held = [part for part in parts if part.point.low is not None]
    if not held:
        return ""
    there = [f"V{depth(part.point.high)}H{x_of(part.stop, axis)}" for part in held]
    back = [
        f"V{depth(part.point.low)}H{x_of(part.start, axis)}" for part in reversed(held)
    ]
    start = f"M{x_of(held[0].start, axis)} {depth(held[0].point.high)}"
    return f"{start}{''.join(there)}{''.join(back)}Z"


def depth(share: float | None) -> str:
    """Pixels from the line of 100 % down."""
    return f"{(1 - (share or 0)) * (BOTTOM - TOP):.1f}".removesuffix(".0")


def marks(each: Measured, axis: int) -> Iterator[Mark]:
    for months in MILESTONES:
        point = each.stays.after(months)
        if point is None or months > axis:
            continue
        told = {
            "group": each.group.label,
            "after": after_months(months),
            "share": share_in_words(point),
            "there": stints(each.stays.there_at(months)),
        }
        yield Mark(
            x=percent(months / axis * 100),
            y=y_of(point.share),
            url=each.rows_url(f"at_least={months}"),
            sentence=_("%(group)s: %(share)s %(after)s; %(there)s known to be there")
            % told,
        )


def letters(curves: Sequence[Series]) -> list[tuple[str, str, int, bool]]:
    """Letter, place, height and whether it stands left of the place: none on another."""
    placed: list[tuple[str, str, int, bool]] = []
    highest = BOTTOM + LETTER_APART
    for curve in sorted(curves, key=lambda each: each.end_y, reverse=True):
        highest = min(curve.end_y - 6, highest - LETTER_APART)
        placed.append((curve.letter, percent(curve.end), highest, curve.end > 90))
    return placed


# -- In words and as a table --------------------------------------------------------------


def stints(n: int) -> str:
    return ngettext("%(n)s stint", "%(n)s stints", n) % {"n": n}


def after_months(n: int) -> str:
    return ngettext("after %(n)s month", "after %(n)s months", n) % {"n": n}


def share_in_words(point: Point) -> str:
    """ "79 %", with its band: "79 % (68–86 %)"."""
    share = whole_per_cent(point.share)
    if point.low is None or point.high is None:
        return share
    return with_band(share, point.low, point.high)


def with_band(share: str, low: float, high: float) -> str:
    told = {"share": share, "low": round(low * 100), "high": round(high * 100)}
    return unbroken(_("%(share)s (%(low)s–%(high)s %%)") % told)


def whole_per_cent(share: float) -> str:
    return unbroken(_("%(n)s %%") % {"n": round(share * 100)})


def unbroken(text: str) -> str:
    """No line ends between a number and its sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def sentence(found: Sequence[Measured]) -> str:
    """What the curves say after a year; of few stints only that they are few."""
    with_bands = len(found) <= MOST_BANDS_SAID
    told = _("; ").join(after_a_year(each, with_bands=with_bands) for each in found)
    return _("Still there after 12 months: %(shares)s.") % {"shares": told}


def after_a_year(each: Measured, *, with_bands: bool) -> str:
    point = each.stays.after(SHORT)
    told = {"name": each.group.label, "n": each.stays.followed}
    if not each.stays.n:
        return _("%(name)s: no stint with a known start") % told
    if each.stays.is_few:
        return _("%(name)s: too few to say, %(n)s followed") % told
    if point is None:
        return _("%(name)s: nobody followed so long") % told
    share = share_in_words(point) if with_bands else whole_per_cent(point.share)
    return _("%(label)s: %(said)s") % {"label": each.group.label, "said": share}


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend, on two lines: the group, and how many stints it rests on."""

    letter: str
    seat: str
    y: int
    name: str
    counted: str


def legend(found: Sequence[Measured]) -> list[Key]:
    return [
        Key(
            letter=each.letter,
            seat=each.group.seat or EVERYBODY,
            y=LEGEND + ENTRY * place,
            name=each.group.label,
            counted=counted(each.stays),
        )
        for place, each in enumerate(found)
    ]


def counted(stays: Stays) -> str:
    told = {"n": stints(stays.n), "followed": stays.followed}
    if stays.is_few:
        return _("%(n)s, %(followed)s of them followed: too few for a curve") % told
    return _("%(n)s, %(followed)s of them followed") % told


def table(each: Measured) -> Iterator[list[Any]]:
    stays = each.stays
    for months in MILESTONES:
        point = stays.after(months)
        yield [
            each.group.label,
            months,
            *(in_per_cent(getattr(point, n, None)) for n in ("share", "low", "high")),
            Linked(stays.there_at(months), each.rows_url(f"at_least={months}")),
            Linked(
                stays.ended_before(months),
                each.rows_url(f"at_most={months - 1}&ended=yes&start=known"),
            ),
            Linked(
                stays.last_known_before(months),
                each.rows_url(f"at_most={months - 1}&ended=no&start=known"),
            ),
        ]


def in_per_cent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)
