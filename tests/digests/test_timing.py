"""What the settings say about the next mail is what the ledger does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from talent.digests import ledger, planning, writing
from talent.digests.models import Delivery, Subscriber
from talent.digests.timing import next_mail
from tests.digests.plain_desk import PlainDesk
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

START = datetime(2026, 5, 7, 0, tzinfo=UTC)
UNTIL = date(2026, 5, 10)


# CET: PostgreSQL takes the name for an offset, without summer time.
@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("America/Los_Angeles", 20),
        ("Asia/Shanghai", 6),
        ("Pacific/Pago_Pago", 23),
        ("Pacific/Kiritimati", 0),
        ("CET", 0),
        ("UTC", 8),
    ],
)
class TestAPause:
    def reader(self, zone: str, hour: int, **columns) -> Subscriber:
        made = SubscriberFactory(
            frequency="daily", time_zone=zone, hour=hour, **columns
        )
        planning.plan(at=START)
        made.refresh_from_db()
        return made

    def test_ends_with_the_mail_that_the_settings_promise(self, zone, hour):
        reader = self.reader(zone, hour, paused_until=UNTIL)
        promised = next_mail(reader, at=START)

        while not Delivery.objects.exists():
            at = reader.next_due_at
            planning.plan(at=at)
            reader.refresh_from_db()

        assert at == promised
        assert promised.date() == UNTIL

    def test_lasts_until_the_day_begins_where_the_reader_lives(self, zone, hour):
        reader = self.reader(zone, hour)
        planning.plan(at=reader.next_due_at)
        writing.Writer(PlainDesk).write_batch(at=reader.next_due_at)
        Subscriber.objects.update(paused_until=UNTIL)
        midnight = datetime(2026, 5, 10, tzinfo=ZoneInfo(zone)).astimezone(UTC)

        def held(at: datetime) -> tuple[bool, bool]:
            nothing = Subscriber.objects.receiving_nothing(at=at).exists()
            return nothing, ledger.claim(at=at) is None

        assert held(midnight - timedelta(minutes=1)) == (True, True)
        assert held(midnight) == (False, False)
