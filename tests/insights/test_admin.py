"""The log of the refreshes at the desk: everybody there may read it, nobody writes it."""

import pytest

from talent.insights.models import Refresh
from tests.factories import NOON
from tests.registry.curators import address, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return Refresh.objects.create(
        scope="all",
        outcome="stopped",
        started_at=NOON,
        seconds=12.345,
        people=7,
        stints=30,
        moves=12,
        message="insights_stint would lose 3 of 4 rows.",
    )


class TestTheLog:
    def test_tells_how_each_run_went(self, run):
        html = signed_in("editor").get(address(Refresh, "changelist")).content.decode()

        for told in ("everything", "stopped", "12.35", ">7<", ">42<", "would lose 3"):
            assert told in html, told

    def test_shows_a_run_without_a_field_to_type_in(self, run):
        html = signed_in("publisher").get(address(run)).content.decode()

        assert "would lose 3 of 4 rows" in html
        assert 'name="message"' not in html

    def test_takes_no_change(self, run):
        curator = signed_in("publisher")

        answers = [
            curator.get(address(Refresh, "add")),
            curator.post(address(run), {"message": "fine"}),
            curator.post(address(run, "delete"), {"post": "yes"}),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert Refresh.objects.get().message.startswith("insights_stint")
