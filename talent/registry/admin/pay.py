"""Packages (pay, offered or accepted) and deals between companies (nobody's pay)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from talent.registry import approvals, curation, upkeep
from talent.registry.admin.base import DeskAdmin, DeskFields, editor_of, may_publish
from talent.registry.admin.filters import OrganizationFilter
from talent.registry.admin.inlines import (
    FigureFormSet,
    ReadingFormSet,
    ReadingInline,
    StackedInline,
    TabularFormSet,
    TabularInline,
)
from talent.registry.admin.links import address_of, badge
from talent.registry.admin.people import none_is_zero
from talent.registry.admin.verdicts import Verdict, VerdictsAdmin
from talent.registry.forms.pay import (
    DealForm,
    DealReadingForm,
    MovedForm,
    PackageForm,
)
from talent.registry.models import Deal, DealReading, Organization, Package, Person
from talent.registry.models.approvals import Act
from talent.registry.models.deals import DealEvent
from talent.registry.models.events import Status


@admin.register(Package)
class PackageAdmin(VerdictsAdmin):
    form = PackageForm
    inlines = [ReadingInline]
    verbs = {
        "publish": curation.publish_package,
        "withdraw": curation.withdraw_package,
        "draft": curation.package_back_to_draft,
    }
    actions = ["publish_them", "withdraw_them", "draft_them"]
    list_display = (
        "recipient", "organization", "figure", "outcome", "hire", "status_shown",
    )  # fmt: skip
    list_filter = ("status", "outcome", "readings__form", OrganizationFilter)
    ordering = ("-pk",)
    sortable_by = ()
    search_help_text = gettext_lazy(
        "A person or organization in any script, or a group."
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("person", "recipients"),
                    ("organization", "outcome"),
                    "event",
                ]
            },
        )
    ]

    def needs_second(self, verdict: Verdict, row: Any) -> Act | None:
        """Pay that readers have seen is not taken away by one editor."""
        acts = {"withdraw": Act.WITHDRAW_PAY, "draft": Act.PAY_TO_DRAFT}
        act = acts.get(verdict.name)
        if act is None or row.status == verdict.state or not approvals.was_public(row):
            return None
        return act

    @staticmethod
    def is_public(obj: Any) -> bool:
        """A published package of a draft is not seen yet, and still not an editor's."""
        return bool(obj.status == Status.PUBLISHED)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        packages: QuerySet[Any] = rows.with_readings()
        return packages.select_related("person", "organization", "event__person")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not (text := search_term.strip()):
            return queryset, False
        named = (
            Q(person__in=Person.objects.named(text).values("pk"))
            | Q(organization__in=Organization.objects.named(text).values("pk"))
            | Q(recipients__icontains=text)
        )
        return queryset.filter(named), False

    @admin.display(description=gettext_lazy("recipient"))
    def recipient(self, package: Package) -> str:
        return str(package.person or package.recipients)

    @admin.display(description=gettext_lazy("figure"))
    def figure(self, package: Package) -> str:
        return str(package.headline or "–")

    @admin.display(description=gettext_lazy("hire"))
    def hire(self, package: Package) -> str:
        if package.event is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>',
            address_of(package.event),
            package.event.date.isoformat(),
        )

    @admin.display(description=gettext_lazy("status"))
    def status_shown(self, package: Package) -> str:
        return badge("status", package.status, package.get_status_display())

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        by = editor_of(request)
        if obj.person is not None and obj.person.pk is None:
            upkeep.create_named(obj.person, by=by)
            obj.person = obj.person  # takes the key it has now
        if change:
            super().save_model(request, obj, form, change)
        else:
            curation.create_offer(obj, by=by)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        by = editor_of(request)
        with curation.recorded_as(by):
            if isinstance(formset, ReadingFormSet):
                formset.save_with_sources(by)
        if formset.has_changed():
            curation.announce_package(form.instance)


class DealReadingInline(DeskFields, StackedInline):
    model = DealReading
    form = DealReadingForm
    formset = FigureFormSet
    extra = 1
    verbose_name = gettext_lazy("stated figure")
    verbose_name_plural = gettext_lazy("stated figures")
    fields = (
        ("qualifier", "low", "high", "currency", "standing"),
        ("source_url", "note"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("source").order_by("pk")


class MovedFormSet(TabularFormSet):
    @classmethod
    def get_default_prefix(cls) -> str:
        """The relation has no name backwards, and Django's scripts need one here."""
        return "moved"


class DealEventInline(DeskFields, TabularInline):
    model = DealEvent
    form = MovedForm
    formset = MovedFormSet
    template = "admin/registry/tabular.html"
    extra = 1
    verbose_name = gettext_lazy("person who moved with it")
    verbose_name_plural = gettext_lazy("people who moved with it")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("event__person", "event__organization").order_by(
            "pk"
        )


@admin.register(Deal)
class DealAdmin(DeskAdmin):
    """A deal has no draft: what is saved here is public, so it is for publishers."""

    form = DealForm
    inlines = [DealReadingInline, DealEventInline]
    list_display = ("__str__", "form", "when", "figures", "people")
    list_filter = ("form",)
    ordering = ("-happened_on", "-pk")
    sortable_by = ()
    search_help_text = gettext_lazy("Buyer or target, in any script.")
    fieldsets = [
        (None, {"fields": [("buyer", "target"), ("form", "date")]}),
        (gettext_lazy("Address"), {"fields": ["key"], "classes": ["collapse"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and may_publish(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("registry.delete_deal") and may_publish(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        moved = DealEvent.objects.filter(deal=OuterRef("pk")).order_by()
        counted = moved.values("deal").annotate(n=Count("pk")).values("n")
        rows: Any = super().get_queryset(request)
        deals: QuerySet[Any] = rows.with_readings().annotate(
            moved=none_is_zero(Subquery(counted))
        )
        return deals

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not (text := search_term.strip()):
            return queryset, False
        sides = Organization.objects.named(text).values("pk")
        return queryset.filter(Q(buyer__in=sides) | Q(target__in=sides)), False

    @admin.display(description=gettext_lazy("date"))
    def when(self, deal: Deal) -> str:
        return deal.happened.isoformat()

    @admin.display(description=gettext_lazy("figures"))
    def figures(self, deal: Deal) -> str:
        return "; ".join(str(reading) for reading in deal.readings.all()) or "–"

    @admin.display(description=gettext_lazy("people"))
    def people(self, deal: Any) -> int:
        return int(deal.moved)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        by = editor_of(request)
        with curation.recorded_as(by):
            if formset.model is DealReading:
                for row in formset.forms:
                    if row.has_changed() and row not in formset.deleted_forms:
                        row.save_source(by)
            formset.save()

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        people, companies = upkeep.touched_by(form.instance)
        super().save_related(request, form, formsets, change)
        now = upkeep.touched_by(form.instance)
        curation.announce(people=people | now[0], companies=companies | now[1])
