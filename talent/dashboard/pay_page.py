"""What the Pay page asks and shows: the choices in its address, and the figures they lead to.

The figures are worked out from the record once for each state of it and each question, and kept
in the cache: they hold ids and numbers, no words, so that every language shares them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.common import money
from talent.common.release import release
from talent.insights.figures.forgone import YEARS
from talent.insights.figures.pay import (
    Counts,
    Lists,
    Spread,
    compared,
    compiled,
    in_order,
    in_parts,
)
from talent.insights.figures.pay_stays import left_after
from talent.insights.figures.reasons import Reasons, reasons_in
from talent.insights.models import PayLine, Refresh
from talent.insights.models.pay import Left, Part, PayLineQuerySet
from talent.insights.pay_filter import PackageFilter, PayScope, ReasonFilter
from talent.registry.filter_fields import Choice, Parsed, amount_field, shown
from talent.registry.filter_form import FilterForm
from talent.registry.models import Generation, Organization, Reading

T = TypeVar("T")
# Numbers of an older record are never asked for again; this only bounds the memory that a
# crawler walking through all questions can fill.
KEPT_SECONDS = 15 * 60
# Rows of a picture or list; the rest is one link away.
SHOWN = 15
FEW_SHOWN = 8
ABOVE = 10_000_000
DEFAULT_YEARS = 4
MOST_MONTHS = 1200


def whole_months(text: str) -> int:
    if not text.isdecimal() or len(text) > 4 or int(text) > MOST_MONTHS:
        raise ValueError(
            _("“%(text)s” is no number of months from 0 to %(most)s.")
            % {"text": shown(text), "most": MOST_MONTHS}
        )
    return int(text)


class PayQuestion(PayScope):
    """The address of the Pay page and of its charts."""

    form = Choice(
        [("", Reading.Form.TOTAL_PACKAGE.label), *Reading.Form.choices[1:]],
        label=lazy("Form"),
    )
    by = Choice(
        [("", lazy("seat")), ("company", lazy("company")), ("year", lazy("year"))],
        label=lazy("Compare by"),
    )
    above = amount_field(label=lazy("Packages of at least, in US dollars"))
    amount = amount_field(label=lazy("Package, in US dollars"))
    months = Parsed(whole_months, label=lazy("Left after, in months"))
    years = Choice(
        [
            ("", str(DEFAULT_YEARS)),
            *((str(n), str(n)) for n in YEARS if n != DEFAULT_YEARS),
        ],
        label=lazy("Years it vests over"),
    )
    cliff = Choice(
        [
            ("", lazy("nothing in the first year")),
            ("none", lazy("from the first month")),
        ],
        label=lazy("Start of vesting"),
    )

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        chosen = super().canonical(chosen)
        if self.cleaned_data["above"] == ABOVE:
            chosen["above"] = ""
        return chosen

    @property
    def chosen_form(self) -> Reading.Form:
        return Reading.Form(self.cleaned_data["form"] or Reading.Form.TOTAL_PACKAGE)

    @property
    def least(self) -> int:
        given = self.cleaned_data["above"]
        return ABOVE if given is None else int(given)

    @property
    def vesting(self) -> tuple[int, int]:
        """Years, and the months before which nothing vests."""
        return (
            int(self.cleaned_data["years"] or DEFAULT_YEARS),
            0 if self.cleaned_data["cliff"] else 12,
        )

    @property
    def reasons(self) -> ReasonFilter:
        """Moves away from the company and seat: those reasons are given for."""
        scope = {**self.scope, "from": self.scope.get("company", "")}
        scope["from_seat"] = scope.pop("seat", "")
        scope.pop("company", None)
        found = ReasonFilter({name: value for name, value in scope.items() if value})
        if not found.is_valid():
            raise ValueError(found.errors)
        return found

    @property
    def least_in_words(self) -> str:
        return money.amount("USD", self.least)

    @property
    def switches(self) -> list[BoundField]:
        return [self["vague"], self["rumours"]]

    # -- What the other forms of the page take along -----------------------------------

    @property
    def beside_scope(self) -> dict[str, str]:
        return {k: v for k, v in self.values.items() if k not in PayScope.base_fields}

    @property
    def beside_above(self) -> dict[str, str]:
        return {k: v for k, v in self.values.items() if k != "above"}

    @property
    def beside_cost(self) -> dict[str, str]:
        asked = ("amount", "months", "years", "cliff")
        return {k: v for k, v in self.values.items() if k not in asked}

    # -- Links to rows -----------------------------------------------------------------

    def rows(self, **choices: str) -> str:
        """The query string of the packages behind a number."""
        return PackageFilter.query_string({**self.scope, **choices})

    def group_choices(self, key: Any, slug: str = "") -> dict[str, str]:
        """What a group of `by` adds to the choices of the page."""
        match self.cleaned_data["by"]:
            case "company":
                # A unit that was asked for is narrower than its company.
                return {} if self.cleaned_data["company"] else {"company": slug}
            case "year":
                return self.in_year(key) if key else {"dated": "no"}
        return {"seat": str(key)}

    def in_year(self, year: int) -> dict[str, str]:
        """The year, within the time the page is about."""
        days = {"since": f"{year}", "until": f"{year}"}
        if self.days is not None:
            first, last = self.days
            if first.year == year and (first.month, first.day) != (1, 1):
                days["since"] = first.isoformat()
            if last.year == year and (last.month, last.day) != (12, 31):
                days["until"] = last.isoformat()
        return days


# -- Figures -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PayFigures:
    """Counts are whole; lists hold the packages of the first few lines of what they name."""

    parts: dict[Part, int]
    # Counted lines of each form.
    forms: dict[str, Counts]
    reported: list[int]
    per_year: list[int]
    not_comparable: list[int]
    groups: list[Spread]
    groups_n: int
    # Slug and name of the companies among the keys of the groups.
    companies: dict[int, tuple[str, str]]
    left: dict[Left, int]
    leavers: list[int]
    early: list[int]
    offers: list[int]

    @property
    def counted(self) -> int:
        return self.parts[Part.COUNTED]

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    @property
    def per_year_n(self) -> int:
        """Counted lines that are known per year."""
        return sum(counts.per_year for counts in self.forms.values())

    @property
    def not_comparable_n(self) -> int:
        return self.counted - self.per_year_n


def kept(what: str, query: str, build: Callable[[], T], *, state: str) -> T:
    """From the cache while the `state` is the same."""
    key = f"{what}:{state}:{sha256(query.encode()).hexdigest()}"
    value: T | None = cache.get(key)
    if value is None:
        value = build()
        cache.set(key, value, KEPT_SECONDS)
    return value


def present_state() -> str:
    """Of the record, the derived tables and the release. Two queries."""
    refreshed = Refresh.objects.order_by("-started_at").values_list("pk", flat=True)
    return f"{Generation.current()}-{refreshed.first() or 0}-{release()}"


def figures_for(question: PayQuestion) -> PayFigures:
    """Four queries, five by company, whatever the number of packages."""
    lines, rumours = question.in_scope(), question.with_rumours
    counted = lines.in_part(Part.COUNTED, rumours=rumours)
    parts = dict.fromkeys(Part, 0)
    forms = dict.fromkeys(Reading.Form.values, Counts())
    for (part, form), counts in in_parts(lines, rumours=rumours).items():
        parts[part] += counts.n
        if part == Part.COUNTED:
            forms[form] = counts
    by = question.cleaned_data["by"]
    groups = compared(counted, by=by)
    if by == "year":
        groups.sort(key=lambda group: -group.key)
    return PayFigures(
        parts,
        forms,
        groups=groups[:SHOWN],
        groups_n=len(groups),
        companies=named(groups[:SHOWN]) if by == "company" else {},
        left=left_after(counted.reaching(question.least)),
        **first_lines(question, lines),
    )


def first_lines(question: PayQuestion, lines: PayLineQuerySet) -> dict[str, list[int]]:
    """The packages that the pictures and lists of the page show, in order. One query."""
    lists = lists_of(question.chosen_form, question.least, question.with_rumours)
    return in_order(lists, within=lines)


@lru_cache(maxsize=64)
def lists_of(form: Reading.Form, least: int, rumours: bool) -> Lists:  # noqa: FBT001  # a key
    """The lists of the page, whoever pays and whenever. Six queries take longer to put into SQL
    than PostgreSQL takes to answer, and hardly anybody chooses another form or amount.
    """
    lines = PayLine.objects.all()
    counted = lines.in_part(Part.COUNTED, rumours=rumours)
    above = counted.reaching(least)
    return compiled(
        {
            "reported": counted.of_form(form).with_dollars().largest_first()[:SHOWN],
            "per_year": counted.per_year().largest_first(per_year=True)[:SHOWN],
            "not_comparable": counted.not_per_year().newest_first()[:SHOWN],
            "leavers": above.filter(left=Left.WITHIN).largest_first()[:FEW_SHOWN],
            "early": counted.filter(unvested=True)
            .with_dollars()
            .largest_first()[:FEW_SHOWN],
            "offers": lines.offers().newest_first()[:FEW_SHOWN],
        }
    )


def named(groups: list[Spread]) -> dict[int, tuple[str, str]]:
    rows = Organization.objects.filter(pk__in=[group.key for group in groups])
    return {
        pk: (slug, name)
        for pk, slug, name in rows.values_list("pk", "slug", "name").order_by("pk")
    }


def reasons_for(filter: ReasonFilter, *, state: str = "") -> Reasons:
    """The moves of the filter by reason, whichever reason it asks for itself."""
    query = filter.query(reason="", teller="")
    state = state or present_state()
    return kept("reasons", query, lambda: reasons_in(filter), state=state)


def wrong(filter: FilterForm) -> str:
    """What is wrong with the question, in one text."""
    return " ".join(str(error) for errors in filter.errors.values() for error in errors)
