"""All numbers of the Moves page for one choice, and the names that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from talent.dashboard.moves_choice import MovesChoice
from talent.dashboard.moves_kept import kept, last_refresh
from talent.insights.figures.arrivals import Flow, of_first_companies
from talent.insights.figures.leaders import Leaders, leader, ranked
from talent.insights.figures.matrix import (
    NOWHERE,
    OTHERS,
    Key,
    Matrix,
    company_matrix,
    ends_in_filter,
    seat_matrix,
)
from talent.insights.figures.periods import Period
from talent.insights.move_filter import MoveFilter
from talent.registry.models import Organization
from talent.registry.models.organizations import Seat
from talent.registry.wording import name_of

# Of the matrix, and of each list of leaders.
COMPANIES, LEADERS = 10, 8


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted, before it has names and links: small enough to be cached."""

    matrix: Matrix
    gainers: list[int]
    losers: list[int]
    # Of the companies named above.
    flows: dict[int, Flow]


def numbers_of(choice: MovesChoice) -> Numbers:
    """Four queries, whatever the rows; one where they are kept."""
    level = "seat" if choice.by_seat else "company"
    period = choice.time
    return kept(
        f"moves-{level}",
        period.rows(),
        lambda: count(period, by_seat=choice.by_seat),
        run=last_refresh(),
        common=choice.is_common,
    )


def count(period: Period, *, by_seat: bool) -> Numbers:
    flows = of_first_companies(period, largest=COMPANIES, leaders=LEADERS)
    seats = seat_matrix(period)
    gainers, losers = ranked(flows, n=LEADERS)
    return Numbers(
        matrix=seats
        if by_seat
        else company_matrix(period, flows=flows, seats=seats, most=COMPANIES),
        gainers=gainers,
        losers=losers,
        flows={pk: flows[pk] for pk in [*gainers, *losers]},
    )


class Ends:
    """How the keys of a matrix are called, addressed and coloured. No query."""

    def __init__(self, matrix: Matrix, companies: Mapping[int, Organization]) -> None:
        self.matrix = matrix
        self.companies = companies
        slugs: dict[Key, str] = {pk: each.slug for pk, each in companies.items()}
        self.origins = {
            key: pieces(said)
            for key, said in ends_in_filter(matrix, slugs, "from").items()
        }
        self.destinations = {
            key: pieces(said)
            for key, said in ends_in_filter(matrix, slugs, "to").items()
        }
        self.time = pieces(matrix.period.written)
        self.path = reverse("dashboard:move_list")
        self.urls: dict[tuple[Key | None, Key | None], str] = {}

    def name(self, key: Key) -> str:
        match key:
            case int():
                return name_of(self.companies[key])
            case "others":
                return _("other companies")
            case "nowhere":
                return _("not on record")
        return str(Seat(key).label)

    def seat(self, key: Key) -> str:
        """What colours it; "" for an end without a seat of its own."""
        if isinstance(key, int):
            return self.companies[key].seat
        return "" if key in (OTHERS, NOWHERE) else key

    def url(self, origin: Key | None, destination: Key | None) -> str:
        """The list of exactly the moves of one cell; None: of a whole row or column."""
        found = self.urls.get((origin, destination))
        if found is None:
            said = [
                *self.time,
                *(self.origins[origin] if origin is not None else ()),
                *(self.destinations[destination] if destination is not None else ()),
            ]
            query = "&".join(piece for _place, piece in sorted(said))
            found = f"{self.path}?{query}" if query else self.path
            self.urls[origin, destination] = found
        return found


# As `query_string` orders them.
ORDER = {
    MoveFilter.parameters.get(field, field): place
    for place, field in enumerate(MoveFilter.base_fields)
}


def pieces(said: Mapping[str, str]) -> list[tuple[int, str]]:
    """Of the query string of a filter, with their places in it: hundreds are put together."""
    return [(ORDER[name], MoveFilter.query_string({name: said[name]})) for name in said]


def listed(query: str) -> str:
    """The address of the list of moves."""
    path = reverse("dashboard:move_list")
    return f"{path}?{query}" if query else path


def linked(url: str, words: str) -> str:
    return format_html('<a href="{}">{}</a>', url, words)


def companies_of(numbers: Numbers) -> dict[int, Organization]:
    """The companies the numbers name. One query, or none."""
    named = {key for key in numbers.matrix.keys if isinstance(key, int)}
    return Organization.objects.in_bulk(named | numbers.flows.keys())


def leaders_of(
    numbers: Numbers, companies: Mapping[int, Organization], period: Period
) -> Leaders:
    gainers, losers = (
        [leader(companies[pk], numbers.flows[pk], period) for pk in side]
        for side in (numbers.gainers, numbers.losers)
    )
    return Leaders(gainers, losers)
