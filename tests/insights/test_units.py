"""On the real record: Meta, Meta Superintelligence Labs, TBD Lab (acceptance case 7)."""

import pytest
from django.db.models import F

from talent.common.partial_dates import Precision
from talent.insights.figures.arrivals import at, by_company, course_of, inside
from talent.insights.figures.periods import Period, span_on_record
from talent.insights.models import Stint
from talent.insights.refresh import refresh_touched
from talent.registry.models import Organization
from tests.factories import EventFactory
from tests.insights.moves_there import NOW

pytestmark = pytest.mark.django_db

EVER = Period()


@pytest.fixture
def chain(starter_data):
    """The company, the unit in it, and the unit in that."""
    slugs = ("meta", "meta-superintelligence-labs", "tbd-lab")
    return [Organization.objects.get(slug=slug) for slug in slugs]


class TestUnits:
    def test_count_once_for_their_company(self, chain):
        meta, labs, tbd = chain

        flows = [at(organization, EVER) for organization in chain]

        assert tbd.parent == labs
        assert labs.parent == meta
        assert 0 < flows[2].arrivals < flows[1].arrivals < flows[0].arrivals
        assert by_company(EVER)[meta.pk] == flows[0]
        assert not {labs.pk, tbd.pk} & by_company(EVER).keys()
        # Every stint is entered once and left once, whichever units it names.
        stints = Stint.objects.filter(company=meta)
        assert flows[0].arrivals == stints.exclude(start_on=None).count()
        assert flows[0].departures == stints.exclude(end_on=None).count()

    def test_step_by_step_add_up_to_the_same(self, chain):
        span = span_on_record(today=NOW.date())
        first, last = Period.of_year(span.first_year).first, NOW.date()
        for organization in chain:
            course = course_of(
                organization, first=first, last=last, step=Precision.YEAR
            )

            assert course.flow.arrivals == at(organization, EVER).arrivals

    def test_a_move_between_them_is_no_departure_and_no_arrival(self, chain):
        meta, labs, tbd = chain
        company, unit = by_company(EVER)[meta.pk], at(labs, EVER)
        there = Stint.objects.filter(hire__organization=labs, end_on=None)
        somebody = there.filter(known_until__gt=F("start_on")).earliest("pk")

        EventFactory(
            published=True,
            person=somebody.person,
            organization=tbd,
            counterpart=labs,
            happened_on=somebody.known_until,
        )
        refresh_touched(at=NOW)

        assert inside(meta, EVER) == 1
        assert by_company(EVER)[meta.pk] == company
        assert at(labs, EVER) == unit
        assert Stint.objects.filter(company=meta, person=somebody.person).count() == 1
