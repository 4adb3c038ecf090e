"""Importing events from a spreadsheet: upload, look, choose, confirm, and take it back."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from talent.intake.admin.base import IntakeAdmin, may
from talent.intake.imports import keeping, making, planning, undoing
from talent.intake.imports.columns import COLUMNS, EXAMPLES, help_of
from talent.intake.imports.planning import CHOOSE, MAKE, REFUSE, SKIP, Plan, Planned
from talent.intake.imports.reading import MOST_BYTES, MOST_ROWS, Unreadable
from talent.intake.models import Import
from talent.registry.admin.base import editor_of
from talent.registry.models import Event

PER_PAGE = 100
SHOWN = {
    MAKE: gettext_lazy("will be made"),
    CHOOSE: gettext_lazy("to choose"),
    SKIP: gettext_lazy("skipped"),
    REFUSE: gettext_lazy("refused"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


@dataclass(frozen=True)
class Shown:
    """A planned row and what the page offers about it."""

    row: Planned
    label: Any
    offers: str = ""  # what its box would do: skip, make, or nothing
    ticked: bool = False


def shown(row: Planned, choices: dict[str, str]) -> Shown:
    said = choices.get(row.choice_key, "")
    offers = ""
    if row.verdict in {MAKE, CHOOSE} or said == SKIP:
        offers = SKIP
    if row.twin is not None or row.twin_row:
        offers = MAKE
    return Shown(row, SHOWN[row.verdict], offers, ticked=said == offers != "")


@admin.register(Import)
class ImportAdmin(IntakeAdmin):
    list_display = ("name", "state", "uploaded_at", "uploaded_by", "events_counted")
    list_select_related = ("uploaded_by",)
    ordering = ("-pk",)
    sortable_by = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        # The rows of every file would be megabytes for a list of names.
        return super().get_queryset(request).defer("rows", "choices")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        title = {"title": _("Imports")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    @admin.display(description=gettext_lazy("events"))
    def events_counted(self, upload: Import) -> int:
        return len(upload.made.get("events", []))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        stem = "intake_import"
        return [
            path("add/", wrap(self.upload_page), name=f"{stem}_add"),
            path(
                "template.csv",
                wrap(require_safe(self.template_file)),
                name=f"{stem}_template",
            ),
            path("<int:pk>/change/", wrap(self.preview_page), name=f"{stem}_change"),
            path(
                "<int:pk>/confirm/",
                wrap(require_POST(self.confirm)),
                name=f"{stem}_confirm",
            ),
            path("<int:pk>/undo/", wrap(self.undo_page), name=f"{stem}_undo"),
            path(
                "<int:pk>/discard/",
                wrap(require_POST(self.discard)),
                name=f"{stem}_discard",
            ),
            *super().get_urls(),
        ]

    # -- Uploading -----------------------------------------------------------------------

    def upload_page(self, request: HttpRequest) -> HttpResponse:
        self.only_for(request, "add")
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = keeping.keep_upload(
                    file.name,
                    file.read(MOST_BYTES + 1),
                    at=timezone.now(),
                    by=editor_of(request),
                )
            except Unreadable as error:
                form.add_error("file", str(error))
            else:
                self.tell_of_twin(request, upload)
                return HttpResponseRedirect(page_of(upload))
        columns = [(column, help_of(column)) for column in COLUMNS]
        return self.page(
            request,
            "admin/imports/upload.html",
            title=_("Import events"),
            form=form,
            columns=columns,
            most_rows=MOST_ROWS,
            most_megabytes=MOST_BYTES // 1_000_000,
        )

    def tell_of_twin(self, request: HttpRequest, upload: Import) -> None:
        before = Import.objects.filter(digest=upload.digest).exclude(pk=upload.pk)
        twin = before.defer("rows").order_by("-pk").first()
        if twin is not None:
            text = _(
                "The same file was uploaded before: %(file)s, %(state)s. What the record has "
                "by now is skipped below."
            )
            told = {"file": twin.name, "state": twin.get_state_display()}
            self.message_user(request, text % told, messages.WARNING)

    def template_file(self, request: HttpRequest) -> HttpResponse:
        """With a mark at the start, so that Excel reads the Chinese in it."""
        self.only_for(request, "view")
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="events.csv"'
        names = [column.name for column in COLUMNS]
        writer = csv.DictWriter(response, names, restval="")
        writer.writeheader()
        writer.writerows(EXAMPLES)
        return response

    # -- Looking and choosing ------------------------------------------------------------

    def preview_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.only_for(request, "add" if request.method == "POST" else "view")
        upload = found(pk)
        if request.method == "POST":
            return self.keep(request, upload)
        if upload.state != Import.State.OPEN:
            return self.done_page(request, upload)
        missing = planning.missing_columns(upload)
        plan = Plan([]) if missing else planning.plan_of(upload)
        only = request.GET.get("show", "")
        rows = [row for row in plan.rows if only not in SHOWN or row.verdict == only]
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return self.page(
            request,
            "admin/imports/preview.html",
            title=upload.name,
            upload=upload,
            missing=missing,
            header=[*zip(upload.header, upload.columns, strict=True)],
            columns=COLUMNS,
            first_rows=upload.rows[:3],
            plan=plan,
            tabs=[(name, text, plan.counts[name]) for name, text in SHOWN.items()],
            all=len(upload.rows),
            only=only,
            page=page,
            shown=[shown(row, upload.choices) for row in page.object_list],
            here=request.get_full_path(),
            may_import=may(request, "add"),
        )

    def keep(self, request: HttpRequest, upload: Import) -> HttpResponse:
        """Choices and columns, as far as the page showed them."""
        if upload.state != Import.State.OPEN:
            text = _("Nothing was kept: it was imported already.")
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(page_of(upload))
        if "columns" in request.POST:
            keeping.keep_columns(upload, request.POST.getlist("column"))
        else:
            keeping.keep_choices(upload, chosen_in(request))
        self.message_user(request, _("Kept."), messages.SUCCESS)
        query = request.META["QUERY_STRING"]
        return HttpResponseRedirect(f"{page_of(upload)}?{query}")

    # -- Confirming and undoing ----------------------------------------------------------

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.only_for(request, "add")
        upload = found(pk)
        try:
            count = making.carry_out(
                upload,
                seen=request.POST.get("plan", ""),
                at=timezone.now(),
                by=editor_of(request),
            )
        except making.Refused as error:
            self.message_user(request, str(error), messages.WARNING)
        else:
            text = _("%(count)s events were drafted. Nothing is public yet.")
            self.message_user(request, text % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(page_of(upload))

    def done_page(self, request: HttpRequest, upload: Import) -> HttpResponse:
        made = upload.made.get("events", [])
        page = Paginator(made, PER_PAGE).get_page(request.GET.get("page"))
        there = Event.objects.with_ends().in_bulk([key for _row, key in page])
        return self.page(
            request,
            "admin/imports/done.html",
            title=upload.name,
            upload=upload,
            page=page,
            events=[(row, there.get(key)) for row, key in page],
            made={name: len(keys) for name, keys in upload.made.items()},
            may_import=may(request, "add"),
        )

    def undo_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What goes and what stays on GET, do it on POST."""
        self.only_for(request, "add")
        upload = found(pk)
        if request.method == "POST":
            try:
                done = undoing.undo(upload, by=editor_of(request))
            except making.Refused as error:
                self.message_user(request, str(error), messages.WARNING)
                return HttpResponseRedirect(page_of(upload))
            text = _("%(count)s drafts were deleted, %(stays)s rows stay.")
            told = {"count": len(done.events), "stays": len(done.stays)}
            self.message_user(request, text % told, messages.SUCCESS)
            for kept in done.stays[:20]:
                self.message_user(request, f"{kept.row}: {kept.why}", messages.WARNING)
            return HttpResponseRedirect(page_of(upload))
        return self.page(
            request,
            "admin/imports/undo.html",
            title=_("Undo %(name)s") % {"name": upload.name},
            upload=upload,
            undoing=undoing.undoing_of(upload),
        )

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.only_for(request, "add")
        upload = found(pk)
        if keeping.discard(upload):
            text = _("The upload “%(name)s” was thrown away; it had made nothing.")
            self.message_user(request, text % {"name": upload.name})
            return HttpResponseRedirect(reverse("admin:intake_import_changelist"))
        text = _("It was imported: undo it first.")
        self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(page_of(upload))

    # -- For each of them ----------------------------------------------------------------

    def only_for(self, request: HttpRequest, verb: str) -> None:
        if not may(request, verb):
            raise PermissionDenied

    def page(
        self, request: HttpRequest, template: str, **context: Any
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name
        around = self.admin_site.each_context(request)
        return TemplateResponse(
            request, template, {**around, "opts": self.opts, **context}
        )


def found(pk: int) -> Import:
    upload = Import.objects.filter(pk=pk).first()
    if upload is None:
        raise Http404
    return upload


def page_of(upload: Import) -> str:
    return reverse("admin:intake_import_change", args=[upload.pk])


def chosen_in(request: HttpRequest) -> dict[str, str]:
    """Who is meant, and the boxes of the rows the page showed: an empty box is a choice too."""
    posted = request.POST
    choices = {
        name: value[:20]
        for name, value in posted.items()
        if name.startswith(("person-", "organization-")) and isinstance(value, str)
    }
    for name in posted.getlist("box"):
        if name.startswith("row-"):
            said = posted.get(name, "")
            choices[name] = said if said in {SKIP, MAKE} else ""
    return {name[:60]: said for name, said in choices.items()}
