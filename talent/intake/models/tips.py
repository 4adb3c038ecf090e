from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.registry.models import (
    Approval,
    Event,
    Organization,
    Person,
    Reply,
    Source,
)


class TipQuerySet(models.QuerySet["Tip"]):
    def open(self) -> Self:
        return self.filter(state__in=(Tip.State.RECEIVED, Tip.State.LOOKING))

    def with_subjects(self) -> Self:
        """With what their rows at the desk name: one query."""
        return self.select_related(
            *("event__person", "event__organization", "event__counterpart"),
            *("person", "organization", "became", "reply", "approval"),
            *("became__person", "became__organization", "source", "decided_by"),
        )

    def oldest_first(self) -> Self:
        return self.order_by("received_at", "pk")


class Tip(models.Model):
    """What a reader sent us. Never shown to the public; a curator decides what becomes of it."""

    class Kind(models.TextChoices):
        EVENT = "event", _("suggested event")
        CORRECTION = "correction", _("suggested correction")
        REPLY = "reply", _("reply of whom it concerns")
        REMOVAL = "removal", _("request for removal")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        LOOKING = "looking", _("being looked at")
        TAKEN = "taken", _("taken over")
        REFUSED = "refused", _("refused")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.RECEIVED
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("about the event"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("about the person"),
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("about the organization"),
    )
    url = models.CharField(_("source"), max_length=1000, blank=True)
    text = models.TextField(_("what was written"), max_length=2000, blank=True)
    details = models.JSONField(
        _("what was stated"),
        default=dict,
        help_text=_("Name of a field of the form → what was typed there."),
    )
    contact = models.CharField(
        _("contact"),
        max_length=254,
        blank=True,
        help_text=_("Deleted thirty days after the decision."),
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField(_("received"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    answer = models.CharField(
        _("answer"),
        max_length=500,
        blank=True,
        help_text=_("Why it was refused; whoever sent it reads this."),
    )
    became = models.ForeignKey(
        Event,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("became the event"),
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("became the source"),
    )
    reply = models.ForeignKey(
        Reply,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("became the reply"),
    )
    approval = models.ForeignKey(
        Approval,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked of a second editor"),
    )

    objects = TipQuerySet.as_manager()

    class Meta:
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        constraints = [
            models.CheckConstraint(
                name="tip_decided_by_somebody",
                condition=Q(state__in=("received", "looking"), decided_at=None)
                | Q(state__in=("taken", "refused"), decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="tip_refused_with_answer",
                condition=~Q(state="refused") | ~Q(answer=""),
                violation_error_message=_("A refusal says why."),
            ),
        ]
        indexes = [
            models.Index(
                "received_at",
                name="tip_open",
                condition=Q(state__in=("received", "looking")),
            ),
            models.Index("decided_at", name="tip_contact", condition=~Q(contact="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about or self.url or self.text[:60]}"

    @property
    def about(self) -> Event | Person | Organization | None:
        return self.event or self.person or self.organization

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.LOOKING)


class TipAttempt(models.Model):
    """Somebody sent the form: counted by network, so that nobody floods the inbox."""

    network = models.CharField(max_length=64, help_text=_("A keyed digest."))
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("network", "at", name="attempt_of_network"),
            models.Index("at", name="attempt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.network[:8]} {self.at:%Y-%m-%d %H:%M}"
