"""Tips of readers at the desk: what was sent, what the record says now, what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from talent.intake import removals, replies, tip_drafts, tips
from talent.intake.admin.base import IntakeAdmin, may
from talent.intake.models import Tip
from talent.intake.tip_forms import FORMS, CorrectForm
from talent.registry.admin.base import editor_of, may_publish
from talent.registry.admin.links import address_of, badge
from talent.registry.models import Event
from talent.registry.wording import sentence

STATES = {"received": "draft", "looking": "draft", "taken": "published"}
Answer = tuple[str, int]


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Their words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
    )
    said_by = forms.CharField(label=gettext_lazy("Said by"), max_length=200)
    verified_how = forms.CharField(
        label=gettext_lazy("How it was verified"),
        max_length=300,
        widget=forms.TextInput(attrs={"size": 70}),
        help_text=gettext_lazy("How we know that it is them. Readers do not see this."),
    )


@dataclass(frozen=True, slots=True)
class Stated:
    """What the tip says of one thing, beside what the record says now."""

    what: str
    now: str
    proposed: str


@admin.register(Tip)
class TipAdmin(IntakeAdmin):
    change_form_template = "admin/intake/tip/change_form.html"
    list_display = ("received_at", "kind", "about_shown", "said", "state_shown")
    list_display_links = ("received_at", "kind")
    list_filter = ("state", "kind")
    ordering = ("-received_at", "-pk")
    sortable_by = ()
    fields: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # decided, not edited: what a reader wrote stays as it was written

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_subjects()
        return found

    @admin.display(description=gettext_lazy("about"))
    def about_shown(self, tip: Tip) -> str:
        return str(tip.about or tip.details.get("person", ""))

    @admin.display(description=gettext_lazy("says"))
    def said(self, tip: Tip) -> str:
        said = tip.details.get("instead") or tip.text or tip.url
        return f"{said[:80]}…" if len(said) > 80 else said

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, tip: Tip) -> str:
        return badge(
            "status", STATES.get(tip.state, "withdrawn"), tip.get_state_display()
        )

    # -- One tip -------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        tip: Tip | None = context.get("original")
        if tip is not None:
            if tips.look_at(tip):
                tip.refresh_from_db()
            context["stated"] = stated(tip)
            context["about_url"] = address_of(tip.about) if tip.about else ""
            context["became_url"] = address_of(tip.became) if tip.became else ""
            context["may_edit"] = may(request, "change")
            context["may_publish"] = may_publish(request)
            if tip.kind == Tip.Kind.EVENT and tip.is_open and tip.details:
                context["draft"] = tip_drafts.draft_of(tip)
                context["prefilled"] = tip_drafts.prefilled(tip)
            if tip.kind == Tip.Kind.REPLY and tip.is_open:
                context["reply_form"] = self.reply_form(request, tip)
        return super().render_change_form(request, context, *args, **kwargs)

    @staticmethod
    def reply_form(request: HttpRequest, tip: Tip) -> ReplyForm:
        words = {"text": tip.text, "said_by": tip.details.get("name", "")}
        return ReplyForm(initial=words)

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        return [
            path("<int:pk>/decide/", decide, name="intake_tip_decide"),
            *super().get_urls(),
        ]

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One button of the page was pressed: say what happened, and go on from there."""
        if not may(request, "change"):
            raise PermissionDenied
        tip = self.get_queryset(request).filter(pk=pk).first()
        if tip is None:
            raise Http404
        verb = DECISIONS.get(request.POST.get("decision", ""))
        if verb is None:
            raise Http404
        text, level = verb(request, tip)
        self.message_user(request, text, level)
        tip.refresh_from_db()
        drafted = verb is draft and tip.became is not None
        return HttpResponseRedirect(address_of(tip.became if drafted else tip))


BEFORE = gettext_lazy("Nothing was changed: somebody decided it before.")


def typed(request: HttpRequest, name: str) -> str:
    return " ".join(request.POST.get(name, "").split())[:500]


def draft(request: HttpRequest, tip: Tip) -> Answer:
    if tip.kind != Tip.Kind.EVENT:
        raise PermissionDenied
    by, at = editor_of(request), timezone.now()
    if tip_drafts.accept(tip, by=by, at=at) is None:
        return str(BEFORE), messages.WARNING
    return _("Drafted: check the people, the date and the source."), messages.SUCCESS


def take(request: HttpRequest, tip: Tip) -> Answer:
    """It was used already, or says what the record has: with its page cited if that is wanted."""
    by, at, event = editor_of(request), timezone.now(), tip.event
    if "cite" in request.POST and event is not None and tip.url:
        if event.status == Event.Status.PUBLISHED and not may_publish(request):
            raise PermissionDenied
        done = tips.add_source(tip, event, by=by, at=at)
    else:
        done = tips.take_over(tip, by=by, at=at, became=event)
    return (
        (_("Taken over."), messages.SUCCESS)
        if done
        else (str(BEFORE), messages.WARNING)
    )


def refuse(request: HttpRequest, tip: Tip) -> Answer:
    answer = typed(request, "answer")
    if not answer:
        return _(
            "Nothing was changed: say why; whoever sent it reads it."
        ), messages.ERROR
    done = tips.refuse(tip, by=editor_of(request), at=timezone.now(), answer=answer)
    return (
        (_("Refused."), messages.SUCCESS) if done else (str(BEFORE), messages.WARNING)
    )


def publish_reply(request: HttpRequest, tip: Tip) -> Answer:
    if not may_publish(request) or tip.kind != Tip.Kind.REPLY:
        raise PermissionDenied
    form = ReplyForm(request.POST)
    if not form.is_valid():
        wrong = "; ".join(
            f"{form.fields[name].label}: {' '.join(map(str, errors))}"
            for name, errors in form.errors.items()
        )
        return _("Nothing was published. %(wrong)s") % {"wrong": wrong}, messages.ERROR
    by, at = editor_of(request), timezone.now()
    if replies.publish(tip, **form.cleaned_data, by=by, at=at) is None:
        return str(BEFORE), messages.WARNING
    return _("The reply stands beside the record."), messages.SUCCESS


def remove(request: HttpRequest, tip: Tip) -> Answer:
    if not may_publish(request) or tip.kind != Tip.Kind.REMOVAL:
        raise PermissionDenied
    reason = typed(request, "reason")[:300]
    if not reason:
        return _("Nothing was asked for: say why it should be removed."), messages.ERROR
    by, at = editor_of(request), timezone.now()
    if removals.ask_for_removal(tip, by=by, at=at, reason=reason) is None:
        text = _(
            "Nothing was asked for: it waits already, or there is nothing to remove."
        )
        return text, messages.WARNING
    return _("It waits for a second editor."), messages.SUCCESS


DECISIONS = {
    "draft": draft,
    "take": take,
    "refuse": refuse,
    "reply": publish_reply,
    "remove": remove,
}


def stated(tip: Tip) -> list[Stated]:
    """What was typed, line by line, beside what the record says now."""
    if tip.kind == Tip.Kind.CORRECTION and tip.details:
        wrong = tip.details.get("wrong", "")
        what = str(dict(CorrectForm.WRONG).get(wrong, wrong))
        return [Stated(what, at_present(tip, wrong), tip.details.get("instead", ""))]
    form = next(form for form in FORMS.values() if form.of_kind == tip.kind)
    lines = []
    for name in form.stated:
        if value := str(tip.details.get(name, "")):
            field = form.base_fields[name]
            choices = dict(getattr(field, "choices", ()))
            lines.append(Stated(str(field.label), "", str(choices.get(value, value))))
    return lines


def at_present(tip: Tip, wrong: str) -> str:
    event = tip.event
    if event is None:
        return str(tip.about or "")
    match wrong:
        case "date":
            return str(event.date)
        case "title":
            return event.title or "–"
        case "standing":
            return str(event.get_standing_display())
        case "money":
            figures = (p.headline for p in event.packages.all())
            return "; ".join(str(figure) for figure in figures if figure) or "–"
    return sentence(event)
