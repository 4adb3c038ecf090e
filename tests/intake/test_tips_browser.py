"""A reader's way in a real browser: a tip, its secret page, and what a curator answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talent.intake import tips
from talent.intake.models import Tip
from tests.accounts.desk import account
from tests.accounts.visit import Visit
from tests.factories import EventFactory

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def fast_fingers(monkeypatch):
    """A form that is sent within three seconds is a machine's; here it is not."""
    monkeypatch.setattr(tips, "SOONEST", timedelta(0))


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_suggestion_to_the_reason_why_not(browser, live_server, scripts):
    reader = Visit(
        browser.new_context(java_script_enabled=scripts).new_page(), live_server.url
    )
    curator = Visit(browser.new_page(), live_server.url)
    curator.enter(account("editor", username="ada"))
    page = reader.page

    page.goto(live_server.url)
    page.get_by_role("link", name="Suggest an event").click()
    page.get_by_label("Who").fill("Nova Example")
    page.get_by_label("Joined or left").select_option("left")
    page.get_by_label("Company, lab or team").fill("Otherlab")
    page.get_by_label("Anything else").fill("She told friends.")
    page.get_by_role("button", name="Send to the curators").click()

    page.get_by_text("nothing is kept here without one").wait_for()
    assert page.get_by_label("Who").input_value() == "Nova Example"
    assert page.get_by_label("Joined or left").input_value() == "departure"
    assert page.get_by_label("Anything else").input_value() == "She told friends."
    assert not Tip.objects.exists()
    if scripts:
        reader.look("tip-with-an-error")

    page.get_by_label("The page that says so").fill("https://gazette.example/nova")
    page.get_by_role("button", name="Send to the curators").click()
    page.get_by_role("heading", name="Received").wait_for()
    if scripts:
        reader.look("tip-received")

    curator.open("index")
    curator.page.get_by_role("link", name="1 event a reader suggests").click()
    curator.page.locator("#result_list th a").first.click()
    page.reload()
    page.get_by_role("heading", name="Being looked at").wait_for()
    curator.page.get_by_label("Answer").fill("The page says no such thing.")
    curator.page.get_by_role("button", name="Refuse").click()

    page.reload()
    page.get_by_role("heading", name="Not taken over").wait_for()
    assert page.get_by_text("The page says no such thing.").is_visible()
    assert not reader.complaints + curator.complaints
    assert not page.context.cookies()
    for visit in (reader, curator):
        visit.page.context.close()


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("Suggest a correction", {"What it should say": "May 2025"}),
        ("own words beside it", {"Your name": "Nova Example"}),
        ("Ask for a removal", {"Why it should be removed": "I was never there."}),
    ],
)
def test_every_form_keeps_what_was_typed(browser, live_server, form, typed):
    """Without scripts, from the page of an event."""
    event = EventFactory(published=True)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(live_server.url + event.get_absolute_url())
    page.get_by_role("main").get_by_role("link", name="Suggest a correction").click()
    if form != "Suggest a correction":
        page.get_by_role("link", name=form).click()
    typed = {**typed, "Your e-mail address": "no address"}
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Send to the curators").click()

    assert page.locator(".tip-field .error").first.is_visible()
    for label, text in typed.items():
        assert page.get_by_label(label).input_value() == text
    assert page.get_by_role("link", name=event.person.name).first.is_visible()
    context.close()
