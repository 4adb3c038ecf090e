from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from talent.common.page_addresses import page_address
from talent.common.partial_date_columns import (
    known_together,
    precision_field,
    read,
)
from talent.common.partial_dates import PartialDate
from talent.registry.models import triggers
from talent.registry.models.history import recorded
from talent.registry.models.names import NamesQuerySet, search_key


class Seat(models.TextChoices):
    """Where one sits in the trade, after Amy Tam's essay "The cost of staying"."""

    BIG_TECH = "big_tech", _("Big tech")
    FRONTIER_LAB = "frontier_lab", _("Frontier lab")
    RESEARCH_STARTUP = "research_startup", _("Research start-up")
    APPLICATION_STARTUP = "application_startup", _("Application start-up")
    QUANT = "quant", _("Quant")
    ACADEMIA = "academia", _("Academia")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    INVESTOR = "investor", _("Investor")
    GOVERNMENT = "government", _("Government")
    OTHER = "other", _("Other")


class OrganizationQuerySet(NamesQuerySet["Organization"]):
    def companies(self) -> Self:
        return self.filter(parent=None)

    def public(self) -> Self:
        """Named by a published event or package, or above a unit that is."""
        from talent.registry.models.events import Event

        published = Event.objects.published()
        # The company of every event is at hand; what stands between is looked for, two levels deep.
        units = Organization.objects.filter(
            Q(parent=OuterRef("pk")) | Q(parent__parent=OuterRef("pk"))
        )
        return self.filter(
            named()
            | Exists(published.filter(company=OuterRef("pk")))
            | Exists(published.filter(counterpart_company=OuterRef("pk")))
            | Exists(units.filter(named())),
            merged_into=None,
        )

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


def named() -> Q:
    """By a published event or package, itself."""
    from talent.registry.models.events import Event
    from talent.registry.models.pay import Package

    published = Event.objects.published()
    return (
        Q(Exists(published.filter(organization=OuterRef("pk"))))
        | Q(Exists(published.filter(counterpart=OuterRef("pk"))))
        | Q(Exists(Package.objects.public().filter(organization=OuterRef("pk"))))
    )


@recorded(unless=("company", "search_key"), found_by="slug", told=True)
class Organization(models.Model):
    Seat = Seat

    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address. An old one keeps working."),
    )
    name = models.CharField(
        _("name"), max_length=200, help_text=_("As it calls itself in English.")
    )
    name_zh = models.CharField(
        _("中文名"),
        max_length=200,
        blank=True,
        help_text=_("Its Chinese name, if it has one."),
    )
    other_names = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("other names"),
        default=list,
        blank=True,
        help_text=_("Short forms, former names, other scripts. One per line."),
    )
    seat = models.CharField(
        _("seat"),
        max_length=20,
        choices=Seat.choices,
        help_text=_(
            "A unit has its own: Meta is big tech, its superintelligence lab a frontier lab."
        ),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("part of"),
        help_text=_(
            "The organization this one is a unit of. Empty: a company of its own."
        ),
    )
    company = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="whole",
        help_text=_("The topmost parent; PostgreSQL keeps it."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("ISO 3166-1 alpha-2 code of its seat: US, CN, FR."),
    )
    founded_on = models.DateField(_("founded"), null=True, blank=True)
    founded_precision = precision_field(blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    search_key = search_key()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        permissions = [("merge_organization", "Can merge organizations")]
        constraints = [
            known_together(
                "founded_on", "founded_precision", "organization_founded_known"
            ),
            models.CheckConstraint(
                name="organization_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("id")),
                violation_error_message=_(
                    "An organization cannot be a unit of itself."
                ),
            ),
            models.CheckConstraint(
                name="organization_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                violation_error_message=_(
                    "An organization cannot be merged into itself."
                ),
            ),
            models.CheckConstraint(
                name="organization_country_code",
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
                violation_error_message=_(
                    "Write the country as two capital letters, for example US."
                ),
            ),
            models.CheckConstraint(
                name="organization_named",
                condition=~Q(name=""),
                violation_error_message=_("An organization needs a name."),
            ),
        ]
        indexes = [
            GinIndex(
                OpClass(F("search_key"), name="gin_trgm_ops"),
                name="organization_search",
            ),
        ]
        triggers = triggers.generation() + triggers.organization()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_address("dashboard:organization", self.slug)

    def clean(self) -> None:
        if self.parent_id and self.pk:
            above = self.parent
            while above is not None:
                if above.pk == self.pk:
                    raise ValidationError(
                        {
                            "parent": _("%(name)s is itself part of this organization.")
                            % {"name": self.parent}
                        }
                    )
                above = above.parent

    @property
    def founded(self) -> PartialDate | None:
        return read(self.founded_on, self.founded_precision)

    @property
    def is_unit(self) -> bool:
        return self.parent_id is not None
