"""What was changed in an event since readers could see it, from the history of its rows.

Who changed it is not told, nor what a draft looked like before. Each line says the day, and
what stood there before and after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.common.partial_date_columns import read
from talent.registry.models import (
    Event,
    Organization,
    Person,
    Reading,
    Reason,
    Source,
)
from talent.registry.models.events import Status

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


@dataclass(frozen=True, slots=True)
class Correction:
    """What changed at one moment."""

    at: datetime
    changes: tuple[Change, ...]


def history_of(event: Event) -> list[Correction]:
    """Public changes, newest first, down to the day the event was first published.

    The number of queries does not grow with the number of versions.
    """
    versions = parts("Event", pgh_obj_id=event.pk)
    public = [version for version in versions if version["status"] == Status.PUBLISHED]
    if not public:
        return []
    names = public_names(public)
    told: defaultdict[datetime, list[Change]] = defaultdict(list)
    for older, newer in pairwise(public):
        told[newer["pgh_created_at"]] += changes_between(older, newer, names)
    for older, newer in pairwise(versions):
        if older["status"] != newer["status"] and newer is not public[0]:
            told[newer["pgh_created_at"]] += change_of_status(newer["status"])
    for at, change in changed_parts(event, since=public[0]["pgh_created_at"]):
        told[at].append(change)
    changed = [
        Correction(at, together(changes))
        for at, changes in sorted(told.items(), reverse=True)
        if changes
    ]
    return [*changed, Correction(public[0]["published_at"], (Change(_("published")),))]


def together(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Additions of one sort in one line: "source added: The Gazette, The Post"."""
    lines: list[Change] = []
    for what, alike in groupby(changes, key=lambda change: change.what):
        group = list(alike)
        if any(change.before for change in group):
            lines += group
        else:
            after = ", ".join(change.after for change in group if change.after)
            lines.append(Change(what, after=after))
    return tuple(lines)


def history(model: str) -> Any:
    return apps.get_model("registry", f"{model}History")._default_manager


def public_names(versions: list[dict[str, Any]]) -> dict[tuple[str, int], str]:
    """Names of the people and organizations that were exchanged, where a reader may know them.

    No query where none was.
    """
    ids: dict[type[Any], set[int]] = {Person: set(), Organization: set()}
    for older, newer in pairwise(versions):
        for field, model in NAMED.items():
            exchanged = {older[f"{field}_id"], newer[f"{field}_id"]}
            if len(exchanged) > 1:
                ids[model] |= exchanged - {None}
    found = {
        model: dict(model.objects.public().filter(pk__in=pks).values_list("pk", "name"))
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


def changed_parts(
    event: Event, *, since: datetime
) -> Iterator[tuple[datetime, Change]]:
    """Sources, reasons and figures that came, went or changed after the event was shown."""
    yield from changed_sources(event, since=since)
    yield from changed_reasons(event, since=since)
    for package in event.packages.all():
        yield from changed_figures(package.pk, since=since)


def changed_sources(
    event: Event, *, since: datetime
) -> Iterator[tuple[datetime, Change]]:
    rows = parts("Citation", since=since, event_id=event.pk)
    pks = {row["source_id"] for row in rows}
    sources = Source.objects.in_bulk(pks) if pks else {}
    what = {"insert": _("source added"), "delete": _("source removed")}
    for row in rows:
        source = sources.get(row["source_id"])
        name = (source.publisher or source.url) if source else ""
        change = what.get(row["pgh_label"], _("what a source states, reworded"))
        yield row["pgh_created_at"], Change(change, after=name)


def changed_reasons(
    event: Event, *, since: datetime
) -> Iterator[tuple[datetime, Change]]:
    rows = parts("EventReason", since=since, event_id=event.pk)
    pks = {row["reason_id"] for row in rows}
    reasons = Reason.objects.in_bulk(pks) if pks else {}
    what = {"insert": _("reason added"), "delete": _("reason removed")}
    for row in rows:
        name = str(reasons.get(row["reason_id"], ""))
        change = what.get(row["pgh_label"], _("reason changed"))
        yield row["pgh_created_at"], Change(change, after=name)


def changed_figures(
    package: int, *, since: datetime
) -> Iterator[tuple[datetime, Change]]:
    """Changes of a package's readings since both it and its event could be seen."""
    shown_from = (
        history("Package")
        .filter(pgh_obj_id=package, status=Status.PUBLISHED)
        .order_by("pgh_id")
        .values_list("pgh_created_at", flat=True)
        .first()
    )
    if shown_from is None:
        return
    since = max(since, shown_from)
    before: dict[int, str] = {}
    for row in parts("Reading", package_id=package):
        pk, removed = row["id"], row["pgh_label"] == "delete"
        after = "" if removed else figure(row)
        if row["pgh_created_at"] > since and before.get(pk, "") != after:
            what = _("amount removed") if removed else _("amount changed")
            if pk not in before:
                what = _("amount added")
            yield row["pgh_created_at"], Change(what, before.get(pk, ""), after)
        before[pk] = after


def parts(
    model: str, *, since: datetime | None = None, **of: int
) -> list[dict[str, Any]]:
    """Versions of the rows that belong to one event or package, oldest first.

    No limit: with one, PostgreSQL may walk the whole history by its key to find them.
    """
    rows = history(model).filter(**of)
    if since is not None:
        rows = rows.filter(pgh_created_at__gt=since)
    return list(rows.order_by("pgh_id").values())


def figure(row: dict[str, Any]) -> str:
    """A version of a reading as a reader was told it, with its standing and rank."""
    columns = {field.attname: row[field.attname] for field in Reading._meta.fields}
    reading = Reading(**columns)
    words = [str(reading), reading.get_standing_display()]
    if reading.rank:
        words.append(reading.get_rank_display())
    return ", ".join(words)
