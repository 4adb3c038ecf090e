"""The tables of "Stay or leave": medians side by side, by seat, by year, by company or unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.dashboard.stays_chart import (
    Measured,
    list_url,
    share_in_words,
    whole_per_cent,
    with_band,
)
from talent.dashboard.stays_form import Group, StaysForm
from talent.dashboard.stays_numbers import Breakdown, broken_down, stints_in_common
from talent.dashboard.table_rows import link, number
from talent.insights.figures.stays import MILESTONES, SHORT, MedianStay, Rates, Stays
from talent.insights.figures.survival import LogRank, log_rank
from talent.insights.stint_filter import StintFilter
from talent.registry.models import Organization
from talent.registry.models.organizations import Seat
from talent.registry.wording import name_of


@dataclass(frozen=True)
class Row:
    """One group of stints in a table. `name_url`: where its name leads, if anywhere.

    values: what tells its filter which stints: a person, company, seat and years, nothing else.
    """

    name: str
    name_url: str
    stays: Rates
    values: Mapping[str, str]
    seat: str = ""

    @cached_property
    def query(self) -> str:
        return StintFilter.query_string(self.values)

    def url(self, more: str) -> str:
        """`more` as the filter writes it: it names all of `values` before anything else."""
        return list_url(self.query, more)

    @property
    def n_url(self) -> str:
        return self.url("start=known")

    @property
    def followed_url(self) -> str:
        return self.url("followed=on")

    @cached_property
    def short(self) -> int:
        """Ended within a year."""
        return self.stays.ended_before(SHORT)

    @property
    def short_url(self) -> str:
        return self.url(f"at_most={SHORT - 1}&ended=yes&start=known")

    @cached_property
    def median(self) -> str:
        return median_in_words(self.stays.median)

    @cached_property
    def gone_in_a_year(self) -> str:
        """The estimated share that left within a year, with its band."""
        point = self.stays.after(SHORT)
        if point is None or self.stays.is_few:
            return ""
        gone = whole_per_cent(1 - point.share)
        if point.low is None or point.high is None:
            return gone
        return with_band(gone, 1 - point.high, 1 - point.low)


def median_in_words(median: MedianStay) -> str:
    """ "24 months", with its band: "24 months (19–30)"; "" of few stints."""
    if median.is_few:
        return ""
    if median.months is None:
        return _("more than half were still there")
    told = ngettext("%(n)s month", "%(n)s months", median.months) % {"n": median.months}
    if median.low is None:
        return told
    high = "…" if median.high is None else median.high
    return _("%(months)s (%(low)s–%(high)s)") % {
        "months": told,
        "low": median.low,
        "high": high,
    }


@dataclass(frozen=True, slots=True)
class Side:
    """A group among those laid over each other, and the page without it."""

    letter: str
    row: Row
    stays: Stays
    without: str
    shares: tuple[tuple[str, int, str], ...]

    @property
    def median_of_firsts(self) -> str:
        return median_in_words(self.stays.median_without_returns)

    @property
    def firsts_url(self) -> str:
        return self.row.url("start=known&returns=out")

    @property
    def about_url(self) -> str:
        return self.row.url("start=known&about=on")

    @property
    def unknown_url(self) -> str:
        """Nobody knows when these joined, so they are in no joining period."""
        asked = {**self.row.values, "since": "", "until": "", "start": "unknown"}
        return f"{reverse('dashboard:stint_list')}?{StintFilter.query_string(asked)}"


def side_by_side(form: StaysForm, found: Sequence[Measured]) -> list[Side]:
    here = reverse("dashboard:stays")
    return [
        Side(
            each.letter,
            Row(
                each.group.label,
                "",
                each.stays,
                each.group.filter.values,
                each.group.seat,
            ),
            each.stays,
            f"{here}?{form.without(each.group)}" if len(found) > 1 else "",
            tuple(shares_of(each)),
        )
        for each in found
    ]


def shares_of(each: Measured) -> Iterator[tuple[str, int, str]]:
    """At each milestone the share in words, how many are known to be there, and their list."""
    for months in MILESTONES:
        point = each.stays.after(months)
        told = share_in_words(point) if point else "–"
        if each.stays.is_few:
            told = _("too few")
        yield told, each.stays.there_at(months), each.rows_url(f"at_least={months}")


# -- Do two groups differ? ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first group against another: the test, or why there is none."""

    one: Measured
    other: Measured
    test: LogRank | None
    why_not: str = ""

    @property
    def chi_squared(self) -> str:
        return f"{self.test.chi_squared:.2f}" if self.test else ""

    @property
    def p(self) -> str:
        if self.test is None:
            return ""
        return "p < 0.001" if self.test.p < 0.001 else f"p = {self.test.p:.3f}"

    @property
    def differs(self) -> bool:
        return self.test is not None and self.test.p < 0.05


def comparisons(found: Sequence[Measured], *, run: int) -> Iterator[Comparison]:
    """Each of the other groups against the first."""
    for other in found[1:]:
        yield compared(found[0], other, run=run)


def compared(one: Measured, other: Measured, *, run: int) -> Comparison:
    if one.stays.is_few or other.stays.is_few:
        return Comparison(one, other, None, _("too few stints followed for a test"))
    if stints_in_common(one.group, other.group, run=run):
        return Comparison(one, other, None, _("they share stints, so no test applies"))
    test = log_rank(one.stays.observed, other.stays.observed)
    return Comparison(one, other, test, "" if test else _("nobody left in either"))


# -- Tables of many groups ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    anchor: str
    heading: str
    first_column: str
    rows: Sequence[Row]


def tables(form: StaysForm, *, run: int) -> list[Table]:
    """By seat for everybody; by year of joining and by part for the first group."""
    group = form.groups[0]
    years = {name: form.values.get(name, "") for name in ("since", "until")}
    common = StintFilter(years)
    common.full_clean()
    found = broken_down(group, common=common, run=run)
    told = {"name": group.label}
    is_company = group.filter.cleaned_data["company"] is not None
    return [
        Table("by-seat", _("By seat"), _("Seat"), seat_rows(form, found, years)),
        Table(
            "by-year",
            _("%(name)s, by year of joining") % told,
            _("Joined"),
            year_rows(group, found),
        ),
        Table(
            "by-part",
            (_("%(name)s, by unit") if is_company else _("%(name)s, largest companies"))
            % told,
            _("Unit") if is_company else _("Company"),
            part_rows(group, found),
        ),
    ]


def seat_rows(form: StaysForm, found: Breakdown, years: dict[str, str]) -> list[Row]:
    here = reverse("dashboard:stays")
    return [
        Row(
            str(seat.label),
            f"{here}?{form.query_string({'a': f'seat:{seat}', **years})}",
            found.seats[seat],
            {"seat": seat, **years},
            seat,
        )
        for seat in Seat
        if seat in found.seats
    ]


def year_rows(group: Group, found: Breakdown) -> list[Row]:
    return [
        Row(
            str(year),
            "",
            stays,
            {**group.filter.values, "since": str(year), "until": str(year)},
        )
        for year, stays in reversed(found.years.items())
    ]


def part_rows(group: Group, found: Breakdown) -> list[Row]:
    """One query for the names. The group's own name, where it is a unit, is left out."""
    named = Organization.objects.in_bulk(found.parts)
    itself = group.filter.cleaned_data["company"]
    rows = [
        Row(
            name_of(organization),
            organization.get_absolute_url(),
            found.parts[pk],
            {**group.filter.values, "company": organization.slug},
            organization.seat,
        )
        for pk, organization in named.items()
        if organization != itself and found.parts[pk].n
    ]
    return sorted(rows, key=lambda row: (-row.stays.n, row.name))


# -- As HTML: see `table_rows` -------------------------------------------------------------


def median_rows(table: Table) -> SafeString:
    few = escape(_("too few"))
    return mark_safe(
        "".join(median_row(row, few) for row in table.rows)
    )  # escaped below


def median_row(row: Row, few: str) -> str:
    stays = row.stays
    name = link(row.name_url, row.name) if row.name_url else escape(row.name)
    seat = f' class="seat seat-{row.seat}"' if row.seat else ""
    look = ' class="few"' if stays.is_few else ""
    gone = few if stays.is_few else escape(row.gone_in_a_year) or "\N{EN DASH}"
    return (
        f"<tr{look}>"
        f'<th scope="row"><span{seat}>{name}</span></th>'
        f'<td class="number">{link(row.n_url, number(stays.n))}</td>'
        f'<td class="number">{link(row.followed_url, number(stays.followed))}</td>'
        f"<td>{escape(row.median) or few}</td>"
        f"<td>{gone}</td>"
        f'<td class="number">{link(row.short_url, number(row.short))}</td></tr>'
    )
