"""What is news to whom, in which order, and when nothing is sent."""

from __future__ import annotations

import pytest

from talent.digests.compose import MOST_SHOWN, Desk, compose, keep
from talent.digests.models import Content, SentItem, Subscriber
from talent.digests.samples import sample
from talent.registry import curation
from talent.registry.models import Event
from tests.digests.newsroom import (
    DAY,
    EARLIER,
    LAST,
    TODAY,
    composed,
    headlines,
    moves_are_known,
    paid,
    published,
    reader,
    sent,
)
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    UserFactory,
    decided_by_two,
)

pytestmark = pytest.mark.django_db


def hire(name: str, place: str = "Initech", **columns) -> Event:
    return published(
        person=PersonFactory(name=name),
        organization=OrganizationFactory(name=place),
        **columns,
    )


class TestNews:
    def test_is_what_was_published_since_the_last_mail(self):
        subscriber = reader()
        hire("Ada New")
        hire("Bob Old", at=LAST - 30 * DAY)

        assert headlines(composed(subscriber)) == ["Ada New joined Initech"]

    def test_is_sent_once(self):
        subscriber = reader()
        hire("Ada New")
        sent(subscriber)

        assert compose(subscriber, at=TODAY + 7 * DAY) is None

    def test_includes_what_was_committed_late(self):
        """Published before the last mail was composed, seen only after it."""
        subscriber = reader()
        hire("Ada New", at=LAST - DAY)

        assert headlines(composed(subscriber)) == ["Ada New joined Initech"]

    def test_of_a_year_ago_is_no_news_after_a_long_pause(self):
        subscriber = reader(
            covered_until=TODAY - 400 * DAY, started_at=TODAY - 500 * DAY
        )
        hire("Ada Old", at=TODAY - 300 * DAY)

        assert compose(subscriber, at=TODAY) is None

    def test_excludes_what_was_published_before_they_subscribed(self):
        subscriber = reader(started_at=TODAY - DAY, covered_until=None)
        hire("Ada Before", at=TODAY - 2 * DAY)

        assert compose(subscriber, at=TODAY) is None

    def test_excludes_what_was_published_before_they_followed_it(self):
        subscriber = reader()
        subscriber.follows.update(created_at=TODAY - DAY / 2)
        hire("Ada Before", at=TODAY - DAY)

        assert compose(subscriber, at=TODAY) is None

    def test_excludes_drafts_withdrawn_events_and_career_histories(self):
        subscriber = reader()
        EventFactory()
        EventFactory(status="withdrawn", published_at=TODAY - DAY)
        hire("Ada Background", background=True)

        assert compose(subscriber, at=TODAY) is None
        assert compose(reader("background=on"), at=TODAY) is None

    def test_excludes_what_is_published_later(self):
        subscriber = reader()
        hire("Ada Later", at=TODAY + DAY)

        assert compose(subscriber, at=TODAY) is None


class TestFollows:
    def test_choose_what_matches_any_of_them(self):
        first, second = hire("Ada", "Initech"), hire("Bob", "Globex")
        hire("Eve", "Umbrella")
        subscriber = reader(
            f"company={first.organization.slug}", f"person={second.person.slug}"
        )

        assert sorted(headlines(composed(subscriber))) == [
            "Ada joined Initech",
            "Bob joined Globex",
        ]

    def test_leave_rumours_out_unless_asked_for(self):
        hire("Ada", standing="rumoured")

        assert compose(reader(), at=TODAY) is None
        assert headlines(composed(reader("rumours=on"))) == ["Ada joined Initech"]

    def test_tell_a_rumour_when_it_comes_to_be_reported(self):
        subscriber = reader()
        event = hire("Ada", at=TODAY - 40 * DAY, standing="rumoured")
        Event.objects.filter(pk=event.pk).update(standing="reported")

        # The history is dated by the clock: the mail is composed after now.
        event.refresh_from_db()
        at = event.updated_at + DAY
        Event.objects.filter(pk=event.pk).update(published_at=at - 40 * DAY)
        subscriber.started_at = at - 90 * DAY
        subscriber.covered_until = at - 7 * DAY
        subscriber.save()

        assert headlines(composed(subscriber, at=at)) == ["Ada joined Initech"]

    def test_that_have_gone_wrong_match_nothing_and_are_named(self):
        hire("Ada")

        assert compose(reader("company=nowhere"), at=TODAY) is None
        assert composed(reader("company=nowhere", "")).letter.follows == (
            "Everything in the record; company=nowhere."
        )


class TestStories:
    def test_tell_a_departure_and_the_hire_that_answers_it_as_one(self):
        person = PersonFactory(name="Ada Lovelace")
        old, new = (
            OrganizationFactory(name="Initech"),
            OrganizationFactory(name="Globex"),
        )
        published("2024-01-01", person=person, organization=old, at=EARLIER)
        left = published(
            "2026-03-02",
            kind="departure",
            person=person,
            organization=old,
            counterpart=new,
        )
        joined = published(
            "2026-03-05", person=person, organization=new, counterpart=old
        )
        moves_are_known()

        digest = composed(reader())

        assert headlines(digest) == ["Ada Lovelace left Initech for Globex"]
        assert digest.letter.items[0].when == "left 2 March 2026, joined 5 March 2026"
        assert {item.event_id for item in digest.items} == {left.pk, joined.pk}

    def test_count_a_source_of_both_events_once(self):
        person = PersonFactory()
        old, new = OrganizationFactory(), OrganizationFactory()
        published("2024-01-01", person=person, organization=old, at=EARLIER)
        left = published(
            kind="departure", person=person, organization=old, counterpart=new
        )
        joined = published(person=person, organization=new, counterpart=old)
        source = CitationFactory(event=left).source
        CitationFactory(event=joined, source=source)
        CitationFactory(event=joined, source__repeats=source)
        CitationFactory(event=joined, stance="contradicts")
        moves_are_known()

        digest = composed(reader())

        assert digest.letter.items[0].sources == "2 sources, 1 origin"

    def test_add_nothing_that_has_been_denied_meanwhile(self):
        """The moves are derived seconds later than the record is written."""
        person = PersonFactory(name="Ada Lovelace")
        old = OrganizationFactory(name="Initech")
        new = OrganizationFactory(name="Globex")
        published("2024-01-01", person=person, organization=old, at=EARLIER)
        left = published(kind="departure", person=person, organization=old)
        published(person=person, organization=new)
        moves_are_known()
        with decided_by_two():
            Event.objects.filter(pk=left.pk).update(standing="denied")

        digest = composed(reader())

        assert headlines(digest) == ["Ada Lovelace joined Globex"]
        assert left.pk not in {item.event_id for item in digest.items}

    def test_come_strongest_first_and_name_the_mail(self):
        lab = OrganizationFactory(name="Globex", seat="frontier_lab")
        small = {"seat": "other"}
        hire("Plain", standing="reported")
        Event.objects.update(organization=OrganizationFactory(name="Initech", **small))
        rich = published(
            person=PersonFactory(name="Rich"), organization=lab, standing="confirmed"
        )
        paid(rich, low=200_000_000)
        corroborated = published(
            person=PersonFactory(name="Known"), organization=lab, standing="confirmed"
        )
        CitationFactory.create_batch(2, event=corroborated)

        digest = composed(reader())

        assert headlines(digest) == [
            "Rich joined Globex",
            "Known joined Globex",
            "Plain joined Initech",
        ]
        assert digest.subject == "Rich joined Globex, and 2 more moves"
        assert digest.letter.items[0].money == ["US$200M"]

    def test_beyond_the_first_ones_are_counted_and_never_news_again(self):
        subscriber = reader()
        for number in range(MOST_SHOWN + 3):
            hire(f"Person {number}")

        digest = sent(subscriber)

        assert len(digest.letter.items) == MOST_SHOWN
        assert digest.letter.more == "and 3 more moves on the site"
        assert SentItem.objects.filter(shown=False).count() == 3
        assert compose(subscriber, at=TODAY + 7 * DAY) is None

    @pytest.mark.parametrize(
        ("standing", "shown"),
        [("confirmed", "● confirmed"), ("reported", "○ reported")],
    )
    def test_say_how_sure_they_are(self, standing, shown):
        hire("Ada", standing=standing)

        item = composed(reader()).letter.items[0]

        assert f"{item.mark} {item.standing}" == shown

    @pytest.mark.parametrize(
        ("reading", "outcome", "shown"),
        [
            (
                {"low": 200_000_000, "qualifier": "more than", "several_years": True},
                "accepted",
                "more than US$200M over several years",
            ),
            ({"low": 2_000_000, "form": "annual"}, "accepted", "US$2M a year"),
            (
                {"low": 100_000_000, "form": "signing_bonus", "standing": "denied"},
                "unknown",
                "US$100M signing bonus (denied)",
            ),
            ({"low": 5_000_000}, "declined", "US$5M (declined)"),
        ],
    )
    def test_say_what_was_stated_and_what_speaks_against_it(
        self, reading, outcome, shown
    ):
        event = hire("Ada")
        paid(event, **reading)
        event.packages.update(outcome=outcome)

        assert composed(reader()).letter.items[0].money == [shown]

    def test_show_no_money_that_was_never_stated(self):
        event = hire("Ada")
        paid(event, low=None)

        assert composed(reader()).letter.items[0].money == []


class TestSharing:
    def test_gives_readers_of_the_same_one_composition(self):
        hire("Ada")
        readers = [reader().pk, reader().pk, reader("kind=hire").pk]
        rows = list(
            Subscriber.objects.with_history().filter(pk__in=readers).order_by("pk")
        )
        desk = Desk(at=TODAY)
        desk.load(rows)

        one, same, other = (desk.compose(row) for row in rows)

        assert one is same
        assert one.key != other.key

    def test_asks_as_much_for_ten_readers_as_for_three(self, queries_of):
        hire("Ada")
        for _number in range(10):
            sent(reader("", "kind=hire"), at=TODAY - DAY / 2)
        hire("Bob", at=TODAY)

        def compose_for(number: int) -> None:
            desk = Desk(at=TODAY + DAY)
            rows = list(Subscriber.objects.with_history().order_by("pk")[:number])
            desk.load(rows)
            assert all(desk.compose(row) for row in rows)

        assert queries_of(lambda: compose_for(10)) == queries_of(lambda: compose_for(3))

    def test_stores_a_content_once(self):
        hire("Ada")
        subscriber = reader()

        kept = {keep(composed(subscriber)).pk, keep(composed(subscriber)).pk}

        assert len(kept) == 1
        assert Content.objects.count() == 1
        assert SentItem.objects.count() == 1

    def test_gives_another_key_once_the_record_has_changed(self):
        event = hire("Ada", standing="reported")
        subscriber = reader()
        before = composed(subscriber)

        with decided_by_two():
            curation.deny(event, at=TODAY, by=UserFactory(), reason="They said no.")
        hire("Bob")

        assert composed(subscriber).key != before.key


class TestSample:
    def test_shows_the_last_week_without_a_subscriber(self):
        hire("Ada")
        hire("Old", at=EARLIER)

        letter = sample([""], language="en", at=TODAY)

        assert letter is not None
        assert [item.headline for item in letter.items] == ["Ada joined Initech"]
        assert letter.numbers == []

    def test_is_nothing_where_nothing_was_published(self):
        assert sample([""], language="en", at=TODAY) is None
