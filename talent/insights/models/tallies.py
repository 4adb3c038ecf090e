"""Counts of stints and moves, kept by triggers in the transaction that changes what they count.

Like an index: nobody writes them, and they never differ from their rows. A row may stand at zero.
"""

from __future__ import annotations

from django.db import models

from talent.registry.models import Organization, Reason


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
    arriving = models.BooleanField()
    month = models.DateField()
    precision = models.CharField(max_length=7)
    rumoured = models.BooleanField()
    moves = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # The month first, as the rows lie: a time is asked for of all companies.
                fields=[
                    "month",
                    "company",
                    "organization",
                    "arriving",
                    "precision",
                    "rumoured",
                ],
                name="place_tally_once",
            )
        ]
        indexes = [models.Index("company", "month", name="place_tally_company")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month}: {self.moves}"


class YearTally(models.Model):
    """Arrivals at and departures from a company with its units, year by year and, as the year 0,
    of all years together.
    """

    company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    arriving = models.BooleanField()
    year = models.SmallIntegerField()
    rumoured = models.BooleanField()
    moves = models.IntegerField()

    ALL_YEARS = 0

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "company", "arriving", "rumoured"],
                name="year_tally_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.year}: {self.moves}"


class LastMonths(models.Model):
    """The months that LastTally counts: the newest on record and the eleven before. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    first_on = models.DateField()
    last_on = models.DateField(help_text="The last day of the newest month.")

    def __str__(self) -> str:
        return f"{self.first_on} to {self.last_on}"


class LastTally(models.Model):
    """Arrivals at and departures from a company with its units in the LastMonths, dates that only
    may lie in them too, without rumours.
    """

    company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    arriving = models.BooleanField()
    moves = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "arriving"], name="last_tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.moves}"


class PairTally(models.Model):
    """Moves from one company to another, year by year; null is an end that is not on record."""

    from_company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    to_company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
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
                nulls_distinct=False,
            )
        ]
        indexes = [
            # With all that is asked of a large company, so that no row is fetched.
            models.Index(
                "to_company",
                "year",
                name="pair_tally_to",
                include=["from_company", "rumoured", "moves"],
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.from_company_id} → {self.to_company_id} {self.year}: {self.moves}"
        )


class SeatTally(models.Model):
    """Moves from one seat to another, month by month; "" is an end that is not on record.

    Moves inside a company are here too: told apart, they are left out where nobody asks for them.
    """

    from_seat = models.CharField(max_length=20, blank=True)
    to_seat = models.CharField(max_length=20, blank=True)
    month = models.DateField()
    precision = models.CharField(max_length=7)
    rumoured = models.BooleanField()
    internal = models.BooleanField()
    is_return = models.BooleanField()
    founder = models.BooleanField()
    moves = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "month",
                    "from_seat",
                    "to_seat",
                    "precision",
                    "rumoured",
                    "internal",
                    "is_return",
                    "founder",
                ],
                name="seat_tally_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_seat} → {self.to_seat} {self.month}: {self.moves}"


class StatedTally(models.Model):
    """Moves with a stated reason, month by month: once as such (`reason` and `teller` are null),
    once for each of their reasons, once for each who states one. Not those inside a company.
    """

    from_seat = models.CharField(max_length=20, blank=True)
    month = models.DateField()
    precision = models.CharField(max_length=7)
    rumoured = models.BooleanField()
    reason = models.ForeignKey(
        Reason,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    teller = models.CharField(max_length=120, null=True)  # noqa: DJ001  # "" is one
    moves = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "month",
                    "from_seat",
                    "precision",
                    "rumoured",
                    "reason",
                    "teller",
                ],
                name="stated_tally_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason_id or self.teller} {self.month}: {self.moves}"


class StayTally(models.Model):
    """How many stints lasted how many whole months, by organization, seat and year of joining.

    Each stint counts once without an organization, for its seat; once for its company; and once
    for every unit in its `units`. `ended` or still open as far as known. `joined` and `months` are
    null where the start is not on record.
    """

    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    seat = models.CharField(max_length=20)
    joined = models.SmallIntegerField(null=True)
    months = models.SmallIntegerField(null=True)
    ended = models.BooleanField()
    about = models.BooleanField()
    is_return = models.BooleanField()
    stints = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "organization",
                    "seat",
                    "joined",
                    "months",
                    "ended",
                    "about",
                    "is_return",
                ],
                name="stay_tally_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(
                "seat",
                "joined",
                name="stay_tally_seat",
                condition=models.Q(organization__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id or self.seat} {self.joined} {self.months}: {self.stints}"
