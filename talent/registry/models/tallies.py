"""How many published events there are of each sort: counted indexes.

Facet counts over millions of events are read from here. Triggers change the counts in the
very transaction that changes an event, so they never differ from what they count. A count
that fell to nothing keeps its row.
"""

from __future__ import annotations

from django.db import models

from talent.registry.models.events import Reason
from talent.registry.models.organizations import Organization, Seat

SORT = ("kind", "standing", "background", "corroborated", "year")


class Tally(models.Model):
    kind = models.CharField(max_length=9)
    standing = models.CharField(max_length=9)
    background = models.BooleanField()
    corroborated = models.BooleanField(default=False, help_text="Two or more origins.")
    year = models.SmallIntegerField()
    events = models.IntegerField()

    class Meta:
        abstract = True


class EventTally(Tally):
    """By organization: for what is asked of one company, or of each."""

    # The indexes below serve both, and hold all that a count reads: no row is fetched.
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    company = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organization", *SORT), name="tally_once_per_sort"
            )
        ]
        indexes = [
            models.Index(
                fields=("company", "year", "organization", *SORT[:-1], "events"),
                name="tally_company",
            ),
            models.Index(
                fields=("year", "company", "organization", *SORT[:-1], "events"),
                name="tally_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.kind} {self.year}: {self.events}"


class ReasonTally(Tally):
    """By organization and stated reason: an event with two is in two counts."""

    reason = models.ForeignKey(
        Reason, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+"
    )
    company = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("reason", "organization", *SORT),
                name="reason_tally_once_per_sort",
            )
        ]
        indexes = [
            models.Index(
                fields=(
                    *("company", "year", "reason", "organization"),
                    *(*SORT[:-1], "events"),
                ),
                name="reason_tally_company",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason_id} {self.organization_id} {self.year}: {self.events}"


class SeatEventTally(Tally):
    """By the seat of the organization: for what is asked of all of them together."""

    seat = models.CharField(max_length=20, choices=Seat.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("seat", *SORT), name="seat_tally_once_per_sort"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.kind} {self.year}: {self.events}"


class SeatReasonTally(Tally):
    reason = models.ForeignKey(
        Reason, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    seat = models.CharField(max_length=20, choices=Seat.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("reason", "seat", *SORT),
                name="seat_reason_tally_once_per_sort",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason_id} {self.seat} {self.year}: {self.events}"


class CompanyTally(models.Model):
    """All published events of a company: no filter can leave more of them."""

    company = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="+"
    )
    events = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=("events", "company"), name="tally_largest")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.events}"
