from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.registry.models import triggers
from talent.registry.models.events import Event
from talent.registry.models.history import recorded
from talent.registry.models.organizations import Organization
from talent.registry.models.people import Person

ABOUT = ("event", "person", "organization")


class ReplyQuerySet(models.QuerySet["Reply"]):
    def shown(self) -> Self:
        return self.filter(removed_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-said_on", "-pk")


@recorded()
class Reply(models.Model):
    """What a person or a company that the record names says about it, in their own words.

    Shown beside the record, dated and attributed; it changes no fact and no number.
    """

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        null=True,
        related_name="replies",
        verbose_name=_("event"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        null=True,
        related_name="replies",
        verbose_name=_("person"),
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        related_name="replies",
        verbose_name=_("organization"),
    )
    text = models.TextField(_("their words"), max_length=2000)
    said_by = models.CharField(
        _("said by"),
        max_length=200,
        help_text=_("As readers see it: the person's name, or who speaks for whom."),
    )
    said_on = models.DateField(_("received"))
    verified_how = models.CharField(
        _("how it was verified"),
        max_length=300,
        help_text=_("How we know that it is them. Readers do not see this."),
    )
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(
                name="reply_about_one_row",
                condition=Q(
                    *(
                        Q(**{f"{name}__isnull": name != about for name in ABOUT})
                        for about in ABOUT
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="reply_verified",
                condition=~Q(verified_how="") & ~Q(said_by="") & ~Q(text=""),
                violation_error_message=_(
                    "A reply says whose words it is and how that was verified."
                ),
            ),
        ]
        triggers = triggers.generation()

    def __str__(self) -> str:
        return f"{self.said_by}: {self.text[:60]}"

    @property
    def about(self) -> Event | Person | Organization:
        row: Event | Person | Organization = next(
            getattr(self, name)
            for name in ABOUT
            if getattr(self, f"{name}_id") is not None
        )
        return row
