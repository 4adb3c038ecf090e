"""What a curator types: amounts, dates, lists, pasted addresses, names."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from talent.common.partial_dates import PartialDate
from talent.registry.forms.amounts import AmountField, readable
from talent.registry.forms.fields import LinesField, PartialDateField
from talent.registry.forms.references import choices_of, label_of, new_person
from talent.registry.models import Person
from talent.registry.source_lines import SourceLine, normal_url, parse
from tests.factories import EventFactory, OrganizationFactory


class TestAmounts:
    @pytest.mark.parametrize(
        ("typed", "amount"),
        [
            ("200M", 200_000_000),
            ("1.5bn", 1_500_000_000),
            ("2亿", 200_000_000),
            ("1.5 亿", 150_000_000),
            ("250,000", 250_000),
            ("1,500,000", 1_500_000),
            ("３０００万", 30_000_000),
            ("1.25M", 1_250_000),
            ("10k", 10_000),
            ("0", 0),
            (" 7 ", 7),
            ("", None),
        ],
    )
    def test_are_read_as_people_write_them(self, typed, amount):
        assert AmountField().clean(typed) == amount

    @pytest.mark.parametrize("typed", ["1.500", "1.500M", "1,500M", "1,500 亿"])
    def test_are_refused_where_they_can_be_read_in_two_ways(self, typed):
        with pytest.raises(ValidationError, match="can be read in two ways"):
            AmountField().clean(typed)

    @pytest.mark.parametrize(
        "typed",
        ["$200M", "-5", "1,5", "12,34", "1.5", "lots", "1e9", "9" * 30, "M", "2 M M"],
    )
    def test_are_refused_with_what_was_typed(self, typed):
        with pytest.raises(ValidationError) as refused:
            AmountField().clean(typed)

        assert typed[:10] in refused.value.messages[0]

    @settings(deadline=None)
    @given(st.integers(min_value=0, max_value=10**15))
    def test_read_back_to_the_same_number(self, amount):
        assert AmountField().clean(readable(amount)) == amount

    @pytest.mark.parametrize(
        ("amount", "shown"),
        [
            (200_000_000, "200M"),
            (1_500_000_000, "1.5B"),
            (250_000, "250,000"),
            (1_234_567, "1,234,567"),
        ],
    )
    def test_are_shown_readably(self, amount, shown):
        assert AmountField().prepare_value(amount) == shown

    def test_know_when_nothing_changed(self):
        assert not AmountField().has_changed(200_000_000, "200,000,000")
        assert AmountField().has_changed(200_000_000, "200")
        assert not AmountField().has_changed(None, "")


class TestDates:
    @pytest.mark.parametrize("typed", ["2025", "2025-Q3", "2025-07", "2025-07-07"])
    def test_are_shown_as_they_were_typed(self, typed):
        field = PartialDateField()

        read = field.clean(typed)

        assert read == PartialDate.parse(typed)
        assert field.prepare_value(read) == typed
        assert not field.has_changed(read, typed)

    def test_that_do_not_exist_are_refused(self):
        with pytest.raises(ValidationError, match="does not exist in the calendar"):
            PartialDateField().clean("2025-02-30")


class TestLines:
    def test_lose_spaces_empty_lines_and_repetitions(self):
        assert LinesField(longest=10).clean(" a  b \r\n\r\nc\na b") == ["a b", "c"]

    def test_know_when_nothing_changed(self):
        assert not LinesField(longest=10).has_changed(["a", "b"], "a\r\nb\r\n")
        assert LinesField(longest=10).has_changed(["a", "b"], "b\na")


class TestPastedSources:
    def test_are_an_address_and_what_it_states(self):
        lines, wrong = parse(
            "https://a.example/1 | Says  so.\n\n  https://b.example/?id=2&utm_source=x \n"
        )

        assert wrong == []
        assert lines == [
            SourceLine("https://a.example/1", "Says so."),
            SourceLine("https://b.example/?id=2"),
        ]

    def test_are_one_source_for_two_ways_to_write_it(self):
        lines, _wrong = parse(
            "https://A.example#top\nhttps://a.example/?utm_campaign=y | Says so."
        )

        assert lines == [SourceLine("https://a.example/", "Says so.")]

    def test_are_told_line_by_line_what_is_wrong(self):
        _lines, wrong = parse("https://a.example/\nexample.com\nftp://b.example/x")

        assert [sentence.split(":")[0] for sentence in wrong] == ["Line 2", "Line 3"]

    def test_are_at_most_a_hundred(self):
        lines, wrong = parse("https://a.example/\n" * 101)

        assert (lines, len(wrong)) == ([], 1)

    @pytest.mark.parametrize(
        ("typed", "url"),
        [
            ("HTTP://News.Example:8080/A?b=1", "http://news.example:8080/A?b=1"),
            ("https://user:secret@a.example/x", "https://a.example/x"),
            ("https://a.example/新闻?q=人", "https://a.example/新闻?q=人"),
            ("https://a.example/x?fbclid=1#y", "https://a.example/x"),
        ],
    )
    def test_are_kept_in_one_form(self, typed, url):
        assert normal_url(typed) == url

    @pytest.mark.parametrize(
        "typed",
        [
            "javascript:alert(1)",
            'https://a.example/"onclick="x',
            "https://a.example/<script>",
            "https://localhost/x",
            "https://a.example:port/x",
            "https://[broken/x",
            "https://a.example/" + "x" * 1000,
            "data:text/html,x",
            "",
        ],
    )
    def test_are_refused(self, typed):
        with pytest.raises(ValueError, match="“"):
            normal_url(typed)

    @settings(deadline=None)
    @given(st.text(max_size=200))
    def test_never_break(self, text):
        lines, _wrong = parse(text)

        assert all(line.url.startswith(("http://", "https://")) for line in lines)


class TestNewNames:
    @pytest.mark.parametrize(
        ("typed", "name", "name_zh"),
        [
            ("Jane Invented", "Jane Invented", ""),
            ("Jane Invented 简发明", "Jane Invented", "简发明"),
            ("简发明 Jane  Invented", "Jane Invented", "简发明"),
            ("简发明", "简发明", ""),
        ],
    )
    def test_are_split_by_script(self, typed, name, name_zh):
        person = new_person(typed)

        assert (person.name, person.name_zh) == (name, name_zh)


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False])
def test_somebody_who_left_is_not_offered_as_still_there(known):
    acme, umbrella = (OrganizationFactory(name=name) for name in ("Acme", "Umbrella"))
    event = EventFactory(
        departure=True, organization=acme, counterpart=umbrella if known else None
    )

    offered = choices_of(Person.objects.all()).get(pk=event.person_id)

    assert label_of(offered).endswith(" · Umbrella" if known else " · left Acme")
