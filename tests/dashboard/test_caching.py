import gzip
from datetime import date

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import RequestFactory

from talent.dashboard import caching
from talent.dashboard.caching import changes_with_record
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
URL = "/events/"


class TestKeptPages:
    def test_cost_one_query_until_the_record_changes(self, client, queries_of):
        EventFactory(published=True, person__name="Ada Invented")
        client.get(URL)

        assert queries_of(lambda: client.get(URL)) == 1
        EventFactory(published=True, person__name="Grace Madeup")
        assert b"Grace Madeup" in client.get(URL).content

    def test_say_the_same_as_when_they_were_made(self, client):
        EventFactory(published=True)
        made = client.get(URL)

        kept = client.get(URL)

        assert kept.content == made.content
        assert kept.headers == made.headers

    def test_are_not_mistaken_for_their_parts(self, client):
        EventFactory(published=True)
        part = {"HX-Request": "true", "HX-Target": "event-results"}
        whole = client.get(URL).content

        results = client.get(URL, headers=part).content
        again = client.get(URL, headers={**part, "HX-History-Restore-Request": "true"})

        assert b"<html" in whole
        assert b"<html" not in results
        assert b"<html" in again.content
        assert client.get(URL).content == whole

    def test_are_sent_compressed_to_who_reads_that(self, client):
        EventFactory(published=True)
        plain = client.get(URL)

        zipped = client.get(URL, headers={"Accept-Encoding": "br, gzip"})

        assert "Content-Encoding" not in plain.headers
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.content) == plain.content
        for header in ("HX-Request", "HX-Target", "Accept-Encoding"):
            assert header in zipped.headers["Vary"]

    def test_have_heads(self, client):
        EventFactory(published=True)
        page = client.get(URL)

        head = client.head(URL)

        assert head.content == b""
        assert head.headers["ETag"] == page.headers["ETag"]

    def test_are_made_anew_each_day(self, client, queries_of, monkeypatch):
        client.get(URL)

        monkeypatch.setattr(
            caching.timezone, "localdate", lambda: date(2030, 1, 1), raising=True
        )

        assert queries_of(lambda: client.get(URL)) > 1

    @pytest.mark.parametrize("query", ["kind=nonsense", "after=nowhere"])
    def test_are_no_refusals(self, client, query):
        refused = client.get(f"{URL}?{query}")

        assert refused.status_code == 400
        assert not kept_keys()

    def test_are_no_responses_with_cookies_nor_very_large_ones(self, monkeypatch):
        def with_cookie(request):
            response = HttpResponse("hello")
            response.set_cookie("who", "you")
            return response

        def large(request):
            return HttpResponse("hello")

        changes_with_record(with_cookie)(RequestFactory().get("/one/"))
        monkeypatch.setattr(caching, "LARGEST_KEPT", 4)
        answer = changes_with_record(large)(RequestFactory().get("/two/"))

        assert answer.content == b"hello"
        assert not kept_keys()


def kept_keys() -> list[str]:
    return list(caches["pages"]._cache)
