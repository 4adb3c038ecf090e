"""Addresses that must not be mailed, and what mail servers said about ours."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from talent.digests.addresses import digest_of


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def of(self, address: str) -> Self:
        return self.filter(address_hash=digest_of(address))


class Suppression(models.Model):
    """An address that gets no more mail, kept as a hash: it can be checked, not read."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("asked to be left alone")
        HARD_BOUNCE = "hard_bounce", _("the address does not exist")
        COMPLAINT = "complaint", _("reported our mail as spam")

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=11, choices=Reason.choices)
    at = models.DateTimeField(_("since"))

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")

    def __str__(self) -> str:
        return f"{self.address_hash[:8]}… ({self.get_reason_display()})"


class Bounce(models.Model):
    """One report about one of our mails that a server refused or a reader complained of."""

    class Kind(models.TextChoices):
        HARD = "hard", _("hard bounce")
        SOFT = "soft", _("soft bounce")
        COMPLAINT = "complaint", _("complaint")

    # Nothing of it is kept once the subscriber has gone.
    delivery = models.ForeignKey(
        "digests.Delivery", on_delete=models.CASCADE, related_name="bounces"
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    status = models.CharField(
        _("status"), max_length=20, blank=True, help_text=_("RFC 3463, as 5.1.1.")
    )
    said = models.CharField(_("what the server said"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        constraints = [
            # A report that arrives twice counts once.
            models.UniqueConstraint(fields=["delivery", "kind"], name="bounce_once")
        ]
        indexes = [models.Index("kind", "at", name="bounce_rate")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.status}".strip()
