"""The whole way in a real browser: from a company's page to a mail, and out again."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from talent.digests import letterbox, links
from talent.digests.models import Subscriber
from tests.factories import EventFactory, FollowFactory, SubscriberFactory

pytestmark = pytest.mark.browser

ADA = "ada@readers.example"


@pytest.fixture
def acme(transactional_db):
    event = EventFactory(
        published=True,
        organization__name="Acme",
        organization__slug="acme",
        person__name="Bea Invented",
        published_at=timezone.now(),
    )
    return event.organization


@pytest.fixture
def ada(transactional_db):
    subscriber = SubscriberFactory(address=ADA)
    FollowFactory(subscriber=subscriber)
    return subscriber


class Visitor:
    """A browser that complains of nothing, and a mailbox."""

    def __init__(self, browser, live_server, settings, **options):
        settings.SITE_URL = self.site = live_server.url
        self.context = browser.new_context(base_url=self.site, **options)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def heard(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def open_mail(self):
        """The link of the mail that comes now."""
        before = len(mail.outbox)
        letterbox.send_requested(at=timezone.now())
        (message,) = mail.outbox[before:]
        found = re.search(r"http\S+", message.body)
        assert found
        self.page.goto(found[0])


@pytest.fixture
def visitor(browser, live_server, settings, request):
    found = Visitor(browser, live_server, settings, **getattr(request, "param", {}))
    yield found
    found.context.close()


@pytest.mark.parametrize(
    "visitor",
    [{"java_script_enabled": True}, {"java_script_enabled": False}],
    indirect=True,
    ids=["scripts", "no scripts"],
)
def test_from_a_page_to_the_mail_and_out_again(acme, visitor):
    page = visitor.page
    page.goto("/organizations/acme/")
    page.get_by_role("link", name="Mail me this").click()
    expect(page.locator("#preview")).to_contain_text("Hires and departures at Acme")
    expect(page.locator("#preview")).to_contain_text("Bea Invented joined Acme")

    page.get_by_label("E-mail address").fill(ADA)
    visitor.press("Send me the mail")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")

    visitor.open_mail()
    expect(page.get_by_text(ADA)).to_be_visible()
    visitor.press("Yes, write to me")
    expect(page.get_by_role("status")).to_contain_text("Confirmed")

    page.get_by_label("How often").select_option("daily")
    page.get_by_label("Time zone").select_option("Asia/Shanghai")
    visitor.press("Keep it so")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Shanghai")

    page.get_by_role("link", name="Stop the mail").click()
    visitor.press("Stop the mail")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    assert Subscriber.objects.get().stopped_how == "link"

    visitor.press("Undo: go on sending")
    expect(page.get_by_role("heading", level=1)).to_have_text("It goes on")
    assert Subscriber.objects.get().stopped_at is None
    assert visitor.context.cookies() == []
    assert visitor.complaints == []


def test_shows_the_mail_of_another_rhythm_in_place(acme, visitor):
    page = visitor.page
    page.goto("/subscribe/?follow=company%3Dacme")
    page.get_by_label("E-mail address").fill("ada@")
    page.get_by_text("unless you choose otherwise").click()
    page.get_by_label("Language").select_option("zh-hans")

    visitor.press("Show today’s mail")

    expect(page.locator(".mail-preview")).to_have_attribute("lang", "zh-hans")
    expect(page.get_by_label("E-mail address")).to_have_value("ada@")
    assert visitor.complaints == []


def test_a_wrong_address_is_named_and_kept(acme, visitor):
    page = visitor.page
    page.goto("/subscribe/?follow=company%3Dacme")
    page.get_by_label("E-mail address").fill("ada@readers.example, bea@x.example")

    visitor.press("Send me the mail")

    box = page.get_by_label("E-mail address")
    expect(box).to_have_value("ada@readers.example, bea@x.example")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".error")).to_contain_text("more than one address")


@pytest.mark.parametrize(
    "visitor",
    [
        {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
        {"viewport": {"width": 360, "height": 800}, "color_scheme": "dark"},
    ],
    indirect=True,
    ids=["desk", "phone"],
)
def test_every_page_is_accessible_and_fits_its_width(acme, ada, visitor):
    FollowFactory(subscriber=ada, query="company=acme&kind=hire&since=2025")
    manage, full, stop = (
        links.manage_token(ada),
        links.full_token(ada),
        links.stop_token(ada),
    )
    paths = (
        "/subscribe/?follow=company%3Dacme",
        "/subscribe/?follow=company%3Dnowhere",
        "/subscribe/asked/",
        "/subscribe/link/",
        f"/subscribe/settings/{manage}/",
        f"/subscribe/settings/{full}/?done=when",
        "/subscribe/settings/wrong/",
        f"/subscribe/stop/{stop}/",
    )
    found = {}
    for path in paths:
        visitor.page.goto(path)
        axe = Axe().run(visitor.page, options={"resultTypes": ["violations"]})
        over = visitor.page.evaluate(
            "document.documentElement.scrollWidth - window.innerWidth"
        )
        if axe.violations_count or over > 0:
            found[path] = (axe.generate_report(), over)

    assert found == {}
