"""The verbs of curation that draft, for thousands of rows at once: the same rows, few queries.

Call them inside one transaction that queues behind other writers: an address found free then
stays free until the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from talent.registry.curation import address_of
from talent.registry.models import (
    Citation,
    Event,
    Organization,
    Package,
    Person,
    Reading,
    Source,
    Tombstone,
)
from talent.registry.models.events import Status
from talent.registry.recording import Editor, queue_behind_writers, recorded_as
from talent.registry.source_lines import SourceLine
from talent.registry.tombstones import digest_of

AT_ONCE = 500


@transaction.atomic
def create_all_named(
    rows: Sequence[Person] | Sequence[Organization], *, by: Editor
) -> None:
    """Insert new people or organizations; each gets an address from its name."""
    if not rows:
        return
    queue_behind_writers()
    model: Any = type(rows[0])
    give_addresses([*rows], lambda row: slugify(row.name) or str(row._meta.model_name))
    with recorded_as(by):
        model._default_manager.bulk_create(rows, AT_ONCE)


@transaction.atomic
def create_drafts(
    drafts: Sequence[tuple[Event, Sequence[SourceLine]]], *, by: Editor
) -> dict[str, Source]:
    """Insert new events as drafts, with citations of their sources; returns those new to the
    record, by address.

    Without an address an event gets one: person, kind, company and year.
    """
    queue_behind_writers()
    events = [event for event, _lines in drafts]
    for event in events:
        event.status, event.published_at = Status.DRAFT, None
    give_addresses(events, address_of)
    with recorded_as(by):
        Event.objects.bulk_create(events, AT_ONCE)
        urls = dict.fromkeys(line.url for _event, lines in drafts for line in lines)
        known = sources_at(urls)
        new = [Source(url=url) for url in urls if url not in known]
        Source.objects.bulk_create(new, AT_ONCE)
        made = {source.url: source for source in new}
        known |= made
        Citation.objects.bulk_create(
            (
                Citation(event=event, source=known[line.url], states=line.states)
                for event, lines in drafts
                for line in lines
            ),
            AT_ONCE,
        )
    return made


@transaction.atomic
def create_packages(
    readings: Sequence[tuple[Event, str, Reading]], *, by: Editor
) -> None:
    """A package for each of these new drafts, with what became of it and its one figure."""
    queue_behind_writers()
    packages = [
        Package(
            key=f"{event.slug[:140]}-pay-{event.pk}",
            person_id=event.person_id,
            organization_id=event.organization_id,
            event=event,
            outcome=outcome,
        )
        for event, outcome, _reading in readings
    ]
    with recorded_as(by):
        Package.objects.bulk_create(packages, AT_ONCE)
        for package, (_event, _outcome, reading) in zip(
            packages, readings, strict=True
        ):
            reading.package = package
        Reading.objects.bulk_create([row for _e, _o, row in readings], AT_ONCE)


def sources_at(urls: Iterable[str]) -> dict[str, Source]:
    return {source.url: source for source in Source.objects.filter(url__in=[*urls])}


def give_addresses(rows: Sequence[Any], wanted: Callable[[Any], str]) -> None:
    """To each the first free one: wanted, wanted-2, wanted-3 … Two queries for each round of
    rows that found theirs taken.
    """
    if not rows:
        return
    model = type(rows[0])
    longest = (model._meta.get_field("slug").max_length or 0) - 5
    bases = [(row.slug or wanted(row))[:longest].strip("-") for row in rows]
    given: set[str] = set()
    numbers: dict[str, int] = {}
    waiting = list(range(len(rows)))
    while waiting:
        for place in waiting:
            rows[place].slug = next_free(bases[place], numbers, given)
        used = taken(model, [rows[place].slug for place in waiting])
        waiting = [place for place in waiting if rows[place].slug in used]


def next_free(base: str, numbers: dict[str, int], given: set[str]) -> str:
    while True:
        numbers[base] = number = numbers.get(base, 0) + 1
        address = base if number == 1 else f"{base}-{number}"
        if address not in given:
            given.add(address)
            return address


def taken(model: type[models.Model], addresses: list[str]) -> set[str]:
    """By a row, or by one that was removed for good."""
    rows = model._default_manager.filter(slug__in=addresses)
    digests = {digest_of(model, address): address for address in addresses}
    buried = Tombstone.objects.filter(digest__in=digests)
    return {
        *rows.values_list("slug", flat=True),
        *(digests[digest] for digest in buried.values_list("digest", flat=True)),
    }
