"""The status page says how old and how complete the numbers are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from config import prepare
from talent.insights.models import Refresh
from talent.insights.refresh import refresh_all
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


def page(client) -> str:
    return " ".join(client.get(reverse("dashboard:status")).content.decode().split())


class TestStatus:
    def test_says_when_the_numbers_were_computed(self, client):
        EventFactory(published=True)
        refresh_all(at=NOW)

        assert "Numbers as of 2 March 2026, 09:05 UTC." in page(client)

    def test_says_who_waits(self, client):
        EventFactory(published=True)

        html = page(client)

        assert "have not been computed yet" in html
        assert "1 person was changed since" in html

    def test_does_not_hide_a_run_that_stopped(self, client):
        Refresh.objects.create(scope="all", outcome="stopped", started_at=NOW)

        assert "did not end well" in page(client)

    def test_counts_what_is_published_and_no_draft(self, client):
        EventFactory(published=True)
        EventFactory(published=True, standing="rumoured")
        EventFactory()

        html = page(client)

        assert 'Published events</th><td class="number">2</td>' in html
        assert 'reported or confirmed</th><td class="number">1</td>' in html

    def test_counts_the_rest_with_each_refresh_of_everything(self, client):
        event = EventFactory(published=True)
        EventFactory(person__name="Draft Person")
        before = page(client)

        refresh_all(at=NOW)

        assert 'People</th><td class="number">–</td>' in before
        assert 'People</th><td class="number">1</td>' in page(client)
        assert 'without a source</th><td class="number">1</td>' in page(client)
        assert event.source_count == 0

    def test_counts_the_rest_at_the_first_start(self, client):
        EventFactory(published=True)

        prepare.refresh()

        assert ">–<" not in page(client).partition("Last computations")[0]
        prepare.refresh()
        assert Refresh.objects.count() == 1

    def test_costs_as_many_queries_for_ten_events_as_for_three(
        self, client, queries_of
    ):
        EventFactory.create_batch(3, published=True)
        with_few = queries_of(lambda: page(client))

        EventFactory.create_batch(7, published=True)

        assert queries_of(lambda: page(client)) == with_few
