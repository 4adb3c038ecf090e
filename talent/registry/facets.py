"""How many events each further choice would leave, in words and with its link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from talent.common.release import release
from talent.registry.facet_counts import MOST_COMPANIES, Numbers, count
from talent.registry.filters import EventFilter
from talent.registry.models import Event, Generation, Organization, Reason
from talent.registry.models.events import Standing
from talent.registry.models.organizations import Seat
from talent.registry.wording import called, in_script, name_of, reason_in_words

# Numbers of an older record are never asked for again; this only bounds the memory
# that a crawler walking through all filters can fill.
KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, how many events it lists, and the query string of that very list."""

    value: str
    label: str
    # None: too many to count.
    count: int | None
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    options: list[Option]
    # The query string without a choice here.
    query: str
    # Whether there are more options than those with the highest counts.
    more: bool = False


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets, how many events are listed, and how many are left out by default.

    Without facets that are too much to count, and with no total where that is.
    """

    total: int | None
    facets: list[Facet]
    # Rumoured or denied ones that match otherwise.
    not_counted: int
    rumoured: int
    # Those that only fill a career history.
    background: int
    # Those dated so vaguely that they only may fall into the days asked for.
    vague: int


def facets(filter: EventFilter, *, version: str = "") -> Facets:
    """Count for a valid filter.

    At most twelve queries whatever the rows, or none from the cache. A page shown while
    the record changes may for once count one more event than it lists. `version` names the
    state of the record for who knows it already; else it costs one query more.
    """
    query = sha256(filter.query(sort="").encode()).hexdigest()
    # Another release may keep numbers in another form.
    version = version or Generation.current_version()
    key = f"facet-counts:{release()}:{version}:{query}"
    numbers = cache.get(key)
    if numbers is None:
        numbers = count(filter)
        cache.set(key, numbers, KEPT_SECONDS)
    return in_words(filter, numbers)


# -- Words and links -------------------------------------------------------------------


def in_words(filter: EventFilter, numbers: Numbers) -> Facets:
    sorts = numbers.sorts
    aside = {
        standing: 0 if filter.cleaned_data["standing"] else n
        for standing, n in (sorts["standing"] or {}).items()
        if standing not in filter.standings
    }
    background = (sorts["background"] or {}).get(True, 0)
    return Facets(
        total=numbers.total,
        facets=[
            facet(filter, "kind", with_labels(Event.Kind, sorts["kind"])),
            years(filter, sorts["year"] or {}),
            companies(filter, numbers),
            facet(filter, "seat", with_labels(Seat, sorts["seat"])),
            facet(filter, "standing", with_labels(Standing, sorts["standing"])),
            reasons(filter, numbers),
        ],
        not_counted=sum(aside.values()),
        rumoured=aside.get(Standing.RUMOURED, 0),
        background=0 if filter.with_background else background,
        vague=numbers.vague,
    )


Choice = tuple[str, str, int | None]


def with_labels(choices: Any, counted: dict[Any, int] | None) -> list[Choice]:
    return [
        (each.value, str(each.label), None if counted is None else counted.get(each, 0))
        for each in choices
    ]


def facet(filter: EventFilter, name: str, options: Iterable[Choice]) -> Facet:
    """A facet of one parameter. Options nothing has are left out, unless chosen."""
    chosen = filter.values.get(name, "")
    return Facet(
        name=name,
        label=str(filter.fields[name].label),
        options=[
            Option(value, label, n, value == chosen, filter.query(**{name: value}))
            for value, label, n in options
            if n or value == chosen
        ],
        query=filter.query(**{name: ""}),
    )


def companies(filter: EventFilter, numbers: Numbers) -> Facet:
    """The companies with the most events; the one chosen too, which may be a unit."""
    options: list[Choice] = [
        (slug, in_script(name, name_zh), n)
        for (slug, name, name_zh), n in numbers.companies or ()
    ]
    more = len(options) > MOST_COMPANIES
    options = options[:MOST_COMPANIES]
    chosen: Organization | None = filter.cleaned_data["company"]
    if chosen and chosen.slug not in [slug for slug, _name, _n in options]:
        options.append((chosen.slug, name_of(chosen), numbers.total))
    return replace(facet(filter, "company", options), more=more)


def reasons(filter: EventFilter, numbers: Numbers) -> Facet:
    options: list[Choice] = [
        (name, reason_in_words(name, name_zh), n)
        for (name, name_zh), n in numbers.reasons or ()
    ]
    chosen: Reason | None = filter.cleaned_data["reason"]
    if chosen and chosen.name not in [name for name, _label, _n in options]:
        options.append((chosen.name, called(chosen), numbers.total))
    return facet(filter, "reason", options)


def years(filter: EventFilter, counted: dict[int, int]) -> Facet:
    """A vague date lies in one year as a whole, so each event is in exactly one."""
    return Facet(
        name="since",
        label=_("Year"),
        options=[
            Option(
                value=str(year),
                label=str(year),
                count=n,
                chosen=filter.whole_years == (year, year),
                query=filter.query(since=str(year), until=str(year)),
            )
            for year, n in sorted(counted.items(), reverse=True)
        ],
        query=filter.query(since="", until=""),
    )
