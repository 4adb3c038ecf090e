"""From changed events to messages owed: which endpoint is told of which event, and as what.

A webhook mirrors the list that its filter makes. An event that comes into the list is
`published`, one that is in it `changed`; one that leaves it, out of the record or only out of the
filter, is `withdrawn`. Which events are in the list, PostgreSQL says by the one filter.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from talent.opendata.hooks.finding import read_history
from talent.opendata.models import (
    EventChange,
    HistoryRead,
    Hook,
    HookDelivery,
)
from talent.registry.filters import EventFilter
from talent.registry.merging import remembering
from talent.registry.models import Event
from talent.registry.models.events import EventQuerySet, Status

logger = logging.getLogger(__name__)

# Curators save an event several times within a minute: that is one message.
GATHERED = timedelta(seconds=20)
# Of an endpoint. More than these at once are one message: read the list anew.
MOST_WAITING = 1000

Kind, State = HookDelivery.Kind, HookDelivery.State
Ids = QuerySet[Any, Any]


# -- Filters -----------------------------------------------------------------------------


def filter_of(query: str) -> EventFilter:
    return EventFilter(QueryDict(query))


def read(query: str) -> str:
    """The filter as it is kept. ValidationError says what is wrong with it."""
    chosen = filter_of(query.strip().removeprefix("?"))
    if not chosen.is_valid():
        reasons = [str(text) for texts in chosen.errors.values() for text in texts]
        raise ValidationError(" ".join(reasons))
    kept = chosen.query(sort="")
    longest = Hook._meta.get_field("query").max_length or 0
    if len(kept) > longest:
        raise ValidationError(
            _("The filter is longer than %(most)s characters.") % {"most": longest}
        )
    return kept


def listed_by(hook: Hook) -> EventQuerySet:
    """The events in its list at this moment: none where its filter has gone wrong since."""
    chosen = filter_of(hook.query)
    return chosen.events() if chosen.is_valid() else Event.objects.none()


# -- Planning ----------------------------------------------------------------------------


def plan(*, at: datetime) -> int:
    """Read the history on and write down what each active endpoint is owed; how many messages.

    Each webhook is one transaction, and goes on from its own position whatever happens.
    """
    with transaction.atomic():
        upto = read_history()
    behind = Hook.objects.active().filter(position__lt=upto).order_by("pk")
    planned = 0
    with remembering({}):
        for number in behind.values_list("pk", flat=True):
            try:
                planned += plan_one(number, upto=upto, at=at)
            except DatabaseError:
                # A filter that takes too long must not keep the others waiting.
                logger.exception("Webhook %s could not be planned.", number)
    return planned


@transaction.atomic
def plan_one(number: int, *, upto: int, at: datetime) -> int:
    active = Hook.objects.active().select_for_update(of=("self",))
    hook = active.filter(pk=number, position__lt=upto).first()
    if hook is None:
        return 0
    if hook.position < forgotten():
        planned = Plan(hook, at=at).whole_list()
    else:
        news = EventChange.objects.filter(pk__gt=hook.position, pk__lte=upto)
        planned = Plan(hook, at=at).events(news.order_by().values("event"))
    hook.position = upto
    hook.save(update_fields=["position"])
    return planned


def few(events: EventQuerySet) -> set[int]:
    """Their numbers; of too many, enough to say so."""
    return set(events.values_list("pk", flat=True)[: MOST_WAITING + 1])


def forgotten() -> int:
    return HistoryRead.objects.values_list("forgotten", flat=True).first() or 0


class Plan:
    """What one endpoint is owed. Its row is locked: nobody else claims or settles meanwhile."""

    def __init__(self, hook: Hook, *, at: datetime) -> None:
        self.hook = hook
        self.at = at
        self.waiting = hook.deliveries.pending()
        chosen = filter_of(hook.query)
        # None: it has gone wrong since, and lists nothing.
        self.filter = chosen if chosen.is_valid() else None

    def events(self, changed: Ids) -> int:
        """Of the changed ones, those that are, or may have been, in the list."""
        if self.waiting.filter(kind=Kind.LIST, tried_at=None).exists():
            return 0  # It will be told to read the list, and so finds them.
        listed = self.now_listed(changed)
        told = dict(
            self.hook.told.filter(event__in=changed).values_list("event", "listed")
        )
        held = {event for event, is_held in told.items() if is_held}
        held |= self.known_before(listed, changed) - told.keys()
        waiting = {each.event: each for each in self.waiting.filter(event__in=changed)}
        wanted: dict[int, str] = {}
        for event in held | listed.keys():
            if event not in listed:
                wanted[event] = Kind.WITHDRAWN
            else:
                wanted[event] = Kind.CHANGED if event in held else Kind.PUBLISHED
        fresh = wanted.keys() - waiting.keys()
        if len(fresh) + self.waiting.count() > MOST_WAITING:
            return self.whole_list()
        self.settle(
            [
                each
                for event, each in waiting.items()
                if event not in wanted and each.tried_at is None
            ],
            State.NEEDLESS,
        )
        return self.owe(wanted, waiting)

    def known_before(self, listed: dict[int, datetime], changed: Ids) -> set[int]:
        """Those it may know from before the webhook was there, or from the whole list.

        Of what has left the list nobody can say any more whether it was in it. So whatever
        left the record is taken to have been, and whatever only its standing keeps out.
        """
        since = self.hook.knows_since
        if since is None:
            return set()
        known = {event for event, at in listed.items() if at <= since}
        before = Event.objects.filter(pk__in=changed, published_at__lte=since)
        known |= few(before.exclude(status=Status.PUBLISHED))
        if self.filter:
            others = before.published().exclude(standing__in=self.filter.standings)
            if others.exists():
                maybe = self.filter.events(ignoring=("standing",))
                known |= few(maybe.filter(pk__in=others.values("pk")))
        return known

    def now_listed(self, changed: Ids) -> dict[int, datetime]:
        """Of the changed events those in the list, with when they were published."""
        if self.filter is None:
            return {}
        found = self.filter.events().filter(pk__in=changed)[: MOST_WAITING + 1]
        return {
            number: published_at
            for number, published_at in found.values_list("pk", "published_at")
            if published_at
        }

    def owe(
        self, wanted: dict[int, str], waiting: dict[int | None, HookDelivery]
    ) -> int:
        """What waits untried says the newest anyway; what was tried may have been read.

        So the latter is replaced by a message of its own: under the old number, an endpoint that
        has it would pass over what is new.
        """
        new, superseded = [], []
        for event, kind in wanted.items():
            current = waiting.get(event)
            if current and current.tried_at is None:
                if current.kind != kind:
                    current.kind = kind
                    current.save(update_fields=["kind"])
                continue
            if current:
                superseded.append(current)
                if current.kind == Kind.PUBLISHED and kind == Kind.CHANGED:
                    kind = Kind.PUBLISHED
            new.append(self.delivery(kind, event))
        self.settle(superseded, State.SUPERSEDED)
        HookDelivery.objects.bulk_create(new)
        return len(new)

    def whole_list(self) -> int:
        """One message instead of all: read the list anew."""
        about = self.waiting.filter(Q(event__isnull=False) | Q(kind=Kind.LIST))
        self.settle(list(about), State.SUPERSEDED)
        self.delivery(Kind.LIST).save(force_insert=True)
        return 1

    def delivery(self, kind: str, event: int | None = None) -> HookDelivery:
        return HookDelivery(
            hook=self.hook,
            kind=kind,
            event=event,
            created_at=self.at,
            next_at=self.at + GATHERED,
        )

    def settle(self, deliveries: list[HookDelivery], state: str) -> None:
        ids = [each.pk for each in deliveries]
        if ids:
            self.waiting.filter(pk__in=ids).update(state=state, settled_at=self.at)
