from datetime import date, timedelta

import pytest
from django.http import QueryDict

from talent.common.keyset import Nowhere
from talent.registry import paging
from talent.registry.event_rows import pay_of
from talent.registry.filters import EventFilter
from talent.registry.models import Event
from talent.registry.paging import Page, page_of
from tests.factories import (
    NOON,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
)


def page(query: str = "", **places) -> Page:
    filter = EventFilter(QueryDict(query))
    assert filter.is_valid(), filter.errors
    return page_of(filter, **places)


def slugs(found: Page) -> list[str]:
    return [event.slug for event in found.events]


@pytest.fixture(autouse=True)
def three_rows(monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 3)


@pytest.fixture
def record(db):
    """Ten hires: exact, vague and equal dates, three with a stated amount."""
    organization = OrganizationFactory()
    person = PersonFactory()
    days = [
        *[(date(2025, 3, 1) + timedelta(days=n), "day") for n in range(4)],
        *[(date(2025, 3, 1), precision) for precision in ("day", "month")],
        *[(date(2025, 1, 1), precision) for precision in ("day", "quarter", "year")],
        (date(2024, 5, 5), "day"),
    ]
    events = [
        EventFactory(
            slug=f"e{number}",
            person=person,
            organization=organization,
            happened_on=day,
            precision=precision,
            status="published",
            published_at=NOON + timedelta(microseconds=number * 7 % 5),
        )
        for number, (day, precision) in enumerate(days)
    ]
    for event, amount in ((events[2], 5), (events[7], 900), (events[9], 5)):
        package = PackageFactory(event=event, person=person, organization=organization)
        ReadingFactory(package=package, low=amount * 1_000_000)


SORTS = ["", "sort=oldest", "sort=added", "sort=amount"]


@pytest.mark.usefixtures("record")
class TestPages:
    @pytest.mark.parametrize("query", SORTS)
    def test_follow_one_another_through_the_whole_list_and_back(self, query):
        there = [page(query)]
        while there[-1].older:
            there.append(page(query, after=there[-1].older))
        back = [there[-1]]
        while back[-1].newer:
            back.append(page(query, before=back[-1].newer))

        rows = [slug for found in there for slug in slugs(found)]
        assert [len(found.events) for found in there] == [3, 3, 3, 1]
        assert len(set(rows)) == 10
        assert [slugs(found) for found in back[::-1]] == [
            slugs(found) for found in there
        ]
        assert not there[0].newer

    def test_newest_first_puts_vague_dates_after_the_exact_ones_of_their_day(self):
        found = page(after=page().older)

        assert slugs(page()) == ["e3", "e2", "e1"]
        assert slugs(found) == ["e4", "e0", "e5"]
        assert slugs(page(after=found.older)) == ["e6", "e7", "e8"]

    def test_oldest_first_puts_them_there_too(self):
        first = page("sort=oldest")

        assert slugs(first) == ["e9", "e6", "e7"]
        assert slugs(page("sort=oldest", after=first.older)) == ["e8", "e0", "e4"]

    def test_oldest_first_begins_with_the_time_asked_for(self):
        found = page("sort=oldest&since=2025-01-01")

        assert slugs(found) == ["e6", "e7", "e8"]

    def test_largest_amount_first_puts_the_unknown_last(self):
        first = page("sort=amount")

        assert slugs(first) == ["e7", "e2", "e9"]
        assert slugs(page("sort=amount", after=first.older)) == ["e3", "e1", "e4"]

    def test_last_added_first_goes_by_the_time_of_publishing(self):
        added = Event.objects.order_by("-published_at", "-pk")

        assert slugs(page("sort=added")) == [event.slug for event in added[:3]]

    @pytest.mark.parametrize("query", SORTS)
    def test_stay_where_they_are_when_events_come_and_go(self, query):
        first = page(query)
        second = slugs(page(query, after=first.older))

        at_the_top = EventFactory(
            published=True,
            happened_on=date(1990 if query == "sort=oldest" else 2026, 1, 1),
            published_at=NOON + timedelta(days=1),
        )
        package = PackageFactory(event=at_the_top, person=at_the_top.person)
        ReadingFactory(package=package, low=10**12)
        Event.objects.filter(slug=slugs(first)[-1]).update(status="withdrawn")

        assert slugs(page(query, after=first.older)) == second

    def test_before_the_first_rows_show_the_first_page_in_full(self):
        newest = page()

        found = page(before=newest.older)

        assert slugs(found) == slugs(newest)
        assert not found.newer


@pytest.mark.usefixtures("record")
class TestPlaces:
    @pytest.mark.parametrize(
        "place",
        [
            "x",
            "newest-",
            "newest-1",
            "newest-1.2.3",
            "newest--1.2",
            "newest-1.2x",
            "oldest-1.2",
            "amount-1.2.3",
            f"newest-{2**31}.1",
            f"newest-1.{2**63}",
            "newest-1.2\n",
            "9" * 5000,
            "\x00",
        ],
    )
    def test_from_nowhere_are_refused_and_named(self, place):
        with pytest.raises(Nowhere, match="no place in this list") as refused:
            page(after=place)

        assert len(str(refused.value)) < 200

    def test_of_another_order_are_refused(self):
        place = page("sort=oldest").older

        with pytest.raises(Nowhere):
            page("sort=amount", after=place)

    def test_are_one_at_a_time(self):
        place = page().older

        with pytest.raises(Nowhere, match="not both"):
            page(after=place, before=place)

    @pytest.mark.parametrize("sort", ["newest", "oldest", "added", "amount"])
    def test_far_beyond_the_list_find_nothing(self, sort):
        query = "" if sort == "newest" else f"sort={sort}"
        place = f"{sort}-{2**31 - 1 if sort != 'added' else 2**53 - 1}.1"

        assert page(query, before=place).events is not None
        assert page(query, after=place).events is not None


class TestQueries:
    @pytest.mark.parametrize("query", ["", "sort=oldest", "sort=added"])
    def test_are_as_many_for_a_page_as_for_a_row(self, db, query, queries_of):
        def hire():
            event = EventFactory(published=True)
            package = PackageFactory(event=event, person=event.person)
            ReadingFactory(package=package)

        def show():
            for event in page(query).events:
                for paid in pay_of(event):
                    assert paid.figure.low
                assert event.person.name
                assert event.organization.company.name

        hire()
        one = queries_of(show)
        for _ in range(4):
            hire()

        assert queries_of(show) == one == 3  # rows, packages, readings
