"""Every public page in a real browser: readable, reachable, within its width, quiet."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import Inspector
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.browser

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@pytest.fixture
def record(starter_data: None) -> None:
    """The starter data, and an event whose every text is hostile or too long."""
    event = EventFactory(
        published=True,
        slug="hostile",
        person__name=f"<script>alert(1)</script> {LONG}",
        person__name_zh="某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某",
        organization__name=LONG * 2,
        counterpart=OrganizationFactory(name="<img src=x onerror=alert(2)>"),
        title=LONG,
        summary=LONG * 4,
        disagreement=f'<style>*{{display:none}}</style> "{LONG}"',
    )
    CitationFactory(
        event=event, states=LONG * 3, source__url=f"https://news.example/{LONG * 5}"
    )


@pytest.fixture
def few(transactional_db: None) -> None:
    """A hire and a departure of one person."""
    ada = PersonFactory(
        name="Ada Invented", slug="ada", name_zh="龙艾达", other_names=["Invented Ada"]
    )
    EventFactory(published=True, person=ada)
    EventFactory(published=True, person=ada, departure=True)


def public_pages() -> list[str]:
    """One of each sort; short ones, because axe looks at every element."""
    return [
        reverse("dashboard:home"),
        reverse("dashboard:event_list") + "?person=noam-shazeer",
        reverse("dashboard:event", args=["ruoming-pang-hire-meta-2025"]),
        reverse("dashboard:event", args=["hostile"]),
        reverse("dashboard:person", args=["noam-shazeer"]),
        reverse("dashboard:organization", args=["tbd-lab"]),
        reverse("dashboard:search") + "?q=an",
        reverse("dashboard:about"),
        reverse("dashboard:moves"),
        reverse("dashboard:move_list") + "?from=openai&to=meta",
        reverse("dashboard:stays"),
        reverse("dashboard:stint_list") + "?company=tbd-lab",
        reverse("dashboard:pay"),
        reverse("dashboard:pay_packages") + "?company=openai",
        reverse("dashboard:pay_deals"),
        reverse("dashboard:seats"),
        reverse("dashboard:wave_list"),
        reverse("dashboard:status"),
        reverse("opendata_pages:data"),
        reverse("dashboard:event_list") + "?kind=theft",
        "/people/nobody-known/",
    ]


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator:
    contexts = []

    def opened(path: str, **options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


# Each page is loaded once and looked at twice: what depends on neither is the same.
LOOKS = [("light", 1280), ("dark", 360)]


class TestEveryPage:
    def test_is_accessible_fits_its_width_and_complains_of_nothing(
        self, record, open_page
    ):
        page = open_page("/about/")
        complaints: list[str] = []
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if message.type == "error" else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        found = {}
        for path in public_pages():
            complaints.clear()
            page.goto(path)
            inspector = Inspector(page)
            for scheme, width in LOOKS:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("document.documentElement.scrollWidth") - width
                violations = inspector.violations()
                # The status of a 400 or 404 page is all a browser may remark on.
                remarks = [text for text in complaints if "status of 40" not in text]
                if violations or wide > 0 or remarks:
                    found[path, scheme, width] = (violations, wide, remarks)

        assert found == {}


class TestSearchBox:
    def test_lists_people_while_one_types_and_arrow_keys_reach_them(
        self, few, open_page
    ):
        page = open_page("/")

        page.keyboard.press("/")
        page.keyboard.type("龍艾達")
        hit = page.locator("#suggestions a", has_text="Ada Invented")
        expect(hit).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(hit).to_be_focused()
        page.keyboard.press("Enter")

        expect(page).to_have_url(re.compile("/people/ada/$"))

    def test_closes_its_list_on_escape(self, few, open_page):
        page = open_page("/")
        box = page.get_by_role("searchbox", name="Search people")
        box.fill("Invented")
        expect(page.locator("#suggestions a").first).to_be_visible()

        box.press("Escape")

        expect(page.locator("#suggestions")).to_be_hidden()
        expect(box).to_be_focused()

    def test_renews_the_results_of_the_search_page_and_its_address(
        self, few, open_page
    ):
        page = open_page("/search/")

        page.get_by_role("searchbox", name="Search people").fill("Invented")

        expect(page.locator("#search-results")).to_contain_text("Ada Invented")
        expect(page).to_have_url(re.compile(r"q=Invented"))

    def test_works_without_scripts(self, few, open_page):
        page = open_page("/", java_script_enabled=False)
        box = page.get_by_role("searchbox", name="Search people")

        box.fill("invented ada")
        box.press("Enter")

        expect(page.get_by_role("link", name="Ada Invented 龙艾达")).to_be_visible()


class TestFilterOfTheNewest:
    def test_changes_the_list_in_place_and_keeps_the_focus(self, few, open_page):
        page = open_page("/")
        page.evaluate("document.querySelector('h1').dataset.same = 'yes'")

        kind = page.get_by_label("Kind")
        kind.focus()
        kind.select_option("departure")

        expect(page.locator("#newest-events .event-verb").first).to_have_text("left")
        expect(page).to_have_url(re.compile("kind=departure"))
        expect(page.locator("h1[data-same]")).to_be_visible()
        expect(kind).to_be_focused()

    def test_works_without_scripts(self, few, open_page):
        page = open_page("/", java_script_enabled=False)

        page.get_by_label("Kind").select_option("departure")
        page.get_by_role("button", name="Show").click()

        expect(page.locator("#newest-events .event-verb").first).to_have_text("left")

    def test_says_when_a_request_came_to_nothing(self, few, open_page):
        page = open_page("/")
        page.route("**/?*", lambda route: route.abort())

        page.get_by_label("Kind").select_option("departure")

        expect(page.get_by_role("alert")).to_contain_text(
            "could not be brought up to date"
        )


class TestColourSwitch:
    def paper(self, page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    def test_stays_on_the_next_page_and_back_again(self, transactional_db, open_page):
        page = open_page("/about/", color_scheme="light")
        light = self.paper(page)

        page.get_by_role("button", name="Dark colours").click()
        dark = self.paper(page)
        page.goto("/search/")
        assert self.paper(page) == dark != light
        page.get_by_role("button", name="Dark colours").click()
        page.reload()

        assert self.paper(page) == light

    def test_follows_the_system_until_pressed(self, transactional_db, open_page):
        page = open_page("/about/", color_scheme="light")
        light = self.paper(page)

        page.emulate_media(color_scheme="dark")

        assert self.paper(page) != light
