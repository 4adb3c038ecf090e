"""Every article that came in, those that announce nothing too."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.intake import proposals
from talent.intake.admin.base import IntakeAdmin
from talent.intake.admin.inbox import inbox_address
from talent.intake.known_names import known_names
from talent.intake.models import Article

MOST_READ_AGAIN = 200


@admin.register(Article)
class ArticleAdmin(IntakeAdmin):
    list_display = ("title", "publisher", "newest_on", "proposed", "feed")
    list_select_related = ("feed",)
    list_filter = ("feed", "language")
    sortable_by = ()
    search_help_text = gettext_lazy("A word of the title.")
    actions = ["read_again"]
    fields = (
        "title", "addresses_shown", "publisher", "published_on", "language", "feed",
        "added_by", "seen_at", "text",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come from feeds, or are pasted into the inbox."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It stays, so that its address never brings it again."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted: QuerySet[Any] = (
            super().get_queryset(request).annotate(count=Count("proposals"))
        )
        return counted

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-newest_on", "-surest", "-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (queryset.filter(title__icontains=text) if text else queryset), False

    @admin.display(description=gettext_lazy("proposals"))
    def proposed(self, article: Any) -> str:
        if not article.count:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', inbox_address(article=article.pk), article.count
        )

    @admin.display(description=gettext_lazy("addresses"))
    def addresses_shown(self, article: Article) -> str:
        return format_html_join(
            "",
            '<div><a href="{0}" rel="noreferrer">{0}</a></div>',
            ((address.url,) for address in article.addresses.order_by("pk")),
        )

    @admin.action(description=gettext_lazy("Read again"))
    def read_again(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """After the reader or the record learnt something; what was decided stays."""
        names = known_names()
        rows = chosen.order_by("pk")[:MOST_READ_AGAIN]
        found = sum(len(proposals.propose(article, names=names)) for article in rows)
        text = _("Read again: %(count)s proposals.") % {"count": found}
        self.message_user(request, text, messages.SUCCESS)
