"""What one editor may not do alone: what was asked for, by whom, and what became of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talent.registry.models.deals import DealReading
from talent.registry.models.events import Event
from talent.registry.models.pay import Package, Reading
from talent.registry.models.people import Person

SUBJECTS = ("event", "package", "reading", "deal_reading", "person")


class Act(models.TextChoices):
    DENY_EVENT = "deny_event", _("mark the event as denied")
    WITHDRAW_PAY = "withdraw_pay", _("withdraw the package")
    PAY_TO_DRAFT = "pay_to_draft", _("take the package back to draft")
    DENY_FIGURE = "deny_figure", _("mark the figure as denied")
    DENY_DEAL_FIGURE = "deny_deal_figure", _("mark the figure of the deal as denied")
    REMOVE_EVENT = "remove_event", _("remove the event for good")
    REMOVE_PERSON = "remove_person", _("remove the person for good")

    @property
    def subject(self) -> str:
        """The column that says what it is done to."""
        return {
            Act.WITHDRAW_PAY: "package",
            Act.PAY_TO_DRAFT: "package",
            Act.DENY_FIGURE: "reading",
            Act.DENY_DEAL_FIGURE: "deal_reading",
            Act.REMOVE_PERSON: "person",
        }.get(self, "event")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self) -> Self:
        return self.filter(state=Approval.State.WAITING)

    def with_subjects(self) -> Self:
        """With what their rows at the desk name: one query."""
        return self.select_related(
            "asked_by",
            "decided_by",
            "person",
            *("event__person", "event__organization"),
            *("package__person", "package__organization"),
            *("reading__package__person", "reading__package__organization"),
            *("deal_reading__deal__buyer", "deal_reading__deal__target"),
        )

    def oldest_first(self) -> Self:
        return self.order_by("asked_at", "pk")


class Approval(models.Model):
    """One editor asks, another one approves or declines. Rows are kept: they are the proof."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second editor")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        TAKEN_BACK = "taken_back", _("taken back")

    Act = Act

    act = models.CharField(_("what is asked for"), max_length=16, choices=Act.choices)
    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("event"),
    )
    package = models.ForeignKey(
        Package,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("package"),
    )
    reading = models.ForeignKey(
        Reading,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("figure"),
    )
    deal_reading = models.ForeignKey(
        DealReading,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("figure of a deal"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.CharField(_("said with the decision"), max_length=300, blank=True)
    alone = models.BooleanField(
        _("alone"),
        default=False,
        help_text=_("Approved by who asked: there was no second publisher."),
    )
    used = models.BooleanField(
        default=False,
        editable=False,
        help_text="It was carried out, and covers no later change of the row.",
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a second pair of eyes")
        verbose_name_plural = _("requests for a second pair of eyes")
        constraints = [
            models.UniqueConstraint(
                "act",
                *SUBJECTS,
                name="approval_waits_once",
                condition=Q(state="waiting"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="approval_of_one_row",
                condition=Q(
                    *(
                        Q(**{f"{name}__isnull": name != subject for name in SUBJECTS})
                        for subject in SUBJECTS
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="approval_by_another",
                condition=~Q(state="approved")
                | Q(alone=True)
                | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Whoever asks does not approve."),
            ),
            models.CheckConstraint(
                name="approval_decided_by_somebody",
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | ~Q(state="waiting")
                & Q(decided_by__isnull=False)
                & Q(decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                "asked_at", name="approval_waiting", condition=Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.subject}"

    @property
    def subject(self) -> Event | Package | Reading | DealReading | Person:
        row: Event | Package | Reading | DealReading | Person = getattr(
            self, Act(self.act).subject
        )
        return row

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING


class Tombstone(models.Model):
    """An address that was removed for good. A digest, so that it keeps nobody's name.

    The page answers 410, and no later row may have the address.
    """

    digest = models.CharField(
        max_length=64,
        unique=True,
        help_text=_("SHA-256 of the table, a colon and the address."),
    )
    buried_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]
