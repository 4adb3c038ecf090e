"""When mails come, in words and as a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from talent.digests.forms import FREQUENCIES, WEEKDAYS
from talent.digests.models import Subscriber
from talent.digests.periods import Frequency, next_due


def when_in_words(wishes: Mapping[str, Any]) -> str:
    """Every week, Monday at 08:00 (Europe/Paris)."""
    values = {
        "often": dict(FREQUENCIES)[wishes["frequency"]],
        "weekday": dict(WEEKDAYS)[wishes["weekday"]],
        "monthday": wishes["monthday"],
        "hour": f"{wishes['hour']:02}:00",
        "zone": str(wishes["time_zone"]).replace("_", " "),
    }
    match wishes["frequency"]:
        case Frequency.WEEKLY:
            return _("%(often)s, %(weekday)s at %(hour)s (%(zone)s)") % values
        case Frequency.MONTHLY:
            return _("%(often)s, day %(monthday)s at %(hour)s (%(zone)s)") % values
    return _("%(often)s at %(hour)s (%(zone)s)") % values


def next_mail(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    """When the next mail is due, in the subscriber's time zone. None: the mail is stopped."""
    if subscriber.stopped_at:
        return None
    zone = ZoneInfo(subscriber.time_zone)
    after = at
    if subscriber.paused_until:
        ends = datetime.combine(subscriber.paused_until, time(), tzinfo=zone)
        after = max(at, ends.astimezone(UTC))
    due = next_due(subscriber.schedule, subscriber_id=subscriber.pk, after=after)
    return due.astimezone(zone)
