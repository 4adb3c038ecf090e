"""The inbox: what is proposed, whom it may mean, and deciding about it."""

from datetime import date

import pytest
from django.urls import reverse

from talent.intake.articles import Story, take
from talent.intake.desk_forms import DecisionForm
from talent.intake.known_names import known_names
from talent.intake.matching import matches_of
from talent.intake.models import Article, Proposal
from talent.registry.models import (
    Citation,
    Event,
    Organization,
    Package,
    Person,
    Reading,
    Source,
)
from talent.registry.signals import removed
from talent.registry.tombstones import lay
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    SourceFactory,
)
from tests.intake.newsstand import NOON
from tests.registry.curators import signed_in, told

pytestmark = pytest.mark.django_db

INBOX = "admin:intake_proposal_changelist"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def record():
    """Two companies; Ada Quill is at one of them."""
    OrganizationFactory(name="Harbour AI", slug="harbour-ai")
    vale = OrganizationFactory(name="Vale Labs", slug="vale-labs")
    ada = PersonFactory(name="Ada Quill", slug="ada-quill")
    EventFactory(
        person=ada, organization=vale, happened_on=date(2023, 5, 1), published=True
    )


def article(
    title="Harbour AI hires Ada Quill from Vale Labs for $20 million",
    url="https://a.example/1",
    **story,
):
    story = Story(title, url=url, publisher="Gazette", language="en", **story)
    return take(story, names=known_names(), at=NOON)[0]


def proposal(kind="hire", **story):
    return article(**story).proposals.get(kind=kind)


def decide(client, row, verb="accept", htmx=True, **typed):
    """Press a button of the card as it stands, with what else was typed."""
    [match] = matches_of([row]).values()
    form = DecisionForm(proposal=row, match=match)
    sent = {
        field.name: "on" if field.value() is True else field.value()
        for field in form
        if field.value() not in (None, False, "")
    }
    if "date" in sent:
        sent["date"] = form.fields["date"].prepare_value(sent["date"])
    sent |= {"verb": verb, "date": "2026-03"} | typed
    sent = {name: value for name, value in sent.items() if value != ""}
    url = reverse("admin:intake_proposal_decide", args=[row.pk])
    response = client.post(url, sent, **(HTMX if htmx else {}))
    row.refresh_from_db()
    return response


@pytest.mark.usefixtures("record")
class TestInbox:
    def test_shows_newest_and_surest_first(self):
        client = signed_in("editor")
        for title, url, surest, day in (
            ("Harbour AI hires Bea Orr from Vale Labs", "1", 0.5, date(2026, 3, 1)),
            ("Harbour AI hires Cal Day from Vale Labs", "2", 0.9, date(2026, 3, 1)),
            ("Harbour AI hires Dee Fox from Vale Labs", "3", 0.1, date(2026, 3, 2)),
        ):
            row = article(title, f"https://a.example/{url}")
            Article.objects.filter(pk=row.pk).update(surest=surest, newest_on=day)

        papers = client.get(reverse(INBOX)).context_data["papers"]

        urls = [paper.article.url[-1] for paper in papers]
        assert urls == ["3", "2", "1"]

    def test_marks_the_words_behind_each_field(self):
        article()

        page = signed_in("editor").get(reverse(INBOX)).content.decode()

        assert '<mark title="person">Ada Quill</mark>' in page
        assert '<mark title="organization">Harbour AI</mark>' in page
        assert '<mark title="amount">$20 million</mark>' in page

    def test_escapes_what_the_article_says(self):
        article("Harbour AI hires Ada Quill <script>alert(1)</script>")

        page = signed_in("editor").get(reverse(INBOX)).content.decode()

        assert "<script>alert" not in page

    def test_makes_as_many_queries_for_many_proposals_as_for_one(self, queries_of):
        client = signed_in("editor")
        article()
        url = reverse(INBOX)
        with_one = queries_of(lambda: client.get(url))

        for number in range(4):
            PersonFactory(name=f"Bea Or{number}")
            article(
                f"Harbour AI hires Bea Or{number} from Vale Labs",
                f"https://b.example/{number}",
            )

        assert queries_of(lambda: client.get(url)) == with_one

    def test_is_for_curators(self, client):
        assert client.get(reverse(INBOX)).status_code == 302

    def test_leaves_out_what_was_decided_and_keeps_what_was_put_off(self):
        client = signed_in("editor")
        decide(client, proposal(), "later")
        Proposal.objects.filter(state="new").delete()

        assert not client.get(reverse(INBOX)).context_data["papers"]
        later = client.get(reverse(INBOX), {"tab": "later"}).context_data["papers"]
        assert len(later) == 1

    def test_brings_no_seen_link_again(self):
        decide(signed_in("editor"), proposal(), "reject", reason="Misread")

        again = article("Another title altogether for the page")

        assert again == Article.objects.get()
        assert not again.proposals.in_state("new").filter(kind="hire").exists()


@pytest.mark.usefixtures("record")
class TestMatch:
    def match(self, row):
        return matches_of([row])[row.pk]

    def test_is_the_one_whose_employer_fits(self):
        PersonFactory(name="Ada Quill", slug="ada-quill-2")

        found = self.match(proposal())

        assert found.person.slug == "ada-quill"
        assert [bool(one.for_it) for one in found.people] == [True, False]
        assert found.people[0].for_it == ["Joined Vale Labs: 1 May 2023."]

    def test_is_nobody_on_a_name_alone(self):
        PersonFactory(name="Bea Orr")

        found = self.match(proposal(title="Harbour AI hires Bea Orr"))

        assert len(found.people) == 1
        assert found.person is None

    def test_is_nobody_where_two_fit(self):
        other = PersonFactory(name="Ada Quill", slug="ada-quill-2")
        EventFactory(
            person=other, organization=Organization.objects.get(slug="harbour-ai")
        )

        assert self.match(proposal()).person is None

    def test_is_not_somebody_with_another_chinese_name(self):
        PersonFactory(name="Shunyu Lan", name_zh="蓝书宇")

        row = proposal(title="Harbour AI hires Ada Quill")
        row.person, row.known = "Shunyu Lan 蓝书雨", {}

        assert self.match(row).people == []

    def test_finds_the_event_that_is_on_record(self):
        event = EventFactory(
            person=Person.objects.get(),
            organization=Organization.objects.get(slug="harbour-ai"),
            happened_on=date(2026, 2, 20),
        )
        row = proposal()
        row.date = "2026-03"

        assert self.match(row).twins == [event]

    def test_finds_what_happened_long_before_a_look_back_at_it(self):
        """Nobody joins twice who has not left; who has left may be back."""
        ada, vale = Person.objects.get(), Organization.objects.get(slug="vale-labs")
        row = proposal(title="Vale Labs hires Ada Quill from Harbour AI")
        row.date = "2026-03"
        [hired] = ada.events.all()

        assert self.match(row).twins == [hired]
        EventFactory(
            person=ada, organization=vale, kind="departure", happened_on="2024-01-01"
        )
        assert self.match(row).twins == []


@pytest.mark.usefixtures("record")
class TestAccept:
    def test_drafts_event_person_source_citation_and_package(self):
        row = proposal(title="Harbour AI hires Bea Orr from Vale Labs for $20 million")

        decide(signed_in("editor"), row)

        event = Event.objects.drafts().get()
        assert (event.person.name, event.organization.name) == ("Bea Orr", "Harbour AI")
        assert event.counterpart.name == "Vale Labs"
        assert event.date.isoformat() == "2026-03"
        citation = event.citations.get()
        assert str(citation.source) == f"Gazette – {row.article.title}"
        package = event.packages.get()
        assert (str(package.headline), package.status) == ("US$20M", "draft")
        assert package.headline.source == citation.source
        assert (row.state, row.event) == ("accepted", event)

    def test_takes_the_person_the_record_has(self):
        decide(signed_in("editor"), proposal())

        assert Event.objects.drafts().get().person.slug == "ada-quill"
        assert Person.objects.count() == 1

    def test_asks_who_is_meant_where_only_the_name_fits(self):
        known = PersonFactory(name="Bea Orr")
        row = proposal(title="Harbour AI hires Bea Orr from Vale Labs")
        client = signed_in("editor")

        page = decide(client, row).content.decode()
        assert "A name alone is not enough" in page
        assert row.state == "new"

        decide(client, row, person=str(known.pk))
        assert row.event.person == known

    def test_asks_for_the_seat_of_a_new_organization(self):
        client = signed_in("editor")
        row = proposal()
        new = {"organization": "new", "organization_name": "Lantern Robotics"}

        page = decide(client, row, **new).content.decode()
        assert "“Lantern Robotics” is new to the record" in page

        decide(client, row, **new, seat="research_startup")
        assert row.event.organization.seat == "research_startup"

    def test_does_not_double_what_is_on_record(self):
        hire = EventFactory(
            person=Person.objects.get(),
            organization=Organization.objects.get(slug="harbour-ai"),
            happened_on=date(2026, 3, 1),
        )
        client, row = signed_in("editor"), proposal()
        Proposal.objects.update(date="2026-03")

        page = decide(client, row).content.decode()
        assert "on record already" in page
        assert list(Event.objects.drafts()) == [hire]

        decide(client, row, anyway="on")
        assert Event.objects.drafts().count() == 2

    def test_keeps_out_who_was_removed_for_good(self):
        lay(Person, ["bea-orr"], at=NOON)
        row = proposal(title="Harbour AI hires Bea Orr from Vale Labs")

        page = decide(signed_in("editor"), row).content.decode()

        assert "was removed from the record for good" in page
        assert row.state == "new"

    def test_publishes_at_once_for_a_publisher(self):
        decide(signed_in("publisher"), proposal(), "publish")

        event = Event.objects.get(organization__slug="harbour-ai")
        assert event.status == "published"
        assert event.packages.get().status == "published"

    def test_publishes_nothing_for_an_editor(self):
        row = proposal()

        response = decide(signed_in("editor"), row, "publish")

        assert response.status_code == 403
        assert row.state == "new"

    def test_opens_the_event_to_be_edited(self):
        client, row = signed_in("editor"), proposal()

        response = decide(client, row, "edit", htmx=False)

        assert response.url == reverse(
            "admin:registry_event_change", args=[row.event.pk]
        )
        form = client.get(response.url).context_data["adminform"].form
        assert form.initial["organization"] == row.event.organization.pk

    def test_keeps_what_was_typed_without_scripts(self):
        row = proposal()

        response = decide(
            signed_in("editor"), row, htmx=False, date="soon", title="Chief"
        )

        [paper] = response.context_data["papers"]
        [form] = [card.form for card in paper.cards if card.proposal == row]
        assert form["title"].value() == "Chief"
        assert "“soon” is not a date we can read" in response.rendered_content

    def test_happens_once(self):
        first, second = signed_in("editor", username="ada"), signed_in("editor")
        row = proposal()
        decide(first, row)

        page = decide(second, row).content.decode()

        assert "It was accepted already by ada." in page
        assert Event.objects.drafts().count() == 1

    def test_needs_the_right_to_draft(self, client):
        url = reverse("admin:intake_proposal_decide", args=[proposal().pk])

        assert client.post(url, {"verb": "accept"}).status_code == 302


@pytest.mark.usefixtures("record")
class TestAttach:
    def test_cites_the_article_for_an_event_on_record(self):
        hire = EventFactory(published=True)
        row = proposal()

        decide(signed_in("publisher"), row, "", attach=hire.pk)

        assert hire.citations.get().source.title == row.article.title
        assert (row.state, row.event) == ("attached", hire)

    def test_leaves_a_published_event_to_a_publisher(self):
        hire = EventFactory(published=True)
        row = proposal()

        page = decide(signed_in("editor"), row, "", attach=hire.pk).content.decode()

        assert "a publisher adds a source to it" in page
        assert not hire.citations.exists()

    @pytest.mark.parametrize("key", ["9" * 5000, "9" * 18, "²", "-1"])
    def test_says_that_an_event_is_gone_whatever_is_sent_as_its_key(self, key):
        page = decide(signed_in("publisher"), proposal(), "", attach=key)

        assert "That event is gone." in page.content.decode()

    def test_needs_an_address(self):
        row = proposal(url="")

        page = decide(signed_in("editor"), row, "", attach=EventFactory().pk)

        assert "no source to cite" in page.content.decode()


@pytest.fixture
def hire(record):
    """Ada Quill joined Harbour AI: what `proposal()` tells of, published."""
    return EventFactory(
        person=Person.objects.get(),
        organization=Organization.objects.get(slug="harbour-ai"),
        happened_on=date(2026, 3, 1),
        published=True,
    )


def paid(hire):
    """Readers know that it was US$15M."""
    package = PackageFactory(
        event=hire, person=hire.person, organization=hire.organization
    )
    ReadingFactory(package=package, low=15_000_000)
    return package


class TestAttachMoney:
    def figures(self):
        return [str(reading) for reading in Reading.objects.order_by("pk")]

    def test_says_first_what_becomes_of_it(self, hire):
        client, row = signed_in("publisher"), proposal()
        Proposal.objects.update(date="2026-03")

        without = client.get(reverse(INBOX)).content.decode()
        paid(hire)
        with_package = client.get(reverse(INBOX)).content.decode()
        decide(client, row, "", attach=hire.pk)
        decide(client, row, "undo")
        ReadingFactory(
            package=hire.packages.get(),
            low=20_000_000,
            source=SourceFactory(url=row.article.url),
        )
        told_before = client.get(reverse(INBOX)).content.decode()

        assert "US$20M: makes its package" in without
        assert "one more figure for its package, which says US$15M" in with_package
        assert "its package has it from this page already" in told_before

    def test_adds_a_figure_with_its_source(self, hire):
        package, row = paid(hire), proposal()

        decide(signed_in("publisher"), row, "", attach=hire.pk)

        assert self.figures() == ["US$15M", "US$20M"]
        added = package.readings.get(low=20_000_000)
        assert added.source.url == row.article.url
        assert hire.citations.get().source == added.source

    def test_makes_the_package_as_public_as_the_hire(self, hire):
        decide(signed_in("publisher"), proposal(), "", attach=hire.pk)

        package = Package.objects.get()
        assert (package.event, package.status, package.outcome) == (
            hire,
            "published",
            "accepted",
        )
        assert str(package.headline) == "US$20M"

    def test_leaves_the_money_out_where_it_was_unticked(self, hire):
        decide(signed_in("publisher"), proposal(), "", attach=hire.pk, with_pay="")

        assert self.figures() == []

    def test_adds_no_figure_twice(self, hire):
        row = proposal()
        source = SourceFactory(url=row.article.url)
        ReadingFactory(package=paid(hire), low=20_000_000, source=source)

        decide(signed_in("publisher"), row, "", attach=hire.pk)

        assert len(self.figures()) == 2

    @pytest.mark.parametrize("had_package", [True, False])
    def test_is_undone_in_one_go(self, hire, had_package):
        if had_package:
            paid(hire)
        client, row, before = signed_in("publisher"), proposal(), counts()
        decide(client, row, "", attach=hire.pk)

        decide(client, row, "undo")

        assert counts() == before
        assert row.state == "new"

    def test_is_not_undone_once_readers_had_time_to_see_it(self, hire):
        client, row = signed_in("publisher"), proposal()
        decide(client, row, "", attach=hire.pk)
        Proposal.objects.update(decided_at=NOON)  # long ago

        page = decide(client, row, "undo").content.decode()

        assert "Readers have seen the figure" in page
        assert self.figures() == ["US$20M"]

    def test_is_not_undone_once_somebody_edited_it(self, hire):
        client, row = signed_in("publisher"), proposal()
        decide(client, row, "", attach=hire.pk)
        Reading.objects.update(note="The higher of two.")

        page = decide(client, row, "undo").content.decode()

        assert "was changed since" in page


@pytest.mark.usefixtures("record")
class TestReject:
    def test_keeps_reason_and_editor(self):
        client, row = signed_in("editor"), proposal()

        decide(client, row, "reject", reason=" Misread ")

        assert (row.state, row.reason) == ("rejected", "Misread")
        assert row.decided_by == client.user

    def test_wants_a_reason(self):
        row = proposal()

        page = decide(signed_in("editor"), row, "reject").content.decode()

        assert "Say why in a few words" in page
        assert row.state == "new"


@pytest.mark.usefixtures("record")
class TestUndo:
    def test_of_accepting_leaves_nothing_behind(self):
        client = signed_in("editor")
        row = proposal(title="Harbour AI hires Bea Orr from Vale Labs for $20 million")
        before = counts()
        decide(client, row)

        decide(client, row, "undo")

        assert counts() == before
        assert (row.state, row.event, row.decided_by) == ("new", None, None)

    def test_keeps_a_person_somebody_else_used_meanwhile(self):
        client = signed_in("editor")
        row = proposal(title="Harbour AI hires Bea Orr from Vale Labs")
        decide(client, row)
        EventFactory(person=Person.objects.get(name="Bea Orr"))

        decide(client, row, "undo")

        assert Person.objects.filter(name="Bea Orr").exists()
        assert row.state == "new"

    def test_is_refused_once_the_draft_was_edited(self):
        client, row = signed_in("editor"), proposal()
        decide(client, row)
        Event.objects.filter(pk=row.event.pk).update(title="Chief scientist")

        page = decide(client, row, "undo").content.decode()

        assert "was changed since" in page
        assert row.state == "accepted"

    def test_of_publishing_withdraws(self):
        client, row = signed_in("publisher"), proposal()
        decide(client, row, "publish")
        event = row.event

        decide(client, row, "undo")

        event.refresh_from_db()
        assert (event.status, row.state) == ("withdrawn", "new")

    def test_of_publishing_is_a_publishers(self):
        row = proposal()
        decide(signed_in("publisher"), row, "publish")

        decide(signed_in("editor"), row, "undo")

        assert row.event.status == "published"

    def test_of_attaching_takes_the_citation_away(self):
        client, hire, row = signed_in("editor"), EventFactory(), proposal()
        decide(client, row, "", attach=hire.pk)

        decide(client, row, "undo")

        assert not hire.citations.exists()
        assert not Source.objects.exists()

    @pytest.mark.parametrize("verb", ["later", "reject"])
    def test_of_the_rest_puts_it_back(self, verb):
        client, row = signed_in("editor"), proposal()
        decide(client, row, verb, reason="Misread")

        decide(client, row, "undo")

        assert (row.state, row.reason) == ("new", "")

    def test_of_nothing_is_refused(self):
        row = proposal()

        page = decide(signed_in("editor"), row, "undo").content.decode()

        assert "Nothing was decided" in page


@pytest.mark.usefixtures("record")
class TestRemoval:
    def test_forgets_what_came_in_and_lets_it_in_no_more(self):
        about = article(
            "Harbour AI hires Bea Orr from Vale Labs", "https://a.example/bea-orr"
        )
        other = article(
            "Harbour AI hires Ada Quill from Vale Labs", "https://a.example/2"
        )

        removed.send(sender=Person, at=NOON, people=[], events=[], names=["Bea Orr"])

        about.refresh_from_db()
        assert (about.title, about.text) == ("[removed]", "")
        assert "bea" not in about.addresses.get().url
        assert not Proposal.objects.filter(person="Bea Orr").exists()
        assert other.proposals.exists()
        again = article(
            "Harbour AI hires Bea Orr from Vale Labs", "https://a.example/bea-orr"
        )
        assert again == about
        assert again.proposals.filter(person="Bea Orr").count() == 0


def counts():
    return [
        model.objects.count()
        for model in (Event, Person, Organization, Source, Citation, Package, Reading)
    ]


@pytest.mark.usefixtures("record")
class TestPaste:
    def paste(self, client, text, **typed):
        url = reverse("admin:intake_proposal_paste")
        return client.post(url, {"pasted": text, **typed}, follow=True)

    def test_shows_the_proposals_at_once(self):
        response = self.paste(
            signed_in("editor"),
            "Harbour AI hires Ada Quill from Vale Labs",
            published="2026-03",
        )

        [paper] = response.context_data["papers"]
        dates = {card.proposal.date for card in paper.cards}
        assert dates == {"2026-03"}

    def test_says_what_went_wrong_and_keeps_what_was_pasted(self):
        page = self.paste(signed_in("editor"), "http://127.0.0.1/x").content.decode()

        assert "127.0.0.1 is not a public address" in page
        assert "http://127.0.0.1/x</textarea>" in page

    def test_says_when_it_is_known(self):
        client = signed_in("editor")
        article()

        response = self.paste(client, "https://a.example/1")

        assert told(response) == ["This story is known already."]

    def test_offers_a_form_where_nothing_is_announced(self):
        page = self.paste(signed_in("editor"), "The weather was fine all day long")

        assert "The reader finds nothing announced here." in page.content.decode()


# A paraphrase of what was written in February 2026, in our own words.
SEVEN_MONTHS = """庞若鸣离开Meta加入OpenAI：两亿美元没能留住他
庞若鸣在Meta只待了七个月。2025年7月，Meta以超过2亿美元的薪酬方案从苹果挖走庞若鸣，请他带领基础模型团队。
2026年2月，庞若鸣离开Meta，加入OpenAI。
他并不是第一个走的人。2025年8月，Avi Verma和Ethan Knight离开Meta，重返OpenAI，两人入职还不到一个月。
钱能把人请来，却不一定留得住人。
"""


@pytest.mark.usefixtures("starter_data")
class TestSevenMonthsAtMeta:
    WANTED = (
        ("hire", "ruoming-pang", "meta"),
        ("departure", "ruoming-pang", "meta"),
        ("departure", "avi-verma", "meta"),
        ("departure", "ethan-knight", "meta"),
    )

    def test_gives_its_moves_as_right_drafts_of_known_people(self):
        client = signed_in("editor")
        url = reverse("admin:intake_proposal_paste")
        people = Person.objects.count()
        client.post(url, {"pasted": SEVEN_MONTHS, "published": "2026-02-26"})

        for kind, person, company in self.WANTED:
            [row] = [
                row
                for row in Proposal.objects.filter(kind=kind).with_articles()
                if row.slugs("person") == [person]
                and row.slugs("organization") == [company]
            ]
            decide(client, row, anyway="on", date=row.date)
            assert row.state == "accepted", (kind, person)

        drafts = {
            (event.kind, event.person.slug, event.company.slug): event
            for event in Event.objects.drafts().with_ends()
        }
        assert set(drafts) == set(self.WANTED)
        hire = drafts[self.WANTED[0]]
        assert (hire.counterpart.slug, hire.date.isoformat()) == ("apple", "2025-07")
        assert str(hire.packages.get().headline) == "more than US$200M"
        for key, day in zip(
            self.WANTED[1:], ("2026-02", "2025-08", "2025-08"), strict=True
        ):
            assert drafts[key].counterpart.slug == "openai"
            assert drafts[key].date.isoformat().startswith(day)
        assert Person.objects.count() == people
