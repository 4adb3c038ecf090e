from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talent.common.partial_date_columns import known_together, precision_field, read
from talent.common.partial_dates import PartialDate
from talent.intake.models.feeds import Feed


class ArticleQuerySet(models.QuerySet["Article"]):
    def waiting(self, state: str) -> Self:
        """With a proposal in this state."""
        from talent.intake.models.proposals import Proposal

        here = Proposal.objects.filter(article=OuterRef("pk"), state=state)
        return self.filter(Exists(here))

    def since(self, day: date) -> Self:
        return self.filter(newest_on__gte=day)

    def with_addresses(self) -> Self:
        return self.prefetch_related(
            Prefetch("addresses", queryset=Address.objects.order_by("pk"))
        )

    def newest_and_surest(self) -> Self:
        return self.order_by("-newest_on", "-surest", "-pk")


class Article(models.Model):
    """One story, however many addresses and days it came under: title and first words."""

    title = models.CharField(
        _("title"), max_length=500, help_text=_("As printed, in its own language.")
    )
    text = models.TextField(
        _("text"), blank=True, help_text=_("Its first paragraphs, or the feed's.")
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    published_on = models.DateField(_("published"), null=True, blank=True)
    published_precision = precision_field(blank=True, default="")
    feed = models.ForeignKey(
        Feed,
        on_delete=models.SET_NULL,
        null=True,
        related_name="articles",
        verbose_name=_("feed"),
        help_text=_("Empty: a curator pasted it."),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("pasted by"),
    )
    seen_at = models.DateTimeField(_("first seen"), default=timezone.now)
    # What the inbox is sorted by: its day, and the surest of its proposals.
    newest_on = models.DateField(editable=False)
    surest = models.FloatField(default=0, editable=False)
    # What the same story is known again by: see talent.intake.same_story.
    title_key = models.CharField(max_length=32, db_index=True, editable=False)
    sketch = ArrayField(models.BigIntegerField(), default=list, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            known_together(
                "published_on", "published_precision", "article_published_known"
            )
        ]
        indexes = [
            models.Index("newest_on", "surest", "id", name="article_newest_surest"),
            GinIndex("sketch", name="article_sketch"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def published(self) -> PartialDate | None:
        return read(self.published_on, self.published_precision)

    @property
    def url(self) -> str:
        """Where it was seen first; empty for a pasted text. Reads loaded addresses."""
        return next((address.url for address in self.addresses.all()), "")


class Address(models.Model):
    """Where an article is to be found. An address seen once never brings an article again."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="addresses"
    )
    url = models.URLField(_("address"), max_length=1000)
    key = models.CharField(max_length=64, unique=True, editable=False)
    seen_at = models.DateTimeField(_("first seen"), default=timezone.now)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return self.url
