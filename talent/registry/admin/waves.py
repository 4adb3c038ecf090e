"""Waves: what the machine proposes, one click to draft it, then edit, publish, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.forms import Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from talent.registry import wave_curation
from talent.registry.admin.base import DeskFields, editor_of, may_publish
from talent.registry.admin.links import address_of, badge
from talent.registry.admin.verdicts import VerdictsAdmin
from talent.registry.forms.records import AddressedForm
from talent.registry.models import Event, Wave
from talent.registry.models.events import Status
from talent.registry.models.waves import WaveEvent
from talent.registry.recording import recorded_as
from talent.registry.wave_curation import Proposal

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:
    TabularInline = admin.TabularInline

PROPOSALS_PER_PAGE = 20


def may(request: HttpRequest, verb: str) -> bool:
    """A wave is made of events: who may draft and edit those may draft and edit waves."""
    return editor_of(request).has_perm(f"registry.{verb}_event")


class WaveForm(AddressedForm):
    class Meta:
        model = Wave
        fields = (
            "title", "title_zh", "summary", "summary_zh", "first_day", "last_day", "slug",
        )  # fmt: skip
        widgets = {
            "summary": Textarea(attrs={"rows": 3, "cols": 70}),
            "summary_zh": Textarea(attrs={"rows": 3, "cols": 70}),
        }


class WaveEventInline(DeskFields, TabularInline):
    model = WaveEvent
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("event__person", "event__organization").order_by(
            "event__chronology", "pk"
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "change")


@admin.register(Wave)
class WaveAdmin(VerdictsAdmin):
    form = WaveForm
    inlines = [WaveEventInline]
    verbs = {
        "publish": wave_curation.publish_wave,
        "withdraw": wave_curation.withdraw_wave,
        "draft": wave_curation.wave_back_to_draft,
    }
    actions = ["publish_them", "withdraw_them", "draft_them"]
    list_display = ("title", "first_day", "last_day", "event_count", "status_shown")
    list_filter = ("status",)
    ordering = ("-first_day", "-pk")
    sortable_by = ()
    search_help_text = gettext_lazy("A word of the title.")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("title", "title_zh"),
                    ("first_day", "last_day"),
                    ("summary", "summary_zh"),
                ]
            },
        ),
        (gettext_lazy("Address"), {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    # -- Who may do what -----------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "view")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "change") and (
            obj is None or may_publish(request) or not self.is_public(obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A withdrawn wave stays: it keeps its moves from being proposed again."""
        return may(request, "delete") and (obj is None or obj.status == Status.DRAFT)

    @staticmethod
    def is_public(obj: Any) -> bool:
        return bool(obj.status == Status.PUBLISHED)

    # -- The list ------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        waves: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = waves.annotate(in_it=Count("events"))
        return counted

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not (text := search_term.strip()):
            return queryset, False
        return queryset.filter(title__icontains=text), False

    @admin.display(description=gettext_lazy("events"))
    def event_count(self, wave: Any) -> int:
        return int(wave.in_it)

    @admin.display(description=gettext_lazy("status"))
    def status_shown(self, wave: Wave) -> str:
        return badge("status", wave.status, wave.get_status_display())

    def view_on_site(self, obj: Wave) -> str | None:
        """A draft has no page yet."""
        return obj.get_absolute_url() if self.is_public(obj) else None

    # -- Saving --------------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            wave_curation.create_wave(obj, by=editor_of(request))

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        with recorded_as(editor_of(request)):
            formset.save()
        if form.instance.status == Status.PUBLISHED:
            wave_curation.announce_wave(form.instance)

    # -- Proposals -------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "proposals/",
                wrap(require_safe(self.proposals_view)),
                name="registry_wave_proposals",
            ),
            path(
                "proposals/draft/",
                wrap(require_POST(self.draft_view)),
                name="registry_wave_draft_proposal",
            ),
            *super().get_urls(),
        ]

    def proposals_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        pages = Paginator(wave_curation.proposals(), PROPOSALS_PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Proposed waves"),
            "opts": self.opts,
            "page": page,
            "proposed": told(list(page.object_list)),
            "may_draft": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/registry/wave/proposals.html", context)

    def draft_view(self, request: HttpRequest) -> HttpResponse:
        """Draft the proposal in one click and open the wave."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        key = request.POST.get("key", "")
        found = next((one for one in wave_curation.proposals() if one.key == key), None)
        if found is None:
            text = _("The record has changed and this is not proposed any more.")
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:registry_wave_proposals"))
        wave, new = wave_curation.draft_wave(found, by=editor_of(request))
        text = (
            _("Drafted: say in a sentence what links these moves, then publish it.")
            if new
            else _("One of these moves is in this wave already.")
        )
        level = messages.SUCCESS if new else messages.WARNING
        self.message_user(request, text, level)
        return HttpResponseRedirect(address_of(wave))


def told(proposals: list[Proposal]) -> list[tuple[Proposal, list[Event]]]:
    """Each with its events in order of time. One query."""
    wanted = [event for proposal in proposals for event in proposal.events]
    events = Event.objects.filter(pk__in=wanted).with_ends().oldest_first()
    return [
        (proposal, [event for event in events if event.pk in set(proposal.events)])
        for proposal in proposals
    ]
