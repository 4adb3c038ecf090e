"""How many moves a list has: from a tally or row by row, it is the same number."""

from __future__ import annotations

import pytest

from talent.insights.figures.move_counts import counts_of, row_by_row, tallied
from talent.insights.figures.reasons import reasons_in, reasons_of
from talent.insights.move_filter import MoveFilter
from tests.insights.moves_there import filtered

pytestmark = pytest.mark.django_db

TIMES = [
    {},
    {"since": "2025", "until": "2025"},
    {"since": "2024-05", "until": "2025-06"},
    {"since": "2024-05", "until": "2025-06", "vague": "out"},
    {"since": "2024-05", "until": "2025-06", "vague": "only"},
    {"since": "2025-07"},
]
TALLIED = [
    {},
    {"rumours": "on"},
    {"returns": "on"},
    {"founders": "on"},
    {"internal": "on"},
    {"internal": "only"},
    {"dated": "year"},
    {"seat": "frontier_lab"},
    {"seat": "unknown"},
    {"from_seat": "unknown"},
    {"from_seat": "big_tech", "to_seat": "frontier_lab"},
    {"company": "meta"},
    {"company": "meta", "dated": "quarter"},
    {"to": "meta"},
    {"from": "google", "rumours": "on"},
    {"to": "tbd-lab"},
]
ROW_BY_ROW = [
    {"from": "google", "to": "openai"},
    {"company": "meta", "returns": "on"},
    {"company": "meta", "internal": "only"},
    {"to": "meta", "from_seat": "unknown"},
    {"not_from": "google,meta"},
    {"person": "ruoming-pang"},
]


@pytest.mark.parametrize("time", TIMES, ids=str)
class TestCountsOf:
    def test_equals_the_rows_where_a_tally_tells(self, starter_data, time):
        for choice in TALLIED:
            filter = filtered({**choice, **time})

            assert tallied(filter) is not None, choice
            assert counts_of(filter) == row_by_row(filter.moves(), filter), choice

    def test_counts_the_others_row_by_row(self, starter_data, time):
        for choice in ROW_BY_ROW:
            filter = filtered({**choice, **time})

            assert tallied(filter) is None, choice
            assert counts_of(filter) == row_by_row(filter.moves(), filter), choice

    def test_of_reasons_equals_the_rows(self, starter_data, time):
        for choice in ({}, {"from_seat": "big_tech"}, {"from": "meta"}):
            filter = filtered({**choice, **time})

            assert reasons_in(filter) == reasons_of(MoveFilter.moves(filter)), choice


class TestDays:
    def test_are_counted_row_by_row(self, starter_data):
        filter = filtered({"since": "2025-07-07", "until": "2025-08-15"})

        assert tallied(filter) is None
        assert counts_of(filter).total == filter.moves().count() > 0
