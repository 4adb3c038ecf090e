"""The list of feeds at the desk: who may change it, and what it says."""

import pytest
from django.urls import reverse
from django.utils import timezone

from talent.intake import fetching
from talent.intake.models import Feed
from tests.common.test_http import reply
from tests.intake.newsstand import NOON, feed_at, item, rss
from tests.registry.curators import edit, errors, signed_in, told

pytestmark = pytest.mark.django_db

LIST = "admin:intake_feed_changelist"


def act(client, action, *feeds):
    chosen = {"action": action, "_selected_action": [feed.pk for feed in feeds]}
    return client.post(reverse(LIST), chosen)


class TestFeed:
    def test_is_kept_in_its_normal_form_and_asked_at_once(self):
        edit(
            signed_in("editor"),
            Feed,
            name="Gazette",
            url="HTTPS://A.example/feed?utm_source=x",
            is_on="on",
        )

        feed = Feed.objects.get()
        assert feed.url == "https://a.example/feed"
        assert feed in Feed.objects.due(at=timezone.now())

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "a.example", "javascript:1"])
    def test_is_an_address_of_the_web(self, url):
        response = edit(signed_in("editor"), Feed, name="Gazette", url=url)

        assert "is not a web address" in errors(response)[0]

    def test_at_another_address_is_asked_as_if_for_the_first_time(self):
        feed = feed_at("https://a.example/feed", etag="x", failures=5)

        edit(signed_in("editor"), feed, url="https://b.example/feed")

        feed.refresh_from_db()
        assert (feed.etag, feed.failures) == ("", 0)

    def test_has_a_history(self):
        client = signed_in("editor", username="ada")
        feed = feed_at("https://a.example/feed")

        edit(client, feed, name="Evening Post")

        page = client.get(reverse("admin:intake_feed_history", args=[feed.pk]))
        assert "Evening Post" in page.content.decode()
        assert "ada" in page.content.decode()

    def test_is_asked_again_without_a_line_in_its_history(self):
        feed = feed_at("https://a.example/feed")

        Feed.objects.filter(pk=feed.pk).update(outcome="nothing", failures=3)

        assert feed.history.count() == 1


class TestFeedList:
    def test_tells_apart_what_went_how(self):
        feed_at("https://a.example/1", outcome="nothing", said="Unchanged.")
        feed_at("https://a.example/2", outcome="failed", said="It took too long.")
        feed_at("https://a.example/3")

        page = signed_in("editor").get(reverse(LIST)).content.decode()

        assert "<b>· nothing new</b> Unchanged." in page
        assert "<b>✗ could not fetch</b> It took too long." in page
        assert "<b>? never fetched</b> Nobody knows yet whether it answers" in page

    def test_switches_on_and_off(self):
        client, feed = signed_in("editor"), feed_at("https://a.example/1", is_on=False)

        assert told(act(client, "switch_on", feed)) == ["1 feed switched on."]
        feed.refresh_from_db()
        assert feed.is_on

        act(client, "switch_off", feed)
        feed.refresh_from_db()
        assert not feed.is_on

    def test_fetches_now_and_says_how_it_went(self):
        feed = feed_at("http://127.0.0.1/feed")

        assert told(act(signed_in("editor"), "fetch_now", feed)) == [
            "Gazette: could not fetch. 127.0.0.1 is not a public address."
        ]

    def test_takes_up_the_suggested_feeds_switched_off_and_once(self):
        client, url = signed_in("editor"), reverse("admin:intake_feed_suggest")

        client.post(url)
        count = Feed.objects.count()
        again = client.post(url)

        assert count > 10
        assert not Feed.objects.due(at=NOON.replace(year=2100)).exists()
        assert (
            told(again)[-1]
            == "0 suggested feeds added: switched off, and never fetched yet."
        )
        assert Feed.objects.count() == count

    def test_switched_on_a_suggested_feed_is_fetched_and_no_more_called_new(
        self, server, door
    ):
        """Of the suggested ones nobody knows whether they answer; this one does."""
        client = signed_in("editor")
        client.post(reverse("admin:intake_feed_suggest"))
        feed = Feed.objects.by_name().first()
        Feed.objects.filter(pk=feed.pk).update(url=server.url("/feed"))
        today = f"{timezone.now():%a, %d %b %Y}"
        server.replies["/feed"] = reply(rss(item(day=today)))
        before = client.get(reverse(LIST)).content.decode().count("never fetched</b>")

        act(client, "switch_on", feed)
        fetching.fetch_due(at=timezone.now(), door=door)

        page = client.get(reverse(LIST)).content.decode()
        assert before == Feed.objects.count()
        assert page.count("never fetched</b>") == before - 1
        assert "<b>✓ new articles</b> 1 new article." in page

    def test_is_for_curators(self, client):
        assert client.get(reverse(LIST)).status_code == 302
        assert client.post(reverse("admin:intake_feed_suggest")).status_code == 302
