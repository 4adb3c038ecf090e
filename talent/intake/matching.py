"""Whom and what a proposal may mean in the record, with what speaks for it.

Nothing is taken for somebody on a name alone: a person is likely only where something besides
the name fits. Asked for a page of proposals at once: a handful of queries, whatever their number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.utils.translation import gettext as _

from talent.intake.models import Proposal
from talent.intake.reader.text import fold
from talent.registry.doubts import (
    differ_in_chinese,
    names_of,
    organization_names,
    plain_name,
    twice,
)
from talent.registry.forms.references import new_person
from talent.registry.models import Event, Organization, Person
from talent.registry.models.events import Standing, Status
from talent.registry.models.names import HAN

MOST_CANDIDATES, MOST_EVENTS = 5, 4_000


@dataclass
class Candidate:
    """Somebody of this name; `for_it` is what besides the name fits."""

    person: Person
    career: list[Event]
    for_it: list[str]

    @property
    def lately(self) -> Event | None:
        return self.career[-1] if self.career else None


@dataclass
class Match:
    people: list[Candidate] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    counterparts: list[Organization] = field(default_factory=list)
    # What the record already says of the likely person, in any status: newest first.
    events: list[Event] = field(default_factory=list)
    # Those of them that may be this very event.
    twins: list[Event] = field(default_factory=list)

    @property
    def person(self) -> Person | None:
        """The likely one: the only one with evidence."""
        sure = [candidate for candidate in self.people if candidate.for_it]
        return sure[0].person if len(sure) == 1 else None

    @property
    def organization(self) -> Organization | None:
        return only(self.organizations)

    @property
    def counterpart(self) -> Organization | None:
        return only(self.counterparts)


def only(rows: list[Organization]) -> Organization | None:
    return rows[0] if len(rows) == 1 else None


def matches_of(proposals: Iterable[Proposal]) -> dict[int, Match]:
    """By proposal. Three queries."""
    proposals = list(proposals)
    people = rows_called(Person, proposals, ["person"])
    organizations = rows_called(
        Organization, proposals, ["organization", "counterpart"]
    )
    careers = careers_of(people)
    return {
        proposal.pk: match(proposal, people, organizations, careers)
        for proposal in proposals
    }


def match(
    proposal: Proposal,
    people: list[Any],
    organizations: list[Any],
    careers: dict[int, list[Event]],
) -> Match:
    found = Match(
        organizations=[
            row for row in organizations if is_meant(row, proposal, "organization")
        ],
        counterparts=[
            row for row in organizations if is_meant(row, proposal, "counterpart")
        ],
    )
    text = fold(f"{proposal.article.title} {proposal.article.text}")
    for person in people:
        if is_person_meant(person, proposal):
            career = careers[person.pk]
            for_it = [*speaks_for(person, career, found, text)]
            found.people.append(Candidate(person, career, for_it))
    found.people.sort(
        key=lambda candidate: (-len(candidate.for_it), candidate.person.pk)
    )
    del found.people[MOST_CANDIDATES:]
    if found.person is not None:
        career = careers[found.person.pk]
        found.events = career[::-1]
        found.twins = twins_of(proposal, found.organization, career)
    return found


# -- Names -----------------------------------------------------------------------------


def rows_called(
    model: type[Any], proposals: list[Proposal], fields: list[str]
) -> list[Any]:
    """Every row with a name that some proposal prints, or that the reader knew it by."""
    names = {getattr(p, field) for p in proposals for field in fields} - {""}
    slugs = {slug for p in proposals for field in fields for slug in p.slugs(field)}
    rows = model.objects.unmerged()
    if not names:
        return []
    named = reduce(or_, (rows.named(name) for name in sorted(names)))
    return list((named | rows.filter(slug__in=slugs)).order_by("pk"))


def is_known(row: Person | Organization, proposal: Proposal, field: str) -> bool:
    return row.slug in proposal.slugs(field)


def is_meant(row: Organization, proposal: Proposal, field: str) -> bool:
    name = getattr(proposal, field)
    if not name:
        return False
    return is_known(row, proposal, field) or plain_name(name) in {
        plain_name(each) for each in organization_names(row)
    }


def is_person_meant(row: Person, proposal: Proposal) -> bool:
    if not proposal.person:
        return False
    if is_known(row, proposal, "person"):
        return True
    typed = new_person(proposal.person)
    shared = names_of(typed).keys() & names_of(row).keys()
    return bool(shared) and not differ_in_chinese(typed, row)


# -- Evidence --------------------------------------------------------------------------


def careers_of(people: list[Any]) -> dict[int, list[Event]]:
    """What is held to be true of them, drafts included, oldest first."""
    careers: dict[int, list[Event]] = defaultdict(list)
    events = (
        Event.objects.of_people(person.pk for person in people)
        .exclude(status=Status.WITHDRAWN)
        .exclude(standing=Standing.DENIED)
    )
    for event in events.with_ends().oldest_first()[:MOST_EVENTS]:
        careers[event.person_id].append(event)
    return careers


def speaks_for(
    person: Person, career: list[Event], found: Match, text: str
) -> Iterator[str]:
    """What fits besides the name: an employer, another name of theirs, a work of theirs."""
    ends = {row.company_id for row in found.organizations + found.counterparts}
    told: set[int | None] = set()
    for event in reversed(career):
        if event.company_id in told:
            continue
        told.add(event.company_id)
        joined, left = _("Joined %(place)s: %(date)s."), _("Left %(place)s: %(date)s.")
        sentence = joined if event.is_hire else left
        if event.company_id in ends or mentions(text, event.organization):
            yield sentence % {"place": event.organization, "date": event.date}
    for other in {person.name_zh, *person.other_names} - {""}:
        if fold(other) in text and fold(person.name) in text:
            yield _("The article also prints %(name)s.") % {"name": other}
    for work in person.known_for:
        if len(work) > 3 and fold(work) in text:
            yield _("Known for %(work)s, which the article names.") % {"work": work}


def mentions(text: str, organization: Organization) -> bool:
    company = organization.company or organization
    names = [*organization_names(organization), *organization_names(company)]
    return any(named_in(text, fold(name)) for name in names if len(name) > 2)


def named_in(text: str, name: str) -> bool:
    """As a word of its own; Chinese has no spaces."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if HAN.search(name) or not (
            (before.isalnum() and before.isascii())
            or (after.isalnum() and after.isascii())
        ):
            return True
        at = text.find(name, at + 1)
    return False


def twins_of(
    proposal: Proposal, organization: Organization | None, career: list[Event]
) -> list[Event]:
    """Events of the career that may be the proposed one."""
    date = proposal.partial_date
    if organization is None:
        return []
    if date is None:
        return [
            event
            for event in career
            if event.kind == proposal.kind
            and event.company_id == organization.company_id
        ]
    event = Event(
        kind=proposal.kind,
        company_id=organization.company_id,
        happened_on=date.first,
        precision=date.precision,
    )
    found: list[Event] = [doubt.about for doubt in twice(event, career)]  # type: ignore[misc]  # events
    last = last_at(organization, career, event)
    if last is not None and last.kind == event.kind and last not in found:
        found.append(last)
    return found


def last_at(
    organization: Organization, career: list[Event], event: Event
) -> Event | None:
    """What the record says last of the person there, up to the proposed date: nobody leaves
    twice who did not come back, whatever day a look back at it is dated.
    """
    earlier = [
        each
        for each in career
        if each.company_id == organization.company_id
        and each.date.first <= event.date.last
    ]
    return earlier[-1] if earlier else None
