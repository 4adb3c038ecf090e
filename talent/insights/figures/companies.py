"""What a company's page tells beside its flows: the newest moves, and the people behind them.

Definition. Arrivals and departures are moves between companies (insights.moves) at the company or
unit, without what is only rumoured; who was there is a stint at the company or one that names the
unit or a unit inside it. Units: moves, and stints.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Min, Q, QuerySet, Sum, Value

from talent.insights.figures.arrivals import place
from talent.insights.figures.periods import Period
from talent.insights.figures.stays import Stays, read, shortest_of
from talent.insights.models import Move, PlaceTally, StayTally, Stint
from talent.insights.move_filter import came_from, went_to, with_names
from talent.insights.stint_filter import put_places, was_at
from talent.registry.event_rows import named_places
from talent.registry.id_sets import among
from talent.registry.models import Organization


def first_month(organization: Organization) -> date | None:
    """Of the first move on record that counts; None without any. One query."""
    counted = PlaceTally.objects.filter(
        Period().of_tally(), place(organization), moves__gt=0
    )
    first: date | None = counted.aggregate(first=Min("month"))["first"]
    return first


class Newest(NamedTuple):
    """Newest first, as the list of all of them is."""

    arrivals: list[Move]
    departures: list[Move]


def newest_moves(organization: Organization, *, most: int) -> Newest:
    """The newest to the place and away from it, with all that a row shows. Three queries."""
    counted = Move.objects.filter(Period().of_moves()).order_by("-recency", "-pk")
    ends = {"into": went_to(organization), "out": came_from(organization)}
    ids = tagged(
        {side: [counted.filter(end)[:most]] for side, end in ends.items()},
    )
    rows = with_names(
        Move.objects.filter(pk__in=ids["into"] | ids["out"]).order_by("-recency", "-pk")
    )
    return Newest(*([row for row in rows if row.pk in ids[side]] for side in ends))


def tagged(lists: Mapping[str, list[QuerySet[Any]]]) -> dict[str, set[int]]:
    """The keys of the first rows of some lists, by the names of the lists. One query.

    Names are fetched afterwards, once for all: joining them takes longer than finding the rows.
    """
    each = [
        rows.values_list(Value(name), "pk") for name in lists for rows in lists[name]
    ]
    found: dict[str, set[int]] = {name: set() for name in lists}
    for name, pk in each[0].union(*each[1:], all=True):
        found[name].add(pk)
    return found


def changes_of_unit(
    organization: Organization, people: Collection[int]
) -> dict[int, list[date]]:
    """By person: the days they moved inside the company. One query."""
    company = organization.company_id or organization.pk
    rows = (
        Move.objects.filter(
            Period().of_moves(internal=True),
            from_company=company,
            to_company=company,
            person__in=people,
        )
        .order_by("person", "place")
        .values_list("person", "happened_on")
    )
    found: defaultdict[int, list[date]] = defaultdict(list)
    for person, day in rows:
        found[person].append(day)
    return dict(found)


class Counts(NamedTuple):
    """Stints at the place: with no end on record, ended, and returns among both."""

    last_known: int = 0
    ended: int = 0
    returns: int = 0


def counts_at(organization: Organization) -> Counts:
    """What the lists of stints have under `ended` and `returns`. One query."""
    sums = StayTally.objects.filter(organization=organization).aggregate(
        last_known=Sum("stints", filter=Q(ended=False), default=0),
        ended=Sum("stints", filter=Q(ended=True), default=0),
        returns=Sum("stints", filter=Q(is_return=True), default=0),
    )
    return Counts(**sums)


class There(NamedTuple):
    """Stints at the place. `theirs`: those of the people asked for, in their order.

    present, alumni, returns: the last joined first, then those whose beginning nobody knows.
    """

    theirs: list[Stint]
    present: list[Stint]
    alumni: list[Stint]
    returns: list[Stint]
    shortest: list[Stint]


def there(
    organization: Organization, people: Collection[int], *, names: int, stays: int
) -> There:
    """The first `names` who are last known there or left, the first `stays` returns and shortest
    stays, and everything of these people. Three queries.
    """
    stints = Stint.objects.filter(was_at(organization))
    ids = tagged(
        {
            "present": [last_joined(stints.filter(end_on=None))[:names]],
            # A stint begins with a hire, or is known by its end: only these lack a beginning.
            "alumni": [
                last_joined(stints.exclude(end_on=None))[:names],
                stints.filter(recency=None).order_by("recency", "pk")[:names],
            ],
            "returns": [last_joined(stints.filter(is_return=True))[:stays]],
            "shortest": [shortest_of(stints)[:stays]],
        }
    )
    rows = read_at(
        organization,
        Stint.objects.filter(
            Q(pk__in=set().union(*ids.values()))
            | Q(was_at(organization), person__in=people)
        ),
    )
    loaded = sorted(rows, key=by_person)
    wanted = set(people)

    def newest(name: str, most: int) -> list[Stint]:
        found = [stint for stint in loaded if stint.pk in ids[name]]
        return sorted(found, key=joined_last_first)[:most]

    return There(
        [stint for stint in loaded if stint.person_id in wanted],
        newest("present", names),
        newest("alumni", names),
        newest("returns", stays),
        sorted(
            (stint for stint in loaded if stint.pk in ids["shortest"]),
            key=lambda stint: (stint.days or 0, stint.pk),
        ),
    )


def stays_of(organization: Organization, people: Collection[int]) -> list[Stint]:
    """What these people had there, in order. Two queries."""
    theirs = Stint.objects.filter(was_at(organization), person__in=people)
    return sorted(read_at(organization, theirs), key=by_person)


def by_person(stint: Stint) -> tuple[int, int]:
    return stint.person_id, stint.place


def read_at(organization: Organization, stints: QuerySet[Stint]) -> list[Stint]:
    """Read stints at one company with their people and places, without their events.

    Two queries: the company is known, and its units are few and repeat.
    """
    rows = list(with_person(stints))
    company = organization.company or organization
    ids = {pk for row in rows for pk in (row.unit_id, row.first_place_id)}
    units = named_places(ids - {company.pk})
    put_places(rows, {company.pk: company, **units})
    return rows


def with_person(stints: QuerySet[Stint], *others: str) -> QuerySet[Stint]:
    return stints.select_related("person", *others).only(
        *(field.name for field in Stint._meta.concrete_fields),
        *(f"person__{name}" for name in ("slug", "name", "name_zh")),
        *(f"{event}__slug" for event in others),
    )


def last_joined(stints: QuerySet[Stint]) -> QuerySet[Stint]:
    """By the index: those without a beginning would come first."""
    return stints.filter(recency__isnull=False).order_by("-recency", "-pk")


def joined_last_first(stint: Stint) -> tuple[int, int]:
    if stint.recency is None:
        return 1, stint.pk
    return -stint.recency, -stint.pk


def stays_at(organizations: Collection[int]) -> dict[int, Stays]:
    """All stays at each of these companies or units, by id. One query."""
    return read(
        StayTally.objects.filter(organization__in=organizations), "organization"
    )


def shortest_known(n: int) -> list[Stint]:
    """The n shortest stays on record, ready to show. Two queries: which they are an index tells,
    and joining all their names takes longer to plan than to run.
    """
    shortest = shortest_of(Stint.objects.all())
    those = Stint.objects.filter(among(shortest.values("pk")[:n]))
    stints = list(with_person(those, "departure").order_by(*shortest.query.order_by))
    ends = ("company", "unit", "first_place")
    ids = (getattr(stint, f"{end}_id") for stint in stints for end in ends)
    put_places(stints, named_places(ids))
    return stints
