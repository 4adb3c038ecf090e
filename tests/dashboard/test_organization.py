"""The page of a company or a unit: who came, who left, drawn and listed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from talent.registry.models import Organization
from tests.factories import (
    DealFactory,
    EventFactory,
    OrganizationFactory,
    ReadingFactory,
)

pytestmark = pytest.mark.django_db


def page(client, organization, query: str = "") -> str:
    return client.get(organization.get_absolute_url() + query).content.decode()


def lately(days: int = 60) -> date:
    return timezone.localdate() - timedelta(days=days)


class TestOrganization:
    def test_lists_arrivals_and_departures_apart(self, client):
        company = OrganizationFactory()
        came = EventFactory(organization=company, published=True)
        went = EventFactory(organization=company, kind="departure", published=True)

        arrivals, departures = page(client, company).split('id="departures"')

        assert came.person.name in arrivals
        assert went.person.name not in arrivals.split('id="arrivals"')[1]
        assert went.person.name in departures

    def test_counts_units_once_for_the_whole(self, client):
        company = OrganizationFactory()
        unit = OrganizationFactory(parent=company)
        event = EventFactory(organization=unit, happened_on=lately(), published=True)

        assert "the record has 1 hire and 0 departures" in page(client, company)
        assert event.person.name in page(client, unit)
        assert unit.name in page(client, company)

    def test_opens_exactly_the_events_of_each_column(self, client, starter_data):
        html = page(client, Organization.objects.get(slug="meta"), "?span=60")

        bars = re.findall(r'<a href="(/events/\?[^"]+)" aria-label="(\d+) ', html)
        assert len(bars) > 5
        for address, number in bars:
            answer = client.get(address.replace("&amp;", "&"))
            rows = answer.content.decode().count('<li class="event-row')
            assert rows == min(int(number), 50), address

    def test_draws_people_in_order_of_arrival(self, client):
        company = OrganizationFactory()
        second = EventFactory(
            organization=company, happened_on=lately(30), published=True
        )
        first = EventFactory(
            organization=company, happened_on=lately(90), published=True
        )

        html = page(client, company)

        lanes = re.findall(r'lane-name"><a href="[^"]+">([^<]+)</a>', html)
        assert lanes == [first.person.name, second.person.name]

    def test_shows_more_people_and_longer_spans_on_request(self, client):
        company = OrganizationFactory()
        old = EventFactory(
            organization=company, happened_on=date(2012, 3, 1), published=True
        )
        EventFactory.create_batch(
            41, organization=company, happened_on=lately(), published=True
        )

        assert "Show more people" in page(client, company)
        assert page(client, company, "?lanes=all").count('class="lane-name"') == 41
        drawn = page(client, company, "?span=all&lanes=all").split('id="arrivals"')[0]
        assert old.person.name in drawn

    def test_answers_htmx_with_the_timeline_alone(self, client):
        company = EventFactory(published=True).organization

        answer = client.get(
            company.get_absolute_url(),
            headers={"HX-Request": "true", "HX-Target": "organization-timeline"},
        )

        assert b"<h1>" not in answer.content
        assert b'id="organization-timeline"' in answer.content
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

    def test_is_unknown_while_only_drafts_name_it(self, client):
        draft = EventFactory()

        assert client.get(draft.organization.get_absolute_url()).status_code == 404

    def test_shows_no_draft_or_withdrawn_event(self, client):
        shown = EventFactory(published=True)
        draft = EventFactory(organization=shown.organization)
        withdrawn = EventFactory(organization=shown.organization, status="withdrawn")

        html = page(client, shown.organization, "?span=all")

        assert shown.person.name in html
        assert draft.person.name not in html
        assert withdrawn.person.name not in html

    def test_keeps_deals_apart_from_pay(self, client):
        event = EventFactory(published=True)
        deal = DealFactory(buyer=event.organization)
        deal.readings.create(currency="USD", low=2_700_000_000, qualifier="about")

        html = page(client, event.organization)

        assert "about US$2.7B" in html
        assert (
            "nobody&#x27;s pay" in html
            or "nobody’s pay" in html
            or "nobody's pay" in html
        )

    def test_costs_as_many_queries_for_thirty_people_as_for_three(
        self, client, queries_of
    ):
        few, many = OrganizationFactory(), OrganizationFactory()
        for company, number in ((few, 3), (many, 30)):
            for _ in range(number):
                event = EventFactory(
                    organization=company, happened_on=lately(), published=True
                )
                ReadingFactory(
                    package__event=event,
                    package__person=event.person,
                    package__organization=company,
                )

        with_few = queries_of(lambda: client.get(few.get_absolute_url()))

        assert queries_of(lambda: client.get(many.get_absolute_url())) == with_few


class TestKeptPage:
    def test_is_not_made_again_until_the_record_changes(self, client, queries_of):
        event = EventFactory(organization=OrganizationFactory(), published=True)
        address = event.organization.get_absolute_url()
        first = client.get(address).content.decode()

        assert queries_of(lambda: client.get(address)) == 2
        assert client.get(address).content.decode() == first

        other = EventFactory(organization=event.organization, published=True)

        assert other.person.name in client.get(address).content.decode()

    def test_is_kept_apart_for_htmx(self, client):
        address = EventFactory(published=True).organization.get_absolute_url()
        whole = client.get(address).content

        part = client.get(
            address,
            headers={"HX-Request": "true", "HX-Target": "organization-timeline"},
        )

        assert len(part.content) < len(whole)
        assert "HX-Target" in client.get(address)["Vary"]


class TestOldAddress:
    def test_leads_to_the_new_one(self, client):
        organization = EventFactory(published=True).organization
        old = organization.get_absolute_url()
        Organization.objects.filter(pk=organization.pk).update(slug="renamed")

        answer = client.get(old)

        assert answer.status_code == 301
        assert answer["Location"] == reverse("dashboard:organization", args=["renamed"])
