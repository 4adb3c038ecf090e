from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class RefreshQuerySet(models.QuerySet["Refresh"]):
    def good(self) -> Self:
        return self.filter(outcome=Refresh.Outcome.DONE)

    def forgettable(self, *, before: datetime) -> Self:
        """Those that began before, but for the last good one of each scope: pages tell of it."""
        last = self.good().order_by("scope", "-started_at", "-pk").distinct("scope")
        return self.filter(started_at__lt=before).exclude(pk__in=last.values("pk"))


class Refresh(models.Model):
    """One run of the refresh: what it covered, how long it took, how it ended."""

    class Scope(models.TextChoices):
        TOUCHED = "touched", _("what was touched")
        ALL = "all", _("everything")

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running, or ended without a word")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped: a table would have shrunk")
        FAILED = "failed", _("failed")

    scope = models.CharField(max_length=7, choices=Scope.choices)
    outcome = models.CharField(
        max_length=7, choices=Outcome.choices, default=Outcome.RUNNING
    )
    started_at = models.DateTimeField()
    seconds = models.FloatField(null=True)
    people = models.IntegerField(default=0)
    stints = models.IntegerField(default=0)
    moves = models.IntegerField(default=0)
    generation = models.BigIntegerField(default=0)
    coverage = models.JSONField(
        default=dict, help_text="What a run of everything counted: coverage.InFull."
    )
    message = models.CharField(max_length=500, blank=True)

    objects = RefreshQuerySet.as_manager()

    class Meta:
        verbose_name = _("refresh")
        verbose_name_plural = _("refreshes")
        indexes = [models.Index(fields=["-started_at"], name="refresh_newest")]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.started_at:%Y-%m-%d %H:%M}: {self.outcome}"

    @property
    def rows(self) -> int:
        """Rows of stints and moves that came or went."""
        return self.stints + self.moves
