from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talent.common.date_ranks import across, inside, touching
from talent.common.partial_dates import PartialDate, Precision
from talent.registry.models import Event
from tests.factories import EventFactory, OrganizationFactory, PersonFactory

DAYS = st.dates(date(2024, 6, 1), date(2026, 6, 30))


def partial(day: date, precision: Precision) -> PartialDate:
    """The date of this precision that covers the day."""
    written = {
        Precision.DAY: f"{day}",
        Precision.MONTH: f"{day:%Y-%m}",
        Precision.QUARTER: f"{day.year}-Q{(day.month + 2) // 3}",
        Precision.YEAR: f"{day.year}",
    }
    return PartialDate.parse(written[precision])


@pytest.fixture
def dates(db):
    """One event for each date that may matter around 2025, and the date of each."""
    person, organization = PersonFactory(), OrganizationFactory()
    days = [date(2024, 6, 1) + timedelta(days=3 * n) for n in range(260)]
    known = {partial(day, precision) for day in days for precision in Precision}
    Event.objects.bulk_create(
        EventFactory.build(
            person=person,
            organization=organization,
            happened_on=known_date.first,
            precision=known_date.precision,
        )
        for known_date in known
    )
    return {event.pk: event.date for event in Event.objects.all()}


def chosen(condition) -> set[int]:
    return set(Event.objects.filter(condition).values_list("pk", flat=True))


class TestRanges:
    def test_agree_with_the_dates_themselves(self, dates):
        @settings(deadline=None)
        @given(DAYS, DAYS)
        def check(one, other):
            first, last = sorted([one, other])
            touched = {
                pk
                for pk, known in dates.items()
                if known.first <= last and first <= known.last
            }
            whole = {
                pk
                for pk, known in dates.items()
                if first <= known.first and known.last <= last
            }

            assert chosen(touching("recency", first, last)) == touched
            assert chosen(inside("recency", first, last)) == whole
            assert chosen(across("recency", first, last)) == touched - whole

        check()
