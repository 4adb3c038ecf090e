"""Charts and lists inside other sites' pages, live and frozen, and oEmbed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.text import slugify

from talent.dashboard import embeds_frozen
from talent.dashboard.embeds_found import found_at
from talent.dashboard.models import FrozenEmbed
from talent.insights.refresh import refresh_all
from talent.registry import curation, removals
from talent.registry.models import DealReading, Event, Wave
from tests.factories import (
    NOON,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    decided_by_two,
)

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
LATER = datetime(2026, 6, 1, tzinfo=UTC)
LINK = re.compile(r"<a [^>]*>")


def text_of(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def moved(name: str, to: str = "Alpha", **more) -> Event:
    return EventFactory(
        person__name=name,
        person__slug=slugify(name),
        organization=OrganizationFactory(name=to),
        published=True,
        **more,
    )


class TestEmbed:
    def test_may_be_framed_by_any_site_and_pages_by_none(self, client):
        moved("Ada Invented")

        embed, page = client.get("/embed/events/"), client.get("/events/")

        assert "frame-ancestors *" in embed["Content-Security-Policy"]
        assert "X-Frame-Options" not in embed
        assert embed["X-Robots-Tag"] == "noindex"
        assert not embed.cookies
        assert b"<script" not in embed.content
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"

    def test_shows_the_rows_of_its_page_and_no_draft(self, client):
        moved("Ada Invented", to="Alpha")
        moved("Bob Madeup", to="Beta")
        EventFactory(person__name="Dora Draft")
        company = Event.objects.get(person__name="Ada Invented").company.slug

        shown = text_of(client.get("/embed/events/", {"company": company}))

        assert "Ada Invented" in shown
        assert "Bob Madeup" not in shown
        assert "Dora Draft" not in text_of(client.get("/embed/events/"))
        assert f'href="{SITE}/events/?company={company}" target="_blank"' in shown

    @pytest.mark.parametrize(
        "address",
        [
            "/embed/charts/company-flows/?company=meta&span=all",
            "/embed/charts/reasons/",
            "/embed/corrections/",
            "/embed/deals/",
            "/embed/events/ruoming-pang-hire-apple-2021/",
            "/embed/moves/?company=meta",
            "/embed/reasons/",
            "/embed/people/ruoming-pang/",
            "/embed/search/?q=Pang",
            "/embed/stints/?company=meta",
            "/embed/timelines/meta/?span=60&lanes=all",
            "/zh-hans/embed/charts/seats-gap/",
        ],
    )
    def test_links_lead_out_of_the_frame_to_pages_that_are_there(
        self, client, starter_data, address
    ):
        answer = client.get(address)

        shown = answer.content.decode()
        links = LINK.findall(shown)
        source = re.search(rf'href="{SITE}([^"]*)" target', shown)
        assert answer.status_code == 200
        assert all('target="_blank" rel="noopener"' in link for link in links)
        assert found_at(unescape(f"{SITE}{source[1]}"))

    @pytest.mark.parametrize(
        ("address", "status", "says"),
        [
            ("/embed/events/?kind=nonsense", 400, "nonsense"),
            ("/embed/events/?nonsense=1", 400, "nonsense"),
            ("/embed/charts/nonsense/", 404, "nothing at this address"),
            ("/embed/people/nobody/", 404, "nothing at this address"),
            ("/embed/search/ada/", 404, "nothing at this address"),
            ("/embed/timelines/", 404, "nothing at this address"),
            ("/embed/timelines/nowhere/", 404, "nothing at this address"),
            ("/embed/moves/more/", 404, "nothing at this address"),
            ("/embed/frozen/nothing/", 404, "nothing at this address"),
        ],
    )
    def test_tells_in_the_frame_what_is_wrong(self, client, address, status, says):
        answer = client.get(address)

        assert answer.status_code == status
        assert says in text_of(answer)
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert len(answer.content) < 1500

    def test_tells_of_a_span_that_is_not_drawn(self, client):
        company = moved("Ada Invented").company

        answer = client.get(f"/embed/timelines/{company.slug}/?span=7")

        assert answer.status_code == 400
        assert "“7” is no span we draw" in text_of(answer)

    def test_draws_who_joined_a_company_or_left_it(self, client):
        company = moved("Ada Invented").company
        moved("Bob Madeup", to="Beta")
        refresh_all(at=NOON)

        shown = text_of(client.get(f"/embed/timelines/{company.slug}/?span=all"))

        assert "Alpha: people who joined or left" in shown
        assert "Ada Invented" in shown
        assert "Bob Madeup" not in shown
        assert 'class="axis"' in shown

    def test_shows_the_newest_corrections(self, client):
        event = moved("Ada Invented", title="Scientist")
        Event.objects.filter(pk=event.pk).update(title="Engineer")

        assert "Engineer" in text_of(client.get("/embed/corrections/"))

    def test_shows_whom_a_search_finds_and_nobody_under_another_text(self, client):
        moved("Ada Invented")

        found = text_of(client.get("/embed/search/?q=invented"))
        alike = text_of(client.get("/embed/search/?q=invented+liar"))

        assert "<b>Ada Invented</b>" in found
        assert "Ada Invented" not in alike

    def test_has_no_place_for_a_draft_or_who_was_removed(self, client):
        draft = EventFactory(person__slug="dora-draft")
        gone = moved("Ada Invented")
        removals.remove_person(gone.person, by=None, at=LATER)

        statuses = [
            client.get(f"/embed/{address}/").status_code
            for address in (
                f"people/{draft.person.slug}",
                f"events/{draft.slug}",
                "people/ada-invented",
                f"events/{gone.slug}",
            )
        ]

        assert statuses == [404, 404, 410, 410]

    def test_escapes_what_it_is_called(self, client):
        moved("Ada <script>alert(1)</script>")

        assert (
            b"<script>alert"
            not in client.get("/embed/people/ada-scriptalert1script/").content
        )

    def test_is_offered_as_html_to_copy(self, client):
        moved("Ada Invented")

        page = unescape(client.get("/events/?kind=hire").content.decode())

        assert f'<iframe src="{SITE}/embed/events/?kind=hire"' in unescape(page)


class TestFreezing:
    def freeze(self, client, of: str, **more):
        return client.post(reverse("dashboard:freezing"), {"of": of}, **more)

    def frozen(self, client, of: str) -> str:
        """The address of the embed that was kept."""
        kept = self.freeze(client, of)
        assert kept.status_code == 302, text_of(kept)
        return kept["Location"].replace("/frozen/", "/embed/frozen/")

    def test_keeps_what_was_shown_under_an_address_that_stays(self, client):
        event = moved("Ada Invented", title="Scientist")
        address = self.frozen(client, "/embed/events/")

        Event.objects.filter(pk=event.pk).update(title="Chief Scientist")
        again = self.frozen(client, "/embed/events/")

        assert "Scientist" in text_of(client.get(address))
        assert "Chief" not in text_of(client.get(address))
        assert "as it stood on" in text_of(client.get(address))
        assert again != address
        assert "Chief Scientist" in text_of(client.get(again))

    def test_keeps_the_same_once_and_counts_it_once(self, client, monkeypatch):
        moved("Ada Invented")
        monkeypatch.setattr(embeds_frozen, "AN_HOUR", 1)

        first, second = (self.frozen(client, "/embed/events/") for _ in range(2))

        assert first == second
        assert FrozenEmbed.objects.count() == 1

    def test_keeps_the_language_of_its_address(self, client):
        moved("Ada Invented")

        address = self.frozen(client, "/zh-hans/embed/events/")
        answer = client.get(address.replace("/zh-hans", ""))

        assert answer["Content-Language"] == "zh-hans"
        assert b'<html lang="zh-hans">' in answer.content

    def test_hides_what_was_withdrawn_and_says_so(self, client):
        event = moved("Ada Invented")
        moved("Bob Madeup")
        address = self.frozen(client, "/embed/events/")

        Event.objects.filter(pk=event.pk).update(status="withdrawn")
        shown = text_of(client.get(address))

        assert "Bob Madeup" in shown
        assert "Ada Invented" not in shown
        assert "1 part of what was frozen has left the record" in shown

    def test_hides_whom_a_timeline_may_no_longer_show(self, client):
        event = moved("Ada Invented")
        EventFactory(
            person__name="Bob Madeup", organization=event.organization, published=True
        )
        refresh_all(at=NOON)
        address = self.frozen(
            client, f"/embed/timelines/{event.company.slug}/?span=all"
        )

        Event.objects.filter(pk=event.pk).update(status="withdrawn")
        shown = text_of(client.get(address))

        assert "Bob Madeup" in shown
        assert "Ada Invented" not in shown
        assert 'class="axis"' in shown

    def test_hides_pay_that_was_withdrawn(self, client):
        package = PackageFactory(event=moved("Ada Invented"))
        ReadingFactory(package=package, low=123_000_000)
        moved("Bob Madeup")
        refresh_all(at=NOON)
        of_events = self.frozen(client, "/embed/events/")
        of_pay = self.frozen(client, "/embed/packages/")
        shown = text_of(client.get(of_events))

        with decided_by_two():
            curation.withdraw_package(package, at=NOON, by=None, reason="No.")

        assert "US$123M" in shown
        assert client.get(of_pay).status_code == 410
        assert "US$123M" not in text_of(client.get(of_events))
        assert "Bob Madeup" in text_of(client.get(of_events))

    def test_hides_a_company_that_is_no_longer_named(self, client):
        event = moved("Ada Invented", to="Zorgon")
        moved("Bob Madeup")
        refresh_all(at=NOON)
        addresses = [
            self.frozen(client, of)
            for of in (
                "/embed/search/?q=zorgon",
                f"/embed/charts/company-flows/?company={event.company.slug}&span=all",
                f"/embed/charts/stays/?a={event.company.slug}&b=all",
            )
        ]
        shown = [text_of(client.get(address)) for address in addresses]

        Event.objects.filter(pk=event.pk).update(status="withdrawn")

        assert all("Zorgon" in text for text in shown)
        assert {client.get(address).status_code for address in addresses} == {410}

    def test_hides_a_deal_that_was_deleted(self, client):
        deal = DealFactory()
        DealReading.objects.create(deal=deal, currency="USD", low=5_000_000)
        address = self.frozen(client, "/embed/deals/")

        deal.delete()

        assert client.get(address).status_code == 410

    def test_hides_a_wave_that_was_withdrawn(self, client):
        wave, _other = (
            Wave.objects.create(
                slug=slugify(title),
                title=title,
                first_day=NOON.date(),
                last_day=NOON.date(),
                status="published",
                published_at=NOON,
            )
            for title in ("Seven leave Harbour", "Three join Vale")
        )
        address = self.frozen(client, "/embed/waves/")

        Wave.objects.filter(pk=wave.pk).update(status="withdrawn")
        shown = text_of(client.get(address))

        assert "Three join Vale" in shown
        assert "Seven leave" not in shown

    def test_forgets_for_good_who_was_removed(self, client):
        ada = moved("Ada Invented").person
        moved("Bob Madeup")
        of_all = self.frozen(client, "/embed/events/")
        of_ada = self.frozen(client, "/embed/people/ada-invented/")

        removals.remove_person(ada, by=None, at=LATER)

        assert "Bob Madeup" in text_of(client.get(of_all))
        assert client.get(of_ada).status_code == 410
        kept = FrozenEmbed.objects.values_list("title", "page", "pieces")
        assert "Ada" not in str(list(kept))
        assert "ada" not in str(list(kept))

    def test_follows_somebody_who_was_merged(self, client):
        event = moved("Ada Invented")
        address = self.frozen(client, "/embed/people/ada-invented/")

        other = PersonFactory()
        moved("Bob Madeup", person=other)
        Event.objects.filter(pk=event.pk).update(person=other)
        type(other).objects.filter(pk=event.person_id).update(merged_into=other)

        assert client.get(address).status_code == 200

    @pytest.mark.parametrize("limit", ["AN_HOUR", "NETWORK_A_DAY", "A_DAY", "AT_MOST"])
    def test_stops_where_there_was_enough(self, client, monkeypatch, limit):
        monkeypatch.setattr(embeds_frozen, limit, 1)
        for name in ("Ada Invented", "Bob Madeup"):
            moved(name)
        self.frozen(client, "/embed/people/ada-invented/")

        refused = self.freeze(client, "/embed/people/bob-madeup/")

        assert "try again later" in text_of(refused)
        assert FrozenEmbed.objects.count() == 1

    @pytest.mark.parametrize(
        "of", ["", "/events/nothing/", "//evil.example/embed/events/", "/about/"]
    )
    def test_is_for_what_can_be_embedded(self, client, of):
        assert self.freeze(client, of).status_code == 404

    def test_counts_a_network_even_when_redis_is_empty(self, client, monkeypatch):
        monkeypatch.setattr(embeds_frozen, "AN_HOUR", 1)
        for name in ("Ada Invented", "Bob Madeup", "Cleo Feigned"):
            moved(name)
        self.frozen(client, "/embed/people/ada-invented/")
        cache.clear()

        of_bob, of_cleo = "/embed/people/bob-madeup/", "/embed/people/cleo-feigned/"
        here = self.freeze(client, of_bob)
        elsewhere = self.freeze(client, of_cleo, REMOTE_ADDR="192.0.2.7")

        assert "try again later" in text_of(here)
        assert elsewhere.status_code == 302

    def test_forgets_the_network_after_a_day(self, client):
        for name in ("Ada Invented", "Bob Madeup"):
            moved(name)
        self.frozen(client, "/embed/people/ada-invented/")
        FrozenEmbed.objects.update(frozen_at=LATER)

        self.frozen(client, "/embed/people/bob-madeup/")

        networks = FrozenEmbed.objects.order_by("frozen_at").values_list("network")
        assert [bool(network) for (network,) in networks] == [False, True]

    def test_is_not_for_the_forms_of_other_sites(self, client):
        refused = self.freeze(
            client, "/embed/events/", headers={"Sec-Fetch-Site": "cross-site"}
        )

        assert refused.status_code == 403

    def test_keeps_nothing_that_is_empty(self, client):
        assert "nothing in it" in text_of(self.freeze(client, "/embed/events/"))


class TestOEmbed:
    def ask(self, client, path: str, **more):
        return client.get("/oembed", {"url": f"{SITE}{path}", **more})

    def test_answers_with_a_frame_of_the_size_asked_for(self, client):
        moved("Ada Invented")

        answer = self.ask(client, "/people/ada-invented/", maxwidth=400, maxheight=200)

        said = answer.json()
        assert (said["version"], said["type"]) == ("1.0", "rich")
        assert (said["width"], said["height"]) == (400, 200)
        assert f'src="{SITE}/embed/people/ada-invented/"' in said["html"]
        assert answer["Access-Control-Allow-Origin"] == "*"

    def test_speaks_the_language_of_the_address(self, client):
        moved("Ada Invented")

        english = self.ask(client, "/events/?kind=hire&after=x").json()
        chinese = self.ask(client, "/zh-hans/events/?kind=hire").json()

        assert f'src="{SITE}/embed/events/?kind=hire"' in english["html"]
        assert f'src="{SITE}/zh-hans/embed/events/?kind=hire"' in chinese["html"]
        assert english["title"] != chinese["title"]

    def test_is_xml_where_that_is_asked_for(self, client):
        moved("Ada <&> \x01Invented")

        answer = self.ask(client, "/people/ada-invented/", format="xml")

        root = ElementTree.fromstring(answer.content)
        assert answer["Content-Type"].startswith("text/xml")
        assert "Ada <&> Invented" in root.findtext("title")
        assert root.findtext("html").startswith("<iframe ")

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ({}, 400),
            ({"url": f"{SITE}/events/", "maxwidth": "0"}, 400),
            ({"url": f"{SITE}/events/", "maxheight": "²"}, 400),
            ({"url": f"{SITE}/events/?kind=nonsense"}, 400),
            ({"url": f"{SITE}/about/"}, 404),
            ({"url": f"{SITE}/people/nobody/"}, 404),
            ({"url": "http://evil.example/events/"}, 404),
            ({"url": f"{SITE}@evil.example/events/"}, 404),
            ({"url": "http://[evil/events/"}, 404),
            ({"url": "javascript:alert(1)"}, 404),
            ({"url": f"{SITE}/events/", "format": "yaml"}, 501),
        ],
    )
    def test_refuses_as_the_standard_says(self, client, query, status):
        assert client.get("/oembed", query).status_code == status

    def test_is_found_on_the_page(self, client):
        moved("Ada Invented")
        page = client.get("/zh-hans/people/ada-invented/").content.decode()

        link = re.search(r'type="application/json\+oembed" href="([^"]*)"', page)[1]
        said = client.get(unescape(link).removeprefix(SITE)).json()

        assert "/zh-hans/embed/people/ada-invented/" in said["html"]
