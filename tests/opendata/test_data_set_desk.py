"""Data sets at the desk, and the tasks that keep them."""

import pytest
from django.urls import reverse

from talent.opendata import tasks
from talent.opendata.frozen import freezing
from talent.opendata.models import DataSet
from talent.registry.removals import remove_person
from tests.factories import NOON, EventFactory, UserFactory
from tests.registry.curators import signed_in

FREEZE = "/desk/opendata/dataset/freeze/"


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.DATA_SETS_DIR = str(tmp_path)


@pytest.fixture
def asked(monkeypatch):
    """Which tasks a worker was sent."""
    names = []
    for name in ("freeze_today", "keep_data_sets"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay", lambda name=name: names.append(name))
    return names


class TestFreezingAtTheDesk:
    def test_is_for_publishers(self, db, asked):
        publisher, editor = signed_in("publisher"), signed_in("editor")

        refused = editor.post(FREEZE)
        response = publisher.post(FREEZE)

        assert refused.status_code == 403
        assert response["Location"] == reverse("admin:opendata_dataset_changelist")
        assert asked == ["freeze_today"]
        shown = publisher.get(response["Location"]).content.decode()
        assert "Freeze the record now" in shown
        assert "A worker freezes the record now" in shown

    def test_says_so_when_no_worker_can_be_reached(self, db, monkeypatch):
        def away():
            raise ConnectionError

        monkeypatch.setattr(tasks.freeze_today, "delay", away)
        publisher = signed_in("publisher")

        response = publisher.post(FREEZE, follow=True)

        assert "nothing was frozen" in response.content.decode()

    def test_is_not_done_by_looking(self, db, asked):
        assert signed_in("publisher").get(FREEZE).status_code == 405
        assert asked == []

    def test_lists_what_there_is_and_lets_nobody_change_it(self, db):
        EventFactory(published=True)
        made = freezing.freeze_month(at=NOON)
        publisher = signed_in("publisher")
        row = reverse("admin:opendata_dataset_change", args=[made.pk])

        assert (
            made.name
            in publisher.get(
                reverse("admin:opendata_dataset_changelist")
            ).content.decode()
        )
        assert publisher.post(row, {"name": "2020-01"}).status_code == 403
        assert DataSet.objects.get().name == "2026-03"


class TestTheWorker:
    def test_makes_what_is_due_and_nothing_twice(self, db):
        EventFactory(published=True)

        tasks.keep_data_sets()
        tasks.keep_data_sets()

        assert DataSet.objects.count() == 1

    def test_is_woken_by_a_removal(self, db, asked, django_capture_on_commit_callbacks):
        person = EventFactory(published=True).person

        with django_capture_on_commit_callbacks(execute=True):
            remove_person(person, by=UserFactory(), at=NOON)

        assert "keep_data_sets" in asked
