"""The time a figure counts: what it covers and how it is written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from talent.common.partial_dates import add_months
from talent.insights.figures.periods import Period, Span, span_on_record
from tests.factories import OrganizationFactory
from tests.insights.moves_there import move, read_again


class TestPeriod:
    @pytest.mark.parametrize(
        ("first", "last", "written", "words"),
        [
            ((2025, 1), (2025, 12), ("2025", "2025"), "2025"),
            ((2023, 1), (2025, 12), ("2023", "2025"), "2023 to 2025"),
            ((2025, 7), (2025, 9), ("2025-Q3", "2025-Q3"), "Q3 2025"),
            ((2025, 8), (2025, 8), ("2025-08", "2025-08"), "August 2025"),
            (
                (2025, 8),
                (2025, 10),
                ("2025-08", "2025-10"),
                "August 2025 to October 2025",
            ),
        ],
    )
    def test_is_written_as_short_as_it_can_be(self, first, last, written, words):
        ends = (
            date(*first, 1),
            Span(2000, date(*last, 1)).last_months(1, vague="", rumours=False).last,
        )

        period = Period(*ends)

        assert (period.written["since"], period.written["until"]) == written
        assert str(period) == words

    @pytest.mark.parametrize("month", range(1, 13))
    def test_is_written_from_and_to_any_month(self, month):
        first = date(2024, month, 1)
        for length in range(1, 15):
            last = add_months(first, length) - timedelta(days=1)

            since, until = Period(first, last).ends

            assert (since.first, until.last) == (first, last)

    def test_says_nothing_of_a_time_it_does_not_have(self):
        assert Period(vague="out").rows(to="acme") == "to=acme"
        assert str(Period()) == "the whole record"

    def test_writes_the_list_of_its_rows(self):
        period = Period.of_year(2025, rumours=True)

        assert period.rows(from_="acme") == (
            "from=acme&since=2025&until=2025&rumours=on"
        )


@pytest.mark.django_db
class TestSpanOnRecord:
    def test_ends_with_the_newest_month_a_date_names(self):
        acme = OrganizationFactory()
        for when in ("2003", "2025-11-05", "2026", "2025-12-24", "2031-01-01"):
            move(None, acme, when)
        read_again()

        span = span_on_record(today=date(2026, 3, 1))

        assert span == Span(2003, date(2025, 12, 1))
        assert str(span.last_months(12, vague="", rumours=False)) == "2025"

    def test_is_nothing_while_no_move_counts(self):
        move(None, OrganizationFactory(), standing="rumoured")
        read_again()

        assert span_on_record(today=date(2026, 3, 1)) is None
