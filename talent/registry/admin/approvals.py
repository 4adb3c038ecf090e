"""The second pair of eyes at the desk: asking, looking, approving, declining."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from talent.registry import approvals, removals
from talent.registry.admin.base import AnyModelAdmin, editor_of, may_publish
from talent.registry.admin.links import address_of, badge
from talent.registry.models import (
    Approval,
    Citation,
    DealReading,
    Event,
    Package,
    Person,
    Reading,
)
from talent.registry.models.approvals import Act

SUBJECTS: dict[str, type[Model]] = {
    "event": Event,
    "package": Package,
    "reading": Reading,
    "deal_reading": DealReading,
    "person": Person,
}
QUESTIONS = {
    Act.DENY_FIGURE: gettext_lazy(
        "The figure stays where it shows, marked as denied, and counts nowhere."
    ),
    Act.DENY_DEAL_FIGURE: gettext_lazy(
        "The figure stays where it shows, marked as denied."
    ),
    Act.REMOVE_EVENT: gettext_lazy(
        "The event leaves every page, list, number and data set; its words leave the "
        "history too, and its address says that an entry was removed. It cannot be undone."
    ),
    Act.REMOVE_PERSON: gettext_lazy(
        "The person with all their events, pay and replies leaves every page, list, number "
        "and data set; the names leave the history too, and the address says that an entry "
        "was removed. It cannot be undone."
    ),
}
STATES = {"waiting": "draft", "approved": "published"}


class AskForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 70}),
        help_text=gettext_lazy(
            "One sentence; it is kept in the history. For a removal name nobody in it."
        ),
    )


class DecideForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Your reason"), max_length=300, required=False
    )


def desk_page(subject: Model) -> str:
    """A figure is on the page of its package or deal."""
    match subject:
        case Reading():
            return address_of(subject.package)
        case DealReading():
            return address_of(subject.deal)
    return address_of(subject)


def rewritten_at(row: Model) -> Model:
    """What a page states is edited on the screen of its event."""
    return row.event if isinstance(row, Citation) else row


@admin.register(Approval)
class ApprovalAdmin(AnyModelAdmin):
    change_form_template = "admin/registry/approval/change_form.html"
    list_display = (
        "asked_at",
        "what",
        "subject_shown",
        "reason",
        "asked_by",
        "state_shown",
    )
    list_display_links = ("asked_at", "what")
    list_filter = ("state", "act")
    ordering = ("-asked_at", "-pk")
    sortable_by = ()
    fields = (
        "what", "subject_linked", "reason", "asked_by", "asked_at", "state_shown",
        "decided_by", "decided_at", "note",
    )  # fmt: skip
    readonly_fields = ("what", "subject_linked", "state_shown")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_subjects()
        return found

    @admin.display(description=gettext_lazy("what"))
    def what(self, approval: Approval) -> str:
        return str(approval.get_act_display())

    @admin.display(description=gettext_lazy("of"))
    def subject_shown(self, approval: Approval) -> str:
        subject = approval.subject
        if isinstance(subject, Reading):
            return f"{subject.package}: {subject}"
        if isinstance(subject, DealReading):
            return f"{subject.deal}: {subject}"
        return str(subject)

    @admin.display(description=gettext_lazy("of"))
    def subject_linked(self, approval: Approval) -> str:
        text = self.subject_shown(approval)
        return format_html('<a href="{}">{}</a>', desk_page(approval.subject), text)

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, approval: Approval) -> str:
        state = STATES.get(approval.state, "withdrawn")
        return badge("status", state, approval.get_state_display())

    # -- Pages ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        decide = wrap(require_POST(self.decide_view))
        return [
            path(
                "ask/<slug:act>/<int:pk>/",
                wrap(self.ask_view),
                name="registry_approval_ask",
            ),
            path("<int:pk>/decide/", decide, name="registry_approval_decide"),
            *super().get_urls(),
        ]

    def ask_view(self, request: HttpRequest, act: str, pk: int) -> HttpResponse:
        """Ask on GET why, on POST ask the second editor."""
        if not may_publish(request):
            raise PermissionDenied
        if act not in QUESTIONS:
            raise Http404
        asked = Act(act)
        row = SUBJECTS[asked.subject]._default_manager.filter(pk=pk).first()
        if row is None:
            raise Http404
        form = AskForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reason = " ".join(form.cleaned_data["reason"].split())
            by, at = editor_of(request), timezone.now()
            new = approvals.ask(asked, row, by=by, at=at, reason=reason)  # type: ignore[arg-type]  # one of SUBJECTS
            text = (
                _("It waits for a second editor.")
                if new
                else _("Nothing was asked for: it is so, or somebody asked before.")
            )
            level = messages.SUCCESS if new else messages.WARNING
            self.message_user(request, text, level)
            return HttpResponseRedirect(desk_page(row))
        context = {
            **self.admin_site.each_context(request),
            "title": f"{asked.label}: {row}",
            "opts": row._meta,
            "original": row,
            "question": QUESTIONS[asked],
            "back": desk_page(row),
            "form": form,
            "act": asked,
        }
        return TemplateResponse(request, "admin/registry/approval/ask.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        approval = context.get("original")
        if approval is not None and approval.is_waiting and may_publish(request):
            by = editor_of(request)
            context["decide"] = DecideForm()
            context["own"] = approval.asked_by_id == by.pk
            if isinstance(approval.subject, Person):
                context["elsewhere"] = [
                    (row, desk_page(rewritten_at(row)))
                    for row in removals.named_elsewhere(approval.subject)
                ]
            context["why_not"] = approvals.why_not(approval, by=by, at=timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_publish(request):
            raise PermissionDenied
        approval = self.get_queryset(request).filter(pk=pk).first()
        if approval is None:
            raise Http404
        text, level = self.decide(request, approval)
        self.message_user(request, text, level)
        return HttpResponseRedirect(
            reverse("admin:registry_approval_change", args=[approval.pk])
        )

    def decide(self, request: HttpRequest, approval: Approval) -> tuple[str, int]:
        by, at = editor_of(request), timezone.now()
        note = " ".join(request.POST.get("note", "").split())[:300]
        if "approve" in request.POST:
            try:
                won = approvals.approve(approval, by=by, at=at, note=note)
            except approvals.Refused as refused:
                return str(refused), messages.ERROR
        else:
            if not note and approval.asked_by_id != by.pk:
                return _("Nothing was decided: say why you decline."), messages.ERROR
            won = approvals.decline(approval, by=by, at=at, note=note)
        said = {"state": approval.get_state_display(), "who": approval.decided_by}
        if won:
            return str(_("It is %(state)s.") % said), messages.SUCCESS
        return _("It was %(state)s by %(who)s before.") % said, messages.WARNING
