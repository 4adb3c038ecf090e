"""Invented careers: stints that follow one another, and what the press saw of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from talent.registry.synthesis.chance import Lots, one_of
from talent.registry.synthesis.names import Name
from talent.registry.synthesis.organizations import Organization

FIRST_DAY, LAST_DAY = date(2010, 1, 1).toordinal(), date(2026, 6, 30).toordinal()

# How many events a person has: 3.2 on average.
EVENTS = Lots(
    enumerate((22, 26, 18, 12, 8, 5, 3, 2.5, 1.5, 1, 0.5, 0.5), start=1),
)
# The year of the newest event of a career.
YEARS = Lots(
    [
        (2012, 0.5), (2014, 0.5), (2016, 1), (2018, 1), (2020, 2), (2021, 3), (2022, 3),
        (2023, 6), (2024, 13), (2025, 42), (2026, 28),
    ]
)  # fmt: skip
PRECISIONS = Lots([("month", 39.5), ("year", 32), ("day", 27.5), ("quarter", 1)])
BASES = Lots([("reported", 41), ("effective", 33), ("announced", 26)])
STANDINGS = Lots(
    [("reported", 66.5), ("confirmed", 32.9), ("rumoured", 0.46), ("denied", 0.14)]
)
TITLES = (
    "Research Scientist", "Member of Technical Staff", "Chief Scientist", "VP of Research",
    "Head of Post-training", "Chief Executive Officer", "Chief Technology Officer",
    "Director of Pre-training", "Distinguished Engineer", "Professor of Computer Science",
    "Product Lead", "Research Engineer",
)  # fmt: skip
TEAMS = (
    "Post-training",
    "Reasoning",
    "Multimodal",
    "Infrastructure",
    "Agents",
    "Chips",
)
REASONS = Lots(
    [
        ("founding a company", 69), ("acquihire or licensing deal", 51), ("mission", 12),
        ("return to academia", 11), ("personal", 10), ("reorganisation", 9), ("other", 8),
        ("research freedom", 7), ("strategy disagreement", 6), ("safety concerns", 6),
        ("dismissal", 4), ("compensation", 4), ("retirement", 3), ("compute access", 2),
    ]
)  # fmt: skip
DISAGREEMENTS = (
    "Sources give different months.",
    "One report names another team.",
    "The title differs between the announcement and the press.",
)


@dataclass(frozen=True, slots=True)
class Stint:
    organization: Organization
    start: int
    end: int
    title: str
    founder: bool
    never_started: bool
    back: bool


def career(
    chance: Random, person: str, name: Name, sizes: Lots[Organization], most: int
) -> Iterator[list[str]]:
    """The events of one person as rows of events.csv, oldest first; `most` at most."""
    wanted = min(EVENTS.draw(chance), most)
    stints = stints_of(chance, sizes, wanted)
    # The newest event is what the record learnt of last: the career hangs from its date.
    year = YEARS.draw(chance)
    newest = min(date(year, 1, 1).toordinal() + int(chance.random() * 365), LAST_DAY)
    shift = newest - stints[-1].start
    rows = []
    seen: set[str] = set()
    for number, stint in enumerate(stints):
        before = stints[number - 1].organization if number else None
        after = stints[number + 1].organization if number + 1 < len(stints) else None
        for kind, day, other in (
            ("hire", stint.start + shift, before),
            ("departure", stint.end + shift, after),
        ):
            if not FIRST_DAY <= day <= LAST_DAY or unseen(chance, kind, number, stint):
                continue
            background = number + 2 < len(stints) and chance.random() < 0.3
            row = event(chance, person, name, stint, kind, day, other, background)
            row[0] = distinct(row[0], seen)
            rows.append(row)
    # Whatever the dates and the press left of it, a career has an event.
    if not rows:
        row = event(
            chance, person, name, stints[-1], "hire", newest, None, background=False
        )
        rows.append(row)
    yield from rows[-wanted:]


def stints_of(chance: Random, sizes: Lots[Organization], events: int) -> list[Stint]:
    """As many stints as give about this many events, from day 0 on."""
    stints: list[Stint] = []
    day = 0
    for number in range(max(1, round(events / 1.2))):
        back = len(stints) > 1 and chance.random() < 0.08
        organization = elsewhere(chance, sizes, stints)
        if back:
            organization = one_of(chance, stints[:-1]).organization
        never_started = number > 0 and chance.random() < 0.006
        # Half of all stays are shorter than a year and a half; some last a decade.
        length = int(chance.lognormvariate(6.2, 0.8)) + 20
        stints.append(
            Stint(
                organization,
                day,
                day + (30 if never_started else length),
                one_of(chance, TITLES) if chance.random() < 0.6 else "",
                founder=not back
                and organization.seat.endswith("startup")
                and chance.random() < 0.25,
                never_started=never_started,
                back=back and stints[-1].organization.company != organization.company,
            )
        )
        day = stints[-1].end + int(chance.random() * 70)
    return stints


def elsewhere(
    chance: Random, sizes: Lots[Organization], stints: list[Stint]
) -> Organization:
    """Another company; now and then another unit of the same one."""
    here = stints[-1].organization if stints else None
    organization = sizes.draw(chance)
    while here and (
        organization.slug == here.slug
        or (organization.company == here.company and chance.random() < 0.95)
    ):
        organization = sizes.draw(chance)
    return organization


def unseen(chance: Random, kind: str, number: int, stint: Stint) -> bool:
    """Halves of moves are often not reported, departures more often than hires."""
    if kind == "hire":
        return chance.random() < 0.12
    return chance.random() < (0.6 if stint.never_started else 0.28)


def event(
    chance: Random,
    person: str,
    name: Name,
    stint: Stint,
    kind: str,
    day: int,
    other: Organization | None,
    background: bool,
) -> list[str]:
    hired = kind == "hire"
    organization = stint.organization
    if other and (
        other.slug == organization.slug or chance.random() > (0.8 if hired else 0.6)
    ):
        other = None
    precision = PRECISIONS.draw(chance)
    reasons = ""
    if not hired and chance.random() < 0.45:
        reasons = REASONS.draw(chance)
        if chance.random() < 0.1:
            reasons = "|".join(dict.fromkeys((reasons, REASONS.draw(chance))))
    return [
        f"{person}-{kind}-{organization.slug}-{date.fromordinal(day).year}"[:140],
        kind,
        person,
        organization.slug,
        one_of(chance, TEAMS) if chance.random() < 0.11 else "",
        other.slug if other else "",
        stint.title,
        written(day, precision),
        precision,
        BASES.draw(chance),
        "reported" if background else STANDINGS.draw(chance),
        "1" if hired and stint.founder else "0",
        "1" if hired and stint.never_started else "0",
        "1" if hired and stint.back and chance.random() < 0.8 else "0",
        reasons,
        sentence(name, stint, hired, other),
        one_of(chance, DISAGREEMENTS) if chance.random() < 0.2 else "",
        "1" if background else "0",
    ]


def written(day: int, precision: str) -> str:
    text = date.fromordinal(day).isoformat()
    match precision:
        case "day":
            return text
        case "month":
            return text[:7]
        case "quarter":
            return f"{text[:4]}-Q{(int(text[5:7]) + 2) // 3}"
    return text[:4]


def sentence(name: Name, stint: Stint, hired: bool, other: Organization | None) -> str:
    organization = stint.organization.name
    if not hired:
        return f"{name.latin} left {organization}" + (
            f" for {other.name}." if other else "."
        )
    verb = "founded" if stint.founder else "joined"
    said = f"{name.latin} {verb} {organization}"
    if other:
        said += f" from {other.name}"
    return f"{said} as {stint.title}." if stint.title else f"{said}."


def distinct(slug: str, seen: set[str]) -> str:
    """Somebody may join one organization twice in a year."""
    found, number = slug, 2
    while found in seen:
        found = f"{slug}-{number}"
        number += 1
    seen.add(found)
    return found
