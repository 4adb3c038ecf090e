"""What programs and pages outside rely on: the description, and links with the same filter."""

import re

import pytest
from django.test import Client

from talent.opendata.lists import LISTS
from talent.opendata.openapi import description, schema_name
from tests.factories import EventFactory

TYPES = {
    "string": str,
    "array": list,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def is_described(value, schema):
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    fits = any(isinstance(value, TYPES[kind]) for kind in kinds)
    if isinstance(value, bool):
        fits = "boolean" in kinds
    if isinstance(value, str) and "pattern" in schema:
        fits = fits and re.search(schema["pattern"], value) is not None
    return fits


class TestDescription:
    @pytest.mark.parametrize("name", LISTS)
    def test_says_what_each_list_answers(self, client, starter_data, name):
        schemas = description()["components"]["schemas"]
        described = schemas[schema_name(LISTS[name])]["properties"]

        rows = client.get(f"/api/v1/{name}?limit=200").json()["results"]

        assert rows
        for row in rows:
            assert set(row) == set(described)
            wrong = [key for key in row if not is_described(row[key], described[key])]
            assert wrong == []

    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("query", ["limit=0", "fields=x", "after=x", "surely=not"])
    def test_says_what_wrong_requests_are_answered(self, client, db, name, query):
        response = client.get(f"/api/v1/{name}?{query}")

        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert {"title", "status", "errors"} <= set(response.json())

    @pytest.mark.parametrize(
        "path", ["events/%00", "events/a%00b", "events/%C2%99x", "no%20list", "人/人"]
    )
    def test_covers_ids_that_cannot_be(self, client, db, path):
        response = client.get(f"/api/v1/{path}")

        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"

    def test_has_no_method_that_writes(self, db):
        response = Client(enforce_csrf_checks=True).post("/api/v1/events")

        assert response.status_code == 405

    def test_names_no_order_and_every_refusal(self, db):
        for path, operations in description()["paths"].items():
            told = operations["get"]

            assert {"400", "405", "429"} <= set(told["responses"]), path
            assert "sort" not in [each["name"] for each in told["parameters"]]

    def test_leaves_names_readable(self, client, db):
        EventFactory(person__name_zh="庞若鸣", published=True)

        assert "庞若鸣" in client.get("/api/v1/events").content.decode()


class TestLinksOfPages:
    @pytest.mark.parametrize(
        ("page", "name", "query"),
        [
            ("/events/", "events", "kind=hire"),
            ("/moves/list/", "moves", "to=meta"),
            ("/stints/", "stints", "company=meta"),
            ("/pay/packages/", "packages", "since=2025"),
            ("/pay/deals/", "deals", "since=2025"),
        ],
    )
    def test_carry_the_filter_of_the_page(
        self, client, starter_data, page, name, query
    ):
        shown = client.get(f"{page}?{query}").content.decode()

        for address in (f"/api/v1/{name}", f"/data/{name}.csv", f"/data/{name}.jsonl"):
            assert f'href="{address}?{query}"' in shown

    def test_leave_the_order_of_the_page_away(self, client, db):
        EventFactory(published=True)

        shown = client.get("/events/?kind=hire&sort=oldest").content.decode()

        assert 'href="/data/events.csv?kind=hire"' in shown

    def test_let_a_reader_find_the_feed(self, client, db):
        event = EventFactory(published=True)
        pages = {
            "/events/?kind=hire": "kind=hire",
            event.person.get_absolute_url(): f"person={event.person.slug}",
            event.organization.get_absolute_url(): f"company={event.organization.slug}",
        }

        for page, query in pages.items():
            shown = client.get(page).content.decode()
            found = re.search(
                r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]*)"',
                shown,
            )
            assert found
            assert found[1] == f"/data/events.atom?{query}"
            assert client.get(found[1]).status_code == 200
