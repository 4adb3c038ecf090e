"""The merge pages in a real browser: every step, at both widths, under the policy."""

from datetime import date

import pytest

from talent.registry.models import Merge
from tests.accounts.desk import account
from tests.accounts.visit import Visit
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(page, live_server):
    return Visit(page, live_server.url)


def test_choosing_looking_merging_undoing(visit):
    page = visit.page
    lab = OrganizationFactory(name="Orchard Lab")
    hire = {"organization": lab, "happened_on": date(2025, 7, 7)}
    kept = PersonFactory(name="Ada Vale", name_zh="艾达", known_for=["A model"])
    dropped = PersonFactory(name="Vale Ada")
    event = EventFactory(person=kept, **hire, published=True)
    CitationFactory(event=event)
    EventFactory(person=dropped, **hire)
    PackageFactory(person=dropped, organization=lab)
    visit.enter(account("publisher", username="polly"))

    visit.open("registry_person_changelist")
    for person in (kept, dropped):
        page.locator(f'input[name="_selected_action"][value="{person.pk}"]').check()
    page.locator('select[name="action"]').select_option("merge_chosen")
    page.get_by_role("button", name="Go").click()
    visit.complaints.clear()  # the list is the admin's own page

    visit.look("merge")
    page.get_by_role("link", name="Keep this one instead").click()
    page.get_by_role("heading", name="Kept: Vale Ada").wait_for()
    page.get_by_role("link", name="Keep this one instead").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_role("link", name="Undo").click()
    visit.look("merge-undo")
    page.get_by_role("button", name="Undo the merge").click()
    page.get_by_text("Undone: Vale Ada").wait_for()

    assert Merge.objects.get().undone_at is not None


def test_two_names_that_sound_alike(visit):
    page = visit.page
    rain = PersonFactory(name="Lan Shuyu", name_zh="蓝书雨")
    space = PersonFactory(name="Shuyu Lan", name_zh="蓝书宇")
    visit.enter(account("publisher"))

    visit.open("registry_person_merge_with", rain.pk)
    visit.look("merge-with")
    page.get_by_role("link", name=f"{space}").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_text("Tick the box, or go back.").wait_for()
    visit.look("merge-doubtful")

    assert not Merge.objects.exists()
    assert not visit.complaints, "\n".join(visit.complaints)
