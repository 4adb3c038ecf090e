"""Webhooks: who wants to be told of which events, where, and what each was told."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.common.addresses import LONGEST, masked

LONGEST_URL = 1000


def new_nonce() -> str:
    """Something to derive a secret from; worth nothing without the server's key."""
    return secrets.token_hex(32)


class HookQuerySet(models.QuerySet["Hook"]):
    def active(self) -> Self:
        return self.filter(state=Hook.State.ACTIVE)

    def confirmed(self) -> Self:
        return self.exclude(state=Hook.State.ASKED)

    def unconfirmed_since(self, at: datetime) -> Self:
        return self.filter(state=Hook.State.ASKED, created_at__lt=at)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")


class Hook(models.Model):
    """One filter and the endpoint that is told what changes in the list it makes."""

    class State(models.TextChoices):
        ASKED = "asked", _("not confirmed by mail yet")
        UNVERIFIED = "unverified", _("its endpoint has not answered yet")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        DISABLED = "disabled", _("disabled")

    class Why(models.TextChoices):
        FAILED = "failed", _("failed for two days")
        GONE = "gone", _("its endpoint said that it is gone (410)")
        DESK = "desk", _("by an editor")

    query = models.CharField(
        _("filter"),
        max_length=2000,
        blank=True,
        help_text=_("The query string of a list of events; empty means every event."),
    )
    url = models.CharField(_("endpoint"), max_length=LONGEST_URL)
    email = models.EmailField(_("address"), max_length=LONGEST)
    mailbox_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=7, default="en")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.ASKED
    )
    why_disabled = models.CharField(
        _("why disabled"), max_length=6, choices=Why.choices, blank=True
    )
    # The links in mails are derived from the first, signatures from the others.
    nonce = models.CharField(max_length=64, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    secret_nonce = models.CharField(max_length=64, default=new_nonce, editable=False)
    old_secret_nonce = models.CharField(max_length=64, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    position = models.BigIntegerField(
        default=0, help_text=_("The change up to which deliveries are planned.")
    )
    knows_since = models.DateTimeField(
        null=True,
        help_text=_("What was published before is taken as known to it."),
    )
    failures = models.IntegerField(
        _("failures in a row"), default=0, help_text=_("Of the endpoint.")
    )
    failing_since = models.DateTimeField(_("failing since"), null=True)
    rests_until = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    served_at = models.DateTimeField(_("last asked"), null=True)
    answered_at = models.DateTimeField(_("last answered"), null=True)
    created_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    verified_at = models.DateTimeField(_("verified"), null=True)

    objects = HookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                name="hook_disabled_says_why",
                condition=Q(state="disabled") ^ Q(why_disabled=""),
            ),
        ]
        indexes = [
            models.Index("mailbox_hash", name="hook_mailbox"),
            models.Index("state", "served_at", name="hook_served"),
        ]

    def __str__(self) -> str:
        return f"{self.host} ({masked(self.email)})"

    @property
    def host(self) -> str:
        """All of the endpoint that may be shown to others: paths hold secrets."""
        return self.url.split("/")[2] if self.url.count("/") >= 2 else ""


class HookMail(models.Model):
    """A mail about webhooks that is owed, or was sent lately: limits count these rows."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm a webhook")
        LINKS = "links", _("the links to an address's webhooks")
        DISABLED = "disabled", _("a webhook was disabled")

    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    hook = models.ForeignKey(
        Hook, on_delete=models.CASCADE, null=True, related_name="mails"
    )
    # Empty where it must not be written to.
    address = models.EmailField(max_length=LONGEST, blank=True)
    mailbox_hash = models.CharField(max_length=64)
    network_hash = models.CharField(max_length=64, blank=True)
    number = models.CharField(max_length=64, default=new_nonce)
    language = models.CharField(max_length=7, default="en")
    due = models.BooleanField()
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("mailbox_hash", "created_at", name="hook_mail_mailbox"),
            models.Index("network_hash", "created_at", name="hook_mail_network"),
            models.Index(
                "attempts",
                "id",
                name="hook_mail_due",
                condition=Q(due=True, mailed_at=None),
            ),
            models.Index("created_at", name="hook_mail_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {masked(self.address)}"
