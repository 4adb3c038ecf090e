"""The page of a person: the career drawn, told and sourced."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests.dashboard.rows_behind import numbers_of, rows_of
from tests.factories import (
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
)
from tests.insights.stays_there import read_again, stay, stays

pytestmark = pytest.mark.django_db


def page(client, person) -> str:
    return client.get(person.get_absolute_url()).content.decode()


def text_of(html: str) -> str:
    return " ".join(html.split())


class TestPerson:
    def test_tells_each_stint_with_its_length(self, client):
        ada = PersonFactory(name="Ada Invented", name_zh="艾达")
        alpha = OrganizationFactory(name="Alpha")
        EventFactory(
            person=ada, organization=alpha, happened_on=date(2024, 1, 5), published=True
        )
        EventFactory(
            person=ada,
            kind="departure",
            organization=alpha,
            happened_on=date(2024, 8, 9),
            published=True,
        )

        html = text_of(page(client, ada))

        assert "5 January 2024 – 9 August 2024" in html
        assert "<strong>7 months</strong>" in html
        assert '<span lang="zh">艾达</span>' in html

    def test_lists_names_with_the_comma_of_the_language(self, client):
        ada = PersonFactory(other_names=["Countess", "Augusta"])
        EventFactory(person=ada, published=True)
        with override("zh-hans"):
            in_chinese = ada.get_absolute_url()

        assert "Countess, Augusta" in page(client, ada)
        assert "Countess、Augusta" in client.get(in_chinese).content.decode()

    def test_draws_a_return_in_the_lane_it_left(self, client):
        ada = PersonFactory()
        alpha, beta = (
            OrganizationFactory(name="Alpha"),
            OrganizationFactory(name="Beta"),
        )
        for year, place in ((2018, alpha), (2020, beta), (2022, alpha)):
            EventFactory(
                person=ada,
                organization=place,
                happened_on=date(year, 5, 1),
                published=True,
            )

        html = page(client, ada)

        assert html.count('class="lane-name"') == 2
        assert html.count('<g class="bar') == 3
        assert "end inferred from the next hire" in html

    def test_marks_what_never_started_with_a_hollow_diamond(self, client):
        hire = EventFactory(never_started=True, published=True)

        html = page(client, hire.person)

        assert 'class="diamond"' in html
        assert "never started" in html
        assert "<g class=" not in html.split('class="legend"')[0]

    def test_says_last_known_with_the_day_of_the_newest_source(self, client):
        hire = EventFactory(happened_on=date(2025, 1, 1), published=True)
        CitationFactory(
            event=hire,
            source__published_on=date(2025, 6, 3),
            source__published_precision="day",
        )

        html = page(client, hire.person)

        assert "last known 3 June 2025" in html

    def test_shows_each_event_with_its_sources(self, client):
        event = EventFactory(published=True)
        citation = CitationFactory(event=event, states="Says so itself.")

        html = page(client, event.person)

        assert citation.source.url in html
        assert "Says so itself." in html
        assert 'rel="noopener nofollow"' in html

    def test_puts_pay_on_its_stint_and_declined_offers_apart(self, client):
        hire = EventFactory(published=True)
        paid = PackageFactory(
            event=hire, person=hire.person, organization=hire.organization
        )
        ReadingFactory(
            package=paid, low=200_000_000, qualifier="more than", several_years=True
        )
        declined = PackageFactory(person=hire.person, outcome="declined")
        ReadingFactory(
            package=declined, low=None, high=1_500_000_000, standing="denied"
        )

        html = text_of(page(client, hire.person))

        assert "more than US$200M over several years" in html
        assert "Offers and pay apart from a recorded hire" in html
        assert "<s>up to US$1.5B</s>" in html

    def test_hides_drafts_and_withdrawn_events(self, client):
        shown = EventFactory(published=True, title="Shown post")
        EventFactory(person=shown.person, title="Secret post")
        EventFactory(person=shown.person, status="withdrawn", title="Withdrawn post")

        html = page(client, shown.person)

        assert "Shown post" in html
        assert "Secret post" not in html
        assert "Withdrawn post" not in html

    def test_does_not_exist_for_whom_only_a_draft_names(self, client):
        draft = EventFactory()

        assert client.get(draft.person.get_absolute_url()).status_code == 404

    def test_is_found_at_an_old_address(self, client):
        event = EventFactory(published=True)
        person = event.person
        old = person.get_absolute_url()
        person.slug = "a-new-address"
        person.save()

        answer = client.get(old)

        assert answer.status_code == 301
        assert answer["Location"] == person.get_absolute_url()

    def test_escapes_what_editors_typed(self, client):
        evil = "<script>alert(1)</script>"
        hire = EventFactory(
            published=True,
            title=evil,
            team=evil,
            summary=evil,
            disagreement=evil,
            person=PersonFactory(
                name=evil,
                name_zh=evil,
                other_names=[evil],
                known_for=[evil],
                education=[evil],
            ),
            organization=OrganizationFactory(name=evil),
        )
        CitationFactory(
            event=hire, states=evil, source__title=evil, source__publisher=evil
        )

        assert "<script>alert" not in page(client, hire.person)

    def test_costs_as_many_queries_for_ten_events_as_for_three(
        self, client, queries_of
    ):
        few, many = PersonFactory(), PersonFactory()
        for person, number in ((few, 3), (many, 10)):
            for _ in range(number):
                event = EventFactory(person=person, published=True)
                CitationFactory(event=event)
                ReadingFactory(package__event=event, package__person=person)
        read_again()

        with_few = queries_of(lambda: client.get(few.get_absolute_url()))

        assert queries_of(lambda: client.get(many.get_absolute_url())) == with_few

    def test_costs_one_query_while_nothing_has_changed(self, client, queries_of):
        address = EventFactory(published=True).person.get_absolute_url()
        etag = client.get(address)["ETag"]

        def again():
            return client.get(address, headers={"If-None-Match": etag})

        assert queries_of(again) == 1
        assert again().status_code == 304

        EventFactory()

        assert again().status_code == 200

    def test_sets_no_cookie_and_varies_on_none(self, client):
        answer = client.get(EventFactory(published=True).person.get_absolute_url())

        assert not answer.cookies
        assert "Cookie" not in answer["Vary"]


class TestFigures:
    def compared(self, html: str) -> list[str]:
        """The rows of the comparison, in words."""
        table = html.partition('class="compared"')[2].partition("</table>")[0]
        rows = table.partition("<tbody>")[2].split("</tr>")[:-1]
        return [text_of(re.sub(r"<[^>]+>", " ", row)) for row in rows]

    def test_count_stints_companies_and_returns(self, client):
        alpha, beta = OrganizationFactory(), OrganizationFactory()
        ada = stay(alpha, "2020-01-01", "2021-01-05")
        stay(beta, "2021-02-01", "2022-01-05", person=ada)
        stay(alpha, "2022-02-01", person=ada)
        read_again()

        html = page(client, ada)

        words = text_of(re.sub(r"<[^>]+>", "", html))
        assert "3 stints at 2 companies, 1 return" in words
        for address, number in numbers_of(html):
            assert rows_of(address) == number, address

    def test_set_each_stay_beside_the_median_of_the_company(self, client):
        alpha = OrganizationFactory(name="Alpha")
        stays(alpha, *[12] * 11)
        ada = stay(alpha, "2020-01-03", "2020-08-20")
        read_again()

        assert self.compared(page(client, ada)) == ["Alpha 7 months 12 months 12"]

    def test_grey_a_median_of_few(self, client):
        ada = stay(OrganizationFactory(name="Alpha"), "2020-01-03", "2020-08-20")
        read_again()

        html = page(client, ada)

        assert self.compared(html) == ["Alpha 7 months 7 months few 1"]
        assert "number few-said" in html

    def test_tell_lengths_alike_on_both_sides(self, client):
        alpha = OrganizationFactory(name="Alpha")
        stays(alpha, *[60] * 11)
        ada = stay(alpha, "2015-01-03", "2018-08-20")
        read_again()

        assert self.compared(page(client, ada)) == ["Alpha 3.5 years 5 years 12"]

    def test_are_not_there_for_who_is_still_there(self, client):
        ada = stay(OrganizationFactory(), "2020-01-03")
        read_again()

        assert 'id="compared"' not in page(client, ada)

    @pytest.mark.parametrize(
        ("reading", "query"),
        [
            (
                {"low": 250_000_000, "years": 3},
                "amount=250000000&months=7&years=3#cost",
            ),
            ({"low": 250_000_000, "years": 4}, "amount=250000000&months=7#cost"),
            (
                {"low": 250_000_000, "several_years": True},
                "amount=250000000&months=7#cost",
            ),
        ],
    )
    def test_lead_to_the_sum_of_what_leaving_cost(self, client, reading, query):
        ada = self.left_after_seven_months(**reading)

        html = unescape(page(client, ada))

        address = f"/pay/?{query}"
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200

    @pytest.mark.parametrize(
        "reading",
        [
            {"low": 250_000_000},
            {"low": 250_000_000, "years": 4, "standing": "rumoured"},
            {"low": 250_000_000, "years": 4, "currency": "CNY"},
            {"low": 250_000_000, "form": "annual"},
        ],
    )
    def test_reckon_with_no_other_package(self, client, reading):
        ada = self.left_after_seven_months(**reading)

        assert "/pay/?amount=" not in page(client, ada)

    def left_after_seven_months(self, **reading: object):
        alpha = OrganizationFactory()
        ada = stay(alpha, "2020-01-03", "2020-08-20")
        hire = ada.events.get(kind="hire")
        package = PackageFactory(event=hire, person=ada, organization=alpha)
        ReadingFactory(package=package, **reading)
        read_again()
        return ada


@pytest.mark.usefixtures("starter_data")
class TestAcceptance:
    def lanes(self, client, slug: str) -> list[str]:
        html = client.get(reverse("dashboard:person", args=[slug])).content.decode()
        drawn = text_of(html).split('class="timeline"')[1].split('class="legend"')[0]
        return drawn.split('<li class="lane">')[1:]

    def test_1_pang_has_four_bars_and_about_seven_months_at_meta(self, client):
        google, apple, meta, openai = self.lanes(client, "ruoming-pang")

        assert "2006 – 2021" in google
        assert "2021 – 7 July 2025" in apple
        assert "7 July 2025 – 25 February 2026" in meta
        assert "about 7 months" in meta
        assert "since February 2026" in openai

    def test_2_pangs_package_reads_as_reported_with_no_yearly_figure(self, client):
        *_, meta, _openai = self.lanes(client, "ruoming-pang")

        assert "more than US$200M over several years" in meta
        assert "a year" not in meta

    @pytest.mark.parametrize("slug", ["avi-verma", "ethan-knight"])
    def test_3_openai_is_a_boomerang(self, client, slug):
        openai = next(
            lane
            for lane in self.lanes(client, slug)
            if "/organizations/openai/" in lane
        )

        assert "returned" in openai

    def test_3_the_doubt_whether_verma_started_is_stated(self, client):
        html = client.get(
            reverse("dashboard:person", args=["avi-verma"])
        ).content.decode()

        assert "AIM says he left before his start date" in html
        assert "announced, never started" in html

    def test_4_tullochs_offer_is_declined_and_disputed(self, client):
        html = text_of(
            client.get(
                reverse("dashboard:person", args=["andrew-tulloch"])
            ).content.decode()
        )

        assert "<s>up to US$1.5B over 6 years</s>" in html
        assert "declined" in html
        assert "denied" in html

    def test_6_shazeer_has_three_companies_and_two_stints_in_googles_lane(self, client):
        lanes = self.lanes(client, "noam-shazeer")

        assert len(lanes) == 3
        assert [lane.count('<g class="bar') for lane in lanes] == [2, 1, 1]
