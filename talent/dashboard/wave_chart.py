"""A wave as a picture: companies left on one side, companies joined on the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.dashboard.charts import Chart, Linked, Query, WrongQuery, chart
from talent.insights.models import Move
from talent.registry.models import Event, Organization, Wave
from talent.registry.wording import name_of

ROW, MOST, LONGEST = 40, 8, 18
# Where the lines begin and end, in per cent: names stand outside.
LEFT, RIGHT = 36, 64
THICKEST = 16

Ends = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """The people of a wave who went from one company to another, and their events."""

    anchor: str
    origin: Organization | None
    destination: Organization | None
    people: int
    events: list[Event]

    @property
    def names(self) -> tuple[str, str]:
        return (
            name_of(self.origin) if self.origin else _("not on record"),
            name_of(self.destination) if self.destination else _("not on record"),
        )

    @property
    def in_words(self) -> str:
        return ngettext(
            "%(n)s person from %(origin)s to %(destination)s",
            "%(n)s people from %(origin)s to %(destination)s",
            self.people,
        ) % {"n": self.people, "origin": self.names[0], "destination": self.names[1]}


@dataclass(frozen=True, slots=True)
class WaveRows:
    """Pairs by number of people, and events that count as no move: rumours, denied ones …"""

    pairs: list[Pair]
    others: list[Event]
    people: int


def rows_of(wave: Wave) -> WaveRows:
    """Two queries for events and moves, two for the packages of the events."""
    events = list(wave.public_events().with_ends().with_packages().oldest_first())
    keys = [event.pk for event in events]
    moves = (
        Move.objects.filter(
            Q(hire__in=keys) | Q(departure__in=keys), internal=False, rumoured=False
        )
        .select_related("from_company", "to_company")
        .order_by("recency", "pk")
    )
    by_ends: defaultdict[Ends, list[Move]] = defaultdict(list)
    for move in moves:
        by_ends[move.from_company_id, move.to_company_id].append(move)
    there = dict(zip(keys, events, strict=True))
    told: set[int] = set()
    pairs = []
    ordered = sorted(
        by_ends.values(), key=lambda group: (-people_in(group), group[0].pk)
    )
    for number, group in enumerate(ordered, start=1):
        of_group = {
            key: there[key]
            for move in group
            for key in (move.departure_id, move.hire_id)
            if key in there
        }
        told |= of_group.keys()
        pairs.append(
            Pair(
                f"pair-{number}",
                group[0].from_company,
                group[0].to_company,
                people_in(group),
                list(of_group.values()),
            )
        )
    others = [event for event in events if event.pk not in told]
    people = len({move.person_id for group in ordered for move in group})
    return WaveRows(pairs, others, people)


def people_in(moves: list[Move]) -> int:
    return len({move.person_id for move in moves})


# -- The picture ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    y1: int
    y2: int
    middle: int
    thickness: float
    count: int
    title: str
    url: str


@chart("wave")
def wave_for(query: Query) -> Chart:
    slug = query.get("wave", "")[:160].replace("\0", "")
    wave = Wave.objects.published().filter(slug=slug).first()
    if wave is None:
        raise WrongQuery(_("There is no published wave at this address."))
    return wave_chart(wave, rows_of(wave))


def wave_chart(wave: Wave, rows: WaveRows) -> Chart:
    drawn = rows.pairs[: MOST * 2]
    origins, destinations = side(drawn, 0), side(drawn, 1)
    height = max(len(origins), len(destinations)) * ROW
    origins, destinations = centred(origins, height), centred(destinations, height)
    most = max((pair.people for pair in drawn), default=1)
    lines = [
        line_of(pair, origins, destinations, most)
        for pair in drawn
        if pair.names[0] in origins and pair.names[1] in destinations
    ]
    return Chart(
        name="wave",
        sentence=sentence_of(rows),
        template="charts/wave.svg",
        context={
            "origins": labels(origins),
            "destinations": labels(destinations),
            "lines": lines,
            "left": f"{LEFT}%",
            "right": f"{RIGHT}%",
        },
        height=height + 8,
        columns=[_("From"), _("To"), _("People")],
        rows=[
            [*pair.names, Linked(pair.people, f"#{pair.anchor}")] for pair in rows.pairs
        ],
        definition=_(
            "People of this wave, each once, by the company left and the company joined. Moves "
            "that are only rumoured or denied are listed and not counted."
        ),
        query=f"wave={wave.slug}",
        is_empty=not lines,
    )


def side(pairs: list[Pair], end: int) -> dict[str, int]:
    """Names of one side, those of most people first, each with its place from the top."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        counts[pair.names[end]] += pair.people
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    return {name: number * ROW + ROW // 2 for number, name in enumerate(ordered[:MOST])}


def centred(names: dict[str, int], height: int) -> dict[str, int]:
    """The shorter side stands in the middle of the picture."""
    lower = (height - len(names) * ROW) // 2
    return {name: y + lower for name, y in names.items()}


def labels(names: dict[str, int]) -> list[tuple[str, int]]:
    return [(Truncator(name).chars(LONGEST), y + 4) for name, y in names.items()]


def line_of(
    pair: Pair, origins: dict[str, int], destinations: dict[str, int], most: int
) -> Line:
    y1, y2 = origins[pair.names[0]], destinations[pair.names[1]]
    return Line(
        y1,
        y2,
        (y1 + y2) // 2 + 4,
        thickness=max(round(pair.people / most * THICKEST, 1), 2),
        count=pair.people,
        title=pair.in_words,
        url=f"#{pair.anchor}",
    )


def sentence_of(rows: WaveRows) -> str:
    if not rows.pairs:
        return _("No move of this wave counts.")
    told = ngettext("%(n)s person moved", "%(n)s people moved", rows.people)
    first = rows.pairs[0]
    return _("%(people)s; the largest group: %(group)s.") % {
        "people": told % {"n": rows.people},
        "group": first.in_words,
    }
