"""Which rows a frozen data set holds: the public ones, and what they cannot stand without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from talent.registry.models import (
    Citation,
    Deal,
    DealReading,
    Event,
    EventReason,
    Organization,
    Package,
    Person,
    Reading,
    Reply,
    Source,
)
from talent.registry.models.deals import DealEvent
from talent.registry.models.events import Status
from talent.registry.models.waves import WaveEvent


def organizations() -> QuerySet[Organization]:
    """The public ones, both sides of every deal, and whatever those are part of."""
    above = dict(Organization.objects.order_by("pk").values_list("pk", "parent"))
    sides = Deal.objects.order_by("pk").values_list("buyer", "target")
    wanted = {side for pair in sides for side in pair}
    wanted |= {*Organization.objects.public().values_list("pk", flat=True)}
    level = wanted
    while level := {parent for pk in level if (parent := above[pk])} - wanted:
        wanted |= level
    return Organization.objects.filter(pk__in=wanted)


def rested_on(repeated_by: str) -> Q:
    """Sources that something public rests on; with a prefix, those that such a source repeats."""

    def somewhere(rows: QuerySet[Any], source: str) -> Q:
        path = f"{source}__{repeated_by}" if repeated_by else source
        return Q(Exists(rows.filter(**{path: OuterRef("pk")})))

    return (
        somewhere(Citation.objects.filter(event__status=Status.PUBLISHED), "source")
        | somewhere(
            Reading.objects.filter(package__in=Package.objects.public()), "source"
        )
        | somewhere(DealReading.objects.all(), "source")
    )


def sources() -> QuerySet[Source]:
    return Source.objects.filter(rested_on("") | rested_on("repeats"))


def replies() -> QuerySet[Reply]:
    return Reply.objects.shown().filter(
        Q(event__in=Event.objects.published())
        | Q(person__in=Person.objects.public())
        | Q(organization__in=Organization.objects.public())
    )


def stated(value: str) -> Callable[[], QuerySet[Any, Any]]:
    def of_event() -> QuerySet[Any, Any]:
        reasons = EventReason.objects.filter(event=OuterRef("pk")).order_by("pk")
        values: QuerySet[Any, Any] = reasons.values(value)
        return values

    return of_event


def events_of_deal() -> QuerySet[Any, Any]:
    moved = DealEvent.objects.filter(
        deal=OuterRef("pk"), event__status=Status.PUBLISHED
    )
    return moved.order_by("pk").values("event__slug")


def events_of_wave() -> QuerySet[Any, Any]:
    parts = WaveEvent.objects.filter(
        wave=OuterRef("pk"), event__status=Status.PUBLISHED
    )
    return parts.order_by("pk").values("event__slug")
