"""What the home page shows beside the newest events: a period in four numbers, and records.

Everything here changes only with the record (or with the day), so the page asks for it as
rendered text, which `remembered` keeps by the number of the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talent.common.release import release
from talent.dashboard.moves_list import rows_of
from talent.insights.figures import boomerangs
from talent.insights.figures.companies import shortest_known
from talent.insights.figures.leaders import leaders_of_last_months
from talent.insights.figures.news import (
    figures_of,
    newest_period,
    query_of,
    too_vague,
)
from talent.insights.figures.periods import Period
from talent.insights.stint_filter import StintFilter

LEADERS_SHOWN, STAYS_SHOWN, RETURNS_SHOWN = 5, 5, 4
# Not for ever: after a backup is restored the record's number comes a second time.
KEPT_FOR = 60 * 60


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the page: its template, what fills it, and what else tells it apart."""

    template: str
    build: Callable[[], dict[str, Any]]
    variant: str = ""


def remembered(parts: dict[str, Part], *, version: str) -> dict[str, str]:
    """The parts as rendered text: from the cache while record, release and day are the same.

    `version`: the number of the record.
    """
    same = (
        version,
        release(),
        get_language(),
        timezone.localdate().isoformat(),
    )
    keys = {
        name: ":".join(map(str, ("home", *same, part.template, part.variant)))
        for name, part in parts.items()
    }
    # Templates change under a developer's hands, and the release does not.
    known = {} if settings.DEBUG else cache.get_many(keys.values())
    made = {
        keys[name]: str(render_to_string(part.template, part.build()))
        for name, part in parts.items()
        if keys[name] not in known
    }
    if made:
        cache.set_many(made, KEPT_FOR)
    known |= made
    # Our own templates made the text, and they escape.
    return {name: mark_safe(known[key]) for name, key in keys.items()}


# -- A period in four numbers ------------------------------------------------------------


def numbers(unit: str) -> dict[str, Any]:
    period = newest_period(unit, today=timezone.localdate())
    if period is None:
        return {"unit": unit, "period": None}
    return {
        "unit": unit,
        "period": period,
        "before": _("the week before") if unit == "week" else str(period.before),
        "figures": figures_of(period),
        "too_vague": too_vague(period),
        "with_vague_query": query_of(period, vague=""),
    }


# -- Net gainers and losers --------------------------------------------------------------


def net_leaders() -> dict[str, Any]:
    """Of the last twelve months on record. Two queries, as a rule."""
    period, leaders = leaders_of_last_months(
        today=timezone.localdate(), n=LEADERS_SHOWN
    )
    return {
        "period": period,
        "sides": [(_("gained"), leaders.gainers), (_("lost"), leaders.losers)],
    }


# -- Shortest stays, newest returns --------------------------------------------------------


def shortest_stays() -> dict[str, Any]:
    """Of all whose two ends are on record: one query."""
    return {
        "stays": shortest_known(STAYS_SHOWN),
        "query": StintFilter.query_string({"ended": "yes", "sort": "shortest"}),
    }


def newest_returns() -> dict[str, Any]:
    """Moves back to where somebody had been: two queries."""
    return {
        "rows": rows_of(boomerangs.newest_returns(RETURNS_SHOWN)),
        "query": Period().rows(returns="on"),
    }
