"""Which packages and which moves a filter of the Pay pages lists, and how it reads."""

from __future__ import annotations

from datetime import date

import pytest

from talent.insights.pay_filter import PackageFilter, PayScope, ReasonFilter
from talent.insights.refresh import refresh_all, refresh_touched
from talent.registry.models import EventReason
from tests.factories import (
    NOON,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    ReadingFactory,
    ReasonFactory,
)

pytestmark = pytest.mark.django_db


def keys(**choices: str) -> list[str]:
    """The keys of the packages listed, in order."""
    refresh_touched(at=NOON)
    filter = PackageFilter(choices)
    assert filter.is_valid(), filter.errors
    return list(filter.lines().values_list("package__key", flat=True))


def package(key: str, day: date | None = None, *, precision: str = "day", **reading):
    """A package with one reading; with a day, of a hire."""
    told = {
        name: reading.pop(name)
        for name in ("outcome", "organization", "recipients", "person")
        if name in reading
    }
    if day is not None:
        hire = EventFactory(published=True, happened_on=day, precision=precision)
        told = {"event": hire, "person": hire.person} | told
    made = PackageFactory(key=key, **told)
    ReadingFactory(package=made, **{"source": None, **reading})
    return made


class TestPackageFilter:
    def test_lists_newest_first_and_undated_ones_last(self):
        package("old", date(2024, 1, 1))
        package("undated")
        package("month", date(2025, 7, 1), precision="month")
        package("day", date(2025, 7, 1))

        assert keys() == ["day", "month", "old", "undated"]

    def test_lists_the_largest_first_form_by_form(self):
        package("small", low=5)
        package("large", low=50)
        package("yearly", low=500, form="annual")
        package("unknown", low=None)

        assert keys(sort="amount") == ["large", "small", "yearly", "unknown"]

    def test_lists_per_year_and_what_does_not_compare_last(self):
        package("total", low=1_000)
        package("spread", low=400, years=4)
        package("yearly", low=200, form="annual")

        assert keys(per="year", sort="amount") == ["yearly", "spread"]
        assert keys(per="none") == ["total"]

    def test_finds_a_part(self):
        package("counted")
        package("declined", outcome="declined")
        package("shared", person=None, recipients="Forty people")

        assert keys(part="declined") == ["declined"]
        assert keys(part="shared") == ["shared"]

    def test_counts_rumours_only_where_they_are_asked_for(self):
        package("counted")
        package("rumour", standing="rumoured")

        assert keys(part="counted") == ["counted"]
        assert set(keys(part="counted", rumours="on")) == {"counted", "rumour"}

    def test_finds_a_company_with_its_units_and_a_unit_alone(self):
        acme = OrganizationFactory(slug="acme")
        lab = OrganizationFactory(slug="lab", parent=acme)
        for organization in (acme, lab, OrganizationFactory()):
            package(f"at-{organization.slug}", organization=organization)
        EventFactory(published=True, organization=lab)

        assert set(keys(company="acme")) == {"at-acme", "at-lab"}
        assert keys(company="lab") == ["at-lab"]

    def test_finds_the_seat_of_who_pays(self):
        package("quant", organization=OrganizationFactory(seat="quant"))
        package("other")

        assert keys(seat="quant") == ["quant"]

    @pytest.mark.parametrize(
        ("choices", "found"),
        [
            ({"since": "2025-07-10", "until": "2025-07-20"}, {"month", "year"}),
            ({"since": "2025-07", "until": "2025-07"}, {"month", "year"}),
            ({"since": "2025-07", "until": "2025-07", "vague": "out"}, {"month"}),
            ({"since": "2025-07-02", "vague": "out"}, set()),
            ({"until": "2025-06-30"}, {"year"}),
            ({"dated": "no"}, {"undated"}),
        ],
    )
    def test_matches_any_overlap_of_a_vague_date(self, choices, found):
        package("month", date(2025, 7, 1), precision="month")
        package("year", date(2025, 1, 1), precision="year")
        package("undated")

        assert set(keys(**choices)) == found

    def test_compares_amounts_with_totals_and_not_with_years(self):
        package("total", low=100)
        package("range", low=60, high=120)
        package("yearly", low=500, form="annual")
        package("less", low=90)
        package("unknown", low=None)

        assert set(keys(min="100")) == {"total", "range"}
        assert keys(min="100", per="year") == ["yearly"]

    def test_finds_what_has_no_exchange_rate(self):
        package("dollars")
        package("undated-yuan", currency="CNY")
        package("unknown", low=None)

        assert keys(rate="none") == ["undated-yuan"]

    def test_finds_who_left_within_twelve_months(self):
        left, stayed = (
            package("left", date(2024, 1, 1)),
            package("new", date(2026, 2, 1)),
        )
        EventFactory(
            published=True,
            departure=True,
            person=left.person,
            organization=left.event.organization,
            happened_on=date(2024, 6, 1),
        )
        for made in (left, stayed):
            made.organization = made.event.organization
            made.save()
        refresh_all(at=NOON)

        assert keys(left="within") == ["left"]
        assert keys(left="unknown") == ["new"]
        assert keys(left="after") == []

    @pytest.mark.parametrize(
        ("choices", "wrong"),
        [
            ({"part": "nonsense"}, "nonsense"),
            ({"company": "nobody-knows"}, "nobody-knows"),
            ({"since": "2025-13"}, "2025-13"),
            ({"since": "2025", "until": "2024"}, "2024"),
            ({"min": "much"}, "much"),
            ({"paid": "1"}, "paid"),
        ],
    )
    def test_names_a_wrong_value(self, choices, wrong):
        filter = PackageFilter(choices)

        assert not filter.is_valid()
        assert wrong in str(filter.errors)

    def test_has_one_address_for_one_list(self):
        one = PackageFilter({"min": "100,000,000", "part": "counted", "vague": "out"})

        assert one.is_valid()
        assert one.query() == "part=counted&min=100M"

    def test_makes_as_many_queries_for_thirty_packages_as_for_three(self, queries_of):
        PackageFactory.create_batch(3)
        keys()
        with_three = queries_of(lambda: keys(left="unknown"))

        PackageFactory.create_batch(27)
        keys()

        assert queries_of(lambda: keys(left="unknown")) == with_three


class TestPayScope:
    def test_is_what_links_take_along(self):
        filter = PackageFilter({"since": "2025", "seat": "quant", "part": "counted"})

        assert filter.is_valid()
        assert filter.scope == {"seat": "quant", "since": "2025"}
        assert PayScope(filter.scope).is_valid()


class TestReasonFilter:
    @pytest.fixture
    def moves(self):
        """One move for the mission, said by the company; one without a reason."""
        stated, _silent = EventFactory.create_batch(2, published=True)
        mission = ReasonFactory(name="mission")
        EventReason.objects.create(
            event=stated, reason=mission, stated_by="the company"
        )
        refresh_all(at=NOON)
        return stated

    def found(self, **choices):
        filter = ReasonFilter(choices)
        assert filter.is_valid(), filter.errors
        return [move.hire for move in filter.moves()]

    def test_finds_a_reason(self, moves):
        assert self.found(reason="mission") == [moves]

    def test_finds_moves_without_one(self, moves):
        (silent,) = self.found(reason="none")

        assert silent != moves

    def test_finds_who_states_it(self, moves):
        assert self.found(teller="the company") == [moves]
        assert self.found(teller="unsaid") == []

    def test_names_a_reason_nobody_knows(self, moves):
        filter = ReasonFilter({"reason": "greed"})

        assert not filter.is_valid()
        assert "greed" in str(filter.errors)
