"""All numbers of the Seats page for one choice, with the links to their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from talent.dashboard.moves_choice import SeatsChoice
from talent.dashboard.moves_kept import kept, last_refresh
from talent.dashboard.pay_summary import PaySummary
from talent.insights.figures.matrix import Matrix
from talent.insights.figures.periods import Period
from talent.insights.figures.seats import (
    Gap,
    SeatFlow,
    matrix_and_gap,
    median_stays,
    seat_flow,
)
from talent.insights.figures.stays import MedianStay
from talent.insights.move_filter import UNKNOWN
from talent.insights.stint_filter import StintFilter
from talent.registry.models.organizations import Seat

# Of the other seats, those that most came from or went to.
ENDS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted, before it has names and links."""

    matrix: Matrix
    gap: Gap
    stays: dict[str, MedianStay]


def numbers_of(choice: SeatsChoice) -> Numbers:
    """Three queries; one where they are kept."""
    first, last = choice.bounds
    key = f"{choice.time.rows()}#{first:%Y-%m}#{last:%Y-%m}"
    run = last_refresh()
    matrix, gap = kept(
        "seats",
        key,
        lambda: matrix_and_gap(choice.time, first=first, last=last),
        run=run,
        common=choice.is_common,
    )
    stays = kept("median-stays", "", median_stays, run=run, common=True)
    return Numbers(matrix, gap, stays)


@dataclass(frozen=True, slots=True)
class End:
    """One other seat, or an end not on record, with its moves and their list."""

    seat: Seat | None
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One seat, ready to show."""

    told: SeatFlow
    stay: MedianStay | None
    arrivals_url: str
    departures_url: str
    within_url: str
    went_to: tuple[End, ...]
    came_from: tuple[End, ...]
    stints_url: str
    pay: PaySummary | None

    @property
    def seat(self) -> Seat:
        return self.told.seat

    @property
    def loss(self) -> int:
        return -self.told.flow.net

    @property
    def is_few(self) -> bool:
        return self.told.flow.volume < FEW


# Under so many moves a row is greyed and says so.
FEW = 10


class Rows:
    """The lists of the moves of one time: at a seat, from one, to one."""

    def __init__(self, period: Period) -> None:
        self.path, self.time = reverse("dashboard:move_list"), period.rows()

    def url(self, **seats: str) -> str:
        """Give them in the order of the filter: it names seats before the time, so that the
        address need not be put in order for each of a hundred links.
        """
        named = [f"{name}={seat}" for name, seat in seats.items()]
        return f"{self.path}?{'&'.join([*named, self.time] if self.time else named)}"


def row_of(
    seat: Seat, numbers: Numbers, pay: Mapping[str, PaySummary], rows: Rows
) -> Row:
    matrix = numbers.matrix
    told = seat_flow(seat, matrix)
    gone = [
        (other, n, rows.url(from_seat=seat, to_seat=other)) for other, n in told.went_to
    ]
    come = [
        (other, n, rows.url(from_seat=other, to_seat=seat))
        for other, n in told.came_from
    ]
    return Row(
        told,
        numbers.stays.get(seat),
        arrivals_url=rows.url(to_seat=seat),
        departures_url=rows.url(from_seat=seat),
        within_url=rows.url(from_seat=seat, to_seat=seat),
        went_to=ends(gone, told.lost, rows.url(from_seat=seat, to_seat=UNKNOWN)),
        came_from=ends(come, told.found, rows.url(from_seat=UNKNOWN, to_seat=seat)),
        stints_url=stints_url(seat),
        pay=pay.get(seat),
    )


def ends(
    seats: list[tuple[Seat, int, str]], unknown: int, unknown_url: str
) -> tuple[End, ...]:
    """The first other seats, then the ends that are not on record."""
    found = [End(*seat) for seat in seats[:ENDS_SHOWN]]
    return (*found, End(None, unknown, unknown_url)) if unknown else tuple(found)


def stints_url(seat: Seat) -> str:
    """The stints that a median stay counts."""
    query = StintFilter.query_string({"seat": seat, "start": "known"})
    return f"{reverse('dashboard:stint_list')}?{query}"
