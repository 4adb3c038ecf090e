from __future__ import annotations

from datetime import datetime
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talent.registry.models.history import recorded

FETCHING = (
    "etag", "last_modified", "asked_at", "worked_at", "next_at", "failures", "outcome",
    "said",
)  # fmt: skip


class FeedQuerySet(models.QuerySet["Feed"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(is_on=True, next_at__lte=at).order_by("next_at", "pk")

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


@recorded(unless=FETCHING)
class Feed(models.Model):
    """An RSS or Atom feed a curator chose, and how asking it went the last time."""

    class Outcome(models.TextChoices):
        NEVER = "", _("never fetched")
        NEWS = "news", _("new articles")
        NOTHING = "nothing", _("nothing new")
        FAULTY = "faulty", _("read, with faults")
        UNREADABLE = "unreadable", _("no feed")
        FAILED = "failed", _("could not fetch")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("The publisher, as it calls itself.")
    )
    url = models.URLField(
        _("address"),
        max_length=1000,
        unique=True,
        help_text=_("Of the feed itself, not of the page that offers it."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        help_text=_("ISO 639-1 code: en, zh, de."),
    )
    is_on = models.BooleanField(
        _("fetched"), default=False, help_text=_("Asked by itself, again and again.")
    )
    minutes = models.PositiveIntegerField(
        _("minutes between"),
        default=60,
        validators=[MinValueValidator(15)],
        help_text=_("15 at least. After a failure it waits twice as long each time."),
    )
    # Given back to the server, which then says in a few bytes that nothing changed.
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    asked_at = models.DateTimeField(_("last asked"), null=True, editable=False)
    worked_at = models.DateTimeField(_("last answer"), null=True, editable=False)
    next_at = models.DateTimeField(
        _("next due"), default=timezone.now, editable=False, db_index=True
    )
    failures = models.PositiveIntegerField(
        _("failures in a row"), default=0, editable=False
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        choices=Outcome.choices,
        blank=True,
        editable=False,
    )
    said = models.CharField(_("in words"), max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        constraints = [
            models.CheckConstraint(
                name="feed_web_address",
                condition=Q(url__regex=r"^https?://[^\s<>\"]+$"),
                violation_error_message=_(
                    "A feed is a web address that starts with http:// or https://."
                ),
            ),
            models.CheckConstraint(
                name="feed_at_most_every_quarter_hour",
                condition=Q(minutes__gte=15),
                violation_error_message=_("15 minutes at least."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A server we ask: by one worker at a time, with a pause, and as its robots.txt wants."""

    name = models.CharField(max_length=260, unique=True)
    # Nobody asks it before; whoever asks moves it on first.
    free_at = models.DateTimeField(default=timezone.now)
    robots = models.TextField(blank=True)
    robots_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("server")
        verbose_name_plural = _("servers")

    def __str__(self) -> str:
        return self.name
