"""Which events have changed: read from the history that PostgreSQL keeps of the record.

Writers of the record queue behind one another (see Generation) and number their versions while
they hold the queue, so versions are numbered in the order of their commits: whoever has read up to
a number has read all before it. Nobody is told when something happens, so nothing can be lost
between a commit and the telling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

from talent.common.locks import Lock, hold
from talent.opendata.models import EventChange, HistoryRead, Hook
from talent.registry.models import (
    Citation,
    Event,
    EventReason,
    Organization,
    Person,
    Source,
)
from talent.registry.models.event_queries import units_within

Ids = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class News:
    """The versions of one table that are new: after one number, up to another."""

    model: type[models.Model]
    after: int
    upto: int

    @property
    def versions(self) -> QuerySet[Any]:
        return history_of(self.model).filter(
            pgh_id__gt=self.after, pgh_id__lte=self.upto
        )

    def rows_with_other(self, *columns: str) -> list[int]:
        """Rows that say something else in one of these columns than in the version before."""
        table = history_of(self.model).model._meta.db_table
        now = ", ".join(f"version.{column}" for column in columns)
        then = ", ".join(f"before.{column}" for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT DISTINCT version.pgh_obj_id FROM {table} AS version
                CROSS JOIN LATERAL (
                    SELECT * FROM {table} AS earlier
                    WHERE earlier.pgh_obj_id = version.pgh_obj_id
                        AND earlier.pgh_id < version.pgh_id
                    ORDER BY earlier.pgh_id DESC LIMIT 1) AS before
                WHERE version.pgh_id > %s AND version.pgh_id <= %s
                    AND ({now}) IS DISTINCT FROM ({then})
                """,
                [self.after, self.upto],
            )
            return [row for (row,) in cursor.fetchall()]


def read_history() -> int:
    """Turn what is new in the history into changes, one for each event that may be touched.

    Returns the number of the last change. Works alone until the end of the transaction.
    """
    hold(Lock.HOOK_HISTORY)
    read, is_first = HistoryRead.objects.get_or_create(pk=1)
    latest = {name: newest_of(model) for name, (model, _events) in PARTS.items()}
    if latest != read.versions:
        # Whoever comes later begins with what is then.
        if not is_first and Hook.objects.confirmed().exists():
            keep(list(touched(read.versions, latest)))
        read.versions = latest
        read.save(update_fields=["versions"])
    return last_change()


def touched(before: dict[str, int], latest: dict[str, int]) -> Iterator[Ids]:
    for name, (model, events) in PARTS.items():
        news = News(model, before.get(name, 0), latest[name])
        if news.after < news.upto:
            yield from events(news)


def keep(events: list[Ids]) -> None:
    """One statement, however many there are; an event of several sets is one change."""
    if not events:
        return
    parts = [each.order_by().query.sql_with_params() for each in events]
    found = " UNION ".join(f"({text})" for text, _parameters in parts)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO opendata_eventchange (event) "
            f"SELECT found.event FROM ({found}) AS found (event)",
            [value for _text, parameters in parts for value in parameters],
        )


def last_change() -> int:
    """Its number; of those that are forgotten, too."""
    newest = EventChange.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        newest = HistoryRead.objects.values_list("forgotten", flat=True).first()
    return newest or 0


# -- What touches which events -------------------------------------------------------------


def history_of(model: type[models.Model]) -> QuerySet[Any]:
    history: Any = model._meta.get_field("history").related_model
    versions: QuerySet[Any] = history._default_manager.order_by()
    return versions


def newest_of(model: type[models.Model]) -> int:
    numbers = history_of(model).order_by("-pgh_id").values_list("pgh_id", flat=True)
    return numbers.first() or 0


def of_events(news: News) -> Iterable[Ids]:
    return [news.versions.values("pgh_obj")]


def of_parts(news: News) -> Iterable[Ids]:
    return [news.versions.values("event")]


def of_people(news: News) -> Iterable[Ids]:
    people = news.rows_with_other("slug", "name", "name_zh")
    return [Event.objects.of_people(people).values("pk")] if people else []


def of_organizations(news: News) -> Iterable[Ids]:
    renamed = news.rows_with_other("slug", "name", "seat")
    moved = Organization.objects.filter(pk__in=news.rows_with_other("parent_id"))
    inside = {unit for each in moved for unit in units_within(each)}
    if changed := {*renamed, *inside}:
        for end in ("organization", "counterpart", "company"):
            yield Event.objects.filter(**{f"{end}__in": changed}).values("pk")


def of_sources(news: News) -> Iterable[Ids]:
    sources = news.rows_with_other("url", "repeats_id")
    cited = Citation.objects.filter(source__in=sources)
    return [cited.values("event")] if sources else []


PARTS: dict[str, tuple[type[models.Model], Callable[[News], Iterable[Ids]]]] = {
    "event": (Event, of_events),
    "citation": (Citation, of_parts),
    "reason": (EventReason, of_parts),
    "person": (Person, of_people),
    "organization": (Organization, of_organizations),
    "source": (Source, of_sources),
}
