from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from talent.registry.models import (
    Citation,
    CompanyTally,
    Event,
    EventReason,
    EventTally,
    Organization,
    Reason,
    ReasonTally,
    SeatEventTally,
    SeatReasonTally,
)
from talent.registry.models.organizations import Seat
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    ReasonFactory,
    decided_by_two,
)

SORT = ("kind", "standing", "background", "corroborated", "year")
COLUMNS = {
    EventTally: ("organization_id", "company_id", *SORT),
    ReasonTally: ("reason_id", "organization_id", "company_id", *SORT),
    SeatEventTally: ("seat", *SORT),
    SeatReasonTally: ("reason_id", "seat", *SORT),
    CompanyTally: ("company_id",),
}
BY_REASON = (ReasonTally, SeatReasonTally)


def sorts_of(event: Event) -> dict:
    return {
        "organization_id": event.organization_id,
        "company_id": event.company_id,
        "seat": event.organization.seat,
        "kind": event.kind,
        "standing": event.standing,
        "background": event.background,
        "corroborated": event.origin_count >= 2,
        "year": event.happened_on.year,
    }


def check() -> None:
    """Each tally is what one gets by counting the published events one by one."""
    published = Event.objects.published().select_related("organization")
    events = [sorts_of(event) for event in published]
    reasons = [
        {"reason_id": stated.reason_id, **sorts_of(event)}
        for event in published
        for stated in event.event_reasons.all()
    ]
    for tally, columns in COLUMNS.items():
        counted = reasons if tally in BY_REASON else events
        by_hand = Counter(tuple(row[name] for name in columns) for row in counted)
        kept = tally.objects.values_list(*columns, "events")
        assert by_hand == {tuple(key): n for *key, n in kept if n}, tally
    for event in Event.objects.select_related("organization", "counterpart"):
        other = event.counterpart and event.counterpart.company_id
        assert event.company_id == event.organization.company_id
        assert event.counterpart_company_id == other


@pytest.mark.django_db
class TestTallies:
    def test_follow_a_reason_that_comes_and_goes(self):
        event = EventFactory(published=True)
        stated = EventReason.objects.create(event=event, reason=ReasonFactory())
        check()

        stated.reason = ReasonFactory(name="another")
        stated.save()
        check()

        stated.delete()
        check()

    def test_follow_an_event_deleted_with_its_reasons(self):
        event = EventFactory(published=True)
        EventReason.objects.create(event=event, reason=ReasonFactory())

        event.delete()

        check()
        assert not ReasonTally.objects.filter(events__gt=0).exists()

    def test_follow_the_second_origin(self):
        event = EventFactory(published=True)
        EventReason.objects.create(event=event, reason=ReasonFactory())
        for _ in range(2):
            CitationFactory(event=event)
        check()

        Citation.objects.first().delete()

        check()

    def test_follow_a_unit_to_another_company(self):
        unit = OrganizationFactory(parent=OrganizationFactory())
        event = EventFactory(published=True, organization=unit)
        EventReason.objects.create(event=event, reason=ReasonFactory())

        Organization.objects.filter(pk=unit.pk).update(parent=OrganizationFactory())

        check()

    def test_follow_a_unit_and_the_units_below_it_in_one_statement(self):
        lab = OrganizationFactory(parent=OrganizationFactory())
        inner = OrganizationFactory(parent=lab)
        innermost = OrganizationFactory(parent=inner)
        elsewhere = OrganizationFactory()
        for unit, other in (
            *((lab, inner), (inner, None), (innermost, lab)),
            (elsewhere, innermost),
        ):
            event = EventFactory(published=True, organization=unit, counterpart=other)
            EventReason.objects.create(
                event=event, reason=ReasonFactory(name=unit.name)
            )

        moved = Organization.objects.filter(pk__in=[lab.pk, inner.pk])
        moved.update(parent=OrganizationFactory())

        check()

    def test_follow_an_event_to_another_unit_of_its_company(self):
        lab = OrganizationFactory(parent=OrganizationFactory())
        event = EventFactory(published=True, organization=lab)
        EventReason.objects.create(event=event, reason=ReasonFactory())

        event.organization = lab.parent
        event.save()

        check()

    def test_follow_an_organization_to_another_seat(self):
        for seat in (Seat.QUANT, Seat.ACADEMIA):
            event = EventFactory(published=True, organization__seat=seat)
            EventReason.objects.create(event=event, reason=ReasonFactory(name=seat))

        Organization.objects.update(seat=Seat.ACADEMIA)

        check()
        assert not SeatEventTally.objects.filter(seat=Seat.QUANT, events__gt=0).exists()


steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("status", "standing", "date", "organization", "reason", "delete"),
                *("seat", "parent"),
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 3),
    ),
    max_size=10,
)


class TestAnyHistory(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.organizations = [OrganizationFactory() for _ in range(4)]
        cls.parents = [OrganizationFactory() for _ in range(4)]
        cls.reasons = [ReasonFactory(name=str(number)) for number in range(4)]
        for _ in range(6):
            EventFactory(
                published=True,
                organization=cls.organizations[0],
                counterpart=cls.organizations[1],
            )

    @settings(max_examples=20, deadline=None)
    @given(steps)
    def test_is_counted_as_by_hand(self, taken: list[tuple[str, int, int]]) -> None:
        for step, which, value in taken:
            event = Event.objects.order_by("pk")[which:].first()
            if event is not None:
                self.take(step, Event.objects.filter(pk=event.pk), value)

        check()

    def take(self, step: str, events, value: int) -> None:
        match step:
            case "status":
                events.update(
                    status=["draft", "published", "withdrawn", "published"][value]
                )
            case "standing":
                standing = ["rumoured", "reported", "confirmed", "denied"][value]
                with decided_by_two():
                    events.update(standing=standing)
            case "date":
                events.update(happened_on=date(2020 + value, 5, 5), precision="day")
            case "organization":
                events.exclude(counterpart=self.organizations[value]).update(
                    organization=self.organizations[value]
                )
            case "seat":
                at = Organization.objects.filter(events__in=events)
                at.update(seat=Seat.values[value])
            case "parent":
                at = Organization.objects.filter(events__in=events)
                at.exclude(pk=self.parents[value].pk).update(parent=self.parents[value])
            case "reason":
                reason = Reason.objects.get(name=str(value))
                stated = EventReason.objects.filter(event=events.get(), reason=reason)
                if not stated.delete()[0]:
                    EventReason.objects.create(event=events.get(), reason=reason)
            case "delete":
                events.get().delete()
