"""An invented newsroom: readers, what is published when, and what they were sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from talent.common.partial_dates import PartialDate
from talent.digests.compose import Digest, compose, keep
from talent.digests.models import Delivery, Follow, Subscriber
from talent.insights.refresh import refresh_touched
from talent.registry.models import Event
from tests.factories import (
    EventFactory,
    FollowFactory,
    PackageFactory,
    ReadingFactory,
    SubscriberFactory,
)

DAY = timedelta(days=1)
# A Monday; readers have been there for months and were last told a week ago.
TODAY = datetime(2026, 3, 9, 8, tzinfo=UTC)
LAST = TODAY - 7 * DAY
EARLIER = TODAY - 90 * DAY


def reader(*queries: str, **columns: Any) -> Subscriber:
    """Follows everything, unless queries say what."""
    made = SubscriberFactory(
        **{"started_at": EARLIER, "covered_until": LAST, **columns}
    )
    for query in queries or ("",):
        FollowFactory(subscriber=made, query=query)
    Follow.objects.filter(subscriber=made).update(created_at=EARLIER)
    return made


def published(
    when: str = "2026-03-03", *, at: datetime = TODAY - DAY, **columns: Any
) -> Event:
    """A hire that was published yesterday."""
    date = PartialDate.parse(when)
    return EventFactory(
        status="published",
        published_at=at,
        happened_on=date.first,
        precision=date.precision,
        **columns,
    )


def paid(event: Event, **reading: Any) -> None:
    package = PackageFactory(
        event=event, person=event.person, organization=event.organization
    )
    ReadingFactory(package=package, **{"rank": "preferred", **reading})


def moves_are_known() -> None:
    refresh_touched(at=TODAY)


def composed(subscriber: Subscriber, *, at: datetime = TODAY) -> Digest:
    digest = compose(subscriber, at=at)
    assert digest is not None
    return digest


def sent(subscriber: Subscriber, *, at: datetime = TODAY) -> Digest:
    """Composed and noted as sent, as delivery does it."""
    digest = composed(subscriber, at=at)
    Delivery.objects.create(
        subscriber=subscriber,
        frequency=subscriber.frequency,
        period_start=at.date(),
        window_since=at - 7 * DAY,
        window_until=at,
        due_at=at,
        state=Delivery.State.SENT,
        sent_at=at,
        content=keep(digest),
    )
    subscriber.covered_until = at
    subscriber.save(update_fields=["covered_until"])
    return digest


def headlines(digest: Digest) -> list[str]:
    return [item.headline for item in digest.letter.items]
