from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from talent.registry.admin.base import DeskAdmin
from talent.registry.admin.filters import LevelFilter, MergedFilter
from talent.registry.admin.links import as_message, linked, listed_events
from talent.registry.admin.merging import Mergeable
from talent.registry.admin.people import none_is_zero
from talent.registry.doubts import namesakes_of_organization
from talent.registry.forms.records import OrganizationForm
from talent.registry.models import Event, EventTally, Organization
from talent.registry.models.events import ends


@admin.register(Organization)
class OrganizationAdmin(Mergeable, DeskAdmin):
    form = OrganizationForm
    list_display = (
        "name", "name_zh", "seat", "parent", "country", "unit_count", "published",
        "slug",
    )  # fmt: skip
    list_select_related = ("parent",)
    list_filter = ("seat", LevelFilter, MergedFilter)
    ordering = ("name", "pk")
    sortable_by = ("name",)
    search_help_text = gettext_lazy("Any name, in any script.")
    readonly_fields = ("units_listed", "events_listed")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "name_zh"),
                    ("seat", "parent"),
                    "other_names",
                    ("country", "founded"),
                    "units_listed",
                    "events_listed",
                ]
            },
        ),
        (gettext_lazy("Address"), {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Events are counted from the tally: a company may have a hundred thousand."""
        units = Organization.objects.filter(parent=OuterRef("pk")).order_by()
        tally = EventTally.objects.filter(organization=OuterRef("pk")).order_by()
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                units_below=none_is_zero(
                    Subquery(units.values("parent").annotate(n=Count("pk")).values("n"))
                ),
                published_events=none_is_zero(
                    Subquery(
                        tally.values("organization")
                        .annotate(n=Sum("events"))
                        .values("n")
                    )
                ),
            )
        )
        return rows

    @admin.display(description=gettext_lazy("units"))
    def unit_count(self, organization: Any) -> int:
        return int(organization.units_below)

    @admin.display(description=gettext_lazy("published events"))
    def published(self, organization: Any) -> int:
        return int(organization.published_events)

    @admin.display(description=gettext_lazy("units"))
    def units_listed(self, organization: Organization) -> str:
        return linked(organization.units.by_name()[:50]) if organization.pk else "–"

    @admin.display(description=gettext_lazy("events"))
    def events_listed(self, organization: Organization) -> str:
        if not organization.pk:
            return "–"
        return listed_events(
            *(Event.objects.filter(**end) for end in ends(organization))
        )

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        for doubt in namesakes_of_organization(obj):
            self.message_user(request, as_message(doubt, obj), messages.WARNING)
