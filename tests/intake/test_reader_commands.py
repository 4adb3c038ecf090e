import io
import json
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from talent.intake.known_names import known_names
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, capsys):
    """Run read_headlines on these lines; its answers and what it complained of."""

    def run(*lines, fails=False):
        given = b"\n".join(
            line if isinstance(line, bytes) else json.dumps(line).encode()
            for line in lines
        )
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        if fails:
            with pytest.raises(CommandError):
                call_command("read_headlines")
        else:
            call_command("read_headlines")
        printed = capsys.readouterr()
        return [json.loads(line) for line in printed.out.splitlines()], printed.err

    return run


class TestReadHeadlines:
    def test_answers_every_line_in_order(self, run):
        answers, errors = run(
            {
                "title": "Meta hires Ana Lee from OpenAI",
                "text": None,
                "published": None,
            },
            {"title": "Nvidia unveils a chip"},
        )

        assert answers == [
            {
                "title": "Meta hires Ana Lee from OpenAI",
                "events": [
                    {
                        "person": "Ana Lee",
                        "kind": "hire",
                        "organization": "Meta",
                        "counterpart": "OpenAI",
                        "amount": None,
                    }
                ],
            },
            {"title": "Nvidia unveils a chip", "events": []},
        ]
        assert errors == ""

    def test_gives_amounts_in_whole_units(self, run):
        answers, _ = run(
            {"title": "Meta lures Ana Lee with $250 million over four years"}
        )

        (event,) = answers[0]["events"]
        assert event["amount"] == {"currency": "USD", "low": 250_000_000}

    def test_reads_the_text_too(self, run):
        answers, _ = run(
            {"title": "A move", "text": "Ana Lee has joined Meta from Zoox."}
        )

        assert answers[0]["events"][0]["person"] == "Ana Lee"

    @pytest.mark.parametrize(
        "bad",
        [
            b"{",
            b"[]",
            b'{"title": null}',
            b'{"title": "A", "text": 3}',
            b'{"title": "\\ud800"}',
            b'{"title": "\xff"}',
            b"[" * 100_000,
        ],
    )
    def test_names_a_bad_line_and_reads_the_rest(self, bad, run):
        answers, errors = run({"title": "One"}, bad, {"title": "Three"}, fails=True)

        assert [answer["title"] for answer in answers] == ["One", "Three"]
        assert errors.startswith("Line 2: ")


class TestKnownNames:
    def test_hold_every_spelling_of_the_record(self):
        PersonFactory(
            slug="lan", name="Lan Guyu", name_zh="兰国雨", other_names=["L. Guyu"]
        )
        OrganizationFactory(slug="zx", name="Zephyrix", name_zh="蓝风", other_names=[])

        names = known_names()

        for text in ("Guyu Lan", "Lan Guyu", "兰国雨", "蘭國雨", "L. Guyu"):
            assert names.find(text, text.lower())[0].name.slugs == ("lan",)
        assert names.find("Zephyrix", "zephyrix")[0].name.slugs == ("zx",)

    def test_follow_the_record(self):
        known_names()
        PersonFactory(slug="new", name="Newa Comer")

        assert known_names().find("Newa Comer", "newa comer")[0].name.slugs == ("new",)

    def test_are_the_starter_datas_for_an_empty_record(self):
        assert known_names().find("OpenAI", "openai")[0].name.slugs == ("openai",)


class TestScoreReader:
    def test_prints_precision_and_recall_by_field(self, tmp_path: Path, capsys):
        file = tmp_path / "labelled.jsonl"
        event = {
            "person": "Ana Lee", "kind": "hire", "organization": "Meta",
            "counterpart": "Apple", "amount": None,
        }  # fmt: skip
        lines = [
            {"title": "Meta hires Ana Lee from OpenAI", "events": [event]},
            {"title": "Nothing to see", "events": []},
            {"title": "Unread by us", "events": [event]},
        ]
        file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

        call_command("score_reader", str(file))

        printed = " ".join(capsys.readouterr().out.split())
        assert "Announcing headlines with a proposal 50.0% (1 of 2)" in printed
        assert "Proposals from announcing headlines 100.0% (1 of 1)" in printed
        assert (
            "person 100.0% (1 of 1) 100.0% (1 of 1) 50.0% (1 of 2) organization"
            in printed
        )
        assert "counterpart 0.0% (0 of 1) 0.0% (0 of 1) 0.0% (0 of 2) amount" in printed

    @pytest.mark.parametrize("content", ["{", "{}", '{"title": 1, "events": []}'])
    def test_refuses_a_file_of_something_else(self, content, tmp_path: Path):
        file = tmp_path / "labelled.jsonl"
        file.write_text(content, encoding="utf-8")

        with pytest.raises(CommandError, match="line 1"):
            call_command("score_reader", str(file))

    def test_refuses_a_missing_file(self, tmp_path: Path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("score_reader", str(tmp_path / "none"))
