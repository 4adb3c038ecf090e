"""The ledger of webhooks: what has changed, who is owed word of it, what became of that."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from talent.opendata.models.hooks import Hook

# Of what an endpoint answered, and of what went wrong.
LONGEST_SAID = 300


class HistoryRead(models.Model):
    """One row: up to where the history of the record has been turned into changes."""

    # By table of the history, the last version read.
    versions = models.JSONField(default=dict)
    # Changes up to this one are not kept any more.
    forgotten = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.versions)


class EventChange(models.Model):
    """Something of an event may have changed. The numbers are in the order of the commits."""

    # Not a foreign key: an event that is gone is a change, too.
    event = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index("at", name="event_change_age")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.event}"


class HookTold(models.Model):
    """Whether an endpoint takes an event to be in its list, by the last message about it."""

    hook = models.ForeignKey(
        Hook, on_delete=models.CASCADE, related_name="told", db_index=False
    )
    event = models.BigIntegerField()
    listed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("hook", "event", name="hook_told_once")]

    def __str__(self) -> str:
        return f"{self.hook_id}: {self.event}"


def new_message_id() -> str:
    return f"msg_{secrets.token_hex(13)}"


class HookDeliveryQuerySet(models.QuerySet["HookDelivery"]):
    def pending(self) -> Self:
        return self.filter(state=HookDelivery.State.PENDING)

    def of_events(self) -> Self:
        return self.filter(event__isnull=False)

    def probes(self) -> Self:
        return self.filter(kind__in=PROBES)

    def settled(self) -> Self:
        return self.exclude(state=HookDelivery.State.PENDING)

    def due(self, *, at: datetime) -> Self:
        """In the order in which they are sent."""
        return self.pending().filter(next_at__lte=at).order_by("next_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-pk")


class HookDelivery(models.Model):
    """One message owed to one endpoint. What it says is made when it is sent, and not kept."""

    class Kind(models.TextChoices):
        PUBLISHED = "event.published", "event.published"
        CHANGED = "event.changed", "event.changed"
        WITHDRAWN = "event.withdrawn", "event.withdrawn"
        LIST = "list.changed", "list.changed"
        PING = "webhook.ping", "webhook.ping"
        TEST = "webhook.test", "webhook.test"

    class State(models.TextChoices):
        PENDING = "pending", _("to be sent")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")
        SUPERSEDED = "superseded", _("a newer message took its place")
        NEEDLESS = "needless", _("nothing left to say")

    hook = models.ForeignKey(
        Hook,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("webhook"),
    )
    kind = models.CharField(_("type"), max_length=15, choices=Kind.choices)
    event = models.BigIntegerField(_("event"), null=True)
    message_id = models.CharField(
        _("webhook-id"), max_length=40, unique=True, default=new_message_id
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    created_at = models.DateTimeField(_("made"))
    next_at = models.DateTimeField(_("next attempt"))
    attempts = models.SmallIntegerField(_("attempts"), default=0)
    # Its endpoint may have it since then; a replay does not empty this.
    tried_at = models.DateTimeField(_("first attempt"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = HookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        constraints = [
            models.UniqueConstraint(
                "hook",
                "event",
                name="hook_delivery_one_waiting",
                condition=Q(state="pending", event__isnull=False),
            ),
            models.UniqueConstraint(
                "hook",
                "kind",
                name="hook_delivery_one_of_a_kind",
                condition=Q(state="pending", event=None),
            ),
            models.CheckConstraint(
                name="hook_delivery_settled_or_not",
                condition=Q(state="pending") ^ Q(settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                "hook",
                "next_at",
                "id",
                name="hook_delivery_due",
                condition=Q(state="pending"),
            ),
            models.Index(F("hook"), F("id").desc(), name="hook_delivery_newest"),
            models.Index("hook", "event", name="hook_delivery_event"),
            models.Index("created_at", name="hook_delivery_age"),
        ]

    def __str__(self) -> str:
        return self.message_id


PROBES = (HookDelivery.Kind.PING, HookDelivery.Kind.TEST)


class HookAttempt(models.Model):
    """One request and what came back: no header, and of a body its beginning if it failed."""

    delivery = models.ForeignKey(
        HookDelivery, on_delete=models.CASCADE, related_name="tries"
    )
    at = models.DateTimeField(_("sent"))
    size = models.IntegerField(_("bytes sent"))
    milliseconds = models.IntegerField(_("milliseconds"))
    status = models.SmallIntegerField(_("status"), null=True)
    said = models.CharField(_("what was said"), max_length=LONGEST_SAID, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.status or '–'}"
