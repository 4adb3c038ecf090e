import pytest
from django.utils import translation

from talent.common.money import amount, stated


class TestAmount:
    @pytest.mark.parametrize(
        ("currency", "value", "shown"),
        [
            ("USD", 200_000_000, "US$200M"),
            ("USD", 1_500_000_000, "US$1.5B"),
            ("USD", 14_300_000_000, "US$14.3B"),
            ("CNY", 1_400_000_000, "CN¥1.4B"),
            ("USD", 76_001, "US$76,001"),
            ("USD", 1_234_567, "US$1,234,567"),
            ("CHF", 2_000_000, "CHF 2M"),
            ("USD", 0, "US$0"),
        ],
    )
    def test_shortens_without_rounding(self, currency, value, shown):
        assert amount(currency, value) == shown

    @pytest.mark.parametrize(
        ("currency", "value", "shown"),
        [
            ("USD", 200_000_000, "2 亿美元"),
            ("CNY", 1_430_000_000, "14.3 亿元人民币"),
            ("USD", 2_500_000, "250 万美元"),
            ("USD", 10_000_000, "1,000 万美元"),
            ("USD", 1_234_567, "1,234,567 美元"),
            ("CHF", 2_000_000, "200 万 CHF"),
            ("USD", 0, "0 美元"),
        ],
    )
    def test_counts_as_chinese_does(self, currency, value, shown):
        with translation.override("zh-hans"):
            assert amount(currency, value) == shown


class TestStated:
    @pytest.mark.parametrize(
        ("low", "high", "qualifier", "shown"),
        [
            (200_000_000, None, "more than", "more than US$200M"),
            (None, 1_500_000_000, "up to", "up to US$1.5B"),
            (200_000_000, 500_000_000, "", "US$200M to US$500M"),
            (200_000_000, 500_000_000, "about", "about US$200M to US$500M"),
            (76_001, 76_001, "exactly", "US$76,001"),
            (None, 5_000_000, "", "up to US$5M"),
            (2_000_000, None, "", "US$2M"),
        ],
    )
    def test_keeps_the_words_of_the_statement(self, low, high, qualifier, shown):
        assert stated("USD", low, high, qualifier) == shown

    @pytest.mark.parametrize(
        ("low", "high", "qualifier", "shown"),
        [
            (200_000_000, None, "more than", "超过 2 亿美元"),
            (None, 1_500_000_000, "up to", "最高 15 亿美元"),
            (100_000_000, 200_000_000, "", "1 亿至 2 亿美元"),
            (125_000, 300_000, "", "12.5 万至 30 万美元"),
        ],
    )
    def test_names_the_unit_once_in_chinese(self, low, high, qualifier, shown):
        with translation.override("zh-hans"):
            assert stated("USD", low, high, qualifier) == shown

    def test_says_nothing_where_nothing_was_stated(self):
        assert stated("USD", None, None, "more than") == ""
