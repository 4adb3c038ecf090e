"""Who receives digests, what they follow, and what they asked for but did not confirm yet."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from talent.digests.addresses import LONGEST, digest_of, masked
from talent.digests.models.suppressions import Suppression
from talent.digests.periods import Frequency, Schedule
from talent.digests.time_zones import days

if TYPE_CHECKING:
    pass

# Contents remembered per subscriber when composing: more than three months of daily mails.
HISTORY = 100


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            gettext("%(name)s is not a time zone of the IANA list.") % {"name": name}
        )


def paused(*, at: datetime) -> Q:
    """As `Subscriber.is_paused`, for many: the day counts that it is where they live."""
    utc, ahead, behind = days(at=at)
    tomorrow = utc + timedelta(days=1)
    return (
        Q(paused_until__gt=tomorrow)
        | Q(paused_until=tomorrow) & ~Q(time_zone__in=ahead)
        | Q(paused_until=utc, time_zone__in=behind)
    )


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def at(self, address: str) -> Self:
        """The subscriber with this address (as `addresses.read` gives it), in any case."""
        return self.filter(address_key=address.lower())

    def receiving_nothing(self, *, at: datetime) -> Self:
        """Who gets no mail at the time, whatever is due."""
        return self.filter(
            Q(stopped_at__isnull=False) | paused(at=at) | Exists(self.suppressions())
        )

    def is_suppressed(self) -> Exists:
        return Exists(self.suppressions())

    def suppressions(self) -> models.QuerySet[Suppression]:
        return Suppression.objects.filter(address_hash=OuterRef("address_hash"))

    def with_follows(self) -> Self:
        return self.prefetch_related("follows")

    def with_history(self) -> Self:
        """What composing needs, for many at once: follows, and `sent_contents`.

        `sent_contents` lists the ids of the contents already sent, the newest first:
        `SentItem.objects.filter(content__in=sent_contents)` is what they were told.
        """
        from talent.digests.models.deliveries import Delivery

        sent = (
            Delivery.objects.sent()
            .filter(subscriber=OuterRef("pk"), content__isnull=False)
            .order_by("-sent_at", "-pk")
            .values("content_id")[:HISTORY]
        )
        return self.with_follows().annotate(sent_contents=ArraySubquery(sent))


class Subscriber(models.Model):
    """A confirmed address. What remains of one that is deleted is at most a Suppression."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        CHINESE = "zh-hans", "简体中文"

    Frequency = Frequency

    address = models.EmailField(_("address"), max_length=LONGEST)
    address_key = models.CharField(max_length=LONGEST, unique=True, editable=False)
    address_hash = models.CharField(max_length=64, db_index=True, editable=False)
    language = models.CharField(
        _("language"),
        max_length=7,
        choices=Language.choices,
        default=Language.ENGLISH,
    )
    frequency = models.CharField(
        _("how often"),
        max_length=7,
        choices=Frequency.choices,
        default=Frequency.WEEKLY,
    )
    weekday = models.SmallIntegerField(
        _("weekday"), default=0, help_text=_("0 is Monday; for weekly digests.")
    )
    monthday = models.SmallIntegerField(
        _("day of the month"),
        default=1,
        help_text=_(
            "For monthly digests. A month that is too short sends on its last day."
        ),
    )
    hour = models.SmallIntegerField(
        _("hour"),
        default=8,
        help_text=_("In the subscriber's time zone; sent within that hour."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    confirmed_at = models.DateTimeField(_("confirmed"))
    started_at = models.DateTimeField(
        _("started"), help_text=_("What was published before is not news to them.")
    )
    paused_until = models.DateField(
        _("paused until"),
        null=True,
        blank=True,
        help_text=_("Nothing is sent before this day; then one mail covers the pause."),
    )
    covered_until = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("The end of the last period they were told about."),
    )
    next_due_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("Empty after a change of schedule: the next run works it out."),
    )
    stopped_at = models.DateTimeField(
        _("stopped"),
        null=True,
        editable=False,
        help_text=_("Nothing is sent from here on; the row is deleted a month later."),
    )
    stopped_how = models.CharField(max_length=20, blank=True, editable=False)
    soft_bounces = models.SmallIntegerField(
        default=0, editable=False, help_text=_("In a row.")
    )
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubscriberQuerySet.as_manager()
    # Only on rows of with_history().
    sent_contents: list[int]

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        permissions = [("reveal_address", "Can see a whole address")]
        constraints = [
            models.CheckConstraint(
                name="subscriber_weekday", condition=Q(weekday__range=(0, 6))
            ),
            models.CheckConstraint(
                name="subscriber_monthday", condition=Q(monthday__range=(1, 31))
            ),
            models.CheckConstraint(
                name="subscriber_hour", condition=Q(hour__range=(0, 23))
            ),
        ]
        indexes = [models.Index("next_due_at", "id", name="subscriber_due")]

    def __str__(self) -> str:
        return masked(self.address)

    @property
    def schedule(self) -> Schedule:
        return Schedule(
            frequency=Frequency(self.frequency),
            weekday=self.weekday,
            monthday=self.monthday,
            hour=self.hour,
            time_zone=self.time_zone,
        )

    @property
    def news_since(self) -> datetime:
        """What was published from this moment on is news to them."""
        return self.covered_until or self.started_at

    def day(self, *, at: datetime) -> date:
        """The day it is where they live."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def is_paused(self, *, at: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > self.day(at=at)

    def readdress(self, address: str) -> None:
        """Set the address, read before, and what derives from it. Save ADDRESS_FIELDS then."""
        self.address = address
        self.address_key = address.lower()
        self.address_hash = digest_of(address)


ADDRESS_FIELDS = ("address", "address_key", "address_hash")


class Follow(models.Model):
    """One thing a subscriber follows: a filter of the record, as its query string."""

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="follows"
    )
    query = models.CharField(
        _("filter"),
        max_length=2000,
        blank=True,
        help_text=_("The query string of a list of events; empty follows everything."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "query"], name="follow_once")
        ]

    def __str__(self) -> str:
        return self.query or gettext("everything")


class Request(models.Model):
    """Something asked for by mail that its owner has yet to confirm by a link."""

    class Purpose(models.TextChoices):
        SUBSCRIBE = "subscribe", _("subscribe")
        ADDRESS = "address", _("change the address")
        MANAGE = "manage", _("send the link to the settings")
        TOLD = "told", _("tell the old address of a change")

    subscriber = models.ForeignKey(
        Subscriber,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="requests",
        help_text=_("Whose address is to change; none yet for a new subscriber."),
    )
    # Empty where it must not be written to.
    address = models.EmailField(_("address"), max_length=LONGEST, blank=True)
    address_hash = models.CharField(max_length=64)
    mailbox_hash = models.CharField(max_length=64)
    purpose = models.CharField(_("purpose"), max_length=9, choices=Purpose.choices)
    payload = models.JSONField(_("what was asked for"), default=dict)
    nonce = models.CharField(max_length=64, default=new_secret)
    token_hash = models.CharField(max_length=64, unique=True, default=new_secret)
    network_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    mail_due = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index("address_hash", "created_at", name="request_address"),
            models.Index("mailbox_hash", "created_at", name="request_mailbox"),
            models.Index("network_hash", "created_at", name="request_network"),
            models.Index(
                "attempts",
                "id",
                name="request_mail_due",
                condition=Q(mail_due=True, mailed_at=None),
            ),
            models.Index("created_at", name="request_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {masked(self.address)}"
