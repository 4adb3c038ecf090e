from __future__ import annotations

from django.db import models

from talent.registry.models.organizations import Organization


class EventTally(models.Model):
    """How many published events there are of each sort: a counted index, kept by PostgreSQL.

    Facet counts over millions of events are read from here. Triggers change it in the very
    transaction that changes an event, so it never differs from the rows it counts.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+"
    )
    company = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=9)
    standing = models.CharField(max_length=9)
    background = models.BooleanField()
    year = models.SmallIntegerField()
    events = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "standing", "background", "year"],
                name="tally_once_per_sort",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.kind} {self.year}: {self.events}"
