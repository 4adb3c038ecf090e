"""The send ledger at the desk: what was sent, what was not and why; the switch; the bounces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from talent.digests import addresses, ledger, planning
from talent.digests.models import Bounce, Delivery, DeliverySwitch
from talent.registry.admin.base import editor_of
from talent.registry.admin.paging import CappedPaginator

if TYPE_CHECKING:
    DeliveryModelAdmin = admin.ModelAdmin[Delivery]
    BounceModelAdmin = admin.ModelAdmin[Bounce]
    SwitchModelAdmin = admin.ModelAdmin[DeliverySwitch]
else:
    DeliveryModelAdmin = BounceModelAdmin = SwitchModelAdmin = admin.ModelAdmin


@admin.register(Delivery)
class DeliveryAdmin(DeliveryModelAdmin):
    list_display = (
        "due_at", "subscriber", "frequency", "state", "subject", "attempts", "uncertain", "error",
    )  # fmt: skip
    list_display_links = ("due_at",)
    list_filter = ("state", "frequency", "uncertain")
    list_select_related = ("subscriber", "content")
    search_fields = ("subscriber__address_key",)
    search_help_text = gettext_lazy("A whole address. Parts of one find nobody.")
    ordering = ("-due_at", "-pk")
    paginator = CappedPaginator
    show_full_result_count = False
    actions = ("send_again", "release", "skip")
    fields = (
        "subscriber", "state", "error", "subject", "frequency", "period_start", "window_since",
        "window_until", "due_at", "attempts", "next_attempt_at", "sent_at", "uncertain", "token",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A row that is gone would be made, and sent, again. They go with their subscriber."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """No guessing at addresses, letter by letter, in the address bar."""
        return not lookup.startswith("subscriber__") and super().lookup_allowed(
            lookup, value, request
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        if not search_term:
            return queryset, False
        try:
            address = addresses.read(search_term)
        except ValidationError:
            return queryset.none(), False
        return queryset.filter(subscriber__address_key=address.lower()), False

    @admin.display(description=gettext_lazy("subject"))
    def subject(self, delivery: Delivery) -> str:
        return delivery.content.subject if delivery.content else ""

    # -- Verbs -------------------------------------------------------------------------

    @admin.action(
        description=gettext_lazy("Send again, as a new message"), permissions=["change"]
    )
    def send_again(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        chosen = list(rows)
        if len(chosen) != 1:
            self.message_user(
                request, _("Choose one delivery to send again."), messages.WARNING
            )
        elif ledger.send_again(chosen[0], at=timezone.now()):
            self.log_change(request, chosen[0], _("Let it be sent again."))
            self.message_user(request, _("It is sent within a minute."))
        else:
            self.message_user(
                request,
                _("It waits to be sent already, or there was nothing to send."),
                messages.WARNING,
            )

    @admin.action(description=gettext_lazy("Send what is held"), permissions=["change"])
    def release(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        count = ledger.release(rows, at=timezone.now())
        self.message_user(
            request,
            ngettext(
                "%(n)s held digest is sent now.",
                "%(n)s held digests are sent now.",
                count,
            )
            % {"n": count},
        )

    @admin.action(
        description=gettext_lazy("Skip what is held: it was sent before the backup"),
        permissions=["change"],
    )
    def skip(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        count = ledger.skip(rows)
        self.message_user(
            request,
            ngettext(
                "%(n)s held digest is skipped.",
                "%(n)s held digests are skipped.",
                count,
            )
            % {"n": count},
        )


@admin.register(Bounce)
class BounceAdmin(BounceModelAdmin):
    list_display = ("at", "kind", "status", "said", "subscriber")
    list_filter = ("kind",)
    list_select_related = ("delivery__subscriber",)
    ordering = ("-at", "-pk")
    paginator = CappedPaginator
    show_full_result_count = False
    fields = ("at", "kind", "status", "said", "subscriber", "delivery")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("subscriber"))
    def subscriber(self, bounce: Bounce) -> str:
        return str(bounce.delivery.subscriber)


@admin.register(DeliverySwitch)
class DeliverySwitchAdmin(SwitchModelAdmin):
    list_display = (
        "__str__",
        "why",
        "changed_by",
        "changed_at",
        "alarm",
        "last_run_at",
    )
    list_select_related = ("changed_by",)
    ordering = ("pk",)
    fields = (
        "stopped", "why", "per_run", "per_day", "changed_by", "changed_at", "alarm",
        "paused_until", "last_run_at",
    )  # fmt: skip
    readonly_fields = fields[4:]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliverySwitch]:
        planning.switch()  # so that it can be thrown before the first run
        return super().get_queryset(request)

    def save_model(
        self, request: HttpRequest, obj: DeliverySwitch, form: Any, change: bool
    ) -> None:
        """Only what the form holds: a run may write its heartbeat at this moment."""
        obj.changed_by, obj.changed_at = editor_of(request), timezone.now()
        obj.save(update_fields=[*self.fields[:4], "changed_by", "changed_at"])
