from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talent.common.page_addresses import page_address
from talent.common.partial_date_columns import (
    NEWEST_FIRST_RANK,
    OLDEST_FIRST_RANK,
    precision_field,
    rank,
    starts_its_period,
)
from talent.common.partial_dates import PartialDate, Precision
from talent.registry.models import triggers, two_eyes
from talent.registry.models.event_queries import EventQuerySet, ends, units_within
from talent.registry.models.history import recorded
from talent.registry.models.organizations import Organization
from talent.registry.models.people import Person
from talent.registry.models.states import COUNTED, Standing, Status

__all__ = [
    "COUNTED",
    "Event",
    "EventQuerySet",
    "EventReason",
    "Reason",
    "Standing",
    "Status",
    "ends",
    "units_within",
]


class Reason(models.Model):
    """Why somebody moved, as stated by somebody. A table, because the list will grow."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_zh = models.CharField(_("中文名"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return self.name


@recorded(
    unless=(
        "company",
        "counterpart_company",
        "recency",
        "chronology",
        "source_count",
        "origin_count",
        "newest_source_on",
    ),
    told=True,
)
class Event(models.Model):
    """Somebody joined or left an organization. The sentence everything else is derived from."""

    class Kind(models.TextChoices):
        HIRE = "hire", _("hire")
        DEPARTURE = "departure", _("departure")

    class DateBasis(models.TextChoices):
        ANNOUNCED = "announced", _("announced")
        REPORTED = "reported", _("reported")
        EFFECTIVE = "effective", _("effective")

    Standing = Standing
    Status = Status

    slug = models.SlugField(
        _("address"),
        max_length=160,
        unique=True,
        help_text=_(
            "The last part of the page's address, and its name in the data sets."
        ),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="events",
        db_index=False,
        verbose_name=_("person"),
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="events",
        db_index=False,
        verbose_name=_("organization"),
        help_text=_(
            "Joined (hire) or left (departure): the company, or the unit if it is known."
        ),
    )
    company = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="company_events",
        db_index=False,
    )
    team = models.CharField(
        _("team"),
        max_length=200,
        blank=True,
        help_text=_("A team that has no page of its own."),
    )
    counterpart = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="counterpart_events",
        verbose_name=_("from / to"),
        help_text=_(
            "Where a hire came from; where somebody who left went to. Only if stated."
        ),
    )
    counterpart_company = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="counterpart_company_events",
        db_index=False,
    )
    title = models.CharField(
        _("title"),
        max_length=300,
        blank=True,
        help_text=_("The post, as the source gives it."),
    )
    happened_on = models.DateField(_("date"))
    precision = precision_field(default=Precision.DAY)
    recency = rank("happened_on", "precision", NEWEST_FIRST_RANK)
    chronology = rank("happened_on", "precision", OLDEST_FIRST_RANK)
    date_basis = models.CharField(
        _("what the date says"),
        max_length=9,
        choices=DateBasis.choices,
        default=DateBasis.REPORTED,
        help_text=_("The day it was announced, first reported, or took effect."),
    )
    standing = models.CharField(
        _("standing"), max_length=9, choices=Standing.choices, default=Standing.REPORTED
    )
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    founder = models.BooleanField(
        _("founder"),
        default=False,
        help_text=_("Founded or co-founded what they joined."),
    )
    never_started = models.BooleanField(
        _("never started"),
        default=False,
        help_text=_("Announced, but the person never took it up."),
    )
    stated_return = models.BooleanField(
        _("return"),
        default=False,
        help_text=_("A source says they had been there before."),
    )
    background = models.BooleanField(
        _("background"),
        default=False,
        help_text=_("From a career history: fills the timeline, is not news."),
    )
    reasons = models.ManyToManyField(
        Reason, through="EventReason", blank=True, verbose_name=_("reasons")
    )
    summary = models.CharField(
        _("summary"),
        max_length=500,
        blank=True,
        help_text=_("One sentence in our own words."),
    )
    summary_zh = models.CharField(_("summary in Chinese"), max_length=500, blank=True)
    disagreement = models.TextField(
        _("what the sources disagree about"), max_length=2000, blank=True
    )
    source_count = models.SmallIntegerField(default=0, editable=False)
    origin_count = models.SmallIntegerField(default=0, editable=False)
    newest_source_on = models.DateField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [("publish_event", "Can publish, withdraw and deny events")]
        constraints = [
            starts_its_period("happened_on", "precision", "event_date_at_start"),
            models.CheckConstraint(
                name="event_date_in_our_time",
                condition=Q(
                    happened_on__gte=date(1900, 1, 1), happened_on__lt=date(2200, 1, 1)
                ),
                violation_error_message=_("The date lies between 1900 and 2199."),
            ),
            models.CheckConstraint(
                name="event_published_has_time",
                condition=~Q(status="published") | Q(published_at__isnull=False),
                violation_error_message=_(
                    "A published event must say when it was published."
                ),
            ),
            models.CheckConstraint(
                name="event_between_two",
                condition=Q(counterpart=None) | ~Q(counterpart=F("organization")),
                violation_error_message=_(
                    "The two ends of a move cannot be the same organization."
                ),
            ),
            models.CheckConstraint(
                name="event_only_hires_never_start",
                condition=Q(never_started=False) | Q(kind="hire"),
                violation_error_message=_("Only a hire can have never started."),
            ),
            models.CheckConstraint(
                name="event_only_hires_found_or_return",
                condition=Q(founder=False, stated_return=False) | Q(kind="hire"),
                violation_error_message=_(
                    "Founder and return belong to a hire, not to a departure."
                ),
            ),
        ]
        # Those that begin with a foreign key stand in for its own.
        indexes = [
            models.Index(
                "recency", "id", name="event_recent", condition=Q(status="published")
            ),
            models.Index("company", "recency", "id", name="event_company_recent"),
            models.Index(
                "counterpart_company", "recency", "id", name="event_from_to_recent"
            ),
            models.Index("person", "recency", "id", name="event_person_recent"),
            models.Index("organization", "recency", "id", name="event_unit_recent"),
            models.Index(
                "published_at",
                "id",
                name="event_published_at",
                condition=Q(status="published"),
            ),
            models.Index(
                "status",
                "updated_at",
                name="event_unpublished",
                condition=~Q(status="published"),
            ),
            models.Index(
                "chronology", "id", name="event_oldest", condition=Q(status="published")
            ),
            models.Index(
                "recency",
                "id",
                name="event_returns",
                condition=Q(status="published", stated_return=True),
            ),
            # Holds all that facets read of an event, so that no row is fetched.
            models.Index(
                "recency",
                "company",
                "organization",
                "kind",
                "standing",
                "background",
                "origin_count",
                "id",
                name="event_facets",
                condition=Q(status="published"),
            ),
            GinIndex(
                OpClass(F("summary_zh"), name="gin_trgm_ops"),
                name="event_summary_zh",
                condition=~Q(summary_zh=""),
            ),
            GinIndex(
                SearchVector("title", "team", "summary", config="simple"),
                name="event_words",
            ),
        ]
        triggers = [
            *triggers.generation(),
            *triggers.event(),
            two_eyes.denied("event", "deny_event"),
        ]

    def __str__(self) -> str:
        arrow = "→" if self.kind == self.Kind.HIRE else "←"
        return (
            f"{self.person.name} {arrow} {self.organization} ({self.date.isoformat()})"
        )

    def get_absolute_url(self) -> str:
        return page_address("dashboard:event", self.slug)

    def clean(self) -> None:
        if self.counterpart_id and self.counterpart_id == self.organization_id:
            raise ValidationError(
                {
                    "counterpart": _(
                        "The two ends of a move cannot be the same organization."
                    )
                }
            )

    @property
    def date(self) -> PartialDate:
        return PartialDate(self.happened_on, Precision(self.precision))

    @property
    def is_hire(self) -> bool:
        return self.kind == self.Kind.HIRE

    @property
    def origin(self) -> Organization | None:
        """Where the person came from, if known."""
        return self.counterpart if self.is_hire else self.organization

    @property
    def destination(self) -> Organization | None:
        """Where the person went, if known."""
        return self.organization if self.is_hire else self.counterpart


@recorded(found_by="event", told=True)
class EventReason(models.Model):
    """One stated reason, with who states it."""

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="event_reasons",
        db_index=False,  # served by the constraint
    )
    reason = models.ForeignKey(
        Reason, on_delete=models.PROTECT, related_name="+", verbose_name=_("reason")
    )
    stated_by = models.CharField(
        _("stated by"),
        max_length=120,
        blank=True,
        help_text=_("The person, the company, a colleague, the press."),
    )

    class Meta:
        verbose_name = _("stated reason")
        verbose_name_plural = _("stated reasons")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "reason"],
                name="event_reason_once",
                violation_error_message=_("This reason is stated already."),
            )
        ]
        triggers = triggers.generation() + triggers.event_reason()

    def __str__(self) -> str:
        return (
            f"{self.reason} ({self.stated_by})" if self.stated_by else str(self.reason)
        )
