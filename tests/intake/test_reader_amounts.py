import pytest

from talent.intake.reader.amounts import amounts
from talent.intake.reader.text import fold


def read(text):
    return [
        (a.currency, a.low, a.high, a.form, a.qualifier, a.years)
        for a in amounts(fold(text))
    ]


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "stated"),
        [
            ("a $250 million deal", ("USD", 250_000_000, None, "total_package", "exactly", None)),
            ("$2.7 Bln to rehire", ("USD", 2_700_000_000, None, "total_package", "exactly", None)),
            ("$100M+ bonus", ("USD", 100_000_000, None, "total_package", "more than", None)),
            ("up to $1.5bn", ("USD", 1_500_000_000, None, "total_package", "up to", None)),
            ("US$1.5-2 million", ("USD", 1_500_000, 2_000_000, "total_package", "exactly", None)),
            ("₹8,000 cr", ("INR", 80_000_000_000, None, "total_package", "exactly", None)),
            ("€30m signing bonus", ("EUR", 30_000_000, None, "signing_bonus", "exactly", None)),
            ("10 million yuan a year", ("CNY", 10_000_000, None, "annual", "exactly", None)),
            ("a nine-figure deal", ("USD", 10**8, 10**9 - 1, "total_package", "exactly", None)),
            ("超2亿美元薪酬", ("USD", 200_000_000, None, "total_package", "more than", None)),
            ("1亿美元签约费", ("USD", 100_000_000, None, "signing_bonus", "exactly", None)),
            ("14亿年薪", ("CNY", 1_400_000_000, None, "annual", "exactly", None)),
            ("千万年薪", ("CNY", 10_000_000, None, "annual", "exactly", None)),
            ("年薪过亿", ("CNY", 100_000_000, None, "annual", "more than", None)),
            ("五千万美元", ("USD", 50_000_000, None, "total_package", "exactly", None)),
            ("1,500万元", ("CNY", 15_000_000, None, "total_package", "exactly", None)),
        ],
    )  # fmt: skip
    def test_are_read_with_currency_form_and_qualifier(self, text, stated):
        assert read(text) == [stated]

    @pytest.mark.parametrize(
        "text",
        [
            "$250 million over four years",
            "a four-year, $250 million package",
            "$250 million salary over four years",
            "2.5亿美元,4年期",
        ],
    )
    def test_over_years_are_a_total_and_never_yearly(self, text):
        (stated,) = read(text)

        assert stated[1] == 250_000_000
        assert stated[3] == "total_package"
        assert stated[5] == 4

    @pytest.mark.parametrize(
        "text",
        ["24-year-old", "GPT-5", "500 employees", "2026年", "2亿用户", "$5 plan"],
    )
    def test_are_not_seen_in_other_numbers(self, text):
        assert read(text) == []

    def test_show_where_they_stand(self):
        text = "Meta paid $250 million for her"

        (amount,) = amounts(fold(text))

        assert amount.span is not None
        assert text[amount.span.start : amount.span.end].strip() == "$250 million"
