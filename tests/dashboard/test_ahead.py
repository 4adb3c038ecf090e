from io import StringIO

import pytest
from django.core.cache import cache, caches
from django.core.management import call_command

from talent.dashboard import ahead, caching
from tests.factories import EventFactory, PersonFactory

pytestmark = pytest.mark.django_db
# Two are enough to see it, one of them under a query.
FEW = (("dashboard:event_list", ""), ("dashboard:event_list", "sort=oldest"))


@pytest.fixture(autouse=True)
def few_pages(monkeypatch):
    monkeypatch.setattr(caching, "SHARED", FEW)
    caching.shared_addresses.cache_clear()
    cache.clear()
    yield
    cache.clear()
    caching.shared_addresses.cache_clear()


def another_process() -> None:
    caches["pages"].clear()


class TestDrawPages:
    def test_leaves_the_pages_to_be_taken_by_every_process(self, client, queries_of):
        EventFactory(published=True, person__name="Ada Invented")

        drawn = ahead.draw_pages()
        another_process()

        assert drawn == len(FEW) * 2  # languages
        for address in ("/events/", "/events/?sort=oldest", "/zh-hans/events/"):
            assert queries_of(lambda asked=address: client.get(asked)) == 1, address
        assert b"Ada Invented" in client.get("/events/").content

    def test_gives_what_a_reader_would_have_been_given(self, client):
        EventFactory(published=True)
        ahead.draw_pages()
        drawn = client.get("/events/")

        cache.clear()
        another_process()

        made = client.get("/events/")
        assert drawn.content == made.content
        assert drawn.headers == made.headers

    def test_draws_again_once_the_record_has_changed(self, client):
        person = PersonFactory(name="Ada Invented")
        EventFactory(published=True, person=person)
        ahead.draw_pages()
        assert ahead.draw_pages() == 0

        EventFactory(published=True, person__name="Grace Madeup")
        another_process()

        assert b"Grace Madeup" in client.get("/events/").content
        assert ahead.draw_pages() > 0

    def test_fills_what_redis_lost(self, client, queries_of):
        EventFactory(published=True)
        ahead.draw_pages()
        cache.clear()

        ahead.draw_pages()
        another_process()

        assert queries_of(lambda: client.get("/events/")) == 1

    def test_is_a_command_too(self):
        said = StringIO()

        call_command("draw_pages", stdout=said)

        assert said.getvalue() == "4 pages drawn.\n"


class TestShared:
    @pytest.mark.parametrize(
        ("address", "headers"),
        [
            ("/events/?q=ada", {}),
            ("/events/", {"HX-Request": "true", "HX-Target": "event-results"}),
            ("/events/", {"HX-Target": "anything a client makes up"}),
        ],
    )
    def test_are_few_addresses_and_whole_pages_alone(
        self, client, queries_of, address, headers
    ):
        EventFactory(published=True)
        client.get(address, headers=headers)
        another_process()

        made_again = queries_of(lambda: client.get(address, headers=headers))

        assert made_again > 1
