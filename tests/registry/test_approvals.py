"""Two eyes: what one editor asks for and another one approves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from talent.registry import approvals, curation
from talent.registry.models import Approval, Event, Package, Reading
from talent.registry.models.approvals import Act
from talent.registry.revisions import revisions_of
from tests.factories import NOON, EventFactory, PackageFactory, ReadingFactory
from tests.registry.curators import address, edit, errors, signed_in, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return signed_in("publisher", username="ada")


@pytest.fixture
def grace():
    return signed_in("publisher", username="grace")


@pytest.fixture
def event():
    return EventFactory(published=True)


def asked(by, subject, act=Act.DENY_EVENT):
    return approvals.ask(act, subject, by=by.user, at=NOON, reason="He says no.")


class TestAsking:
    def test_changes_nothing_until_somebody_else_approves(self, ada, event):
        response = ada.post(address(event, "deny"), {"reason": "He says no."})

        assert told(response) == ["1 waits for a second editor."]
        assert Event.objects.get().standing == "reported"
        assert Approval.objects.waiting().get().asked_by == ada.user

    def test_is_done_once(self, ada, grace, event):
        assert asked(ada, event)
        assert asked(grace, event) is None

    def test_shows_on_the_event_and_on_the_front_page(self, ada, grace, event):
        asked(ada, event)

        for page in (address(event), "/desk/"):
            html = grace.get(page).content.decode()
            assert "mark the event as denied" in html
            assert "ada" in html

    def test_is_the_way_to_withdraw_pay_that_readers_saw(self, ada):
        package = PackageFactory()

        response = ada.post(address(package, "withdraw"), {"reason": "Retracted."})

        assert told(response) == ["1 waits for a second editor."]
        assert Package.objects.get().status == "published"

    def test_is_the_way_even_after_a_detour_over_draft(self, ada, event):
        package = PackageFactory(event=event, person=event.person)
        curation.back_to_draft(event, at=NOON, by=ada.user)

        ada.post(address(package, "withdraw"), {"reason": "Retracted."})

        assert Package.objects.get().status == "draft"
        assert Approval.objects.waiting().get().act == Act.WITHDRAW_PAY

    def test_is_not_needed_for_pay_nobody_saw(self, ada):
        package = PackageFactory(status="draft")

        ada.post(address(package, "withdraw"), {"reason": "Wrong."})

        assert Package.objects.get().status == "withdrawn"

    def test_needs_a_reason(self, ada):
        package = PackageFactory()

        ada.post(address(package, "draft"), {"reason": ""})

        assert not Approval.objects.exists()

    def test_is_refused_to_an_editor(self):
        editor = signed_in("editor")
        person = EventFactory(published=True).person

        page = f"/desk/registry/approval/ask/remove_person/{person.pk}/"

        assert editor.get(page).status_code == 403
        assert editor.post(page, {"reason": "Why not."}).status_code == 403


class TestTheForm:
    def test_does_not_deny_an_event(self, ada, event):
        response = edit(ada, event, standing="denied")

        assert any("second editor" in error for error in errors(response))
        assert Event.objects.get().standing == "reported"

    def test_neither_denies_nor_deletes_a_figure_readers_saw(self, ada):
        figure = ReadingFactory()

        denied = edit(ada, figure.package, readings__0__standing="denied")
        deleted = edit(ada, figure.package, readings__0__DELETE="on")

        for response in (denied, deleted):
            assert any("second editor" in error for error in errors(response))
        assert Reading.objects.get().standing == "reported"


class TestApproving:
    def test_is_for_another_publisher(self, ada, grace, event):
        approval = asked(ada, event)

        with pytest.raises(approvals.Refused, match="another publisher"):
            approvals.approve(approval, by=ada.user, at=NOON + timedelta(days=9))
        assert approvals.approve(approval, by=grace.user, at=NOON)

        assert Event.objects.get().standing == "denied"

    def test_is_not_for_a_superuser_who_asked(self, grace, event):
        root = signed_in("publisher", username="root", is_superuser=True)
        approval = asked(root, event)

        with pytest.raises(approvals.Refused):
            approvals.approve(approval, by=root.user, at=NOON + timedelta(days=9))

    def test_is_not_for_an_editor(self, ada, grace, event):
        editor = signed_in("editor")
        approval = asked(ada, event)

        response = editor.post(
            f"/desk/registry/approval/{approval.pk}/decide/", {"approve": "1"}
        )

        assert response.status_code == 403
        with pytest.raises(approvals.Refused, match="publisher"):
            approvals.approve(approval, by=editor.user, at=NOON)

    def test_has_one_winner(self, ada, grace, event):
        approval = asked(ada, event)
        same = Approval.objects.get()
        eve = signed_in("publisher", username="eve")

        assert approvals.approve(approval, by=grace.user, at=NOON)
        assert not approvals.approve(same, by=eve.user, at=NOON)

        assert Approval.objects.get().decided_by == grace.user
        assert len([r for r in revisions_of(event) if "asked for" in r.who]) == 1

    def test_says_in_the_history_who_asked_and_who_approved(self, ada, grace, event):
        approvals.approve(asked(ada, event), by=grace.user, at=NOON)

        newest = revisions_of(event)[0]

        assert newest.who == "grace, asked for by ada"
        assert newest.reason == "He says no."

    def test_alone_takes_a_day_and_is_said(self, ada, event):
        approval = asked(ada, event)

        with pytest.raises(approvals.Refused, match="a day"):
            approvals.approve(approval, by=ada.user, at=NOON + timedelta(hours=23))
        assert approvals.approve(approval, by=ada.user, at=NOON + timedelta(hours=24))

        assert "nobody else" in revisions_of(event)[0].who

    def test_denies_one_figure(self, ada, grace):
        figure, other = ReadingFactory(), ReadingFactory()

        approvals.approve(asked(ada, figure, Act.DENY_FIGURE), by=grace.user, at=NOON)

        figure.refresh_from_db()
        other.refresh_from_db()
        assert (figure.standing, other.standing) == ("denied", "reported")

    def test_withdraws_pay(self, ada, grace):
        package = PackageFactory()

        approvals.approve(asked(ada, package, Act.WITHDRAW_PAY), by=grace.user, at=NOON)

        assert Package.objects.get().status == "withdrawn"

    def test_cannot_be_written_past_the_verb(self, ada, event):
        approval = asked(ada, event)

        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.filter(pk=approval.pk).update(
                state="approved", decided_by=ada.user, decided_at=NOON
            )

    def test_is_done_on_its_page(self, ada, grace, event):
        approval = asked(ada, event)
        page = f"/desk/registry/approval/{approval.pk}/"

        assert "Approve" in grace.get(f"{page}change/").content.decode()
        response = grace.post(f"{page}decide/", {"approve": "1", "note": ""})

        assert told(response) == ["It is approved."]
        assert Event.objects.get().standing == "denied"


class TestDeclining:
    def test_leaves_everything_as_it_is_and_says_why(self, ada, grace, event):
        approval = asked(ada, event)

        assert approvals.decline(approval, by=grace.user, at=NOON, note="No source.")

        assert Event.objects.get().standing == "reported"
        assert (approval.state, approval.note) == ("declined", "No source.")
        assert asked(ada, event)  # with better reasons

    def test_needs_a_reason_at_the_desk(self, ada, grace, event):
        approval = asked(ada, event)
        page = f"/desk/registry/approval/{approval.pk}/decide/"

        grace.post(page, {"decline": "1", "note": ""})

        assert Approval.objects.waiting().count() == 1

    def test_by_who_asked_takes_the_request_back(self, ada, event):
        approval = asked(ada, event)

        ada.post(f"/desk/registry/approval/{approval.pk}/decide/", {"decline": "1"})

        assert Approval.objects.get().state == "taken_back"
