"""What the nightly look at the record found, what curators set aside, how links answered."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.registry.models.events import Event
from talent.registry.models.history import recorded
from talent.registry.models.organizations import Organization
from talent.registry.models.pay import Package
from talent.registry.models.people import Person
from talent.registry.models.sources import Source


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> Self:
        return self.filter(dismissed=False)

    def set_aside(self) -> Self:
        return self.filter(dismissed=True)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    @staticmethod
    def counts(most: int) -> dict[str, int]:
        """Open findings of each kind, and under "" those set aside: up to `most` of each, so
        that counting stays quick whatever the record holds. One query.
        """
        counted = """
            SELECT kind, (
                SELECT count(*) FROM (
                    SELECT FROM registry_finding AS finding
                    WHERE NOT dismissed AND finding.kind = asked.kind LIMIT %(most)s
                ) AS counted
            ) FROM unnest(%(kinds)s::text[]) AS asked (kind)
            UNION ALL SELECT '', (
                SELECT count(*) FROM (
                    SELECT FROM registry_finding WHERE dismissed LIMIT %(most)s
                ) AS counted
            )
        """
        with connection.cursor() as cursor:
            cursor.execute(counted, {"most": most, "kinds": Finding.Kind.values})
            return dict(cursor.fetchall())


class Finding(models.Model):
    """One thing that looks wrong. Derived: the refresh of `registry.health` alone writes it."""

    class Kind(models.TextChoices):
        """In the order of the page: the gravest first."""

        NO_SOURCE = "no-source", _("Published without a source")
        DEPARTURE_FIRST = "departure-first", _("Departure before the hire")
        TWO_DEPARTURES = "two-departures", _("Two departures without a hire between")
        BEFORE_FOUNDING = "before-founding", _("Before the company was founded")
        OVERLAP = "overlap", _("Overlapping stays")
        FUTURE = "future", _("Date lies ahead")
        DUPLICATE_EVENT = "duplicate-event", _("Perhaps one event twice")
        DUPLICATE_PERSON = "duplicate-person", _("People with near-identical names")
        DUPLICATE_ORGANIZATION = (
            "duplicate-organization",
            _("Organizations of one name"),
        )
        DEAD_LINK = "dead-link", _("Source is gone")
        MOVED_LINK = "moved-link", _("Source has moved")
        OTHER_HALF = "other-half", _("Other half of a move missing")
        INVENTED_DAY = "invented-day", _("Day that looks invented")
        NO_READING = "no-reading", _("Package without a figure")
        UNUSED = "unused", _("Organization nobody uses")
        NO_END = "no-end", _("End of a stay taken from the next hire")
        ONE_ORIGIN = "one-origin", _("Event with one origin")

    kind = models.CharField(max_length=24, choices=Kind.choices)
    key = models.CharField(max_length=48, help_text="Which rows it is about.")
    facts = models.CharField(
        max_length=32,
        help_text="Digest of what it rests on: another one, another case.",
    )
    sentence = models.CharField(max_length=600)
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, related_name="+"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, related_name="+"
    )
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, null=True, related_name="+"
    )
    package = models.ForeignKey(
        Package, on_delete=models.CASCADE, null=True, related_name="+"
    )
    other_id = models.BigIntegerField(
        null=True, help_text="The other event, person or organization of a pair."
    )
    dismissed = models.BooleanField(default=False)
    found_at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("data health")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="finding_once"),
        ]
        indexes = [
            models.Index(
                "kind", "id", name="finding_open", condition=Q(dismissed=False)
            ),
            models.Index("id", name="finding_dismissed", condition=Q(dismissed=True)),
        ]

    def __str__(self) -> str:
        return self.sentence


@recorded()
class Dismissal(models.Model):
    """A curator looked at a finding and says that it is right as it is.

    It holds for the facts the curator saw: with others the finding comes back.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=Finding.Kind.choices)
    key = models.CharField(max_length=48)
    facts = models.CharField(max_length=32)
    reason = models.CharField(_("reason"), max_length=300)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    dismissed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("dismissal")
        verbose_name_plural = _("dismissals")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="dismissal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def dead(self) -> Self:
        """Failed on two different days at least: a server may be down for one."""
        return self.filter(failed_days__gte=LinkCheck.DEAD_AFTER)

    def moved(self) -> Self:
        return self.filter(outcome=LinkCheck.Outcome.MOVED)


class LinkCheck(models.Model):
    """How the page of a source answered last. Beside the source: a check is no edit of it,
    and changes no page and no number.
    """

    DEAD_AFTER = 2

    class Outcome(models.TextChoices):
        THERE = "there", _("there")
        MOVED = "moved", _("moved")
        FAILED = "failed", _("failed")
        UNSURE = "unsure", _("does not tell us")

    source = models.OneToOneField(
        Source, on_delete=models.CASCADE, primary_key=True, related_name="link_check"
    )
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    checked_at = models.DateTimeField()
    answer = models.CharField(max_length=300, help_text="For people: why.")
    moved_to = models.CharField(max_length=2000, blank=True)
    failed_days = models.SmallIntegerField(
        default=0, help_text="On how many days in a row of checks it failed."
    )
    failing_since = models.DateField(null=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        indexes = [
            models.Index("checked_at", name="link_check_oldest"),
            models.Index(
                "source", name="link_check_bad", condition=~Q(outcome="there")
            ),
        ]

    def __str__(self) -> str:
        return self.answer
