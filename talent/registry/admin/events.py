"""An event on one screen, and the list of events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from talent.registry import curation, upkeep
from talent.registry.admin.base import editor_of, may_publish
from talent.registry.admin.filters import EventCompanyFilter, SourcedFilter
from talent.registry.admin.inlines import (
    CitationInline,
    ReadingFormSet,
    ReadingInline,
    ReasonInline,
)
from talent.registry.admin.links import address_of, as_message, badge
from talent.registry.admin.verdicts import (
    DENY,
    Verdict,
    VerdictsAdmin,
    unquote_key,
)
from talent.registry.doubts import Doubt, doubts_about
from talent.registry.forms.events import EventForm, package_of
from talent.registry.models import Event, Package
from talent.registry.models.approvals import Act
from talent.registry.models.events import Status
from talent.registry.search import mentioning

# Typed on the screen, but no column of the event.
BESIDE = {"new_sources", "outcome"}


@admin.register(Event)
class EventAdmin(VerdictsAdmin):
    form = EventForm
    inlines = [CitationInline, ReasonInline, ReadingInline]
    verbs = {
        "publish": curation.publish,
        "deny": curation.deny,
        "withdraw": curation.withdraw,
        "draft": curation.back_to_draft,
    }
    actions = ["publish_them", "withdraw_them", "deny_them", "draft_them"]
    list_display = (
        "when", "who", "move", "title", "state", "sources", "changed",
    )  # fmt: skip
    list_display_links = ("when", "who")
    list_select_related = ("person", "organization", "counterpart")
    list_filter = (
        "status", "kind", "standing", SourcedFilter, EventCompanyFilter,
        "organization__seat", "background",
    )  # fmt: skip
    date_hierarchy = "happened_on"
    # Orders nobody has an index for take seconds; get_ordering knows the others.
    sortable_by = ()
    search_help_text = gettext_lazy("A person or company in any script, or a title.")
    # The name of a fieldset is shown; its key says which rows follow it.
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "person"),
                    ("organization", "counterpart"),
                    ("date", "date_basis", "standing"),
                    ("title", "team"),
                    ("founder", "never_started", "stated_return", "background"),
                ]
            },
        ),
        (gettext_lazy("Sources"), {"fields": ["new_sources"], "classes": ["sources"]}),
        (gettext_lazy("Money"), {"fields": ["outcome"], "classes": ["money"]}),
        (
            gettext_lazy("In our words"),
            {"fields": [("summary", "summary_zh"), "disagreement"]},
        ),
        (gettext_lazy("Address"), {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    def needs_second(self, verdict: Verdict, row: Any) -> Act | None:
        return Act.DENY_EVENT if verdict is DENY else None

    # -- The list ------------------------------------------------------------------------

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The order an index has: what is unpublished by its last change, the rest by entry."""
        match request.GET.get("status__exact"):
            case Status.DRAFT | Status.WITHDRAWN:
                return ("-updated_at", "-pk")
            case Status.PUBLISHED:
                return ("-recency", "-pk")
        return ("-pk",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Events that hold every word in a name, title, team or summary."""
        if not search_term.strip():
            return queryset, False
        try:
            found = mentioning(search_term)
        except ValidationError as too_common:
            self.message_user(request, " ".join(too_common.messages), messages.WARNING)
            return queryset.none(), False
        return queryset.filter(pk__in=found.order_by().values("pk")), False

    @admin.display(description=gettext_lazy("date"))
    def when(self, event: Event) -> str:
        return event.date.isoformat()

    @admin.display(description=gettext_lazy("person"))
    def who(self, event: Event) -> str:
        return str(event.person)

    @admin.display(description=gettext_lazy("move"))
    def move(self, event: Event) -> str:
        sign = "▲" if event.is_hire else "▼"
        other = event.counterpart
        if other is None:
            return f"{sign} {event.organization}"
        ends = (
            (other, event.organization)
            if event.is_hire
            else (event.organization, other)
        )
        return f"{sign} {ends[0]} → {ends[1]}"

    @admin.display(description=gettext_lazy("status"))
    def state(self, event: Event) -> str:
        return format_html(
            "{} {}",
            badge("status", event.status, event.get_status_display()),
            badge("standing", event.standing, event.get_standing_display()),
        )

    @admin.display(description=gettext_lazy("changed"))
    def changed(self, event: Event) -> datetime:
        return event.updated_at

    @admin.display(description=gettext_lazy("sources"))
    def sources(self, event: Event) -> str:
        if event.source_count == event.origin_count:
            return str(event.source_count)
        return _("%(sources)s (%(origins)s origins)") % {
            "sources": event.source_count,
            "origins": event.origin_count,
        }

    # -- The screen ----------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        # What is only typed has nothing to show on a screen that takes nothing.
        return [
            (
                name,
                {
                    **options,
                    "fields": [f for f in options["fields"] if f not in BESIDE],
                },
            )
            for name, options in fieldsets
        ]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        if obj is None or not self.is_public(obj):
            return None
        return str(obj.get_absolute_url())

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(
            request, obj, inline, prefix
        )
        if isinstance(inline, ReadingInline):
            package = package_of(obj) or Package()
            package.event = obj
            kwargs["instance"] = package
        if isinstance(inline, CitationInline) and obj.pk and not may_publish(request):
            cited = obj.citations.values_list("source", flat=True)
            kwargs["form_kwargs"] = {"closed": upkeep.public_sources(cited)}
        return kwargs

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if "_publish" in request.POST and not may_publish(request):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        event = context.get("original")
        if event is not None:
            today = timezone.localdate()
            context["doubts"] = [
                told(doubt) for doubt in doubts_about(event, today=today)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    # -- Saving --------------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        by, at = editor_of(request), timezone.now()
        if obj.person.pk is None:
            upkeep.create_named(obj.person, by=by)
            obj.person = obj.person  # takes the key it has now
        if change:
            # Nobody wrote it since: get_object holds the record until the commit.
            if not curation.revise(obj, at=at, by=by):
                raise RuntimeError(f"Event {obj.pk} was written while it was held.")
            curation.cite(obj, form.cleaned_data["new_sources"], by=by)
        else:
            curation.create_draft(obj, by=by, sources=form.cleaned_data["new_sources"])

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        by, at = editor_of(request), timezone.now()
        with curation.recorded_as(by):
            if isinstance(formset, ReadingFormSet):
                save_readings(form.instance, formset, form.cleaned_data["outcome"], by)
                return
            for citation in formset.forms:
                changed = getattr(citation, "changed_source", lambda: None)()
                if changed is not None:
                    upkeep.rewrite(changed, at=at, by=by)
            formset.save()

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        event = form.instance
        if "_publish" in request.POST:
            done = curation.publish(event, at=timezone.now(), by=editor_of(request))
            text = _("Published.") if done else _("It was published already.")
            self.message_user(request, text, messages.SUCCESS)
        if "_continue" not in request.POST:
            event.refresh_from_db()
            for doubt in doubts_about(event, today=timezone.localdate()):
                self.message_user(request, as_message(doubt, event), messages.WARNING)

    # -- The other half of a move --------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.other_half_view))
        name = "registry_event_other_half"
        return [
            path("<path:object_id>/other-half/", view, name=name),
            *super().get_urls(),
        ]

    def other_half_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Draft it in one click and open it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        event = self.get_queryset(request).filter(pk=unquote_key(object_id)).first()
        if event is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined, no-any-return]  # Django's own way
                request, self.opts, object_id
            )
        if event.counterpart is None:
            text = _("The event does not say where from or where to.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(address_of(event))
        other, new = curation.create_other_half(event, by=editor_of(request))
        text = _("Drafted: %(event)s.") if new else _("It is there already: %(event)s.")
        self.message_user(request, text % {"event": other}, messages.SUCCESS)
        return HttpResponseRedirect(address_of(other))


def save_readings(
    event: Event, formset: ReadingFormSet, outcome: str, by: curation.Editor
) -> None:
    """The figures of the event's package; the first one makes the package."""
    package = formset.instance
    if package.pk is None and formset.has_changed():
        package = curation.create_package(event, outcome=outcome, by=by)
        formset.instance = package
    elif package.pk and outcome and package.outcome != outcome:
        package.outcome = outcome
        upkeep.rewrite(package, at=timezone.now(), by=by)
    formset.save_with_sources(by)


def told(doubt: Doubt) -> dict[str, Any]:
    return {"doubt": doubt, "url": address_of(doubt.about) if doubt.about else ""}
