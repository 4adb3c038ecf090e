"""News counted beforehand, so that no page counts tens of thousands of events: see figures.news.

News are published events that are neither rumoured, denied nor background.
"""

from __future__ import annotations

from django.db import models

from talent.registry.models import Person


class NewsTally(models.Model):
    """News day by day, kept by triggers on the events themselves. A row may stand at zero."""

    happened_on = models.DateField()
    precision = models.CharField(max_length=7)
    kind = models.CharField(max_length=9)
    stated_return = models.BooleanField()
    events = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["happened_on", "precision", "kind", "stated_return"],
                name="news_tally_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}: {self.events}"


class NewsAgain(models.Model):
    """That the news of one week, month or quarter tell of a person more than once.

    The people of a period are its news without these. Few have any, and everybody else no row.
    """

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    unit = models.CharField(max_length=7, help_text="week, month or quarter.")
    first_on = models.DateField(help_text="The first day of the period.")
    events = models.SmallIntegerField(help_text="Those after the person's first one.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "first_on"], name="news_again_once"
            )
        ]
        indexes = [
            models.Index("unit", "first_on", name="news_again", include=["events"])
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.unit} {self.first_on}: {self.events}"
