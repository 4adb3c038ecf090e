"""Even vesting with a cliff: arithmetic of ours."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent.insights.figures.forgone import Forgone, forgone


class TestForgone:
    @pytest.mark.parametrize(
        ("months", "years", "vested"),
        [
            (0, 4, 0),
            (11, 4, 0),
            (12, 4, 25),
            (12, 5, 20),
            (18, 3, 50),
            (24, 4, 50),
            (36, 3, 100),
            (48, 3, 100),
        ],
    )
    def test_vests_evenly_after_a_year(self, months, years, vested):
        assert forgone(100, months=months, years=years) == Forgone(vested, 100 - vested)

    def test_vests_from_the_first_month_without_a_cliff(self):
        assert forgone(4_800, months=7, years=4, cliff=0).vested == 700

    def test_takes_parts_of_years(self):
        assert forgone(300, months=15, years=Decimal("2.5")).vested == 150

    @pytest.mark.parametrize(
        "wrong",
        [
            {"amount": -1, "months": 1, "years": 4},
            {"amount": 1, "months": -1, "years": 4},
            {"amount": 1, "months": 1, "years": 0},
            {"amount": 1, "months": 1, "years": 4, "cliff": -1},
        ],
    )
    def test_refuses_what_is_no_amount_or_time(self, wrong):
        with pytest.raises(ValueError, match="not negative"):
            forgone(**wrong)

    @given(
        amount=st.integers(0, 10**12),
        months=st.integers(0, 120),
        years=st.sampled_from([3, 4, 5]),
        cliff=st.sampled_from([0, 12]),
    )
    def test_loses_nothing_and_never_vests_less_for_staying(
        self, amount, months, years, cliff
    ):
        now = forgone(amount, months=months, years=years, cliff=cliff)
        later = forgone(amount, months=months + 1, years=years, cliff=cliff)

        assert now.vested + now.left == amount
        assert 0 <= now.vested <= later.vested <= amount
