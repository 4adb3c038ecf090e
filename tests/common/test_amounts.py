import pytest

from talent.common.amounts import LARGEST, parse_amount, short


class TestParseAmount:
    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("250,000", 250_000),
            ("250000", 250_000),
            ("100M", 100_000_000),
            ("100 m", 100_000_000),
            ("1.5bn", 1_500_000_000),
            ("1.5 billion", 1_500_000_000),
            ("2亿", 200_000_000),
            ("1.5億", 150_000_000),
            ("3千万", 30_000_000),
            ("80万", 800_000),
            ("100k", 100_000),
            ("０", 0),
            ("１００Ｍ", 100_000_000),
        ],
    )
    def test_reads_amounts_as_people_type_them(self, typed, value):
        assert parse_amount(typed) == value

    @pytest.mark.parametrize(
        "typed",
        ["lots", "$100M", "-5", "250,00", "1,5", "1e9", "100MM", "12亿万", "0.5"],
    )
    def test_names_what_it_cannot_read(self, typed):
        with pytest.raises(ValueError, match="amount") as refused:
            parse_amount(typed)

        assert f"“{typed}”" in str(refused.value)

    def test_refuses_more_than_there_is(self):
        with pytest.raises(ValueError, match="whole amount"):
            parse_amount("1000001bn")

    @pytest.mark.parametrize("typed", ["9" * 100_000, "1," * 50_000, "亿" * 100_000])
    def test_refuses_a_long_text_at_once_and_shows_its_beginning(self, typed):
        with pytest.raises(ValueError, match="…") as refused:
            parse_amount(typed)

        assert len(str(refused.value)) < 200


class TestShort:
    @pytest.mark.parametrize(
        "value",
        [0, 1, 999_999, 1_000_000, 1_250_000, 1_234_567, 1_500_000_000, LARGEST],
    )
    def test_writes_what_reads_as_the_same_amount(self, value):
        assert parse_amount(short(value)) == value

    def test_writes_round_millions_and_billions_short(self):
        assert [short(100_000_000), short(1_500_000_000)] == ["100M", "1.5bn"]
