from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from talent.registry.admin.base import DeskAdmin
from talent.registry.admin.filters import MergedFilter
from talent.registry.admin.links import as_message, listed_events
from talent.registry.admin.merging import Mergeable
from talent.registry.doubts import namesakes
from talent.registry.forms.records import PersonForm
from talent.registry.forms.references import last_post, with_last_post
from talent.registry.models import Event, Person
from talent.registry.models.events import Status


@admin.register(Person)
class PersonAdmin(Mergeable, DeskAdmin):
    form = PersonForm
    list_display = ("name", "name_zh", "lately", "events_counted", "published", "slug")
    list_filter = (MergedFilter,)
    ordering = ("-pk",)
    sortable_by = ("name",)
    search_help_text = gettext_lazy("Any name, in any script and order.")
    readonly_fields = ("events_listed",)
    fieldsets = [
        (None, {"fields": [("name", "name_zh"), "other_names"]}),
        (None, {"fields": ["known_for", "education", "events_listed"]}),
        (gettext_lazy("Address"), {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Worked out for the rows of one page only: subqueries, no join to group by."""
        events = Event.objects.filter(person=OuterRef("pk")).order_by()
        counted = events.values("person").annotate(
            all=Count("pk"), out=Count("pk", filter=Q(status=Status.PUBLISHED))
        )
        rows: QuerySet[Any] = with_last_post(super().get_queryset(request)).annotate(
            event_count=none_is_zero(Subquery(counted.values("all"))),
            published_count=none_is_zero(Subquery(counted.values("out"))),
        )
        return rows

    @admin.display(description=gettext_lazy("lately"))
    def lately(self, person: Any) -> str:
        return last_post(person.went_to, person.was_at)

    @admin.display(description=gettext_lazy("events"))
    def events_counted(self, person: Any) -> int:
        return int(person.event_count)

    @admin.display(description=gettext_lazy("published"))
    def published(self, person: Any) -> int:
        return int(person.published_count)

    @admin.display(description=gettext_lazy("events"))
    def events_listed(self, person: Person) -> str:
        return listed_events(Event.objects.of_person(person)) if person.pk else "–"

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        for doubt in namesakes(obj):
            self.message_user(request, as_message(doubt, obj), messages.WARNING)


def none_is_zero(count: Subquery) -> Coalesce:
    return Coalesce(count, 0, output_field=IntegerField())
