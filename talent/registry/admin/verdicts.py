"""Publish, withdraw, deny, back to draft: for one row on a page, for many from the list.

Both call the curation verbs, once for each row, and say in one sentence what happened. What
needs a second editor is only asked for here: see talent.registry.approvals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from talent.common.keys import key_in
from talent.registry import approvals
from talent.registry.admin.base import DeskAdmin, editor_of, may_publish
from talent.registry.admin.links import address_of
from talent.registry.models.approvals import Act
from talent.registry.models.events import Standing, Status
from talent.registry.revisions import last_editors

MOST_AT_ONCE = 500


# A verb of curation: it returns False where another editor already did it.
Verb = Callable[..., bool]


@dataclass(frozen=True)
class Verdict:
    """A verb as the desk offers it."""

    name: str
    state: str  # what a row has then
    label: Any
    done: Any  # ngettext_lazy with a count
    already: Any
    question: Any
    needs_reason: bool


PUBLISH = Verdict(
    "publish",
    Status.PUBLISHED,
    gettext_lazy("Publish"),
    ngettext_lazy("%(count)s published", "%(count)s published", "count"),
    gettext_lazy("published"),
    gettext_lazy(
        "Readers will see it at once, with its person, companies and package."
    ),
    needs_reason=False,
)
WITHDRAW = Verdict(
    "withdraw",
    Status.WITHDRAWN,
    gettext_lazy("Withdraw"),
    ngettext_lazy("%(count)s withdrawn", "%(count)s withdrawn", "count"),
    gettext_lazy("withdrawn"),
    gettext_lazy(
        "It leaves every page, number and feed. The reason stays in the history."
    ),
    needs_reason=True,
)
DENY = Verdict(
    "deny",
    Standing.DENIED,
    gettext_lazy("Deny"),
    ngettext_lazy("%(count)s denied", "%(count)s denied", "count"),
    gettext_lazy("denied"),
    gettext_lazy("It stays where it shows, marked as denied, and counts nowhere."),
    needs_reason=True,
)
DRAFT = Verdict(
    "draft",
    Status.DRAFT,
    gettext_lazy("Back to draft"),
    ngettext_lazy("%(count)s back to draft", "%(count)s back to draft", "count"),
    gettext_lazy("a draft"),
    gettext_lazy("It leaves the public record until somebody publishes it again."),
    needs_reason=False,
)
VERDICTS = {verdict.name: verdict for verdict in (PUBLISH, WITHDRAW, DENY, DRAFT)}


REASON_FOR_SECOND = gettext_lazy(
    "Nothing was changed: a second editor has to approve it, so say why in the field "
    "beside the action."
)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 70}),
        help_text=gettext_lazy("One sentence; it is kept in the history."),
    )


class ReasonedActionForm(ActionForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        widget=forms.TextInput(
            attrs={"size": 24, "placeholder": gettext_lazy("to withdraw or deny")}
        ),
    )


def what_happened(
    verdict: Verdict, done: int, refused: list[Any], asked: int = 0
) -> str:
    """ "3 published, 1 was already published by Ada": one sentence for any number of rows."""
    parts = []
    if done or not (refused or asked):
        parts.append(str(verdict.done % {"count": done}))
    if asked:
        parts.append(
            ngettext(
                "%(count)s waits for a second editor",
                "%(count)s wait for a second editor",
                asked,
            )
            % {"count": asked}
        )
    counts: Counter[str] = Counter()
    if refused:
        rows = type(refused[0])._default_manager
        now = rows.in_bulk([row.pk for row in refused])
        editors = last_editors(now.values())
        for row in now.values():
            counts[why_not(verdict, row, editors.get(row.pk, ""))] += 1
        if gone := len(refused) - len(now):
            counts[_("deleted meanwhile")] += gone
    parts += [f"{count} {why}" for why, count in counts.items()]
    return ", ".join(parts) + "."


def why_not(verdict: Verdict, row: Any, editor: str) -> str:
    state = row.standing if verdict is DENY else row.status
    if state == verdict.state:
        return _("was already %(state)s by %(editor)s") % {
            "state": verdict.already,
            "editor": editor or _("somebody"),
        }
    if approvals.waiting_for(row):
        return _("waits for a second editor already")
    if state == Status.DRAFT:
        return _("waits for its hire to be published")
    return _("is %(status)s: take it back to draft first") % {
        "status": row.get_status_display()
    }


class VerdictsAdmin(DeskAdmin):
    """The verbs as actions of a list and as pages of one row."""

    action_form = ReasonedActionForm
    verbs: ClassVar[dict[str, Verb]]

    def needs_second(self, verdict: Verdict, row: Any) -> Act | None:
        """What is to be asked for instead of done at once; None: it may be done."""
        return None

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request)

    @admin.action(description=PUBLISH.label, permissions=["publish"])
    def publish_them(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.judge(PUBLISH, request, chosen)

    @admin.action(description=WITHDRAW.label, permissions=["publish"])
    def withdraw_them(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.judge(WITHDRAW, request, chosen)

    @admin.action(description=DENY.label, permissions=["publish"])
    def deny_them(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.judge(DENY, request, chosen)

    @admin.action(description=DRAFT.label, permissions=["publish"])
    def draft_them(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.judge(DRAFT, request, chosen)

    def judge(
        self, verdict: Verdict, request: HttpRequest, chosen: QuerySet[Any]
    ) -> None:
        reason = " ".join(request.POST.get("reason", "").split())[:300]
        if verdict.needs_reason and not reason:
            text = _("Nothing was changed: say why in the field beside the action.")
            self.message_user(request, text, messages.ERROR)
            return
        rows = list(chosen.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            text = _("Nothing was changed: choose %(most)s at most.")
            self.message_user(request, text % {"most": MOST_AT_ONCE}, messages.ERROR)
            return
        if not reason and any(self.needs_second(verdict, row) for row in rows):
            self.message_user(request, REASON_FOR_SECOND, messages.ERROR)
            return
        self.apply_to(rows, verdict, request, reason)

    def apply_to(
        self, rows: list[Any], verdict: Verdict, request: HttpRequest, reason: str
    ) -> None:
        """Do it, or ask for it, and say what happened."""
        by, at = editor_of(request), timezone.now()
        verb = self.verbs[verdict.name]
        why = {"reason": reason} if verdict is not PUBLISH else {}
        done, asked, refused = 0, 0, []
        for row in rows:
            if act := self.needs_second(verdict, row):
                new = bool(approvals.ask(act, row, by=by, at=at, reason=reason))
                asked += new
            else:
                new = verb(row, at=at, by=by, **why)
                done += new
            if not new:
                refused.append(row)
        level = messages.WARNING if refused else messages.SUCCESS
        text = what_happened(verdict, done, refused, asked)
        self.message_user(request, text, level)

    # -- One row -------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        pages = [
            path(
                f"<path:object_id>/{name}/",
                wrap(self.verdict_view),
                {"verdict": VERDICTS[name]},
                name=f"registry_{self.opts.model_name}_{name}",
            )
            for name in self.verbs
        ]
        return [*pages, *super().get_urls()]

    def verdict_view(
        self, request: HttpRequest, object_id: str, verdict: Verdict
    ) -> HttpResponse:
        """Ask on GET, do it on POST."""
        if not may_publish(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=unquote_key(object_id)).first()
        if row is None:
            raise Http404
        form = ReasonForm(request.POST or None)
        second = self.needs_second(verdict, row) is not None
        form.fields["reason"].required = verdict.needs_reason or second
        if request.method == "POST" and form.is_valid():
            self.apply_to([row], verdict, request, form.cleaned_data["reason"])
            return HttpResponseRedirect(address_of(row))
        context = {
            **self.admin_site.each_context(request),
            "title": f"{verdict.label}: {row}",
            "opts": self.opts,
            "original": row,
            "verdict": verdict,
            "second": second,
            "back": address_of(row),
            "form": form,
        }
        return TemplateResponse(request, "admin/registry/verdict.html", context)

    def offered(self, row: Any) -> list[tuple[Verdict, str]]:
        """What may be done to a row as it stands, and where."""
        return [
            (
                VERDICTS[name],
                reverse(f"admin:registry_{self.opts.model_name}_{name}", args=[row.pk]),
            )
            for name in self.verbs
            if (row.standing if VERDICTS[name] is DENY else row.status)
            != VERDICTS[name].state
            and not (name == "publish" and row.status != Status.DRAFT)
        ]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row, publisher = context.get("original"), may_publish(request)
        context["may_publish"] = publisher
        context["verdicts"] = self.offered(row) if row is not None and publisher else []
        return super().render_change_form(request, context, *args, **kwargs)


def unquote_key(object_id: str) -> int | None:
    return key_in(unquote(object_id))
