"""Two eyes: what one editor asks for and another one approves."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from talent.accounts.models import User
from talent.registry import approvals, curation
from talent.registry.models import Approval, DealReading, Event, Package, Reading
from talent.registry.models.approvals import Act
from talent.registry.revisions import revisions_of
from tests.factories import (
    NOON,
    DealFactory,
    EventFactory,
    PackageFactory,
    ReadingFactory,
    decided_by_two,
)
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

    def test_denies_no_figure_of_a_draft_or_a_deal(self, ada):
        draft = PackageFactory(status="draft")
        ReadingFactory(package=draft)
        deal = DealFactory()
        DealReading.objects.create(deal=deal, low=5)

        for row in (draft, deal):
            response = edit(ada, row, readings__0__standing="denied")
            assert any("second editor" in error for error in errors(response))
        assert not Reading.objects.filter(standing="denied").exists()
        assert not DealReading.objects.filter(standing="denied").exists()

    def test_takes_in_no_new_figure_as_denied(self, ada):
        response = edit(
            ada,
            DealFactory(),
            readings__0__low="5",
            readings__0__standing="denied",
        )

        assert any("second editor" in error for error in errors(response))


class TestPlainSql:
    """Whatever writes: PostgreSQL asks for the second editor too."""

    def rows(self):
        return {
            Act.DENY_EVENT: EventFactory(),
            Act.DENY_FIGURE: ReadingFactory(),
            Act.DENY_DEAL_FIGURE: DealReading.objects.create(deal=DealFactory(), low=5),
        }

    def test_denies_nothing_alone(self):
        for row in self.rows().values():
            with pytest.raises(IntegrityError, match="second"), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(standing="denied")

    def test_denies_what_was_approved(self, ada, grace):
        for act, row in self.rows().items():
            approvals.approve(asked(ada, row, act), by=grace.user, at=NOON)

            row.refresh_from_db()
            assert row.standing == "denied"

    def test_denies_once_what_was_approved_once(self, ada, grace):
        for act, row in self.rows().items():
            approvals.approve(asked(ada, row, act), by=grace.user, at=NOON)
            same = type(row).objects.filter(pk=row.pk)
            same.update(standing="confirmed")

            with pytest.raises(IntegrityError, match="second"), transaction.atomic():
                same.update(standing="denied")

    def test_denies_nothing_by_an_approval_there_was_no_more_use_for(self, ada, grace):
        event = EventFactory()
        approval = asked(ada, event)
        with decided_by_two():
            Event.objects.update(standing="denied")
        approvals.approve(approval, by=grace.user, at=NOON)
        Event.objects.update(standing="confirmed")

        with pytest.raises(IntegrityError, match="second"):
            Event.objects.update(standing="denied")

    def test_uses_up_an_approval_written_past_the_verb(self, ada, grace, event):
        asked(ada, event)
        Approval.objects.update(
            state="approved", decided_by=grace.user, decided_at=NOON
        )

        Event.objects.update(standing="denied")
        Event.objects.update(standing="confirmed")

        with pytest.raises(IntegrityError, match="second"):
            Event.objects.update(standing="denied")

    def test_withdraws_once_what_was_approved_once(self, ada, grace):
        package = PackageFactory()
        approvals.approve(asked(ada, package, Act.WITHDRAW_PAY), by=grace.user, at=NOON)
        Package.objects.update(status="published")

        with pytest.raises(IntegrityError, match="second"):
            Package.objects.update(status="withdrawn")

    def test_withdraws_nothing_that_was_to_become_a_draft(self, ada, grace):
        asked(ada, PackageFactory(), Act.PAY_TO_DRAFT)
        Approval.objects.update(
            state="approved", decided_by=grace.user, decided_at=NOON
        )

        with pytest.raises(IntegrityError, match="second"), transaction.atomic():
            Package.objects.update(status="withdrawn")
        Package.objects.update(status="draft")

    @pytest.mark.parametrize("status", ["withdrawn", "draft"])
    def test_withdraws_no_pay_that_readers_saw(self, status):
        package = PackageFactory()

        with pytest.raises(IntegrityError, match="second"), transaction.atomic():
            Package.objects.filter(pk=package.pk).update(status=status)

    def test_withdraws_no_pay_that_readers_saw_once(self, ada, event):
        package = PackageFactory(event=event, person=event.person)
        curation.withdraw(event, at=NOON, by=ada.user, reason="Retracted.")
        package.refresh_from_db()

        assert package.status == "draft"  # it follows its event
        with pytest.raises(IntegrityError, match="second"), transaction.atomic():
            Package.objects.filter(pk=package.pk).update(status="withdrawn")


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


class TestTwoAtOnce:
    @pytest.mark.django_db(transaction=True)
    def test_one_approval_takes_effect(self):
        """Two publishers, each with a connection of their own, at the same moment."""
        event = EventFactory(published=True)
        asker, *two = (
            signed_in("publisher", username=name) for name in ("ada", "grace", "eve")
        )
        approval = asked(asker, event)
        barrier = threading.Barrier(2)

        def approve(by: User) -> bool:
            try:
                same = Approval.objects.get(pk=approval.pk)
                barrier.wait(timeout=5)
                return approvals.approve(same, by=by, at=NOON)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            won = list(pool.map(approve, [curator.user for curator in two]))

        assert sorted(won) == [False, True]
        winner = two[won.index(True)].user
        assert Approval.objects.get().decided_by == winner
        assert Event.objects.get().standing == "denied"
        changes = [step for r in revisions_of(event) for step in r.steps]
        assert len([step for step in changes if step.label == "changed"]) == 1


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
