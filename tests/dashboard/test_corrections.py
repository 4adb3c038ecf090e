"""The page of all corrections: what was put right, when, and nothing that is not public."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from talent.dashboard import corrections
from talent.registry import curation, upkeep
from talent.registry.corrected import TOLD_OF
from talent.registry.models import Deal, DealReading, Package, Reading
from talent.registry.models.deals import DealEvent
from talent.registry.source_lines import SourceLine
from tests.factories import (
    NOON,
    CitationFactory,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    ReadingFactory,
    SourceFactory,
    UserFactory,
    decided_by_two,
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
        with connection.cursor() as cursor:
            for table in TOLD_OF:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(
                    f"UPDATE {table} SET pgh_created_at ="
                    " pgh_created_at - interval '1 hour'"
                )
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

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
        with decided_by_two():
            curation.withdraw_package(package, at=NOON, by=ada, reason="No.")

        html = client.get(PAGE).content.decode()

        assert Package.objects.get().status == "withdrawn"
        assert "amount withdrawn" in html
        assert "$987" not in html

    def rewrite(self, row, **columns):
        for name, value in columns.items():
            setattr(row, name, value)
        upkeep.rewrite(row, at=NOON, by=None)

    def test_tells_of_people_companies_and_sources(self, client, event, later):
        lab = OrganizationFactory(name="Upper Lab")
        CitationFactory(event=event, source__title="Old Titel")
        source = event.citations.get().source
        EventFactory(organization=lab, published=True)
        later()
        self.rewrite(event.person, name="Ada Quill", known_for=["Looms"])
        self.rewrite(event.organization, seat="quant", parent=lab)
        self.rewrite(
            source,
            title="Old Title",
            published_on=date(2026, 1, 1),
            published_precision="day",
        )

        html = unescape(client.get(PAGE).content.decode())

        for line in (
            "to “Ada Quill”",
            "known for: from “not stated” to “Looms”",
            "seat: from “Frontier lab” to “Quant”",
            "to “Upper Lab”",
            "title: from “Old Titel” to “Old Title”",
        ):
            assert line.lower() in html.lower()
        assert event.person.get_absolute_url() in html

    def test_says_which_change_was_undone(self, client, event, later):
        before = event.person.name
        later()
        self.rewrite(event.person, name="Ada Quill")
        later()
        self.rewrite(event.person, name=before)
        later()
        self.rewrite(event.organization, country="FR")

        html = client.get(PAGE).content.decode()

        assert html.count("undone on ") == html.count("undoes what was changed") == 1
        assert "France" in html

    def test_tells_of_pay_that_belongs_to_no_hire(self, client, later):
        package = PackageFactory(status="draft", outcome="offered")
        figure = ReadingFactory(package=package, low=5_000_000)
        Reading.objects.filter(pk=figure.pk).update(low=6_000_000)
        later()
        curation.publish_package(package, at=NOON, by=None)
        later()
        package.refresh_from_db()
        self.rewrite(package, outcome="declined")
        Reading.objects.filter(pk=figure.pk).update(low=7_000_000)

        html = unescape(client.get(PAGE).content.decode())

        assert f"Pay for {package.person} by {package.organization}" in html
        assert "outcome: from “offered” to “declined”" in html
        assert "from “US$6M, reported” to “US$7M, reported”" in html
        assert "US$5M" not in html

    def test_tells_of_deals(self, client, later):
        deal = DealFactory(form="licence")
        reading = DealReading.objects.create(deal=deal, low=5_000_000)
        mover, hidden = EventFactory(published=True), EventFactory()
        other = DealFactory()
        later()
        self.rewrite(deal, form="acquihire")
        DealReading.objects.filter(pk=reading.pk).update(low=6_000_000)
        for event in (mover, hidden):
            DealEvent.objects.create(deal=deal, event=event)
        Deal.objects.get(pk=other.pk).delete()

        html = unescape(client.get(PAGE).content.decode())

        assert f"The deal between {deal.buyer} and {deal.target}" in html
        assert "form: from “licence” to “acquihire”" in html
        assert "amount changed: from “US$5M, reported” to “US$6M, reported”" in html
        assert mover.person.name in html
        assert hidden.person.name not in html
        assert "An entry was taken out of the record." in html
        assert other.buyer.name not in html

    def test_tells_nothing_of_rows_only_drafts_name(self, client, later):
        draft = CitationFactory().event
        offer = PackageFactory(status="draft")
        later()
        for row in (draft.person, draft.organization, offer.person):
            self.rewrite(row, name=f"New {row.name}")
        self.rewrite(draft.citations.get().source, title="New title")
        self.rewrite(offer, outcome="declined")

        assert "New " not in client.get(PAGE).content.decode()

    def test_tells_nothing_of_the_time_before_readers_saw_the_row(
        self, client, event, later
    ):
        draft, uncited = CitationFactory().event, SourceFactory()
        later()
        for row in (draft.person, draft.organization):
            self.rewrite(row, name=f"New {row.name}")
        for source in (draft.citations.get().source, uncited):
            self.rewrite(source, title="New title")
        later()
        CitationFactory(event=event, source=uncited)
        curation.publish(draft, at=timezone.now(), by=None)

        assert "to “New" not in client.get(PAGE).content.decode()

    def test_says_what_became_of_an_offer(self, client, event, later):
        package = PackageFactory(event=event, person=event.person, outcome="unknown")
        later()
        self.rewrite(package, outcome="accepted")

        html = unescape(client.get(PAGE).content.decode())

        assert "outcome: from “unknown” to “accepted”" in html

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
            CitationFactory(event=event)
            offer, deal = PackageFactory(outcome="offered"), DealFactory()
            later()
            revise(event, ada, title="Lead")
            self.rewrite(event.person, name_zh="阿达")
            self.rewrite(event.organization, parent=OrganizationFactory())
            self.rewrite(event.citations.get().source, title="Other")
            self.rewrite(offer, outcome="declined")
            self.rewrite(deal, form="licence")
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
