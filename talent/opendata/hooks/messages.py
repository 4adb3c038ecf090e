"""What a message says. It is made when it is sent, from what is public at that moment.

So nothing of the record is stored twice, a removal reaches every message that has not left, and
an endpoint that was away learns how things are, not how they were.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Subquery
from django.urls import reverse
from django.utils import translation

from talent.opendata.hooks.planning import listed_by
from talent.opendata.lists import EVENTS
from talent.opendata.models import Hook, HookDelivery
from talent.registry.models import Event, Generation
from talent.registry.models.events import EventQuerySet

Kind = HookDelivery.Kind
Said = dict[str, Any]
# Stands for the event's number in the statement.
PLACE = -1


def body_of(kind: str, data: Said, *, made_at: datetime) -> bytes:
    """JSON in UTF-8, with the three members that Standard Webhooks asks for."""
    made = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"type": kind, "timestamp": made, "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def about_event(number: int) -> Said | None:
    """The row of the API with the version it is of, from one snapshot. None: it is not public."""
    text, parameters = statement(settings.SITE_URL)
    with connection.cursor() as cursor:
        cursor.execute(text, [number if each == PLACE else each for each in parameters])
        found = cursor.fetchone()
    return said_of(found) if found else None


@cache
def statement(_site: str) -> tuple[str, tuple[Any, ...]]:
    """Written out once for each address of the site: that costs Django more than the answer."""
    with translation.override("en"):
        rows = values(Event.objects.published().filter(pk=PLACE))
        return rows.order_by().query.sql_with_params()


def about_sample(hook: Hook) -> Said:
    """The newest event of its list, to try with."""
    with translation.override("en"):
        found = values(listed_by(hook)).order_by(*EVENTS.order.by()).first()
    if found is None:
        return {"number": None, "version": version(), "event": None}
    return said_of(found)


def about_withdrawn(number: int) -> Said:
    """Numbers alone: whoever was removed must not be named once more."""
    return {"number": number, "version": version()}


def about_list(hook: Hook) -> Said:
    query = f"?{hook.query}" if hook.query else ""
    with translation.override("en"):
        read = {
            "page": reverse("dashboard:event_list"),
            "json": reverse("opendata:list", args=["events"]),
            "jsonl": reverse("opendata:export", args=["events", "jsonl"]),
        }
    addresses = {name: settings.SITE_URL + path + query for name, path in read.items()}
    return {"version": version(), **addresses}


def about_ping(hook: Hook) -> Said:
    return {"version": version(), "filter": hook.query}


def values(events: EventQuerySet) -> QuerySet[Event, tuple[Any, ...]]:
    version = Generation.objects.order_by("pk").values("number")[:1]
    columns = (column.value for column in EVENTS.columns)
    return events.values_list("pk", Subquery(version), *columns)


def said_of(row: tuple[Any, ...]) -> Said:
    number, version, *known = row
    names = (column.name for column in EVENTS.columns)
    return {
        "number": number,
        "version": version,
        "event": dict(zip(names, known, strict=True)),
    }


def version() -> int:
    return Generation.current()
