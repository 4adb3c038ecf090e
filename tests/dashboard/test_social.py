"""What pages tell search engines and other sites: addresses, languages, cards, JSON-LD."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest
from django.conf import settings

from talent.common import pictures
from talent.dashboard import social_cards
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
)
from tests.insights.stays_there import read_again

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>')


def page_of(client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def meta(page: str, name: str) -> str:
    return re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)"', page)[1]


def links(page: str, rel: str) -> dict[str, str]:
    """Addresses by language, "" for none."""
    found = re.findall(
        rf'<link rel="{rel}"(?: hreflang="([\w-]+)")? href="([^"]*)"', page
    )
    return dict(found)


def structured(client, address: str) -> dict[str, dict]:
    """By type."""
    texts = DATA.findall(client.get(address).content.decode())
    said = [json.loads(text) for text in texts]
    assert all(each["@context"] == "https://schema.org" for each in said)
    return {each["@type"]: each for each in said}


@pytest.fixture
def ada():
    person = PersonFactory(name="Ada Invented", name_zh="艾达", slug="ada")
    alpha, beta = (OrganizationFactory(name=name) for name in ("Alpha", "Beta"))
    common = {"person": person, "published": True, "standing": "confirmed"}
    hire = {
        "happened_on": date(2024, 7, 1),
        "precision": "quarter",
        "title": "Chief <Scientist>",
    }
    EventFactory(organization=alpha, **hire, **common)
    leaving = {"kind": "departure", "happened_on": date(2025, 3, 9)}
    left = EventFactory(organization=alpha, **leaving, **common)
    CitationFactory(event=left, source__url="https://news.example/left")
    EventFactory(
        organization=beta, happened_on=date(2025, 4, 1), precision="month", **common
    )
    EventFactory(
        person=person,
        organization__name="Rumour",
        standing="rumoured",
        happened_on=date(2025, 9, 9),
        published=True,
    )
    return person


class TestHead:
    @pytest.mark.parametrize(
        ("address", "canonical"),
        [
            ("/", "/"),
            ("/?period=week", "/"),
            (
                "/events/?kind=&utm_source=x&until=2025&since=2024",
                "/events/?since=2024&until=2025",
            ),
            ("/moves/?period=12&utm_medium=x", "/moves/"),
            ("/pay/?by=company", "/pay/?by=company"),
            ("/people/ada/?page=2", "/people/ada/"),
        ],
    )
    def test_names_one_address_in_each_language(self, client, ada, address, canonical):
        chinese = f"/zh-hans{address}"

        for asked, here in ((address, canonical), (chinese, f"/zh-hans{canonical}")):
            page = page_of(client, asked)

            assert links(page, "canonical") == {"": f"{SITE}{here}"}
            assert links(page, "alternate")["en"] == f"{SITE}{canonical}"
            assert links(page, "alternate")["zh-Hans"] == f"{SITE}/zh-hans{canonical}"
            assert links(page, "alternate")["x-default"] == f"{SITE}{canonical}"

    def test_leaves_the_place_in_a_list_out(self, client):
        event = EventFactory(published=True)
        place = f"newest-{event.recency}.{event.pk}"

        page = page_of(client, f"/events/?before={place}")

        assert links(page, "canonical") == {"": f"{SITE}/events/"}

    @pytest.mark.parametrize(
        "address", ["/nothing/here/", "/people/nobody/", "/digests/mail/token/"]
    )
    def test_says_nothing_of_errors_and_secret_addresses(self, client, address):
        page = page_of(client, address)

        assert "canonical" not in page
        assert "og:url" not in page

    def test_shows_a_card_with_the_page(self, client, ada):
        page = page_of(client, "/people/ada/")

        assert meta(page, "og:title") == "Ada Invented 艾达"
        assert meta(page, "og:url") == f"{SITE}/people/ada/"
        assert meta(page, "og:image").startswith(f"{SITE}/cards/people/ada/")
        assert meta(page, "og:image:alt").startswith("Ada Invented")
        assert meta(page, "twitter:card") == "summary_large_image"
        assert meta(page_of(client, "/about/"), "og:image").startswith(
            f"{SITE}/cards/site/site/"
        )


class TestCard:
    @pytest.fixture
    def drawn(self, monkeypatch) -> list[str]:
        """What was drawn, without the quarter of a second that drawing takes."""
        # Draws too, once in a process, to see which fonts there are.
        pictures.can_write(), pictures.can_write_chinese()
        said: list[str] = []

        def draw(svg: str, **_options) -> bytes:
            said.append(svg)
            return b"png"

        monkeypatch.setattr(pictures, "as_picture", draw)
        pictures.drawn_at.clear()
        return said

    def card_of(self, client, address: str) -> str:
        return meta(page_of(client, address), "og:image").removeprefix(SITE)

    def test_is_a_picture_of_the_size_that_was_said(self, client, ada):
        answer = client.get(self.card_of(client, "/people/ada/"))

        assert answer["Content-Type"] == "image/png"
        assert answer.content[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)
        assert "max-age" in answer["Cache-Control"]
        assert not answer.cookies

    def test_has_the_address_its_page_says(self, client, ada, drawn):
        read_again()
        event = ada.events.get(kind="departure")
        addresses = ["/people/ada/", f"/organizations/{event.organization.slug}/"]
        for address in (*addresses, event.get_absolute_url(), "/about/"):
            card = self.card_of(client, f"/zh-hans{address}")

            assert client.get(card).status_code == 200, address

        assert "Alpha" in drawn[0]
        assert "2025" in drawn[0]

    def test_has_another_address_when_it_says_something_else(self, client, ada, drawn):
        before = self.card_of(client, "/people/ada/")
        ada.events.filter(kind="departure").update(happened_on=date(2025, 2, 2))

        moved = client.get(before)

        assert moved.status_code == 302
        assert moved["Location"] == self.card_of(client, "/people/ada/") != before
        assert not drawn

    def test_marks_what_is_only_a_rumour(self, client, ada, drawn):
        rumour = ada.events.get(standing="rumoured")

        client.get(self.card_of(client, rumour.get_absolute_url()))

        assert ">rumoured</text>" in drawn[0].lower()

    @pytest.mark.parametrize("kind", ["people", "organizations", "events", "nonsense"])
    def test_is_not_there_for_drafts(self, client, drawn, kind):
        draft = EventFactory(
            slug="draft", person__slug="draft", organization__slug="draft"
        )

        answer = client.get(f"/cards/{kind}/draft/0.png")

        assert draft.status == "draft"
        assert answer.status_code == 404

    def test_gives_way_where_too_many_are_asked_for(
        self, client, ada, drawn, monkeypatch
    ):
        monkeypatch.setattr(pictures, "A_MINUTE", 0)

        answer = client.get(self.card_of(client, "/people/ada/"))

        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert not drawn

    def test_is_drawn_in_english_where_no_font_has_chinese(
        self, client, ada, drawn, monkeypatch
    ):
        monkeypatch.setattr(social_cards, "can_write_chinese", lambda: False)

        answer = client.get(self.card_of(client, "/zh-hans/people/ada/"))

        assert answer.status_code == 200
        assert drawn[0].isascii() or not re.search("[\u4e00-\u9fff]", drawn[0])

    def test_escapes_names(self, client, drawn):
        EventFactory(
            person__name="</text><script>Ada", person__slug="ada", published=True
        )

        client.get(self.card_of(client, "/people/ada/"))

        assert "<script>" not in drawn[0]


class TestStructuredData:
    def test_of_a_person_has_roles_with_their_dates(self, client, ada):
        said = structured(client, "/zh-hans/people/ada/")

        person = said["Person"]
        (ended,), (going_on,) = person["alumniOf"], person["worksFor"]
        assert person["@id"] == f"{SITE}/people/ada/#person"
        assert person["alternateName"] == ["艾达"]
        assert ended["@type"] == "OrganizationRole"
        assert ended["alumniOf"]["name"] == "Alpha"
        assert ended["roleName"] == "Chief <Scientist>"
        assert (ended["startDate"], ended["endDate"]) == ("2024", "2025-03-09")
        assert (going_on["startDate"], "endDate" in going_on) == ("2025-04", False)
        assert going_on["description"]
        assert person["subjectOf"][0]["url"] == "https://news.example/left"
        assert "Rumour" not in json.dumps(said)
        assert said["BreadcrumbList"]["itemListElement"][1]["position"] == 2

    def test_of_an_event_is_about_what_counts(self, client, ada):
        departure = ada.events.get(kind="departure")
        rumour = ada.events.get(standing="rumoured")

        counted = structured(client, departure.get_absolute_url())["WebPage"]
        rumoured = structured(client, rumour.get_absolute_url())

        role = counted["about"]["alumniOf"]
        assert (role["endDate"], role["alumniOf"]["name"]) == ("2025-03-09", "Alpha")
        assert counted["citation"][0]["url"] == "https://news.example/left"
        assert list(rumoured) == ["BreadcrumbList"]

    def test_of_an_organization_names_its_people(self, client, ada):
        read_again()
        alpha = ada.events.get(kind="departure").organization

        said = structured(client, alpha.get_absolute_url())["Organization"]

        (member,) = said["alumni"]
        assert member["alumni"]["name"] == "Ada Invented"
        assert (member["startDate"], member["endDate"]) == ("2024", "2025-03-09")

    def test_of_the_site_says_how_to_search_it(self, client):
        said = structured(client, "/")["WebSite"]

        target = said["potentialAction"]["target"]["urlTemplate"]
        assert target == f"{SITE}/search/?q={{search_term_string}}"

    def test_of_the_data_says_where_it_is(self, client):
        said = structured(client, "/data/")["Dataset"]

        files = {each["contentUrl"] for each in said["distribution"]}
        assert said["license"].startswith("https://creativecommons.org/")
        assert f"{SITE}/data/events.csv" in files

    def test_cannot_be_left_by_a_name(self, client):
        EventFactory(
            person__name="</script><b>Ada<!--", person__slug="ada", published=True
        )

        said = structured(client, "/people/ada/")
        text = client.get("/people/ada/").content.decode()

        assert said["Person"]["name"] == "</script><b>Ada<!--"
        assert "</script><b>" not in text
