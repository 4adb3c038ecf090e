"""How long people stay: what is counted, by which convention, and which rows a number opens."""

from __future__ import annotations

import pytest

from talent.insights.figures.stays import (
    MILESTONES,
    MedianStay,
    Stays,
    Tally,
    share_stints,
    shortest_stays,
    stays_by_company,
    stays_by_seat,
    stays_by_unit,
    stays_by_year,
    stays_of,
)
from talent.insights.models import Stint
from talent.insights.stint_filter import StintFilter
from talent.registry.merging import remembering
from tests.factories import OrganizationFactory, PersonFactory
from tests.insights.stays_there import heard_after, read_again, stay, stays


def ended(months: int, stints: int = 1, *, is_return: bool = False) -> Tally:
    return Tally(months, True, is_return, stints)


def last_known(months: int, stints: int = 1) -> Tally:
    return Tally(months, False, False, stints)


def chosen(**choices: str) -> StintFilter:
    filter = StintFilter(choices)
    assert filter.is_valid(), filter.errors
    return filter


class TestShares:
    """No database: what the tallies say."""

    def test_a_stay_of_7_months_was_there_at_7_and_gone_at_8(self):
        one = Stays((ended(7),))

        assert one.after(7).share == 1
        assert one.after(8).share == 0

    def test_who_was_last_known_after_7_months_counts_up_to_7(self):
        two = Stays((ended(7), last_known(7), last_known(20)))

        # At 8 months one of two had left: nothing is known of the eighth month of the other.
        assert two.after(7).share == 1
        assert (two.after(8).at_risk, two.after(8).share) == (2, 0.5)

    def test_who_is_known_from_the_beginning_alone_counts_for_nothing(self):
        with_them = Stays((ended(3), last_known(6), last_known(0, 50)))
        without = Stays((ended(3), last_known(6)))

        assert (with_them.n, with_them.followed) == (52, 2)
        assert with_them.curve.points == without.curve.points

    def test_there_is_no_share_when_nobody_was_followed_so_long(self):
        assert Stays((ended(3), last_known(11))).after(12) is None

    def test_the_three_counts_of_a_month_add_up(self):
        some = Stays((ended(2, 5), ended(6, 3), last_known(0, 7), last_known(9, 4)))

        for months in (0, 1, 3, 6, 7, 12):
            assert (
                some.n
                == 19
                == (
                    some.there_at(months)
                    + some.ended_before(months)
                    + some.last_known_before(months)
                )
            )
        assert (some.there_at(6), some.ended_before(6), some.last_known_before(6)) == (
            7,
            5,
            7,
        )

    def test_a_rate_of_nine_followed_is_few_and_of_ten_is_not(self):
        assert Stays((ended(7, 9), last_known(0, 99))).is_few
        assert not Stays((ended(7, 10),)).is_few


class TestMedian:
    """No database."""

    def test_is_in_whole_months_as_every_list_prints_them(self):
        assert Stays((ended(7, 20),)).median == MedianStay(20, 20, 7)

    def test_has_the_band_of_its_curve(self):
        # By scipy the ends of the band reach a half at 6 and at 16 months.
        found = Stays(tuple(ended(months) for months in range(1, 21))).median

        assert (found.months, found.low, found.high) == (10, 5, 15)

    def test_is_the_lower_one_of_two(self):
        assert Stays((ended(3), ended(9))).median.months == 3

    def test_is_unknown_where_more_than_half_were_still_there(self):
        most_stayed = Stays((ended(3, 4), last_known(30, 6)))

        assert most_stayed.median.months is None

    def test_takes_those_into_account_who_are_still_there(self):
        # Without them the median would be 3.
        assert Stays((ended(3, 4), last_known(8, 3), ended(20, 2))).median.months == 20

    def test_can_leave_out_returns(self):
        some = Stays((ended(2, 8, is_return=True), ended(30, 4)))

        assert some.median.months == 2
        assert some.median_without_returns == MedianStay(4, 4, 30)
        assert some.firsts == 4


@pytest.mark.django_db
class TestStaysOf:
    def test_counts_the_stints_of_the_filter_by_whole_months(self):
        acme = OrganizationFactory(slug="acme")
        stays(acme, 0, 7, 7)
        heard_after(acme, 0, 5)
        stays(OrganizationFactory(), 3)
        read_again()

        found = stays_of(chosen(company="acme"))

        assert found.tallies == (
            last_known(0),
            ended(0),
            last_known(5),
            ended(7, 2),
        )

    def test_counts_apart_whose_start_is_not_on_record(self):
        acme = OrganizationFactory(slug="acme")
        stays(acme, 7)
        stay(acme, end="2024")
        read_again()

        found = stays_of(chosen(company="acme", since="2020", until="2020"))

        assert (found.n, found.unknown_start) == (1, 1)

    def test_keeps_to_the_joining_period(self):
        acme = OrganizationFactory(slug="acme")
        stays(acme, 7)
        stay(acme, "2021-01-03", "2021-05-03")
        stay(acme, "2021", "2021-05-03")
        read_again()

        found = stays_of(chosen(company="acme", since="2021", until="2021"))

        assert found.n == 2

    def test_says_how_many_lengths_are_known_roughly(self):
        acme = OrganizationFactory(slug="acme")
        stay(acme, "2020-01-03", "2020-05-03")
        stay(acme, "2020-01", "2020-05-03")
        stay(acme, end="2024")
        read_again()

        assert stays_of(chosen(company="acme")).about == 1

    def test_marks_returns(self):
        acme, ada = OrganizationFactory(slug="acme"), PersonFactory()
        stay(acme, "2020-01-03", "2020-05-03", person=ada)
        stay(acme, "2021-01-03", "2021-02-03", person=ada)
        read_again()

        found = stays_of(chosen(company="acme"))

        assert found.tallies == (ended(1, is_return=True), ended(4))

    def test_finds_nothing_where_there_is_nothing(self):
        assert stays_of(chosen(seat="quant")) == Stays()

    def test_asks_once_however_many_stints_there_are(self, queries_of):
        acme = OrganizationFactory(slug="acme")
        stays(acme, 7)
        read_again()
        filter = chosen(company="acme")

        with_one = queries_of(lambda: stays_of(filter))
        stays(acme, *range(10))
        read_again()

        assert queries_of(lambda: stays_of(filter)) == with_one == 1


@pytest.mark.django_db
class TestBreakdowns:
    def test_by_seat(self):
        stays(OrganizationFactory(seat="quant"), 3, 4)
        stays(OrganizationFactory(seat="academia"), 5)
        read_again()

        found = stays_by_seat(chosen())

        assert {seat: each.n for seat, each in found.items()} == {
            "quant": 2,
            "academia": 1,
        }

    def test_by_year_of_joining_oldest_first(self):
        acme = OrganizationFactory()
        for start in ("2022-06-01", "2019", "2022-01-01"):
            stay(acme, start, "2024")
        stay(acme, end="2024")
        read_again()

        found = stays_by_year(chosen())

        assert [(year, each.n) for year, each in found.items()] == [
            (2019, 1),
            (2022, 2),
        ]

    def test_by_company_the_largest_first(self):
        small, large, middle = OrganizationFactory.create_batch(3)
        stays(small, 1)
        stays(large, 1, 2, 3)
        stays(middle, 1, 2)
        for end in range(2021, 2026):
            stay(small, end=str(end))
        read_again()

        found = stays_by_company(chosen(), most=2)

        assert [(pk, each.n) for pk, each in found.items()] == [
            (large.pk, 3),
            (middle.pk, 2),
        ]

    def test_by_unit_counts_a_stint_in_every_unit_it_names(self):
        acme = OrganizationFactory(slug="acme")
        lab = OrganizationFactory(parent=acme)
        inner = OrganizationFactory(parent=lab)
        stays(inner, 3)
        stays(lab, 4)
        stays(acme, 5)
        read_again()

        found = stays_by_unit(chosen(company="acme"))

        assert {pk: each.n for pk, each in found.items()} == {lab.pk: 2, inner.pk: 1}


@pytest.mark.django_db
class TestShareStints:
    def test_finds_a_company_within_its_seat(self):
        stays(OrganizationFactory(slug="acme", seat="quant"), 3)
        stays(OrganizationFactory(slug="other", seat="academia"), 3)
        read_again()

        quant, acme = chosen(seat="quant"), chosen(company="acme")
        assert share_stints(quant, acme)
        assert not share_stints(chosen(seat="academia"), acme)
        assert not share_stints(quant, chosen(seat="academia"))

    def test_tells_joining_periods_apart(self):
        stays(OrganizationFactory(slug="acme"), 3)
        read_again()

        everybody = chosen(company="acme")
        assert share_stints(everybody, chosen(company="acme", until="2020"))
        assert not share_stints(everybody, chosen(company="acme", since="2021"))

    def test_asks_nothing_of_two_companies_or_two_seats(self, queries_of):
        for slug in ("acme", "other"):
            stays(OrganizationFactory(slug=slug), 3)
        read_again()
        companies = chosen(company="acme"), chosen(company="other")
        seats = chosen(seat="quant"), chosen(seat="academia")

        assert queries_of(lambda: share_stints(*companies)) == 0
        assert queries_of(lambda: share_stints(*seats)) == 0
        assert not share_stints(*companies)
        assert not share_stints(*seats)


@pytest.mark.django_db
class TestShortestStays:
    def test_lists_ended_stays_with_both_ends_shortest_first(self):
        acme = OrganizationFactory()
        stays(acme, 7, 3, 5)
        heard_after(acme, 1)
        stay(acme, end="2024")
        read_again()

        found = shortest_stays(2)

        assert [stint.months for stint in found] == [3, 5]

    def test_keeps_to_a_filter(self):
        stays(OrganizationFactory(seat="quant"), 7)
        stays(OrganizationFactory(seat="academia"), 3)
        read_again()

        assert [s.months for s in shortest_stays(9, of=chosen(seat="quant"))] == [7]

    def test_needs_two_queries_to_show(self, queries_of):
        stays(OrganizationFactory(), 7, 3)
        read_again()

        def show():
            for stint in shortest_stays(9):
                stint.departure.get_absolute_url()
                str((stint.person, stint.last_place, stint.hire.slug, stint.length))

        assert queries_of(show) == 2  # stints, places


@pytest.mark.django_db
class TestMedianStay:
    def test_takes_the_words_of_the_filter(self):
        stays(OrganizationFactory(slug="acme"), 3, 4, 5)
        read_again()

        filter = StintFilter({"company": "acme"})
        assert filter.is_valid()

        assert stays_of(filter).median.months == 4


@pytest.mark.django_db
class TestOnTheStarterData:
    """Every number is the number of rows its filter lists: whatever the group."""

    @pytest.fixture(autouse=True)
    def known(self):
        """Their filters name the same few companies."""
        with remembering({}):
            yield

    def test_each_count_is_the_count_of_its_list(self, starter_data):
        groups = [{}, {"seat": "frontier_lab"}, {"company": "meta"}]
        groups += [{"company": "tbd-lab"}, {"company": "openai", "since": "2023"}]

        for group in groups:
            found = stays_of(chosen(**group))

            def listed(group=group, **more: str) -> int:
                return chosen(**{**group, **more}).stints().count()

            assert found.n == listed(start="known") > 0
            assert found.followed == listed(followed="on")
            assert found.ended == listed(ended="yes", start="known")
            assert found.last_known == listed(ended="no", start="known")
            assert found.firsts == listed(returns="out", start="known")
            assert found.about == listed(about="on", start="known")
            without_period = {n: v for n, v in group.items() if n != "since"}
            assert found.unknown_start == listed(without_period, start="unknown")
            for months in MILESTONES:
                before = str(months - 1)
                assert found.there_at(months) == listed(at_least=str(months))
                assert found.ended_before(months) == listed(ended="yes", at_most=before)
                assert found.last_known_before(months) == listed(
                    ended="no", at_most=before
                )

    def test_breakdowns_count_what_their_filters_list(self, starter_data):
        for seat, found in stays_by_seat(chosen()).items():
            assert found.observed == stays_of(chosen(seat=seat)).observed
        for year, found in stays_by_year(chosen(seat="frontier_lab")).items():
            period = {"since": str(year), "until": str(year)}
            listed = stays_of(chosen(seat="frontier_lab", **period))
            assert found.observed == listed.observed
        companies = stays_by_company(chosen(), most=3)
        units = stays_by_unit(chosen(company="meta"))
        for pk, found in (companies | units).items():
            assert found.observed == stays_of(chosen(company=slug_of(pk))).observed
        assert len(units) > 1

    def test_the_shortest_stays_are_those_of_known_length(self, starter_data):
        first = shortest_stays(10, of=chosen(seat="frontier_lab"))

        rest = chosen(seat="frontier_lab", ended="yes", start="known").stints()
        others = rest.exclude(pk__in=[stint.pk for stint in first])
        known = [stint.days for stint in others if stint.at_most is None]
        assert len(first) == 10
        assert all(stint.at_most is None for stint in first)
        assert max(stint.days for stint in first) <= min(known)


def slug_of(pk: int) -> str:
    found = Stint._meta.get_field("company").related_model.objects.get(pk=pk)
    return found.slug
