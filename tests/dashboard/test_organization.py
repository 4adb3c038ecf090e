"""The page of a company or a unit: who came, who left, drawn and listed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from talent.insights.models import Move
from talent.registry.models import Organization
from tests.factories import (
    DealFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
)
from tests.insights.moves_there import move, moves, read_again
from tests.insights.stays_there import stay

pytestmark = pytest.mark.django_db


def page(client, organization, query: str = "") -> str:
    return client.get(organization.get_absolute_url() + query).content.decode()


def section(html: str, name: str) -> str:
    """The words and links of the section whose heading has this id."""
    return re.split(
        r"<section|</section>", html.partition(f'aria-labelledby="{name}"')[2]
    )[0]


def lately(days: int = 60) -> str:
    return (timezone.localdate() - timedelta(days=days)).isoformat()


@pytest.fixture
def acme(db):
    return OrganizationFactory(name="Acme", slug="acme")


class TestOrganization:
    def test_lists_arrivals_and_departures_apart(self, client, acme):
        came, went = move(None, acme, lately()), move(acme, None, lately())
        read_again()

        html = page(client, acme)

        assert came.name in section(html, "arrivals")
        assert went.name not in section(html, "arrivals")
        assert went.name in section(html, "departures")

    def test_tells_the_pay_of_an_arrival_and_the_length_of_what_a_departure_ended(
        self, client, acme
    ):
        hire = EventFactory(organization=acme, published=True)
        ReadingFactory(
            package__event=hire,
            package__person=hire.person,
            package__organization=acme,
            low=7_000_000,
        )
        stay(acme, "2025-01-10", "2025-08-20")
        read_again()

        html = page(client, acme)

        assert "US$7M" in section(html, "arrivals")
        assert "after 7 months" in section(html, "departures")

    def test_escapes_every_name(self, client):
        named = '<b onclick="x">&'
        place, other = (OrganizationFactory(name=f"{named}{n}") for n in (1, 2))
        unit = OrganizationFactory(name=f"{named}3", parent=place)
        person = stay(
            unit, "2025-01-10", "2025-08-20", person=PersonFactory(name=named)
        )
        move(other, place, lately(), person=person)
        move(place, other, lately(20))
        read_again()

        html = page(client, place)

        assert html.count("&lt;b onclick=&quot;x&quot;&gt;&amp;") > 20
        assert "<b onclick" not in html

    def test_counts_units_once_for_the_whole(self, client, acme):
        unit = OrganizationFactory(parent=acme)
        person = move(None, unit, lately())
        move(acme, unit, lately(10), person=person)
        read_again()

        html = page(client, acme)

        assert "the record has 1 arrival and 0 departures at Acme, net +1." in html
        assert person.name in page(client, unit)
        assert unit.name in html

    def test_says_where_they_came_from_and_went_most_first(self, client, acme):
        one, other = OrganizationFactory(name="One"), OrganizationFactory(name="Other")
        moves(2, one, acme)
        moves(3, other, acme)
        moves(1, acme, one)
        moves(1, acme, None)
        read_again()

        html = page(client, acme)

        came, went = section(html, "came-from"), section(html, "went-to")
        assert came.index(">Other</a>") < came.index(">One</a>")
        assert ">One</a>" in went
        assert "not on record" in went

    def test_names_who_is_last_known_there_and_who_left(self, client, acme):
        here, gone = stay(acme, "2025-03-01"), stay(acme, "2024-03-01", "2025-01-05")
        unknown = stay(acme, "", "2025-02-05")
        read_again()

        html = page(client, acme)

        present, alumni = section(html, "present"), section(html, "alumni")
        assert here.name in present
        assert "All 1<" in present
        assert gone.name in alumni
        assert alumni.index(gone.name) < alumni.index(unknown.name)
        assert "All 2<" in alumni

    def test_ranks_the_shortest_stays_whose_length_is_known(self, client, acme):
        longer = stay(acme, "2024-01-01", "2025-01-05")
        shorter = stay(acme, "2024-01-01", "2024-03-05")
        vague = stay(acme, "2024", "2024")
        read_again()

        shown = section(page(client, acme), "shortest")

        assert shown.index(shorter.name) < shown.index(longer.name)
        assert vague.name not in shown

    def test_names_who_came_back(self, client, acme):
        ada = stay(acme, "2020-01-01", "2021-01-05")
        stay(acme, "2024-02-01", person=ada)
        stay(acme, "2024-02-01")
        read_again()

        back = section(page(client, acme), "returns")

        assert ada.name in back
        assert "All 1<" in back

    def test_greys_a_median_of_few_stints(self, client, acme):
        stay(acme, "2024-01-01", "2024-03-05")
        read_again()

        html = page(client, acme)

        assert "figure-few" in html
        assert "too few for a curve" in html

    def test_lists_packages_with_the_link_to_all(self, client, acme):
        hire = EventFactory(organization=acme, published=True)
        ReadingFactory(
            package__event=hire,
            package__person=hire.person,
            package__organization=acme,
            low=2_000_000,
            form="annual",
        )
        PackageFactory(organization=acme, outcome="declined")
        read_again()

        pay = section(page(client, acme), "packages")

        assert "US$2M a year" in pay
        assert "All 2 packages" in pay
        assert "1 accepted package that compares per year" in pay

    def test_says_in_a_word_what_it_has_not(self, client, acme):
        EventFactory(organization=acme, published=True)

        html = page(client, acme)

        assert "No departure is recorded." in html
        assert 'id="shortest"' not in html
        assert 'id="packages"' not in html

    def test_draws_people_in_order_of_arrival(self, client, acme):
        second, first = stay(acme, lately(30)), stay(acme, lately(90))
        read_again()

        lanes = re.findall(
            r'lane-name"><a href="[^"]+">([^<]+)</a>', page(client, acme)
        )

        assert lanes == [first.name, second.name]

    def test_marks_where_a_lane_passes_from_one_unit_to_the_next(self, client, acme):
        one, other = (OrganizationFactory(parent=acme) for _ in range(2))
        ada = stay(one, lately(300))
        move(one, other, lately(100), person=ada)
        read_again()

        timeline = section(page(client, acme), "people")

        assert timeline.count('class="unit-change"') == 1

    def test_shows_more_people_and_longer_spans_on_request(self, client, acme):
        old = stay(acme, "2012-03-01")
        moves(25, None, acme, lately())
        read_again()

        assert "Show more people" in page(client, acme)
        assert page(client, acme, "?lanes=all").count('class="lane-name"') == 25
        drawn = section(page(client, acme, "?span=all&lanes=all"), "people")
        assert old.name in drawn

    @pytest.mark.parametrize(
        ("part", "left_out"),
        [
            ("organization-flows", "lane-name"),
            ("organization-timeline", "flows-column"),
        ],
    )
    def test_answers_htmx_with_one_part_alone(self, client, acme, part, left_out):
        stay(acme, lately())
        read_again()

        answer = client.get(
            acme.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": part}
        )

        html = answer.content.decode()
        assert html.lstrip().startswith(f'<section id="{part}"')
        assert left_out not in html
        assert "HX-Target" in answer["Vary"]

    @pytest.mark.parametrize("span", ["25", "<b>", "24 months", "x" * 500])
    def test_names_a_span_it_does_not_know(self, client, span):
        company = EventFactory(published=True).organization

        answer = client.get(company.get_absolute_url(), {"span": span})

        assert answer.status_code == 400
        assert "choose 24, 60 or all" in answer.content.decode()
        assert (
            "<b>" not in answer.content.decode().split("<main")[1].split("</main>")[0]
        )

    @pytest.mark.parametrize("place", ["/organizations/{}/", "/embed/timelines/{}/"])
    def test_names_a_choice_of_lanes_it_does_not_know(self, client, acme, place):
        EventFactory(organization=acme, published=True)

        answer = client.get(place.format(acme.slug), {"lanes": "zz"})

        assert answer.status_code == 400
        assert "“zz” is no choice of lanes" in answer.content.decode()

    def test_is_unknown_while_only_drafts_name_it(self, client):
        draft = EventFactory()

        assert client.get(draft.organization.get_absolute_url()).status_code == 404

    def test_is_there_for_a_unit_of_which_only_a_part_is_named(self, client, acme):
        between = OrganizationFactory(parent=acme)
        part = OrganizationFactory(parent=OrganizationFactory(parent=between))
        EventFactory(organization=part, published=True)

        assert client.get(between.get_absolute_url()).status_code == 200
        assert between.name in page(client, acme)

    def test_shows_no_draft_or_withdrawn_event(self, client, acme):
        shown = EventFactory(organization=acme, published=True)
        draft = EventFactory(organization=acme)
        withdrawn = EventFactory(organization=acme, status="withdrawn")
        read_again()

        html = page(client, acme, "?span=all")

        assert shown.person.name in html
        assert draft.person.name not in html
        assert withdrawn.person.name not in html

    def test_keeps_deals_apart_from_pay(self, client):
        event = EventFactory(published=True)
        deal = DealFactory(buyer=event.organization)
        deal.readings.create(currency="USD", low=2_700_000_000, qualifier="about")

        html = unescape(page(client, event.organization))

        deals = html.partition('id="deals"')[2]
        assert "about US$2.7B" in deals
        assert "nobody's pay" in deals

    def test_costs_as_many_queries_for_ten_people_as_for_three(
        self, client, queries_of
    ):
        few, many = OrganizationFactory(), OrganizationFactory()
        for company, number in ((few, 3), (many, 10)):
            for _ in range(number):
                full_stay(company)
        read_again()

        with_few = queries_of(lambda: client.get(few.get_absolute_url()))

        assert queries_of(lambda: client.get(many.get_absolute_url())) == with_few


def full_stay(company: Organization) -> None:
    """Somebody who came from elsewhere for money, left, came back, and moved inside."""
    origin, unit = OrganizationFactory(), OrganizationFactory(parent=company)
    person = PersonFactory()
    stay(company, "2019-01-01", "2020-01-05", person=person)
    hire = EventFactory(
        published=True,
        person=person,
        organization=company,
        counterpart=origin,
        happened_on=date.fromisoformat(lately(90)),
    )
    ReadingFactory(
        package__event=hire, package__person=person, package__organization=company
    )
    move(company, unit, lately(60), person=person)


class TestFlows:
    def test_download_holds_the_numbers_of_the_page(self, client, acme):
        moves(2, None, acme, "2025-02-01")
        moves(1, acme, None, "2025-05-01")
        read_again()

        answer = client.get("/charts/company-flows.csv?company=acme&span=all")

        rows = answer.content.decode("utf-8-sig").splitlines()
        assert rows[0] == "Time,Arrivals,Departures,Net"
        assert "Q1 2025,2,0,2" in rows
        assert "Q2 2025,0,1,-1" in rows

    def test_says_how_many_moves_are_too_vague_for_a_column(self, client, acme):
        moves(1, None, acme, lately())
        moves(1, None, acme, f"{timezone.localdate().year}")
        read_again()

        html = page(client, acme)

        said = "1 more move of this time is dated too vaguely for a column."
        link = re.search(rf'href="([^"]+)">{said}', html)
        assert link
        shown = client.get(unescape(link[1])).content.decode()
        assert shown.count('class="event-row"') == 1
        vague = Move.objects.get(precision="year")
        assert vague.person.name in shown

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("", "Of which company?"),
            ("?company=nobody", "nobody"),
            ("?company=acme&span=7", "“7”"),
            ("?company=acme&colour=red", "“colour”"),
        ],
    )
    def test_refuses_what_it_cannot_draw(self, client, acme, query, named):
        EventFactory(organization=acme, published=True)

        answer = client.get(f"/charts/company-flows.svg{query}")

        assert answer.status_code == 400
        assert named in answer.content.decode()


class TestOldAddress:
    def test_leads_to_the_new_one(self, client):
        organization = EventFactory(published=True).organization
        old = organization.get_absolute_url()
        Organization.objects.filter(pk=organization.pk).update(slug="renamed")

        answer = client.get(old)

        assert answer.status_code == 301
        assert answer["Location"] == reverse("dashboard:organization", args=["renamed"])
