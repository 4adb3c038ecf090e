from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from talent.common.partial_date_columns import (
    NEWEST_FIRST_RANK,
    precision_field,
    rank,
)
from talent.common.partial_dates import PartialDate, Precision
from talent.insights.models import triggers
from talent.registry.models import Event, Organization, Person

STANDING = ["internal", "rumoured"]
SORTS = ["is_return", "founder"]


class Move(models.Model):
    """One change of place: `moves.Move`, stored. An end that is not on record is null.

    Its seats are those of its ends: see Seating.
    """

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="moves",
    )
    place = models.SmallIntegerField(help_text="Which of the person's moves, from 0.")
    origin = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    destination = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    from_company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    to_company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    happened_on = models.DateField()
    precision = precision_field()
    recency = rank("happened_on", "precision", NEWEST_FIRST_RANK)
    internal = models.BooleanField(default=False)
    inferred = models.BooleanField(
        default=False, help_text="No event links its ends: one stint follows the other."
    )
    rumoured = models.BooleanField(
        default=False,
        help_text="Only rumoured: counts where a reader asks for rumours.",
    )
    is_return = models.BooleanField(default=False)
    founder = models.BooleanField(default=False)
    reasons = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="Ids of the reasons stated at the hire or at the departure, sorted.",
    )
    tellers = ArrayField(
        models.CharField(max_length=120),
        default=list,
        help_text="Who states them; empty text where the record does not say.",
    )
    hire = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    departure = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "place"], name="move_once_per_place"
            )
        ]
        # What most counts ask is in the index, so that they need not look at the rows.
        indexes = [
            models.Index(
                "recency",
                "id",
                name="move_recent",
                include=["origin", "destination", *STANDING, *SORTS],
            ),
            models.Index(
                "from_company",
                "to_company",
                "recency",
                "id",
                name="move_pair",
                include=STANDING,
            ),
            models.Index(
                "to_company", "recency", "id", name="move_to", include=STANDING
            ),
            models.Index("from_company", "recency", "id", name="move_from"),
            # Seats are those of places: who looks for one goes through the moves by time, or
            # through those of the places there, and the counts by seats need these whole.
            *(
                models.Index(
                    *(near, "recency", "id"),
                    name=f"move_{near}",
                    include=[far, "happened_on", "precision", *STANDING, *SORTS],
                )
                for near, far in (
                    ("origin", "destination"),
                    ("destination", "origin"),
                )
            ),
            *(
                models.Index(
                    "recency", "id", name=name, condition=models.Q((column, True))
                )
                for name, column in (
                    ("move_returns", "is_return"),
                    ("move_founders", "founder"),
                    ("move_internal", "internal"),
                    ("move_rumoured", "rumoured"),
                )
            ),
            models.Index(
                "recency",
                "id",
                name="move_stated",
                condition=~models.Q(reasons=[]),
            ),
        ]
        triggers = triggers.move()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.origin_id} → {self.destination_id}"

    @property
    def date(self) -> PartialDate:
        return PartialDate(self.happened_on, Precision(self.precision))
