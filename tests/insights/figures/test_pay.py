"""Packages as lines: which part each is in, what it is per year, in dollars, and who left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from talent.common.partial_dates import PartialDate
from talent.insights.figures.pay import (
    Counts,
    Line,
    Spread,
    compared,
    compiled,
    in_order,
    in_parts,
    lines_of,
    spread,
)
from talent.insights.figures.pay_stays import left_after, stays_after
from talent.insights.models import PayLine
from talent.insights.models.pay import Amount, Left, Part, PayLineQuerySet
from talent.insights.refresh import refresh_all, refresh_touched
from talent.registry.models import Package, Reading
from tests.factories import (
    NOON,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    SourceFactory,
)


def line(number: int = 1, **told) -> Line:
    """A counted yearly figure, unless told otherwise: no database."""
    given = {
        "person": number,
        "organization": 1,
        "company": 1,
        "seat": "big_tech",
        "event": None,
        "outcome": "accepted",
        "dated": None,
        "standing": "reported",
        "form": "annual",
        "stated": True,
    }
    return Line(package=number, **(given | told))


def year(number: int, low: int | None, high: int | None = None, **told) -> Line:
    return line(number, dollars=Amount(low, high), **told)


def only_line(package: Package) -> Line:
    (found,) = lines_of(Package.objects.public().filter(pk=package.pk))
    return found


class TestPart:
    @pytest.mark.parametrize(
        ("told", "part"),
        [
            ({}, Part.COUNTED),
            ({"standing": "confirmed"}, Part.COUNTED),
            ({"outcome": "declined"}, Part.DECLINED),
            ({"outcome": "declined", "standing": "denied"}, Part.DECLINED),
            ({"outcome": "offered"}, Part.OFFERED),
            ({"outcome": "unknown"}, Part.UNCLEAR),
            ({"outcome": "unknown", "standing": "denied"}, Part.DENIED),
            ({"standing": "denied"}, Part.DENIED),
            ({"contradicted": True}, Part.DENIED),
            ({"stated": False}, Part.UNDISCLOSED),
            ({"standing": "rumoured"}, Part.RUMOURED),
            ({"person": None}, Part.SHARED),
        ],
    )
    def test_is_one_for_each_line(self, told, part):
        assert line(**told).part() == part

    def test_counts_rumours_only_on_request(self):
        rumoured = line(standing="rumoured")

        assert rumoured.part(rumours=True) == Part.COUNTED
        assert line(standing="denied").part(rumours=True) == Part.DENIED


@pytest.mark.django_db
class TestLinesOf:
    def test_takes_the_reading_that_the_package_is_known_by(self):
        package = PackageFactory()
        ReadingFactory(package=package, low=1_000_000)
        preferred = ReadingFactory(package=package, low=5, rank="preferred")
        ReadingFactory(package=package, low=9_000_000, rank="contradicted")

        found = only_line(package)

        assert found.reading == preferred.pk == package.headline.pk
        assert found.dollars == Amount(5, None)

    def test_computes_nothing_from_a_contradicted_figure(self):
        """The yearly 1.4 billion yuan of a package that is 200 million dollars in all."""
        package = PackageFactory()
        ReadingFactory(package=package, low=200_000_000, several_years=True)
        ReadingFactory(
            package=package,
            form="annual",
            currency="CNY",
            low=1_400_000_000,
            rank="contradicted",
        )

        found = only_line(package)

        assert found.per_year is None
        assert found.dollars == Amount(200_000_000, None)

    def test_keeps_a_package_with_nothing_but_a_contradicted_figure_apart(self):
        reading = ReadingFactory(rank="contradicted")

        assert only_line(reading.package).part() == Part.DENIED

    def test_keeps_a_package_without_any_figure(self):
        assert only_line(PackageFactory()).part() == Part.UNDISCLOSED

    def test_is_no_surer_than_the_hire(self):
        hire = EventFactory(published=True, standing="rumoured")
        reading = ReadingFactory(
            package__event=hire, package__person=hire.person, standing="confirmed"
        )

        assert only_line(reading.package).part() == Part.RUMOURED

    def test_dates_a_package_by_its_hire_and_else_by_its_source(self):
        hire = EventFactory(
            published=True, happened_on=date(2025, 7, 1), precision="month"
        )
        source = SourceFactory(published_on=date(2025, 8, 2), published_precision="day")
        of_hire = ReadingFactory(
            package__event=hire, package__person=hire.person, source=source
        )
        offer = ReadingFactory(source=source)

        assert only_line(of_hire.package).dated == PartialDate.parse("2025-07")
        assert only_line(offer.package).dated == PartialDate.parse("2025-08-02")

    def test_converts_at_the_rate_of_the_date_and_says_which(self):
        """European Central Bank, 12 September 2025: 1 EUR = 1.1718 USD = 8.3461 CNY."""
        hire = EventFactory(published=True, happened_on=date(2025, 9, 14))
        reading = ReadingFactory(
            package__event=hire,
            package__person=hire.person,
            currency="CNY",
            low=100_000_000,
            high=200_000_000,
        )

        found = only_line(reading.package)

        assert found.dollars == Amount(14_040_091, 28_080_181)
        assert found.rate_of == date(2025, 9, 12)

    def test_converts_nothing_without_a_date_or_a_rate(self):
        undated = ReadingFactory(currency="CNY", source=None)
        hire = EventFactory(published=True, happened_on=date(2025, 9, 14))
        unlisted = ReadingFactory(
            package__event=hire, package__person=hire.person, currency="XTS"
        )

        assert only_line(undated.package).dollars is None
        assert only_line(unlisted.package).dollars is None

    def test_agrees_with_the_readings_themselves_on_what_is_per_year(
        self, starter_data
    ):
        readings = Reading.objects.in_bulk()

        for found in lines_of(Package.objects.public()):
            if found.reading and found.rate_of is None:
                stated = readings[found.reading].per_year
                assert (stated and Amount(*stated)) == found.per_year

    def test_makes_three_queries_for_any_number_of_packages(self, queries_of):
        ReadingFactory.create_batch(3)
        with_three = queries_of(lambda: lines_of(Package.objects.public()))

        ReadingFactory.create_batch(27)

        assert queries_of(lambda: lines_of(Package.objects.public())) == with_three == 3


class TestPerYear:
    def test_is_a_yearly_figure_as_it_stands(self):
        assert year(1, 76_001, 80_000).per_year == Amount(76_001, 80_000)

    def test_is_a_total_divided_by_its_stated_years(self):
        total = year(1, 250, None, form="total_package", years=Decimal("2.5"))

        assert total.per_year == Amount(100, None)

    @pytest.mark.parametrize(
        "form", ["total_package", "signing_bonus", "retention", "equity"]
    )
    def test_is_not_known_of_anything_else(self, form):
        years = None if form == "total_package" else Decimal(4)

        assert year(1, 100, form=form, years=years).per_year is None


@pytest.fixture
def stored(db):
    """Stores packages with a reading each; reads them as lines, and tells their names."""

    def store(**readings) -> PayLineQuerySet:
        for key, told in readings.items():
            of_package = {
                name: told.pop(name)
                for name in ("outcome", "organization", "event")
                if name in told
            }
            package = PackageFactory(key=key, **of_package)
            if told:
                ReadingFactory(package=package, **({"form": "annual"} | told))
        refresh_touched(at=NOON)
        return PayLine.objects.all()

    return store


def keys(lines) -> list[str]:
    return [line.package.key for line in lines]


class TestInParts:
    def test_counts_each_line_once(self, stored):
        lines = stored(
            paid={"low": 5},
            spread={"low": 5, "form": "total_package", "years": 4},
            total={"low": 5, "form": "total_package"},
            foreign={"low": 5, "form": "total_package", "currency": "XTS"},
            declined={"outcome": "declined", "low": 5},
            silent={},
        )

        assert in_parts(lines) == {
            (Part.COUNTED, "annual"): Counts(1, in_dollars=1, per_year=1),
            (Part.COUNTED, "total_package"): Counts(3, in_dollars=2, per_year=1),
            (Part.DECLINED, "annual"): Counts(1, in_dollars=1, per_year=1),
            (Part.UNDISCLOSED, ""): Counts(1),
        }

    def test_counts_rumours_only_on_request(self, stored):
        lines = stored(rumour={"low": 5, "standing": "rumoured"})

        ((without, _form),) = in_parts(lines)
        ((counted, _form),) = in_parts(lines, rumours=True)

        assert (without, counted) == (Part.RUMOURED, Part.COUNTED)


class TestLargest:
    def test_orders_by_the_lower_end_and_leaves_out_what_has_no_amount(self, stored):
        lines = stored(
            range={"low": 5, "high": 90},
            ceiling={"low": None, "high": 60},
            exact={"low": 60},
            unknown={"low": None},
            small={"low": 7},
        )

        found = lines.with_dollars().largest_first()

        assert keys(found) == ["ceiling", "exact", "small", "range"]

    def test_per_year_leaves_out_totals_without_years(self, stored):
        lines = stored(
            total={"low": 1_000, "form": "total_package"},
            spread={"low": 400, "form": "total_package", "years": 4},
            yearly={"low": 200},
        )

        found = lines.per_year().largest_first(per_year=True)

        assert keys(found) == ["yearly", "spread"]


class TestInOrder:
    def test_tells_several_lists_in_one_query(self, stored, queries_of):
        lines = stored(small={"low": 1}, large={"low": 9}, middle={"low": 5})
        lists = compiled(
            {
                "largest": lines.largest_first()[:2],
                "newest": lines.newest_first()[:1],
                "none": lines.in_part(Part.DENIED).newest_first()[:1],
            }
        )
        names = dict(lines.values_list("pk", "package__key"))

        found = in_order(lists, within=lines)

        assert {name: [names[pk] for pk in pks] for name, pks in found.items()} == {
            "largest": ["large", "middle"],
            "newest": ["middle"],
            "none": [],
        }
        assert queries_of(lambda: in_order(lists, within=lines)) == 1

    def test_knows_only_the_lines_within(self, stored):
        lines = stored(small={"low": 1}, large={"low": 9}, middle={"low": 5})
        lists = compiled({"largest": lines.model.objects.largest_first()[:2]})
        names = dict(lines.values_list("pk", "package__key"))

        found = in_order(lists, within=lines.filter(low__lt=9))

        assert [names[pk] for pk in found["largest"]] == ["middle", "small"]


class TestCompared:
    def test_tells_range_median_and_numbers_of_each_group(self, stored):
        quant = OrganizationFactory(seat="quant")
        lines = stored(
            exact={"organization": quant, "low": 10},
            range={"organization": quant, "low": 20, "high": 40},
            ceiling={"organization": quant, "low": None, "high": 100},
            total={"organization": quant, "low": 5, "form": "total_package"},
            other={
                "organization": OrganizationFactory(seat="academia"),
                "low": 5,
                "form": "total_package",
            },
        )

        quant, academia = compared(lines, by="")

        assert quant == Spread("quant", 3, 1, low=10, high=100, median=30)
        assert academia == Spread("academia", 0, 1)
        assert spread(lines) == Spread("", 3, 2, low=10, high=100, median=30)

    def test_takes_the_middle_of_an_even_number(self, stored):
        assert spread(stored(one={"low": 10}, other={"low": 21})).median == 16


@pytest.mark.django_db
class TestStaysAfter:
    @pytest.fixture
    def package(self):
        """A hire of 7 July 2025 with a package."""
        hire = EventFactory(published=True, hire=True, happened_on=date(2025, 7, 7))
        return ReadingFactory(
            package__event=hire,
            package__person=hire.person,
            package__organization=hire.organization,
        ).package

    def stay(self, package):
        refresh_all(at=NOON, force=True)
        return stays_after(Package.objects.public()).get(package.pk)

    def leave(self, package, day, **told):
        EventFactory(
            published=True,
            departure=True,
            person=package.person,
            organization=package.organization,
            happened_on=day,
            **told,
        )

    def test_counts_months_from_the_hire_to_the_departure(self, package):
        self.leave(package, date(2026, 2, 25))

        stay = self.stay(package)

        assert (stay.length.months, stay.ended, stay.left) == (7, True, Left.WITHIN)

    def test_knows_a_year_when_it_has_passed(self, package):
        self.leave(package, date(2026, 7, 7))

        assert self.stay(package).left == Left.AFTER

    def test_does_not_know_yet_of_who_is_there_as_far_as_known(self, package):
        assert self.stay(package).left == Left.UNKNOWN

    def test_says_that_an_end_is_inferred(self, package):
        EventFactory(
            published=True, person=package.person, happened_on=date(2025, 12, 1)
        )

        stay = self.stay(package)

        assert (stay.inferred, stay.left) == (True, Left.WITHIN)

    def test_begins_at_the_hire_even_inside_a_longer_stint(self, package):
        """A package for a new post in a company where somebody has been for years."""
        EventFactory(
            published=True,
            person=package.person,
            organization=package.organization,
            happened_on=date(2020, 1, 1),
        )
        self.leave(package, date(2026, 2, 25))

        stay = self.stay(package)

        assert (stay.length.months, stay.left) == (7, Left.WITHIN)

    def test_has_none_for_a_hire_that_never_started(self, package):
        package.event.never_started = True
        package.event.save()

        assert self.stay(package) is None

    def test_takes_the_stint_that_the_hire_began_and_not_an_earlier_one(self):
        """Left and hired again on one day: the earlier stint reaches to the hire."""
        person, company = PersonFactory(), OrganizationFactory()
        career = [
            (True, date(2019, 1, 1)),
            (False, date(2025, 7, 7)),
            (True, date(2025, 7, 7)),
            (False, date(2025, 9, 7)),
        ]
        events = [
            EventFactory(
                published=True,
                kind="hire" if hired else "departure",
                person=person,
                organization=company,
                happened_on=day,
            )
            for hired, day in career
        ]
        package = PackageFactory(event=events[2], person=person, organization=company)

        assert self.stay(package).length.months == 2

    def test_needs_one_query(self, package, queries_of):
        assert queries_of(lambda: stays_after(Package.objects.public())) == 1


class TestLeftAfter:
    def test_counts_a_line_without_a_known_stay_as_unknown(self, stored):
        assert left_after(stored(one={"low": 5})) == {
            Left.WITHIN: 0,
            Left.AFTER: 0,
            Left.UNKNOWN: 1,
        }


class TestStarterData:
    """The acceptance cases of pay."""

    @pytest.fixture
    def lines(self, starter_data) -> dict[str, Line]:
        keys = dict(Package.objects.values_list("pk", "key"))
        return {keys[each.package]: each for each in lines_of(Package.objects.public())}

    def test_ranks_no_refused_offer(self, lines):
        tulloch = lines["andrew-tulloch-meta-declined-package"]

        assert tulloch.part(rumours=True) == Part.DECLINED
        assert tulloch.standing == "denied"

    @pytest.mark.parametrize(
        "key",
        [
            "lucas-beyer-meta-package",
            "alexander-kolesnikov-meta-package",
            "xiaohua-zhai-meta-package",
        ],
    )
    def test_counts_no_denied_signing_bonus(self, lines, key):
        assert lines[key].part(rumours=True) == Part.DENIED

    def test_knows_no_yearly_figure_of_a_package_over_several_years(self, lines):
        pang = lines["ruoming-pang-meta-package"]

        assert pang.part() == Part.COUNTED
        assert pang.dollars == Amount(200_000_000, None)
        assert pang.per_year is None

    def test_gives_nobody_the_pool_of_a_group(self, lines):
        assert lines["varun-mohan-google-pool-package"].part() == Part.SHARED


@pytest.mark.django_db
def test_a_draft_package_is_no_line():
    organization, person = OrganizationFactory(), PersonFactory()
    PackageFactory(organization=organization, person=person, status="draft")

    assert lines_of(Package.objects.public()) == []
