"""Figures as data: the numbers of the pages, each with the rows it counts."""

import json
import re

import pytest

from talent.opendata.figures import figures
from talent.opendata.openapi import description
from tests.opendata.described import problems_of

QUESTIONS = [
    ("moves", "", "/moves/"),
    ("moves", "period=all&level=seat", "/moves/?period=all&level=seat"),
    ("seats", "since=2025&until=2025", "/seats/?since=2025&until=2025"),
    (
        "stays",
        "a=company:meta&b=company:openai",
        "/stays/?a=company:meta&b=company:openai",
    ),
    ("pay", "by=company", "/pay/?by=company"),
    ("reasons", "from=openai", "/pay/?company=openai"),
    ("news", "", "/"),
]


def ask(client, name, query=""):
    return client.get(f"/api/v1/figures/{name}?{query}")


class TestAFigure:
    @pytest.mark.parametrize(("name", "query", "path"), QUESTIONS)
    def test_says_the_numbers_of_its_page(
        self, client, starter_data, name, query, path
    ):
        told = ask(client, name, query).json()

        shown = client.get(path).content.decode()
        linked = counted_links(shown)
        ours = {
            re.sub(r"^http://[^/]*(/api/v1)?", "", value["rows"]): value["value"]
            for value in told["values"]
            if value["rows"] and not value["measure"].startswith("median")
        }
        common = [path for path in map(as_page, ours) if path in linked]
        by_page = {as_page(path): value for path, value in ours.items()}
        assert len(common) > 1
        assert [path for path in common if by_page[path] not in linked[path]] == []
        assert client.get(told["page"]).status_code == 200
        assert told["n"] > 0
        assert told["numbers_as_of"] == "2026-03-01T12:00:00Z"

    @pytest.mark.parametrize(
        ("name", "query"), [("moves", "level=seat"), ("pay", ""), ("news", "")]
    )
    def test_opens_exactly_the_rows_it_counts(self, client, starter_data, name, query):
        counted = [
            value
            for value in ask(client, name, query).json()["values"]
            if value["rows"]
            and "/api/v1/" in value["rows"]
            and value["measure"] not in ("people", "median_per_year_usd")
        ]

        for value in counted[::4]:
            counting = "&" if "?" in value["rows"] else "?"
            found = client.get(f"{value['rows']}{counting}limit=1&count=on").json()
            assert found["count"] == value["value"], value

    @pytest.mark.parametrize("name", figures())
    def test_is_as_described(self, client, starter_data, name):
        answer = ask(client, name).json()

        assert problems_of(answer, description(), f"/figures/{name}") == []

    @pytest.mark.parametrize("name", figures())
    def test_refuses_what_its_page_refuses(self, client, db, name):
        response = ask(client, name, "since=soon&surely=not")

        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert "surely" in json.dumps(response.json())

    def test_that_is_none_is_404_naming_those_there_are(self, client, db):
        response = ask(client, "weather")

        assert response.status_code == 404
        assert "moves" in response.json()["detail"]

    def test_of_an_empty_record_is_no_number(self, client, db):
        for name in figures():
            told = ask(client, name).json()

            assert told["n"] == 0
            assert not any(value["value"] for value in told["values"])

    def test_costs_one_query_while_nothing_changes(self, client, db, queries_of):
        again = {"HTTP_IF_NONE_MATCH": ask(client, "moves")["ETag"]}
        address = "/api/v1/figures/moves"

        assert queries_of(lambda: client.get(address, **again)) == 1
        assert client.get(address, **again).status_code == 304


class TestTheList:
    def test_says_what_each_figure_is(self, client, db):
        told = client.get("/api/v1/figures").json()

        assert problems_of(told, description(), "/figures") == []
        assert [each["id"] for each in told["results"]] == list(figures())
        assert all(each["definition"] for each in told["results"])


def as_page(path):
    """Where the page lists what the API lists at the path."""
    pages = {
        "/moves?": "/moves/list/?",
        "/stints?": "/stints/?",
        "/packages?": "/pay/packages/?",
        "/events?": "/events/?",
    }
    for api, page in pages.items():
        if path.startswith(api):
            return page + path.removeprefix(api)
    return path


def counted_links(html):
    """Of each address, the numbers that stand in its links."""
    found = {}
    for address, words in re.findall(
        r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', html, re.S
    ):
        text = re.sub(r"<[^>]+>", " ", words).replace(",", "")
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        found.setdefault(address.replace("&amp;", "&"), []).extend(numbers)
    return found
