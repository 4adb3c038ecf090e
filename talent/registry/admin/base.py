"""What every screen of the desk shares.

An editor changes what no reader can see yet; what is public, a publisher changes: otherwise
an edit would publish itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from talent.accounts.models import User
from talent.registry import approvals, curation, removals, upkeep
from talent.registry.admin.paging import CappedPaginator
from talent.registry.forms.fields import LinesField
from talent.registry.forms.references import (
    ReferenceField,
    ReferenceSelect,
    choices_of,
    label_of,
)
from talent.registry.models import (
    Deal,
    Event,
    Organization,
    Package,
    Person,
    Source,
)
from talent.registry.models.approvals import Act
from talent.registry.models.events import Standing
from talent.registry.models.names import NamesQuerySet
from talent.registry.revisions import revisions_of

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyBaseAdmin = admin.options.BaseModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyBaseAdmin = object

REFERRED_TO = (Person, Organization, Event, Source)


def editor_of(request: HttpRequest) -> User:
    """The desk lets nobody in who is not one."""
    return cast(User, request.user)


def may_publish(request: HttpRequest) -> bool:
    return editor_of(request).has_perm("registry.publish_event")


def asks_of(row: Model) -> list[tuple[str, str]]:
    """What only two editors together do to the row, beside its verdicts: label, address."""
    match row:
        case Person() | Event() if not removals.is_removed(row):
            act = Act.REMOVE_PERSON if isinstance(row, Person) else Act.REMOVE_EVENT
            return [(_("Remove for good"), ask_address(act, row))]
        case Package() | Deal():
            act = Act.DENY_FIGURE if isinstance(row, Package) else Act.DENY_DEAL_FIGURE
            return [
                (
                    _("Deny “%(figure)s”") % {"figure": reading},
                    ask_address(act, reading),
                )
                for reading in row.readings.all()
                if reading.standing != Standing.DENIED
            ]
    return []


def ask_address(act: Act, row: Model) -> str:
    return reverse("admin:registry_approval_ask", args=[act.value, row.pk])


class DeskFields(AnyBaseAdmin):
    """How columns are typed, on a screen and in the rows inside it."""

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: Any, **kwargs: Any
    ) -> FormField | None:
        if isinstance(db_field, ArrayField):
            return LinesField(
                longest=db_field.base_field.max_length or 200,
                required=not db_field.blank,
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
            )
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return self.with_two_buttons(field)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: Any, **kwargs: Any
    ) -> Any:
        if db_field.remote_field.model in REFERRED_TO:
            kwargs.setdefault("widget", ReferenceSelect(db_field, self.admin_site))
            kwargs.setdefault("form_class", ReferenceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @staticmethod
    def with_two_buttons(field: FormField | None) -> FormField | None:
        """Beside a reference: add one, change the chosen one. Deleting has its own place."""
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field


class ChoicesView(AutocompleteJsonView):
    """What a reference offers while one types: any name, any script, namesakes told apart."""

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = choices_of(super().get_queryset())
        if isinstance(found, NamesQuerySet) and self.term:
            found = found.best_first(self.term)
        return found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": label_of(obj)}


class TookTooLong:
    """Before a form: lets nothing pass, whatever was typed."""

    def clean(self) -> None:
        raise ValidationError(
            _(
                "Nothing was saved: the database was busy with another change for too long. "
                "What you typed is still here: save it again in a moment."
            )
        )


def took_too_long(request: HttpRequest) -> bool:
    return getattr(request, "took_too_long", False)


class DeskAdmin(DeskFields, AnyModelAdmin):
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    object_history_template = "admin/registry/history.html"
    # Only says that there is a search; get_search_results does it.
    search_fields = ("pk",)

    # -- Who may do what -----------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or may_publish(request) or not self.is_public(obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers have seen is withdrawn or merged, not deleted."""
        return super().has_delete_permission(request, obj) and (
            obj is None or not self.is_public(obj)
        )

    @staticmethod
    def is_public(obj: Any) -> bool:
        """Asked several times for one page, answered by one query."""
        if not hasattr(obj, "desk_public"):
            obj.desk_public = upkeep.is_public(obj)
        return bool(obj.desk_public)

    # -- Reading and writing -------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What PostgreSQL stopped for taking too long is refused like a wrong value: the form
        comes back as it was typed, and nothing was saved.
        """
        again = (object_id, form_url, extra_context)
        try:
            return super().changeform_view(request, *again)
        except OperationalError as error:
            stopped = isinstance(error.__cause__, QueryCanceled)
            if request.method != "POST" or not stopped:
                raise
        request.took_too_long = True  # type: ignore[attr-defined]  # read below
        return super().changeform_view(request, *again)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        if not took_too_long(request):
            return form
        return type(form.__name__, (TookTooLong, form), {})

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        if request.method == "POST" and not took_too_long(request):
            # From here to the commit nobody else writes the record: what the form compares
            # with is what it will overwrite.
            curation.queue_behind_writers()
        return super().get_object(request, object_id, from_field)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        by = editor_of(request)
        if isinstance(obj, Person | Organization) and not change:
            upkeep.create_named(obj, by=by)
        elif not change:
            with curation.recorded_as(by):
                obj.save()
        elif {*form.changed_data} - {"version"}:
            upkeep.rewrite(obj, at=timezone.now(), by=by)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = context.get("original")
        if obj is not None and not self.has_change_permission(request, obj):
            context["closed"] = super().has_change_permission(request, obj)
        if obj is not None:
            context["waiting"] = approvals.waiting_for(obj)
            if may_publish(request):
                context["asks"] = asks_of(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    # -- Finding -------------------------------------------------------------------------

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows called like this in any script; rows spelt like it where there is none."""
        if not search_term.strip() or not isinstance(queryset, NamesQuerySet):
            return queryset, False
        found = queryset.named(search_term)
        return (found if found.exists() else queryset.named_like(search_term)), False

    # -- More pages ----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        choices = ChoicesView.as_view(admin_site=self.admin_site)
        return [
            path(
                "choices/", self.admin_site.admin_view(choices), name=f"{name}_choices"
            ),
            *super().get_urls(),
        ]

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Everything that was done to the row and its parts, whichever way it was done."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined, no-any-return]  # Django's own way
                request, self.opts, object_id
            )
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": obj},
            "subtitle": None,
            "opts": self.opts,
            "object": obj,
            "revisions": revisions_of(obj),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)
