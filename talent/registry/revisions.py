"""Who changed what, read from the history that PostgreSQL keeps of every curated row.

Commands, bulk updates and plain SQL are in it as well as the desk. An event's history tells
its citations, reasons, package and readings too: one reader's page, one history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Max, Q, Value
from django.utils.translation import gettext as _

from talent.common.keys import key_in
from talent.common.partial_date_columns import read
from talent.registry.models import (
    Citation,
    Deal,
    DealReading,
    Event,
    EventReason,
    Package,
    Reading,
    Source,
    Wave,
)
from talent.registry.models.deals import DealEvent
from talent.registry.models.waves import WaveEvent

# Kept by the database or by the clock: no statement of an editor's.
SILENT = {"id", "created_at", "updated_at", "published_at", "key"}
# A day and its precision are one date.
DATES = {
    "happened_on": "precision",
    "founded_on": "founded_precision",
    "published_on": "published_precision",
}
# Where a part belongs is clear from whose history it stands in.
PARENTS: dict[type[models.Model], tuple[str, ...]] = {
    Citation: ("event", "source"),
    EventReason: ("event", "reason"),
    Reading: ("package",),
    DealReading: ("deal",),
    DealEvent: ("deal",),
    WaveEvent: ("wave",),
}
MOST_VERSIONS = 500


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """What happened to one row: the event itself or a part of it."""

    label: str
    thing: str
    changes: list[Change]


@dataclass
class Revision:
    """What one transaction did."""

    at: datetime
    who: str
    reason: str
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Trace:
    """The versions of some rows of one table."""

    model: type[models.Model]
    rows: Q

    @property
    def versions(self) -> models.QuerySet[Any]:
        history: Any = self.model._meta.get_field("history").related_model
        versions: models.QuerySet[Any] = history._default_manager.filter(self.rows)
        return versions


def traces_of(row: models.Model) -> list[Trace]:
    """Where the history of a row and of its parts is found, the parts since deleted included."""
    own = Trace(type(row), Q(pgh_obj=row.pk))
    match row:
        case Event():
            citations = Trace(Citation, Q(event=row.pk))
            packages = Trace(Package, Q(event=row.pk))
            readings = Q(package__in=packages.versions.values("pgh_obj"))
            return [
                own,
                citations,
                Trace(Source, Q(pgh_obj__in=citations.versions.values("source"))),
                Trace(EventReason, Q(event=row.pk)),
                packages,
                Trace(Reading, readings),
            ]
        case Package():
            return [own, Trace(Reading, Q(package=row.pk))]
        case Deal():
            return [
                own,
                Trace(DealReading, Q(deal=row.pk)),
                Trace(DealEvent, Q(deal=row.pk)),
            ]
        case Wave():
            return [own, Trace(WaveEvent, Q(wave=row.pk))]
    return [own]


def version_of(row: models.Model) -> str:
    """A token that differs once anything of the row or its parts was written. One query."""
    parts = [
        trace.versions.order_by().annotate(part=Value(number)).values("part")
        .annotate(latest=Max("pgh_id")).values_list("part", "latest")
        for number, trace in enumerate(traces_of(row))
    ]  # fmt: skip
    latest = dict(parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0])
    return ".".join(str(latest.get(number) or 0) for number in range(len(parts)))


def revisions_since(row: models.Model, version: str) -> list[Revision]:
    """What was done to the row after it had this version; everything for a wrong one."""
    seen = [key_in(part) for part in version.split(".")]
    traces = traces_of(row)
    known = [number for number in seen if number is not None]
    if not len(known) == len(seen) == len(traces):
        known = [0] * len(traces)
    return read_revisions(traces, after=known)


def revisions_of(row: models.Model) -> list[Revision]:
    """The whole history, newest first; of each table the newest 500 versions."""
    traces = traces_of(row)
    return read_revisions(traces, after=[0] * len(traces))


def read_revisions(traces: list[Trace], *, after: list[int]) -> list[Revision]:
    """A constant number of queries: one per table, three for the names of what it points to."""
    written: list[tuple[Any, Any, Trace]] = []
    for trace, seen in zip(traces, after, strict=True):
        newest = trace.versions.select_related("pgh_context").order_by("-pgh_id")
        earlier: dict[int, Any] = {}
        for version in reversed(newest[:MOST_VERSIONS]):
            if version.pgh_id > seen:
                written.append((version, earlier.get(version.pgh_obj_id), trace))
            earlier[version.pgh_obj_id] = version
    names = Names(written, whose=traces[0].model)
    revisions: dict[tuple[Any, Any], Revision] = {}
    for version, before, trace in sorted(
        written, key=lambda one: one[0].pgh_created_at
    ):
        step = names.step(version, before, trace.model)
        if step is None:
            continue
        key = (version.pgh_created_at, version.pgh_context_id)
        revision = revisions.setdefault(
            key,
            Revision(version.pgh_created_at, names.who(version), reason_of(version)),
        )
        revision.steps.append(step)
    return list(reversed(revisions.values()))


def metadata_of(version: Any) -> dict[str, Any]:
    return version.pgh_context.metadata if version.pgh_context else {}


def reason_of(version: Any) -> str:
    return str(metadata_of(version).get("reason", ""))


def last_editors(rows: Iterable[models.Model]) -> dict[int, str]:
    """By key: the name of whoever wrote the row last. Rows of one table; two queries."""
    rows = list(rows)
    if not rows:
        return {}
    history = Trace(type(rows[0]), Q(pgh_obj__in=[row.pk for row in rows]))
    newest = (
        history.versions.select_related("pgh_context")
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
    )
    versions = [(version, None, history) for version in newest]
    names = Names(versions, whose=history.model)
    return {version.pgh_obj_id: names.who(version) for version, *_rest in versions}


class Names:
    """Turns ids in versions into the names of people, companies, sources and editors."""

    def __init__(
        self, written: list[tuple[Any, Any, Trace]], *, whose: type[models.Model]
    ) -> None:
        self.whose = whose
        wanted: dict[type[models.Model], set[Any]] = {}
        users: set[str] = set()
        for version, before, trace in written:
            said = metadata_of(version)
            users |= {str(said.get("user", "")), str(said.get("asked_by", ""))}
            for column, target in pointers(trace.model):
                for row in (version, before):
                    if row is not None and getattr(row, column.attname) is not None:
                        wanted.setdefault(target, set()).add(
                            getattr(row, column.attname)
                        )
        self.rows = {
            target: named_rows(target).in_bulk(ids) for target, ids in wanted.items()
        }
        ids = [key for user in users if (key := key_in(user)) is not None]
        self.users = get_user_model()._default_manager.in_bulk(ids) if ids else {}

    def who(self, version: Any) -> str:
        metadata = metadata_of(version)
        user = str(metadata.get("user", ""))
        if user.isdecimal():
            who = self.editor(user)
            if "alone" in metadata:
                return _("%(who)s, alone: nobody else could approve") % {"who": who}
            if asked_by := metadata.get("asked_by"):
                names = {"who": who, "asker": self.editor(str(asked_by))}
                return _("%(who)s, asked for by %(asker)s") % names
            return who
        if command := metadata.get("command"):
            return _("the command %(command)s") % {"command": command}
        return _("a command or plain SQL")

    def editor(self, user: str) -> str:
        known = self.users.get(int(user))
        return known.get_full_name() or str(known) if known else _("a former editor")

    def step(self, version: Any, before: Any, model: type[models.Model]) -> Step | None:
        """None where nothing an editor states has changed."""
        label = {"insert": _("added"), "update": _("changed"), "delete": _("removed")}[
            version.pgh_label
        ]
        changes = [] if version.pgh_label == "delete" else list(
            self.changes(version, before, model)
        )  # fmt: skip
        if version.pgh_label == "update" and not changes:
            return None
        return Step(label, self.thing(version, model), changes)

    def thing(self, version: Any, model: type[models.Model]) -> str:
        """ "citation: Gazette – Story", or only what sort of thing the row itself is."""
        kind = str(model._meta.verbose_name)
        if model is Source and self.whose is not Source:
            return f"{kind}: {version.title or version.url}"
        for pointer in ("source", "reason", "event"):
            if model in PARENTS and hasattr(version, f"{pointer}_id"):
                column = model._meta.get_field(pointer)
                name = self.shown(column, getattr(version, f"{pointer}_id"))
                return f"{kind}: {name}" if name else kind
        return kind

    def changes(
        self, version: Any, before: Any, model: type[models.Model]
    ) -> Iterator[Change]:
        known = {column.name for column in version._meta.concrete_fields}
        for column in model._meta.concrete_fields:
            name = column.name
            if name not in known or name in SILENT or name in DATES.values():
                continue
            if name in PARENTS.get(model, ()):
                continue
            new = self.value(column, version)
            old = self.value(column, before) if before is not None else ""
            if before is None and getattr(version, column.attname) is False:
                continue  # a box nobody ticked
            if new != old:
                yield Change(str(column.verbose_name), old, new)

    def value(self, column: Any, row: Any) -> str:
        if column.name in DATES:
            partial = read(
                getattr(row, column.name), getattr(row, DATES[column.name]) or "day"
            )
            return partial.isoformat() if partial else ""
        return self.shown(column, getattr(row, column.attname))

    def shown(self, column: Any, value: Any) -> str:
        if value is None or value == "" or value == []:
            return ""
        if column.is_relation:
            row = self.rows.get(column.remote_field.model, {}).get(value)
            return str(row) if row else f"#{value}"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "; ".join(map(str, value))
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return f"{value:,}" if isinstance(value, int) else str(value)


def pointers(model: type[models.Model]) -> list[tuple[Any, type[models.Model]]]:
    tracked: Any = model._meta.get_field("history").related_model
    known = {column.name for column in tracked._meta.concrete_fields}
    columns: list[Any] = [
        column
        for column in model._meta.concrete_fields
        if column.is_relation and column.name in known
    ]
    return [(column, column.remote_field.model) for column in columns]


def named_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """With what `str()` of a row needs."""
    rows: models.QuerySet[Any] = model._default_manager.all()
    if model is Event:
        return rows.select_related("person", "organization")
    if model in (Package, Deal):
        ends = {Package: ("person", "organization"), Deal: ("buyer", "target")}[model]
        return rows.select_related(*ends)
    return rows
