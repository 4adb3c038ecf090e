"""The list of feeds: which are fetched, and in words how it went."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from talent.intake import fetching
from talent.intake.admin.base import IntakeAdmin
from talent.intake.desk_forms import FeedForm
from talent.intake.models import Feed
from talent.registry.admin.base import editor_of
from talent.registry.recording import recorded_as

# Each may take half a minute, and somebody waits for the page.
MOST_AT_ONCE = 3
SIGNS = {
    Feed.Outcome.NEVER: "?",
    Feed.Outcome.NEWS: "✓",
    Feed.Outcome.NOTHING: "·",
    Feed.Outcome.FAULTY: "!",
    Feed.Outcome.UNREADABLE: "✗",
    Feed.Outcome.FAILED: "✗",
}


@admin.register(Feed)
class FeedAdmin(IntakeAdmin):
    form = FeedForm
    list_display = (
        "name", "is_on", "outcome_shown", "asked_at", "worked_at", "failures", "due",
    )  # fmt: skip
    list_filter = ("is_on", "outcome")
    ordering = ("name", "pk")
    sortable_by = ()
    actions = ["switch_on", "switch_off", "fetch_now"]
    readonly_fields = ("outcome_shown", "asked_at", "worked_at", "failures", "due")
    fieldsets = [
        (None, {"fields": ["name", "url", ("language", "minutes", "is_on")]}),
        (
            gettext_lazy("The last time"),
            {
                "fields": [
                    "outcome_shown",
                    ("asked_at", "worked_at", "failures", "due"),
                ]
            },
        ),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (queryset.filter(name__icontains=text) if text else queryset), False

    @admin.display(description=gettext_lazy("how it went"))
    def outcome_shown(self, feed: Feed) -> str:
        outcome, said = Feed.Outcome(feed.outcome), feed.said
        if outcome == Feed.Outcome.NEVER:
            said = _("Nobody knows yet whether it answers.")
        return format_html(
            '<span class="feed-{}"><b>{} {}</b> {}</span>',
            outcome.name.lower(),
            SIGNS[outcome],
            outcome.label,
            said,
        )

    @admin.display(description=gettext_lazy("next due"))
    def due(self, feed: Feed) -> Any:
        return feed.next_at if feed.is_on else None

    # -- Changing ------------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if {"url", "is_on"} & {*form.changed_data}:
            # Another place, or switched on again: asked at once, and as if for the first time.
            Feed.objects.filter(pk=obj.pk).update(
                etag="", last_modified="", failures=0, next_at=timezone.now()
            )

    @admin.action(description=gettext_lazy("Switch on"))
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.switch(request, chosen, on=True)

    @admin.action(description=gettext_lazy("Switch off"))
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.switch(request, chosen, on=False)

    def switch(self, request: HttpRequest, chosen: QuerySet[Any], *, on: bool) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        with recorded_as(editor_of(request)):
            count = chosen.filter(is_on=not on).update(
                is_on=on, failures=0, next_at=timezone.now()
            )
        one, many = (
            ("%(count)s feed switched on.", "%(count)s feeds switched on.")
            if on
            else ("%(count)s feed switched off.", "%(count)s feeds switched off.")
        )
        text = ngettext(one, many, count) % {"count": count}
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Fetch now"))
    def fetch_now(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        for feed in chosen.order_by("pk")[:MOST_AT_ONCE]:
            if fetching.fetch(feed, at=timezone.now()):
                failed = feed.failures > 0
                text = f"{feed}: {feed.get_outcome_display()}. {feed.said}"
            else:
                failed, text = (
                    True,
                    _("%(feed)s: asked a moment ago; try later.") % {"feed": feed},
                )
            level = messages.WARNING if failed else messages.SUCCESS
            self.message_user(request, text, level)
        if chosen.count() > MOST_AT_ONCE:
            text = _("%(most)s at a time; the others come by themselves.")
            self.message_user(request, text % {"most": MOST_AT_ONCE}, messages.INFO)

    # -- Suggestions ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.suggest_view))
        return [
            path("suggest/", view, name="intake_feed_suggest"),
            *super().get_urls(),
        ]

    def suggest_view(self, request: HttpRequest) -> HttpResponse:
        """Put the suggested feeds on the list; each waits to be switched on."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        with recorded_as(editor_of(request)):
            count = fetching.add_suggested()
        text = ngettext(
            "%(count)s suggested feed added: switched off, and never fetched yet.",
            "%(count)s suggested feeds added: switched off, and never fetched yet.",
            count,
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:intake_feed_changelist"))
