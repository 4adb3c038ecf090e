from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.common.partial_dates import PartialDate
from talent.intake.models.articles import Article
from talent.registry.models import Event
from talent.registry.models.events import Standing


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def in_state(self, state: str) -> Self:
        return self.filter(state=state)

    def decided(self) -> Self:
        return self.exclude(state=Proposal.State.NEW)

    def with_articles(self) -> Self:
        return self.select_related("article", "event", "decided_by")

    def surest_first(self) -> Self:
        return self.order_by("-confidence", "pk")

    def decided_last_first(self) -> Self:
        return self.order_by("-decided_at", "-pk")


class Proposal(models.Model):
    """What the reader takes an article to announce. A curator decides; nothing publishes itself."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        LATER = "later", _("later")
        ACCEPTED = "accepted", _("accepted")
        ATTACHED = "attached", _("attached")
        REJECTED = "rejected", _("rejected")

    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        related_name="proposals",
        db_index=False,  # served by the constraint
        verbose_name=_("article"),
    )
    number = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("kind"), max_length=9, choices=Event.Kind.choices)
    # As printed; empty where nobody is named.
    person = models.CharField(_("person"), max_length=200, blank=True)
    organization = models.CharField(_("organization"), max_length=200)
    counterpart = models.CharField(_("from / to"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    date = models.CharField(_("date"), max_length=10, blank=True)
    # currency, low, high, form, qualifier, years; null where no money is named.
    amount = models.JSONField(_("amount"), null=True, blank=True)
    standing = models.CharField(
        _("standing"), max_length=9, choices=Standing.choices, default=Standing.REPORTED
    )
    confidence = models.FloatField(_("confidence"), default=0.5)
    # Addresses (slugs) of the rows the reader knows by these names, by field.
    known = models.JSONField(default=dict, blank=True)
    # [start, end, "title" or "text"] of the words behind each field.
    evidence = models.JSONField(default=dict, blank=True)

    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.NEW
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    event = models.ForeignKey(
        Event,
        on_delete=models.SET_NULL,
        null=True,
        related_name="proposals",
        verbose_name=_("event"),
    )
    # What accepting made, so that it can be undone.
    made = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="proposal_once_per_article"
            ),
            models.CheckConstraint(
                name="proposal_decided_has_time",
                condition=Q(state="new") | Q(decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index("state", "decided_at", name="proposal_state"),
        ]

    def __str__(self) -> str:
        arrow = "→" if self.kind == Event.Kind.HIRE else "←"
        return f"{self.person or '?'} {arrow} {self.organization}"

    @property
    def is_hire(self) -> bool:
        return self.kind == Event.Kind.HIRE

    @property
    def partial_date(self) -> PartialDate | None:
        return PartialDate.parse(self.date) if self.date else None

    def slugs(self, field: str) -> list[str]:
        known: Any = self.known
        return list(known.get(field, []))
