"""Waves as readers see them: published ones only, who went where, and every event as a row."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from talent.dashboard.charts import as_csv, makers
from talent.dashboard.views.waves import told
from talent.insights.refresh import refresh_all
from talent.registry import wave_curation
from talent.registry.models import Event, Wave
from talent.registry.models.waves import WaveEvent
from tests.factories import NOON, EventFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
WAVES = reverse("dashboard:wave_list")


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme")


def test_the_menu_names_them_once_one_is_published(client, acme):
    assert f'href="{WAVES}"' not in client.get("/about/").content.decode()

    wave(hires(acme))

    assert f'href="{WAVES}"' in client.get("/about/").content.decode()


def hires(acme, number: int = 3, **told) -> list[Event]:
    origin = OrganizationFactory(name="Umbrella")
    return EventFactory.create_batch(
        number,
        published=True,
        organization=acme,
        counterpart=origin,
        happened_on=date(2025, 7, 1),
        **told,
    )


def wave(
    events: list[Event], *, slug: str = "to-acme", publish: bool = True, **columns
):
    made = Wave.objects.create(
        **{
            "slug": slug,
            "title": "Three go to Acme",
            "first_day": date(2025, 7, 1),
            "last_day": date(2025, 7, 9),
            **columns,
        }
    )
    WaveEvent.objects.bulk_create(WaveEvent(wave=made, event=event) for event in events)
    if publish:
        assert wave_curation.publish_wave(made, at=NOON, by=None)
    refresh_all(at=NOON)
    return made


class TestWaves:
    def test_says_what_would_stand_there(self, client):
        assert "Waves would stand here" in words(client.get(WAVES).content.decode())

    def test_lists_published_ones_newest_first(self, client, acme):
        wave(hires(acme), slug="one", title="The older one")
        wave(
            hires(acme),
            slug="two",
            title="The newer one",
            first_day=date(2025, 9, 1),
            last_day=date(2025, 9, 1),
            summary="They built one thing together.",
        )

        html = words(client.get(WAVES).content.decode())

        assert html.index("The newer one") < html.index("The older one")
        assert "1 July 2025 – 9 July 2025 · 3 people" in html
        assert "1 September 2025 · 3 people" in html
        assert "They built one thing together." in html

    def test_hides_drafts_and_withdrawn_ones(self, client, acme):
        wave(hires(acme), slug="draft", title="A secret draft", publish=False)
        withdrawn = wave(hires(acme), slug="gone", title="A withdrawn wave")
        wave_curation.withdraw_wave(withdrawn, at=NOON, by=None, reason="It was none.")

        html = client.get(WAVES).content.decode()

        assert "A secret draft" not in html
        assert "A withdrawn wave" not in html
        for slug in ("draft", "gone"):
            assert client.get(reverse("dashboard:wave", args=[slug])).status_code == 404
            chart = reverse("dashboard:chart", args=["wave", "svg"])
            assert client.get(chart, {"wave": slug}).status_code == 400

    def test_counts_no_person_of_a_withdrawn_event(self, client, acme):
        events = hires(acme, 4)
        wave(events)
        Event.objects.filter(pk=events[0].pk).update(status="withdrawn")

        assert "3 people" in words(client.get(WAVES).content.decode())

    def test_comes_in_pages(self, client):
        assert client.get(WAVES, {"page": "2"}).status_code == 400

    def test_makes_as_many_queries_for_four_waves_as_for_one(
        self, client, acme, queries_of
    ):
        wave(hires(acme))
        one = queries_of(lambda: client.get(WAVES))

        for number in range(3):
            wave(hires(acme), slug=f"wave-{number}")

        assert queries_of(lambda: client.get(WAVES)) == one

    def test_are_told_in_chinese_where_that_is_written(self, acme):
        made = wave(hires(acme), title_zh="三人加入", summary="One project.")

        with translation.override("zh-hans"):
            chinese = told(made)

        assert (chinese.title, chinese.summary) == ("三人加入", "One project.")


class TestWave:
    @pytest.fixture
    def read(self, client):
        def get(slug: str = "to-acme") -> str:
            response = client.get(reverse("dashboard:wave", args=[slug]))
            assert response.status_code == 200
            return str(response.content.decode())

        return get

    def test_tells_who_went_where_with_all_events(self, read, acme):
        events = hires(acme)
        wave(events)

        html = read()

        assert "3 people from Umbrella to Acme" in words(html)
        for event in events:
            assert event.get_absolute_url() in html
            assert event.person.name in html

    def test_has_numbers_that_open_exactly_their_people(self, read, acme):
        wave([*hires(acme, 3), EventFactory(published=True, organization=acme)])

        html = read()

        numbers = re.findall(
            r'href="#(pair-\d+)">(?:<title>[^<]*</title>)?.*?>?(\d+)<', html
        )
        assert numbers
        for anchor, number in numbers:
            part = re.search(
                rf'<section aria-labelledby="{anchor}">.*?</section>', html, re.S
            )[0]
            people = set(re.findall(r'class="event-person" href="([^"]+)"', part))
            assert len(people) == int(number)

    def test_counts_a_hire_and_its_departure_as_one_person(self, read, acme):
        (hire,) = hires(acme, 1)
        departure = EventFactory(
            published=True,
            departure=True,
            person=hire.person,
            organization=hire.counterpart,
            counterpart=acme,
            happened_on=date(2025, 7, 1),
        )
        wave([hire, departure])

        html = read()

        assert "1 person from Umbrella to Acme" in words(html)
        assert departure.get_absolute_url() in html

    def test_lists_what_does_not_count_apart(self, read, acme):
        events = hires(acme)
        denied = EventFactory(published=True, organization=acme, standing="denied")
        wave([*events, denied])

        html = words(read())

        assert "3 people moved" in html
        others = html[html.index("Listed, and not counted") :]
        assert denied.person.name in others

    def test_shows_no_event_that_is_not_public(self, read, acme):
        events = hires(acme)
        hidden = EventFactory(organization=acme, person__name="Hidden Person")
        gone = events[0]
        wave([*events, hidden])
        Event.objects.filter(pk=gone.pk).update(status="withdrawn")
        refresh_all(at=NOON)

        html = read()

        assert "Hidden Person" not in html
        assert gone.get_absolute_url() not in html

    def test_escapes_what_people_wrote(self, read, acme):
        wave(hires(acme), title="<script>alert(1)</script>", summary="<b>Bold</b>")

        assert "<script>alert" not in read()
        assert "<b>Bold" not in read()

    def test_is_not_there_under_a_wrong_address(self, client):
        assert client.get(reverse("dashboard:wave", args=["none"])).status_code == 404

    def test_makes_as_many_queries_for_ten_people_as_for_three(
        self, client, acme, queries_of
    ):
        wave(hires(acme, 3))
        wave(hires(acme, 10), slug="many")

        def page(slug):
            return lambda: client.get(reverse("dashboard:wave", args=[slug]))

        assert queries_of(page("many")) == queries_of(page("to-acme"))

    def test_is_a_table_too(self, acme):
        wave(hires(acme))

        assert "Umbrella,Acme,3" in as_csv(makers["wave"]({"wave": "to-acme"}))
