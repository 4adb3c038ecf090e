from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from talent.common.partial_dates import PartialDate, Precision, length_between

dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@st.composite
def partial_dates(draw):
    day = draw(dates)
    precision = draw(st.sampled_from(Precision))
    text = {
        Precision.DAY: f"{day:%Y-%m-%d}",
        Precision.MONTH: f"{day:%Y-%m}",
        Precision.QUARTER: f"{day.year}-Q{(day.month + 2) // 3}",
        Precision.YEAR: f"{day:%Y}",
    }[precision]
    return day, text


class TestParse:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2025-07-07", date(2025, 7, 7), date(2025, 7, 7)),
            ("2025-07", date(2025, 7, 1), date(2025, 7, 31)),
            ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
            ("2025-q1", date(2025, 1, 1), date(2025, 3, 31)),
            (" 2024-02 ", date(2024, 2, 1), date(2024, 2, 29)),
            ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ],
    )
    def test_reads_what_is_known(self, text, first, last):
        read = PartialDate.parse(text)

        assert (read.first, read.last) == (first, last)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "July 2025",
            "2025-13",
            "2025-02-30",
            "2025-Q5",
            "25",
            "2025/07/01",
            "٢٠٢٥",
            "1776",
        ],
    )
    def test_refuses_what_it_cannot_read_and_repeats_it(self, text):
        with pytest.raises(ValueError, match=text or "is not a date"):
            PartialDate.parse(text)

    def test_shortens_a_flood_before_repeating_it(self):
        with pytest.raises(ValueError, match="…") as refused:
            PartialDate.parse("9" * 100_000)

        assert len(str(refused.value)) < 200

    @given(partial_dates())
    def test_covers_the_day_it_was_written_for_and_prints_what_it_read(self, case):
        day, text = case

        read = PartialDate.parse(text)

        assert read.first <= day <= read.last
        assert PartialDate.parse(read.isoformat()) == read


class TestPrinting:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("2025-07-07", "7 July 2025"),
            ("2025-07", "July 2025"),
            ("2025-Q3", "Q3 2025"),
            ("2025", "2025"),
        ],
    )
    def test_says_no_more_than_is_known(self, text, shown):
        assert str(PartialDate.parse(text)) == shown

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("2025-07-07", "2025 年 7 月 7 日"),
            ("2025-07", "2025 年 7 月"),
            ("2025-Q3", "2025 年第三季度"),
            ("2025", "2025 年"),
        ],
    )
    def test_is_as_chinese_writes_it(self, text, shown):
        with translation.override("zh-hans"):
            assert str(PartialDate.parse(text)) == shown


class TestOrder:
    def test_places_a_vague_date_at_its_start_after_the_exact_one_of_that_day(self):
        texts = ["2025", "2025-07-01", "2025-07", "2025-Q3", "2025-06-30", "2025-01-01"]

        ordered = sorted(
            (PartialDate.parse(text) for text in texts), key=lambda d: d.order
        )

        assert [d.isoformat() for d in ordered] == [
            "2025-01-01", "2025", "2025-06-30", "2025-07-01", "2025-07", "2025-Q3",
        ]  # fmt: skip


class TestLength:
    def between(self, start, end, **options):
        return str(
            length_between(PartialDate.parse(start), PartialDate.parse(end), **options)
        )

    @pytest.mark.parametrize(
        ("start", "end", "told"),
        [
            ("2025-07-07", "2026-02-25", "7 months"),
            ("2025-07", "2026-02", "about 7 months"),
            ("2025-07-07", "2026-02", "about 7 months"),
            ("2006", "2021", "about 15 years"),
            ("2025-07-02", "2025-07-17", "15 days"),
            ("2025", "2025-08", "under 8 months"),
            ("2025-08", "2025-08", "under 1 month"),
            ("2020-01-15", "2022-07-15", "2.5 years"),
            ("2021", "2023", "about 2 years"),
            ("2025-07-07", "2025-07-08", "1 day"),
        ],
    )
    def test_says_about_where_an_end_is_vague(self, start, end, told):
        assert self.between(start, end) == told

    def test_says_about_where_a_date_is_that_of_an_announcement(self):
        assert self.between("2025-07-07", "2026-02-25", about=True) == "about 7 months"

    @given(partial_dates(), partial_dates())
    def test_never_says_less_than_nothing(self, one, other):
        length = length_between(PartialDate.parse(one[1]), PartialDate.parse(other[1]))

        assert length.days >= 0
