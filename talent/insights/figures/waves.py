"""Linked moves in a short time: what may be a wave. A curator decides whether it is one.

Three people or more move within 14 days (the first and the last day count) and share

* both companies, the one left and the one joined, or
* the company left, or
* the company joined.

Counted are moves from one company to another, reported or confirmed, dated to the day, of which
at least one event is news. The windows with the most people are taken first; of equal ones the
pair before the company left before the company joined, then the earlier, then the company entered
into the record first. No move is in two proposals, and moves of a wave that a curator has made,
whatever became of it, are in none. The same record gives the same proposals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from operator import attrgetter

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate, Precision
from talent.insights.models import Move
from talent.registry.models import Organization
from talent.registry.models.waves import WaveEvent
from talent.registry.wave_curation import Proposal

WITHIN_DAYS = 14
FEWEST = 3
MOST_MOVES = 20_000
NOWHERE = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One move, as far as waves ask: companies by id, 0 for an end that is not on record."""

    move: int
    person: int
    day: date
    origin: int
    destination: int
    events: tuple[int, ...] = ()


# What the moves share: company left and company joined, 0 for an end that differs.
Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cluster:
    link: Link
    steps: tuple[Step, ...]

    @property
    def people(self) -> int:
        return len({step.person for step in self.steps})

    @property
    def key(self) -> str:
        origin, destination = self.link
        return f"{self.steps[0].day:%Y%m%d}-{origin}-{destination}"


def links_of(step: Step) -> list[Link]:
    ends = [(step.origin, step.destination)] if step.origin and step.destination else []
    ends += [(step.origin, NOWHERE)] if step.origin else []
    ends += [(NOWHERE, step.destination)] if step.destination else []
    return ends


def preference(link: Link) -> int:
    """A pair before a company left before a company joined."""
    origin, destination = link
    return 0 if origin and destination else 1 if origin else 2


def clusters(steps: Iterable[Step]) -> list[Cluster]:
    """The proposals among these moves, by first day. Time grows a little faster than linearly."""
    groups: defaultdict[Link, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=attrgetter("day", "move")):
        for link in links_of(step):
            groups[link].append(step)
    queue = [
        window
        for link, group in groups.items()
        if len(group) >= FEWEST
        for day in dict.fromkeys(map(DAY, group))
        if (window := window_at(link, group, day, set())) is not None
    ]
    heapify(queue)
    taken: set[int] = set()
    found: list[Cluster] = []
    while queue:
        best = heappop(queue)
        *_order, link, day = best
        # Some of its moves may have been taken since it was put in line.
        now = window_at(link, groups[link], day, taken)
        if now == best:
            cluster = Cluster(link, free_in(groups[link], day, taken))
            taken.update(step.move for step in cluster.steps)
            found.append(cluster)
        elif now is not None:
            heappush(queue, now)
    return sorted(found, key=lambda cluster: (cluster.steps[0].day, cluster.link))


DAY = attrgetter("day")
# Fewest first: people (negative), preference, first day, then what names the window.
Window = tuple[int, int, date, Link, date]


def window_at(
    link: Link, group: list[Step], day: date, taken: set[int]
) -> Window | None:
    """Its place in the line, the best first; None where it holds too few people."""
    steps = free_in(group, day, taken)
    people = len({step.person for step in steps})
    if people < FEWEST:
        return None
    return -people, preference(link), steps[0].day, link, day


def free_in(group: list[Step], day: date, taken: set[int]) -> tuple[Step, ...]:
    """The moves of the window that begins on this day, without those taken."""
    first = bisect_left(group, day, key=DAY)
    last = bisect_right(group, day + timedelta(days=WITHIN_DAYS - 1), key=DAY)
    return tuple(step for step in group[first:last] if step.move not in taken)


# -- From the record -------------------------------------------------------------------------


def steps_of_record() -> list[Step]:
    """The newest moves that may be part of a proposal. One query."""
    in_wave = WaveEvent.objects.all()
    moves = (
        Move.objects.filter(
            Q(hire__background=False) | Q(departure__background=False),
            internal=False,
            rumoured=False,
            precision=Precision.DAY,
        )
        .exclude(Exists(in_wave.filter(event=OuterRef("hire"))))
        .exclude(Exists(in_wave.filter(event=OuterRef("departure"))))
        .order_by("-recency", "-pk")
        .values_list(
            "pk",
            "person",
            "happened_on",
            "from_company",
            "to_company",
            "hire",
            "departure",
        )
    )
    steps = [
        Step(
            pk,
            person,
            day,
            origin or NOWHERE,
            destination or NOWHERE,
            tuple(event for event in events if event is not None),
        )
        for pk, person, day, origin, destination, *events in moves[:MOST_MOVES]
    ]
    if len(steps) < MOST_MOVES:
        return steps
    # The oldest days are cut: what they are part of cannot be told.
    whole = steps[-1].day + timedelta(days=WITHIN_DAYS)
    return [step for step in steps if step.day >= whole]


def proposals() -> list[Proposal]:
    """All proposals, as the desk shows them. Two queries."""
    found = clusters(steps_of_record())
    ends = {end for cluster in found for end in cluster.link}
    names = dict(
        Organization.objects.filter(pk__in=ends)
        .order_by("pk")
        .values_list("pk", "name")
    )
    return [
        Proposal(
            key=cluster.key,
            title=title_of(cluster, names),
            first=cluster.steps[0].day,
            last=cluster.steps[-1].day,
            people=cluster.people,
            events=tuple(sorted({e for step in cluster.steps for e in step.events})),
        )
        for cluster in found
    ]


def title_of(cluster: Cluster, names: dict[int, str]) -> str:
    """ "5 people go from Acme to Umbrella, July 2025", for the curator to change."""
    origin, destination = cluster.link
    month = PartialDate(cluster.steps[0].day.replace(day=1), Precision.MONTH)
    if not destination:
        pattern = _("%(n)s people leave %(origin)s, %(month)s")
    elif not origin:
        pattern = _("%(n)s people join %(destination)s, %(month)s")
    else:
        pattern = _("%(n)s people go from %(origin)s to %(destination)s, %(month)s")
    return pattern % {
        "n": cluster.people,
        "origin": names.get(origin, ""),
        "destination": names.get(destination, ""),
        "month": month,
    }
