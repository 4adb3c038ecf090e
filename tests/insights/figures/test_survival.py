"""Held to published worked examples, and to scipy on whatever Hypothesis makes up."""

from __future__ import annotations

import warnings
from collections import Counter
from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from talent.insights.figures.survival import (
    Z95,
    Observed,
    band,
    kaplan_meier,
    log_rank,
)

EXACT = 1e-9

# E. J. Freireich et al., "The effect of 6-mercaptopurine on the duration of steroid-induced
# remissions in acute leukemia", Blood 21 (1963) 699–716: weeks in remission.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
TREATED_LAST_SEEN = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# J. M. Bland and D. G. Altman, "The logrank test", BMJ 328 (2004) 1073: weeks survived.
ASTROCYTOMA = [6, 13, 21, 30, 37, 38, 49, 50, 63, 79, 86, 98, 202, 219]
ASTROCYTOMA_LAST_SEEN = [31, 47, 80, 82, 82, 149]
GLIOBLASTOMA = [
    *(10, 10, 12, 13, 14, 15, 16, 17, 18, 20, 24, 24, 25, 28, 30),
    *(33, 35, 37, 40, 40, 46, 48, 76, 81, 82, 91, 112, 181),
]
GLIOBLASTOMA_LAST_SEEN = [34, 40, 70]


def observed(ended=(), last_seen=()) -> Observed:
    return Observed(Counter(ended), Counter(last_seen))


def censored(seen: Observed) -> stats.CensoredData:
    return stats.CensoredData(
        uncensored=list(Counter(seen.ended).elements()),
        right=list(Counter(seen.last_seen).elements()),
    )


def scipy_band(curve):
    """The ends of the log-log band; scipy warns where they are not defined."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        found = curve.confidence_interval(method="log-log")
    return found.low.evaluate, found.high.evaluate


class TestFreireich:
    """Shares, errors and band as in D. G. Kleinbaum and M. Klein, "Survival Analysis", chapter 2,
    and D. Collett, "Modelling Survival Data in Medical Research", chapter 2.
    """

    curve = kaplan_meier(observed(TREATED, TREATED_LAST_SEEN))

    def test_gives_the_shares_exactly(self):
        steps = [(18, 21), (16, 17), (14, 15), (11, 12), (10, 11), (6, 7), (5, 6)]
        share, expected = Fraction(1), []
        for left, at_risk in steps:
            share *= Fraction(left, at_risk)
            expected.append(float(share))

        assert [p.time for p in self.curve.points] == [6, 7, 10, 13, 16, 22, 23]
        assert [p.at_risk for p in self.curve.points] == [21, 17, 15, 12, 11, 7, 6]
        assert [p.ended for p in self.curve.points] == [3, 1, 1, 1, 1, 1, 1]
        assert [p.share for p in self.curve.points] == pytest.approx(
            expected, abs=EXACT
        )

    def test_gives_the_shares_as_printed(self):
        printed = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]

        assert [round(p.share, 4) for p in self.curve.points] == printed

    def test_gives_greenwoods_errors(self):
        printed = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]

        assert [round(p.error, 4) for p in self.curve.points] == printed
        # At 6 weeks the formula is the binomial one: sqrt(6/7 · 1/7 / 21).
        assert self.curve.at(6).error == pytest.approx(sqrt(6 / 7 / 7 / 21), abs=EXACT)

    def test_gives_the_log_log_band_as_printed(self):
        """As SAS prints it (PROC LIFETEST, CONFTYPE=LOGLOG) and R (conf.type="log-log")."""
        printed = [
            (0.6197, 0.9516),
            (0.5631, 0.9228),
            (0.5032, 0.8894),
            (0.4316, 0.8491),
            (0.3675, 0.8049),
            (0.2678, 0.7468),
            (0.1881, 0.6801),
        ]

        assert [
            (round(p.low, 4), round(p.high, 4)) for p in self.curve.points
        ] == printed

    def test_gives_the_median_and_how_far_the_curve_is_known(self):
        assert self.curve.median == 23
        assert self.curve.median_band == (13, None)
        assert self.curve.longest == 35
        assert self.curve.at(35).share == self.curve.at(23).share
        assert self.curve.at(36) is None

    def test_gives_the_log_rank_of_the_two_groups(self):
        """16.79 (Kleinbaum and Klein, chapter 2); 19.25 relapses of the treated were expected."""
        found = log_rank(observed(TREATED, TREATED_LAST_SEEN), observed(PLACEBO))

        assert round(found.chi_squared, 3) == 16.793
        assert found.p == pytest.approx(4.17e-5, abs=5e-8)
        assert found.ended == 9
        assert round(found.expected, 2) == 19.25


class TestGlioma:
    astrocytoma = observed(ASTROCYTOMA, ASTROCYTOMA_LAST_SEEN)
    glioblastoma = observed(GLIOBLASTOMA, GLIOBLASTOMA_LAST_SEEN)

    def test_expects_as_many_deaths_as_printed(self):
        found = log_rank(self.astrocytoma, self.glioblastoma)

        assert (found.ended, round(found.expected, 2)) == (14, 22.48)

    def test_gives_the_log_rank_with_the_exact_variance(self):
        """z = -2.73799, p = 0.00618 (documentation of scipy.stats.logrank)."""
        found = log_rank(self.astrocytoma, self.glioblastoma)

        assert round(sqrt(found.chi_squared), 5) == 2.73799
        assert round(found.p, 5) == 0.00618

    def test_does_not_depend_on_which_group_comes_first(self):
        one = log_rank(self.astrocytoma, self.glioblastoma)
        other = log_rank(self.glioblastoma, self.astrocytoma)

        assert other.chi_squared == pytest.approx(one.chi_squared, abs=EXACT)


class TestFanbelts:
    def test_gives_the_shares_as_printed(self):
        """W. J. Conover, "Practical Nonparametric Statistics", page 91."""
        curve = kaplan_meier(
            observed([77, 47, 81, 56, 80], last_seen=[62, 60, 43, 71, 37])
        )

        assert [(p.time, p.share) for p in curve.points] == [
            (47, pytest.approx(0.875, abs=EXACT)),
            (56, pytest.approx(0.75, abs=EXACT)),
            (77, pytest.approx(0.5, abs=EXACT)),
            (80, pytest.approx(0.25, abs=EXACT)),
            (81, 0),
        ]
        assert curve.median == 77


times = st.integers(0, 40)
groups = st.builds(
    observed,
    st.lists(times, min_size=1, max_size=60),
    st.lists(times, max_size=60),
)


class TestAgainstScipy:
    @given(groups)
    def test_gives_the_same_shares_and_errors(self, seen):
        curve = kaplan_meier(seen)

        reference = stats.ecdf(censored(seen)).sf
        expected = reference.evaluate([p.time for p in curve.points])
        assert [p.share for p in curve.points] == pytest.approx(
            list(expected), abs=EXACT
        )
        low, high = scipy_band(reference)
        for point in curve.points:
            if point.low is not None:
                assert point.low == pytest.approx(low(point.time), abs=EXACT)
                assert point.high == pytest.approx(high(point.time), abs=EXACT)

    @given(groups, groups)
    def test_gives_the_same_log_rank(self, one, other):
        found = log_rank(one, other)

        if found is not None:
            expected = stats.logrank(censored(one), censored(other))
            assert found.chi_squared == pytest.approx(
                float(expected.statistic) ** 2, abs=EXACT, rel=EXACT
            )
            assert found.p == pytest.approx(float(expected.pvalue), abs=EXACT)

    def test_uses_the_normal_quantile_of_scipy(self):
        assert pytest.approx(float(stats.norm.ppf(0.975)), abs=1e-14) == Z95


class TestAtTheEdges:
    def test_nobody_has_no_curve(self):
        curve = kaplan_meier(observed())

        assert (curve.n, curve.points, curve.median, curve.at(1)) == (0, (), None, None)

    def test_nobody_ended_says_all_are_there_without_a_band(self):
        curve = kaplan_meier(observed(last_seen=[3, 5]))

        point = curve.at(4)
        assert (point.share, point.low, point.high) == (1, None, None)
        assert curve.at(6) is None

    def test_all_ended_leaves_nobody_for_ever(self):
        curve = kaplan_meier(observed([1, 2]))

        point = curve.at(100)
        assert (point.share, point.error, point.low, point.high) == (
            0,
            None,
            None,
            None,
        )
        assert curve.median == 1

    def test_a_half_that_misses_itself_by_a_rounding_is_a_half(self):
        curve = kaplan_meier(observed(range(1, 25)))

        assert curve.at(12).share > 0.5  # by 1e-16: it is 23/24 · 22/23 · … · 12/13
        assert curve.median == 12

    def test_who_was_last_seen_when_another_ended_was_still_at_risk(self):
        curve = kaplan_meier(observed([4], last_seen=[4]))

        assert (curve.points[0].at_risk, curve.points[0].share) == (2, 0.5)

    def test_a_group_that_nobody_left_is_compared_all_the_same(self):
        found = log_rank(observed(last_seen=[9, 9]), observed([1, 2]))

        assert (found.ended, round(found.expected, 3)) == (0, 1.167)

    @pytest.mark.parametrize("other", [observed(), observed(last_seen=[9])])
    def test_two_groups_without_an_end_cannot_be_compared(self, other):
        assert log_rank(observed(last_seen=[9]), other) is None

    def test_the_band_narrows_as_the_group_grows(self):
        few = kaplan_meier(observed([1], last_seen=[2] * 3)).points[0]
        many = kaplan_meier(observed([1] * 100, last_seen=[2] * 300)).points[0]

        assert few.low < many.low < 0.75 < many.high < few.high

    def test_there_is_no_band_at_0_and_1(self):
        assert band(0, 1) == band(1, 0) == (None, None)
