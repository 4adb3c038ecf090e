"""Cite this: three texts and two files, of every page that can be cited."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from talent.opendata import citing
from talent.opendata.citing import escaped
from talent.opendata.models import DataSet
from talent.registry.models import Event, Generation
from tests.factories import EventFactory, OrganizationFactory, PersonFactory

# The names that csl-data.json allows, of those we could want.
CSL = {
    *(
        "id",
        "type",
        "title",
        "author",
        "publisher",
        "issued",
        "URL",
        "language",
        "note",
    ),
    *("container-title", "archive", "archive_location", "version"),
}


@pytest.fixture
def event(db):
    return EventFactory(
        person=PersonFactory(
            name="Ada {Quill} & 100% #1_$~^\\", name_zh="羽安", slug="ada-quill"
        ),
        organization=OrganizationFactory(name="Orb", slug="orb"),
        kind="hire",
        published=True,
        slug="ada-joins-orb",
    )


@pytest.fixture
def frozen(event):
    """A data set that holds the record as it is now."""
    now = timezone.now()
    return DataSet.objects.create(
        name="2026-03",
        record_at=now,
        frozen_at=now,
        made_at=now,
        sha256="0" * 64,
        size=1,
        files=[],
    )


def bib(client, path):
    response = client.get(f"{path}cite.bib")
    assert response.status_code == 200
    return response.content.decode()


class TestACitation:
    @pytest.mark.parametrize(
        "path",
        [
            *("/events/ada-joins-orb/", "/people/ada-quill/", "/organizations/orb/"),
            *("/stays/", "/pay/", "/events/", "/data/2026-03/"),
        ],
    )
    def test_stands_on_the_page_as_its_files_say_it(self, client, frozen, path):
        shown = client.get(path).content.decode()

        in_bib = bib(client, path)
        in_json = client.get(f"{path}cite.json")
        assert in_json["Content-Type"] == "application/vnd.citationstyles.csl+json"
        (item,) = json.loads(in_json.content)
        assert item["URL"] == f"http://localhost:8000{path}"
        assert f"url = {{{item['URL']}}}" in in_bib
        plain = unescaped(shown)
        assert in_bib in plain
        assert in_json.content.decode() in plain
        assert f'href="{path}cite.bib"' in shown
        assert "http://localhost:8000/data/2026-03/" in in_bib

    def test_carries_the_filter_of_its_page(self, client, frozen):
        (item,) = client.get("/events/cite.json?company=orb&kind=hire").json()
        shown = client.get("/events/?company=orb&kind=hire").content.decode()

        assert item["URL"] == "http://localhost:8000/events/?company=orb&kind=hire"
        assert 'href="/events/cite.bib?company=orb&amp;kind=hire"' in shown

    def test_is_in_the_language_of_its_page(self, client, frozen):
        (item,) = client.get("/zh-hans/people/ada-quill/cite.json").json()

        assert item["title"].startswith("羽安")
        assert item["language"] == "zh-Hans"
        assert item["URL"].endswith("/zh-hans/people/ada-quill/")

    @pytest.mark.parametrize(
        "address",
        [
            *("/people/nobody/cite.bib", "/status/cite.bib", "/nowhere/cite.json"),
            *("/events/a-draft/cite.bib", "/people/draft-person/cite.json"),
            "/data/2020-01/cite.bib",
        ],
    )
    def test_of_nothing_public_is_404(self, client, db, address):
        EventFactory(slug="a-draft", person__slug="draft-person")

        assert client.get(address).status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            *("/events/cite.json?company=nosuch", "/events/cite.bib?nonsense=1"),
            *("/cite.json?period=nonsense", "/cite.json?company=nosuch"),
            *("/moves/cite.json?nonsense=1", "/stays/cite.json?a=nosuch:x"),
            "/pay/deals/cite.json?since=nonsense",
        ],
    )
    def test_names_no_address_that_is_refused_itself(self, client, event, address):
        page = client.get(re.sub(r"cite\.\w+", "", address))

        answer = client.get(address)

        assert page.status_code == answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert (
            "nosuch" in answer.json()["detail"] or "nonsense" in answer.json()["detail"]
        )

    @pytest.mark.parametrize(
        "address",
        [
            "/cite.json?period=month&company=orb",
            "/events/cite.json?after=newest-1.1&utm_source=x",
            "/pay/packages/cite.json?page=2",
        ],
    )
    def test_names_a_period_or_a_page_too(self, client, event, address):
        assert client.get(address).status_code == 200

    def test_costs_one_query_while_nothing_changes(self, client, frozen, queries_of):
        address = "/people/ada-quill/cite.bib"
        again = {"HTTP_IF_NONE_MATCH": client.get(address)["ETag"]}

        assert queries_of(lambda: client.get(address, **again)) == 1
        assert client.get(address, **again).status_code == 304
        DataSet.objects.update(superseded_at=timezone.now())
        frozen.pk, frozen.revision = None, 2
        frozen.save()
        assert client.get(address, **again).status_code == 200


class TestTheDataSetNamed:
    def test_is_said_to_hold_the_page_only_if_it_does(self, event, frozen):
        assert citing.reference_to(event).holds
        Event.objects.update(updated_at=timezone.now() + timedelta(days=1))
        event.refresh_from_db()

        changed = citing.reference_to(event)

        assert not changed.holds
        assert "Last frozen as of" in changed.in_words()
        assert "2026-03" in changed.in_words()

    def test_is_none_while_there_is_none(self, event):
        reference = citing.reference_to(event)

        assert reference.frozen is None
        assert reference.in_words().endswith("/events/ada-joins-orb/")
        assert "archive" not in reference.csl()[0]

    def test_names_the_day_of_the_record(self, event, frozen):
        day = Generation.objects.get().changed_at

        (item,) = citing.reference_to(event).csl()

        assert item["issued"]["date-parts"] == [[day.year, day.month, day.day]]


class TestBibtex:
    def test_prints_every_character_as_it_is(self, event):
        text = citing.reference_to(event.person).bibtex()

        title = re.search(r"title = \{\{(.*)\}\},", text)[1]
        assert title.startswith(
            r"Ada \{Quill\} \& 100\% \#1\_\$\textasciitilde{}\textasciicircum{}"
            r"\textbackslash{}"
        )
        assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(
            r"\}"
        )
        assert re.match(r"@misc\{[-a-z0-9]+,\n", text)

    def test_keeps_chinese_and_breaks_no_line(self):
        assert escaped("庞若鸣\n& \x00co") == r"庞若鸣 \& co"

    def test_closes_no_brace_by_an_address(self, client, event):
        address = client.get("/events/cite.bib", {"q": "a}b\\{c d"}).content.decode()

        assert "url = {http://localhost:8000/events/?q=a%7Db%5C%7Bc+d}" in address


class TestCsl:
    def test_has_only_names_of_its_schema(self, event, frozen):
        for reference in (
            citing.reference_to(event),
            citing.reference_to(frozen),
            citing.reference_to_page("dashboard:moves", "/moves/"),
        ):
            (item,) = reference.csl()

            assert set(item) <= CSL
            assert item["type"] in {"webpage", "dataset"}
            assert all(set(name) == {"literal"} for name in item["author"])

    def test_speaks_chinese_to_chinese_readers(self, event):
        with translation.override("zh-hans"):
            assert "羽安" in citing.reference_to(event.person).in_words()


def unescaped(html):
    for written, meant in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ):
        html = html.replace(written, meant)
    return html
