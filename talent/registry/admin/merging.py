"""Merging at the desk: choosing two rows, looking at both, confirming, undoing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from talent.registry import merging
from talent.registry.merge_plan import MODELS, POINTERS, Row, preview
from talent.registry.models import Deal, Event, Merge, Package, Person

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    MergeModelAdmin = admin.ModelAdmin[Merge]
else:
    # Before ModelAdmin in the bases, so that its methods stand behind these.
    AnyModelAdmin = object
    MergeModelAdmin = admin.ModelAdmin

SHOWN, FOUND = 30, 20


class Mergeable(AnyModelAdmin):
    """Lets publishers merge rows: `class PersonAdmin(Mergeable, admin.ModelAdmin)`.

    Adds the action, and the pages it leads to. With one row chosen the other is looked
    for by name.
    """

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return may_merge(request, self.model)

    def get_actions(self, request: HttpRequest) -> Any:
        actions: Any = super().get_actions(request)
        if IS_POPUP_VAR not in request.GET and self.has_merge_permission(request):
            actions["merge_chosen"] = self.get_action("merge_chosen")
        return actions

    @admin.action(description=gettext_lazy("Merge the two chosen…"))
    def merge_chosen(
        self, request: HttpRequest, chosen: models.QuerySet[Any]
    ) -> HttpResponse | None:
        # The row entered first is kept unless the curator turns them round.
        rows = [row.pk for row in chosen.order_by("pk")[:3]]
        if len(rows) > 2:
            text = _("Choose the two that are one, and no more.")
            self.message_user(request, text, messages.ERROR)
            return None
        name = "merge" if len(rows) == 2 else "merge_with"
        return redirect(f"admin:{self.url_stem}_{name}", *rows)

    @property
    def url_stem(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "merge/<int:pk>/",
                wrap(self.merge_with_page),
                name=f"{self.url_stem}_merge_with",
            ),
            path(
                "merge/<int:kept>/<int:dropped>/",
                wrap(self.merge_page),
                name=f"{self.url_stem}_merge",
            ),
            *super().get_urls(),
        ]

    def merge_with_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look for the row that is the same as this one."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        row = row_or_404(self.model, pk)
        asked = request.GET.get("q", row.name)
        others = self.model.objects.unmerged().exclude(pk=pk)
        found = others.named(asked).best_first(asked)[:FOUND]
        context = {
            "title": _("Which one is the same as %(row)s?") % {"row": row},
            "row": row,
            "asked": asked,
            "found": found or others.named_like(asked).by_name()[:FOUND],
            "url_name": f"admin:{self.url_stem}_merge",
        }
        return self.shown(request, "registry/merge_with.html", context)

    def merge_page(self, request: HttpRequest, kept: int, dropped: int) -> HttpResponse:
        """Both rows side by side, what would move, what speaks for and against it."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        kept_row, dropped_row = (row_or_404(self.model, pk) for pk in (kept, dropped))
        plan = preview(kept_row, dropped_row)
        doubtful = plan.evidence.is_name_alone or bool(plan.evidence.against_it)
        unsure = doubtful and "sure" not in request.POST
        if request.method == "POST" and not unsure:
            answer = self.merged(request, kept_row, dropped_row)
            if answer is not None:
                return answer
            plan = preview(kept_row, dropped_row)
        context = {
            "title": _("Merge %(dropped)s into %(kept)s?")
            % {"dropped": dropped_row, "kept": kept_row},
            "plan": plan,
            "sides": [Side.of(kept_row), Side.of(dropped_row)],
            "doubtful": doubtful,
            "unsure": unsure and request.method == "POST",
            "url_name": f"admin:{self.url_stem}_merge",
            "change_url": f"admin:{self.url_stem}_change",
        }
        return self.shown(request, "registry/merge.html", context)

    def merged(
        self, request: HttpRequest, kept: Row, dropped: Row
    ) -> HttpResponse | None:
        """Merge and go to the kept row; None, with a message, where it is refused."""
        at = timezone.now()
        try:
            merge = merging.merge(kept, dropped, by=request.user, at=at)  # type: ignore[arg-type,type-var]  # both of one model, and a signed-in user
        except merging.MergeRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        if merge.merged_at == at:
            self.message_user(request, done_message(merge), messages.SUCCESS)
        else:
            text = _("Merged already, on %(day)s by %(user)s.") % {
                "day": merge.merged_at.date(),
                "user": merge.merged_by or _("a command"),
            }
            self.message_user(request, text, messages.INFO)
        return redirect(f"admin:{self.url_stem}_change", kept.pk)

    def shown(
        self, request: HttpRequest, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        return TemplateResponse(
            request,
            template,
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
        )


def may_merge(request: HttpRequest, model: type[models.Model]) -> bool:
    return request.user.has_perm(f"registry.merge_{model._meta.model_name}")


def row_or_404(model: type[models.Model], pk: int) -> Any:
    rows: Any = model._default_manager
    row = rows.select_related("merged_into").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def done_message(merge: Merge) -> str:
    count = sum(len(ids) for ids in merge.moved.values())
    moved = ngettext(
        "%(count)d row was moved.", "%(count)d rows were moved.", count
    ) % {"count": count}
    return format_html(
        '{} {} <a href="{}">{}</a>',
        _("Done: %(merge)s.") % {"merge": merge.summary},
        moved,
        reverse("admin:registry_merge_undo", args=[merge.pk]),
        _("Undo"),
    )


@dataclass(frozen=True)
class Side:
    """One of the two rows as the page shows it: what it says, and what names it."""

    row: Row
    facts: list[tuple[str, str]]
    events: list[Event]
    events_in_all: int
    others: list[models.Model]

    @classmethod
    def of(cls, row: Row) -> Side:
        events = Event.objects.with_ends()
        shown: tuple[str, ...]
        if isinstance(row, Person):
            shown = ("name", "name_zh", "other_names", "known_for", "education")
            events = events.of_person(row)
            others: list[models.Model] = list(
                Package.objects.of_person(row).with_readings()[:SHOWN]
            )
        else:
            shown = (
                *("name", "name_zh", "other_names", "seat", "parent", "country"),
                "founded_on",
            )
            events = events.filter(
                models.Q(organization=row) | models.Q(counterpart=row)
            )
            deals = Deal.objects.select_related("buyer", "target")
            others = [
                *row.units.by_name()[:SHOWN],
                *row.packages.with_readings()[:SHOWN],
                *deals.filter(models.Q(buyer=row) | models.Q(target=row))[:SHOWN],
            ]
        return cls(
            row=row,
            facts=[fact(row, name) for name in (*shown, "slug", "created_at")],
            events=list(events.newest_first()[:SHOWN]),
            events_in_all=events.count(),
            others=others,
        )


def fact(row: Row, name: str) -> tuple[str, str]:
    label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column
    if name == "created_at":
        return _("entered"), str(row.created_at.date())
    if name == "founded_on":
        return label, str(row.founded or "")  # type: ignore[union-attr]  # its column
    if name == "seat":
        return label, row.get_seat_display()  # type: ignore[union-attr]  # its column
    value = getattr(row, name)
    if isinstance(value, list):
        return label, "; ".join(value)
    return label, str(value or "")


@admin.register(Merge)
class MergeAdmin(MergeModelAdmin):
    """What was merged, by whom, with the way back. Nothing here is edited."""

    list_display = ("merged_at", "kind", "summary", "merged_by")
    list_display_links = None
    list_filter = ("kind", ("undone_at", admin.EmptyFieldListFilter))
    list_select_related = ("merged_by",)
    search_fields = ("summary",)
    date_hierarchy = "merged_at"
    ordering = ("-merged_at", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        @admin.display(description=_("undone"))
        def state(merge: Merge) -> str:
            """When it was undone, or the way to it for those who may."""
            if merge.undone_at:
                return _("on %(day)s") % {"day": merge.undone_at.date()}
            if not may_merge(request, MODELS[merge.kind]):
                return _("no")
            address = reverse("admin:registry_merge_undo", args=[merge.pk])
            return format_html('<a href="{}">{}</a>', address, _("Undo…"))

        return [*self.list_display, state]

    def get_urls(self) -> list[URLPattern]:
        undo = path(
            "<int:pk>/undo/",
            self.admin_site.admin_view(self.undo_page),
            name="registry_merge_undo",
        )
        return [undo, *super().get_urls()]

    def undo_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        merge = Merge.objects.filter(pk=pk).first()
        if merge is None:
            raise Http404
        model = MODELS[merge.kind]
        if not may_merge(request, model):
            raise PermissionDenied
        if request.method == "POST":
            return self.undone(request, merge, model)
        behind, gone = merging.left_behind(merge)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo this merge?"),
            "opts": self.opts,
            "merge": merge,
            "moved": [
                (pointer.label, len(ids))
                for pointer in POINTERS[model]
                if (ids := merge.moved.get(pointer.key))
            ],
            "behind": behind[:SHOWN],
            "behind_count": len(behind),
            "gone": gone,
        }
        return TemplateResponse(request, "registry/merge_undo.html", context)

    def undone(
        self, request: HttpRequest, merge: Merge, model: type[Row]
    ) -> HttpResponse:
        try:
            won = merging.undo(merge, by=request.user, at=timezone.now())  # type: ignore[arg-type]  # a signed-in user
        except merging.MergeRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:registry_merge_changelist")
        if not won:
            text = _("This merge was undone already.")
            self.message_user(request, text, messages.INFO)
            return redirect("admin:registry_merge_changelist")
        self.message_user(
            request, _("Undone: %(merge)s.") % {"merge": merge}, messages.SUCCESS
        )
        behind, gone = merging.left_behind(merge)
        if behind or gone:
            self.message_user(request, stayed_message(behind, gone), messages.WARNING)
        name = f"admin:registry_{model._meta.model_name}_change"
        return redirect(name, merge.dropped_id)


def stayed_message(behind: list[models.Model], gone: int) -> str:
    """What undoing could not move back, by name."""
    texts = []
    if behind:
        names = "; ".join(str(row) for row in behind[:5])
        more = f" (+{len(behind) - 5})" if len(behind) > 5 else ""
        texts.append(
            _("Edited since, and left where it is: %(rows)s.") % {"rows": names + more}
        )
    if gone:
        texts.append(_("Deleted since: %(count)d.") % {"count": gone})
    return " ".join(texts)
