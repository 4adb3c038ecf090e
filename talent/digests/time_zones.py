"""The time zones a subscriber chooses from: one for each clock that many people live by; and
which day it is in all there are.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

COMMON = (
    ("Pacific/Honolulu", _("Honolulu")),
    ("America/Anchorage", _("Anchorage")),
    ("America/Los_Angeles", _("San Francisco, Seattle, Vancouver")),
    ("America/Denver", _("Denver")),
    ("America/Phoenix", _("Phoenix")),
    ("America/Chicago", _("Chicago, Austin")),
    ("America/Mexico_City", _("Mexico City")),
    ("America/New_York", _("New York, Boston, Toronto")),
    ("America/Bogota", _("Bogotá, Lima")),
    ("America/Santiago", _("Santiago")),
    ("America/Sao_Paulo", _("São Paulo, Buenos Aires")),
    ("UTC", _("UTC, the world's time")),
    ("Europe/London", _("London, Dublin, Lisbon")),
    ("Africa/Lagos", _("Lagos")),
    ("Europe/Paris", _("Paris, Berlin, Zurich")),
    ("Africa/Johannesburg", _("Johannesburg")),
    ("Europe/Helsinki", _("Helsinki, Kyiv")),
    ("Africa/Cairo", _("Cairo")),
    ("Asia/Jerusalem", _("Tel Aviv")),
    ("Europe/Istanbul", _("Istanbul, Moscow")),
    ("Africa/Nairobi", _("Nairobi")),
    ("Asia/Tehran", _("Tehran")),
    ("Asia/Dubai", _("Dubai, Abu Dhabi")),
    ("Asia/Karachi", _("Karachi")),
    ("Asia/Kolkata", _("Bengaluru, Delhi, Mumbai")),
    ("Asia/Dhaka", _("Dhaka")),
    ("Asia/Bangkok", _("Bangkok, Hanoi, Jakarta")),
    ("Asia/Shanghai", _("Beijing, Shanghai, Shenzhen")),
    ("Asia/Hong_Kong", _("Hong Kong")),
    ("Asia/Taipei", _("Taipei")),
    ("Asia/Singapore", _("Singapore")),
    ("Australia/Perth", _("Perth")),
    ("Asia/Tokyo", _("Tokyo")),
    ("Asia/Seoul", _("Seoul")),
    ("Australia/Adelaide", _("Adelaide")),
    ("Australia/Brisbane", _("Brisbane")),
    ("Australia/Sydney", _("Sydney, Melbourne")),
    ("Pacific/Auckland", _("Auckland")),
)


# Nowhere does a day begin between two quarters of an hour.
QUARTER = 15 * 60


class Days(NamedTuple):
    """The day it is in UTC, the zones where it is the next one already, and those where it is
    still the one before.
    """

    utc: date
    ahead: list[str]
    behind: list[str]


def days(*, at: datetime) -> Days:
    """For SQL that asks which day it is where somebody lives.

    PostgreSQL's `at time zone` takes CET for an hour that never moves, and fails where it does
    not know a zone.
    """
    return days_of(int(at.timestamp()) // QUARTER)


@lru_cache(maxsize=4)
def days_of(quarter: int) -> Days:
    at = datetime.fromtimestamp(quarter * QUARTER, tz=UTC)
    found = Days(at.date(), [], [])
    for name in sorted(available_timezones()):
        day = at.astimezone(ZoneInfo(name)).date()
        if day > found.utc:
            found.ahead.append(name)
        elif day < found.utc:
            found.behind.append(name)
    return found


def choices(*, at: datetime, beside: str = "UTC") -> list[tuple[str, str]]:
    """From west to east as the clocks stand now; `beside` is offered even if it is not common."""
    zones: list[tuple[str, str]] = [(name, str(places)) for name, places in COMMON]
    if beside not in dict(zones):
        zones.append((beside, beside.replace("_", " ")))
    ordered = sorted(
        (offset(name, at=at), order, name, places)
        for order, (name, places) in enumerate(zones)
    )
    return [
        (name, f"{clock(ahead)} {places}") for ahead, _order, name, places in ordered
    ]


def offset(name: str, *, at: datetime) -> timedelta:
    return at.astimezone(zone(name)).utcoffset() or timedelta()


@cache
def zone(name: str) -> ZoneInfo:
    """Kept: ZoneInfo itself remembers the last eight, and a form asks for forty."""
    return ZoneInfo(name)


def clock(ahead: timedelta) -> str:
    """UTC+05:30, as it is now: summer time moves it."""
    minutes = int(ahead.total_seconds()) // 60
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
