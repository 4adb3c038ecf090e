"""The numbers of the pages of figures as plain values: what the pages themselves count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from talent.dashboard.moves_choice import MovesChoice, SeatsChoice
from talent.dashboard.moves_figures import Ends, companies_of
from talent.dashboard.moves_figures import numbers_of as moves_counted
from talent.dashboard.pay_compared import group_url
from talent.dashboard.pay_page import PayFigures, PayQuestion, figures_for, reasons_for
from talent.dashboard.seats_figures import numbers_of as seats_counted
from talent.dashboard.stays_chart import DEFINITION as STAYS
from talent.dashboard.stays_form import Group, StaysForm
from talent.dashboard.stays_numbers import newest_run, stays_of_groups, stints_in_common
from talent.insights.figures.arrivals import Flow
from talent.insights.figures.matrix import BESIDE, ESSAY, Key, head_to_head
from talent.insights.figures.news import figures_of, newest_period
from talent.insights.figures.pay import Spread
from talent.insights.figures.periods import Period
from talent.insights.figures.seats import seat_flow
from talent.insights.figures.stays import MILESTONES, Stays
from talent.insights.figures.survival import log_rank
from talent.insights.models.pay import Left, Part
from talent.insights.open_figures import Numbers, OpenFigure, Rows, Value
from talent.insights.pay_filter import ReasonFilter
from talent.registry.filter_fields import Choice
from talent.registry.filter_form import FilterForm
from talent.registry.models import Organization, Reason

MOVES, STINTS = "dashboard:move_list", "dashboard:stint_list"
PACKAGES, REASONS = "dashboard:pay_packages", "dashboard:pay_reasons"
NOTHING = Numbers(0, None, ())


def listed_at(page: str, url: str) -> Rows:
    """Of an address that a page links to."""
    return Rows(page, url.partition("?")[2])


# -- Moves -------------------------------------------------------------------------------


def moves(choice: MovesChoice) -> Numbers:
    if choice.span is None:
        return NOTHING
    counted, period = moves_counted(choice), choice.time
    matrix = counted.matrix
    ends = Ends(matrix, companies_of(counted))

    def cells() -> Iterator[Value]:
        for (origin, destination), n in matrix.cells.items():
            if n:
                yield Value(
                    "moves",
                    n,
                    of=called(origin, ends),
                    to=called(destination, ends),
                    rows=listed_at(MOVES, ends.url(origin, destination)),
                )
        returns = Rows(MOVES, period.rows(returns="on"))
        yield Value("returns", counted.matrix.returns, rows=returns)
        for pk, flow in counted.flows.items():
            yield from flow_of(ends.companies[pk].slug, flow, period.rows)
        if choice.pair:
            yield from head_to_head_of(*choice.pair, period)

    return Numbers(matrix.total, Rows(MOVES, period.rows()), tuple(cells()))


def called(key: Key, ends: Ends) -> str:
    return ends.companies[key].slug if isinstance(key, int) else str(key)


def flow_of(slug: str, flow: Flow, rows: Callable[..., str]) -> Iterator[Value]:
    arrivals, departures = rows(to=slug), rows(from_=slug)
    yield Value("arrivals", flow.arrivals, of=slug, rows=Rows(MOVES, arrivals))
    yield Value("departures", flow.departures, of=slug, rows=Rows(MOVES, departures))
    yield Value("net", flow.net, of=slug)


def head_to_head_of(
    one: Organization, other: Organization, period: Period
) -> Iterator[Value]:
    duel = head_to_head(one, other, period).duel
    for origin, destination, n in ((one, other, duel.there), (other, one, duel.back)):
        yield Value(
            "head_to_head",
            n,
            of=origin.slug,
            to=destination.slug,
            rows=Rows(MOVES, period.rows(from_=origin.slug, to=destination.slug)),
        )


# -- Seats -------------------------------------------------------------------------------


def seats(choice: SeatsChoice) -> Numbers:
    if choice.span is None:
        return NOTHING
    counted, period = seats_counted(choice), choice.time
    matrix = counted.matrix

    def rows(**ends: str) -> Rows:
        return Rows(MOVES, period.rows(**ends))

    def values() -> Iterator[Value]:
        for seat in (*ESSAY, *BESIDE):
            told = seat_flow(seat, matrix)
            if not told.flow.volume and seat not in counted.stays:
                continue
            into, out = rows(to_seat=seat.value), rows(from_seat=seat.value)
            yield Value("arrivals", told.flow.arrivals, of=seat, rows=into)
            yield Value("departures", told.flow.departures, of=seat, rows=out)
            yield Value("net", told.flow.net, of=seat)
            if stay := counted.stays.get(seat):
                yield Value(
                    "median_stay_months",
                    stay.months,
                    of=seat,
                    n=stay.n,
                    low=stay.low,
                    high=stay.high,
                    rows=Rows(STINTS, f"seat={seat.value}&start=known"),
                )
        for (origin, destination), n in matrix.cells.items():
            if n:
                yield Value("moves", n, of=str(origin), to=str(destination))
        for seat in counted.gap.flows:
            added = counted.gap.cumulated(seat)
            for step, net in zip(counted.gap.steps, added, strict=True):
                yield Value("net_so_far", net, of=seat, period=step.isoformat())

    return Numbers(matrix.total, rows(), tuple(values()))


# -- Stay or leave -----------------------------------------------------------------------


def stays(form: StaysForm) -> Numbers:
    run = newest_run()
    found = list(zip(form.groups, stays_of_groups(form.groups, run=run), strict=True))
    values = [value for group, theirs in found for value in stays_in(group, theirs)]
    for (one, ours), (other, theirs) in combinations(found, 2):
        if stints_in_common(one, other, run=run):
            continue
        if tested := log_rank(ours.observed, theirs.observed):
            for measure, value in (
                ("log_rank_chi_squared", tested.chi_squared),
                ("log_rank_p", tested.p),
            ):
                values.append(Value(measure, value, of=str(one), to=str(other)))
    return Numbers(sum(theirs.n for _group, theirs in found), None, tuple(values))


def stays_in(group: Group, stays: Stays) -> Iterator[Value]:
    name, query = str(group), group.filter.query

    yield Value("stints", stays.n, of=name, rows=Rows(STINTS, query(start="known")))
    median = stays.median
    yield Value(
        "median_stay_months",
        median.months,
        of=name,
        n=median.followed,
        low=median.low,
        high=median.high,
    )
    for months in MILESTONES:
        point = stays.after(months)
        yield Value(
            f"share_there_after_{months}_months",
            point.share if point else None,
            of=name,
            n=point.at_risk if point else None,
            low=point.low if point else None,
            high=point.high if point else None,
        )


# -- Pay ---------------------------------------------------------------------------------


def pay(question: PayQuestion) -> Numbers:
    figures = figures_for(question)

    def rows(**choices: str) -> Rows:
        return Rows(PACKAGES, question.rows(**choices))

    def values() -> Iterator[Value]:
        for part in Part:
            n = figures.parts[part]
            yield Value("packages", n, of=part.value, rows=rows(part=part.value))
        for form, counts in figures.forms.items():
            here = rows(part=Part.COUNTED.value, form=form)
            yield Value("packages_by_form", counts.n, of=form, rows=here)
        for group in figures.groups:
            yield yearly(question, group, figures)
        for left in Left:
            yield Value("packages_by_who_left", figures.left[left], of=left.value)

    return Numbers(figures.total, rows(), tuple(values()))


def yearly(question: PayQuestion, group: Spread, figures: PayFigures) -> Value:
    """Median of what is stated per year, in US dollars; its range; how many state it."""
    slug, _name = figures.companies.get(group.key, ("", ""))
    return Value(
        "median_per_year_usd",
        group.median,
        of=slug or str(group.key),
        n=group.n,
        low=group.low,
        high=group.high,
        rows=listed_at(PACKAGES, group_url(group, question, figures, "year")),
    )


# -- Reasons -----------------------------------------------------------------------------


def reasons(filter: ReasonFilter) -> Numbers:
    counted = reasons_for(filter)
    names = Reason.objects.in_bulk([pk for pk, _n in counted.reasons])

    def rows(**choices: str) -> Rows:
        return Rows(REASONS, filter.query(**choices))

    values = [
        Value("moves", n, of=names[pk].name, rows=rows(reason=names[pk].name))
        for pk, n in counted.reasons
    ]
    none = Value("moves_without_reason", counted.unstated, rows=rows(reason="none"))
    return Numbers(counted.moves, rows(), (none, *values))


# -- News --------------------------------------------------------------------------------


class NewsChoice(FilterForm):
    """What the front page reads of its address for its four numbers."""

    period = Choice(
        [
            ("week", lazy("Week")),
            ("", lazy("Month")),
            ("month", lazy("Month")),
            ("quarter", lazy("Quarter")),
        ],
        label=lazy("Period"),
    )

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        return {"period": "" if chosen["period"] == "month" else chosen["period"]}


def news(choice: NewsChoice) -> Numbers:
    unit = choice.cleaned_data["period"] or "month"
    period = newest_period(unit, today=timezone.localdate())
    if period is None:
        return NOTHING
    written = "/".join(dict.fromkeys(period.written.values()))
    values = []
    measures = ("hires", "departures", "returns", "people")
    for measure, figure in zip(measures, figures_of(period), strict=True):
        rows = Rows("dashboard:event_list", figure.query)
        values.append(Value(measure, figure.value, period=written, rows=rows))
        values.append(Value(f"{measure}_before", figure.before))
    return Numbers(sum(int(v.value or 0) for v in values[:4:2]), None, tuple(values))


FIGURES = (
    OpenFigure(
        "moves",
        lazy("Moves"),
        lazy(
            "Moves from company to company, or from seat to seat: each real move once, inside a "
            "company none. Companies beyond the ten largest are “others”, an end that is not on "
            "record is “nowhere”. Arrivals, departures and net are of those that gained or lost "
            "most."
        ),
        "moves",
        "dashboard:moves",
        MovesChoice,
        moves,
    ),
    OpenFigure(
        "seats",
        lazy("Seats"),
        lazy(
            "Arrivals at and departures from the seats, moves within one seat included; the "
            "median stay of all stints on record; and the net gain added up step by step."
        ),
        "moves",
        "dashboard:seats",
        SeatsChoice,
        seats,
    ),
    OpenFigure(
        "stays",
        lazy("Stay or leave"),
        STAYS,
        "stints",
        "dashboard:stays",
        StaysForm,
        stays,
    ),
    OpenFigure(
        "pay",
        lazy("Pay"),
        lazy(
            "Packages by what can be said of them; of the counted ones, those known per year, in "
            "US dollars at the rate of their day. A total becomes a yearly figure only where its "
            "years are stated. Unknown is not zero, and in no median."
        ),
        "packages",
        "dashboard:pay",
        PayQuestion,
        pay,
    ),
    OpenFigure(
        "reasons",
        lazy("Moves by stated reason"),
        lazy(
            "Moves by the reasons somebody stated for them; one may have several. Most have "
            "none."
        ),
        "moves",
        "dashboard:pay_reasons",
        ReasonFilter,
        reasons,
    ),
    OpenFigure(
        "news",
        lazy("The newest period in numbers"),
        lazy(
            "Hires, departures and returns that were news, and the people in them, in the newest "
            "week, month or quarter on record, and in the one before. Only events dated at least "
            "that exactly."
        ),
        "events",
        "dashboard:home",
        NewsChoice,
        news,
    ),
)
