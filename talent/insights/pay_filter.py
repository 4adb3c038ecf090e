"""The words in which packages and reasons are asked for, the same as in the filter of events.

`PayScope` says which packages are meant at all; `PackageFilter` lists the rows behind one number
of the Pay page, so it can say everything that page counts by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from talent.common.amounts import short
from talent.common.partial_date_columns import read
from talent.common.partial_dates import PartialDate
from talent.insights.figures.reasons import (
    NOBODY,
    NONE,
    stated_by,
    with_reason,
    without_reason,
)
from talent.insights.models import Move, PayLine
from talent.insights.models.pay import Left, Part, PayLineQuerySet
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
from talent.registry.filter_form import DatedFilter
from talent.registry.merging import resolve_organization
from talent.registry.models import Deal, Organization, Reading
from talent.registry.models.organizations import Seat


class PayScope(DatedFilter):
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

    def in_scope(self) -> PayLineQuerySet:
        """Of the company, seat and time."""
        lines = PayLine.objects.all()
        if company := self.cleaned_data["company"]:
            lines = lines.at(company)
        if seat := self.cleaned_data["seat"]:
            lines = lines.filter(seat=seat)
        if self.days is not None:
            lines = lines.between(*self.days, vague=not self.cleaned_data["vague"])
        return lines

    def deals(self) -> list[int]:
        """Ids of the deals of the company, buyer's seat and time, newest first. One query."""
        deals = Deal.objects.all()
        if company := self.cleaned_data["company"]:
            deals = Deal.objects.at_company(company.company or company)
        if seat := self.cleaned_data["seat"]:
            deals = deals.filter(buyer__seat=seat)
        rows = deals.order_by("-happened_on", "-pk").values_list(
            "pk", "happened_on", "precision"
        )
        return [pk for pk, day, precision in rows if self.in_time(read(day, precision))]

    def in_time(self, dated: PartialDate | None) -> bool:
        if self.days is None or dated is None:
            return self.days is None
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

    def lines(self) -> PayLineQuerySet:
        """The packages that match, in order."""
        chosen, lines = self.cleaned_data, self.in_scope()
        per_year = chosen["per"] == "year"
        if chosen["part"]:
            lines = lines.in_part(chosen["part"], rumours=self.with_rumours)
        if chosen["form"]:
            lines = lines.of_form(chosen["form"])
        if chosen["per"]:
            lines = lines.per_year() if per_year else lines.not_per_year()
        if chosen["dated"]:
            lines = lines.filter(dated_on=None)
        if chosen["rate"]:
            lines = lines.filter(stated=True, low=None, high=None)
        if chosen["min"] is not None:
            lines = lines.reaching(chosen["min"], per_year=per_year)
        if chosen["left"]:
            lines = lines.filter(left=chosen["left"])
        if not chosen["sort"]:
            return lines.newest_first()
        if per_year:
            return lines.largest_first(per_year=True)
        return lines.largest_of_forms_first()


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
