"""Whether digests may leave at all, and what the last run saw."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeliverySwitch(models.Model):
    """One row: the emergency brake, the ceilings, and the heartbeat of the runs."""

    stopped = models.BooleanField(
        _("stop all digests"),
        default=False,
        help_text=_("Nothing more leaves; a message in hand is finished."),
    )
    why = models.CharField(_("why"), max_length=300, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    changed_at = models.DateTimeField(null=True, editable=False)
    per_run = models.PositiveIntegerField(
        _("at most in one run"), default=20_000, help_text=_("The next run goes on.")
    )
    per_day = models.PositiveIntegerField(
        _("at most in 24 hours"),
        default=200_000,
        help_text=_("What a mistake can send at worst."),
    )
    # The runs pause themselves: a wrong password, a relay that refuses TLS, complaints.
    paused_until = models.DateTimeField(null=True, editable=False)
    alarm = models.CharField(max_length=300, blank=True, editable=False)
    last_run_at = models.DateTimeField(null=True, editable=False)
    # Of the database the last run saw: another one was restored from a backup.
    fingerprint = models.CharField(max_length=100, blank=True, editable=False)
    # Then whatever was due before this moment waits for a person's yes.
    hold_due_before = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("switch of all digests")
        verbose_name_plural = _("switch of all digests")
        constraints = [models.CheckConstraint(name="switch_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("stopped") if self.stopped else _("on"))
