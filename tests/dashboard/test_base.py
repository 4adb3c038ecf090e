"""What every public page promises: readable colours, no inline code, no cookies."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.urls import reverse

from talent.dashboard.templatetags.wording import address
from tests.factories import CitationFactory, EventFactory

CSS = Path("talent/dashboard/static/dashboard/base.css").read_text()
LIGHT, DARK_BY_SYSTEM, DARK_BY_SWITCH = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))
    for block in (
        re.search(r"^:root \{(.*?)\}", CSS, re.M | re.S)[1],
        re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', CSS, re.S)[1],
        re.search(r'^:root\[data-theme="dark"\] \{(.*?)\}', CSS, re.M | re.S)[1],
    )
)
TEXT = ("ink", "ink-soft", "accent", "arrival", "departure")


def luminance(colour: str) -> float:
    """Relative luminance, as the Web Content Accessibility Guidelines define it."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK_BY_SYSTEM], ids=["light", "dark"])
class TestColours:
    @pytest.mark.parametrize("paper", ["paper", "paper-deep"])
    @pytest.mark.parametrize("text", TEXT)
    def test_of_text_stand_out(self, colours, text, paper):
        assert contrast(colours[text], colours[paper]) >= 4.5

    def test_of_control_outlines_stand_out(self, colours):
        assert contrast(colours["edge"], colours["paper"]) >= 3


class TestDarkMode:
    def test_is_the_same_by_switch_as_by_system(self):
        assert DARK_BY_SYSTEM == DARK_BY_SWITCH

    def test_gives_every_colour_but_the_seats_a_dark_twin(self):
        own = {name for name in LIGHT if not name.startswith("seat-")}

        assert own == set(DARK_BY_SYSTEM)


class TestAddress:
    def test_is_what_the_model_says(self, db):
        event = EventFactory()

        for row in (event, event.person, event.organization):
            assert address(row) == row.get_absolute_url()


def tags_of(html: str) -> list[tuple[str, list[str]]]:
    """Each tag with the names of its attributes, as a browser would read them."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            found.append((tag, [name for name, _value in attrs]))

    Reader().feed(html)
    return found


@pytest.fixture
def pages(db) -> list[str]:
    event = EventFactory(
        published=True,
        happened_on=date(2025, 7, 7),
        person__name='<script>alert("p")</script>',
        organization__name='"><img src=x onerror=alert(1)>',
        title="<b onclick=alert(2)>",
    )
    CitationFactory(event=event, states="<style>*{}</style>", source__title="<i>")
    return [
        reverse("dashboard:home"),
        reverse("dashboard:search") + "?q=%3Cscript%3Ealert",
        reverse("dashboard:about"),
        event.get_absolute_url(),
        "/no/such/page/",
    ]


class TestEveryPage:
    def test_runs_no_inline_code_and_shows_hostile_text_as_text(self, client, pages):
        for page in pages:
            html = client.get(page).content.decode()
            # Data for programs, which no browser runs.
            html = html.replace('<script type="application/ld+json">', "<data>")
            tags = tags_of(html)

            assert not {"style", "img", "i", "font"} & {tag for tag, _names in tags}
            assert all("src" in names for tag, names in tags if tag == "script"), page
            names = {name for _tag, names in tags for name in names}
            assert not {n for n in names if n == "style" or n.startswith("on")}, page

    def test_sets_no_cookie_and_does_not_vary_by_one(self, client, pages):
        for page in pages:
            response = client.get(page)

            assert not response.cookies, page
            # The front door asks whether a language was chosen: config/languages.py.
            if page != reverse("dashboard:home"):
                assert "cookie" not in response.get("Vary", "").lower(), page

    def test_says_its_language_has_one_heading_and_a_way_past_the_header(
        self, client, pages
    ):
        for page in pages:
            html = client.get(page).content.decode()

            assert '<html lang="en">' in html
            assert html.count("<h1") == 1, page
            assert 'href="#main"' in html
            assert 'id="main"' in html

    def test_names_the_licence_the_release_and_the_way_to_a_correction(
        self, client, pages
    ):
        html = client.get(pages[0]).content.decode()

        assert "creativecommons.org/licenses/by/4.0/" in html
        assert "Recorded public moves, not a census" in html
        assert reverse("intake:correct") in html
        assert reverse("dashboard:corrections") in html
        assert re.search(r"Release \d+", html)

    def test_answers_unchanged_until_the_record_changes(self, client, pages):
        for page in pages[:-1]:
            etag = client.get(page)["ETag"]

            assert client.get(page, headers={"If-None-Match": etag}).status_code == 304
        EventFactory(published=True)
        assert client.get(pages[0], headers={"If-None-Match": etag}).status_code == 200
