"""The words in which packages and reasons are asked for, the same as in the filter of events.

`PayScope` says which packages are meant at all; `PackageFilter` lists the rows behind one number
of the Pay page, so it can say everything that page counts by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from talent.common.amounts import short
from talent.common.partial_dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate
from talent.insights.figures.pay import (
    Line,
    Part,
    largest,
    lines_of,
)
from talent.insights.figures.pay_stays import (
    Left,
    Stay,
    stays_after,
)
from talent.insights.figures.reasons import (
    NOBODY,
    NONE,
    stated_by,
    with_reason,
    without_reason,
)
from talent.insights.models import Move
from talent.insights.move_filter import MoveFilter
from talent.registry.filter_fields import (
    Choice,
    Named,
    Stated,
    Switch,
    Text,
    amount_field,
    date_field,
)
from talent.registry.filter_form import FilterForm
from talent.registry.merging import resolve_organization
from talent.registry.models import Organization, Package, Reading
from talent.registry.models.organizations import Seat
from talent.registry.models.pay import PackageQuerySet


class PayScope(FilterForm):
    """Who pays, and when: what every number of a Pay page has in common."""

    company = Named(Organization, resolve_organization, label=lazy("Company or unit"))
    seat = Choice([("", lazy("any seat")), *Seat.choices], label=lazy("Seat"))
    since = date_field(label=lazy("Since"))
    until = date_field(label=lazy("Until"))
    vague = Switch("out", label=lazy("Leave out vague dates"))
    rumours = Switch("on", label=lazy("Include rumours"))

    def __init__(
        self, data: Mapping[str, Any], *, beside: Collection[str] = ()
    ) -> None:
        super().__init__(data, beside=beside)
        self.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_order("since", "until")
        return self.cleaned_data

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        if not (chosen["since"] or chosen["until"]):
            chosen["vague"] = ""
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if isinstance(value, int):
                chosen[self.add_prefix(name)] = short(value)
        return chosen

    @property
    def scope(self) -> dict[str, str]:
        """The choices that every link to the rows behind a number takes along."""
        return {
            name: v for name, v in self.values.items() if name in PayScope.base_fields
        }

    @property
    def with_rumours(self) -> bool:
        return bool(self.cleaned_data["rumours"])

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

    def packages(self) -> PackageQuerySet:
        """Public ones of the company and seat; those of the time are picked by `in_scope`."""
        packages = Package.objects.public()
        if company := self.cleaned_data["company"]:
            packages = packages.at(company)
        if seat := self.cleaned_data["seat"]:
            packages = packages.filter(organization__seat=seat)
        return packages

    @staticmethod
    def packages_of(lines: Iterable[Line]) -> PackageQuerySet:
        """Those of the lines that are public still."""
        keys = [line.package for line in lines]
        return Package.objects.public().filter(pk__in=keys)

    def in_scope(self) -> list[Line]:
        """Three queries, whatever the number of packages."""
        return [line for line in lines_of(self.packages()) if self.in_time(line.dated)]

    def in_time(self, dated: PartialDate | None) -> bool:
        """Without a date of its own, a package is in no time that is asked for."""
        if self.days is None:
            return True
        if dated is None:
            return False
        first, last = self.days
        if self.cleaned_data["vague"]:
            return first <= dated.first and dated.last <= last
        return dated.first <= last and first <= dated.last


class PackageFilter(PayScope):
    """The rows behind one number. Largest first within a form, or newest first."""

    part = Choice([("", lazy("all of them")), *Part.choices], label=lazy("Which"))
    form = Choice([("", lazy("any form")), *Reading.Form.choices], label=lazy("Form"))
    per = Choice(
        [
            ("", lazy("any")),
            ("year", lazy("known per year")),
            ("none", lazy("not comparable per year")),
        ],
        label=lazy("Per year"),
    )
    min = amount_field(label=lazy("At least, in US dollars"))
    left = Choice([("", lazy("any")), *Left.choices], label=lazy("Stay"))
    dated = Choice([("", lazy("any")), ("no", lazy("not known"))], label=lazy("Date"))
    rate = Choice(
        [("", lazy("any")), ("none", lazy("none for its currency and day"))],
        label=lazy("Exchange rate"),
    )
    sort = Choice(
        [("", lazy("newest first")), ("amount", lazy("largest first"))],
        label=lazy("Order"),
    )

    def lines(self) -> list[Line]:
        """The packages that match, in order. Three queries, four where stays are asked for."""
        found = [line for line in self.in_scope() if self.matches(line)]
        if left := self.cleaned_data["left"]:
            stays = stays_after(self.packages_of(found))
            found = [line for line in found if left_of(line, stays) == left]
        return self.ordered(found)

    def matches(self, line: Line) -> bool:
        chosen = self.cleaned_data
        if chosen["part"] and line.part(rumours=self.with_rumours) != chosen["part"]:
            return False
        if chosen["form"] and line.form != chosen["form"]:
            return False
        if chosen["per"] and (line.per_year is not None) != (chosen["per"] == "year"):
            return False
        if chosen["dated"] and line.dated is not None:
            return False
        if chosen["rate"] and not (line.stated and line.dollars is None):
            return False
        return chosen["min"] is None or reaches(
            line, chosen["min"], per_year=chosen["per"] == "year"
        )

    def ordered(self, lines: list[Line]) -> list[Line]:
        if not self.cleaned_data["sort"]:
            return sorted(lines, key=newest_first)
        return largest_first(lines, per_year=self.cleaned_data["per"] == "year")


def reaches(line: Line, amount: int, *, per_year: bool = False) -> bool:
    """Whether the stated figure reaches the amount (US dollars).

    A total is not a year: yearly figures are compared only where years are asked for.
    """
    if per_year:
        stated = line.per_year
    else:
        stated = None if line.form == Reading.Form.ANNUAL else line.dollars
    return stated is not None and stated.most >= amount


def left_of(line: Line, stays: dict[int, Stay]) -> Left:
    stay = stays.get(line.package)
    return stay.left if stay else Left.UNKNOWN


def newest_first(line: Line) -> tuple[int, int, int]:
    """Without a date: last."""
    if line.dated is None:
        return 1, 0, -line.package
    day, vagueness = line.dated.order
    return 0, vagueness - day.toordinal() * 4, -line.package


def largest_first(lines: Collection[Line], *, per_year: bool) -> list[Line]:
    """Form by form, since forms do not compare; what states no such amount comes last."""
    if per_year:
        found = largest(lines, per_year=True)
    else:
        found = [
            line
            for form in Reading.Form
            for line in largest(each for each in lines if each.form == form)
        ]
    return found + sorted(missing(lines, found), key=newest_first)


def missing(lines: Iterable[Line], found: Iterable[Line]) -> list[Line]:
    there = {line.package for line in found}
    return [line for line in lines if line.package not in there]


# -- Reasons -------------------------------------------------------------------------------


class ReasonOrNone(Stated):
    """A reason by its name, or the word for moves that have none."""

    def to_python(self, value: Any) -> Any:
        return NONE if value == NONE else super().to_python(value)


class ReasonFilter(MoveFilter):
    """Moves, by the reason somebody states for them."""

    reason = ReasonOrNone(label=lazy("Stated reason"))
    teller = Text(label=lazy("Stated by"))

    def all_moves(self) -> QuerySet[Move]:
        """Whatever their reason."""
        return super().moves()

    def moves(self) -> QuerySet[Move]:
        moves = self.all_moves()
        reason, teller = self.cleaned_data["reason"], self.cleaned_data["teller"]
        if reason == NONE:
            moves = without_reason(moves)
        elif reason:
            moves = with_reason(moves, reason)
        if teller:
            moves = stated_by(moves, "" if teller == NOBODY else teller)
        return moves
