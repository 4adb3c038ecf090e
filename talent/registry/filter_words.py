"""A filter in words: the chips that can be taken away, and the heading of the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talent.common import money
from talent.registry.models import Event
from talent.registry.models.events import Standing
from talent.registry.models.organizations import Seat
from talent.registry.wording import called

if TYPE_CHECKING:
    from talent.registry.filters import EventFilter

# An order is no filter, and a unit is said with the amount it belongs to.
NO_CHIP = ("sort", "currency", "per")
# What follows the subject of a heading directly: "Hires at Acme from Umbrella".
PLACES = ("company", "from", "to")


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice, and the query string of the list without it."""

    name: str
    label: str
    value: str
    query: str


def chips(filter: EventFilter) -> list[Chip]:
    """In the order of the address. Of a wrong filter: what was typed."""
    return [
        Chip(
            name=name,
            label=label_of(filter, name),
            value=in_words(filter, name),
            query=filter.query(**dict.fromkeys(parts(filter, name), "")),
        )
        for name in said(filter)
    ]


def said(filter: EventFilter) -> list[str]:
    """The names of the choices that stand for themselves."""
    unsaid = {*NO_CHIP, *(["until"] if one_period(filter) else [])}
    return [name for name in filter.values if name not in unsaid]


def one_period(filter: EventFilter) -> bool:
    """Since and until name the same month, say: it reads as one, "August 2025"."""
    since = filter.values.get("since")
    return since is not None and since == filter.values.get("until")


def parts(filter: EventFilter, name: str) -> list[str]:
    return ["since", "until"] if name == "since" and one_period(filter) else [name]


def label_of(filter: EventFilter, name: str) -> str:
    if name == "since" and one_period(filter):
        return _("Date")
    field = {"from": "origin", "to": "destination"}.get(name, name)
    return str(filter.fields[field].label)


def in_words(filter: EventFilter, name: str) -> str:
    """The value as a reader would say it."""
    value = filter.values[name]
    if not filter.is_valid():
        return value
    chosen = filter.cleaned_data
    match name:
        case "person" | "company" | "reason":
            return called(chosen[name])
        case "from":
            return called(chosen["origin"])
        case "to":
            return called(chosen["destination"])
        case "kind":
            return str(Event.Kind(value).label)
        case "seat":
            return str(Seat(value).label)
        case "standing":
            return str(Standing(value).label)
        case "since" | "until":
            return str(chosen[name])
        case "min" | "max":
            return amount(filter, chosen[name])
        case "vague" | "origins" | "returns" | "rumours" | "background":
            return _("yes")
    return value


def amount(filter: EventFilter, value: int) -> str:
    figure = money.amount(filter.stated_in, value)
    per_year = filter.cleaned_data["per"]
    return money.a_year(figure) if per_year else figure


def description(filter: EventFilter) -> str:
    """The list in words, for its title and heading: "Hires at Acme, July 2025"."""
    if not filter.is_valid():
        return _("Hires and departures")
    subjects = {
        "hire": _("Hires"),
        "departure": _("Departures"),
        "": _("Hires and departures"),
    }
    subject = subjects[filter.cleaned_data["kind"]]
    places = [phrase(filter, name) for name in PLACES if name in filter.values]
    others = [
        phrase(filter, name) for name in said(filter) if name not in (*PLACES, "kind")
    ]
    return heading(subject, places, others)


def heading(subject: str, places: Iterable[str], others: Iterable[str]) -> str:
    """ "Hires at Acme from Umbrella, July 2025": places follow the subject directly."""
    pattern = pgettext("a subject and its place", "%(subject)s %(place)s")
    for place in places:
        subject = pattern % {"subject": subject, "place": place}
    return _(", ").join([subject, *others])


def phrase(filter: EventFilter, name: str) -> str:
    """One choice as a part of the heading."""
    if name == "since" and one_period(filter):
        return in_words(filter, name)
    pattern = {
        "q": _("with “%(value)s”"),
        "company": pgettext("a company", "at %(value)s"),
        "from": pgettext("a company", "from %(value)s"),
        "to": pgettext("a company", "to %(value)s"),
        "seat": _("seat: %(value)s"),
        "standing": _("%(value)s only"),
        "reason": _("reason: %(value)s"),
        "since": pgettext("a date", "since %(value)s"),
        "until": pgettext("a date", "until %(value)s"),
        "min": _("at least %(value)s"),
        "max": _("at most %(value)s"),
        "origins": _("with two or more origins"),
        "returns": _("returns only"),
        "rumours": _("with rumours"),
        "background": _("with career histories"),
        "vague": _("without vague dates"),
    }.get(name, "%(value)s")
    return pattern % {"value": in_words(filter, name)}
