from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from talent.registry.admin.base import DeskAdmin
from talent.registry.admin.links import listed_events
from talent.registry.admin.paging import TypedFilter
from talent.registry.forms.records import SourceForm
from talent.registry.models import Citation, Event, Source
from talent.registry.source_lines import normal_url


class LanguageFilter(TypedFilter):
    title = gettext_lazy("language")
    parameter_name = "language"

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        return queryset.filter(language=code) if (code := self.value()) else None


class RetellsFilter(admin.SimpleListFilter):
    title = gettext_lazy("origin")
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [
            ("own", gettext_lazy("first report")),
            ("retold", gettext_lazy("repeats another page")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        match self.value():
            case "own":
                return queryset.filter(repeats=None)
            case "retold":
                return queryset.filter(repeats__isnull=False)
        return None


@admin.register(Source)
class SourceAdmin(DeskAdmin):
    form = SourceForm
    list_display = (
        "title_or_address", "publisher", "published_when", "language", "cited", "repeats",
    )  # fmt: skip
    list_select_related = ("repeats",)
    list_filter = (
        LanguageFilter,
        RetellsFilter,
        ("archive_url", admin.EmptyFieldListFilter),
    )
    ordering = ("-pk",)
    sortable_by = ()
    search_help_text = gettext_lazy("A web address, a publisher or words of a title.")
    readonly_fields = ("open_it", "checked_at", "events_listed")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "url",
                    "open_it",
                    "title",
                    ("publisher", "published", "language"),
                    "repeats",
                    ("archive_url", "checked_at"),
                    "events_listed",
                ]  # fmt: skip
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        cited = Citation.objects.filter(source=OuterRef("pk")).order_by()
        counted = cited.values("source").annotate(n=Count("pk")).values("n")
        count = Coalesce(Subquery(counted), 0, output_field=IntegerField())
        rows: QuerySet[Any] = (
            super().get_queryset(request).annotate(citation_count=count)
        )
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A pasted address finds its page whatever was added to it; words find titles."""
        if not (text := search_term.strip()):
            return queryset, False
        try:
            return queryset.filter(url__in={text, normal_url(text)}), False
        except ValueError:
            pass
        for word in text.split()[:5]:
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(publisher__icontains=word)
                | Q(url__icontains=word)
            )
        return queryset, False

    @admin.display(description=gettext_lazy("title"))
    def title_or_address(self, source: Source) -> str:
        return source.title or source.url

    @admin.display(description=gettext_lazy("published"))
    def published_when(self, source: Source) -> str:
        return source.published.isoformat() if source.published else ""

    @admin.display(description=gettext_lazy("cited"))
    def cited(self, source: Any) -> int:
        return int(source.citation_count)

    @admin.display(description=gettext_lazy("open"))
    def open_it(self, source: Source) -> str:
        """A link only for the web: an address is a curator's text."""
        if not source.url.startswith(("http://", "https://")):
            return "–"
        return format_html(
            '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>',
            source.url,
            source.url,
        )

    @admin.display(description=gettext_lazy("events it is cited for"))
    def events_listed(self, source: Source) -> str:
        if not source.pk:
            return "–"
        return listed_events(Event.objects.filter(citations__source=source))
