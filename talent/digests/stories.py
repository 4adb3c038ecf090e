"""What a digest tells in one item: a move, by the hire and the departure that record it.

A departure and the hire that answers it are one story. Which two belong together is what the
derived moves say; an event that no move holds (a rumour, a hire that never started) is a story
of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch

from talent.common.rates import in_dollars
from talent.insights.models import Move
from talent.registry.models import Citation, Event, Organization, Package
from talent.registry.models.events import COUNTED, Standing
from talent.registry.models.organizations import Seat
from talent.registry.models.pay import PackageQuerySet, Reading

# What happened longer ago than this is added to the record late: it comes after fresh news.
LATE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Pair:
    """The other event of the same move; `inferred`: no event says that it is the same."""

    other: int
    inferred: bool


@dataclass(frozen=True, slots=True)
class Story:
    """At least one of the two events is there.

    sources and origins: of both events together, supporting ones only.
    """

    hire: Event | None
    departure: Event | None
    inferred: bool = False
    sources: int = 0
    origins: int = 0

    @property
    def events(self) -> tuple[Event, ...]:
        """The hire first."""
        return tuple(event for event in (self.hire, self.departure) if event)

    @property
    def news(self) -> tuple[Event, ...]:
        """Those that a reader has then been told; a career history only lends its company."""
        return tuple(event for event in self.events if not event.background)

    @property
    def lead(self) -> Event:
        """The event whose page the story opens: where they went, if that is known."""
        return self.news[0]

    @property
    def origin(self) -> Organization | None:
        if self.departure:
            return self.departure.organization
        return self.hire.counterpart if self.hire else None

    @property
    def destination(self) -> Organization | None:
        if self.hire:
            return self.hire.organization
        return self.departure.counterpart if self.departure else None

    @property
    def packages(self) -> list[Package]:
        return [package for event in self.events for package in event.packages.all()]


# -- Which is told first -----------------------------------------------------------------


def strength(story: Story, *, today: date) -> int:
    """How much a story deserves to stand first, in points.

    For it: up to 12 for money, 6 where a figure is stated and 2 more from each of US$10M, 100M
    and 1B on, none for a figure that is only rumoured or denied; up to 10 for independent
    origins, 2 each; 3 for each end that is a frontier lab and 2 for one of big tech, the seats
    most followed; 3 for somebody known for works; 2 each for a return, a founder, a hire that
    never started; 1 for both ends known; 3 for confirmed. Against it: 8 where only rumoured or
    denied, 6 where it happened more than 90 days ago.
    """
    points = money(story) + min(2 * story.origins, 10)
    points += sum(SEATS.get(end.seat, 0) for end in ends(story))
    points += 3 if story.lead.person.known_for else 0
    hire = story.hire
    if hire:
        points += 2 * (hire.stated_return + hire.founder + hire.never_started)
    points += 1 if len(ends(story)) == 2 else 0
    if all(event.standing == Standing.CONFIRMED for event in story.news):
        points += 3
    if all(event.standing not in COUNTED for event in story.news):
        points -= 8
    if story.lead.date.last < today - LATE:
        points -= 6
    return points


SEATS: Mapping[str, int] = {Seat.FRONTIER_LAB: 3, Seat.BIG_TECH: 2}
SCALES = (10_000_000, 100_000_000, 1_000_000_000)


def ends(story: Story) -> list[Organization]:
    return [end for end in (story.origin, story.destination) if end is not None]


def money(story: Story) -> int:
    most = 0
    for package in story.packages:
        figure = package.headline
        if figure is None or not figure.is_stated or figure.standing not in COUNTED:
            continue
        stated = max(figure.low or 0, figure.high or 0)
        value = in_dollars(stated, figure.currency, on=story.lead.happened_on)
        reached = [scale for scale in SCALES if value and value.amount >= scale]
        most = max(most, 6 + 2 * len(reached))
    return most


def strongest_first(stories: Iterable[Story], *, today: date) -> list[Story]:
    """Of equals the newest, then the last recorded: the same order every time."""
    return sorted(
        stories,
        key=lambda story: (
            -strength(story, today=today),
            -story.lead.happened_on.toordinal(),
            -story.lead.pk,
        ),
    )


# -- Reading them ------------------------------------------------------------------------


class Library:
    """Events on their way into digests: each is read once, however many digests tell it."""

    def __init__(self) -> None:
        self.pairs: dict[int, Pair | None] = {}
        self.events: dict[int, Event | None] = {}
        # By event: each supporting source with its origin, as the record counts them.
        self.cited: dict[int, set[tuple[int, int]]] = {}

    def read(self, chosen: Mapping[int, int]) -> None:
        """Events by their person, and the other halves of their moves. Six queries at most."""
        new = {pk: person for pk, person in chosen.items() if pk not in self.pairs}
        if not new:
            return
        self.pairs.update(dict.fromkeys(new))
        self.pairs.update(pairs_of(set(new.values())))
        others = {pair.other for pk in new if (pair := self.pairs[pk])}
        wanted = {*new, *others} - self.events.keys()
        self.events.update(dict.fromkeys(wanted))
        self.events.update(published(wanted))
        self.cited.update({pk: set() for pk in wanted})
        for event, source, repeats in Citation.objects.filter(
            event__in=wanted, stance=Citation.Stance.SUPPORTS
        ).values_list("event", "source", "source__repeats"):
            self.cited[event].add((source, repeats or source))

    def stories(self, chosen: Collection[int]) -> list[Story]:
        """The chosen events as stories, each event in one, in no order. Read them first."""
        found: list[Story] = []
        used: set[int] = set()
        for pk in sorted(chosen):
            event = self.events.get(pk)
            if event is not None and pk not in used:
                story = self.story(event, chosen)
                used.update(each.pk for each in story.events)
                found.append(story)
        return found

    def story(self, event: Event, chosen: Collection[int]) -> Story:
        pair = self.pairs.get(event.pk)
        other = self.events.get(pair.other) if pair else None
        # What nobody asked for may stand beside it only if it counts.
        if other and other.pk not in chosen and other.standing not in COUNTED:
            other = None
        both = [event, *([other] if other else [])]
        by_kind = {each.kind: each for each in both}
        cited = set().union(*(self.cited.get(each.pk, set()) for each in both))
        return Story(
            hire=by_kind.get(Event.Kind.HIRE),
            departure=by_kind.get(Event.Kind.DEPARTURE),
            inferred=bool(pair and other and pair.inferred),
            sources=len({source for source, _origin in cited}),
            origins=len({origin for _source, origin in cited}),
        )


def pairs_of(people: Collection[int]) -> dict[int, Pair]:
    """By event: the other event of its move, among the moves of these people."""
    moves = Move.objects.filter(
        person__in=people, hire__isnull=False, departure__isnull=False
    ).values_list("hire", "departure", "inferred")
    found: dict[int, Pair] = {}
    for hire, departure, inferred in moves:
        found[hire] = Pair(departure, inferred)
        found[departure] = Pair(hire, inferred)
    return found


def published(events: Collection[int]) -> dict[int, Event]:
    """With all that a story shows."""
    rows = (
        Event.objects.published()
        .filter(pk__in=events)
        .with_ends()
        .prefetch_related(Prefetch("packages", queryset=packages()))
    )
    return {event.pk: event for event in rows}


def packages() -> PackageQuerySet:
    readings = Prefetch("readings", queryset=Reading.objects.preferred_first())
    return Package.objects.public().prefetch_related(readings)
