"""Editions, the pages that show them, and a sent mail in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from talent.digests import links
from talent.digests.editions import make_editions
from talent.digests.models import Delivery, Edition
from talent.registry import curation, merging
from talent.registry.models import Event
from tests.digests.newsroom import DAY, TODAY, published, reader, sent
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    UserFactory,
    decided_by_two,
)

pytestmark = pytest.mark.django_db

# TODAY is Monday 9 March 2026; the week before it began on the 2nd.
WEEK = date(2026, 3, 2)


def hire(name: str, *, at: datetime = TODAY - 3 * DAY, **columns) -> Event:
    return published(
        person=PersonFactory(name=name, name_zh=f"{name}中"),
        organization=OrganizationFactory(name="Initech"),
        at=at,
        **columns,
    )


def weekly(language: str = "en") -> list[str]:
    """Subjects, oldest first."""
    editions = Edition.objects.filter(frequency="weekly", language=language)
    rows = editions.select_related("content").order_by("period_start")
    return [edition.content.subject for edition in rows]


def address(period: date = WEEK, *, language: str = "en") -> str:
    with override(language):
        return reverse("digests:edition", args=["weekly", period.isoformat()])


class TestMakeEditions:
    def test_makes_one_for_each_language_of_a_week_that_is_over(self):
        hire("Ada")

        make_editions(at=TODAY)

        [edition] = Edition.objects.filter(frequency="weekly", language="zh-hans")
        assert edition.period_start == WEEK
        assert weekly() == ["Ada joined Initech"]
        assert weekly("zh-hans") == ["Ada 中加入 Initech"]

    def test_again_changes_nothing(self):
        hire("Ada")
        make_editions(at=TODAY)
        before = list(Edition.objects.order_by("pk").values())

        assert make_editions(at=TODAY + DAY / 4) == 0
        assert list(Edition.objects.order_by("pk").values()) == before

    def test_tells_each_event_in_one_week_and_one_month(self):
        hire("Ada", at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
        hire("Bob", at=datetime(2026, 3, 2, 0, 0, tzinfo=UTC))
        make_editions(at=datetime(2026, 3, 2, 9, tzinfo=UTC))
        make_editions(at=TODAY)
        make_editions(at=datetime(2026, 4, 2, 9, tzinfo=UTC))

        months = Edition.objects.filter(frequency="monthly", language="en")

        assert weekly() == ["Ada joined Initech", "Bob joined Initech"]
        assert [edition.content.subject for edition in months] == [
            "Bob joined Initech, and 1 more move"
        ]

    def test_tells_in_the_next_what_was_committed_late(self):
        hire("Ada", at=TODAY - 8 * DAY)
        make_editions(at=TODAY - 6 * DAY)
        hire("Bob", at=datetime(2026, 3, 1, 22, tzinfo=UTC))

        make_editions(at=TODAY)

        assert weekly() == ["Ada joined Initech", "Bob joined Initech"]

    def test_waits_until_the_period_has_settled(self):
        hire("Ada")

        make_editions(at=datetime(2026, 3, 9, 1, tzinfo=UTC))

        assert weekly() == []

    def test_makes_up_for_weeks_that_were_missed(self):
        hire("Ada", at=TODAY - 10 * DAY)
        hire("Bob", at=TODAY - 3 * DAY)

        make_editions(at=TODAY)

        assert weekly() == ["Ada joined Initech", "Bob joined Initech"]

    def test_leaves_out_a_week_without_news(self):
        make_editions(at=TODAY)

        assert not Edition.objects.exists()

    def test_puts_right_what_an_earlier_one_said(self):
        event = hire("Ada", at=TODAY - 10 * DAY)
        make_editions(at=TODAY - 6 * DAY)
        with decided_by_two():
            Event.objects.filter(pk=event.pk).update(standing="denied")

        make_editions(at=TODAY)

        assert weekly()[-1].startswith("Denied: Ada joined Initech")

    def test_is_a_command(self):
        hire("Ada", at=timezone.now() - 8 * DAY)
        out = StringIO()

        call_command("make_editions", stdout=out)

        assert "editions made" in out.getvalue()
        assert weekly() == ["Ada joined Initech"]


class TestArchive:
    def test_lists_the_editions_by_what_they_say(self, client):
        hire("Ada")
        make_editions(at=TODAY)

        page = client.get(reverse("digests:archive")).content.decode()

        assert "Ada joined Initech" in page
        assert address() in page
        assert "2 March 2026 to 8 March 2026" in page

    def test_lists_the_chinese_ones_in_chinese(self, client):
        hire("Ada")
        make_editions(at=TODAY)
        with override("zh-hans"):
            archive = reverse("digests:archive")

        page = client.get(archive).content.decode()

        assert "Ada 中加入 Initech" in page
        assert address(language="zh-hans") in page

    def test_says_what_would_stand_there(self, client):
        page = client.get(reverse("digests:archive")).content.decode()

        assert "The first digest will stand here" in page

    def test_makes_as_many_queries_for_three_as_for_one(self, client, queries_of):
        url = reverse("digests:archive")
        hire("Ada")
        make_editions(at=TODAY)
        with_one = queries_of(lambda: client.get(url))
        hire("Bob", at=TODAY + DAY)
        make_editions(at=TODAY + 14 * DAY)

        assert queries_of(lambda: client.get(url)) == with_one


class TestEdition:
    @pytest.fixture(autouse=True, scope="class")
    def two_weeks(self, django_db_setup, django_db_blocker) -> Iterator[None]:
        """Made once; each test has a savepoint of its own."""
        with django_db_blocker.unblock(), transaction.atomic():
            hire("Ada", at=TODAY - 10 * DAY)
            hire("Bob")
            EventFactory(summary="A draft.")
            make_editions(at=TODAY)
            yield
            transaction.set_rollback(True)

    def test_shows_the_digest_in_english(self, client):
        page = client.get(address()).content.decode()

        assert "Bob joined Initech" in page
        assert "1 new move, the strongest first." in page
        assert "Ada joined Initech" not in page
        assert "{{" not in page
        assert "You get this mail" not in page

    def test_shows_it_in_chinese_too(self, client):
        page = client.get(address(language="zh-hans")).content.decode()

        assert '<html lang="zh-hans">' in page
        assert "Bob 中加入 Initech" in page
        assert "1 条新动向" in page
        assert 'hreflang="en"' in page

    def test_leads_to_the_one_before_and_after(self, client):
        page = client.get(address()).content.decode()
        before = client.get(address(date(2026, 2, 23))).content.decode()

        assert address(date(2026, 2, 23)) in page
        assert address() in before

    def test_keeps_what_it_said_of_what_was_denied(self, client):
        with decided_by_two():
            Event.objects.update(standing="denied")

        page = client.get(address()).content.decode()

        assert "Bob joined Initech" in page
        assert "no longer in the record" not in page

    @pytest.mark.parametrize(
        "path",
        [
            "/digests/weekly/2026-03-03/",
            "/digests/weekly/2026-02-30/",
            "/digests/weekly/x/",
            "/digests/hourly/2026-03-02/",
            "/zh-hans/digests/weekly/2026-03-03/",
        ],
    )
    def test_is_missing_where_there_is_none(self, client, path):
        assert client.get(path).status_code == 404

    def test_sets_no_cookie(self, client):
        assert not client.get(address()).cookies


class TestWithholding:
    """The archive names nobody who is no longer public: neither an edition nor the list."""

    def pages(self, client, *periods: date) -> list[str]:
        """The list and the editions in English, then in Chinese."""
        found = []
        for language in ("en", "zh-hans"):
            with override(language):
                urls = [reverse("digests:archive")]
            urls += [address(period, language=language) for period in periods]
            found += [client.get(url).content.decode() for url in urls]
        return found

    def test_of_an_event_that_was_withdrawn(self, client):
        """Nor names cut short in its subject or in what follows that."""
        hire("Bob")
        gone = [hire(f"Ada {'de ' * 60}{title}") for title in ("Lovelace", "King")]
        make_editions(at=TODAY)

        for event in gone:
            curation.withdraw(event, at=TODAY, by=UserFactory(), reason="Not they.")

        pages = self.pages(client, WEEK)
        listed, edition, _listed, chinese = pages
        assert not [page for page in pages if "Ada" in page]
        assert "Weekly digest" in listed
        assert "Bob joined Initech" in edition
        assert "What is no longer in the record is not shown here." in edition
        assert "已不在记录中的内容不在此显示。" in chinese

    def test_of_what_a_later_edition_puts_right(self, client):
        ada, bob, cleo, dan = (
            hire(name, at=TODAY - 10 * DAY) for name in ("Ada", "Bob", "Cleo", "Dan")
        )
        make_editions(at=TODAY - 6 * DAY)
        curator = UserFactory()
        curation.withdraw(ada, at=TODAY, by=curator, reason="Somebody else.")
        Event.objects.filter(pk=bob.pk).update(person=PersonFactory(name="Grace"))
        Event.objects.filter(pk=cleo.pk).update(counterpart=OrganizationFactory())
        merging.merge_people(
            PersonFactory(name="Daniel"), dan.person, by=curator, at=TODAY
        )

        make_editions(at=TODAY)

        pages = self.pages(client, date(2026, 2, 23), WEEK)
        _listed, before, after, *_chinese = pages
        assert not [page for page in pages if "Ada" in page or "Bob" in page]
        assert "Dan joined Initech" in before
        assert "Cleo joined Initech" in before
        assert "We wrote: <bdi>Cleo joined Initech" in after


class TestView:
    @pytest.fixture
    def delivery(self) -> Delivery:
        hire("Ada")
        sent(reader())
        return Delivery.objects.get()

    def test_shows_the_mail_as_it_was_sent(self, client, delivery):
        with decided_by_two():
            Event.objects.update(standing="denied")

        page = client.get(links.view_url(delivery.token)).content.decode()

        assert "Ada joined Initech" in page
        assert "{{" not in page
        assert "✕" not in page

    def test_holds_none_of_the_recipients_own_links(self, client, delivery):
        page = client.get(links.view_url(delivery.token)).content.decode()

        assert links.manage_url(delivery.subscriber) not in page
        assert links.unsubscribe_url(delivery.subscriber) not in page
        assert reverse("digests:link") in page

    def test_has_its_pictures_inside(self, client):
        hire("Ada", when="2026-02-26")
        sent(reader())
        delivery = Delivery.objects.get()

        page = client.get(links.view_url(delivery.token)).content.decode()

        assert "data:image/png;base64,iVBOR" in page
        assert "cid:" not in page

    def test_is_private_and_may_do_nothing(self, client, delivery):
        response = client.get(links.view_url(delivery.token))

        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "form-action 'none'" in policy
        assert not response.cookies

    @pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "0" + t, str.upper])
    def test_opens_with_the_whole_link_only(self, client, delivery, change):
        path = reverse("digests:view", args=[change(delivery.token)])
        signed = links.view_url(delivery.token)
        head, _slash, token = signed.rstrip("/").rpartition("/")

        assert client.get(path).status_code == 404
        assert client.get(f"{head}/{change(token)}/").status_code == 404

    def test_shows_nothing_that_was_not_composed(self, client):
        subscriber = reader()
        delivery = Delivery.objects.create(
            subscriber=subscriber,
            frequency="weekly",
            period_start=WEEK,
            window_since=TODAY - 7 * DAY,
            window_until=TODAY,
            due_at=TODAY,
        )

        assert client.get(links.view_url(delivery.token)).status_code == 404
