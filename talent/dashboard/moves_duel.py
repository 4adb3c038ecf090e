"""Two companies head to head: who takes from whom, in the time chosen and year by year."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.dashboard.moves_choice import MovesChoice
from talent.dashboard.moves_figures import listed
from talent.insights.figures.arrivals import ENOUGH
from talent.insights.figures.matrix import Duel, HeadToHead, head_to_head
from talent.insights.figures.periods import Period
from talent.registry.models import Organization
from talent.registry.wording import name_of


@dataclass(frozen=True, slots=True)
class Way:
    """One direction in one time: a number and the list of exactly its moves."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    there: Way
    back: Way


@dataclass(frozen=True, slots=True)
class Told:
    """Head to head, in words and links."""

    one: Organization
    other: Organization
    sentence: str
    there: Way
    back: Way
    vague: int
    years: tuple[Year, ...]


def duel_of(choice: MovesChoice) -> Told | None:
    """Two queries, for a unit some more; None where nobody chose two companies."""
    if choice.pair is None:
        return None
    found = head_to_head(*choice.pair, choice.time)
    there, back = ways(found, found.duel, choice.time)
    return Told(
        found.one,
        found.other,
        sentence(found),
        there,
        back,
        found.duel.vague,
        tuple(year_of(found, year, duel) for year, duel in reversed(found.years)),
    )


def year_of(found: HeadToHead, year: int, duel: Duel) -> Year:
    # A vague date lies in one year as a whole, so each move is in exactly one.
    whole = Period.of_year(year, rumours=found.period.rumours)
    return Year(year, *ways(found, duel, whole))


def ways(found: HeadToHead, duel: Duel, period: Period) -> tuple[Way, Way]:
    one, other = found.one.slug, found.other.slug
    return (
        Way(duel.there, listed(period.rows(from_=one, to=other))),
        Way(duel.back, listed(period.rows(from_=other, to=one))),
    )


def sentence(found: HeadToHead) -> str:
    one, other, duel = found.one, found.other, found.duel
    if not duel.there and not duel.back:
        names = {"one": name_of(one), "other": name_of(other)}
        return (
            _("No move between %(one)s and %(other)s is recorded in this time.") % names
        )
    if duel.back > duel.there:
        one, other, duel = other, one, Duel(duel.back, duel.there)
    there = ngettext("%(n)s move", "%(n)s moves", duel.there) % {"n": f"{duel.there:,}"}
    told = {
        "there": there,
        "one": name_of(one),
        "other": name_of(other),
        "back": f"{duel.back:,}",
        "enough": ENOUGH,
    }
    if duel.ratio is None:
        return (
            _(
                "%(there)s from %(one)s to %(other)s, %(back)s the other way: a ratio needs "
                "%(enough)s each way."
            )
            % told
        )
    told["ratio"] = f"{duel.ratio:.1f}"
    return (
        _(
            "%(there)s from %(one)s to %(other)s, %(back)s the other way: %(ratio)s for each "
            "one back."
        )
        % told
    )
