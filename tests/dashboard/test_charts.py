"""Charts as files: the same numbers as a picture and as a table."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from django.http import QueryDict
from django.urls import reverse

from talent.dashboard import charts
from talent.dashboard.charts import Chart, Linked, WrongQuery

pytestmark = pytest.mark.django_db


@pytest.fixture
def little_chart(monkeypatch, tmp_path, settings):
    """A chart of one bar, registered for one test."""
    (tmp_path / "bar.svg").write_text(
        '<svg width="100%" height="40"><rect class="chart-arrival" width="50%" height="20"/>'
        '<text class="chart-text" x="10" y="34">{{ label }}</text></svg>'
    )
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], tmp_path]}]

    def make(query):
        if "wrong" in query:
            raise WrongQuery("“wrong” is not a word we know.")
        return Chart(
            name="little",
            sentence="One bar & <one> word.",
            template="bar.svg",
            context={"label": "<b>"},
            height=40,
            columns=["Who", "How many"],
            rows=[["=2+2", Linked(3, "/events/")], ["Ada", None]],
            query=query.urlencode(),
        )

    monkeypatch.setitem(charts.makers, "little", make)


def get(client, extension: str, query: str = ""):
    return client.get(reverse("dashboard:chart", args=["little", extension]) + query)


class TestChart:
    def test_is_a_table_that_no_spreadsheet_runs(self, client, little_chart):
        answer = get(client, "csv")

        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows == [["Who", "How many"], ["'=2+2", "3"], ["Ada", ""]]

    def test_is_a_picture_with_its_own_colours(self, client, little_chart):
        answer = get(client, "svg")
        svg = answer.content.decode()

        assert answer["Content-Type"] == "image/svg+xml"
        assert "var(--" not in svg
        assert "#00695c" in svg
        assert "One bar &amp; &lt;one&gt; word." in svg
        assert "&lt;b&gt;" in svg
        assert "sandbox" in answer["Content-Security-Policy"]

    def test_is_a_picture_for_slides(self, client, little_chart):
        answer = get(client, "png")

        assert answer["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")

    def test_names_what_it_does_not_know(self, client, little_chart):
        answer = get(client, "csv", "?wrong=1")

        assert answer.status_code == 400
        assert "“wrong” is not a word we know." in answer.content.decode()

    def test_is_not_found_under_a_name_nobody_registered(self, client):
        address = reverse("dashboard:chart", args=["nothing", "svg"])

        assert client.get(address).status_code == 404


class TestChartRows:
    def test_open_what_they_count_and_are_escaped(self, little_chart):
        chart = charts.makers["little"](QueryDict())
        rows = [["<b>&", Linked("<i>", "/e/?a=1&b=2")], ["Ada", None], ["Bob", 7]]

        assert charts.chart_rows(replace(chart, rows=rows)) == (
            '<tr><th scope="row">&lt;b&gt;&amp;</th>'
            '<td><a href="/e/?a=1&amp;b=2">&lt;i&gt;</a></td></tr>\n'
            '<tr><th scope="row">Ada</th><td>–</td></tr>\n'
            '<tr><th scope="row">Bob</th><td>7</td></tr>\n'
        )


class TestTitle:
    def test_is_one_line_while_it_fits(self):
        assert charts.wrapped("Short and true.") == ["Short and true."]

    def test_is_wrapped_between_words_and_loses_none(self):
        sentence = "From here to there the seats drift apart, " * 6

        lines = charts.wrapped(sentence)

        assert len(lines) > 2
        assert max(map(len, lines)) <= charts.LETTERS
        assert " ".join(lines) == sentence.strip()

    def test_gives_a_chinese_character_the_room_of_two(self):
        lines = charts.wrapped("庞若鸣" * 30)

        assert [len(line) for line in lines] == [52, 38]

    def test_pushes_the_picture_down(self, little_chart, monkeypatch):
        drawn = charts.makers["little"](QueryDict())
        low = charts.as_svg(drawn)
        monkeypatch.setattr(charts, "LETTERS", 8)

        high = charts.as_svg(drawn)

        assert 'x="24" y="40"' in low
        assert 'x="24" y="80"' in high
