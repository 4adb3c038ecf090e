"""The inbox in a real browser: by keys, by mouse, in place, at both widths."""

from datetime import date

import pytest

from talent.intake.articles import Story, take
from talent.intake.known_names import known_names
from talent.intake.models import Proposal
from talent.registry.models import Event, Organization
from tests.accounts.desk import account
from tests.accounts.visit import Visit
from tests.factories import EventFactory, OrganizationFactory, PersonFactory
from tests.intake.newsstand import NOON, feed_at

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(page, live_server):
    visit = Visit(page, live_server.url)
    visit.enter(account("publisher", username="polly"))
    return visit


@pytest.fixture
def record(transactional_db):
    OrganizationFactory(name="Harbour AI")
    vale = OrganizationFactory(name="Vale Labs")
    ada = PersonFactory(name="Ada Quill")
    EventFactory(
        person=ada, organization=vale, happened_on=date(2023, 5, 1), published=True
    )


def told(title, address):
    story = Story(title, url=address, publisher="Gazette", language="en")
    article, _new = take(story, names=known_names(), at=NOON)
    # One proposal of each, so that the tests can count.
    article.proposals.exclude(kind="hire").delete()
    article.proposals.update(date="2026-03")


@pytest.mark.usefixtures("record")
def test_from_the_inbox_to_a_published_event(visit):
    """Six keys or clicks at most: this takes two, and four where a name alone fits."""
    page = visit.page
    told(
        "Harbour AI hires Ada Quill from Vale Labs for $20 million",
        "https://a.example/1",
    )
    visit.open("index")

    page.locator(".desk-nav a", has_text="Proposals").click()  # 1
    page.get_by_label("Keys:").wait_for()
    page.keyboard.press("p")  # 2
    page.get_by_role("button", name="Undo").wait_for()

    event = Event.objects.published().get(organization__name="Harbour AI")
    assert str(event.packages.get().headline) == "US$20M"
    assert event.source_count == 1
    assert not visit.complaints, "\n".join(visit.complaints)


@pytest.mark.usefixtures("record")
def test_everything_by_keys(visit):
    page = visit.page
    known = PersonFactory(name="Bea Orr")
    twin = EventFactory(
        person=PersonFactory(name="Dee Fox"),
        organization=known_organization("Harbour AI"),
        counterpart=known_organization("Vale Labs"),
        happened_on=date(2026, 3, 2),
    )
    for number, name in enumerate(("Ada Quill", "Bea Orr", "Cal Day", "Dee Fox")):
        told(f"Harbour AI hires {name} from Vale Labs", f"https://a.example/{number}")
    visit.open("intake_proposal_changelist")
    page.get_by_label("Keys:").wait_for()

    def becomes(name, state):
        card = page.locator(f'.inbox-card[data-state="{state}"]', has_text=name)
        card.first.wait_for()

    page.keyboard.press("j")
    page.keyboard.press("t")
    becomes("Dee Fox", "attached")
    page.keyboard.press("a")  # the focus went on by itself
    page.locator(".errorlist", has_text="A name alone is not enough").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("a")
    becomes("Bea Orr", "accepted")
    page.keyboard.press("l")
    becomes("Ada Quill", "later")
    page.keyboard.press("r")
    page.keyboard.type("Misread")
    page.keyboard.press("Enter")
    becomes("Cal Day", "rejected")
    page.keyboard.press("u")
    becomes("Cal Day", "new")
    page.keyboard.press("k")
    page.keyboard.press("e")
    page.wait_for_url("**/registry/event/*/change/")

    states = dict(Proposal.objects.values_list("person", "state"))
    assert states == {
        "Dee Fox": "attached",
        "Bea Orr": "accepted",
        "Ada Quill": "accepted",
        "Cal Day": "new",
    }
    assert twin.citations.count() == 1
    assert Proposal.objects.get(person="Bea Orr").event.person == known
    assert not visit.complaints, "\n".join(visit.complaints)


@pytest.mark.usefixtures("record")
def test_keys_can_be_switched_off(visit):
    page = visit.page
    told("Harbour AI hires Ada Quill from Vale Labs", "https://a.example/1")
    visit.open("intake_proposal_changelist")

    page.get_by_label("Keys:").uncheck()
    page.keyboard.press("p")
    page.reload()
    page.keyboard.press("p")
    page.get_by_role("button", name="Later").click()
    page.get_by_role("button", name="Undo").wait_for()

    assert Proposal.objects.get().state == "later"


@pytest.mark.usefixtures("record")
def test_works_without_scripts(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    visit = Visit(context.new_page(), live_server.url)
    visit.enter(account("publisher"))
    page = visit.page
    visit.open("intake_proposal_changelist")

    page.get_by_label("Paste an address or a text").fill(
        "Harbour AI hires Ada Quill from Vale Labs\nhttps://a.example/1"
    )
    page.get_by_label("Published").fill("2026-03")
    page.get_by_role("button", name="Read it").click()
    card = page.locator(".inbox-card", has_text="Vale Labs → Harbour AI").first
    card.get_by_role("button", name="Accept and publish").click()

    assert Event.objects.published().filter(organization__name="Harbour AI").exists()
    page.get_by_role("button", name="Undo").first.click()
    assert (
        not Event.objects.published().filter(organization__name="Harbour AI").exists()
    )
    context.close()


@pytest.mark.usefixtures("record")
def test_the_pages_fit_a_phone_and_are_accessible(visit):
    PersonFactory(name="Bea Orr")
    told(
        "Harbour AI hires Ada Quill from Vale Labs for $20 million",
        "https://a.example/1",
    )
    told("Harbour AI hires Bea Orr from Vale Labs", "https://a.example/2")
    EventFactory(
        person=Event.objects.get().person,
        organization=known_organization("Harbour AI"),
        happened_on=date(2026, 3, 2),
    )
    feed_at("https://a.example/feed", outcome="failed", said="It is gone.", failures=3)

    visit.open("intake_proposal_changelist")
    visit.look("inbox")
    visit.page.emulate_media(color_scheme="dark")
    visit.look("inbox-dark")
    assert not visit.complaints, "\n".join(visit.complaints)
    visit.open("intake_feed_changelist")
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width == 360


def known_organization(name):
    return Organization.objects.get(name=name)
