"""One event: the move, the money, who says so, and what was corrected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F

from talent.registry.models import Citation, Event, Reading
from talent.registry.models.deals import DealEvent, DealReading
from talent.registry.models.events import EventReason
from tests.factories import (
    NOON,
    CitationFactory,
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    ReasonFactory,
    SourceFactory,
    decided_by_two,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hire() -> Event:
    """Ada's hire by Acme from Globex."""
    return EventFactory(
        published=True,
        slug="ada-hire-acme-2025",
        person=PersonFactory(name="Ada Invented", name_zh="艾达"),
        organization=OrganizationFactory(name="Acme", slug="acme"),
        counterpart=OrganizationFactory(name="Globex", slug="globex"),
        title="Chief Inventor",
        happened_on=date(2025, 7, 1),
        precision="month",
        date_basis="announced",
    )


@pytest.fixture
def read(client):
    def page(event: Event) -> str:
        return str(client.get(event.get_absolute_url()).content.decode())

    return page


def text_of(html: str) -> str:
    from django.utils.html import strip_tags

    return " ".join(strip_tags(html).split())


class TestEvent:
    def test_reads_as_a_sentence_with_its_date_as_exact_as_it_is_known(
        self, read, hire
    ):
        html = read(hire)

        assert "<title>Ada Invented joined Acme from Globex, July 2025" in html
        assert "Ada Invented 艾达 joined from ▼&nbsp;Globex →to ▲&nbsp;Acme" in text_of(
            html
        )
        assert '<time datetime="2025-07">July 2025</time>' in html
        assert "announced" in html
        assert "Chief Inventor" in html

    def test_links_the_person_and_both_ends(self, read, hire):
        html = read(hire)

        for linked in (hire.person, hire.organization, hire.counterpart):
            assert f'href="{linked.get_absolute_url()}"' in html

    def test_can_be_cited(self, read, hire):
        assert (
            "Ada Invented joined Acme from Globex, July 2025. "
            f"http://localhost:8000{hire.get_absolute_url()}"
        ) in text_of(read(hire))

    @pytest.mark.parametrize(
        ("marks", "words"),
        [
            ({"founder": True}, "founded, from"),
            ({"stated_return": True}, "returned from"),
            ({"never_started": True}, "was to join from"),
            ({"background": True}, "career history"),
            ({"standing": "denied"}, "Denied: somebody concerned says"),
            ({"standing": "rumoured"}, "A rumour:"),
        ],
    )
    def test_says_in_words_what_is_special(self, read, hire, marks, words):
        with decided_by_two():
            Event.objects.filter(pk=hire.pk).update(**marks)

        assert words in read(hire)

    def test_names_each_reason_and_who_states_it(self, read, hire):
        EventReason.objects.create(
            event=hire, reason=ReasonFactory(name="mission"), stated_by="the company"
        )

        assert "mission stated by the company" in text_of(read(hire))

    def test_says_that_no_figure_is_no_zero(self, read, hire):
        assert "Unknown is not zero" in read(hire)

    def test_makes_as_many_queries_for_many_rows_as_for_one(
        self, read, hire, queries_of
    ):
        def add_one_of_each() -> None:
            source = SourceFactory()
            package = hire.packages.first() or PackageFactory(
                event=hire, person=hire.person, organization=hire.organization
            )
            ReadingFactory(package=package, source=source)
            CitationFactory(event=hire, source=SourceFactory(repeats=source))
            EventFactory(published=True, person=hire.person)
            deal = DealFactory()
            DealReading.objects.create(deal=deal, low=1, source=source)
            DealEvent.objects.create(deal=deal, event=hire)
            reason = ReasonFactory(name=f"reason {EventReason.objects.count()}")
            EventReason.objects.create(event=hire, reason=reason)
            Event.objects.filter(pk=hire.pk).update(title=F("title"), team="A")
            Event.objects.filter(pk=hire.pk).update(team="B")

        add_one_of_each()
        with_one = queries_of(lambda: read(hire))
        for _ in range(4):
            add_one_of_each()

        assert queries_of(lambda: read(hire)) == with_one


class TestUnpublishedEvent:
    def test_is_not_there_as_a_draft(self, client):
        draft = EventFactory(person__name="Hidden Person")

        response = client.get(draft.get_absolute_url())

        assert response.status_code == 404
        assert "Hidden Person" not in response.content.decode()

    def test_is_gone_once_withdrawn_and_names_nothing(self, client):
        withdrawn = EventFactory(
            status="withdrawn",
            published_at=NOON,
            person__name="Hidden Person",
            organization__name="Hidden Company",
        )

        response = client.get(withdrawn.get_absolute_url())

        assert response.status_code == 410
        assert "withdrawn" in response.content.decode()
        assert "Hidden" not in response.content.decode()

    def test_was_never_there_if_it_was_withdrawn_as_a_draft(self, client):
        never_public = EventFactory(status="withdrawn")

        assert client.get(never_public.get_absolute_url()).status_code == 404

    def test_is_not_among_the_persons_other_events(self, read, hire):
        for status in ("draft", "withdrawn"):
            EventFactory(
                status=status, person=hire.person, organization__name="Hidden Company"
            )

        assert "Hidden Company" not in read(hire)


class TestOtherHalf:
    def other_half(self, html: str) -> str:
        assert "The other half of this move" in html
        return html.partition("The other half of this move")[2].partition("</ul>")[0]

    def test_is_the_departure_that_goes_with_the_hire(self, read, hire):
        left = EventFactory(
            published=True,
            departure=True,
            person=hire.person,
            organization=hire.counterpart,
            happened_on=date(2025, 6, 20),
        )
        EventFactory(published=True, departure=True, person=hire.person)

        assert left.get_absolute_url() in self.other_half(read(hire))
        assert hire.get_absolute_url() in self.other_half(read(left))

    @pytest.mark.parametrize(
        "other",
        [
            {"counterpart__name": "Initech"},  # went elsewhere
            {"happened_on": date(2021, 1, 1)},  # another move of the same kind
            {"kind": "hire"},
        ],
    )
    def test_is_not_an_event_that_speaks_against_it(self, read, hire, other):
        if name := other.pop("counterpart__name", ""):
            other["counterpart"] = OrganizationFactory(name=name)
        EventFactory(
            **{
                "published": True,
                "kind": "departure",
                "person": hire.person,
                "organization": hire.counterpart,
                "happened_on": date(2025, 6, 20),
            }
            | other
        )

        assert "The other half of this move" not in read(hire)


class TestMoney:
    @pytest.fixture
    def package(self, hire):
        return PackageFactory(
            event=hire, person=hire.person, organization=hire.organization
        )

    def test_shows_every_reading_the_preferred_one_first(self, read, hire, package):
        ReadingFactory(package=package, low=10_000_000)
        ReadingFactory(package=package, low=30_000_000, rank="preferred", note="Filed.")

        text = text_of(read(hire)).partition("The money")[2]

        assert text.index("US$30M") < text.index("US$10M")
        assert "Filed." in text

    def test_strikes_what_is_contradicted_and_computes_no_year_of_it(
        self, read, hire, package
    ):
        ReadingFactory(package=package, low=12_000_000)
        ReadingFactory(
            package=package,
            low=90_000_000,
            years=3,
            rank="contradicted",
            note="Misread.",
        )

        html = read(hire)

        assert "<s>US$90M over 3 years</s>" in html
        assert "Misread." in html
        assert "US$30M a year" not in html

    def test_tells_a_year_only_where_the_years_are_stated(self, read, hire, package):
        ReadingFactory(package=package, low=10_000_000, several_years=True)
        assert "per year: not comparable" in read(hire)

        Reading.objects.update(years=4)
        assert "US$2.5M a year" in read(hire)

    def test_strikes_a_denied_figure(self, read, hire, package):
        ReadingFactory(package=package, low=7_000_000, standing="denied")

        assert "<s>US$7M</s>" in read(hire)

    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_hides_a_package_that_is_not_published(self, read, hire, package, status):
        ReadingFactory(package=package, low=7_000_000)
        package.status = status
        with decided_by_two():
            package.save()

        assert "US$7M" not in read(hire)

    def test_keeps_a_deal_apart_from_pay(self, read, hire):
        deal = DealFactory(buyer=hire.organization, target=hire.counterpart)
        DealReading.objects.create(deal=deal, low=2_000_000_000)
        DealEvent.objects.create(deal=deal, event=hire)

        text = text_of(read(hire))

        assert "The deal between Acme and Globex" in text
        assert "never anybody’s pay" in text
        assert "US$2B" in text


class TestSources:
    def test_are_grouped_by_the_report_they_go_back_to(self, read, hire):
        first = SourceFactory(title="The first report", published_on=None)
        retold = SourceFactory(title="Retold", repeats=first, publisher="The Echo")
        unrelated = SourceFactory(title="Unrelated")
        for source in (retold, unrelated, first):
            CitationFactory(event=hire, source=source)

        html = read(hire)
        groups = html.partition('<ol class="origins">')[2].split('<li class="origin">')

        assert "3 sources, 2 origins" in html
        assert len(groups) == 3
        group = next(part for part in groups if "Retold" in part)
        assert group.index("The first report") < group.index("repeats it")
        assert "Unrelated" not in group

    def test_name_the_first_report_even_if_it_is_not_cited_itself(self, read, hire):
        first = SourceFactory(publisher="The First")
        CitationFactory(event=hire, source=SourceFactory(repeats=first))

        assert "All after one report: The First" in text_of(read(hire))

    def test_keep_their_language_and_are_no_recommendation(self, read, hire):
        CitationFactory(
            event=hire,
            source=SourceFactory(
                url="https://news.example/1",
                title="她走了",
                language="zh",
                archive_url="https://archive.example/1",
            ),
        )

        html = read(hire)

        assert '<a href="https://news.example/1" rel="noopener nofollow">' in html
        assert '<cite lang="zh">她走了</cite>' in html
        assert 'href="https://archive.example/1" rel="noopener nofollow"' in html

    def test_show_which_of_them_contradict_it(self, read, hire):
        CitationFactory(
            event=hire, stance="contradicts", states="Says that it is not so."
        )

        text = text_of(read(hire))

        assert "contradicts" in text
        assert "Says that it is not so." in text


class TestChanges:
    """What was changed since readers could see it. In tests all rows share one moment, the
    transaction's; so the versions are dated by hand where their order matters.
    """

    def changes(self, html: str) -> str:
        return text_of(html.partition('<ol class="changes">')[2].partition("</ol>")[0])

    def test_are_none_for_an_event_as_it_was_published(self, read, hire):
        assert self.changes(read(hire)) == "1 March 2026 published"

    def test_tell_what_stood_there_before(self, read, hire):
        Event.objects.filter(pk=hire.pk).update(
            title="Inventor", happened_on=date(2025, 8, 1), standing="confirmed"
        )

        told = self.changes(read(hire))

        assert "title: Chief Inventor → Inventor" in told
        assert "date: July 2025 → August 2025" in told
        assert "standing: reported → confirmed" in told

    def test_name_no_editor(self, read, hire):
        import pghistory

        with pghistory.context(user=1, editor="secret-editor", reason="secret reason"):
            Event.objects.filter(pk=hire.pk).update(title="Inventor")

        assert "secret" not in read(hire)

    def test_leave_out_what_a_draft_looked_like(self, read):
        event = EventFactory(title="First idea")
        Event.objects.filter(pk=event.pk).update(title="Second idea")
        Event.objects.filter(pk=event.pk).update(status="published", published_at=NOON)
        Event.objects.filter(pk=event.pk).update(title="Third idea")

        html = read(event)

        assert "First idea" not in html
        assert "title: Second idea → Third idea" in self.changes(html)

    def test_compare_what_was_public_before_and_after_it_was_withdrawn(
        self, read, hire
    ):
        for title, status in (
            ("Chief Inventor", "withdrawn"),
            ("Secret", "withdrawn"),
            ("Inventor", "published"),
        ):
            Event.objects.filter(pk=hire.pk).update(title=title, status=status)

        html = read(hire)

        assert "Secret" not in html
        assert "title: Chief Inventor → Inventor" in self.changes(html)
        assert "withdrawn" in self.changes(html)
        assert "published again" in self.changes(html)

    def test_do_not_name_who_is_public_nowhere_else(self, read, hire):
        mistaken = hire.organization
        right = OrganizationFactory(name="Right Company")
        Event.objects.filter(pk=hire.pk).update(organization=right)

        html = read(Event.objects.get(pk=hire.pk))

        assert mistaken.name not in html
        assert "organization: another one → Right Company" in self.changes(html)


def backdate(*models: str, by: timedelta) -> None:
    """Move the history written so far into the past: all of a test is one moment otherwise."""
    with connection.cursor() as cursor:
        for model in models:
            table = f"registry_{model}history"
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                f"UPDATE {table} SET pgh_created_at = pgh_created_at - %s", [by]
            )
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class TestLaterChanges:
    """Sources, reasons and figures are told from the moment after the event was shown."""

    def changes(self, html: str) -> str:
        return text_of(html.partition('<ol class="changes">')[2].partition("</ol>")[0])

    @pytest.fixture
    def shown_yesterday(self, hire):
        backdate("event", by=timedelta(days=1))
        return hire

    def test_tell_of_an_added_and_a_removed_source(self, read, shown_yesterday):
        kept = CitationFactory(event=shown_yesterday, source__publisher="The Post")
        CitationFactory(event=shown_yesterday, source__publisher="The Gazette").delete()
        Citation.objects.filter(pk=kept.pk).update(states="Otherwise.")

        told = self.changes(read(shown_yesterday))

        assert "source added: The Post, The Gazette" in told
        assert "source removed: The Gazette" in told
        assert "what a source states, reworded: The Post" in told

    def test_tell_of_an_added_reason(self, read, shown_yesterday):
        reason = ReasonFactory(name="mission")
        EventReason.objects.create(event=shown_yesterday, reason=reason)

        assert "reason added: mission" in self.changes(read(shown_yesterday))

    def test_leave_out_the_sources_it_was_published_with(self, read, shown_yesterday):
        CitationFactory(event=shown_yesterday, source__publisher="The Post")
        backdate("citation", by=timedelta(days=2))

        assert "The Post" not in self.changes(read(shown_yesterday))

    def test_tell_of_a_changed_amount(self, read, shown_yesterday):
        package = PackageFactory(event=shown_yesterday, person=shown_yesterday.person)
        ReadingFactory(package=package, low=5_000_000)
        backdate("package", "reading", by=timedelta(hours=1))
        Reading.objects.update(low=6_000_000)

        told = self.changes(read(shown_yesterday))

        assert "amount changed: US$5M, reported → US$6M, reported" in told

    def test_leave_out_what_a_figure_was_before_it_was_shown(
        self, read, shown_yesterday
    ):
        package = PackageFactory(event=shown_yesterday, person=shown_yesterday.person)
        ReadingFactory(package=package, low=5_000_000)
        Reading.objects.update(low=6_000_000)
        backdate("reading", by=timedelta(days=2))

        assert "US$5M" not in read(shown_yesterday)
