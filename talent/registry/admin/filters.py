"""Filters of the desk's lists."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from talent.registry.admin.paging import TypedFilter
from talent.registry.models import Organization

MOST_COMPANIES = 200


def called(text: str) -> list[int]:
    """Organizations with such a name: an explicit list lets PostgreSQL use its indexes."""
    found = Organization.objects.named(text).order_by("pk")
    return list(found.values_list("pk", flat=True)[:MOST_COMPANIES])


class EventCompanyFilter(TypedFilter):
    """Either end of the move is called like this, or is a unit of a company that is."""

    title = _("company or unit")
    parameter_name = "at"

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        if not (text := self.value()):
            return None
        keys = called(text)
        return queryset.filter(
            Q(company__in=keys)
            | Q(counterpart_company__in=keys)
            | Q(organization__in=keys)
            | Q(counterpart__in=keys)
        )


class OrganizationFilter(TypedFilter):
    title = _("organization")
    parameter_name = "at"

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        if not (text := self.value()):
            return None
        return queryset.filter(organization__in=called(text))


class SourcedFilter(SimpleListFilter):
    title = _("sources")
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [
            ("none", _("none")),
            ("one", _("one origin")),
            ("more", _("two or more origins")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        match self.value():
            case "none":
                return queryset.filter(source_count=0)
            case "one":
                return queryset.filter(origin_count=1)
            case "more":
                return queryset.filter(origin_count__gte=2)
        return None


class MergedFilter(SimpleListFilter):
    title = _("merged")
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("no", _("not merged away")), ("yes", _("merged into another"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        match self.value():
            case "no":
                return queryset.filter(merged_into=None)
            case "yes":
                return queryset.filter(merged_into__isnull=False)
        return None


class LevelFilter(SimpleListFilter):
    title = _("level")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("company", _("companies")), ("unit", _("units"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        match self.value():
            case "company":
                return queryset.filter(parent=None)
            case "unit":
                return queryset.filter(parent__isnull=False)
        return None
