"""What the numbers offer the curators' desk: proposals of waves, and the log of the refreshes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from talent.insights.figures import waves
from talent.insights.models import Refresh
from talent.registry import wave_curation

if TYPE_CHECKING:
    RefreshModelAdmin = admin.ModelAdmin[Refresh]
else:  # Django's own class takes no type in brackets while the site runs.
    RefreshModelAdmin = admin.ModelAdmin

# The registry knows no moves; who derives them proposes waves of them.
wave_curation.proposers.append(waves.proposals)


@admin.register(Refresh)
class RefreshAdmin(RefreshModelAdmin):
    """Each run as it was: to read, not to write."""

    list_display = (
        "started_at",
        "scope",
        "outcome",
        "taken",
        "people",
        "changed_rows",
        "message",
    )
    list_filter = ("outcome", "scope")
    date_hierarchy = "started_at"
    ordering = ("-started_at", "-pk")
    show_full_result_count = False

    @admin.display(description=_("seconds"), ordering="seconds")
    def taken(self, run: Refresh) -> str:
        return "" if run.seconds is None else f"{run.seconds:.2f}"

    @admin.display(description=_("rows changed"))
    def changed_rows(self, run: Refresh) -> int:
        return run.rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(
        self, request: HttpRequest, obj: Refresh | None = None
    ) -> bool:
        """Everybody at the desk: it names nobody."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Refresh | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Refresh | None = None
    ) -> bool:
        return False
