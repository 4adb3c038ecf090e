"""A filter of stints in words: the chips that can be taken away, and the heading of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from talent.registry.filter_words import Chip, heading
from talent.registry.wording import called

if TYPE_CHECKING:
    from talent.insights.stint_filter import StintFilter

CHOICES = (
    "seat",
    "vague",
    "ended",
    "followed",
    "start",
    "about",
    "returns",
    "founders",
)
MONTHS = ("at_least", "at_most")
# What follows the subject of a heading directly: "Stints at Acme".
PLACES = ("person", "company")


def chips(filter: StintFilter) -> list[Chip]:
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


def said(filter: StintFilter) -> list[str]:
    """The names of the choices that stand for themselves. An order is no filter."""
    unsaid = {"sort", *(["until"] if one_period(filter) else [])}
    return [name for name in filter.values if name not in unsaid]


def one_period(filter: StintFilter) -> bool:
    """Since and until name the same year, say: it reads as one, "joined 2025"."""
    since = filter.values.get("since")
    return since is not None and since == filter.values.get("until")


def parts(filter: StintFilter, name: str) -> list[str]:
    return ["since", "until"] if name == "since" and one_period(filter) else [name]


def label_of(filter: StintFilter, name: str) -> str:
    if name == "since" and one_period(filter):
        return _("Joined")
    return str(filter.fields[name].label)


def in_words(filter: StintFilter, name: str) -> str:
    """The value as a reader would say it."""
    value = filter.values[name]
    if not filter.is_valid():
        return value
    if name in CHOICES:
        return str(dict(filter.fields[name].choices)[value])  # type: ignore[attr-defined]  # a Choice
    return called(filter.cleaned_data[name])


def description(filter: StintFilter) -> str:
    """The list in words, for its title and heading: "Stints at Acme, joined 2025"."""
    if not filter.is_valid():
        return _("Stints")
    others = [name for name in said(filter) if name not in PLACES]
    places = phrases(filter, [*PLACES])
    return heading(_("Stints"), places, phrases(filter, others))


def phrases(filter: StintFilter, names: list[str]) -> list[str]:
    return [phrase(filter, name) for name in names if name in filter.values]


def phrase(filter: StintFilter, name: str) -> str:
    """One choice as a part of the heading."""
    if name in MONTHS:
        return months(name, filter.cleaned_data[name])
    if name == "since" and one_period(filter):
        return _("joined %(value)s") % {"value": in_words(filter, name)}
    pattern = {
        "person": pgettext("a person", "of %(value)s"),
        "company": pgettext("a company", "at %(value)s"),
        "seat": _("seat: %(value)s"),
        "since": _("joined since %(value)s"),
        "until": _("joined until %(value)s"),
        "vague": _("vague dates of joining: %(value)s"),
        "followed": _("followed %(value)s"),
        "start": _("start %(value)s"),
        "about": _("lengths known roughly: %(value)s"),
        "returns": _("returns: %(value)s"),
        "founders": _("founders: %(value)s"),
    }.get(name, "%(value)s")
    return pattern % {"value": in_words(filter, name)}


def months(name: str, n: int) -> str:
    if name == "at_least":
        told = ngettext("at least %(n)s month", "at least %(n)s months", n)
    else:
        told = ngettext("at most %(n)s whole month", "at most %(n)s whole months", n)
    return told % {"n": n}
