from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from talent.common.partial_date_columns import (
    NEWEST_FIRST_RANK,
    precision_field,
    rank,
    read,
)
from talent.common.partial_dates import Length, PartialDate
from talent.insights.models import triggers
from talent.registry.models import Event, Organization, Person

LASTED = ["months", "end_on", "about", "is_return"]


class Stint(models.Model):
    """One person at one company: `careers.Stint`, stored. Rows of a person follow from that
    person's events alone.
    """

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="stints",
    )
    place = models.SmallIntegerField(help_text="Which of the person's stints, from 0.")
    company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    unit = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        help_text="The unit last known.",
    )
    units = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="Ids of every unit named, and of those above it inside the company.",
    )
    first_place = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
        help_text="The unit first joined, or the company. Its seat is that of the stint.",
    )
    start_on = models.DateField(null=True)
    start_precision = precision_field(blank=True, default="")
    recency = rank("start_on", "start_precision", NEWEST_FIRST_RANK)
    end_on = models.DateField(null=True)
    end_precision = precision_field(blank=True, default="")
    end_inferred = models.BooleanField(default=False)
    known_until = models.DateField(
        null=True,
        help_text="Of an open stint: the date of the newest source that knows of it.",
    )
    known_precision = precision_field(blank=True, default="day")
    about = models.BooleanField(
        default=False, help_text="An end is known only roughly."
    )
    months = models.SmallIntegerField(
        null=True,
        help_text="Whole months it lasted, or has lasted as far as known; null without a start.",
    )
    days = models.IntegerField(null=True)
    at_most = models.SmallIntegerField(
        null=True, help_text="Months it lasted at most, where its ends may be one day."
    )
    hire = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    departure = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    founder = models.BooleanField(default=False)
    is_return = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "place"], name="stint_once_per_place"
            )
        ]
        indexes = [
            # With what most lists of a seat ask, so that they need not look at the rows.
            models.Index(
                "recency", "id", name="stint_recent", include=["first_place", *LASTED]
            ),
            models.Index(
                *("first_place", "recency", "id"),
                name="stint_place_recent",
                include=LASTED,
            ),
            models.Index("company", "recency", "id", name="stint_company_recent"),
            # Of a company: who left, and the shortest stays, which are far between.
            models.Index(
                *("company", "recency", "id"),
                name="stint_company_left",
                condition=models.Q(end_on__isnull=False),
            ),
            models.Index(
                *("company", "days", "id"),
                name="stint_company_shortest",
                condition=models.Q(
                    end_on__isnull=False, recency__isnull=False, at_most=None
                ),
            ),
            GinIndex("units", name="stint_units"),
            models.Index(
                "days",
                "id",
                name="stint_shortest",
                condition=models.Q(end_on__isnull=False, recency__isnull=False),
            ),
            models.Index(
                "recency",
                "id",
                name="stint_founders",
                condition=models.Q(founder=True),
            ),
        ]
        triggers = triggers.stint()

    def __str__(self) -> str:
        return f"{self.person_id} at {self.company_id}"

    @property
    def start(self) -> PartialDate | None:
        return read(self.start_on, self.start_precision)

    @property
    def end(self) -> PartialDate | None:
        return read(self.end_on, self.end_precision)

    @property
    def known(self) -> PartialDate | None:
        return read(self.known_until, self.known_precision)

    @property
    def length(self) -> Length | None:
        """How long it lasted; None while it is open or where its start is not on record."""
        if self.end_on is None or self.months is None or self.days is None:
            return None
        return Length(self.days, self.months, about=self.about, at_most=self.at_most)

    @property
    def seat(self) -> str:
        return self.first_place.seat

    @property
    def last_place(self) -> Organization:
        """The unit last known, or the company."""
        return self.unit or self.company
