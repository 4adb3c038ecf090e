from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F

from talent.registry.models import Organization
from talent.registry.models.organizations import Seat

FEW = 400


class SeatingQuerySet(models.QuerySet["Seating"]):
    def at(self, seat: str) -> list[int] | models.QuerySet[Seating, int]:
        """For a condition on a place, `__in`: the organizations there. One query.

        The ids of a few, so that PostgreSQL knows from its statistics whether they have a hundred
        rows or most of them, and looks these up by place or goes through all by time. To plan with
        a thousand ids would take longer than either, and whom so many belong to is never far.
        """
        there = self.filter(seat=seat).order_by("pk").values_list("pk", flat=True)
        few = list(there[: FEW + 1])
        return few if len(few) <= FEW else there.order_by()

    def changed(self) -> Self:
        """Those whose organization sits elsewhere by now."""
        return self.exclude(seat=F("organization__seat"))


class Seating(models.Model):
    """Where an organization sits, as the derived numbers have it.

    No stint and no move says where its places sit: so another seat of a company with a hundred
    thousand of them changes one row here and some thousand counts, together and at one moment
    (insights/seating.py). A trigger adds the row of a new organization.
    """

    organization = models.OneToOneField(
        Organization,
        # The rows of a deleted organization are counted out by its seat.
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="seating",
    )
    seat = models.CharField(max_length=20, choices=Seat.choices)

    objects = SeatingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.seat}"
