"""Any digest as any subscriber, at the desk."""

from __future__ import annotations

import pytest
from django.urls import reverse

from talent.accounts.roles import EDITOR
from talent.digests.models import Delivery
from tests.accounts.desk import account, enter
from tests.digests.newsroom import DAY, TODAY, published, reader
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db

AT = TODAY.strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def subscriber():
    published(
        person=PersonFactory(name="Ada"),
        organization=OrganizationFactory(name="Initech"),
    )
    return reader()


@pytest.fixture
def chief(client, db):
    enter(client, account(is_superuser=True))
    return client


def preview(client, subscriber, *, at: str = AT, mail: bool = False):
    name = "digests_subscriber_preview" + ("_mail" if mail else "")
    return client.get(reverse(f"admin:{name}", args=[subscriber.pk]), {"at": at})


class TestPreview:
    def test_shows_what_they_would_be_sent_then(self, chief, subscriber):
        page = preview(chief, subscriber)

        text = page.content.decode()
        assert "Ada joined Initech" in text
        assert "frame-src 'self'" in page["Content-Security-Policy"]

    def test_sends_nothing_and_notes_nothing(self, chief, subscriber):
        preview(chief, subscriber)

        assert not Delivery.objects.exists()

    def test_masks_the_address(self, chief, subscriber):
        assert subscriber.address not in preview(chief, subscriber).content.decode()

    def test_says_when_there_is_nothing_new(self, chief, subscriber):
        page = preview(
            chief, subscriber, at=(TODAY - 3 * DAY).strftime("%Y-%m-%dT%H:%M")
        )

        assert "Nothing new" in page.content.decode()

    def test_frames_the_mail_without_anything_that_runs(self, chief, subscriber):
        mail = preview(chief, subscriber, mail=True)

        assert "▲&nbsp;<bdi>Initech" in mail.content.decode()
        assert "{{" not in mail.content.decode()
        assert "sandbox allow-popups" in mail["Content-Security-Policy"]
        assert mail["X-Frame-Options"] == "SAMEORIGIN"

    def test_refuses_a_time_that_is_none(self, chief, subscriber):
        assert preview(chief, subscriber, at="soon").status_code == 400
        assert preview(chief, subscriber, at="2026-02-30T08:00").status_code == 400

    @pytest.mark.parametrize("mail", [False, True])
    def test_tells_an_editor_no_address(self, client, subscriber, mail):
        enter(client, account(EDITOR))

        page = preview(client, subscriber, mail=mail)

        assert page.status_code == 200
        assert subscriber.address not in page.text

    @pytest.mark.parametrize("mail", [False, True])
    def test_is_not_for_strangers(self, client, subscriber, mail):
        assert preview(client, subscriber, mail=mail).status_code == 302
