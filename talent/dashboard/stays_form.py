"""Which groups the page "Stay or leave" lays over each other, as its address and its form say it.

    ?a=seat:frontier_lab&b=company:meta&since=2023
    ?a=seat:frontier_lab:-2022&b=seat:frontier_lab:2023-

A group is a seat, a company or unit, or "all"; behind it may stand the years of joining that it
alone has. `since` and `until` hold for the others. People may write "Frontier lab" or "Meta, 2023".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from talent.common.partial_dates import EARLIEST_YEAR, LATEST_YEAR
from talent.insights.stint_filter import StintFilter
from talent.registry.filter_fields import Parsed, Text, shown
from talent.registry.filter_form import FilterForm
from talent.registry.models.organizations import Seat
from talent.registry.wording import name_of

LETTERS = ("a", "b", "c", "d")
EVERYBODY = "all"
# Without a choice: the two seats between which the essay's gap opens.
UNASKED = ("seat:frontier_lab", "seat:big_tech")
YEARS = re.compile(
    r"(?P<name>.+?)\s*[,:，：]\s*"
    r"(?:(?P<only>\d{4})|(?P<since>\d{4})?[-\N{EN DASH}](?P<until>\d{4})?)"
)
# As our own messages name an organization: "Meta (meta)".
WITH_ADDRESS = re.compile(r".+\((?P<slug>[-\w]{1,160})\)")


def parse_year(text: str) -> int:
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not (
        EARLIEST_YEAR <= int(text) <= LATEST_YEAR
    ):
        raise ValueError(
            _(
                "“%(text)s” is no year: people are grouped by the year they joined, 2023 say."
            )
            % {"text": shown(text)}
        )
    return int(text)


def parse_group(text: str) -> dict[str, str]:
    """What was written, in the words of the filter of stints, which says what is wrong."""
    asked: dict[str, str] = {}
    if years := YEARS.fullmatch(text):
        text = years["name"]
        asked["since"] = years["only"] or years["since"] or ""
        asked["until"] = years["only"] or years["until"] or ""
    kind, colon, name = text.partition(":")
    if colon and kind in ("seat", "company"):
        asked[kind] = name.strip()
    elif seat := seats_by_name().get(text.casefold()):
        asked["seat"] = seat
    elif text.casefold() not in (EVERYBODY, everybody()):
        address = WITH_ADDRESS.fullmatch(text)
        asked["company"] = address["slug"] if address else text
    return {name: value for name, value in asked.items() if value}


def everybody() -> str:
    """As people type it."""
    return pgettext("typed for everybody", "all")


def seats_by_name() -> dict[str, str]:
    return {
        str(name).casefold(): value
        for value, label in Seat.choices
        for name in (value, label)
    }


@dataclass(frozen=True)
class Group:
    """Some stints to draw a curve of. `own_years`: its joining period is not the common one."""

    filter: StintFilter
    own_years: bool

    def __str__(self) -> str:
        """As the address writes it."""
        values = self.filter.values
        if seat := values.get("seat"):
            name = f"seat:{seat}"
        else:
            company = values.get("company")
            name = f"company:{company}" if company else EVERYBODY
        return f"{name}:{self.years('-')}" if self.own_years else name

    def years(self, dash: str) -> str:
        since, until = (self.filter.values.get(name, "") for name in ("since", "until"))
        return since if since == until else f"{since}{dash}{until}"

    @cached_property
    def query(self) -> str:
        """The query string of its filter."""
        return self.filter.query()

    @cached_property
    def name(self) -> str:
        """As readers call it, without its years."""
        chosen = self.filter.cleaned_data
        if chosen["seat"]:
            return str(Seat(chosen["seat"]).label)
        if organization := chosen["company"]:
            if not organization.is_unit:
                return name_of(organization)
            company = organization.company
            if company.name in organization.name:
                return name_of(organization)
            return _("%(unit)s (%(company)s)") % {
                "unit": name_of(organization),
                "company": name_of(company),
            }
        return _("Everybody")

    @cached_property
    def label(self) -> str:
        """With its years: "Frontier lab, joined since 2023"."""
        since, until = (self.filter.values.get(name, "") for name in ("since", "until"))
        if not (since or until):
            return self.name
        if since == until:
            pattern = _("%(name)s, joined %(since)s")
        elif not until:
            pattern = _("%(name)s, joined since %(since)s")
        elif not since:
            pattern = _("%(name)s, joined until %(until)s")
        else:
            pattern = _("%(name)s, joined %(since)s–%(until)s")
        return pattern % {"name": self.name, "since": since, "until": until}

    @property
    def typed(self) -> str:
        """What somebody would type to get it."""
        chosen = self.filter.cleaned_data
        if chosen["company"]:
            name = name_of(chosen["company"])
        else:
            name = self.name if chosen["seat"] else everybody()
        return f"{name}, {self.years('–')}" if self.own_years else name

    @property
    def seat(self) -> str:
        """The seat whose colour it has; "" for everybody."""
        chosen = self.filter.cleaned_data
        if chosen["company"]:
            return str(chosen["company"].seat)
        return str(chosen["seat"])


class StaysForm(FilterForm):
    """Ask is_valid() first. Then `groups` holds one to four, in the order of the letters."""

    a = Text(label=lazy("First group"))
    b = Text(label=lazy("Second group"))
    c = Text(label=lazy("Third group"))
    d = Text(label=lazy("Fourth group"))
    since = Parsed(parse_year, label=lazy("Joined since"))
    until = Parsed(parse_year, label=lazy("Joined until"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_order("since", "until")
        if not {"since", "until"} & set(self.errors):
            self.read_groups()
        return self.cleaned_data

    def read_groups(self) -> None:
        years = {n: str(self.cleaned_data[n] or "") for n in ("since", "until")}
        asked = [n for n in LETTERS if self.cleaned_data.get(n)]
        for letter, text in zip(LETTERS, () if asked else UNASKED, strict=False):
            self.cleaned_data[letter] = group_of(text, years)
        for letter in asked:
            group = group_of(self.cleaned_data[letter], years)
            if group.filter.is_valid():
                self.cleaned_data[letter] = group
            else:
                for wrong in group.filter.errors.values():
                    self.add_error(letter, list(wrong))
        self.refuse_the_same_twice()

    def refuse_the_same_twice(self) -> None:
        seen: set[str] = set()
        for letter in LETTERS:
            group = self.cleaned_data.get(letter)
            if not isinstance(group, Group):
                continue
            query = group.filter.query()
            if query in seen:
                message = _("“%(value)s” is chosen already: take another group.")
                self.add_error(letter, message % {"value": shown(group.label)})
            seen.add(query)

    @cached_property
    def groups(self) -> list[Group]:
        return [self.cleaned_data[n] for n in LETTERS if self.cleaned_data.get(n)]

    @property
    def by_letter(self) -> dict[str, Group]:
        """The groups, closed up."""
        return dict(zip(LETTERS, self.groups, strict=False))

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        """Groups close up; what is shown unasked is not said; common years need a group."""
        written = [chosen[letter] for letter in LETTERS if chosen[letter]]
        if tuple(written) == UNASKED:
            written = []
        if all(group.own_years for group in self.groups):
            chosen["since"] = chosen["until"] = ""
        padded = [*written, *[""] * len(LETTERS)]
        return chosen | dict(zip(LETTERS, padded, strict=False))

    @classmethod
    def query_string(cls, values: Mapping[str, str]) -> str:
        """As everywhere, with colons left as they are."""
        return super().query_string(values).replace("%3A", ":")

    def without(self, group: Group) -> str:
        """The query string of the other groups."""
        return self.query_of([other for other in self.groups if other is not group])

    def query_of(self, groups: list[Group]) -> str:
        """The query string of other groups with the same common years."""
        written = dict(zip(LETTERS, map(str, groups), strict=False))
        common = {name: self.values.get(name, "") for name in ("since", "until")}
        return self.query_string(written | common)


def group_of(text: str, years: dict[str, str]) -> Group:
    """Ask is_valid() of its filter. Two queries for a company or unit."""
    asked = parse_group(text)
    own = bool({"since", "until"} & set(asked))
    return Group(StintFilter({**({} if own else years), **asked}), own)
