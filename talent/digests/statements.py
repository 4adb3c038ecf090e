"""What our mails have said about an event: its facts, apart from any language.

A later digest compares them with the record as it is then. Wording, names and merged records may
change without making what was said wrong; ends, kind, date, standing and money may not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from talent.common.language import spaced
from talent.common.partial_dates import PartialDate
from talent.digests.plain_text import harmless
from talent.registry.models import Event, Organization, Package, Person, Reading
from talent.registry.models.events import Standing, Status
from talent.registry.wording import sentence

Facts = dict[str, Any]

WITHDRAWN: Facts = {"status": Status.WITHDRAWN.value}
FLAGS = ("founder", "never_started", "stated_return")
FIGURE = ("form", "currency", "low", "high", "qualifier", "several_years", "standing")


def facts_of(event: Event) -> Facts:
    """Of an event loaded with its packages and readings. Not published is withdrawn."""
    if event.status != Status.PUBLISHED:
        return WITHDRAWN
    return {
        "status": Status.PUBLISHED.value,
        "kind": event.kind,
        "person": event.person_id,
        "organization": event.organization_id,
        "counterpart": event.counterpart_id,
        "date": event.date.isoformat(),
        "standing": event.standing,
        **{flag: getattr(event, flag) for flag in FLAGS},
        "money": [figure_of(package) for package in stated(event.packages.all())],
    }


def fingerprint(facts: Facts) -> str:
    written = json.dumps(facts, sort_keys=True)
    return blake2b(written.encode(), digest_size=16).hexdigest()


def stated(packages: Iterable[Package]) -> list[Package]:
    """Those with a figure that a digest shows."""
    return [
        package
        for package in packages
        if package.status == Status.PUBLISHED
        and (figure := package.headline)
        and figure.is_stated
    ]


def figure_of(package: Package) -> Facts:
    figure = package.headline
    assert figure is not None
    return {
        "outcome": package.outcome,
        "years": f"{figure.years.normalize():f}" if figure.years else None,
        **{name: getattr(figure, name) for name in FIGURE},
    }


def money_in_words(figure: Facts) -> str:
    """The figure as it was stated, with what makes it less than pay received."""
    columns = {name: figure[name] for name in FIGURE}
    years = Decimal(figure["years"]) if figure["years"] else None
    words = str(Reading(**columns, years=years))
    notes: list[str] = []
    if figure["standing"] in (Standing.RUMOURED, Standing.DENIED):
        notes.append(str(Standing(figure["standing"]).label))
    if figure["outcome"] in (Package.Outcome.DECLINED, Package.Outcome.OFFERED):
        notes.append(str(Package.Outcome(figure["outcome"]).label))
    if not notes:
        return words
    return _("%(words)s (%(notes)s)") % {"words": words, "notes": ", ".join(notes)}


class Names:
    """People and organizations that statements point to, each as what it was merged into."""

    def __init__(self, statements: Iterable[Facts]) -> None:
        """Two queries, and one more for each step of a chain of merges."""
        told = [facts for facts in statements if facts["status"] == Status.PUBLISHED]
        self.people = followed(Person, {facts["person"] for facts in told})
        ends = {facts[end] for facts in told for end in ("organization", "counterpart")}
        self.organizations = followed(Organization, ends - {None})

    def today(self, facts: Facts) -> Facts:
        """The same statement with merged records named by those that remain."""
        if facts["status"] != Status.PUBLISHED:
            return facts
        places = {
            end: self.organizations[facts[end]].pk
            if facts[end] in self.organizations
            else facts[end]
            for end in ("organization", "counterpart")
        }
        person = self.people.get(facts["person"])
        return {**facts, **places, "person": person.pk if person else facts["person"]}

    def in_words(self, facts: Facts) -> str:
        """ "Ada left Apple for Meta, July 2025, reported, more than US$200M"."""
        if facts["status"] != Status.PUBLISHED:
            return _("No longer in the record.")
        organization = self.organizations.get(facts["organization"])
        person = self.people.get(facts["person"])
        if organization is None or person is None:
            return _("A record that has been removed.")
        event = Event(
            kind=facts["kind"],
            person=person,
            organization=organization,
            counterpart=self.organizations.get(facts["counterpart"]),
            **{flag: facts[flag] for flag in FLAGS},
        )
        parts = [
            spaced(sentence(event)),
            str(PartialDate.parse(facts["date"])),
            str(Standing(facts["standing"]).label),
            *(money_in_words(figure) for figure in facts["money"]),
        ]
        return harmless(_(", ").join(parts))


def followed(model: type[Any], ids: set[int]) -> Mapping[int, Any]:
    """By the id asked for: the row, or the one it was merged into."""
    found: dict[int, Any] = dict(model.objects.in_bulk(ids)) if ids else {}
    while missing := {
        row.merged_into_id for row in found.values() if row.merged_into_id
    }:
        kept = model.objects.in_bulk(missing)
        found = {
            pk: kept.get(row.merged_into_id, row) if row.merged_into_id else row
            for pk, row in found.items()
        }
        if not any(row.merged_into_id in kept for row in found.values()):
            break
    return found
