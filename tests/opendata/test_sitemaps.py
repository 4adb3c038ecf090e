"""The sitemap and robots.txt: every public page, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import resolve
from django.utils.translation import get_language_from_path, override

from talent.opendata import sitemaps
from talent.registry.models import Event
from tests.factories import EventFactory, PackageFactory, PersonFactory

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def read(client, address: str) -> dict[str, str | None]:
    """Addresses, each with its lastmod."""
    answer = client.get(address.removeprefix(SITE))
    assert answer.status_code == 200, address
    body = answer.getvalue() if answer.streaming else answer.content
    root = ElementTree.fromstring(body)
    return {
        each.findtext("s:loc", namespaces=NAMESPACE): each.findtext(
            "s:lastmod", namespaces=NAMESPACE
        )
        for each in root
    }


def whole(client) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for address in read(client, "/sitemap.xml"):
        found |= read(client, address)
    return found


class TestSitemap:
    def test_names_every_page_in_both_languages(self, client):
        event = EventFactory(published=True)
        paid = PackageFactory(person=PersonFactory(), status="published")

        found = whole(client)

        for row in (event, event.person, event.organization, paid.person):
            assert f"{SITE}{row.get_absolute_url()}" in found
            assert f"{SITE}/zh-hans{row.get_absolute_url()}" in found
        for address in found:
            path = address.removeprefix(SITE)
            with override(get_language_from_path(path) or "en"):
                assert resolve(path), address

    def test_names_no_draft_nor_what_was_withdrawn(self, client):
        draft = EventFactory()
        withdrawn = EventFactory(published=True)
        Event.objects.filter(pk=withdrawn.pk).update(status="withdrawn")

        found = " ".join(whole(client))

        for event in (draft, withdrawn):
            assert event.slug not in found
            assert event.person.slug not in found

    def test_says_when_a_person_s_page_changed(self, client):
        event = EventFactory(published=True)
        at = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
        Event.objects.filter(pk=event.pk).update(updated_at=at)

        found = whole(client)

        said = "2031-05-06T07:08:09Z"
        assert found[f"{SITE}{event.person.get_absolute_url()}"] == said
        assert found[f"{SITE}{event.get_absolute_url()}"] == said
        assert found[f"{SITE}{event.organization.get_absolute_url()}"] is None

    def test_takes_one_query_for_a_file_and_parts_them_by_key(
        self, queries_of, monkeypatch
    ):
        events = EventFactory.create_batch(3, published=True)
        monkeypatch.setattr(sitemaps, "PAGES_A_FILE", 1)
        part = sitemaps.PARTS["events"]

        numbers = part.ranges()
        files = {n: "".join(sitemaps.file_lines(part, n)) for n in numbers}

        assert [text.count("<loc>") for text in files.values()] == [2, 2, 2]
        assert events[0].slug in files[events[0].pk]
        assert queries_of(lambda: list(sitemaps.file_lines(part, events[0].pk))) == 1

    @pytest.mark.parametrize(
        "part",
        [
            *("events-9223372036854775807", "nonsense-0"),
            *("people-999999", "organizations-999999", "events-999999"),
        ],
    )
    def test_has_no_such_file(self, client, part):
        EventFactory(published=True)

        assert client.get(f"/sitemaps/{part}.xml").status_code == 404


class TestRobots:
    def test_keeps_crawlers_from_filters_and_secrets(self, client):
        text = client.get("/robots.txt").content.decode()

        rules = RobotFileParser()
        rules.parse(text.splitlines())
        assert f"Sitemap: {SITE}/sitemap.xml" in text
        assert "Disallow: /*?\n" in text
        assert rules.can_fetch("Anybot", f"{SITE}/people/ada/")
        for secret in ("/subscribe/settings/token/", "/zh-hans/tips/token/"):
            assert not rules.can_fetch("Anybot", f"{SITE}{secret}")
            assert not rules.can_fetch("Twitterbot", f"{SITE}{secret}")
        assert rules.can_fetch("Twitterbot", f"{SITE}/events/?company=alpha")

    def test_does_not_tell_where_the_desk_is(self, client):
        text = client.get("/robots.txt").content.decode()

        assert settings.ADMIN_PATH.strip("/") not in text
