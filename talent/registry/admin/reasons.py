from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from talent.registry.admin.base import AnyModelAdmin
from talent.registry.models import EventReason, Reason


@admin.register(Reason)
class ReasonAdmin(AnyModelAdmin):
    """A short list that grows slowly; what is said of an event is in its own screen."""

    list_display = ("name", "name_zh", "stated")
    search_fields = ("name", "name_zh")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        stated = EventReason.objects.filter(reason=OuterRef("pk")).order_by()
        counted = stated.values("reason").annotate(n=Count("pk")).values("n")
        count = Coalesce(Subquery(counted), 0, output_field=IntegerField())
        rows: QuerySet[Any] = super().get_queryset(request).annotate(event_count=count)
        return rows

    @admin.display(description=gettext_lazy("events"))
    def stated(self, reason: Any) -> int:
        return int(reason.event_count)
