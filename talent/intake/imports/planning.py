"""What each row of an import would become, worked out anew whenever somebody looks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from talent.intake.imports.columns import REQUIRED, Column
from talent.intake.imports.matching import (
    Match,
    organizations_meant,
    people_meant,
)
from talent.intake.imports.values import Values, values_of
from talent.intake.models import Import
from talent.registry.doubts import SAME_EVENT, near
from talent.registry.models import Event
from talent.registry.models.events import Standing, Status

MAKE, CHOOSE, SKIP, REFUSE = "make", "choose", "skip", "refuse"
EVENTS_AT_ONCE = 2_000


@dataclass
class Planned:
    """One row: what it says, whom it means, and what will be done with it."""

    number: int
    cells: dict[str, str]
    values: Values
    person: Match | None = None
    organization: Match | None = None
    counterpart: Match | None = None
    # The event of the record, or the earlier row, that this row repeats.
    twin: Event | None = None
    twin_row: int = 0
    too_long: bool = False
    verdict: str = MAKE
    why: list[str] = field(default_factory=list)

    @property
    def refusals(self) -> list[tuple[Column, str, str]]:
        """Column, what the cell says unless the reason says it, why it cannot be."""
        told = [
            (column, self.cells.get(column.name, ""), why)
            for column, why in self.values.wrong
        ]
        return [
            (column, "" if text in why else text, why) for column, text, why in told
        ]

    @property
    def matches(self) -> list[tuple[str, Match]]:
        named = (
            (_("Person"), self.person),
            (_("Organization"), self.organization),
            (_("From / to"), self.counterpart),
        )
        return [(label, match) for label, match in named if match is not None]

    @property
    def choice_key(self) -> str:
        return f"row-{self.number}"

    @property
    def date(self) -> Any:
        return self.values.get("date")


@dataclass
class Plan:
    rows: list[Planned]

    @property
    def counts(self) -> Counter[str]:
        return Counter(row.verdict for row in self.rows)

    @property
    def made(self) -> list[Planned]:
        return [row for row in self.rows if row.verdict == MAKE]

    @property
    def new_people(self) -> int:
        return len(new_ones([row.person for row in self.made]))

    @property
    def new_organizations(self) -> int:
        return len(
            new_ones(
                [
                    end
                    for row in self.made
                    for end in (row.organization, row.counterpart)
                ]
            )
        )

    @property
    def digest(self) -> str:
        """Differs once anything would be done otherwise."""
        digest = blake2b(digest_size=16)
        for row in self.rows:
            ends = [
                match.choice if match else ""
                for match in (row.person, row.organization, row.counterpart)
            ]
            digest.update(f"{row.number} {row.verdict} {ends}\n".encode())
        return digest.hexdigest()


def new_ones(matches: Iterable[Match | None]) -> set[str]:
    return {match.key for match in matches if match is not None and match.is_new}


def missing_columns(upload: Import) -> list[Column]:
    """Without these no row can be read."""
    return [column for column in REQUIRED if column.name not in upload.columns]


def plan_of(upload: Import) -> Plan:
    """A constant number of queries, but for one for each hundred names and 2,000 people."""
    rows = [Planned(number, cells := cells_of(upload, texts), values_of(cells))
            for number, texts in upload.rows]  # fmt: skip
    for row, (_number, texts) in zip(rows, upload.rows, strict=True):
        # Then nobody knows which cell belongs to which header.
        row.too_long = len(texts) > len(upload.columns)
    find_people(rows, upload.choices)
    find_organizations(rows, upload.choices)
    find_twins(rows)
    for row in rows:
        judge(row, upload.choices)
    return Plan(rows)


def cells_of(upload: Import, texts: list[str]) -> dict[str, str]:
    return {
        name: text for name, text in zip(upload.columns, texts, strict=False) if name
    }


def find_people(rows: list[Planned], choices: dict[str, str]) -> None:
    def typed(row: Planned) -> tuple[str, str]:
        return row.values.get("person") or "", row.values.get("person_zh") or ""

    meant = people_meant({typed(row) for row in rows if typed(row)[0]}, choices)
    for row in rows:
        row.person = meant.get(typed(row))


def find_organizations(rows: list[Planned], choices: dict[str, str]) -> None:
    ends = ("organization", "counterpart")
    typed = {row.values.get(end) for row in rows for end in ends} - {None}
    meant = organizations_meant(typed, choices)
    for row in rows:
        row.organization = meant.get(row.values.get("organization"))
        row.counterpart = meant.get(row.values.get("counterpart"))


# -- Repetitions -----------------------------------------------------------------------


def find_twins(rows: list[Planned]) -> None:
    """The same person, company and kind at nearly the same time: in the record, in any
    status, or in a row above.
    """
    careers = careers_of(rows)
    above: defaultdict[tuple[Any, ...], list[Planned]] = defaultdict(list)
    for row in rows:
        if row.values.wrong or row.person is None or row.organization is None:
            continue
        kind, date = row.values.get("kind"), row.date
        if row.person.chosen is not None and row.organization.chosen is not None:
            row.twin = next(
                (
                    event
                    for event in careers.get(row.person.chosen.pk, [])
                    if event.kind == kind
                    and event.company_id == row.organization.chosen.company_id
                    and near(event.date, date, SAME_EVENT)
                ),
                None,
            )
        same = above[who(row.person), company(row.organization), kind]
        row.twin_row = next(
            (other.number for other in same if near(other.date, date, SAME_EVENT)), 0
        )
        same.append(row)


def who(match: Match) -> object:
    return match.key if match.chosen is None else match.chosen.pk


def company(match: Match) -> object:
    return match.key if match.chosen is None else match.chosen.company_id


def careers_of(rows: list[Planned]) -> dict[int, list[Event]]:
    people = sorted(
        {row.person.chosen.pk for row in rows if row.person and row.person.chosen}
    )
    careers: defaultdict[int, list[Event]] = defaultdict(list)
    for start in range(0, len(people), EVENTS_AT_ONCE):
        events = Event.objects.of_people(people[start : start + EVENTS_AT_ONCE])
        for event in events.with_ends().oldest_first():
            careers[event.person_id].append(event)
    return careers


# -- Judging ---------------------------------------------------------------------------


def judge(row: Planned, choices: dict[str, str]) -> None:
    said = choices.get(row.choice_key)
    if row.too_long:
        row.verdict, row.why = REFUSE, [_("The row has more cells than the header.")]
    elif row.values.wrong:
        row.verdict = REFUSE
    elif said == SKIP:
        row.verdict, row.why = SKIP, [_("You chose to skip it.")]
    elif any(match.undecided for _label, match in row.matches):
        row.verdict = CHOOSE
        row.why = [
            _("“%(name)s” may be %(count)s: choose.")
            % {"name": match.typed, "count": len(match.candidates)}
            for _label, match in row.matches
            if match.undecided
        ]
    elif same_ends(row):
        row.verdict = REFUSE
        row.why = [_("Both ends of the move are the same organization.")]
    elif row.twin is not None or row.twin_row:
        row.verdict = MAKE if said == MAKE else SKIP
        row.why = [repetition(row)]


def same_ends(row: Planned) -> bool:
    one, other = row.organization, row.counterpart
    return (
        one is not None
        and other is not None
        and (one.chosen or one.key) == (other.chosen or other.key)
    )


def repetition(row: Planned) -> str:
    if row.twin is None:
        return _("It says the same as row %(number)s.") % {"number": row.twin_row}
    if row.twin.status == Status.WITHDRAWN:
        return _("The record had it, and somebody withdrew it: “%(event)s”.") % {
            "event": row.twin
        }
    return _("The record has it: “%(event)s”, %(status)s.") % {
        "event": row.twin,
        "status": row.twin.get_status_display(),
    }


def event_of(row: Planned, person: Any, organization: Any, counterpart: Any) -> Event:
    """Unsaved."""
    said = row.values.get
    return Event(
        kind=said("kind"),
        person=person,
        organization=organization,
        counterpart=counterpart,
        team=said("team") or "",
        title=said("title") or "",
        happened_on=row.date.first,
        precision=row.date.precision,
        date_basis=said("date_basis") or Event.DateBasis.REPORTED,
        standing=said("standing") or Standing.REPORTED,
        founder=bool(said("founder")),
        never_started=bool(said("never_started")),
        stated_return=bool(said("stated_return")),
        background=bool(said("background")),
        summary=said("summary") or "",
        summary_zh=said("summary_zh") or "",
    )
