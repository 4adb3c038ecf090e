"""The command and the task: the same verb, by hand and by clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config.schedule import SCHEDULE
from talent.digests import planning, tasks
from talent.digests.models import Content, Delivery
from tests.factories import EventFactory, FollowFactory, SubscriberFactory

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 3, 9, 8, 59, tzinfo=UTC)


@pytest.fixture
def ada():
    found = SubscriberFactory(address="ada@readers.example")
    follow = FollowFactory(subscriber=found)
    type(follow).objects.update(created_at=found.started_at)
    EventFactory(
        published=True,
        published_at=DUE - timedelta(days=3),
        happened_on=DUE.date() - timedelta(days=4),
        person__name="Lise Invented",
    )
    planning.plan(at=DUE - timedelta(days=2))
    return found


def send(*arguments: str) -> str:
    out = StringIO()
    call_command("send_digests", "--at", DUE.isoformat(), *arguments, stdout=out)
    return out.getvalue()


class TestTheCommand:
    def test_sends_what_is_due_and_says_so(self, ada, mailoutbox):
        said = send()

        assert said.startswith("1 sent, 0 put off, 0 refused; 1 had become due.")
        assert "Lise Invented" in str(mailoutbox[0].message())

    def test_twice_sends_once(self, ada, mailoutbox):
        send()

        said = send()

        assert said.startswith("0 sent")
        assert len(mailoutbox) == 1

    def test_rehearses_without_sending_or_keeping_anything(self, ada, mailoutbox):
        said = send("--dry-run")

        assert "1 would be sent" in said
        assert "ada@readers.example" not in said
        assert not mailoutbox
        assert not Delivery.objects.exists()
        assert not Content.objects.exists()

    def test_refuses_what_is_no_time(self):
        with pytest.raises(CommandError, match="'soon' is not a time"):
            call_command("send_digests", "--at", "soon")


class TestTheTask:
    def test_is_known_to_the_schedule_and_ends_before_another_takes_it(self):
        entry = SCHEDULE["send-digests"]

        assert entry["task"] == tasks.send_digests.name
        taken_after = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
        assert tasks.RUN_SECONDS < 10 < taken_after

    def test_ends_when_nothing_is_left(self, ada, mailoutbox, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: DUE)

        tasks.send_digests()

        assert Delivery.objects.get().state == Delivery.State.NOTHING_NEW or mailoutbox

    def test_goes_on_in_another_task_when_time_is_up(self, ada, monkeypatch):
        again = []
        monkeypatch.setattr(tasks, "RUN_SECONDS", -1.0)
        monkeypatch.setattr(tasks.send_digests, "delay", lambda: again.append(1))

        tasks.send_digests()

        assert again == [1]
