from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talent.common.page_addresses import page_address
from talent.registry.models import triggers
from talent.registry.models.events import Event, EventQuerySet, Status
from talent.registry.models.history import recorded


class WaveQuerySet(models.QuerySet["Wave"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def newest_first(self) -> Self:
        return self.order_by("-first_day", "-pk")


@recorded(told=True)
class Wave(models.Model):
    """Linked moves in a short time, told on one page. A curator says that they belong together."""

    Status = Status

    slug = models.SlugField(
        _("address"),
        max_length=160,
        unique=True,
        help_text=_("The last part of the page's address."),
    )
    title = models.CharField(
        _("title"),
        max_length=200,
        help_text=_("Who went where, and when, in few words."),
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    summary = models.TextField(
        _("summary"),
        max_length=1000,
        blank=True,
        help_text=_("A few sentences in our own words: what links these moves."),
    )
    summary_zh = models.TextField(_("summary in Chinese"), max_length=1000, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    events = models.ManyToManyField(
        Event, through="WaveEvent", related_name="waves", verbose_name=_("events")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        constraints = [
            models.CheckConstraint(
                name="wave_days_in_order",
                condition=Q(first_day__lte=F("last_day")),
                violation_error_message=_("The last day cannot come before the first."),
            ),
            models.CheckConstraint(
                name="wave_published_has_time",
                condition=~Q(status="published") | Q(published_at__isnull=False),
                violation_error_message=_(
                    "A published wave must say when it was published."
                ),
            ),
        ]
        triggers = triggers.generation()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_address("dashboard:wave", self.slug)

    def public_events(self) -> EventQuerySet:
        """Those a reader may see: an event withdrawn later leaves the wave's page too."""
        return Event.objects.published().filter(waves=self)


@recorded()
class WaveEvent(models.Model):
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="parts")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="+", verbose_name=_("event")
    )

    class Meta:
        verbose_name = _("event of the wave")
        verbose_name_plural = _("events of the wave")
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "event"],
                name="wave_event_once",
                violation_error_message=_("This event is in the wave already."),
            )
        ]
        triggers = triggers.generation()

    def __str__(self) -> str:
        return str(self.event)
