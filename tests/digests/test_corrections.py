"""What earlier mails said and the record no longer says."""

from __future__ import annotations

import pytest

from talent.digests.compose import compose
from talent.registry import curation, merging
from talent.registry.models import Event, Organization, Reading
from tests.digests.newsroom import (
    DAY,
    TODAY,
    composed,
    headlines,
    paid,
    published,
    reader,
    sent,
)
from tests.factories import (
    OrganizationFactory,
    PersonFactory,
    UserFactory,
    decided_by_two,
)

pytestmark = pytest.mark.django_db

NEXT = TODAY + 7 * DAY


@pytest.fixture
def event() -> Event:
    return published(
        "2026-03-03",
        person=PersonFactory(name="Ada Lovelace"),
        organization=OrganizationFactory(name="Initech"),
        standing="reported",
    )


def change(event: Event, **columns) -> None:
    with decided_by_two():
        Event.objects.filter(pk=event.pk).update(**columns)


def corrections(subscriber, *, at=NEXT) -> list[tuple[str, str, str]]:
    return [
        (each.label, each.said, each.now)
        for each in composed(subscriber, at=at).letter.corrections
    ]


SAID = "Ada Lovelace joined Initech, 3 March 2026, reported"


class TestCorrection:
    @pytest.mark.parametrize(
        ("columns", "label", "now"),
        [
            (
                {"kind": "departure"},
                "Changed",
                "Ada Lovelace left Initech, 3 March 2026, reported",
            ),
            (
                {"happened_on": "2026-02-01", "precision": "month"},
                "Changed",
                "Ada Lovelace joined Initech, February 2026, reported",
            ),
            (
                {"standing": "confirmed"},
                "Confirmed",
                "Ada Lovelace joined Initech, 3 March 2026, confirmed",
            ),
            (
                {"standing": "denied"},
                "Denied",
                "Ada Lovelace joined Initech, 3 March 2026, denied",
            ),
            (
                {"standing": "rumoured"},
                "Standing changed",
                "Ada Lovelace joined Initech, 3 March 2026, rumoured",
            ),
            (
                {"never_started": True},
                "Changed",
                "Ada Lovelace was to join Initech and never started, 3 March 2026, "
                "reported",
            ),
        ],
    )
    def test_says_what_we_said_and_what_is_right(self, event, columns, label, now):
        subscriber = reader()
        sent(subscriber)

        change(event, **columns)

        assert corrections(subscriber) == [(label, SAID, now)]

    def test_names_the_right_ends(self, event):
        subscriber = reader()
        sent(subscriber)

        change(event, counterpart=OrganizationFactory(name="Globex"))

        assert corrections(subscriber) == [
            (
                "Changed",
                SAID,
                "Ada Lovelace joined Initech from Globex, 3 March 2026, reported",
            )
        ]

    def test_tells_of_a_withdrawal_without_what_else_the_draft_says_now(self, event):
        subscriber = reader()
        sent(subscriber)

        change(
            event,
            status="withdrawn",
            organization=OrganizationFactory(name="Secret"),
        )

        assert corrections(subscriber) == [
            ("Withdrawn", SAID, "No longer in the record.")
        ]
        assert "Secret" not in composed(subscriber, at=NEXT).html

    def test_tells_of_money_that_was_changed(self, event):
        paid(event, low=200_000_000)
        subscriber = reader()
        sent(subscriber)

        Reading.objects.update(low=100_000_000)

        assert corrections(subscriber) == [
            ("Changed", f"{SAID}, US$200M", f"{SAID}, US$100M")
        ]

    def test_is_told_once(self, event):
        subscriber = reader()
        sent(subscriber)
        change(event, standing="denied")
        sent(subscriber, at=NEXT)

        assert compose(subscriber, at=NEXT + 7 * DAY) is None

    def test_is_told_anew_after_another_change(self, event):
        subscriber = reader()
        sent(subscriber)
        change(event, standing="denied")
        sent(subscriber, at=NEXT)
        change(event, standing="confirmed")

        [(label, said, now)] = corrections(subscriber, at=NEXT + 7 * DAY)

        assert label == "Confirmed"
        assert said.endswith("denied")
        assert now.endswith("confirmed")

    def test_is_told_only_to_who_was_told_the_mistake(self, event):
        sent(reader())
        other = reader("company=nowhere")

        change(event, standing="denied")

        assert compose(other, at=NEXT) is None

    def test_reaches_who_no_longer_follows_it(self, event):
        subscriber = reader()
        sent(subscriber)
        subscriber.follows.update(query="kind=departure")

        change(event, standing="denied")

        assert [label for label, *_words in corrections(subscriber)] == ["Denied"]

    def test_is_dated_by_the_change(self, event):
        subscriber = reader()
        sent(subscriber)
        change(event, standing="denied")
        changed_at = event.history.order_by("-pgh_id").first().pgh_created_at

        digest = composed(subscriber, at=NEXT)

        [each] = digest.letter.corrections
        assert each.day == f"{changed_at:%-d %B %Y}"
        assert each.url.endswith(event.get_absolute_url())
        assert digest.subject == f"Denied: {SAID}"

    def test_is_none_of_a_change_that_was_undone(self, event):
        subscriber = reader()
        sent(subscriber)
        change(event, standing="denied")
        change(event, standing="reported")

        assert compose(subscriber, at=NEXT) is None

    def test_is_none_of_other_words_or_another_spelling(self, event):
        subscriber = reader()
        sent(subscriber)
        change(event, summary="Said otherwise.", title="Chief")
        Organization.objects.update(name="Initech Incorporated")

        assert compose(subscriber, at=NEXT) is None

    def test_is_none_where_two_records_were_found_to_be_one(self, event):
        subscriber = reader()
        sent(subscriber)
        double = event.organization
        kept = OrganizationFactory(name="Initech Corp")

        merging.merge_organizations(kept, double, by=UserFactory(), at=NEXT - DAY)

        assert Event.objects.get().organization == kept
        assert compose(subscriber, at=NEXT) is None

    def test_stands_beside_the_news(self, event):
        subscriber = reader()
        sent(subscriber)
        change(event, standing="denied")
        published(
            person=PersonFactory(name="Bob"),
            organization=OrganizationFactory(name="Globex"),
            at=NEXT - DAY,
        )

        digest = composed(subscriber, at=NEXT)

        assert headlines(digest) == ["Bob joined Globex"]
        assert digest.letter.lede == "1 new move, the strongest first; 1 correction."
        assert "We wrote:" in digest.html
        assert f"We wrote: {SAID}" in " ".join(digest.text.split())

    def test_of_both_halves_of_a_move_is_told_as_one(self, event):
        old = OrganizationFactory(name="Globex")
        change(event, counterpart=old)
        departure = published(
            "2026-03-03",
            kind="departure",
            person=event.person,
            organization=old,
            counterpart=event.organization,
        )
        subscriber = reader()
        sent(subscriber)

        for half in (event, departure):
            change(half, standing="denied")

        said = "Ada Lovelace joined Initech from Globex, 3 March 2026, "
        assert corrections(subscriber) == [
            ("Denied", f"{said}reported", f"{said}denied")
        ]
        sent(subscriber, at=NEXT)
        assert compose(subscriber, at=NEXT + 7 * DAY) is None

    def test_is_not_owed_for_what_was_only_counted(self):
        subscriber = reader()
        for number in range(25):
            published(
                person=PersonFactory(name=f"Person {number:02}"),
                organization=OrganizationFactory(name="Initech"),
            )
        digest = sent(subscriber)
        unshown = next(item.event_id for item in digest.items if not item.shown)

        change(Event.objects.get(pk=unshown), standing="denied")

        assert compose(subscriber, at=NEXT) is None

    def test_follows_a_verb_of_the_desk(self, event):
        subscriber = reader()
        sent(subscriber)

        curation.withdraw(
            event, at=TODAY + DAY, by=UserFactory(), reason="It was somebody else."
        )

        assert [label for label, *_words in corrections(subscriber)] == ["Withdrawn"]
