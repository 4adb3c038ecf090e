"""Everything that is kept about one subscriber, for themselves."""

from __future__ import annotations

from typing import Any

from talent.digests.following import in_words
from talent.digests.models import Request, Subscriber


def exported(subscriber: Subscriber) -> dict[str, Any]:
    """Plain values, times in ISO 8601."""
    return {
        "address": subscriber.address,
        "language": subscriber.language,
        "frequency": subscriber.frequency,
        "weekday": subscriber.weekday,
        "day_of_month": subscriber.monthday,
        "hour": subscriber.hour,
        "time_zone": subscriber.time_zone,
        "confirmed_at": iso(subscriber.confirmed_at),
        "stopped_at": iso(subscriber.stopped_at),
        "paused_until": iso(subscriber.paused_until),
        "follows": [
            {
                "query": follow.query,
                "words": in_words(follow.query).words,
                "since": iso(follow.created_at),
            }
            for follow in subscriber.follows.order_by("created_at", "pk")
        ],
        "mails": [
            {
                "subject": delivery.content.subject if delivery.content else "",
                "frequency": delivery.frequency,
                "period": iso(delivery.period_start),
                "state": delivery.state,
                "sent_at": iso(delivery.sent_at),
                "bounces": [
                    {"kind": bounce.kind, "status": bounce.status, "at": iso(bounce.at)}
                    for bounce in delivery.bounces.all()
                ],
            }
            for delivery in subscriber.deliveries.select_related("content")
            .prefetch_related("bounces")
            .newest_first()
        ],
        "requests": [
            {
                "purpose": request.purpose,
                "address": request.address,
                "asked_at": iso(request.created_at),
                "used_at": iso(request.used_at),
            }
            for request in Request.objects.filter(
                address_hash=subscriber.address_hash
            ).order_by("pk")
        ],
    }


def iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
