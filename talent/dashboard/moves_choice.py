"""What a reader chooses on the pages of figures about moves: a time, and what to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from talent.common.partial_dates import PartialDate, Precision
from talent.insights.figures.periods import Period, Span, span_on_record
from talent.registry.filter_fields import Choice, Named, Switch, date_field
from talent.registry.filter_form import FilterForm
from talent.registry.merging import resolve_organization
from talent.registry.models import Organization

# Years that stand in the open; earlier ones wait behind "Earlier years".
YEARS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Pick:
    """A link to the same page for another time."""

    label: str
    query: str
    chosen: bool


class PeriodChoice(FilterForm):
    """Ask is_valid() first: a wrong choice has no answer.

    A time is whole months, as the counts are kept. Without one: the last months on record.
    """

    usual: ClassVar[str] = "12"

    period = Choice(
        [("", ""), ("12", "12"), ("36", "36"), ("all", "all")], label=lazy("Period")
    )
    since = date_field(label=lazy("Since"))
    until = date_field(label=lazy("Until"))
    vague = Switch("out", label=lazy("Leave out vague dates"))
    rumours = Switch("on", label=lazy("Include rumours"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_order("since", "until")
        chosen = self.cleaned_data
        for name in ("since", "until"):
            when: PartialDate | None = chosen.get(name)
            if when is not None and when.precision == Precision.DAY:
                month = PartialDate(when.first.replace(day=1), Precision.MONTH)
                message = _(
                    "“%(value)s” is a day, and these numbers are kept by month: "
                    "write %(month)s."
                )
                words = {"value": self.data[name], "month": month.isoformat()}
                self.add_error(name, message % words)
        if chosen.get("period") and (chosen.get("since") or chosen.get("until")):
            message = _(
                "“%(value)s” names a period, and so do since and until: give one."
            )
            self.add_error("period", message % {"value": chosen["period"]})
        return chosen

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        if chosen["period"] == self.usual:
            chosen["period"] = ""
        if chosen["period"] == "all":
            chosen["vague"] = ""
        return chosen

    # -- The time ----------------------------------------------------------------------

    @cached_property
    def span(self) -> Span | None:
        """What the record covers; None while it holds no move. Two queries."""
        return span_on_record(today=timezone.localdate())

    @cached_property
    def time(self) -> Period:
        """The period asked for, by a record that holds a move."""
        assert self.span is not None
        chosen = self.cleaned_data
        how = {"vague": chosen["vague"], "rumours": bool(chosen["rumours"])}
        since, until = chosen["since"], chosen["until"]
        if since is None and until is None:
            months = chosen["period"] or self.usual
            if months == "all":
                return Period(rumours=how["rumours"])
            return self.span.last_months(int(months), **how)
        newest = PartialDate(self.span.newest_month, Precision.MONTH).last
        first = since.first if since else date(self.span.first_year, 1, 1)
        last = until.last if until else newest
        # Before the record begins, or after it ends, there is a month without moves.
        first = min(first, last.replace(day=1)) if since is None else first
        last = max(last, PartialDate(first, Precision.MONTH).last)
        return Period(first, last, **how)

    @property
    def bounds(self) -> tuple[date, date]:
        """The first and the last day of the period; of the whole record, as far as it goes."""
        assert self.span is not None
        if self.time.first is not None and self.time.last is not None:
            return self.time.first, self.time.last
        first = date(self.span.first_year, 1, 1)
        return first, PartialDate(self.span.newest_month, Precision.MONTH).last

    @property
    def is_common(self) -> bool:
        """Whether many readers ask for this time: it has a link on the page."""
        return any(pick.chosen for pick in [*self.picks, *self.earlier])

    # -- Links -------------------------------------------------------------------------

    @cached_property
    def picks(self) -> list[Pick]:
        assert self.span is not None
        months = [
            self.pick(
                ngettext("Last %(n)s month", "Last %(n)s months", n) % {"n": n},
                period="" if str(n) == self.usual else str(n),
            )
            for n in (12, 36)
        ]
        newest = [self.year(year) for year in reversed(self.span.years[-YEARS_SHOWN:])]
        return [*months, *newest, self.pick(_("The whole record"), period="all")]

    @cached_property
    def earlier(self) -> list[Pick]:
        assert self.span is not None
        return [self.year(year) for year in reversed(self.span.years[:-YEARS_SHOWN])]

    def year(self, year: int) -> Pick:
        return self.pick(str(year), since=str(year), until=str(year))

    def pick(self, label: str, **when: str) -> Pick:
        query = self.query(**{"period": "", "since": "", "until": "", **when})
        return Pick(label, query, chosen=query == self.query())

    @property
    def with_vague(self) -> str:
        return self.query(vague="")

    @property
    def without_vague(self) -> str:
        return self.query(vague="out")

    @property
    def with_rumours(self) -> str:
        return self.query(rumours="on")

    @property
    def without_rumours(self) -> str:
        return self.query(rumours="")

    @property
    def kept_beside_dates(self) -> list[tuple[str, str]]:
        """What the form of since and until carries along unseen."""
        return self.without("period", "since", "until")

    def without(self, *names: str) -> list[tuple[str, str]]:
        return [
            (name, value) for name, value in self.values.items() if name not in names
        ]


class MovesChoice(PeriodChoice):
    """With the level of the ends, and two companies to set head to head."""

    level = Choice(
        [("", lazy("companies")), ("seat", lazy("seats"))], label=lazy("Ends")
    )
    one = Named(Organization, resolve_organization, label=lazy("One company"))
    other = Named(Organization, resolve_organization, label=lazy("Another one"))

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        one, other = chosen.get("one"), chosen.get("other")
        if one and other and company_of(one) == company_of(other):
            message = _(
                "%(one)s and %(other)s belong to one company: what moves between them is "
                "inside it."
            )
            self.add_error("other", message % {"one": one, "other": other})
        return chosen

    @property
    def by_seat(self) -> bool:
        return bool(self.cleaned_data["level"])

    @property
    def pair(self) -> tuple[Organization, Organization] | None:
        one, other = self.cleaned_data["one"], self.cleaned_data["other"]
        return (one, other) if one and other else None

    @property
    def kept_beside_pair(self) -> list[tuple[str, str]]:
        return self.without("one", "other")

    @property
    def companies_query(self) -> str:
        return self.query(level="")

    @property
    def seats_query(self) -> str:
        return self.query(level="seat")


class SeatsChoice(PeriodChoice):
    """A gap takes years to open."""

    usual = "36"


def company_of(organization: Organization) -> int:
    return organization.company_id or organization.pk
