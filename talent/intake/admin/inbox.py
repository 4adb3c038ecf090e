"""The inbox: what the reader proposes, decided with one key, in place and with an undo."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from talent.common.keys import key_in
from talent.intake import accepting, pasting
from talent.intake.admin.base import IntakeAdmin, may
from talent.intake.admin.cards import Card, cards_of, papers_of
from talent.intake.desk_forms import DecisionForm, PasteForm
from talent.intake.matching import Match, matches_of
from talent.intake.models import Article, Proposal
from talent.registry.admin.base import editor_of, may_publish
from talent.registry.admin.links import address_of
from talent.registry.models import Event
from talent.registry.models.events import Status

ARTICLES_PER_PAGE = 10
DECIDED_PER_PAGE = 40
TABS = {
    Proposal.State.NEW: gettext_lazy("New"),
    Proposal.State.LATER: gettext_lazy("Later"),
    "decided": gettext_lazy("Decided"),
}
REASONS = (
    gettext_lazy("Announces nothing"),
    gettext_lazy("Misread"),
    gettext_lazy("Not about AI"),
    gettext_lazy("Only a rumour"),
    gettext_lazy("No sound source"),
    gettext_lazy("On record already"),
)


def inbox_address(**query: Any) -> str:
    address = reverse("admin:intake_proposal_changelist")
    return f"{address}?{urlencode(query)}" if query else address


@admin.register(Proposal)
class ProposalAdmin(IntakeAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A decision stays, so that the article is not proposed again."""
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "paste/",
                wrap(require_POST(self.paste_view)),
                name="intake_proposal_paste",
            ),
            path(
                "<int:pk>/decide/",
                wrap(require_POST(self.decide_view)),
                name="intake_proposal_decide",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *_: Any
    ) -> HttpResponse:
        """A proposal has its place in the inbox, under its article."""
        proposal = self.get_object(request, object_id)
        if proposal is None:
            raise Http404
        return HttpResponseRedirect(inbox_address(article=proposal.article_id))

    # -- Reading ---------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.inbox(request)

    def inbox(
        self,
        request: HttpRequest,
        *,
        paste_form: PasteForm | None = None,
        bound: DecisionForm | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        tab = request.GET.get("tab", "")
        tab = tab if tab in TABS else Proposal.State.NEW
        only = request.GET.get("article", "")
        if bound is not None:
            only = str(bound.proposal.article_id)
        articles = Article.objects.with_addresses().newest_and_surest()
        context: dict[str, Any] = {}
        if (only_article := key_in(only)) is not None:
            tab = ""
            context["page"] = Paginator(articles.filter(pk=only_article), 1).get_page(1)
            context["papers"] = papers_of(list(context["page"]), bound)
            context["only"] = True
        elif tab == "decided":
            rows = Proposal.objects.decided().with_articles().decided_last_first()
            context["page"] = self.page(request, rows, DECIDED_PER_PAGE)
            context["decided"] = [
                Card(p, Match(), DecisionForm(proposal=p, match=Match()))
                for p in context["page"]
            ]
        else:
            waiting = articles.waiting(tab)
            context["page"] = self.page(request, waiting, ARTICLES_PER_PAGE)
            context["papers"] = papers_of(list(context["page"]))
        context |= {
            **self.admin_site.each_context(request),
            **self.rights(request),
            "title": _("Inbox"),
            "opts": self.opts,
            "tabs": [(key, label, key == tab) for key, label in TABS.items()],
            "tab": tab,
            "paste_form": paste_form or PasteForm(),
        }
        return TemplateResponse(request, "admin/intake/inbox.html", context)

    @staticmethod
    def page(request: HttpRequest, rows: Any, size: int) -> Any:
        return Paginator(rows, size).get_page(request.GET.get("page"))

    @staticmethod
    def rights(request: HttpRequest) -> dict[str, Any]:
        return {
            "may_decide": may(request, "add"),
            "may_publish": may_publish(request),
            "reasons": REASONS,
        }

    # -- Pasting -----------------------------------------------------------------------

    def paste_view(self, request: HttpRequest) -> HttpResponse:
        if not may(request, "add"):
            raise PermissionDenied
        form = PasteForm(request.POST)
        if not form.is_valid():
            return self.inbox(request, paste_form=form)
        try:
            article, new = pasting.paste(
                form.cleaned_data["pasted"],
                published=form.cleaned_data["published"],
                by=editor_of(request),
                at=timezone.now(),
            )
        except pasting.Unreadable as error:
            form.add_error("pasted", str(error))
            return self.inbox(request, paste_form=form)
        if not new:
            text = _("This story is known already.")
            self.message_user(request, text, messages.INFO)
        return HttpResponseRedirect(inbox_address(article=article.pk))

    # -- Deciding ----------------------------------------------------------------------

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may(request, "add"):
            raise PermissionDenied
        rows = Proposal.objects.with_articles()
        proposal = rows.filter(pk=pk).first()
        if proposal is None:
            raise Http404
        form = None
        try:
            event, form = self.decide(request, proposal)
        except accepting.Refused as refused:
            return self.answer(request, pk, refused=str(refused))
        if form is not None:
            return self.answer(request, pk, bound=form)
        if event is not None:
            there = address_of(event)
            if request.htmx:  # type: ignore[attr-defined]  # django-htmx
                return HttpResponseClientRedirect(there)
            return HttpResponseRedirect(there)
        return self.answer(request, pk)

    def decide(
        self, request: HttpRequest, proposal: Proposal
    ) -> tuple[Event | None, DecisionForm | None]:
        """Do what the pressed button says. An event to open, or a form to correct."""
        by, at = editor_of(request), timezone.now()
        verb = request.POST.get("verb")
        if verb != "undo" and proposal.state not in accepting.OPEN:
            raise accepting.Refused(accepting.already(proposal))
        if key := request.POST.get("attach", ""):
            self.attach(request, proposal, key)
            return None, None
        match verb:
            case "accept" | "publish" | "edit":
                publish = verb == "publish"
                if publish and not may_publish(request):
                    raise PermissionDenied
                form = DecisionForm(
                    request.POST,
                    proposal=proposal,
                    match=matches_of([proposal])[proposal.pk],
                )
                if not form.is_valid():
                    return None, form
                event = accepting.accept(
                    proposal, form.choice(), by=by, at=at, publish=publish
                )
                return (event if verb == "edit" else None), None
            case "reject":
                reason = request.POST.get("reason", "")
                accepting.reject(proposal, reason=reason, by=by, at=at)
            case "later":
                accepting.put_off(proposal, by=by, at=at)
            case "undo":
                self.check_public(request, proposal)
                accepting.undo(proposal, by=by, at=at)
            case _:
                raise accepting.Refused(_("No button was pressed."))
        return None, None

    @staticmethod
    def attach(request: HttpRequest, proposal: Proposal, key: str) -> None:
        number = key_in(key)
        event = Event.objects.filter(pk=number).first() if number else None
        if event is None:
            raise accepting.Refused(_("That event is gone."))
        if event.status == Status.PUBLISHED and not may_publish(request):
            raise accepting.Refused(
                _("Readers see that event: a publisher adds a source to it.")
            )
        by, with_pay = editor_of(request), "with_pay" in request.POST
        accepting.attach(proposal, event, by=by, at=timezone.now(), with_pay=with_pay)

    @staticmethod
    def check_public(request: HttpRequest, proposal: Proposal) -> None:
        event = proposal.event
        if event and event.status == Status.PUBLISHED and not may_publish(request):
            raise accepting.Refused(
                _("Readers see it already: a publisher takes it back.")
            )

    def answer(
        self,
        request: HttpRequest,
        pk: int,
        *,
        bound: DecisionForm | None = None,
        refused: str = "",
    ) -> HttpResponse:
        """The card as it is now, in place; without htmx the page it stands on."""
        if not request.htmx:  # type: ignore[attr-defined]  # django-htmx
            if refused:
                self.message_user(request, refused, messages.ERROR)
            if bound is not None:
                return self.inbox(request, bound=bound)
            proposal = Proposal.objects.get(pk=pk)
            if not refused and proposal.state != Proposal.State.NEW:
                text = f"{proposal}: {proposal.get_state_display()}."
                self.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(inbox_address(article=proposal.article_id))
        rows = Proposal.objects.with_articles().filter(pk=pk)
        [card] = cards_of(list(rows), bound)
        context = {"card": card, "refused": refused, **self.rights(request)}
        return TemplateResponse(request, "admin/intake/proposal.html", context)
