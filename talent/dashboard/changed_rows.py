"""What was changed, since readers could see it, in rows that are no events: packages of no hire,
deals, sources, people, organizations and waves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from talent.common.partial_date_columns import read
from talent.dashboard.changes import (
    Change,
    Correction,
    changed_figures,
    changed_offer,
    figure,
    parts,
    together,
)
from talent.registry.corrected import seen_before
from talent.registry.countries import country_in_words
from talent.registry.models import (
    Deal,
    DealReading,
    Event,
    Organization,
    Package,
    Person,
    Source,
    Wave,
)
from talent.registry.models.events import Status
from talent.registry.wording import name_of, sentence

# What a reader is told of each sort of row. Sentences of ours are told to have changed, not
# printed twice; a day and its precision are one date.
TOLD: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "person": (Person, ("name", "name_zh", "other_names", "known_for", "education")),
    "organization": (
        Organization,
        ("name", "name_zh", "other_names", "seat", "parent", "country", "founded_on"),
    ),
    "source": (
        Source,
        (
            "title",
            "publisher",
            "published_on",
            "language",
            "url",
            "repeats",
            "archive_url",
        ),
    ),
    "package": (Package, ("person", "recipients", "organization", "outcome")),
    "deal": (Deal, ("buyer", "target", "form", "happened_on")),
    "wave": (
        Wave,
        ("title", "title_zh", "summary", "summary_zh", "first_day", "last_day"),
    ),
}
REWORDED = {"summary", "summary_zh"}
PRECISIONS = {
    "founded_on": "founded_precision",
    "published_on": "published_precision",
    "happened_on": "precision",
}
Touched = dict[str, dict[int, set[datetime]]]


@dataclass(frozen=True, slots=True)
class Told:
    """`url`: "" where the row has no page of its own."""

    what: str
    url: str
    corrections: list[Correction]


@dataclass(frozen=True, slots=True)
class Rows:
    """`gone`: by moment, how many were taken out of the record then."""

    told: list[Told]
    gone: list[datetime]


def changed_rows(touched: Touched) -> Rows:
    """Of rows touched at some moments. The number of queries does not grow with them."""
    found = [reader(touched.get(told, {})) for told, reader in READERS.items()]
    return Rows(
        [row for rows in found for row in rows.told],
        [at for rows in found for at in rows.gone],
    )


# -- Rows that have no status ------------------------------------------------------------


def people(touched: dict[int, set[datetime]]) -> Rows:
    rows = Person.objects.public().filter(pk__in=touched)
    return Rows([*seen("person", touched, {row.pk: row for row in rows})], [])


def organizations(touched: dict[int, set[datetime]]) -> Rows:
    rows = Organization.objects.public().filter(pk__in=touched)
    return Rows([*seen("organization", touched, {row.pk: row for row in rows})], [])


def sources(touched: dict[int, set[datetime]]) -> Rows:
    return Rows([*seen("source", touched, Source.objects.in_bulk(list(touched)))], [])


def seen(
    sort: str, touched: dict[int, set[datetime]], rows: dict[int, Any]
) -> Iterator[Told]:
    """Changes of rows that readers see as soon as something published names them."""
    asked = {pk: moments for pk, moments in touched.items() if pk in rows}
    public = seen_before(sort, asked)
    model, _columns = TOLD[sort]
    versions = parts(model.__name__, "pgh_obj_id", {pk for pk, _at in public})
    names = Names(sort, versions)
    for pk, history in versions.items():
        changes = {
            newer["pgh_created_at"]: together(names.changes(older, newer))
            for older, newer in pairwise(history)
            if (pk, newer["pgh_created_at"]) in public
        }
        told = [Correction(*change) for change in changes.items() if change[1]]
        if told:
            yield Told(*called(rows[pk]), told)


def called(row: Any) -> tuple[str, str]:
    """What it is, and its page."""
    match row:
        case Person() | Organization():
            return name_of(row), row.get_absolute_url()
        case Source():
            return _("Source: %(source)s") % {"source": row}, row.url
        case Wave():
            return _("Wave: %(title)s") % {"title": row.title}, row.get_absolute_url()
        case Deal():
            sides = {"buyer": name_of(row.buyer), "target": name_of(row.target)}
            text = _("The deal between %(buyer)s and %(target)s") % sides
            return text, row.target.get_absolute_url()
    whom = name_of(row.person) if row.person else row.recipients
    words = {"whom": whom, "organization": name_of(row.organization)}
    page = row.person or row.organization
    text = _("Pay for %(whom)s by %(organization)s") % words
    return text, page.get_absolute_url()


# -- Packages, deals, waves --------------------------------------------------------------


def packages(touched: dict[int, set[datetime]]) -> Rows:
    """Those that belong to no hire: others are told with it."""
    rows = Package.objects.apart_from_hires().with_readings().in_bulk(list(touched))
    versions = parts("Package", "pgh_obj_id", touched)
    figures = parts("Reading", "package_id", touched)
    names = Names("package", versions)
    told, gone = [], []
    for pk, history in versions.items():
        row = rows.get(pk)
        if row is None or row.status != Status.PUBLISHED:
            gone += withdrawals(history)
            continue
        changes = [*changed_offer(history), *changed_figures(figures[pk], history)]
        changes += names.since_published(history)
        told.append(Told(*called(row), dated(changes)))
    return Rows(told, gone)


def waves(touched: dict[int, set[datetime]]) -> Rows:
    rows = Wave.objects.published().in_bulk(list(touched))
    versions = parts("Wave", "pgh_obj_id", touched)
    names = Names("wave", versions)
    told, gone = [], []
    for pk, history in versions.items():
        if pk in rows:
            told.append(Told(*called(rows[pk]), dated(names.since_published(history))))
        else:
            gone += withdrawals(history)
    return Rows(told, gone)


def withdrawals(history: list[dict[str, Any]]) -> list[datetime]:
    steps = [
        newer["pgh_created_at"]
        for older, newer in pairwise(history)
        if older["status"] == Status.PUBLISHED
        and (newer["status"] != Status.PUBLISHED or newer["pgh_label"] == "delete")
    ]
    return steps


def deals(touched: dict[int, set[datetime]]) -> Rows:
    """A deal has no draft: readers see it from its first version on."""
    rows = Deal.objects.with_readings().in_bulk(list(touched))
    versions = parts("Deal", "pgh_obj_id", touched)
    figures = parts("DealReading", "deal_id", touched)
    moved = parts("DealEvent", "deal_id", touched)
    names = Names("deal", versions)
    public = Event.objects.published().with_ends()
    events = public.in_bulk({row["event_id"] for own in moved.values() for row in own})
    told, gone = [], []
    for pk, history in versions.items():
        if pk not in rows:
            gone += [v["pgh_created_at"] for v in history if v["pgh_label"] == "delete"]
            continue
        since = history[0]["pgh_created_at"]
        changes = [*names.all_changes(history)]
        changes += changed_deal_figures(figures[pk])
        changes += people_who_moved(moved[pk], events)
        changes = [(at, change) for at, change in changes if at > since]
        told.append(Told(*called(rows[pk]), dated(changes)))
    return Rows(told, gone)


def changed_deal_figures(
    rows: list[dict[str, Any]],
) -> Iterator[tuple[datetime, Change]]:
    before: dict[int, str] = {}
    for row in rows:
        pk, removed = row["id"], row["pgh_label"] == "delete"
        after = "" if removed else figure(row, DealReading)
        if before.get(pk, "") != after:
            what = _("amount removed") if removed else _("amount changed")
            if pk not in before:
                what = _("amount added")
            yield row["pgh_created_at"], Change(what, before.get(pk, ""), after)
        before[pk] = after


def people_who_moved(
    rows: list[dict[str, Any]], events: dict[int, Event]
) -> Iterator[tuple[datetime, Change]]:
    what = {
        "insert": _("somebody who moved with it added"),
        "delete": _("somebody who moved with it taken off"),
    }
    for row in rows:
        event = events.get(row["event_id"])
        if event is not None and row["pgh_label"] in what:
            yield (
                row["pgh_created_at"],
                Change(what[row["pgh_label"]], after=sentence(event)),
            )


def dated(changes: list[tuple[datetime, Change]]) -> list[Correction]:
    by_moment: defaultdict[datetime, list[Change]] = defaultdict(list)
    for at, change in changes:
        by_moment[at].append(change)
    return [Correction(at, together(lines)) for at, lines in by_moment.items()]


READERS = {
    "person": people,
    "organization": organizations,
    "source": sources,
    "package": packages,
    "deal": deals,
    "wave": waves,
}


# -- Columns -----------------------------------------------------------------------------


class Names:
    """Says in words what differs between versions of a sort of row."""

    def __init__(self, told: str, versions: dict[int, list[dict[str, Any]]]) -> None:
        self.model, self.columns = TOLD[told]
        self.rows: dict[str, dict[int, str]] = {}
        for column in self.columns:
            field: Any = self.model._meta.get_field(column)
            if field.is_relation:
                keys = exchanged(versions, field.attname)
                self.rows[column] = names_of(field, keys) if keys else {}

    def all_changes(
        self, history: list[dict[str, Any]]
    ) -> Iterator[tuple[datetime, Change]]:
        for older, newer in pairwise(history):
            for change in self.changes(older, newer):
                yield newer["pgh_created_at"], change

    def since_published(
        self, history: list[dict[str, Any]]
    ) -> list[tuple[datetime, Change]]:
        public = [v for v in history if v["status"] == Status.PUBLISHED]
        return [*self.all_changes(public)]

    def changes(self, older: dict[str, Any], newer: dict[str, Any]) -> Iterator[Change]:
        for column in self.columns:
            field: Any = self.model._meta.get_field(column)
            label = str(field.verbose_name)
            before, after = (self.shown(field, v) for v in (older, newer))
            if before == after:
                continue
            if column in REWORDED:
                yield Change(_("%(field)s reworded") % {"field": label})
            else:
                nothing = _("not stated")
                yield Change(label, before or nothing, after or nothing)

    def shown(self, field: Any, version: dict[str, Any]) -> str:
        value = version[field.attname]
        if field.name in PRECISIONS:
            date = read(value, version[PRECISIONS[field.name]])
            return str(date) if date else ""
        if value is None or value in ("", []):
            return ""
        if field.is_relation:
            return self.rows[field.name].get(value, _("another one"))
        if field.name == "country":
            return country_in_words(value)
        if isinstance(value, list):
            return "; ".join(map(str, value))
        return str(dict(field.flatchoices).get(value, value))


def exchanged(
    versions: dict[int, list[dict[str, Any]]], column: str
) -> Collection[int]:
    keys = {
        version[column]
        for history in versions.values()
        for pair in pairwise(history)
        for version in pair
        if pair[0][column] != pair[1][column]
    }
    return keys - {None}


def names_of(field: Any, keys: Collection[int]) -> dict[int, str]:
    """Of rows a reader may know. A deal's sides and a source's original are public by it."""
    rows = field.remote_field.model._default_manager
    if field.model in (Package, Organization):
        rows = rows.public()
    return {row.pk: str(row) for row in rows.filter(pk__in=keys)}
