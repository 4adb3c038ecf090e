"""Putting a synthetic set together: careers first, then the press in the order of dates."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from random import Random

from talent.registry.starter.format import (
    CITATIONS,
    DEAL_READINGS,
    DEALS,
    EVENTS,
    FILES,
    ORGANIZATIONS,
    PACKAGES,
    PEOPLE,
    READINGS,
    SOURCES,
)
from talent.registry.synthesis.careers import career
from talent.registry.synthesis.chance import one_of
from talent.registry.synthesis.coverage import Press
from talent.registry.synthesis.hostile import spoiler
from talent.registry.synthesis.money import Brokers, Purse
from talent.registry.synthesis.names import SCHOOLS, Name, person_name, slug_of
from talent.registry.synthesis.organizations import by_size, how_many, organizations
from talent.registry.synthesis.sheets import ByDate, Sheet

WORKS = (
    "attention sinks",
    "sparse experts",
    "long context",
    "reward models",
    "Kestrel-2",
)
DEGREES = ("PhD, Computer Science", "BSc, Mathematics", "MSc, Statistics")


def synthesize(
    directory: Path, *, events: int, seed: int = 1, hostile: bool = False
) -> dict[str, int]:
    """Write the nine files and say how many rows each got.

    Memory does not grow with the number of events, apart from the busiest month.
    """
    directory.mkdir(parents=True, exist_ok=True)
    chance = Random(seed)
    with ExitStack() as stack:
        sheets = {
            file.name: Sheet(
                stack, directory, file, spoiler(chance, file) if hostile else None
            )
            for file in FILES
        }
        by_date = ByDate(stack)
        write_people(chance, sheets, by_date, events)
        write_events(chance, sheets, by_date)
        return {name: sheet.rows for name, sheet in sheets.items()}


def write_people(
    chance: Random, sheets: dict[str, Sheet], by_date: ByDate, events: int
) -> None:
    """Organizations and people, and the events of each person into `by_date`."""
    employers = organizations(chance, how_many(events))
    for organization in employers:
        sheets[ORGANIZATIONS.name].write(
            [
                organization.slug, organization.name, organization.name_zh,
                organization.aliases, organization.seat, organization.parent,
                organization.country, organization.founded,
            ]
        )  # fmt: skip
    sizes = by_size(employers)
    written = number = 0
    while written < events:
        number += 1
        name = person_name(chance)
        person = f"{slug_of(name.latin)}-{number}"
        for row in career(chance, person, name, sizes, events - written):
            by_date.add(row[7], row)
            written += 1
        sheets[PEOPLE.name].write(
            [person, name.latin, name.han, name.others, *background(chance, name)]
        )


def background(chance: Random, name: Name) -> tuple[str, str]:
    works = one_of(chance, WORKS) if chance.random() < 0.4 else ""
    if works and chance.random() < 0.3:
        works += f"|{name.latin.split()[-1]} benchmark"
    school = ""
    if chance.random() < 0.3:
        school = f"{one_of(chance, DEGREES)}, {one_of(chance, SCHOOLS)} University"
    return works, school


def write_events(chance: Random, sheets: dict[str, Sheet], by_date: ByDate) -> None:
    """Events in the order of their dates, each with its pages, and some with money."""
    press, purse, brokers = Press(chance), Purse(chance), Brokers(chance)
    events, citations = sheets[EVENTS.name], sheets[CITATIONS.name]
    for event in by_date.rows():
        pages, cited = press.cite(event)
        sources = [citation[1] for citation in cited]
        packages, readings = purse.pay(event, sources)
        brokers.watch(event, sources)
        for page in pages:
            sheets[SOURCES.name].write(page)
        for citation in cited:
            citations.write(citation)
        for package in packages:
            sheets[PACKAGES.name].write(package)
        for reading in readings:
            sheets[READINGS.name].write(reading)
        events.write(event)
    for deal, reading in brokers.open.values():
        sheets[DEALS.name].write(deal)
        sheets[DEAL_READINGS.name].write(reading)
