"""Data health at the desk: what looks wrong, one click from putting it right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from talent.registry import upkeep
from talent.registry.admin.base import DeskAdmin, editor_of
from talent.registry.admin.paging import MOST_COUNTED, CappedPaginator
from talent.registry.health import dismissing
from talent.registry.health.found import Kind
from talent.registry.health.links import archive_of
from talent.registry.health.refresh import found_again
from talent.registry.models import Dismissal, Finding, Source

PER_PAGE = 50
SET_ASIDE = "dismissed"


@dataclass(frozen=True)
class Fix:
    """Where it is put right: a page to open, or, with `post`, something to do at once."""

    label: str
    url: str
    post: bool = False


@dataclass(frozen=True)
class Line:
    """One finding as the page shows it."""

    finding: Finding
    sentence: str
    settled: bool
    fixes: list[Fix]
    archive: str = ""
    moved_to: str = ""
    dismissal: Dismissal | None = None


class DismissForm(forms.Form):
    facts = forms.CharField(max_length=32)
    reason = forms.CharField(
        max_length=300,
        error_messages={"required": gettext_lazy("Say why it is right as it is.")},
    )


def page_of(model: str, key: int | None, verb: str = "change") -> str:
    return reverse(f"admin:registry_{model}_{verb}", args=[key])


def fixes_of(finding: Finding) -> list[Fix]:
    """The right form first. Links only, made from the keys at hand: no query."""
    other = finding.other_id
    match finding.kind:
        case Kind.OTHER_HALF:
            half = reverse("admin:registry_event_other_half", args=[finding.event_id])
            return [
                Fix(_("Draft the other half"), half, post=True),
                Fix(_("Open the event"), page_of("event", finding.event_id)),
            ]
        case Kind.NO_SOURCE | Kind.ONE_ORIGIN:
            url = page_of("event", finding.event_id) + "#id_new_sources"
            return [Fix(_("Add a source"), url)]
        case Kind.INVENTED_DAY | Kind.FUTURE:
            url = page_of("event", finding.event_id) + "#id_date"
            return [Fix(_("Set the date"), url)]
        case Kind.BEFORE_FOUNDING:
            return [Fix(_("Open the event"), page_of("event", finding.event_id))]
        case Kind.DUPLICATE_PERSON:
            pair = [finding.person_id, other]
            return [
                Fix(_("Compare"), reverse("admin:registry_person_merge", args=pair))
            ]
        case Kind.DUPLICATE_ORGANIZATION:
            pair = [finding.organization_id, other]
            compare = reverse("admin:registry_organization_merge", args=pair)
            return [Fix(_("Compare"), compare)]
        case Kind.UNUSED:
            url = page_of("organization", finding.organization_id)
            return [Fix(_("Open the organization"), url)]
        case Kind.DEAD_LINK | Kind.MOVED_LINK:
            return [Fix(_("Open the source"), page_of("source", finding.source_id))]
        case Kind.NO_READING if finding.event_id is None:
            return [Fix(_("Open the package"), page_of("package", finding.package_id))]
        case Kind.NO_READING:
            return [Fix(_("Open the hire"), page_of("event", finding.event_id))]
    return [
        Fix(_("Open the event"), page_of("event", finding.event_id)),
        *([Fix(_("Open the other one"), page_of("event", other))] if other else []),
    ]


@admin.register(Finding)
class FindingAdmin(DeskAdmin):
    # -- Who may do what -----------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return editor_of(request).has_perm("registry.view_event")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return editor_of(request).has_perm("registry.change_event")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # -- The page ------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def posted(view: Callable[..., HttpResponse]) -> Any:
            return self.admin_site.admin_view(require_POST(view))

        page = self.admin_site.admin_view(require_safe(self.findings_page))
        stem = "registry_finding"
        return [
            path("", page, name=f"{stem}_changelist"),
            path("<int:pk>/dismiss/", posted(self.dismiss), name=f"{stem}_dismiss"),
            path("<int:pk>/restore/", posted(self.restore), name=f"{stem}_restore"),
            path("<int:pk>/archive/", posted(self.archive), name=f"{stem}_archive"),
        ]

    def findings_page(self, request: HttpRequest) -> HttpResponse:
        """Counts by kind, and the newest findings; those put right since are struck out."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("kind", "")
        if asked not in {"", SET_ASIDE, *Kind.values}:
            raise Http404
        findings = Finding.objects.newest_first()
        if asked == SET_ASIDE:
            findings = findings.set_aside()
        else:
            findings = findings.open()
            findings = findings.of_kind(asked) if asked else findings
        paginator = CappedPaginator(findings, PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        counts = Finding.objects.counts(MOST_COUNTED + 1)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Data health"),
            "opts": self.opts,
            "asked": asked,
            "label": Kind(asked).label if asked in Kind.values else "",
            "kinds": [
                (kind, shown(counts[kind.value]))
                for kind in Kind
                if counts[kind.value] or kind.value == asked
            ],
            "all": shown(sum(n for kind, n in counts.items() if kind)),
            "set_aside": shown(counts[""]),
            "page": page,
            "lines": lines_of(page),
            "may_change": self.has_change_permission(request),
            "here": request.get_full_path(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/health/findings.html", context)

    # -- Deciding ------------------------------------------------------------------------

    def decided(self, request: HttpRequest, pk: int) -> Finding:
        if not self.has_change_permission(request):
            raise PermissionDenied
        finding = Finding.objects.filter(pk=pk).first()
        if finding is None:
            raise Http404
        return finding

    def back(self, request: HttpRequest) -> HttpResponseRedirect:
        there = request.POST.get("back", "")
        if not url_has_allowed_host_and_scheme(there, allowed_hosts=None):
            there = reverse("admin:registry_finding_changelist")
        return HttpResponseRedirect(there)

    def dismiss(self, request: HttpRequest, pk: int) -> HttpResponse:
        finding, form = self.decided(request, pk), DismissForm(request.POST)
        if not form.is_valid():
            told = " ".join(str(e) for field in form.errors.values() for e in field)
            self.message_user(request, told, messages.ERROR)
            return self.back(request)
        done = dismissing.dismiss(
            finding,
            reason=form.cleaned_data["reason"],
            facts=form.cleaned_data["facts"],
            at=timezone.now(),
            by=editor_of(request),
        )
        if done:
            text = _("Dismissed: %(finding)s It comes back if the facts change.")
            level = messages.SUCCESS
        else:
            text = _("Nothing was changed: the facts are others now. %(finding)s")
            level = messages.WARNING
        self.message_user(request, text % {"finding": finding.sentence}, level)
        return self.back(request)

    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        finding = self.decided(request, pk)
        dismissing.restore(finding, by=editor_of(request))
        text = _("It is on the list again: %(finding)s")
        self.message_user(request, text % {"finding": finding.sentence})
        return self.back(request)

    def archive(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the suggested address of an archive copy, once somebody has looked at it."""
        finding = self.decided(request, pk)
        if finding.source_id is None:
            raise Http404
        with transaction.atomic():
            source = Source.objects.select_for_update().get(pk=finding.source_id)
            form = self.admin_site.get_model_admin(Source)
            if not form.has_change_permission(request, source):
                raise PermissionDenied
            if source.archive_url:
                text = _("It has an archive copy already: %(url)s")
            else:
                source.archive_url = archive_of(source)[:1000]
                upkeep.rewrite(source, at=timezone.now(), by=editor_of(request))
                text = _("Kept as the archive copy: %(url)s")
        self.message_user(request, text % {"url": source.archive_url})
        return self.back(request)


def shown(count: int) -> str:
    """Up to 5,000 exactly: nobody reads that many lines."""
    return str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED:,}+"


def lines_of(page: Page[Finding]) -> list[Line]:
    """A dozen queries at most, whatever stands on the page."""
    findings = list(page.object_list)
    now = found_again(findings, today=timezone.localdate())
    sources = Source.objects.select_related("link_check").in_bulk(
        {finding.source_id for finding in findings if finding.source_id}
    )
    dismissals = {
        (dismissal.kind, dismissal.key): dismissal
        for dismissal in Dismissal.objects.filter(
            key__in=[finding.key for finding in findings]
        ).select_related("dismissed_by")
    }
    lines = []
    for finding in findings:
        found = now.get((finding.kind, finding.key))
        source = sources.get(finding.source_id) if finding.source_id else None
        check = getattr(source, "link_check", None)
        lines.append(
            Line(
                finding=finding,
                sentence=found.sentence if found else finding.sentence,
                settled=found is None,
                fixes=fixes_of(finding),
                archive=archive_of(source)
                if source and finding.kind == Kind.DEAD_LINK
                else "",
                moved_to=check.moved_to if check else "",
                dismissal=dismissals.get((finding.kind, finding.key)),
            )
        )
    return lines
