"""The rows inside the screen of an event: citations, stated reasons, readings of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.registry import approvals, curation
from talent.registry.admin.base import DeskFields
from talent.registry.forms.events import CitationForm
from talent.registry.forms.pay import ReadingForm
from talent.registry.models import Citation, Event, EventReason, Package, Reading
from talent.registry.models.events import Standing
from talent.registry.wording import called

if TYPE_CHECKING:
    AnyInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    AnyInlineFormSet = forms.BaseInlineFormSet
    StackedInline = admin.StackedInline
    TabularInline = admin.TabularInline


class CitationInline(DeskFields, StackedInline):
    """What each page states. New ones come in as pasted addresses."""

    model = Citation
    form = CitationForm
    template = "admin/registry/event/citations.html"
    after = "sources"
    extra = 0
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("states", "stance"),
                    ("title", "publisher", "published", "language"),
                ]
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("source").order_by("pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # Shown to who may only look; the form has fields of these names.

    def title(self, citation: Citation) -> str:
        return citation.source.title

    def publisher(self, citation: Citation) -> str:
        return citation.source.publisher

    def published(self, citation: Citation) -> str:
        date = citation.source.published
        return date.isoformat() if date else ""

    def language(self, citation: Citation) -> str:
        return citation.source.language


class TabularFormSet(AnyInlineFormSet):
    """The heads of a table name its columns for the eye; this names each field itself."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", field.label or name)


class ReasonInline(DeskFields, TabularInline):
    model = EventReason
    formset = TabularFormSet
    template = "admin/registry/tabular.html"
    after = "sources"
    extra = 1
    fields = ("reason", "stated_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("reason").order_by("pk")

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "reason":
            # Read once for all rows: a list of choices copies without a query.
            field.queryset = field.queryset.order_by("name")
            field.label_from_instance = called
            field.choices = list(field.choices)
        return field


class FigureFormSet(AnyInlineFormSet):
    """Stated figures: that one is denied takes two editors."""

    # Where the button stands that asks for a second one.
    denied_at = gettext_lazy("the page of the deal")

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            denied = getattr(form, "cleaned_data", {}).get("standing")
            if denied == Standing.DENIED and "standing" in form.changed_data:
                raise ValidationError(
                    _(
                        "Denied needs a second editor: save the figure with another "
                        "standing, then use “Deny” on %(page)s."
                    )
                    % {"page": self.denied_at}
                )


class ReadingFormSet(FigureFormSet):
    """The readings of an event's one package, which may not exist yet."""

    denied_at = gettext_lazy("the page of the package")

    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.has_changed() or form.instance.pk
            if not self._should_delete_form(form)  # type: ignore[attr-defined]  # Django's own
        ]
        event = self.instance.event
        if kept and event is not None and event.kind == Event.Kind.DEPARTURE:
            raise ValidationError(
                _("A package belongs to a hire: enter the figure at the hire's event.")
            )
        preferred = [
            form
            for form in kept
            if getattr(form, "cleaned_data", {}).get("rank") == Reading.Rank.PREFERRED
        ]
        if len(preferred) > 1:
            raise ValidationError(
                _("One reading of a package can be the preferred one.")
            )

        self.check_what_two_decide()

    def check_what_two_decide(self) -> None:
        """A figure readers have seen is not taken away by one editor."""
        if self.instance.pk is None or not approvals.was_public(self.instance):
            return
        for form in self.forms:
            if self._should_delete_form(form) and form.instance.pk:  # type: ignore[attr-defined]  # Django's own
                raise ValidationError(
                    _(
                        "Readers have seen this figure: correct it, mark it as contradicted "
                        "with a note, or ask a second editor to withdraw the package."
                    )
                )

    def save_with_sources(self, by: curation.Editor) -> None:
        """Save the rows, and a source for each address typed beside a figure."""
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms:
                form.save_source(by)
        self.make_room()
        self.save()

    def make_room(self) -> None:
        """Before saving: the reading that was preferred steps back for another one."""
        stays = [
            form.instance.pk
            for form in self.initial_forms
            if form.instance.rank == Reading.Rank.PREFERRED
            and form not in self.deleted_forms
        ]
        was = Reading.objects.filter(
            package=self.instance.pk, rank=Reading.Rank.PREFERRED
        )
        was.exclude(pk__in=stays).update(rank="")


class ReadingInline(DeskFields, StackedInline):
    """Its parent is the event's package; Django's own inlines go one level deep only."""

    model = Reading
    form = ReadingForm
    formset = ReadingFormSet
    after = "money"
    extra = 1
    verbose_name = gettext_lazy("stated figure")
    verbose_name_plural = gettext_lazy("stated figures")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("form", "qualifier", "low", "high", "currency"),
                    ("years", "several_years", "terms", "standing", "rank"),
                    ("source_url", "note"),
                ]
            },
        )
    ]

    def __init__(self, parent_model: type[Any], admin_site: admin.AdminSite) -> None:
        super().__init__(Package, admin_site)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("source")
        return rows.order_by("pk")

    def source_url(self, reading: Reading) -> str:
        """Shown to who may only look."""
        return reading.source.url if reading.source else ""
