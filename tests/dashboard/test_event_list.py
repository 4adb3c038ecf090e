from datetime import date

import pytest
from django.utils.html import escape

from talent.registry import paging
from talent.registry.models import Event
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
)

URL = "/events/"


def event(**options) -> Event:
    return EventFactory(published=True, **options)


def page(client, query: str = "", *, status: int = 200, **headers) -> str:
    response = client.get(f"{URL}?{query}", headers=headers)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.django_db
class TestEventList:
    def test_shows_events_with_their_ends_and_money(self, client):
        ada = PersonFactory(name="Ada Invented")
        left, joined = OrganizationFactory(name="Umbrella"), OrganizationFactory()
        hire = event(person=ada, organization=joined, counterpart=left)
        ReadingFactory(package=PackageFactory(event=hire, person=ada), low=200_000_000)

        html = page(client)

        for text in ("Ada Invented", "Umbrella", joined.name, "US$200M"):
            assert text in html

    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_shows_and_counts_nothing_that_is_not_public(self, client, status):
        EventFactory(
            status=status,
            person__name="Secret Person",
            organization__name="Stealth",
            title="Head of secrets",
        )

        html = page(client, "rumours=on&background=on")

        assert "The record holds no published events yet." not in html
        assert "<b>0</b> events" in html
        for text in ("Secret", "Stealth", "secrets"):
            assert text not in html

    def test_says_the_filter_in_its_title_and_heading(self, client):
        event(organization=OrganizationFactory(name="Acme", slug="acme"))

        html = page(client, "kind=hire&company=acme&since=2025&until=2025")

        assert "<title>Hires at Acme, 2025 · Transfer Window</title>" in html
        assert '<h1 id="event-heading">Hires at Acme, 2025</h1>' in html

    def test_says_how_many_and_what_is_left_out(self, client):
        for standing in ("reported", "confirmed", "rumoured", "denied"):
            event(standing=standing)
        event(background=True)

        html = " ".join(page(client).split())

        assert "<b>2</b> events." in html
        assert "2 rumoured or denied not counted." in html
        assert "1 from a career history not listed." in html
        assert f'href="{URL}?rumours=on"' in html

    @pytest.mark.parametrize(
        ("query", "says"),
        [
            ("sort=amount", "order of totals, bonuses and equity stated in USD;"),
            ("sort=amount&per=year&currency=CNY", "order of figures per year in CNY,"),
            ("min=1M", "Only events with a total, a bonus or equity stated in USD,"),
            ("max=1M&per=year", "Only events with a figure per year in USD,"),
        ],
    )
    def test_says_which_amounts_it_compares(self, client, query, says):
        event()

        assert says in page(client, query)
        assert says not in page(client)

    def test_includes_vague_dates_unless_told_otherwise_and_says_so(self, client):
        event(title="On the day", happened_on=date(2025, 8, 15))
        event(title="In the year", happened_on=date(2025, 1, 1), precision="year")
        august = "since=2025-08&until=2025-08"

        with_vague = page(client, august)
        without = page(client, f"{august}&vague=out")

        assert "In the year" in with_vague
        assert "events, vague dates included" in with_vague
        assert "1 of them has a date so vague" in with_vague
        assert "In the year" not in without
        assert "On the day" in without
        assert "event, vague dates left out" in without

    def test_links_each_chip_to_the_list_without_it(self, client):
        event(organization=OrganizationFactory(name="Acme", slug="acme"))

        html = page(client, "kind=hire&company=acme")

        assert f'<a class="chip" href="{URL}?company=acme">' in html
        assert f'<a class="chip" href="{URL}?kind=hire">' in html

    def test_names_its_one_address(self, client):
        event()

        html = page(client, "since=2025&kind=hire&utm_source=x&q=")

        assert (
            f'rel="canonical" href="http://localhost:8000{URL}?kind=hire&amp;since=2025"'
            in html
        )

    def test_tells_of_an_empty_list_what_to_take_away(self, client):
        event(organization=OrganizationFactory(name="Acme", slug="acme"), kind="hire")

        html = page(client, "kind=departure&company=acme&since=2020")

        assert "Here would stand: Departures at Acme, since 2020." in html
        wider = html[html.index("without one of these") :]
        assert f'<a class="chip" href="{URL}?company=acme&amp;since=2020">' in wider
        assert wider.count('class="chip"') == 1

    def test_shows_markup_as_text(self, client):
        markup = "<script>alert('x')</script>"
        event(
            title=markup,
            team=markup,
            person__name=markup,
            organization__name=markup,
            organization__slug="acme",
        )

        html = page(client, f"company=acme&kind=hire&q={markup}")

        assert "<script>alert" not in html
        assert escape(markup) in html

    def test_makes_as_many_queries_for_sixty_events_as_for_three(
        self, client, queries_of
    ):
        acme = OrganizationFactory()

        def hire():
            found = event(organization=acme, counterpart=OrganizationFactory())
            package = PackageFactory(event=found, person=found.person)
            ReadingFactory(package=package)

        for _ in range(3):
            hire()
        three = queries_of(lambda: page(client))
        for _ in range(57):
            hire()

        assert queries_of(lambda: page(client)) == three

    def test_says_where_there_are_too_many_to_count(self, client, monkeypatch):
        monkeypatch.setattr("talent.registry.facet_counts.MOST_COUNTED", 0)
        event(person__name="Ada Invented", stated_return=True)

        html = page(client, "returns=on&kind=hire")

        assert "Ada Invented" in html
        assert "Too many events to count" in html
        assert "None" not in html

    def test_needs_no_cookie_and_sets_none(self, client):
        event()

        response = client.get(URL)

        assert not response.cookies
        assert "Cookie" not in response.headers["Vary"]


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def two_rows(self, monkeypatch):
        monkeypatch.setattr(paging, "ROWS", 2)

    def test_lead_to_older_and_back_to_newer_events(self, client):
        for day in range(1, 6):
            event(title=f"Day {day}", happened_on=date(2025, 1, day), kind="hire")

        first = client.get(f"{URL}?kind=hire")
        second = client.get(f"{URL}{first.context['older']}")
        again = client.get(f"{URL}{second.context['newer']}")

        assert "Day 5" in first.content.decode()
        assert "Day 3" in second.content.decode()
        assert "Day 5" not in second.content.decode()
        assert "kind=hire" in second.context["older"]
        assert again.context["page"].events == first.context["page"].events
        assert 'rel="next"' in first.content.decode()
        assert 'rel="prev"' not in first.content.decode()

    @pytest.mark.parametrize(
        "place", ["after=nowhere", "before=oldest-1.2", "after=x'--"]
    )
    def test_from_nowhere_are_a_clear_error(self, client, place):
        event(title="Something")

        html = page(client, f"kind=hire&{place}", status=400)

        assert "no place in this list" in html
        assert f'href="{URL}?kind=hire"' in html
        assert "Something" not in html


@pytest.mark.django_db
class TestWrongFilter:
    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("kind=joining", "joining"),
            ("compny=acme", "compny"),
            ("since=2025-13", "2025-13"),
            ("kind=hire&kind=departure", "hire"),
            ("person=nobody-known", "nobody-known"),
            ("q=%3Cscript%3E!&seat=%3Cscript%3Ealert(1)%3C/script%3E", "script"),
        ],
    )
    def test_names_the_value_and_shows_no_events(self, client, query, named):
        event(title="Something")

        html = page(client, query, status=400)

        assert f"“{named}" in html or f"“&lt;{named}" in html
        assert "Something" not in html
        assert "<script>alert" not in html

    def test_keeps_what_was_typed(self, client):
        html = page(client, "q=umbrella&since=soon", status=400)

        assert 'value="umbrella"' in html
        assert 'value="soon"' in html


@pytest.mark.django_db
class TestHttp:
    def test_answers_not_modified_until_the_record_changes(self, client):
        event()
        etag = client.get(URL).headers["ETag"]

        unchanged = client.get(URL, headers={"if-none-match": etag})
        event()
        changed = client.get(URL, headers={"if-none-match": etag})

        assert (unchanged.status_code, changed.status_code) == (304, 200)

    def test_answers_head(self, client):
        response = client.head(URL)

        assert response.status_code == 200
        assert not response.content

    def test_refuses_to_be_posted_to(self, client):
        assert client.post(URL).status_code == 405

    def test_takes_an_address_of_nearly_four_kilobytes(self, client):
        response = client.get(URL, {"q": "é" * 600})

        assert response.status_code == 400
        assert "longer than 200" in response.content.decode()

    def test_refuses_a_longer_one_unread(self, client):
        assert client.get(URL, {"q": "x" * 10_000_000}).status_code == 414

    def test_varies_by_what_htmx_asks_for(self, client):
        assert "HX-Target" in client.get(URL).headers["Vary"]


@pytest.mark.django_db
class TestFragments:
    def test_of_the_form_swap_the_results_and_bring_the_heading(self, client):
        event(kind="hire")

        response = client.get(
            f"{URL}?kind=hire&q=&since=",
            headers={"hx-request": "true", "hx-target": "event-results"},
        )
        html = response.content.decode()

        assert "<form" not in html
        assert "<title>Hires · Transfer Window</title>" in html
        assert '<h1 id="event-heading" hx-swap-oob="true">Hires</h1>' in html
        assert 'id="event-results"' in html
        assert response.headers["HX-Push-Url"] == f"{URL}?kind=hire"

    def test_of_links_swap_the_form_too(self, client):
        html = page(client, **{"hx-request": "true", "hx-target": "event-list"})

        assert "<form" in html
        assert "<html" not in html

    def test_are_the_whole_page_when_history_is_restored(self, client):
        html = page(
            client,
            **{
                "hx-request": "true",
                "hx-target": "event-results",
                "hx-history-restore-request": "true",
            },
        )

        assert "<html" in html
        assert html.count("<title>") == html.count("<h1") == 1

    def test_say_what_is_wrong(self, client):
        html = page(
            client,
            "since=soon",
            status=400,
            **{"hx-request": "true", "hx-target": "event-results"},
        )

        assert "“soon”" in html
        assert "<html" not in html


class TestStarterData:
    @pytest.fixture(autouse=True)
    def _client(self, starter_data, client):
        self.client = client

    def test_has_moves_into_units_once_for_their_company(self):
        meta = self.client.get(URL, {"company": "meta", "kind": "hire"}).context
        lab = self.client.get(URL, {"company": "tbd-lab", "kind": "hire"}).context

        assert 0 < lab["counted"].total < meta["counted"].total

    def test_finds_a_person_by_name_in_either_chinese_writing(self):
        for name in ("庞若鸣", "龐若鳴", "Pang Ruoming"):
            response = self.client.get(URL, {"q": name})

            found = {each.person.slug for each in response.context["page"].events}
            assert "ruoming-pang" in found

    def test_matches_no_declined_offer_or_denied_bonus_by_amount(self):
        response = self.client.get(URL, {"min": "1bn", "background": "on"})

        assert response.context["counted"].total == 0

    def test_shows_every_event_once_over_its_pages(self):
        seen: list[int] = []
        query = "?rumours=on&background=on&company=google"
        while query:
            context = self.client.get(URL + query).context
            seen += [each.pk for each in context["page"].events]
            query = context.get("older")

        assert len(seen) == len(set(seen)) == context["counted"].total > 50
