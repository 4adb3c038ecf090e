"""From where to where: every move of a time in exactly one cell."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest

from talent.insights.figures.arrivals import by_company
from talent.insights.figures.matrix import (
    NOWHERE,
    OTHERS,
    Duel,
    Matrix,
    company_matrix,
    ends_in_filter,
    head_to_head,
    seat_matrix,
)
from talent.insights.figures.periods import Period
from talent.registry.models import Organization
from tests.factories import OrganizationFactory
from tests.insights.moves_there import filtered, move, moves, read_again, record

pytestmark = pytest.mark.django_db

PERIODS = [
    Period(),
    Period(rumours=True),
    Period.of_year(2025),
    Period(date(2025, 8, 1), date(2025, 8, 31)),
    Period(date(2025, 8, 1), date(2025, 8, 31), "out", True),
]


@pytest.fixture
def five():
    seats = ("big_tech", "quant", "frontier_lab", "quant", "academia")
    return [
        OrganizationFactory(name=name, slug=name.lower(), seat=seat)
        for name, seat in zip(
            ("Acme", "Bolt", "Core", "Dawn", "Echo"), seats, strict=True
        )
    ]


@pytest.fixture
def busy(five):
    """Moves of every sort and date, between all, from and to nowhere, and inside Acme."""
    acme, bolt, core, dawn, echo = five
    lab = OrganizationFactory(name="Lab", slug="lab", parent=acme, company=acme)
    dates = ("2025-08-03", "2025", "2024-08")
    pairs = (
        *((acme, bolt), (acme, bolt), (bolt, lab), (lab, None), (core, acme)),
        *((core, dawn), (dawn, echo), (None, core), (echo, None)),
    )
    record([(*pair, when) for pair in pairs for when in dates])
    record([(bolt, acme, when) for when in dates], standing="rumoured")
    ada = move(None, acme, "2024")
    move(None, lab, "2025-08", person=ada)
    read_again()


def companies_in(period: Period, *, most: int) -> Matrix:
    return company_matrix(
        period, flows=by_company(period), seats=seat_matrix(period), most=most
    )


def listed(matrix: Matrix, origin, destination) -> int:
    """How many rows the list of a cell has."""
    slugs = {each.pk: each.slug for each in Organization.objects.all()}
    query = matrix.period.rows() and dict(parse_qsl(matrix.period.rows())) or {}
    query |= ends_in_filter(matrix, slugs, "from")[origin]
    query |= ends_in_filter(matrix, slugs, "to")[destination]
    return filtered(query).moves().count()


def assert_opens_its_rows(matrix: Matrix) -> None:
    """Every number, and no move beside them."""
    whole = filtered(dict(parse_qsl(matrix.period.rows())))
    assert matrix.total == whole.moves().count()
    for (origin, destination), n in matrix.cells.items():
        assert n == listed(matrix, origin, destination)


class TestCompanyMatrix:
    @pytest.mark.parametrize("period", PERIODS, ids=lambda period: str(period.written))
    def test_counts_what_its_cells_list(self, busy, period):
        assert_opens_its_rows(companies_in(period, most=2))

    @pytest.mark.parametrize("period", PERIODS, ids=lambda period: str(period.written))
    def test_stays_exact_when_it_is_narrowed(self, busy, period):
        assert_opens_its_rows(companies_in(period, most=4).narrowed(1))

    def test_names_the_largest_first(self, busy, five):
        acme, bolt, *_rest = five

        assert companies_in(Period(), most=2).keys == (acme.pk, bolt.pk)

    def test_tells_of_the_dates_that_only_may_lie_in_the_time(self, busy):
        august = Period(date(2025, 8, 1), date(2025, 8, 31))

        matrix = companies_in(august, most=2)

        assert (
            matrix.vague
            == filtered({"since": "2025-08", "until": "2025-08", "vague": "only"})
            .moves()
            .count()
        )
        assert matrix.vague == 9

    def test_sums_rows_columns_and_one_sided_moves(self, five):
        acme, bolt, *_rest = five
        moves(2, acme, bolt)
        move(acme, None)
        move(None, bolt)
        read_again()

        matrix = companies_in(Period(), most=5)

        assert (matrix.out_of(acme.pk), matrix.into(bolt.pk)) == (3, 3)
        assert (matrix.one_sided, matrix.total) == (2, 4)
        assert matrix.with_rest[-1] == NOWHERE
        assert OTHERS not in matrix.with_rest


class TestSeatMatrix:
    @pytest.mark.parametrize("period", PERIODS, ids=lambda period: str(period.written))
    def test_counts_what_its_cells_list(self, busy, period):
        assert_opens_its_rows(seat_matrix(period))

    def test_has_moves_within_a_seat(self, five):
        _acme, bolt, _core, dawn, _echo = five
        move(bolt, dawn)
        read_again()

        assert seat_matrix(Period()).count("quant", "quant") == 1


class TestHeadToHead:
    def test_counts_both_ways_in_the_time_and_by_year(self, five):
        acme, bolt, core, *_rest = five
        moves(2, acme, bolt, "2025-08-03")
        move(acme, bolt, "2025")
        move(bolt, acme, "2024-05")
        move(acme, core, "2025-08-03")
        read_again()

        found = head_to_head(acme, bolt, Period(date(2025, 8, 1), date(2025, 8, 31)))

        assert found.duel == Duel(there=3, back=0, vague=1)
        assert found.years == ((2024, Duel(0, 1)), (2025, Duel(3, 0)))

    def test_has_a_ratio_from_five_each_way(self):
        assert Duel(10, 5).ratio == 2.0
        assert Duel(10, 4).ratio is None

    def test_takes_units_too(self, five):
        acme, bolt, *_rest = five
        lab = OrganizationFactory(slug="lab", parent=acme, company=acme)
        move(bolt, lab)
        move(bolt, acme)
        read_again()

        assert head_to_head(bolt, lab, Period()).duel == Duel(1, 0)

    def test_is_none_inside_one_company(self, five):
        lab = OrganizationFactory(slug="lab", parent=five[0], company=five[0])

        with pytest.raises(ValueError, match="one company"):
            head_to_head(five[0], lab, Period())
