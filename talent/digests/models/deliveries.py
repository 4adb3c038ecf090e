"""The send ledger: what each subscriber is due, what was said, and what became of it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talent.digests.models.subscribers import Subscriber
from talent.digests.periods import Frequency
from talent.registry.models import Event


def new_token() -> str:
    """The left part of a Message-ID: known to nobody who has not received the mail."""
    return secrets.token_hex(16)


class Content(models.Model):
    """What a digest says, composed once for everybody who is told the same.

    Kept as it was: a retry sends the same bytes, and a past mail can be opened again.
    HTML and text hold {{MANAGE_URL}}, {{UNSUBSCRIBE_URL}} and {{VIEW_URL}}.
    """

    key = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=7)
    subject = models.CharField(_("subject"), max_length=250)
    preheader = models.CharField(max_length=250, blank=True)
    html = models.TextField()
    text = models.TextField()
    letter = models.JSONField(
        default=dict, help_text=_("What it says, as pages show it.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("content")
        verbose_name_plural = _("contents")
        indexes = [models.Index("created_at", name="content_age")]

    def __str__(self) -> str:
        return self.subject


class Picture(models.Model):
    """A picture inside a mail, named by its Content-ID."""

    content = models.ForeignKey(
        Content, on_delete=models.CASCADE, related_name="pictures"
    )
    cid = models.CharField(max_length=80)
    png = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content", "cid"], name="picture_once")
        ]

    def __str__(self) -> str:
        return self.cid


class SentItem(models.Model):
    """What a content says about one event, so that a later change can be put right.

    A subscriber was told it if a delivery of theirs with this content was sent.
    """

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="items")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(help_text=_("As `statements.facts_of` gives them."))
    shown = models.BooleanField(
        default=True, help_text=_("Not only counted among the further ones.")
    )
    correction = models.BooleanField(
        default=False, help_text=_("Puts right what an earlier mail said.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content", "event"], name="item_once")
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def sent(self) -> Self:
        return self.filter(state=Delivery.State.SENT)

    def pending(self) -> Self:
        return self.filter(state=Delivery.State.PENDING)

    def unwritten(self, *, at: datetime) -> Self:
        """Due, with nothing composed yet; in the order in which they are sent."""
        return (
            self.pending()
            .filter(content=None, next_attempt_at__lte=at, claimed_at=None)
            .order_by("next_attempt_at", "pk")
        )

    def ready(self, *, at: datetime) -> Self:
        """Composed and due, in the order in which they are sent."""
        waiting = self.pending().filter(content__isnull=False, next_attempt_at__lte=at)
        return waiting.order_by("next_attempt_at", "pk")

    def sent_since(self, at: datetime) -> Self:
        return self.filter(sent_at__gte=at)

    def newest_first(self) -> Self:
        return self.order_by("-due_at", "-pk")


class Delivery(models.Model):
    """One digest owed to one subscriber for one period. The row is made before the mail."""

    class State(models.TextChoices):
        PENDING = "pending", _("to be sent")
        SENT = "sent", _("sent")
        NOTHING_NEW = "nothing_new", _("nothing new, so nothing sent")
        GIVEN_UP = "given_up", _("given up")
        HELD = "held", _("held for a person's yes")
        CANCELLED = "cancelled", _("cancelled")

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="deliveries"
    )
    frequency = models.CharField(max_length=7, choices=Frequency.choices)
    period_start = models.DateField(_("period"))
    window_since = models.DateTimeField(help_text=_("News published from here on,"))
    window_until = models.DateTimeField(help_text=_("and before this."))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(
        _("state"), max_length=11, choices=State.choices, default=State.PENDING
    )
    content = models.ForeignKey(
        Content, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    token = models.CharField(
        max_length=32,
        unique=True,
        default=new_token,
        help_text=_("Left part of the Message-ID, the same at every attempt."),
    )
    sent_to = models.CharField(
        max_length=64, blank=True, help_text=_("Hash of the address at hand-over.")
    )
    claimed_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    uncertain = models.BooleanField(
        _("uncertain"),
        default=False,
        help_text=_(
            "An attempt ended without our learning whether the mail was taken."
        ),
    )
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "frequency", "period_start"], name="delivery_once"
            ),
            models.CheckConstraint(
                name="delivery_window", condition=Q(window_since__lt=F("window_until"))
            ),
            models.CheckConstraint(
                name="delivery_sent_has_content_and_time",
                condition=~Q(state="sent")
                | Q(sent_at__isnull=False, content__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                "subscriber", name="delivery_in_hand", condition=Q(state="pending")
            ),
            models.Index(
                "next_attempt_at",
                "id",
                name="delivery_unwritten",
                condition=Q(state="pending", content=None),
            ),
            models.Index(
                "next_attempt_at",
                "id",
                name="delivery_ready",
                condition=Q(state="pending", content__isnull=False),
            ),
            models.Index(
                "sent_at", name="delivery_sent", condition=Q(sent_at__isnull=False)
            ),
            models.Index(fields=["-due_at", "-id"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_frequency_display()}, {self.period_start.isoformat()}"


class Edition(models.Model):
    """The digest of everything for one period, as the public archive shows it."""

    frequency = models.CharField(max_length=7, choices=Frequency.choices)
    period_start = models.DateField(_("period"))
    window_since = models.DateTimeField()
    window_until = models.DateTimeField()
    language = models.CharField(max_length=7, choices=Subscriber.Language.choices)
    content = models.ForeignKey(
        Content, on_delete=models.PROTECT, related_name="editions"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["frequency", "period_start", "language"], name="edition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_frequency_display()}, {self.period_start.isoformat()}"
