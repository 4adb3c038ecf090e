"""Subscribers at the desk: what they follow and were sent; their addresses only for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from talent.digests import addresses, following, subscribing
from talent.digests.admin.previews import Previews
from talent.digests.models import Delivery, Subscriber
from talent.digests.models.subscribers import paused
from talent.digests.timing import when_in_words

A_WHILE = timedelta(days=30)
LAST = 10


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("on", _("receives mail")),
            ("paused", _("paused")),
            ("stopped", _("stopped")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> QuerySet[Subscriber]:
        at = timezone.now()
        match self.value():
            case "on":
                return queryset.filter(~paused(at=at), stopped_at=None)
            case "paused":
                return queryset.filter(paused(at=at), stopped_at=None)
            case "stopped":
                return queryset.exclude(stopped_at=None)
        return queryset


@admin.register(Subscriber)
class SubscriberAdmin(Previews):
    list_display = ("masked", "frequency", "language", "state", "followed", "last_sent")
    list_display_links = ("masked",)
    list_filter = (StateFilter, "frequency", "language")
    search_fields = ("address_key",)
    search_help_text = gettext_lazy("A whole address. Parts of one find nobody.")
    ordering = ("-confirmed_at", "-pk")
    actions = ("stop_them", "pause_them", "resume_them")
    fields = (
        "masked", "state", "when", "language", "confirmed_at", "follow_list",
        "delivery_list",
    )  # fmt: skip
    readonly_fields = fields
    change_form_template = "admin/digests/subscriber/change_form.html"

    # -- Who may do what ---------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only who reads the mailbox can subscribe it."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """No guessing at addresses and secrets, letter by letter, in the address bar."""
        hidden = lookup.startswith(("address", "secret"))
        return not hidden and super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Subscriber], search_term: str
    ) -> tuple[QuerySet[Subscriber], bool]:
        if not search_term:
            return queryset, False
        try:
            address = addresses.read(search_term)
        except ValidationError:
            return queryset.none(), False
        return queryset.filter(address_key=address.lower()), False

    def may_reveal(self, request: HttpRequest) -> bool:
        return request.user.has_perm("digests.reveal_address")

    # -- What they see -----------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                follow_count=Count("follows", distinct=True),
                last_sent_at=Max("deliveries__sent_at"),
            )
        )

    @admin.display(description=gettext_lazy("address"))
    def masked(self, subscriber: Subscriber) -> str:
        return str(subscriber)

    @admin.display(description=gettext_lazy("state"))
    def state(self, subscriber: Subscriber) -> str:
        if subscriber.stopped_at:
            day = timezone.localdate(subscriber.stopped_at)
            return _("stopped on %(day)s (%(how)s)") % {
                "day": day.isoformat(),
                "how": subscriber.stopped_how,
            }
        until = subscriber.paused_until
        if until and subscriber.is_paused(at=timezone.now()):
            return _("paused until %(day)s") % {"day": until.isoformat()}
        return _("receives mail")

    @admin.display(description=gettext_lazy("follows"), ordering="follow_count")
    def followed(self, subscriber: Subscriber) -> int:
        count: int = subscriber.follow_count  # type: ignore[attr-defined]  # annotated
        return count

    @admin.display(description=gettext_lazy("last sent"), ordering="last_sent_at")
    def last_sent(self, subscriber: Subscriber) -> Any:
        return subscriber.last_sent_at  # type: ignore[attr-defined]  # annotated

    @admin.display(description=gettext_lazy("when"))
    def when(self, subscriber: Subscriber) -> str:
        names = (*subscribing.SCHEDULE,)
        return when_in_words({name: getattr(subscriber, name) for name in names})

    @admin.display(description=gettext_lazy("follows"))
    def follow_list(self, subscriber: Subscriber) -> str:
        follows = subscriber.follows.order_by("created_at", "pk")
        words = ((following.in_words(follow.query).words,) for follow in follows)
        return lines_of("{}", words)

    @admin.display(description=gettext_lazy("last deliveries"))
    def delivery_list(self, subscriber: Subscriber) -> str:
        deliveries = subscriber.deliveries.select_related("content").newest_first()
        lines = [
            (
                timezone.localdate(each.due_at),
                each.get_state_display(),
                subject_of(each),
            )
            for each in deliveries[:LAST]
        ]
        return lines_of("{}: {} {}", lines) or _("none yet")

    # -- Seeing an address -------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        reveal = self.admin_site.admin_view(require_POST(never_cache(self.reveal)))
        name = "digests_subscriber_reveal"
        return [path("<int:pk>/reveal/", reveal, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "may_reveal": self.may_reveal(request),
            # Everything here is only shown: there is nothing to save.
            "show_save": False,
            "show_save_and_continue": False,
        }
        return super().change_view(request, object_id, form_url, context)

    def reveal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show one address, and keep in the history that it was shown to whom."""
        if not (self.has_view_permission(request) and self.may_reveal(request)):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=pk)
        self.log_change(request, subscriber, _("Was shown the address."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Address of %(subscriber)s") % {"subscriber": subscriber},
            "opts": self.opts,
            "subscriber": subscriber,
        }
        return TemplateResponse(
            request, "admin/digests/subscriber/reveal.html", context
        )

    # -- Verbs -------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Stop their mail"), permissions=["change"])
    def stop_them(self, request: HttpRequest, rows: QuerySet[Subscriber]) -> None:
        chosen = list(rows)
        for subscriber in chosen:
            subscribing.stop(subscriber, how="desk", at=timezone.now())
            self.log_change(request, subscriber, _("Stopped the mail."))
        self.say(
            request,
            ngettext(
                "The mail of %(n)s subscriber is stopped.",
                "The mail of %(n)s subscribers is stopped.",
                len(chosen),
            ),
            len(chosen),
        )

    @admin.action(
        description=gettext_lazy("Pause their mail for 30 days"),
        permissions=["change"],
    )
    def pause_them(self, request: HttpRequest, rows: QuerySet[Subscriber]) -> None:
        chosen = list(rows)
        for subscriber in chosen:
            subscribing.pause(subscriber, until=timezone.localdate() + A_WHILE)
            self.log_change(request, subscriber, _("Paused the mail for 30 days."))
        self.say(
            request,
            ngettext(
                "The mail of %(n)s subscriber is paused for 30 days.",
                "The mail of %(n)s subscribers is paused for 30 days.",
                len(chosen),
            ),
            len(chosen),
        )

    @admin.action(
        description=gettext_lazy("End pauses, and stops made at the desk"),
        permissions=["change"],
    )
    def resume_them(self, request: HttpRequest, rows: QuerySet[Subscriber]) -> None:
        """Who stopped by themselves is not written to again at anybody's desk."""
        chosen = list(rows.filter(Q(stopped_at=None) | Q(stopped_how="desk")))
        for subscriber in chosen:
            subscribing.undo_stop(subscriber, at=timezone.now())
            subscribing.pause(subscriber, until=None)
            self.log_change(request, subscriber, _("Let the mail go on."))
        self.say(
            request,
            ngettext(
                "The mail of %(n)s subscriber goes on.",
                "The mail of %(n)s subscribers goes on.",
                len(chosen),
            ),
            len(chosen),
        )

    def say(self, request: HttpRequest, sentence: str, n: int) -> None:
        self.message_user(request, sentence % {"n": n}, messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: Subscriber) -> None:
        subscribing.delete(obj)

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> None:
        for subscriber in queryset:
            subscribing.delete(subscriber)


def subject_of(delivery: Delivery) -> str:
    return delivery.content.subject if delivery.content else delivery.error


def lines_of(pattern: str, rows: Iterable[Sequence[Any]]) -> str:
    return format_html_join(mark_safe("<br>"), pattern, rows)
