from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from talent.common.page_addresses import page_address
from talent.registry.models import triggers
from talent.registry.models.history import recorded
from talent.registry.models.names import NamesQuerySet, search_key


class PersonQuerySet(NamesQuerySet["Person"]):
    def public(self) -> Self:
        """Named by a published event or package, and not merged into another."""
        from talent.registry.models.events import Event
        from talent.registry.models.pay import Package

        return self.filter(
            Exists(Event.objects.published().filter(person=OuterRef("pk")))
            | Exists(Package.objects.public().filter(person=OuterRef("pk"))),
            merged_into=None,
        )

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


@recorded(unless=("search_key",), found_by="slug", told=True)
class Person(models.Model):
    """Somebody whose moves are in the public record: professional facts only.

    There is no column for health, family, age, visa or ethnicity, and there will be none.
    """

    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address. An old one keeps working."),
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("As written in Latin script, given name first."),
    )
    name_zh = models.CharField(
        _("中文名"),
        max_length=200,
        blank=True,
        help_text=_("In Chinese characters, if known."),
    )
    other_names = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("other names"),
        default=list,
        blank=True,
        help_text=_("Other spellings, any script. One per line."),
    )
    known_for = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("known for"),
        default=list,
        blank=True,
        help_text=_("Works, models, papers, companies. One per line."),
    )
    education = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("education"),
        default=list,
        blank=True,
        help_text=_("Degree, field, school, year. One per line."),
    )
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

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [("merge_person", "Can merge people")]
        constraints = [
            models.CheckConstraint(
                name="person_named",
                condition=~Q(name=""),
                violation_error_message=_("A person needs a name."),
            ),
            models.CheckConstraint(
                name="person_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                violation_error_message=_("A person cannot be merged into themselves."),
            ),
        ]
        indexes = [
            GinIndex(
                OpClass(F("search_key"), name="gin_trgm_ops"), name="person_search"
            ),
        ]
        triggers = triggers.generation()

    def __str__(self) -> str:
        return f"{self.name} {self.name_zh}".strip()

    def get_absolute_url(self) -> str:
        return page_address("dashboard:person", self.slug)
