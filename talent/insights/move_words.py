"""A filter of moves in words: the chips that can be taken away, and the heading of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talent.registry.filter_words import Chip, heading
from talent.registry.wording import called

if TYPE_CHECKING:
    from talent.insights.move_filter import MoveFilter

# What follows the subject of a heading directly: "Moves from Acme to Umbrella".
PLACES = ("company", "from", "to")
FIELDS = {"from": "origin", "to": "destination"}
CHOICES = ("seat", "from_seat", "to_seat", "side", "vague", "dated", "internal")


def chips(filter: MoveFilter) -> list[Chip]:
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


def said(filter: MoveFilter) -> list[str]:
    """The names of the choices that stand for themselves."""
    unsaid = ["until"] if one_period(filter) else []
    return [name for name in filter.values if name not in unsaid]


def one_period(filter: MoveFilter) -> bool:
    """Since and until name the same month, say: it reads as one, "August 2025"."""
    since = filter.values.get("since")
    return since is not None and since == filter.values.get("until")


def parts(filter: MoveFilter, name: str) -> list[str]:
    """What goes when the chip goes: a side says nothing without its company or seat."""
    if name == "since" and one_period(filter):
        return ["since", "until"]
    if name in ("company", "seat"):
        return [name, "side"]
    return [name]


def label_of(filter: MoveFilter, name: str) -> str:
    if name == "since" and one_period(filter):
        return _("Date")
    return str(filter.fields[FIELDS.get(name, name)].label)


def in_words(filter: MoveFilter, name: str) -> str:
    """The value as a reader would say it."""
    value = filter.values[name]
    if not filter.is_valid():
        return value
    chosen = filter.cleaned_data[FIELDS.get(name, name)]
    if name in CHOICES:
        return str(dict(filter.fields[name].choices)[value])  # type: ignore[attr-defined]  # a Choice
    if name in ("not_from", "not_to"):
        names = sorted(called(organization) for organization in chosen)
        return pgettext("in a list", ", ").join(names)
    if name in ("returns", "founders", "rumours"):
        return _("yes")
    return called(chosen)


def description(filter: MoveFilter) -> str:
    """The list in words, for its title and heading: "Moves from Acme to Umbrella, 2025"."""
    if not filter.is_valid():
        return _("Moves")
    subject = _("Moves inside a company") if only_internal(filter) else _("Moves")
    if filter.cleaned_data["returns"]:
        subject = _("Returns")
    places = [phrase(filter, name) for name in PLACES if name in filter.values]
    unsaid = {*PLACES, "returns", *(["internal"] if only_internal(filter) else [])}
    others = [phrase(filter, name) for name in said(filter) if name not in unsaid]
    return heading(subject, places, others)


def only_internal(filter: MoveFilter) -> bool:
    return bool(filter.cleaned_data["internal"] == "only")


def phrase(filter: MoveFilter, name: str) -> str:
    """One choice as a part of the heading."""
    if name == "since" and one_period(filter):
        return in_words(filter, name)
    pattern = {
        "company": pgettext("a company", "to or from %(value)s"),
        "from": pgettext("a company", "from %(value)s"),
        "to": pgettext("a company", "to %(value)s"),
        "not_from": pgettext(
            "companies", "from a company on record other than %(value)s"
        ),
        "not_to": pgettext("companies", "to a company on record other than %(value)s"),
        "seat": _("seat: %(value)s"),
        "from_seat": _("from seat: %(value)s"),
        "to_seat": _("to seat: %(value)s"),
        "side": pgettext("a side", "%(value)s only"),
        "since": pgettext("a date", "since %(value)s"),
        "until": pgettext("a date", "until %(value)s"),
        "vague": _("vague dates: %(value)s"),
        "dated": pgettext("a date", "dated %(value)s"),
        "founders": _("by founders"),
        "internal": _("moves inside a company: %(value)s"),
        "rumours": _("with rumours"),
    }.get(name, "%(value)s")
    return pattern % {"value": in_words(filter, name)}
