"""One address, many uses: the page, JSON, CSV, JSON Lines, the feed and the count agree."""

import csv
import io
import json
import random
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import override_settings

from talent.opendata.lists import LISTS
from talent.opendata.models import DataSet
from talent.opendata.openapi import description
from talent.registry import merging, tombstones
from talent.registry.facets import facets
from talent.registry.filters import EventFilter
from talent.registry.merging import remembering
from talent.registry.models import Event, Organization, Person, Reason
from talent.registry.starter import load
from talent.registry.synthesis import synthesize
from tests.factories import NOON, EventFactory, PersonFactory, SourceFactory

ATOM = "{http://www.w3.org/2005/Atom}"


def csv_rows(client, address):
    response = client.get(address)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def json_rows(client, address):
    response = client.get(address)
    return [
        json.loads(line) for line in b"".join(response.streaming_content).splitlines()
    ]


def whole(response):
    """Read to its end, as a server does: only then is its place free."""
    if response.streaming:
        b"".join(response)
    return response


def all_pages(client, address):
    found = []
    while address:
        page = client.get(address).json()
        found += page["results"]
        following = page["next"] and urlsplit(page["next"])
        address = following and f"{following.path}?{following.query}"
    return found


def some_filters(seed, number):
    """Random ones that an EventFilter takes, of words and names that are in the record."""
    chance = random.Random(seed)
    companies = list(Organization.objects.public().values_list("slug", flat=True))
    people = list(Person.objects.public().values_list("slug", flat=True))
    words = {
        "kind": ["hire", "departure"],
        "company": companies,
        "from": companies,
        "to": companies,
        "person": people,
        "seat": ["big_tech", "frontier_lab", "academia"],
        "standing": ["rumoured", "reported", "confirmed", "denied"],
        "reason": list(Reason.objects.values_list("name", flat=True)),
        "since": ["2021", "2025-07", "2024-Q3"],
        "until": ["2025-09", "2026", "2026-02-14"],
        "vague": ["out"],
        "min": ["1000000", "100M"],
        "origins": ["2"],
        "returns": ["on"],
        "rumours": ["on"],
        "background": ["on"],
        "q": ["openai", "research"],
    }
    while number:
        names = chance.sample(sorted(words), chance.choice([0, 1, 1, 2, 2, 3]))
        query = urlencode([(name, chance.choice(words[name])) for name in names])
        if EventFilter(QueryDict(query)).is_valid():
            number -= 1
            yield query


@pytest.fixture
def small_record(db, tmp_path):
    synthesize(tmp_path, events=70, seed=3)
    load(tmp_path, at=NOON)


class TestOneAddress:
    def test_means_the_same_rows_everywhere(self, client, small_record):
        with remembering({}):  # all of them name the same few companies and people
            for query in some_filters(7, 100):
                self.check(client, query)

    def check(self, client, query):
        filter = counted_filter(query)
        expected = set(filter.events().values_list("slug", flat=True))

        address = f"/api/v1/events?{query}&limit=200&fields=id&count=on"
        counted = client.get(address).json()
        in_json = counted["results"]
        assert counted["next"] is None
        in_csv = csv_rows(client, f"/data/events.csv?{query}")
        in_lines = json_rows(client, f"/data/events.jsonl?{query}")
        feed = ElementTree.fromstring(client.get(f"/data/events.atom?{query}").content)

        slugs = [row["id"] for row in in_json]
        assert len(slugs) == len(expected)
        assert set(slugs) == expected
        assert [row["id"] for row in in_csv] == slugs
        assert [row["id"] for row in in_lines] == slugs
        assert counted["count"] == len(expected)
        assert facets(filter).total == len(expected)
        links = {
            entry.find(f"{ATOM}link").get("href").rstrip("/").rsplit("/", 1)[-1]
            for entry in feed.iter(f"{ATOM}entry")
        }
        assert links <= expected
        assert len(links) == min(len(expected), 50)

    @pytest.mark.parametrize("name", LISTS)
    def test_gives_every_list_with_the_same_values_in_each_form(
        self, client, starter_data, name
    ):
        in_json = all_pages(client, f"/api/v1/{name}?limit=200")
        in_lines = json_rows(client, f"/data/{name}.jsonl")
        in_csv = csv_rows(client, f"/data/{name}.csv")

        assert in_json
        assert in_lines == in_json
        assert [list(row.values()) for row in in_csv] == [
            [as_text(value) for value in row.values()] for row in in_json
        ]

    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/events",
            "/data/events.csv",
            "/data/events.jsonl",
            "/data/events.atom",
        ],
    )
    def test_refuses_a_wrong_filter_naming_the_value(self, client, db, address):
        response = client.get(f"{address}?company=nobody-knows")

        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["errors"][0]["name"] == "company"
        assert "nobody-knows" in response.json()["detail"]

    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/events?sort=amount",
            "/data/events.csv?sort=oldest",
            "/data/events.atom?sort=added",
            "/api/v1/stints?sort=shortest",
        ],
    )
    def test_refuses_an_order_that_it_would_not_keep(self, client, db, address):
        response = client.get(address)

        assert response.status_code == 400
        assert response.json()["errors"][0]["name"] == "sort"

    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/events",
            "/data/events.csv",
            "/data/events.jsonl",
            "/data/events.atom",
        ],
    )
    def test_shows_no_draft_and_nothing_withdrawn(self, client, db, address):
        EventFactory(slug="still-a-draft", person__slug="hidden-person")
        EventFactory(slug="taken-back", status=Event.Status.WITHDRAWN)
        EventFactory(slug="open-to-all", published=True)

        response = client.get(address)

        text = b"".join(response) if response.streaming else response.content
        assert b"open-to-all" in text
        for hidden in (b"still-a-draft", b"taken-back", b"hidden-person"):
            assert hidden not in text


def counted_filter(query):
    filter = EventFilter(QueryDict(query))
    assert filter.is_valid()
    return filter


def as_text(value):
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return guarded("|".join(value))
        case float():
            return f"{value:g}"
    return guarded(str(value)) if isinstance(value, str) else str(value)


def guarded(text):
    return (
        f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
    )


class TestSpreadsheet:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
    def test_is_handed_no_formula(self, client, db, start):
        person = PersonFactory(name=f"{start}HYPERLINK(1)", other_names=[f"{start}x"])
        EventFactory(person=person, published=True)

        (event,) = csv_rows(client, "/data/events.csv")
        (row,) = csv_rows(client, "/data/people.csv")

        assert event["person_name"] == f"'{start}HYPERLINK(1)"
        assert row["other_names"] == f"'{start}x"

    def test_keeps_lines_quotes_and_any_script(self, client, db):
        summary = 'He said "no",\nthen 庞若鸣 \x01 left\\ \\N'
        EventFactory(summary=summary, published=True)

        (in_csv,) = csv_rows(client, "/data/events.csv")
        (in_lines,) = json_rows(client, "/data/events.jsonl")

        assert in_csv["summary"] == in_lines["summary"] == summary


class TestPaging:
    def test_neither_repeats_nor_hides_a_row_when_others_are_added(self, client, db):
        old = [EventFactory(published=True).slug for _each in range(5)]
        first = client.get("/api/v1/events?limit=2").json()

        EventFactory.create_batch(3, published=True)
        following = urlsplit(first["next"])
        rest = all_pages(client, f"{following.path}?{following.query}")

        seen = [row["id"] for row in first["results"] + rest]
        assert len(seen) == len(set(seen))
        assert set(old) <= set(seen)

    @pytest.mark.parametrize(
        "place",
        ["x", "WzFd", "W10", "WyJhIiwiYiJd", "WzEuNSwyXQ", "WzksLTFd", "人", "A" * 400],
    )
    def test_refuses_a_place_from_nowhere(self, client, db, place):
        response = client.get("/api/v1/events", {"after": place})

        assert response.status_code == 400
        assert response.json()["errors"][0]["name"] == "after"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("limit", "0"),
            ("limit", "201"),
            ("limit", "ten"),
            ("fields", "id,secret"),
            ("count", "yes"),
        ],
    )
    def test_refuses_a_wrong_value_naming_it(self, client, db, name, value):
        response = client.get("/api/v1/events", {name: value})

        assert response.status_code == 400
        assert response.json()["errors"][0]["name"] == name

    @pytest.mark.parametrize("address", ["/api/v1/events", "/data/events.atom"])
    def test_costs_as_many_queries_for_ten_rows_as_for_three(
        self, client, db, queries_of, address
    ):
        EventFactory.create_batch(3, published=True)
        with_three = queries_of(lambda: client.get(address))

        EventFactory.create_batch(7, published=True)

        assert queries_of(lambda: client.get(address)) == with_three == 2


class TestRow:
    def test_is_found_by_its_id_whatever_a_list_leaves_out(self, client, db):
        event = EventFactory(published=True, background=True, slug="long-ago")

        response = client.get("/api/v1/events/long-ago?fields=id,person")

        assert response.json() == {"id": "long-ago", "person": event.person.slug}

    @pytest.mark.parametrize(
        "address", ["events/a-draft", "events/none", "stints/1", "no/x"]
    )
    def test_that_is_not_there_is_404_as_a_problem(self, client, db, address):
        EventFactory(slug="a-draft")

        response = client.get(f"/api/v1/{address}")

        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"

    def test_that_was_merged_leads_to_the_kept_one(self, client, db):
        kept, dropped = (EventFactory(published=True) for _ in "ab")
        merging.merge_people(kept.person, dropped.person, by=None, at=NOON)
        merging.merge_organizations(
            kept.organization, dropped.organization, by=None, at=NOON
        )

        for name, row, now in (
            ("people", dropped.person, kept.person),
            ("organizations", dropped.organization, kept.organization),
        ):
            answer = client.get(f"/api/v1/{name}/{row.slug}?fields=id")

            assert answer.status_code == 301
            assert answer["Location"] == f"/api/v1/{name}/{now.slug}?fields=id"
            assert client.get(answer["Location"]).json() == {"id": now.slug}

    def test_that_was_removed_is_410_and_names_nobody_else(self, client, db):
        tombstones.lay(Person, ["gone-for-good"], at=NOON)

        answer = client.get("/api/v1/people/gone-for-good")

        assert answer.status_code == 410
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == 410

    def test_may_answer_so_says_the_description(self, db):
        paths = description()["paths"]

        for name in ("people", "organizations"):
            assert {"301", "410"} <= set(paths[f"/{name}/{{id}}"]["get"]["responses"])
        assert "301" not in paths["/events/{id}"]["get"]["responses"]


class TestManners:
    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/events",
            "/data/events.csv",
            "/data/events.atom",
            "/api/v1/openapi.json",
        ],
    )
    def test_unchanged_data_cost_one_query(self, client, db, queries_of, address):
        EventFactory(published=True)
        again = {"HTTP_IF_NONE_MATCH": whole(client.get(address))["ETag"]}

        assert queries_of(lambda: client.get(address, **again)) == 1
        assert client.get(address, **again).status_code == 304

        EventFactory(published=True)
        assert whole(client.get(address, **again)).status_code == 200

    def test_pages_of_other_sites_may_read(self, client, db):
        response = client.get("/api/v1/events")
        asked_before = client.options("/api/v1/events")

        assert response["Access-Control-Allow-Origin"] == "*"
        assert asked_before.status_code == 204
        assert asked_before["Access-Control-Allow-Headers"] == "If-None-Match"

    def test_nobody_may_write(self, client, db):
        response = client.post("/api/v1/events", {})

        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"

    def test_too_many_requests_are_told_when_to_come_back(
        self, client, db, monkeypatch
    ):
        monkeypatch.setattr("talent.opendata.outlet.REQUESTS", 2)

        answers = [client.get("/api/v1/events") for _each in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[1]["RateLimit-Remaining"] == "0"
        assert 0 < int(answers[2]["Retry-After"]) <= 60

    @pytest.mark.parametrize(
        ("addresses", "left"),
        [
            ([f"2001:db8::{last}" for last in ("1", "2", "2:1", "a:b:c:d")], "596"),
            (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"], "599"),
            (["192.0.2.1", "192.0.2.2", "::ffff:192.0.2.2"], "598"),
        ],
    )
    def test_requests_of_one_machine_are_counted_whichever_address_it_takes(
        self, client, db, monkeypatch, addresses, left
    ):
        monkeypatch.setattr("talent.opendata.outlet.timezone.now", lambda: NOON)

        answers = [client.get("/api/v1/", REMOTE_ADDR=each) for each in addresses]

        assert answers[-1]["RateLimit-Remaining"] == left

    def test_addresses_are_those_of_the_site_whatever_the_request_calls_it(
        self, client, db, settings
    ):
        settings.ALLOWED_HOSTS = ["mirror.example"]
        EventFactory.create_batch(2, published=True)
        DataSet.objects.create(
            name="2026-03", record_at=NOON, frozen_at=NOON, made_at=NOON, size=1
        )
        paths = ("", "events?limit=1", "figures", "figures/stays", "data-sets")

        for path in paths:
            answer = client.get(f"/api/v1/{path}", HTTP_HOST="mirror.example")

            assert f'"{settings.SITE_URL}/' in answer.content.decode(), path
            assert "mirror.example" not in answer.content.decode(), path

    @override_settings(
        CACHES={
            **settings.CACHES,
            "default": {
                "BACKEND": "config.cache.ForgivingRedisCache",
                "LOCATION": "unix:///nowhere/redis.sock?db=0",
            },
        }
    )
    def test_reading_stays_open_while_redis_is_away(self, client, db):
        answers = [client.get("/api/v1/events").status_code for _each in range(3)]

        assert answers == [200, 200, 200]

    def test_a_third_file_at_once_waits_its_turn(self, client, db):
        EventFactory(published=True)
        begun = [client.get("/data/events.csv") for _each in range(2)]

        refused = client.get("/data/events.csv")
        for response in begun:
            whole(response)

        assert refused.status_code == 503
        assert refused["Retry-After"]
        assert whole(client.get("/data/events.csv")).status_code == 200


class TestFeed:
    def test_says_who_moved_and_keeps_its_ids(self, client, db):
        event = EventFactory(
            person__name="Ada Quill", published=True, summary="Ada Quill \x08 joined."
        )
        SourceFactory()

        def read():
            return ElementTree.fromstring(client.get("/data/events.atom").content)

        entry = read().find(f"{ATOM}entry")
        before = entry.find(f"{ATOM}id").text
        Event.objects.filter(pk=event.pk).update(slug="another-address")
        after = read().find(f"{ATOM}entry").find(f"{ATOM}id").text

        assert "Ada Quill" in entry.find(f"{ATOM}title").text
        assert entry.find(f"{ATOM}summary").text == "Ada Quill  joined."
        assert before == after
