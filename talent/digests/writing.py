"""Composing what is due: many deliveries at a time, each distinct content once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction

from talent.common.locks import Lock, hold
from talent.digests import compose, ledger
from talent.digests.models import Content, Delivery, Subscriber

logger = logging.getLogger(__name__)

BATCH = 500
# A digest that cannot be composed is tried again when somebody may have repaired it.
COMPOSE_AGAIN_AFTER = timedelta(hours=1)


class Desk(Protocol):
    """Where the digests of one moment are composed."""

    def load(self, subscribers: Iterable[Subscriber]) -> None: ...

    def compose(self, subscriber: Subscriber) -> compose.Digest | None: ...


class Writer:
    """Composes for one run; what several batches need alike is kept in between."""

    def __init__(self, desk: Callable[[datetime], Desk]) -> None:
        self.desk = desk
        self.moment: datetime | None = None
        self.at_hand: Desk | None = None
        self.contents: dict[str, Content] = {}

    def write_batch(self, *, at: datetime) -> int:
        """Compose the next deliveries that are due. Returns how many; 0: none is left."""
        try:
            return self.written(at=at, most=BATCH)
        except Exception:
            # One that cannot be composed must not hold up the others: one by one, then.
            logger.exception("A batch of digests could not be composed.")
            self.moment = None
        return sum(self.write_one(at=at) for _ in range(BATCH))

    def write_one(self, *, at: datetime) -> int:
        number = Delivery.objects.unwritten(at=at).values_list("pk", flat=True).first()
        if number is None:
            return 0
        try:
            return self.written(at=at, most=1)
        except Exception:
            logger.exception("Delivery %s could not be composed.", number)
            Delivery.objects.pending().filter(pk=number).update(
                next_attempt_at=at + COMPOSE_AGAIN_AFTER,
                error="It could not be composed; the log says why.",
            )
            return 1

    @transaction.atomic
    def written(self, *, at: datetime, most: int) -> int:
        # Two at once would compose the same, and wait for each other.
        hold(Lock.DIGEST_WRITING)
        locked = Delivery.objects.unwritten(at=at).select_for_update(skip_locked=True)
        by_moment: dict[datetime, list[Delivery]] = defaultdict(list)
        for delivery in locked[:most]:
            by_moment[delivery.window_until].append(delivery)
        found: dict[int, Content | None] = {}
        for moment in sorted(by_moment):
            found |= self.written_at(moment, by_moment[moment])
        ledger.mark_written(found)
        return len(found)

    def written_at(
        self, moment: datetime, deliveries: list[Delivery]
    ) -> dict[int, Content | None]:
        """What is said at the end of one window. Two queries more than the desk's own."""
        by_subscriber = {each.subscriber_id: each for each in deliveries}
        subscribers = list(
            Subscriber.objects.with_history().filter(pk__in=list(by_subscriber))
        )
        for each in subscribers:
            each.covered_until = by_subscriber[each.pk].window_since
        desk = self.desk_at(moment)
        desk.load(subscribers)
        return {
            by_subscriber[each.pk].pk: self.kept(desk.compose(each))
            for each in subscribers
        }

    def desk_at(self, moment: datetime) -> Desk:
        if self.at_hand is None or self.moment != moment:
            self.at_hand, self.moment = self.desk(moment), moment
            self.contents.clear()
        return self.at_hand

    def kept(self, digest: compose.Digest | None) -> Content | None:
        if digest is None:
            return None
        if digest.key not in self.contents:
            self.contents[digest.key] = compose.keep(digest)
        return self.contents[digest.key]
