"""The numbers of "Stay or leave", remembered until the next refresh has finished.

Not by the number of the record: between a change and the refresh that follows it the record is
new and the stints are old, and what was read then would be kept under the new number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.core.cache import cache

from talent.common.release import release
from talent.dashboard.stays_form import Group
from talent.insights.figures.stays import (
    Lengths,
    Stays,
    share_stints,
    stays_by_company,
    stays_by_seat,
    stays_by_unit,
    stays_by_year,
    stays_of,
)
from talent.insights.models import Refresh
from talent.insights.stint_filter import StintFilter

COMPANIES_SHOWN = 12
KEPT_FOR = 24 * 60 * 60

Value = TypeVar("Value")


def newest_run() -> int:
    """The refresh that finished last. One query."""
    done = Refresh.objects.filter(outcome=Refresh.Outcome.DONE)
    return done.order_by("-pk").values_list("pk", flat=True).first() or 0


def remembered(run: int, wanted: Mapping[str, Callable[[], Value]]) -> dict[str, Value]:
    """Each value by its name, read where nobody asked for it since the run."""
    keys = {name: f"stays:{run}:{release()}:{name}" for name in wanted}
    found = cache.get_many(keys.values())
    missing = {name: make() for name, make in wanted.items() if keys[name] not in found}
    if missing:
        cache.set_many({keys[name]: missing[name] for name in missing}, KEPT_FOR)
    return {
        name: missing[name] if name in missing else found[keys[name]] for name in wanted
    }


def stays_of_groups(groups: Iterable[Group], *, run: int) -> list[Stays]:
    """The stays of each group: at most one query for each."""
    wanted = {
        f"of:{group.filter.query()}": partial(stays_of, group.filter)
        for group in groups
    }
    return list(remembered(run, wanted).values())


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Everybody by seat, and one group by year of joining and by part: its units if it is a
    company, else its largest companies; by their ids.
    """

    seats: dict[str, Lengths]
    years: dict[int, Lengths]
    parts: dict[int, Lengths]


def broken_down(group: Group, *, common: StintFilter, run: int) -> Breakdown:
    """`common`: the filter of the joining period alone. Four queries at most."""
    filter, query = group.filter, group.filter.query()

    def parts() -> dict[int, Lengths]:
        if filter.cleaned_data["company"]:
            return stays_by_unit(filter)
        return stays_by_company(filter, most=COMPANIES_SHOWN)

    wanted: dict[str, Callable[[], dict[Any, Lengths]]] = {
        f"seats:{common.query()}": lambda: stays_by_seat(common),
        f"years:{query}": lambda: stays_by_year(filter),
        f"parts:{query}": parts,
    }
    return Breakdown(*remembered(run, wanted).values())


def stints_in_common(one: Group, other: Group, *, run: int) -> bool:
    """Whether a stint counts in both groups: then they are no two samples. One query or none."""
    queries = sorted((one.filter.query(), other.filter.query()))
    name = f"both:{'|'.join(queries)}"
    found = remembered(run, {name: partial(share_stints, one.filter, other.filter)})
    return found[name]
