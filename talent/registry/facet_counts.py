"""Counting for facets: exact, and never the whole table.

A facet ignores the choice made in itself, and counts under all the others. Filters of
company, kind, standing, seat, reason, origins and whole years are answered from the
tallies that PostgreSQL keeps; all else is counted from the events that an index finds.
Where those are too many, nothing is counted: a page must not take seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from talent.common.date_ranks import touching
from talent.registry.filters import EventFilter
from talent.registry.models import (
    CompanyTally,
    EventReason,
    EventTally,
    Organization,
    ReasonTally,
    SeatEventTally,
    SeatReasonTally,
)

MOST_COMPANIES = 10
# More events than these are not looked at one by one, four times over.
MOST_COUNTED = 20_000
# Companies among which those with the most events mostly are, whatever is chosen; and of the
# events of some years.
LARGEST, LARGEST_IN_YEARS = 30, 200

Rows = QuerySet[Any, dict[str, Any]]
Sorts = dict[str, dict[Any, int] | None]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted, without words and links: a kilobyte or two in the cache.

    None stands for what is too much to count.
    """

    total: int | None
    # By kind, seat, standing, background and year, each under the other choices.
    sorts: Sorts
    # (slug, name, name_zh) and (name, name_zh), with the highest counts first.
    companies: list[tuple[tuple[str, str, str], int]] | None
    reasons: list[tuple[tuple[str, str], int]] | None
    vague: int


def count(filter: EventFilter) -> Numbers:
    total, sorts = count_sorts(filter)
    # A vague date lies in one year as a whole.
    within_a_year = filter.days and not filter.whole_years
    return Numbers(
        total=total,
        sorts=sorts,
        companies=count_companies(filter),
        reasons=count_reasons(filter),
        vague=filter.maybe_in_time().count() if within_a_year else 0,
    )


# -- From which table ------------------------------------------------------------------


def is_tallied(filter: EventFilter, ignoring: Iterable[str]) -> bool:
    """Whether nothing but columns of the tallies narrows the events."""
    chosen = filter.cleaned_data
    others = ("q", "person", "origin", "destination", "returns")
    if any(chosen[name] for name in others):
        return False
    if chosen["min"] is not None or chosen["max"] is not None:
        return False
    return "dates" in ignoring or filter.days is None or filter.whole_years is not None


def tallied(
    filter: EventFilter,
    ignoring: tuple[str, ...],
    *,
    by_company: bool = False,
    by_reason: bool = False,
) -> QuerySet[Any]:
    """The tallies that add up to the answer, from the smallest table that knows it."""
    chosen = {
        name: None if name in ignoring else filter.cleaned_data[name]
        for name in ("company", "reason", "seat")
    }
    by_company = by_company or chosen["company"] is not None
    by_reason = by_reason or chosen["reason"] is not None
    # A count that fell to nothing keeps its row.
    conditions = filter.plain_conditions((*ignoring, "seat")) & Q(events__gt=0)
    if chosen["seat"]:
        seat = "organization__seat" if by_company else "seat"
        conditions &= Q((seat, chosen["seat"]))
    if chosen["reason"]:
        conditions &= Q(reason=chosen["reason"])
    if filter.cleaned_data["origins"]:
        conditions &= Q(corroborated=True)
    if filter.whole_years and "dates" not in ignoring:
        conditions &= Q(year__range=filter.whole_years)
    if by_company:
        model: type[Any] = ReasonTally if by_reason else EventTally
    else:
        model = SeatReasonTally if by_reason else SeatEventTally
    found: QuerySet[Any] = model._default_manager.filter(conditions)
    return found


def is_countable(filter: EventFilter, ignoring: tuple[str, ...]) -> bool:
    """Whether the indexes find few enough events to look at each of them."""
    company = "company" not in ignoring and filter.cleaned_data["company"] is not None
    dates = "dates" not in ignoring and filter.days is not None
    # Asked for each facet anew, and answered by a query.
    known: dict[tuple[bool, bool], bool] = vars(filter).setdefault("countable", {})
    if (company, dates) not in known:
        events = filter.beside_facets
        if company:
            events = events.filter(filter.at_company)
        if filter.days and dates:
            events = events.filter(touching("recency", *filter.days))
        found = events.values("pk")[: MOST_COUNTED + 1].count()
        known[company, dates] = found <= MOST_COUNTED
    return known[company, dates]


def grouped(
    filter: EventFilter,
    *columns: str,
    ignoring: tuple[str, ...] = (),
    by_company: bool = False,
) -> Rows | None:
    """Rows of these columns and `n`, the events that have them; None for too many."""
    if is_tallied(filter, ignoring):
        rows = tallied(filter, ignoring, by_company=by_company)
        amount: Any = Sum("events")
    elif is_countable(filter, ignoring):
        rows = filter.events(ignoring=ignoring)
        amount = Count("*")
        if "year" in columns:
            rows = rows.annotate(year=ExtractYear("happened_on"))
    else:
        return None
    if "seat" in columns and rows.model not in (SeatEventTally, SeatReasonTally):
        rows = rows.annotate(seat=F("organization__seat"))
    counted: Rows = rows.values(*columns).annotate(n=amount)
    return counted


# -- The facets ------------------------------------------------------------------------


def count_sorts(filter: EventFilter) -> tuple[int | None, Sorts]:
    """The total and the five smallest facets: two queries."""
    columns = ("kind", "seat", "standing", "background")
    wanted: dict[str, Container[Any]] = {"standing": filter.standings}
    for column in ("kind", "seat"):
        if chosen := filter.cleaned_data[column]:
            wanted[column] = [chosen]
    if not filter.with_background:
        wanted["background"] = [False]
    rows = grouped(filter, *columns, ignoring=columns)
    total, sorts = shared_out(rows, columns, wanted)
    years = grouped(filter, "year", ignoring=("dates",))
    by_year = None if years is None else dict(years.values_list("year", "n"))
    return total, sorts | {"year": by_year}


def shared_out(
    rows: Rows | None, columns: tuple[str, ...], wanted: dict[str, Container[Any]]
) -> tuple[int | None, Sorts]:
    """How many events have all that is wanted, and how many each value of a column.

    A row that differs from what is wanted in one column counts for that column alone.
    """
    if rows is None:
        return None, dict.fromkeys(columns)
    total = 0
    counts: list[Counter[Any]] = [Counter() for _column in columns]
    limits = [(columns.index(column), values) for column, values in wanted.items()]
    for *row, n in rows.values_list(*columns, "n"):
        differs = [place for place, values in limits if row[place] not in values]
        if not differs:
            total += n
            for count, value in zip(counts, row, strict=True):
                count[value] += n
        elif len(differs) == 1:
            [place] = differs
            counts[place][row[place]] += n
    return total, dict(zip(columns, map(dict, counts), strict=True))


def count_companies(
    filter: EventFilter,
) -> list[tuple[tuple[str, str, str], int]] | None:
    """The companies with the most events, and one more to know that there is one."""
    counted = grouped(filter, "company", ignoring=("company",), by_company=True)
    if counted is None:
        return None
    of_the_largest = among_the_largest(filter)
    if of_the_largest is not None:
        return of_the_largest
    rows = list(counted.order_by("-n", "company")[: MOST_COMPANIES + 1])
    found = Organization.objects.filter(pk__in=[row["company"] for row in rows])
    named = found.values_list("pk", "slug", "name", "name_zh")
    names = {pk: (slug, name, name_zh) for pk, slug, name, name_zh in named}
    return [(names[row["company"]], row["n"]) for row in rows]


def among_the_largest(
    filter: EventFilter,
) -> list[tuple[tuple[str, str, str], int]] | None:
    """The same, from the tallies of the largest companies; None if others may be in it.

    No filter leaves a company more events than it has. So once the last row has more
    than any company not looked at has in all, it is none of those.
    """
    if not is_tallied(filter, ("company",)) or filter.cleaned_data["reason"]:
        return None
    names = ("company__slug", "company__name", "company__name_zh")
    most = LARGEST_IN_YEARS if filter.days else LARGEST
    sizes = list(
        CompanyTally.objects.order_by("-events", "-company").values_list(
            "company", "events", *names
        )[: most + 1]
    )
    if not filter.values and len(sizes) > MOST_COMPANIES:
        # Of nothing chosen most is left: who has much less than the last one shown has less then.
        enough = sizes[MOST_COMPANIES][1] * 2 / 3
        most = min(most, sum(events > enough for _pk, events, *_names in sizes))
    largest = {pk: tuple(named) for pk, _events, *named in sizes[:most]}
    tallies = tallied(filter, ("company",), by_company=True)
    counted = tallies.filter(company__in=largest).values_list("company")
    ordered = counted.annotate(n=Sum("events")).order_by("-n", "company")
    rows = list(ordered[: MOST_COMPANIES + 1])
    if len(sizes) > most:
        beyond = sizes[most][1]
        if len(rows) <= MOST_COMPANIES or rows[-1][1] <= beyond:
            return None
    return [(largest[pk], n) for pk, n in rows]


def count_reasons(filter: EventFilter) -> list[tuple[tuple[str, str], int]] | None:
    ignoring = ("reason",)
    if is_tallied(filter, ignoring):
        rows = tallied(filter, ignoring, by_reason=True)
        amount: Any = Sum("events")
    elif is_countable(filter, ignoring):
        events = filter.events(ignoring=ignoring)
        rows = EventReason.objects.filter(event__in=events.values("pk"))
        amount = Count("*")
    else:
        return None
    names = ("reason__name", "reason__name_zh")
    counted = rows.values_list(*names).annotate(n=amount).order_by("-n", *names)
    return [((name, name_zh), n) for name, name_zh, n in counted]
