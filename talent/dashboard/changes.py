"""What was changed in events since readers could see it, from the history of its rows.

Who changed it is not told, nor what a draft looked like before. Each line says the day, and
what stood there before and after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from talent.common.partial_date_columns import read
from talent.registry.models import (
    Event,
    Organization,
    Package,
    Person,
    Reading,
    Reason,
    Source,
)
from talent.registry.models.events import Status
from talent.registry.wording import called, name_of

# Sentences of ours are told to have changed, not printed twice; a title may be.
TOLD_IN_FULL = ("kind", "team", "title", "date_basis", "standing")
TOLD_AS_YES_OR_NO = {
    "founder": gettext_lazy("founder"),
    "never_started": gettext_lazy("never started"),
    "stated_return": gettext_lazy("return"),
    "background": gettext_lazy("career history"),
}
REWORDED = ("summary", "summary_zh", "disagreement")
NAMED = {"person": Person, "organization": Organization, "counterpart": Organization}


@dataclass(frozen=True, slots=True)
class Change:
    what: str
    before: str = ""
    after: str = ""

    @property
    def in_words(self) -> str:
        told = {"what": self.what, "before": self.before, "after": self.after}
        if self.before and self.after:
            return _("%(what)s: from “%(before)s” to “%(after)s”") % told
        if self.before:
            return _("%(what)s: “%(before)s”") % told
        return _("%(what)s: %(after)s") % told if self.after else self.what


@dataclass(frozen=True, slots=True)
class Correction:
    """What changed at one moment."""

    at: datetime
    changes: tuple[Change, ...]


def history_of(event: Event) -> list[Correction]:
    """Public changes, newest first, down to the day the event was first published."""
    past = Past([event.pk])
    public = past.public_versions(event.pk)
    if not public:
        return []
    first = Correction(public[0]["published_at"], (Change(_("published")),))
    return [*past.corrections(event.pk), first]


class Past:
    """The versions of some events and of their parts, and the names these point to.

    The number of queries does not grow with the number of events or of versions.
    """

    def __init__(self, events: Collection[int]) -> None:
        self.versions = parts("Event", "pgh_obj_id", events)
        self.citations = parts("Citation", "event_id", events)
        self.reasons = parts("EventReason", "event_id", events)
        packages = dict(
            Package.objects.filter(event__in=events).values_list("pk", "event_id")
        )
        self.packages: defaultdict[int, list[int]] = defaultdict(list)
        for package, event in packages.items():
            self.packages[event].append(package)
        self.offers = parts("Package", "pgh_obj_id", packages)
        self.figures = parts("Reading", "package_id", packages)
        self.sources = in_bulk(Source, self.citations, "source_id")
        self.said_reasons = in_bulk(Reason, self.reasons, "reason_id")
        self.names = public_names([self.public_versions(event) for event in events])

    def public_versions(self, event: int) -> list[dict[str, Any]]:
        return [v for v in self.versions[event] if v["status"] == Status.PUBLISHED]

    def corrections(self, event: int) -> list[Correction]:
        """What changed after readers could first see the event, newest first."""
        versions, public = self.versions[event], self.public_versions(event)
        if not public:
            return []
        told: defaultdict[datetime, list[Change]] = defaultdict(list)
        for older, newer in pairwise(public):
            told[newer["pgh_created_at"]] += changes_between(older, newer, self.names)
        for older, newer in pairwise(versions):
            if older["status"] != newer["status"] and newer is not public[0]:
                told[newer["pgh_created_at"]] += change_of_status(newer["status"])
        shown_or_not = {*told}
        since = public[0]["pgh_created_at"]
        for at, change in self.changed_parts(event, shown_or_not):
            if at > since:
                told[at].append(change)
        return [
            Correction(at, together(changes))
            for at, changes in sorted(told.items(), reverse=True)
            if changes
        ]

    def changed_parts(
        self, event: int, steps: set[datetime]
    ) -> Iterator[tuple[datetime, Change]]:
        """Sources, reasons and figures that came, went or changed."""
        yield from changed_sources(self.citations[event], self.sources)
        yield from changed_reasons(self.reasons[event], self.said_reasons)
        for package in self.packages[event]:
            offers = self.offers[package]
            if not any(offer["status"] == Status.PUBLISHED for offer in offers):
                continue
            for at, change in changed_offer(offers):
                if at not in steps:  # withdrawn with its event: that is told
                    yield at, change
            yield from changed_outcome(offers)
            if offers[-1]["status"] == Status.PUBLISHED:
                yield from changed_figures(self.figures[package], offers)


def together(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Additions of one sort in one line: "source added: The Gazette, The Post"."""
    lines: list[Change] = []
    for what, alike in groupby(changes, key=lambda change: change.what):
        group = list(alike)
        if any(change.before for change in group):
            lines += group
        else:
            names = [change.after for change in group if change.after]
            after = pgettext("in a list", ", ").join(names)
            lines.append(Change(what, after=after))
    return tuple(lines)


def history(model: str) -> Any:
    return apps.get_model("registry", f"{model}History")._default_manager


def public_names(
    histories: Iterable[list[dict[str, Any]]],
) -> dict[tuple[str, int], str]:
    """Names of the people and organizations that were exchanged, where a reader may know them.

    No query where none was.
    """
    ids: dict[type[Any], set[int]] = {Person: set(), Organization: set()}
    for versions in histories:
        for older, newer in pairwise(versions):
            for field, model in NAMED.items():
                exchanged = {older[f"{field}_id"], newer[f"{field}_id"]}
                if len(exchanged) > 1:
                    ids[model] |= exchanged - {None}
    found = {
        model: {
            row.pk: name_of(row)
            for row in model.objects.public().filter(pk__in=pks).only("name", "name_zh")
        }
        for model, pks in ids.items()
        if pks
    }
    return {
        (field, pk): name
        for field, model in NAMED.items()
        for pk, name in found.get(model, {}).items()
    }


def changes_between(
    older: dict[str, Any], newer: dict[str, Any], names: dict[tuple[str, int], str]
) -> Iterator[Change]:
    for field in NAMED:
        before, after = older[f"{field}_id"], newer[f"{field}_id"]
        if before != after:
            yield Change(
                label(field),
                *(named(names, field, pk) for pk in (before, after)),
            )
    before, after = (
        read(version["happened_on"], version["precision"]) for version in (older, newer)
    )
    if before != after:
        yield Change(label("happened_on"), str(before), str(after))
    for field in TOLD_IN_FULL:
        if older[field] != newer[field]:
            yield Change(
                label(field), *(shown(field, v[field]) for v in (older, newer))
            )
    for field, name in TOLD_AS_YES_OR_NO.items():
        if older[field] != newer[field]:
            yield Change(
                str(name), *(_("yes") if v[field] else _("no") for v in (older, newer))
            )
    for field in REWORDED:
        if older[field] != newer[field]:
            yield Change(_("%(field)s reworded") % {"field": label(field)})


def change_of_status(status: str) -> list[Change]:
    if status == Status.PUBLISHED:
        return [Change(_("published again"))]
    return [Change(_("withdrawn"))]


def named(names: dict[tuple[str, int], str], field: str, pk: int | None) -> str:
    if pk is None:
        return _("not stated")
    return names.get((field, pk), _("another one"))


def label(field: str) -> str:
    return str(Event._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # a column


def shown(field: str, value: str) -> str:
    """A value of the column as a reader is told it."""
    choices = dict(Event._meta.get_field(field).flatchoices)  # type: ignore[union-attr]  # a column
    return str(choices.get(value, value)) or _("not stated")


def changed_sources(
    rows: list[dict[str, Any]], sources: dict[int, Source]
) -> Iterator[tuple[datetime, Change]]:
    what = {"insert": _("source added"), "delete": _("source removed")}
    for row in rows:
        source = sources.get(row["source_id"])
        name = (source.publisher or source.url) if source else ""
        change = what.get(row["pgh_label"], _("what a source states, reworded"))
        yield row["pgh_created_at"], Change(change, after=name)


def changed_reasons(
    rows: list[dict[str, Any]], reasons: dict[int, Reason]
) -> Iterator[tuple[datetime, Change]]:
    what = {"insert": _("reason added"), "delete": _("reason removed")}
    for row in rows:
        name = called(reasons.get(row["reason_id"], ""))
        change = what.get(row["pgh_label"], _("reason changed"))
        yield row["pgh_created_at"], Change(change, after=name)


def changed_offer(offers: list[dict[str, Any]]) -> Iterator[tuple[datetime, Change]]:
    """Whether the money is shown at all. What was taken back is not repeated."""
    was_shown = False
    for older, newer in pairwise(offers):
        was_shown = was_shown or older["status"] == Status.PUBLISHED
        if older["status"] == newer["status"]:
            continue
        if newer["status"] == Status.PUBLISHED:
            if was_shown:
                yield newer["pgh_created_at"], Change(_("amount shown again"))
        elif older["status"] == Status.PUBLISHED:
            yield newer["pgh_created_at"], Change(_("amount withdrawn"))


def changed_outcome(offers: list[dict[str, Any]]) -> Iterator[tuple[datetime, Change]]:
    outcome = Package._meta.get_field("outcome")
    words: dict[str, Any] = dict(outcome.flatchoices)
    shown = [offer for offer in offers if offer["status"] == Status.PUBLISHED]
    for older, newer in pairwise(shown):
        before, after = (str(words[offer["outcome"]]) for offer in (older, newer))
        if before != after:
            what = str(outcome.verbose_name)
            yield newer["pgh_created_at"], Change(what, before, after)


def changed_figures(
    rows: list[dict[str, Any]], offers: list[dict[str, Any]]
) -> Iterator[tuple[datetime, Change]]:
    """Changes of a package's readings since it could be seen."""
    since = next(
        offer["pgh_created_at"]
        for offer in offers
        if offer["status"] == Status.PUBLISHED
    )
    before: dict[int, str] = {}
    for row in rows:
        pk, removed = row["id"], row["pgh_label"] == "delete"
        after = "" if removed else figure(row)
        if row["pgh_created_at"] > since and before.get(pk, "") != after:
            what = _("amount removed") if removed else _("amount changed")
            if pk not in before:
                what = _("amount added")
            yield row["pgh_created_at"], Change(what, before.get(pk, ""), after)
        before[pk] = after


def parts(
    model: str, column: str, of: Collection[int]
) -> defaultdict[int, list[dict[str, Any]]]:
    """Versions of the rows that belong to some events or packages, oldest first.

    No limit: with one, PostgreSQL may walk the whole history by its key to find them.
    """
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    if of:
        rows = history(model).filter(**{f"{column}__in": list(of)})
        for row in rows.order_by("pgh_id").values():
            found[row[column]].append(row)
    return found


def in_bulk(
    model: type[Any], rows: dict[int, list[dict[str, Any]]], column: str
) -> dict[int, Any]:
    pks = {row[column] for group in rows.values() for row in group}
    found: dict[int, Any] = model.objects.in_bulk(pks) if pks else {}
    return found


def figure(row: dict[str, Any], model: type[Any] = Reading) -> str:
    """A version of a reading as a reader was told it, with its standing and rank."""
    columns = {field.attname: row[field.attname] for field in model._meta.fields}
    reading = model(**columns)
    words = [str(reading), reading.get_standing_display()]
    if getattr(reading, "rank", ""):
        words.append(reading.get_rank_display())
    return _(", ").join(words)
