"""What open data offers at the desk: the frozen data sets, and freezing one now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from talent.opendata import tasks
from talent.opendata.hooks import desk as desk
from talent.opendata.models import DataSet
from talent.registry.admin.base import may_publish

if TYPE_CHECKING:
    DataSetModelAdmin = admin.ModelAdmin[DataSet]
else:  # Django's own class takes no type in brackets while the site runs.
    DataSetModelAdmin = admin.ModelAdmin


@admin.register(DataSet)
class DataSetAdmin(DataSetModelAdmin):
    """Each revision as it was written: to read, not to edit. Publishers freeze another one."""

    list_display = (
        *("__str__", "frozen_at", "record_at", "events", "size", "superseded_at"),
    )
    ordering = ("-frozen_at", "-pk")
    sortable_by = ()
    show_full_result_count = False
    change_list_template = "admin/opendata/dataset/change_list.html"

    @admin.display(description=gettext_lazy("events"))
    def events(self, data_set: DataSet) -> int:
        return data_set.rows_of("events.csv")

    def get_urls(self) -> list[URLPattern]:
        freeze = self.admin_site.admin_view(require_POST(self.freeze))
        own = path("freeze/", freeze, name="opendata_dataset_freeze")
        return [own, *super().get_urls()]

    def freeze(self, request: HttpRequest) -> HttpResponse:
        if not may_publish(request):
            raise PermissionDenied
        if tasks.freeze_soon():
            said = _("A worker freezes the record now; the data set appears here.")
            messages.success(request, said)
        else:
            said = _("No worker could be reached: nothing was frozen. Try again soon.")
            messages.error(request, said)
        return HttpResponseRedirect(reverse("admin:opendata_dataset_changelist"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_freeze": may_publish(request)}
        return super().changelist_view(request, context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(
        self, request: HttpRequest, obj: DataSet | None = None
    ) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: DataSet | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: DataSet | None = None
    ) -> bool:
        return False
