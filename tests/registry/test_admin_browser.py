"""The screens of the desk in a real browser: typing, choosing, both widths, the policy."""

import pytest

from talent.registry.models import Event
from tests.accounts.desk import account
from tests.accounts.visit import Visit
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    ReadingFactory,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(page, live_server):
    visit = Visit(page, live_server.url)
    visit.enter(account("publisher", username="ada"))
    return visit


def choose(page, field, text, option):
    page.locator(f"#id_{field} + span .select2-selection").click()
    page.keyboard.type(text)
    page.locator(".select2-results__option", has_text=option).first.click()


def test_from_nothing_to_a_published_event(visit):
    page = visit.page
    OrganizationFactory(name="Orchard Lab", name_zh="果园", other_names=["Orchard"])
    OrganizationFactory(name="Before Inc")

    visit.open("registry_event_add")
    page.locator("#id_kind").select_option("hire")
    choose(page, "person", "Ada Vale 艾达", "＋ Ada Vale 艾达")
    choose(page, "organization", "果園", "Orchard Lab")
    choose(page, "counterpart", "before", "Before Inc")
    page.locator("#id_date").fill("2025-07")
    page.locator("#id_new_sources").fill("https://a.example/1?utm_source=x | Says so.")
    page.locator("#id_readings-0-form").select_option("total_package")
    page.locator("#id_readings-0-low").fill("200M")
    page.get_by_role("button", name="Save and publish").click()
    page.get_by_text("The departure from Before Inc is not recorded.").wait_for()
    page.locator(".messagelist a").first.click()
    page.get_by_role("button", name="Draft it").click()
    page.get_by_text("Drafted: Ada Vale").wait_for()

    hire = Event.objects.published().get()
    assert str(hire.packages.get().headline) == "US$200M"
    assert (hire.person.name_zh, hire.source_count) == ("艾达", 1)
    assert Event.objects.drafts().get().kind == "departure"
    assert visit.complaints == []


def test_the_screens_fit_a_phone_and_are_accessible(visit):
    page = visit.page
    event = EventFactory(counterpart=OrganizationFactory())
    CitationFactory(event=event)
    package = PackageFactory(event=event, person=event.person)
    ReadingFactory(package=package)

    page.set_viewport_size({"width": 360, "height": 800})
    for name, *args in (
        ("index",),
        ("registry_event_changelist",),
        ("registry_event_withdraw", event.pk),
        ("registry_event_history", event.pk),
        ("registry_deal_add",),
    ):
        visit.open(name, *args)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == 360, name
    visit.open("registry_event_change", event.pk)
    visit.look("event", widths=[360])  # it has every sort of field the desk has

    assert visit.complaints == []
