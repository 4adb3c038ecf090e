"""What a sum was worth in dollars, by the rates that come with the package."""

from __future__ import annotations

from datetime import date

import pytest

from talent.common.rates import Dollars, in_dollars


class TestInDollars:
    def test_leaves_dollars_as_they_are(self):
        assert in_dollars(250, "USD", on=date(1950, 1, 1)) == Dollars(250)

    def test_takes_the_rate_of_the_day(self):
        # European Central Bank, 12 September 2025: 1 EUR = 1.1718 USD = 8.3461 CNY.
        converted = in_dollars(100_000_000, "CNY", on=date(2025, 9, 12))

        assert converted == Dollars(14_040_091, rate_of=date(2025, 9, 12))

    def test_takes_the_last_rate_before_a_closed_day_and_says_so(self):
        sunday = in_dollars(100_000_000, "CNY", on=date(2025, 9, 14))

        assert sunday == Dollars(14_040_091, rate_of=date(2025, 9, 12))

    def test_takes_the_newest_rate_for_a_day_after_it_and_says_so(self):
        converted = in_dollars(100, "EUR", on=date(2199, 1, 1))

        assert converted is not None
        assert converted.rate_of is not None
        assert date(2026, 1, 1) < converted.rate_of < date(2199, 1, 1)

    @pytest.mark.parametrize(
        ("currency", "day"),
        [
            ("XXX", date(2025, 9, 12)),  # no currency
            ("CNY", date(2001, 1, 1)),  # before the bank's first rate for it
            ("RUB", date(2025, 9, 12)),  # suspended in 2022
        ],
    )
    def test_knows_no_value_without_a_rate(self, currency, day):
        assert in_dollars(100, currency, on=day) is None
