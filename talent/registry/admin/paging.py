"""Long lists that never count to the end, and filters that are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator

MOST_COUNTED = 5000


class CappedPaginator(AnyPaginator):
    """Counts up to 5,000 rows and stops: nobody turns that many pages, they filter."""

    most = MOST_COUNTED

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        # Plain keys: nothing annotated or joined for display is worked out to count.
        return rows.order_by().values("pk")[: self.most + 1].count()


class TypedFilter(SimpleListFilter):
    """A filter with a text field instead of a list of links: thousands of companies fit in."""

    template = "admin/registry/typed_filter.html"
    longest = 100

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def value(self) -> str | None:
        typed = super().value()
        return " ".join(typed.split())[: self.longest] if typed else None

    def choices(self, changelist: Any) -> Any:
        others = [
            (name, value)
            for name, values in changelist.get_filters_params().items()
            if name != self.parameter_name
            for value in values
        ]
        if changelist.query:
            others.append(("q", changelist.query))
        yield {
            "name": self.parameter_name,
            "typed": self.value() or "",
            "others": others,
            "without": changelist.get_query_string(remove=[str(self.parameter_name)]),
        }
