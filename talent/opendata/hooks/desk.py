"""Webhooks at the desk: who is told, how it goes, and stopping one that does harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from talent.opendata.hooks import owning
from talent.opendata.models import Hook, HookAttempt, HookDelivery
from talent.registry.admin.paging import CappedPaginator

if TYPE_CHECKING:
    HookModelAdmin = admin.ModelAdmin[Hook]
    DeliveryModelAdmin = admin.ModelAdmin[HookDelivery]
    AttemptInline = admin.TabularInline[HookAttempt, HookDelivery]
else:  # Django's own classes take no type in brackets while the site runs.
    HookModelAdmin = DeliveryModelAdmin = admin.ModelAdmin
    AttemptInline = admin.TabularInline


class Unchangeable:
    """To look at. Rows come and go by the verbs of their owners."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Hook)
class HookAdmin(Unchangeable, HookModelAdmin):
    """Addresses and paths of endpoints stay hidden: they are secrets of their owners."""

    list_display = (
        "__str__", "state", "query", "waiting", "failures", "failing_since", "answered_at",
    )  # fmt: skip
    list_filter = ("state", "why_disabled")
    ordering = ("-created_at", "-pk")
    paginator = CappedPaginator
    show_full_result_count = False
    actions = ("disable", "allow")
    fields = (
        "__str__", "state", "why_disabled", "query", "waiting", "failures", "failing_since",
        "answered_at", "served_at", "created_at", "confirmed_at", "verified_at",
    )  # fmt: skip
    readonly_fields = fields

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """No guessing at addresses and secrets, letter by letter, in the address bar."""
        shown = lookup.split("__")[0] in {"state", "why_disabled"}
        return shown and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hook]:
        pending = Count("deliveries", filter=Q(deliveries__state="pending"))
        return super().get_queryset(request).annotate(waiting_count=pending)

    @admin.display(description=gettext_lazy("waiting"))
    def waiting(self, hook: Hook) -> int:
        return int(getattr(hook, "waiting_count", 0))

    @admin.action(
        description=gettext_lazy("Disable: its owner cannot start it again"),
        permissions=["change"],
    )
    def disable(self, request: HttpRequest, rows: QuerySet[Hook]) -> None:
        count = 0
        for hook in rows:
            if owning.disable_at_desk(hook):
                count += 1
                self.log_change(request, hook, _("Disabled."))
        said = ngettext(
            "%(n)s webhook is disabled.", "%(n)s webhooks are disabled.", count
        )
        self.message_user(request, said % {"n": count}, messages.SUCCESS)

    @admin.action(
        description=gettext_lazy("Allow again: its owner may start it"),
        permissions=["change"],
    )
    def allow(self, request: HttpRequest, rows: QuerySet[Hook]) -> None:
        count = 0
        for hook in rows:
            if owning.allow_again(hook):
                count += 1
                self.log_change(request, hook, _("Allowed again."))
        said = ngettext(
            "%(n)s webhook may be started again.",
            "%(n)s webhooks may be started again.",
            count,
        )
        self.message_user(request, said % {"n": count}, messages.SUCCESS)


class Attempts(Unchangeable, AttemptInline):
    model = HookAttempt
    fields = ("at", "status", "milliseconds", "size", "said")
    readonly_fields = fields
    ordering = ("-pk",)


@admin.register(HookDelivery)
class HookDeliveryAdmin(Unchangeable, DeliveryModelAdmin):
    list_display = (
        "created_at", "hook", "kind", "event", "state", "attempts", "next_at", "settled_at",
    )  # fmt: skip
    list_filter = ("state", "kind")
    list_select_related = ("hook",)
    ordering = ("-pk",)
    paginator = CappedPaginator
    show_full_result_count = False
    fields = (
        "hook", "kind", "event", "message_id", "state", "attempts", "created_at", "tried_at",
        "next_at", "settled_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Attempts,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        shown = lookup.split("__")[0] in {"state", "kind"}
        return shown and super().lookup_allowed(lookup, value, request)
