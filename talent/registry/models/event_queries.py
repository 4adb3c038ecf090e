"""What pages, figures and feeds ask of events, in the words of the trade."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Prefetch, Q

from talent.common.date_ranks import inside, touching
from talent.registry.models.organizations import Organization
from talent.registry.models.people import Person
from talent.registry.models.states import COUNTED, Status

if TYPE_CHECKING:
    from talent.registry.models.events import Event  # noqa: F401 named in the class below


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(status=Status.DRAFT)

    def news(self) -> Self:
        """Without the events that only fill a timeline."""
        return self.filter(background=False)

    def counted(self) -> Self:
        """What statistics may count: reported or confirmed, not rumoured, not denied."""
        return self.filter(standing__in=COUNTED)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def of_person(self, person: Person) -> Self:
        return self.filter(person=person)

    def of_people(self, people: Iterable[int]) -> Self:
        return self.filter(person__in=list(people))

    def at(self, organization: Organization) -> Self:
        """Joined or left it or a unit below it: one indexed column for a company, else some ids."""
        if organization.is_unit:
            return self.filter(organization__in=units_within(organization))
        return self.filter(company=organization)

    def touching(self, organization: Organization) -> Self:
        """It is either end: joined or left, or the place somebody came from or went to."""
        if organization.is_unit:
            inside = units_within(organization)
            return self.filter(Q(organization__in=inside) | Q(counterpart__in=inside))
        return self.filter(
            Q(company=organization) | Q(counterpart_company=organization)
        )

    def moves_from(self, organization: Organization) -> Self:
        """A departure from it, or a hire elsewhere that names it as the place left."""
        near, far = ends(organization)
        return self.filter(Q(kind="departure", **near) | Q(kind="hire", **far))

    def moves_to(self, organization: Organization) -> Self:
        """A hire by it, or a departure elsewhere that names it as the place joined."""
        near, far = ends(organization)
        return self.filter(Q(kind="hire", **near) | Q(kind="departure", **far))

    def at_seat(self, seat: str) -> Self:
        return self.filter(organization__seat=seat)

    def with_reason(self, reason: str) -> Self:
        return self.filter(reasons__name=reason)

    def overlapping(self, first: date, last: date) -> Self:
        """Any part of the date falls between the two days, both included."""
        return self.filter(touching("recency", first, last))

    def within(self, first: date, last: date) -> Self:
        """The whole of the date falls between the two days, both included."""
        return self.filter(inside("recency", first, last))

    def with_ends(self) -> Self:
        """Everything one event row needs on a page: one query, whatever the number of rows."""
        return self.select_related(
            "person",
            "organization",
            "organization__company",
            "counterpart",
            "counterpart__company",
        )

    def with_packages(self) -> Self:
        """The published package of each event, with its readings and their sources."""
        from talent.registry.models.pay import Package

        return self.prefetch_related(
            Prefetch("packages", queryset=Package.objects.public().with_readings())
        )

    def with_reasons(self) -> Self:
        from talent.registry.models.events import EventReason

        return self.prefetch_related(
            Prefetch(
                "event_reasons",
                queryset=EventReason.objects.select_related("reason").order_by("pk"),
            )
        )

    def newest_first(self) -> Self:
        return self.order_by("-recency", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("chronology", "pk")


def units_within(organization: Organization) -> list[int]:
    """The ids of the organization and of every unit below it: one query for each level."""
    inside, level = [organization.pk], [organization.pk]
    while level:
        level = list(
            Organization.objects.filter(parent__in=level)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        inside += level
    return inside


def ends(organization: Organization) -> tuple[dict[str, object], dict[str, object]]:
    """Conditions for "this is the organization of the event" and "this is its counterpart"."""
    if organization.is_unit:
        inside = units_within(organization)
        return {"organization__in": inside}, {"counterpart__in": inside}
    return {"company": organization}, {"counterpart_company": organization}
