"""Saving while the database is busy with another change for longer than a statement may take."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection

from talent.registry import curation
from talent.registry.models import Person
from tests.factories import PersonFactory
from tests.registry.curators import address, form_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(monkeypatch):
    """Whoever queues behind other writers is stopped by PostgreSQL itself."""

    def wait() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '1ms'")
            cursor.execute("SELECT pg_sleep(1)")

    monkeypatch.setattr(curation, "queue_behind_writers", wait)


class TestSaving:
    def test_says_that_nothing_was_saved_and_keeps_what_was_typed(self, busy):
        ada, person = signed_in("publisher"), PersonFactory(name="Old Name")
        posted = form_of(ada, person) | {"name": "New Name"}

        answer = ada.post(address(person), posted)

        html = unescape(answer.content.decode())
        assert answer.status_code == 200
        assert "Nothing was saved: the database was busy" in html
        assert 'value="New Name"' in html
        assert Person.objects.get().name == "Old Name"

    def test_works_when_the_other_change_is_over(self):
        ada, person = signed_in("publisher"), PersonFactory(name="Old Name")
        posted = form_of(ada, person) | {"name": "New Name"}

        assert ada.post(address(person), posted).status_code == 302
        assert Person.objects.get().name == "New Name"


class TestEveryScreen:
    def test_has_the_sign_of_the_site_and_leads_to_the_second_factor(self):
        ada = signed_in("editor")

        html = ada.get(address(Person, "changelist")).content.decode()

        assert "dashboard/favicon.svg" in html
        assert "/second-factor/" in html
