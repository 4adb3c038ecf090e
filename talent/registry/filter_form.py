"""What every filter form has in common: one value a name, no unknown name, one query string."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache, cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talent.common.partial_dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate
from talent.registry.filter_fields import shown
from talent.registry.models import Organization, Person, Reason

# What mails and other sites add to links. They say nothing about the list.
TRACKERS = ("fbclid", "gclid", "mc_cid", "mc_eid", "msclkid")
# What lists and data read beside a filter: where in the rows, how many of them, what of each.
PLACES = ("after", "before", "page", "limit", "count", "fields")


class FilterForm(forms.Form):
    """Ask is_valid() first: a wrong filter has no answer.

    `beside` lists the names that an outlet reads for itself: its page, say.
    """

    # Fields that cannot be called what the address calls them: "from" is a word of Python.
    parameters: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, data: Mapping[str, Any], *, beside: Collection[str] = ()
    ) -> None:
        self.given = {name: all_values(data, name) for name in data}
        self.beside = beside
        # Forms send empty values beside the one that counts: they say nothing.
        one = {name: values[-1] for name, values in self.given.items() if values}
        super().__init__(one, auto_id="filter-%s", label_suffix="")

    def add_prefix(self, field_name: str) -> str:
        return self.parameters.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        fields = {self.add_prefix(field): field for field in self.fields}
        for name, values in self.given.items():
            if name in fields and len(set(values)) > 1:
                quoted = [f"“{shown(value)}”" for value in values]
                given = pgettext("in a list", ", ").join(quoted)
                message = _("%(values)s: give one value, not several.")
                self.add_error(fields[name], message % {"values": given})
            elif name not in fields and not self.is_beside(name):
                message = _("“%(name)s” is not the name of a filter.")
                self.add_error(None, message % {"name": shown(name)})
        return self.cleaned_data

    def is_beside(self, name: str) -> bool:
        return name in self.beside or name in TRACKERS or name.startswith("utm_")

    def check_order(self, first: str, last: str) -> None:
        low, high = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if low is None or high is None:
            return
        backwards = (
            low.first > high.last if isinstance(low, PartialDate) else low > high
        )
        if backwards:
            message = _("“%(high)s” comes before “%(low)s”: exchange the two.")
            self.add_error(
                last, message % {"low": self.data[first], "high": self.data[last]}
            )

    @cached_property
    def values(self) -> dict[str, str]:
        """What was chosen, by the names of the address, each in the one way we write it.

        Of a wrong filter, what was typed: its links can take the wrong part away.
        """
        if not self.is_valid():
            names = [self.add_prefix(field) for field in self.fields]
            return {name: self.data[name] for name in names if name in self.data}
        chosen = {
            self.add_prefix(field): as_typed(self.cleaned_data[field])
            for field in self.fields
        }
        return {name: value for name, value in self.canonical(chosen).items() if value}

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        """Without values that say nothing beside the others."""
        return chosen

    def query(self, **changes: str) -> str:
        """The query string of this filter with some values changed, "" taking one away.

        One filter has one query string: caches and canonical links rely on it.
        """
        return self.query_string({**self.values, **changes})

    @property
    def rows_query(self) -> str:
        """The rows without the order of their page: data come in one of their own."""
        return self.query(sort="")

    @classmethod
    def query_string(cls, values: Mapping[str, str]) -> str:
        """In the order of the form's fields, so that one filter has one address."""
        return urlencode(
            [(name, values[name]) for name in in_order(cls) if values.get(name)]
        )


class DatedFilter(FilterForm):
    """A filter with the fields `since` and `until`."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_order("since", "until")
        return self.cleaned_data

    @cached_property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day asked for, both included; None for any time."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        if since is None and until is None:
            return None
        return (
            since.first if since else date(EARLIEST_YEAR, 1, 1),
            until.last if until else date(LATEST_YEAR, 12, 31),
        )

    @cached_property
    def whole_years(self) -> tuple[int, int] | None:
        """The first and the last year, if the days asked for are whole years."""
        if self.days is None:
            return None
        first, last = self.days
        whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        return (first.year, last.year) if whole else None


def without_place(query: QueryDict, *, ordered: bool = True) -> QueryDict:
    """The whole list, whichever part of it somebody saw; `ordered`: in the order chosen."""
    kept = query.copy()
    for name in PLACES if ordered else (*PLACES, "sort"):
        kept.pop(name, None)
    return kept


@cache
def in_order(form: type[FilterForm]) -> tuple[str, ...]:
    """The names of the address. A page of links asks for them a hundred times."""
    return tuple(form.parameters.get(field, field) for field in form.base_fields)


def all_values(data: Mapping[str, Any], name: str) -> list[str]:
    """What was given under the name, without empty values."""
    get: Callable[[str], Any] = getattr(data, "getlist", lambda name: [data[name]])
    return [text for value in get(name) if (text := str(value).strip())]


def as_typed(value: Any) -> str:
    """The shortest text that means the value."""
    match value:
        case None:
            return ""
        case Reason():
            return value.name
        case Person() | Organization():
            return value.slug
        case PartialDate():
            return value.isoformat()
    return str(value)
