"""The drawing says no more than the record knows: fades, dots and places in time."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from talent.dashboard.scale import TimeScale
from talent.dashboard.timelines import Bar, person_timeline
from talent.insights.careers import career_of
from tests.insights.histories import ADA, ALPHA, BETA, hire, histories, left

TODAY = date(2026, 3, 1)


def bars(*events) -> list[Bar]:
    timeline = person_timeline(career_of(ADA, events), today=TODAY, packages={})
    return [bar for lane in timeline.lanes for bar in lane.bars]


def looks(bar: Bar) -> list[str]:
    return [shape.look for shape in bar.shapes]


def per_cent(text: str) -> float:
    return float(text.removesuffix("%"))


class TestBar:
    def test_is_solid_between_exact_days(self):
        [bar] = bars(hire(ALPHA, "2020-01-01"), left(ALPHA, "2024-01-01"))

        assert looks(bar) == ["solid"]

    def test_fades_over_what_a_vague_date_may_mean(self):
        [bar] = bars(hire(ALPHA, "2020"), left(ALPHA, "2024-05"))

        assert looks(bar) == ["fade-in", "solid", "fade-out"]
        whole, month = per_cent(bar.shapes[0].width), per_cent(bar.shapes[2].width)
        assert 11 < whole / month < 13

    def test_hints_at_a_start_nobody_recorded(self):
        [bar] = bars(left(ALPHA, "2024-05-02"))

        assert looks(bar)[0] == "unsure"

    def test_is_dotted_from_the_last_known_day_to_today(self):
        [bar] = bars(hire(ALPHA, "2020-01-01"))

        assert looks(bar)[-1] == "dotted"

    def test_does_not_cover_the_next_one_in_its_lane(self):
        first, second = bars(
            hire(ALPHA, "2024-06"),
            hire(BETA, "2025", never_started=True, counterpart=ALPHA),
            hire(ALPHA, "2025-08", stated_return=True),
        )

        ends = [per_cent(s.x) + per_cent(s.width) for s in first.shapes]
        assert max(ends) <= per_cent(second.shapes[0].x) + 0.02


class TestLanes:
    def test_stand_in_order_of_first_arrival(self):
        timeline = person_timeline(
            career_of(
                ADA,
                [
                    hire(BETA, "2015"),
                    hire(ALPHA, "2018"),
                    hire(BETA, "2020", stated_return=True),
                ],
            ),
            today=TODAY,
            packages={},
        )

        assert [lane.company.name for lane in timeline.lanes] == ["Beta", "Alpha"]

    @given(histories)
    def test_stay_on_the_paper_and_say_what_they_draw(self, events):
        for bar in bars(*events):
            assert bar.sentence.startswith(bar.stay.company.name)
            for shape in bar.shapes:
                assert per_cent(shape.x) >= 0
                assert per_cent(shape.x) + per_cent(shape.width) <= 100.02


class TestTimeScale:
    @given(st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.integers(1, 30_000))
    def test_labels_at_most_about_a_dozen_times_in_order(self, first, days):
        last = date.fromordinal(
            min(first.toordinal() + days, date(2100, 1, 1).toordinal())
        )

        ticks = TimeScale(first, last).ticks()

        places = [per_cent(tick.at) for tick in ticks]
        assert len(ticks) <= 14
        assert places == sorted(places)
