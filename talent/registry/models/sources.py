from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talent.common.partial_date_columns import known_together, precision_field, read
from talent.common.partial_dates import PartialDate
from talent.registry.models import triggers
from talent.registry.models.events import Event
from talent.registry.models.history import recorded


@recorded(told=True)
class Source(models.Model):
    """A page on the web. Its title stays in the language and the words it was printed in."""

    key = models.CharField(
        _("key"),
        max_length=40,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text=_("Its name in the data sets."),
    )
    url = models.URLField(
        _("address"),
        max_length=1000,
        unique=True,
        help_text=_("The page itself, http or https."),
    )
    title = models.CharField(
        _("title"),
        max_length=500,
        blank=True,
        help_text=_("As printed, in its own language."),
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    published_on = models.DateField(_("published"), null=True, blank=True)
    published_precision = precision_field(blank=True, default="")
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        help_text=_("ISO 639-1 code: en, zh, de."),
    )
    repeats = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repeated_by",
        verbose_name=_("repeats"),
        help_text=_(
            "The first report, where this page only retells it. Both count as one origin."
        ),
    )
    archive_url = models.URLField(
        _("archive copy"),
        max_length=1000,
        blank=True,
        help_text=_("A stored copy of the page."),
    )
    checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            known_together(
                "published_on", "published_precision", "source_published_known"
            ),
            models.CheckConstraint(
                name="source_web_address",
                condition=Q(url__regex=r"^https?://[^\s<>\"]+$"),
                violation_error_message=_(
                    "A source is a web address that starts with http:// or https://."
                ),
            ),
            models.CheckConstraint(
                name="source_archive_web_address",
                condition=Q(archive_url="")
                | Q(archive_url__regex=r"^https?://[^\s<>\"]+$"),
                violation_error_message=_("An archive copy is a web address."),
            ),
            models.CheckConstraint(
                name="source_repeats_another",
                condition=Q(repeats=None) | ~Q(repeats=F("id")),
                violation_error_message=_("A source cannot repeat itself."),
            ),
        ]
        triggers = triggers.generation() + triggers.source()

    def __str__(self) -> str:
        return (
            " – ".join(part for part in (self.publisher, self.title) if part)
            or self.url
        )

    @property
    def published(self) -> PartialDate | None:
        return read(self.published_on, self.published_precision)


class CitationQuerySet(models.QuerySet["Citation"]):
    def with_sources(self) -> Self:
        return self.select_related("source", "source__repeats")

    def of_events(self, events: Iterable[Event]) -> Self:
        return self.filter(event__in=[event.pk for event in events])

    def in_order(self) -> Self:
        return self.order_by(F("source__published_on").asc(nulls_last=True), "pk")


@recorded(found_by="event", told=True)
class Citation(models.Model):
    """What one page says about one event."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        CONTRADICTS = "contradicts", _("contradicts")

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="citations",
        db_index=False,  # served by the constraint
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="citations",
        verbose_name=_("source"),
    )
    states = models.CharField(
        _("states"),
        max_length=500,
        blank=True,
        help_text=_("What the page says about this event, in our own words."),
    )
    stance = models.CharField(
        _("stance"), max_length=11, choices=Stance.choices, default=Stance.SUPPORTS
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "source"],
                name="citation_once_per_source",
                violation_error_message=_(
                    "This source is cited for this event already."
                ),
            )
        ]
        triggers = triggers.generation() + triggers.citation()

    def __str__(self) -> str:
        return str(self.source)
