"""How many events each further choice would leave: exact, and never the whole table.

A facet ignores the choice made in itself, and counts under all the others. Filters of
company, kind, standing, seat and whole years are answered from the tallies that
PostgreSQL keeps; everything else is counted from the events by the indexes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from talent.common.release import release
from talent.registry.filters import EventFilter
from talent.registry.models import (
    Event,
    EventReason,
    EventTally,
    Generation,
    Organization,
)
from talent.registry.models.events import Standing
from talent.registry.models.organizations import Seat

MOST_COMPANIES = 10
# Numbers of an older record are never asked for again; this only bounds the memory
# that a crawler walking through all filters can fill.
KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, how many events it lists, and the query string of that very list."""

    value: str
    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    options: list[Option]
    # The query string without a choice here.
    query: str
    # Whether there are more options than those with the highest counts.
    more: bool = False


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets, how many events are listed, and how many are left out by default."""

    total: int
    facets: list[Facet]
    # Rumoured or denied ones that match otherwise.
    not_counted: int
    rumoured: int
    # Those that only fill a career history.
    background: int
    # Those dated so vaguely that they only may fall into the days asked for.
    vague: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted, without words and links: a kilobyte or two in the cache."""

    total: int
    # By kind, standing, background, seat and year, each under the other choices.
    sorts: dict[str, dict[Any, int]]
    # (slug, name), with the highest counts first.
    companies: list[tuple[tuple[str, str], int]]
    reasons: list[tuple[str, int]]
    vague: int


def facets(filter: EventFilter) -> Facets:
    """Count for a valid filter.

    At most eight queries whatever the rows, or one from the cache. A page shown while
    the record changes may for once count one more event than it lists.
    """
    query = sha256(filter.query(sort="").encode()).hexdigest()
    # Another release may keep numbers in another form.
    key = f"facets:{release()}:{Generation.current_version()}:{query}"
    numbers = cache.get(key)
    if numbers is None:
        numbers = count(filter)
        cache.set(key, numbers, KEPT_SECONDS)
    return in_words(filter, numbers)


# -- Counting --------------------------------------------------------------------------


def count(filter: EventFilter) -> Numbers:
    total, sorts = count_sorts(filter)
    # A vague date lies in one year as a whole.
    within_a_year = filter.days and not filter.years
    return Numbers(
        total=total,
        sorts=sorts,
        companies=count_companies(filter),
        reasons=count_reasons(filter),
        vague=filter.maybe_in_time().count() if within_a_year else 0,
    )


def is_tallied(filter: EventFilter, ignoring: Iterable[str]) -> bool:
    """Whether nothing but columns of the tallies narrows the events."""
    chosen = filter.cleaned_data
    others = ("q", "person", "origin", "destination", "origins", "returns")
    if any(chosen[name] for name in others):
        return False
    if chosen["min"] is not None or chosen["max"] is not None:
        return False
    if chosen["reason"] and "reason" not in ignoring:
        return False
    return "dates" in ignoring or filter.days is None or filter.years is not None


def grouped(
    filter: EventFilter, *columns: str, ignoring: tuple[str, ...] = ()
) -> QuerySet[Any, dict[str, Any]]:
    """Rows of these columns and `n`, the events that have them: from either table."""
    counted: QuerySet[Any, dict[str, Any]]
    if is_tallied(filter, ignoring):
        # A count that fell to nothing keeps its row.
        conditions = filter.plain_conditions(ignoring) & Q(events__gt=0)
        if filter.years and "dates" not in ignoring:
            conditions &= Q(year__range=filter.years)
        tallies = EventTally.objects.filter(conditions)
        counted = tallies.values(*columns).annotate(n=Sum("events"))
        return counted
    events = filter.events(ignoring=ignoring)
    if "year" in columns:
        events = events.annotate(year=ExtractYear("happened_on"))
    counted = events.values(*columns).annotate(n=Count("*"))
    return counted


def count_sorts(filter: EventFilter) -> tuple[int, dict[str, dict[Any, int]]]:
    """The total and the five smallest facets, mostly from one query."""
    wanted: dict[str, Any] = {"standing": filter.standings}
    for column, field in (("kind", "kind"), ("organization__seat", "seat")):
        wanted[column] = [chosen] if (chosen := filter.cleaned_data[field]) else ANY
    wanted["background"] = ANY if filter.with_background else [False]
    plain = ("kind", "seat", "standing", "background")
    if filter.days is None or filter.years:
        first, last = filter.years or (0, 9999)
        wanted["year"] = range(first, last + 1)
        rows = grouped(filter, *wanted, ignoring=(*plain, "dates"))
        return shared_out(rows, wanted)
    total, sorts = shared_out(grouped(filter, *wanted, ignoring=plain), wanted)
    years = grouped(filter, "year", ignoring=("dates",))
    return total, sorts | {"year": {row["year"]: row["n"] for row in years}}


class Anything:
    def __contains__(self, value: object) -> bool:
        return True


ANY = Anything()


def shared_out(
    rows: Iterable[dict[str, Any]], wanted: dict[str, Any]
) -> tuple[int, dict[str, dict[Any, int]]]:
    """How many events have all that is wanted, and how many each value of a column.

    A row that differs from what is wanted in one column counts for that column alone.
    """
    total = 0
    counts: dict[str, Counter[Any]] = {column: Counter() for column in wanted}
    for row in rows:
        differs = [column for column in wanted if row[column] not in wanted[column]]
        if not differs:
            total += row["n"]
        if len(differs) < 2:
            for column in differs or wanted:
                counts[column][row[column]] += row["n"]
    return total, {column: dict(counted) for column, counted in counts.items()}


def count_companies(filter: EventFilter) -> list[tuple[tuple[str, str], int]]:
    """The companies with the most events, and one more to know that there is one."""
    counted = grouped(filter, "company", ignoring=("company",))
    rows = list(counted.order_by("-n", "company")[: MOST_COMPANIES + 1])
    companies = Organization.objects.in_bulk([row["company"] for row in rows])
    named = [(companies[row["company"]], row["n"]) for row in rows]
    return [((company.slug, company.name), n) for company, n in named]


def count_reasons(filter: EventFilter) -> list[tuple[str, int]]:
    events = filter.events(ignoring=("reason",))
    return list(
        EventReason.objects.filter(event__in=events.values("pk"))
        .values_list("reason__name")
        .annotate(n=Count("*"))
        .order_by("-n", "reason__name")
    )


# -- Words and links -------------------------------------------------------------------


def in_words(filter: EventFilter, numbers: Numbers) -> Facets:
    sorts = numbers.sorts
    aside = {
        standing: 0 if filter.cleaned_data["standing"] else n
        for standing, n in sorts["standing"].items()
        if standing not in filter.standings
    }
    background = 0 if filter.with_background else sorts["background"].get(True, 0)
    return Facets(
        total=numbers.total,
        facets=[
            facet(filter, "kind", with_labels(Event.Kind, sorts["kind"])),
            years(filter, sorts["year"]),
            companies(filter, numbers),
            facet(filter, "seat", with_labels(Seat, sorts["organization__seat"])),
            facet(filter, "standing", with_labels(Standing, sorts["standing"])),
            reasons(filter, numbers),
        ],
        not_counted=sum(aside.values()),
        rumoured=aside.get(Standing.RUMOURED, 0),
        background=background,
        vague=numbers.vague,
    )


def with_labels(choices: Any, counted: dict[Any, int]) -> list[tuple[str, str, int]]:
    return [(each.value, str(each.label), counted.get(each, 0)) for each in choices]


def facet(
    filter: EventFilter, name: str, options: Iterable[tuple[str, str, int]]
) -> Facet:
    """A facet of one parameter. Options nothing has are left out, unless chosen."""
    chosen = filter.values.get(name, "")
    return Facet(
        name=name,
        label=str(filter.fields[name].label),
        options=[
            Option(value, label, n, value == chosen, filter.query(**{name: value}))
            for value, label, n in options
            if n or value == chosen
        ],
        query=filter.query(**{name: ""}),
    )


def companies(filter: EventFilter, numbers: Numbers) -> Facet:
    """The companies with the most events; the one chosen too, which may be a unit."""
    options = [(slug, name, n) for (slug, name), n in numbers.companies]
    more = len(options) > MOST_COMPANIES
    options = options[:MOST_COMPANIES]
    chosen: Organization | None = filter.cleaned_data["company"]
    if chosen and chosen.slug not in [slug for slug, _name, _n in options]:
        options.append((chosen.slug, chosen.name, numbers.total))
    return replace(facet(filter, "company", options), more=more)


def reasons(filter: EventFilter, numbers: Numbers) -> Facet:
    options = [(name, name, n) for name, n in numbers.reasons]
    chosen = filter.values.get("reason")
    if chosen and chosen not in [name for name, _label, _n in options]:
        options.append((chosen, chosen, numbers.total))
    return facet(filter, "reason", options)


def years(filter: EventFilter, counted: dict[int, int]) -> Facet:
    """A vague date lies in one year as a whole, so each event is in exactly one."""
    return Facet(
        name="since",
        label=_("Year"),
        options=[
            Option(
                value=str(year),
                label=str(year),
                count=n,
                chosen=filter.years == (year, year),
                query=filter.query(since=str(year), until=str(year)),
            )
            for year, n in sorted(counted.items(), reverse=True)
        ],
        query=filter.query(since="", until=""),
    )
