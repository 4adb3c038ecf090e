"""The page of all corrections: what was put right, when, and nothing that is not public."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from talent.dashboard import corrections
from talent.registry import curation
from talent.registry.models import Package
from talent.registry.source_lines import SourceLine
from tests.factories import (
    NOON,
    EventFactory,
    PackageFactory,
    ReadingFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PAGE = "/corrections/"


@pytest.fixture
def ada():
    return UserFactory(username="ada")


@pytest.fixture
def later():
    """Each write gets a moment of its own: one test is one transaction, so one now()."""
    moment = [0]

    def later():
        moment[0] += 1
        tables = ("event", "citation", "eventreason", "package", "reading")
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f"ALTER TABLE registry_{table}history DISABLE TRIGGER USER"
                )
                cursor.execute(
                    f"UPDATE registry_{table}history SET pgh_created_at ="
                    " pgh_created_at - interval '1 hour'"
                )
                cursor.execute(
                    f"ALTER TABLE registry_{table}history ENABLE TRIGGER USER"
                )

    return later


@pytest.fixture
def event():
    return EventFactory(
        published=True,
        happened_on=date(2025, 7, 1),
        precision="month",
        title="Scientist",
    )


def revise(event, ada, **columns):
    for name, value in columns.items():
        setattr(event, name, value)
    assert curation.revise(event, at=NOON + timedelta(days=1), by=ada)


class TestThePage:
    def test_says_in_plain_words_what_was_changed(self, client, event, ada, later):
        later()
        revise(event, ada, happened_on=date(2025, 8, 1))
        later()
        curation.cite(event, [SourceLine("https://gazette.example/x")], by=ada)

        html = client.get(PAGE).content.decode()

        assert "date: from “July 2025” to “August 2025”" in html
        assert "source added: https://gazette.example/x" in html
        assert event.get_absolute_url() in html
        assert event.person.name in html
        assert html.index("source added") < html.index("date: from")
        assert "ada" not in html

    def test_tells_nothing_of_drafts(self, client, ada, later):
        draft = EventFactory(title="Scientist")
        later()
        revise(draft, ada, title="Lead")

        html = client.get(PAGE).content.decode()

        assert draft.person.name not in html
        assert "Nothing that was published has been changed yet" in html

    def test_tells_nothing_of_the_time_before_publication(self, client, ada, later):
        event = EventFactory(title="Secret")
        later()
        revise(event, ada, title="Lead")
        later()
        curation.publish(event, at=NOON, by=ada)

        assert "Secret" not in client.get(PAGE).content.decode()

    def test_names_no_withdrawn_event(self, client, event, ada, later):
        later()
        revise(event, ada, title="Lead")
        later()
        curation.withdraw(event, at=NOON, by=ada, reason="Retracted.")

        html = client.get(PAGE).content.decode()

        assert "An entry was taken out of the record." in html
        for text in (event.person.name, event.slug, "Lead", "Retracted."):
            assert text not in html

    def test_says_that_pay_was_withdrawn_without_the_figure(
        self, client, event, ada, later
    ):
        package = PackageFactory(event=event, person=event.person)
        ReadingFactory(package=package, low=987_000_000)
        later()
        curation.withdraw_package(package, at=NOON, by=ada, reason="No.")

        html = client.get(PAGE).content.decode()

        assert Package.objects.get().status == "withdrawn"
        assert "amount withdrawn" in html
        assert "987" not in html

    def test_goes_on_page_by_page_and_misses_nothing(
        self, client, event, ada, later, monkeypatch
    ):
        monkeypatch.setattr(corrections, "MOMENTS", 2)
        for number in range(5):
            later()
            revise(event, ada, title=f"Post {number}")

        seen, url = "", PAGE
        pages = 0
        while url and pages < 9:
            response = client.get(url)
            seen += response.content.decode()
            older = re.search(r'href="(\?before=\d+)"', response.content.decode())
            url = f"{PAGE}{older[1]}" if older else ""
            pages += 1

        assert [f"to “Post {number}”" in seen for number in range(5)] == [True] * 5
        assert seen.count("to “Post 2”") == 1
        assert pages == 3

    @pytest.mark.parametrize("place", ["abc", "1" * 30, "-1"])
    def test_answers_400_for_no_place(self, client, place):
        assert client.get(PAGE, {"before": place}).status_code == 400

    def test_makes_as_many_queries_for_many_as_for_one(
        self, client, ada, later, queries_of
    ):
        def changed():
            event = EventFactory(published=True, title="Scientist")
            later()
            revise(event, ada, title="Lead")
            curation.cite(event, [SourceLine(f"https://x.example/{event.pk}")], by=ada)

        changed()
        with_one = queries_of(lambda: client.get(PAGE))

        for _each in range(3):
            changed()

        assert queries_of(lambda: client.get(PAGE)) == with_one

    def test_answers_unchanged_until_the_record_changes(self, client, event, ada):
        etag = client.get(PAGE)["ETag"]

        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 304
        revise(event, ada, title="Lead")
        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200

    def test_is_linked_from_events_and_from_every_footer(self, client, event):
        for page in ("/", event.get_absolute_url()):
            assert reverse("dashboard:corrections") in client.get(page).content.decode()
