"""Stay or leave: groups over each other, and the stints behind every number."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse

from talent.dashboard import stays_list
from talent.dashboard.stays_chart import retention_of
from talent.dashboard.stays_form import StaysForm
from talent.registry.models import Event, Organization
from tests.dashboard.rows_behind import rows_of, wrong_in
from tests.factories import EventFactory, OrganizationFactory, PersonFactory
from tests.insights.stays_there import heard_after, read_again, stay, stays

pytestmark = pytest.mark.django_db

NUMBER_WITH_ROWS = re.compile(r'<a href="(/stints/\?[^"]*)"[^>]*>([\d,]+)')
MARK = re.compile(r'<a href="(/stints/\?[^"]*)" aria-label="[^"]*; ([\d,]+) stint')


def show(client, query: str = "") -> str:
    """The page of the groups; follows the way to its own address."""
    answer = client.get(reverse("dashboard:stays") + query, follow=True)
    assert answer.status_code == 200
    return plain(answer)


def plain(answer) -> str:
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def words(html: str) -> str:
    return " ".join(re.sub(r"</?[a-z][^>]*>", " ", html).split())


def section(html: str, anchor: str) -> str:
    return html.partition(f'id="{anchor}"')[2].partition("</section>")[0]


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme", slug="acme", seat="frontier_lab")


@pytest.fixture
def umbra():
    return OrganizationFactory(name="Umbra", slug="umbra", seat="big_tech")


@pytest.fixture
def two_seats(acme, umbra):
    """Ten who left Acme after 7 months, and twelve who left Umbra after 30."""
    stays(acme, *[7] * 10)
    stays(umbra, *[30] * 12)
    read_again()


class TestStays:
    def test_shows_two_seats_before_anything_is_chosen(self, client, two_seats):
        html = show(client)

        assert (
            "Still there after 12 months: Frontier lab: 0 %; Big tech: 100 %." in html
        )
        assert 'value="Frontier lab"' in html
        assert 'value="Big tech"' in html

    def test_tells_the_share_after_each_milestone_with_who_is_known_to_be_there(
        self, client, acme
    ):
        stays(acme, *[7] * 10)
        heard_after(acme, 4, 4, 24)
        read_again()

        told = words(section(show(client, "?a=company:acme"), "milestones"))

        assert "Acme 100 % 13 there 100 % 13 there 100 % 11 there" in told
        assert "9 % (1–33 %) 1 there 9 % (1–33 %) 1 there" in told

    def test_tells_the_median_and_who_is_gone_within_a_year(self, client, two_seats):
        told = words(section(show(client, "?a=seat:big_tech&b=company:acme"), "sides"))

        assert "Big tech 12 12 30 months 30 months, 12 0 %, 0 ended 0 0" in told
        assert "Acme 10 10 7 months 7 months, 10 100 %, 10 ended 0 0" in told

    def test_tells_the_median_without_returns(self, client, acme):
        for year in range(10):
            ada = PersonFactory()
            stay(acme, f"{2001 + year}-01-03", f"{2001 + year}-04-20", person=ada)
            stay(acme, f"{2001 + year}-06-03", f"{2001 + year}-07-20", person=ada)
        read_again()

        told = words(section(show(client, "?a=company:acme"), "sides"))

        assert "Acme 20 20 1 month" in told
        assert "3 months, 10" in told

    def test_counts_apart_what_is_in_no_rate(self, client, acme):
        stays(acme, *[7] * 10)
        stay(acme, "2020-01", "2020-08-20")
        stay(acme, end="2024")
        read_again()

        side = words(section(show(client, "?a=company:acme"), "sides"))

        assert "100 %, 11 ended 1 1" in side  # known roughly, start not on record

    def test_greys_and_labels_a_group_of_few(self, client, acme):
        stays(acme, *[7] * 9)
        read_again()

        html = show(client, "?a=company:acme")

        assert "Acme: too few to say, 9 followed" in html
        assert "9 of them followed: too few for a curve" in html
        assert 'class="few"' in section(html, "sides")
        assert "too few" in section(html, "milestones")
        assert "stays-line stays-A stays-frontier_lab stays-few" in html

    def test_says_that_it_is_no_census_beside_every_rate(self, client, two_seats):
        html = show(client)

        for part in ("milestones", "sides", "by-seat", "by-year", "by-part"):
            assert "Recorded public moves, not a census." in section(html, part)

    def test_has_no_chart_where_nothing_is_on_record(self, client):
        html = show(client, "?a=seat:quant")

        assert "Quant: no stint with a known start" in html
        assert "<svg" not in html
        assert "none of this group has both ends on record" in html

    def test_does_not_count_a_withdrawn_event(self, client, acme):
        stays(acme, *[7] * 11)
        Event.objects.filter(kind="hire").order_by("pk")[0].delete()
        hire = Event.objects.filter(kind="hire").first()
        Event.objects.filter(pk=hire.pk).update(status="withdrawn")
        read_again()

        assert "9 stints" in show(client, "?a=company:acme")

    def test_does_not_know_an_organization_of_drafts(self, client, acme):
        EventFactory(organization=acme)

        answer = client.get("/stays/?a=company:acme")

        assert answer.status_code == 400
        assert "Acme" not in answer.content.decode()


class TestGroups:
    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("?a=Frontier+lab&b=&since=", "?a=seat:frontier_lab"),
            ("?a=Acme&b=all", "?a=company:acme&b=all"),
            ("?c=acme", "?a=company:acme"),
            ("?a=Acme+(acme),+2020–2022", "?a=company:acme:2020-2022"),
            (
                "?a=acme,2020-&b=acme:-2019",
                "?a=company:acme:2020-&b=company:acme:-2019",
            ),
            ("?a=acme:2020&since=2018", "?a=company:acme:2020"),
            ("?a=frontier+lab&b=big+tech", ""),
            ("?utm_source=mail&a=all", "?a=all"),
        ],
    )
    def test_have_one_address_however_they_were_typed(
        self, client, two_seats, typed, address
    ):
        answer = client.get(f"/stays/{typed}")

        assert (answer.status_code, answer.url) == (302, f"/stays/{address}")
        assert client.get(answer.url).status_code == 200

    def test_may_have_joining_periods_of_their_own(self, client, acme):
        stays(acme, *[7] * 10)
        for _ in range(12):
            stay(acme, "2021-01-03", "2023-01-05")
        read_again()

        html = show(client, "?a=company:acme:2020&b=company:acme:2021-")

        assert "Acme, joined 2020: 0 %" in html
        assert "Acme, joined since 2021: 100 %" in html
        assert 'value="Acme, 2020"' in html
        assert 'value="Acme, 2021–"' in html

    def test_share_the_common_period_otherwise(self, client, acme):
        stays(acme, *[7] * 10)
        stay(acme, "2021-01-03", "2023-01-05")
        read_again()

        html = show(client, "?a=company:acme&until=2020")

        assert "Acme, joined until 2020: 0 %" in html
        assert "10 stints, 10 of them followed" in html

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("?a=nobody", "First group: “nobody” is no name or address in the record."),
            ("?b=seat:couch", "Second group: “couch” is not one of: big_tech,"),
            ("?since=2023-07", "Joined since: “2023-07” is no year:"),
            ("?since=2024&until=2023", "Joined until: “2023” comes before “2024”"),
            ("?a=all:2024-2023", "First group: “2023” comes before “2024”"),
            ("?a=all&b=all", "Second group: “Everybody” is chosen already"),
            ("?e=all", "“e” is not the name of a filter."),
            ("?a=all&a=seat:quant", "give one value, not several"),
            ("?a=all:0000", "is not a year between 1900 and 2199"),
        ],
    )
    def test_that_are_wrong_are_named_and_no_number_is_shown(
        self, client, two_seats, query, message
    ):
        answer = client.get(f"/stays/{query}")
        html = unescape(answer.content.decode())

        assert answer.status_code == 400
        assert message in words(html)
        assert "Still there" not in html

    def test_that_are_wrong_keep_what_was_typed(self, client):
        html = client.get("/stays/?a=No%22body&since=20x").content.decode()

        assert 'value="No&quot;body"' in html
        assert 'value="20x"' in html

    def test_can_be_taken_away(self, client, two_seats):
        html = section(
            show(client, "?a=company:acme&b=seat:big_tech&since=2020"), "sides"
        )

        assert re.findall(r'href="(/stays/[^"]*)" aria-label="([^"]*)"', html) == [
            (
                "/stays/?a=seat:big_tech&since=2020",
                "Take away: Acme, joined since 2020",
            ),
            (
                "/stays/?a=company:acme&since=2020",
                "Take away: Big tech, joined since 2020",
            ),
        ]

    def test_alone_cannot_be_taken_away(self, client, two_seats):
        assert "Take away:" not in show(client, "?a=company:acme")

    def test_of_one_name_are_told_apart_by_their_address(self, client, acme):
        for there in (acme, OrganizationFactory(name="Acme", slug="acme-2")):
            stays(there, 7)

        both = client.get("/stays/?a=Acme")
        one = client.get("/stays/?a=Acme+(acme-2)")

        assert "“Acme” may be Acme (acme), Acme (acme-2)" in plain(both)
        assert one.url == "/stays/?a=company:acme-2"

    def test_may_be_four(self, client, two_seats):
        html = show(client, "?a=seat:big_tech&b=seat:frontier_lab&c=all&d=company:acme")

        assert html.count('class="stays-line stays-D') == 2  # the curve and its legend

    def test_escape_the_name_of_a_company(self, client):
        there = OrganizationFactory(name="<b>Bad & Co", slug="bad")
        stays(there, *[7] * 10)
        read_again()

        html = client.get("/stays/?a=company:bad").content.decode()

        assert "<b>Bad" not in html
        assert "&lt;b&gt;Bad &amp; Co" in html


class TestComparison:
    def test_tells_a_difference_beyond_chance(self, client, two_seats):
        told = words(section(show(client), "sides"))

        assert "Frontier lab against Big tech: they differ by more than chance" in told
        assert "p < 0.001" in told

    def test_tells_what_chance_alone_would_do(self, client, acme, umbra):
        stays(acme, *range(1, 11))
        stays(umbra, *range(1, 11))
        read_again()

        told = words(section(show(client), "sides"))

        assert "they differ by no more than chance alone may explain" in told
        assert "χ² = 0.00, p = 1.000" in told

    def test_makes_no_test_of_few(self, client, acme, umbra):
        stays(acme, *[7] * 9)
        stays(umbra, *[7] * 10)
        read_again()

        assert "too few stints followed for a test" in words(show(client))

    def test_makes_no_test_of_groups_that_share_stints(self, client, two_seats):
        told = words(show(client, "?a=seat:frontier_lab&b=company:acme"))

        assert "they share stints, so no test applies" in told

    def test_compares_each_with_the_first(self, client, two_seats):
        html = show(client, "?a=company:umbra&b=company:acme&c=seat:frontier_lab")

        told = words(section(html, "sides"))
        assert "Umbra against Acme:" in told
        assert "Umbra against Frontier lab:" in told
        assert "Acme against" not in told


class TestBreakdown:
    def test_lists_the_shortest_stays_of_the_first_group(self, client, acme, umbra):
        stays(acme, 7, 3)
        stays(umbra, 1)
        read_again()

        told = words(
            section(show(client, "?a=company:acme&b=company:umbra"), "shortest")
        )

        assert "3 months 3 January 2020 – 20 April 2020" in told
        assert "Umbra" not in told
        assert told.index("3 months") < told.index("7 months")

    def test_tells_medians_by_seat_year_and_company(self, client, two_seats):
        html = show(client, "?a=seat:big_tech")

        assert "Frontier lab 10 10 7 months" in words(section(html, "by-seat"))
        assert "2020 12 12 30 months" in words(section(html, "by-year"))
        assert "Umbra 12 12 30 months" in words(section(html, "by-part"))
        assert "Acme" not in section(html, "by-part")

    def test_tells_medians_by_unit_of_a_company(self, client, acme):
        stays(OrganizationFactory(name="Lab", slug="lab", parent=acme), *[7] * 10)
        stays(acme, 3)
        read_again()

        html = section(show(client, "?a=company:acme"), "by-part")

        assert "Acme, by unit" in html
        assert "Lab 10 10 7 months" in words(html)

    def test_opens_the_group_of_a_seat(self, client, two_seats):
        html = section(show(client, "?a=all&since=2020"), "by-seat")

        assert 'href="/stays/?a=seat:big_tech&since=2020"' in html


class TestOnTheStarterData:
    def test_every_number_opens_exactly_its_rows(self, client, starter_data):
        for query in (
            "",
            "?a=company:meta&b=company:tbd-lab&since=2023",
            "?a=seat:frontier_lab:-2022&b=seat:frontier_lab:2023-&c=all",
        ):
            html = show(client, query)
            numbers = NUMBER_WITH_ROWS.findall(html) + MARK.findall(html)
            assert len(numbers) > 100
            found = ((address, int(n.replace(",", ""))) for address, n in numbers)
            assert wrong_in(found) == {}

    def test_a_list_says_how_many_rows_it_holds(self, client, starter_data):
        address, number = NUMBER_WITH_ROWS.findall(show(client))[0]

        listed = client.get(address).content.decode()

        assert f"<b>{number}</b> stints" in listed


class TestFreshness:
    def test_new_numbers_show_after_the_refresh_and_not_before(self, client, acme):
        stays(acme, *[7] * 10)
        read_again()
        before = show(client, "?a=company:acme")
        stays(acme, 9)

        waiting = show(client, "?a=company:acme")
        read_again()
        after = show(client, "?a=company:acme")

        assert "10 stints" in before
        assert "10 stints" in waiting
        assert "11 stints" in after

    def test_the_tag_of_the_page_changes_with_the_refresh(self, client, acme):
        stays(acme, 7)
        tag = client.get("/stays/")["ETag"]
        assert client.get("/stays/", headers={"If-None-Match": tag}).status_code == 304

        read_again()

        assert client.get("/stays/", headers={"If-None-Match": tag}).status_code == 200

    def test_a_new_name_shows_at_once(self, client, acme):
        stays(acme, 7)
        read_again()
        show(client, "?a=company:acme")

        Organization.objects.filter(pk=acme.pk).update(name="Apex")

        assert "Apex: too few" in show(client, "?a=company:acme")

    def test_the_page_sets_no_cookie(self, client, two_seats):
        assert not client.get("/stays/").cookies

    def test_asks_as_often_for_thirty_stints_as_for_three(
        self, client, queries_of, acme, umbra
    ):
        stays(acme, 1, 2)
        stays(umbra, 1)
        read_again()
        with_three = queries_of(lambda: client.get("/stays/"))

        stays(acme, *range(20))
        stays(umbra, *range(7))
        read_again()

        assert queries_of(lambda: client.get("/stays/")) == with_three

    def test_asks_only_who_it_is_for_the_second_time(
        self, client, queries_of, two_seats
    ):
        client.get("/stays/")

        again = queries_of(lambda: client.get("/stays/"))

        assert again <= 4  # the number of the record twice, the newest run twice


class TestChart:
    def test_is_a_table_to_take_away(self, client, two_seats):
        answer = client.get("/charts/stays.csv?a=company:acme")

        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0][:3] == ["Group", "Months", "Still there, %"]
        assert rows[3] == ["Acme", "6", "100.0", "", "", "10", "0", "0"]
        assert rows[4] == ["Acme", "12", "0.0", "", "", "0", "10", "0"]

    def test_is_a_picture_to_take_away(self, client, two_seats):
        answer = client.get("/charts/stays.svg?a=company:acme")

        assert answer.status_code == 200
        # All there up to 8 months of an axis of 24; then nobody.
        assert 'd="M0 0V0H333.333V240' in answer.content.decode()

    def test_names_what_is_wrong_with_its_address(self, client):
        answer = client.get("/charts/stays.svg?a=nobody")

        assert answer.status_code == 400
        assert "“nobody” is no name or address" in unescape(answer.content.decode())

    def test_draws_the_band_between_its_edges(self, acme):
        stays(acme, *range(1, 11))
        read_again()

        chart = retention_of(acme).chart

        (curve,) = chart.context["curves"]
        point = retention_of(acme).stays.after(6)
        assert f"V{(1 - point.low) * 240:.1f}H" in curve.band
        assert f"V{(1 - point.high) * 240:.1f}H" in curve.band
        assert f"V{(1 - point.share) * 240:.1f}H".replace(".0H", "H") in curve.line

    def test_keeps_letters_apart_where_curves_end_together(self, client, acme, umbra):
        stays(acme, *[7] * 10)
        stays(umbra, *[7] * 10)
        read_again()

        svg = client.get("/charts/stays.svg").content.decode()

        heights = re.findall(r'stays-letter" x="[\d.]+%" dx="-?4" y="(\d+)"', svg)
        assert len(set(heights)) == 2


class TestRetentionOf:
    def test_is_the_curve_of_one_company_with_its_rows(self, acme):
        stays(acme, *[7] * 10)
        read_again()

        found = retention_of(acme)

        assert found.chart.sentence == "Still there after 12 months: Acme: 0\xa0%."
        assert (found.stays.n, rows_of(found.rows_url)) == (10, 10)

    def test_refuses_who_is_not_public(self, acme):
        with pytest.raises(ValueError, match="no name or address"):
            retention_of(acme)


class TestStintList:
    def listed(self, client, query: str = "") -> str:
        answer = client.get(reverse("dashboard:stint_list") + query)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def test_tells_who_was_where_from_when_to_when_and_how_long(self, client, acme):
        lab = OrganizationFactory(name="Lab", slug="lab", parent=acme)
        ada = PersonFactory(name="Ada", slug="ada")
        stay(lab, "2020-01-03", "2020-08-20", person=ada, founder=True)
        read_again()

        html = self.listed(client)

        assert "Ada Lab Acme founder 3 January 2020 – 20 August 2020 7 months" in words(
            html
        )
        for event in Event.objects.all():
            assert f'href="{event.get_absolute_url()}"' in html
        assert 'href="/people/ada/"' in html
        assert 'href="/organizations/lab/"' in html

    def test_marks_an_inferred_end(self, client, acme, umbra):
        ada = PersonFactory()
        stay(acme, "2020-01-03", person=ada)
        stay(umbra, "2021-01-05", person=ada)
        read_again()

        told = words(self.listed(client, "?company=acme"))

        assert "3 January 2020 – 5 January 2021 end inferred about 12 months" in told

    def test_says_what_was_last_known(self, client, acme):
        stay(acme, "2020-01-03", heard="2020-08-20")
        stay(acme, "2019-01-03")
        read_again()

        told = words(self.listed(client))

        assert "3 January 2020 – last known 20 August 2020 7 months or more" in told
        assert "3 January 2019 – last known 3 January 2019 –" in told

    def test_says_that_a_start_is_not_on_record(self, client, acme):
        stay(acme, end="2024-05")
        read_again()

        assert "not on record – May 2024 –" in words(self.listed(client))

    def test_puts_the_last_joined_first_and_unknown_starts_last(self, client, acme):
        starts = {"Ed": "", "Cy": "2024", "Di": "2023-05-02", "Ada": "2024-01-01"}
        for name, start in {**starts, "Bob": "2024-01"}.items():
            stay(acme, start, "2025-06", person=PersonFactory(name=name))
        read_again()

        assert people_in(self.listed(client)) == ["Ada", "Bob", "Cy", "Di", "Ed"]

    def test_puts_the_shortest_first_if_asked(self, client, acme):
        for name, months in (("Ada", 9), ("Bob", 3)):
            end = f"2020-{months + 1:02}-20"
            stay(acme, "2020-01-03", end, person=PersonFactory(name=name))
        stay(acme, end="2020-03-01", person=PersonFactory(name="Cy"))
        read_again()

        assert people_in(self.listed(client, "?sort=shortest")) == ["Bob", "Ada", "Cy"]

    @pytest.mark.parametrize("sort", ["", "shortest"])
    def test_pages_hold_every_stint_once_forth_and_back(
        self, client, acme, monkeypatch, sort
    ):
        monkeypatch.setattr(stays_list, "ROWS", 3)
        for start in ("2024", "2024-01", "2024-01-01", "2024-01-01", "2023-07", ""):
            for _ in range(2):
                stay(acme, start, "2025-06-20")
        read_again()
        whole = people_in_pages(client, f"/stints/?sort={sort}", "next")

        assert len(whole) == 4
        assert all(len(page) == 3 for page in whole)
        assert len({name for page in whole for name in page}) == 12
        last = last_address(client, f"/stints/?sort={sort}")
        assert people_in_pages(client, last, "prev") == whole[::-1]

    @pytest.mark.parametrize(
        "place",
        [
            "?after=here",
            "?after=joined-1",
            "?after=joined-9999999999.1",
            "?after=joined-2958123.9999999999999999999",
            "?after=shortest-3.1",
            "?sort=shortest&after=joined-2958123.1",
            "?after=unknown-9999999999999999999",
            "?after=joined-2958123.1&before=joined-2958123.1",
        ],
    )
    def test_a_place_that_is_none_is_an_error(self, client, place):
        answer = client.get(f"/stints/{place}")

        assert answer.status_code == 400
        assert "To the beginning of the list" in answer.content.decode()

    def test_a_wrong_filter_shows_its_error_and_no_rows(self, client, two_seats):
        answer = client.get("/stints/?at_most=many&seat=big_tech")
        html = unescape(answer.content.decode())

        assert answer.status_code == 400
        assert "Months at most: “many” is no number of months" in html
        assert "<table" not in html
        assert 'href="/stints/?seat=big_tech"' in html

    def test_says_what_would_stand_in_an_empty_list(self, client, two_seats):
        html = self.listed(client, "?seat=quant")

        assert "Here would stand: Stints, seat: Quant." in html

    def test_asks_as_often_for_thirty_stints_as_for_three(
        self, client, queries_of, acme
    ):
        def queries() -> int:
            return queries_of(lambda: client.get("/stints/"))

        stays(OrganizationFactory(parent=acme), 1, 2, 3)
        read_again()
        with_three = queries()

        stays(acme, *range(27))
        read_again()

        assert queries() == with_three


PERSON = re.compile(r'<th scope="row"><a href="/people/[^"]*">([^<]*)</a>')
NEXT = re.compile(r'<a class="button" rel="(prev|next)" href="([^"]*)"')


def people_in(html: str) -> list[str]:
    return PERSON.findall(html)


def people_in_pages(client, address: str, way: str) -> list[list[str]]:
    """The names on the page and on all that follow it this way."""
    pages = []
    while address:
        html = unescape(client.get(address).content.decode())
        pages.append(people_in(html))
        further = dict(NEXT.findall(html)).get(way)
        address = f"/stints/{further}" if further else ""
    return pages


def last_address(client, address: str) -> str:
    while further := dict(
        NEXT.findall(unescape(client.get(address).content.decode()))
    ).get("next"):
        address = f"/stints/{further}"
    return address


class TestStaysForm:
    """No page: what the words of a group mean."""

    def test_takes_a_seat_before_a_company_of_the_same_name(self):
        stays(OrganizationFactory(name="Quant", slug="quant-inc"), 3)

        by_name = StaysForm({"a": "quant"})
        by_address = StaysForm({"a": "company:quant-inc"})

        assert by_name.is_valid()
        assert by_name.query() == "a=seat:quant"
        assert by_address.is_valid()

    def test_names_a_unit_with_its_company(self, acme):
        stays(OrganizationFactory(name="Lab", slug="lab", parent=acme), 3)

        form = StaysForm({"a": "lab"})

        assert form.is_valid()
        assert form.groups[0].label == "Lab (Acme)"
