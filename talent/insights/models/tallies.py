"""Counts of stints and moves, kept by triggers in the transaction that changes what they count.

Like an index: nobody writes them, and they never differ from their rows. A row may stand at zero.
"""

from __future__ import annotations

from django.db import models

from talent.registry.models import Organization


class PlaceTally(models.Model):
    """Arrivals at and departures from an organization, month by month.

    `month` is the first day of the month; of a date known to the quarter or year, its first.
    """

    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    seat = models.CharField(max_length=20)
    arriving = models.BooleanField()
    month = models.DateField()
    precision = models.CharField(max_length=7)
    rumoured = models.BooleanField()
    moves = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "organization",
                    "company",
                    "seat",
                    "arriving",
                    "month",
                    "precision",
                    "rumoured",
                ],
                name="place_tally_once",
            )
        ]
        indexes = [models.Index("company", "month", name="place_tally_company")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month}: {self.moves}"


class PairTally(models.Model):
    """Moves from one company to another, year by year."""

    from_company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    to_company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    year = models.SmallIntegerField()
    rumoured = models.BooleanField()
    moves = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_company", "to_company", "year", "rumoured"],
                name="pair_tally_once",
            )
        ]
        indexes = [models.Index("to_company", "year", name="pair_tally_to")]

    def __str__(self) -> str:
        return (
            f"{self.from_company_id} → {self.to_company_id} {self.year}: {self.moves}"
        )


class SeatTally(models.Model):
    """Moves from one seat to another, month by month; "" is an end that is not on record."""

    from_seat = models.CharField(max_length=20, blank=True)
    to_seat = models.CharField(max_length=20, blank=True)
    month = models.DateField()
    precision = models.CharField(max_length=7)
    rumoured = models.BooleanField()
    moves = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_seat", "to_seat", "month", "precision", "rumoured"],
                name="seat_tally_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_seat} → {self.to_seat} {self.month}: {self.moves}"


class StayTally(models.Model):
    """How many stints lasted how many whole months, by company, seat and year of joining.

    `ended` or still open as far as known. Stints without a recorded start are not here.
    """

    company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    seat = models.CharField(max_length=20)
    joined = models.SmallIntegerField()
    months = models.SmallIntegerField()
    ended = models.BooleanField()
    stints = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "seat", "joined", "months", "ended"],
                name="stay_tally_once",
            )
        ]
        indexes = [models.Index("seat", "joined", name="stay_tally_seat")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.joined} {self.months}: {self.stints}"
