"""How long people stay: the share of a group still there after so many months.

Unit: whole months by the calendar, from the middle of what the start covers to the middle of
what the end covers. Only stints whose start is on record: of the others nobody knows how long
they had lasted when they came into view (left truncation), so they are counted apart.

A stint that ended after 7 whole months, 7 months and 12 days say, was there at 7 months and gone
at 8: it ends at time 8. One that was last known after 7 whole months was there at 7 months, and of
its eighth month nothing is known: it leaves the count at time 7 (right censoring). So the curve at
time k is the share still there after k whole months, and a month counts for a stint only if the
record covers all of it, or its end. (A stint known from its first day alone counts for no month.)

An end inferred from the next post counts as an end. What is left of N after k months splits into
three, each a list of its own: known to be there at k months, ended before, last known before.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum

from talent.insights.figures.survival import Curve, Observed, Point, kaplan_meier
from talent.insights.models import StayTally, Stint
from talent.insights.stint_filter import StintFilter, read_with_names

# The months of which every page tells the share.
MILESTONES = (1, 3, 6, 12, 24)
SHORT = 12
# A rate of fewer stints is greyed and labelled.
FEW = 10


class Tally(NamedTuple):
    """How many stints lasted so many whole months, or had when last heard of."""

    months: int
    ended: bool
    is_return: bool
    stints: int


class Rates(ABC):
    """What is told of the stints of a group once it is known how long they lasted.

    Every number here is a number of stints, not people.
    """

    @property
    @abstractmethod
    def observed(self) -> Observed: ...

    @cached_property
    def n(self) -> int:
        return self.observed.n

    @cached_property
    def followed(self) -> int:
        """Those the record covers for a whole month or to their end: what the rates rest on.

        The others are known from their beginning alone, a hire that nothing is heard of after.
        """
        return self.n - self.last_known_before(1)

    @property
    def is_few(self) -> bool:
        return self.followed < FEW

    @property
    def ended(self) -> int:
        return sum(self.observed.ended.values())

    @property
    def last_known(self) -> int:
        return self.n - self.ended

    def there_at(self, months: int) -> int:
        """Known to be there after so many whole months."""
        return self.n - self.ended_before(months) - self.last_known_before(months)

    def ended_before(self, months: int) -> int:
        return sum(n for time, n in self.observed.ended.items() if time <= months)

    def last_known_before(self, months: int) -> int:
        return sum(n for time, n in self.observed.last_seen.items() if time < months)

    @cached_property
    def curve(self) -> Curve:
        return kaplan_meier(self.observed)

    @cached_property
    def beginning(self) -> Curve:
        """The curve as far as its median and its first year, which is all that tables tell."""
        return kaplan_meier(self.observed, until=SHORT)

    @cached_property
    def median(self) -> MedianStay:
        low, high = self.beginning.median_band
        months = whole(self.beginning.median)
        return MedianStay(self.n, self.followed, months, whole(low), whole(high))

    def after(self, months: int) -> Point | None:
        """The share still there after so many months; None where nobody was followed so long."""
        curve = self.beginning if months <= SHORT else self.curve
        return curve.at(months)


@dataclass(frozen=True)
class Lengths(Rates):
    """How long the stints of one group lasted, and nothing else of them."""

    lasted: Observed

    @property
    def observed(self) -> Observed:
        return self.lasted


@dataclass(frozen=True)
class Stays(Rates):
    """The stints of one group, counted.

    unknown_start: those left out, whenever they joined. about: of those counted, how many lengths
    are known only roughly: a vague date, an inferred end, or the day of an announcement.
    """

    tallies: tuple[Tally, ...] = ()
    unknown_start: int = 0
    about: int = 0

    @cached_property
    def observed(self) -> Observed:
        return observed(self.tallies)

    @property
    def firsts(self) -> int:
        """Those that are no return to a company left before."""
        return sum(tally.stints for tally in self.tallies if not tally.is_return)

    @cached_property
    def median_without_returns(self) -> MedianStay:
        return Stays(tuple(t for t in self.tallies if not t.is_return)).median


@dataclass(frozen=True, slots=True)
class MedianStay:
    """The whole months that half of the stints, or fewer, outlasted.

    n: the stints counted; followed: those of them that the record follows, see Stays.

    months: None where more than half were still there when last heard of.
    low, high: the same of the ends of the 95 % band; None where the band does not get there.
    """

    n: int
    followed: int
    months: int | None
    low: int | None = None
    high: int | None = None

    @property
    def is_few(self) -> bool:
        return self.followed < FEW


def observed(tallies: Iterable[Tally]) -> Observed:
    """The convention at the top of this module, which `lengths_in` knows too."""
    ended, last_seen = Counter[int](), Counter[int]()
    for tally in tallies:
        if tally.ended:
            ended[tally.months + 1] += tally.stints
        else:
            last_seen[tally.months] += tally.stints
    return Observed(ended, last_seen)


def whole(time: int | None) -> int | None:
    """Gone at 8 months is a stay of 7 whole ones, as every list prints it."""
    return None if time is None else time - 1


# -- Reading the tallies ------------------------------------------------------------------

COUNTED_BY = ("months", "ended", "about", "is_return")


def stays_of(filter: StintFilter) -> Stays:
    """The stays of the stints that match a valid filter, known start or not. One query.

    N counts what filter.query(start="known") lists, `unknown_start` what the filter lists with
    start="unknown" and without its days of joining.
    """
    return read(rows_of(filter)).get(None, Stays())


def stays_by_year(filter: StintFilter) -> dict[int, Lengths]:
    """By year of joining, oldest first. One query."""
    rows = rows_of(filter).filter(joined__isnull=False)
    return dict(sorted(lengths_in(rows, "joined").items()))


def stays_by_seat(filter: StintFilter) -> dict[str, Lengths]:
    """By seat. One query."""
    return lengths_in(rows_of(filter), "seat")


def stays_by_company(filter: StintFilter, *, most: int) -> dict[int, Lengths]:
    """Of the companies with the most stints whose start is known, by id. Two queries."""
    rows = rows_of(filter, of_parts=True)
    largest: list[Any] = [
        row["organization"]
        for row in rows.filter(joined__isnull=False, organization__parent=None)
        .values("organization")
        .annotate(n=Sum("stints"))
        .filter(n__gt=0)  # a tally of stints that are gone stays, as nought
        .order_by("-n", "organization")[:most]
    ]
    found = lengths_in(rows.filter(organization__in=largest), "organization")
    return {company: found[company] for company in largest}


def stays_by_unit(filter: StintFilter) -> dict[int, Lengths]:
    """Of every unit that a stint names, or that holds one, by id; a stint may count in several.

    One query. Meant for the stints of one company.
    """
    rows = rows_of(filter, of_parts=True)
    return lengths_in(rows.filter(organization__parent__isnull=False), "organization")


def rows_of(filter: StintFilter, *, of_parts: bool = False) -> QuerySet[StayTally]:
    """The tallies of the filter, and those of its group that have no start on record.

    Raises ValueError where the filter asks for what they do not tell: a person, founders, days.
    """
    if not filter.is_tallied:
        raise ValueError(f"No tally tells these apart: {filter.query()}")
    rows, within = filter.tallies(of_parts=of_parts), filter.within_tallies
    return rows.filter(Q(joined__isnull=True) | within) if within else rows


def read(rows: QuerySet[StayTally], key: str = "") -> dict[Any, Stays]:
    """Add up the rows by what a figure needs, apart for each value of the key."""
    by = (key, *COUNTED_BY) if key else COUNTED_BY
    counted = rows.values_list(*by).annotate(n=Sum("stints")).filter(n__gt=0).order_by()
    found: defaultdict[Hashable, Pile] = defaultdict(Pile)
    for *group, months, ended, about, is_return, stints in counted:
        pile = found[group[0] if key else None]
        pile.add(months, ended, about, is_return, stints=stints)
    return {key: pile.stays() for key, pile in found.items()}


def lengths_in(rows: QuerySet[StayTally], key: str) -> dict[Any, Lengths]:
    """How long they lasted, apart for each value of the key. One query."""
    counted = (
        rows.values_list(key, "months")
        .annotate(n=Sum("stints"), gone=Sum("stints", filter=Q(ended=True), default=0))
        .filter(n__gt=0)
        .order_by()
    )
    found: dict[Any, tuple[dict[int, int], dict[int, int]]] = {}
    for group, months, n, gone in counted:
        ended, last_seen = found.setdefault(group, ({}, {}))
        # Of a group all of whose starts are unknown, that much is known.
        if months is not None:
            if gone:
                ended[months + 1] = gone
            if n > gone:
                last_seen[months] = n - gone
    return {key: Lengths(Observed(*counts)) for key, counts in found.items()}


@dataclass(slots=True)
class Pile:
    """Counts of one group while they are read."""

    tallies: Counter[tuple[int, bool, bool]] = field(default_factory=Counter)
    unknown_start: int = 0
    roughly: int = 0

    def add(
        self,
        months: int | None,
        ended: bool,
        about: bool,
        is_return: bool,
        *,
        stints: int,
    ) -> None:
        if months is None:
            self.unknown_start += stints
            return
        self.tallies[months, ended, is_return] += stints
        self.roughly += stints if about else 0

    def stays(self) -> Stays:
        tallies = (Tally(*key, stints) for key, stints in sorted(self.tallies.items()))
        return Stays(tuple(tallies), self.unknown_start, self.roughly)


# -- Stints one by one -------------------------------------------------------------------


def shortest_of(stints: QuerySet[Stint]) -> QuerySet[Stint]:
    """Not those that only an upper bound is known of: two ends "2025" may be a day apart. Most of
    those stand at 0 days, where the index of all lengths begins: so it is entered behind them.
    """
    # A known start has a recency: PostgreSQL knows that the index holds these.
    both_known = stints.filter(recency__isnull=False, end_on__isnull=False)
    return both_known.filter(at_most=None, days__gt=0).order_by("days", "pk")


def shortest_stays(n: int, *, of: StintFilter | None = None) -> list[Stint]:
    """The n shortest stays whose length is known, shortest first, ready to show. Two queries.

    `of`: a valid filter; all stints without it. Its own list, ended and sorted by "shortest",
    has these rows in this order, among those that only an upper bound is known of.
    """
    stints = of.stints() if of else Stint.objects.all()
    return read_with_names(shortest_of(stints)[:n])


def share_stints(one: StintFilter, other: StintFilter) -> bool:
    """Whether a stint with a known start is in both groups. One query, or none where the seats or
    the companies alone rule it out.
    """
    seats, companies = (
        [filter.cleaned_data[name] for filter in (one, other)]
        for name in ("seat", "company")
    )
    if all(seats) and seats[0] != seats[1]:
        return False
    if all(companies):
        if companies[0].company_id != companies[1].company_id:
            return False
        return (one.stints() & other.stints()).filter(recency__isnull=False).exists()
    # The tallies of the one with a company tell seats apart too.
    one, other = (one, other) if companies[0] else (other, one)
    both = one.in_tallies & other.in_tallies
    known = one.tallies(both, Q(joined__isnull=False))
    return known.filter(stints__gt=0).exists()
