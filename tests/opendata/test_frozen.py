"""Frozen data sets: what they hold, that a copy shows the same pages, and who leaves them."""

import csv
import io
import os
import re
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection

from talent.insights.refresh import refresh_all
from talent.opendata.frozen import archive, freezing
from talent.opendata.frozen.tables import ADDRESS_COLUMNS, ADDRESSES, TABLES
from talent.opendata.models import DataSet
from talent.registry.merging import merge_people
from talent.registry.models import (
    Event,
    Generation,
    Organization,
    Person,
    Reading,
    Reason,
    Reply,
    Source,
    Wave,
)
from talent.registry.models.waves import WaveEvent
from talent.registry.removals import remove_person
from talent.registry.starter import BadData, load
from talent.registry.starter.format import ALL_FILES
from talent.registry.tombstones import digest_of
from tests.factories import (
    NOON,
    CitationFactory,
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    UserFactory,
)

# Of people, companies and events in the copy: more than all of them compares every page.
PAGES = int(os.environ.get("PAGES_COMPARED", "6"))
FIRST_NIGHT = datetime(2026, 3, 1, 0, 37, tzinfo=UTC)


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    """Where the files go."""
    settings.DATA_SETS_DIR = str(tmp_path / "data-sets")
    return tmp_path / "data-sets"


def written(path, name="2026-03"):
    with path.open("wb") as stream:
        archive.write_record(stream, name)
    return path


def contents(path):
    with zipfile.ZipFile(path) as opened:
        return {
            name.rsplit("/", 1)[-1]: opened.read(name) for name in opened.namelist()
        }


def rows(path, file):
    return list(csv.DictReader(io.StringIO(contents(path)[file].decode())))


def empty_the_record():
    """As an empty copy, with other keys; the transaction of the test brings it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("""
            SELECT string_agg(tablename, ', ') FROM pg_tables
            WHERE (tablename LIKE 'registry\\_%' OR tablename LIKE 'insights\\_%')
                AND tablename NOT IN ('registry_generation')
        """)
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} CASCADE")


class TestACopy:
    """An empty copy into which the data set was loaded."""

    def test_has_the_same_pages(self, client, starter_data, tmp_path):
        enrich()
        refresh_all(at=NOON)
        addresses = some_addresses(PAGES)
        before = {address: page(client, address) for address in addresses}
        path = written(tmp_path / "record.zip")

        empty_the_record()
        assert not Event.objects.exists()
        load(path, at=NOON + timedelta(days=9))
        refresh_all(at=NOON)

        other = [each for each in addresses if page(client, each) != before[each]]
        assert other == []
        moved = client.get("/people/once-another/")
        assert moved.status_code == 301
        assert moved["Location"] == "/people/avi-verma/"
        again = contents(written(tmp_path / "again.zip"))
        assert {n: t for n, t in again.items() if n.endswith(".csv")} == {
            n: t for n, t in contents(path).items() if n.endswith(".csv")
        }

    def test_is_told_what_is_wrong_with_a_zip_file(self, db, tmp_path):
        broken = tmp_path / "broken.zip"
        broken.write_bytes(b"PK, but no zip file")

        with pytest.raises(BadData, match="cannot be read"):
            load(broken, at=NOON)


def enrich():
    """What the starter data lack: all that a record can say in public."""
    events = Event.objects.published().filter(background=False)
    event, other = events.earliest("pk"), events.latest("pk")
    with unrecorded():
        Event.objects.filter(pk=event.pk).update(
            summary="=HYPERLINK(1)",
            summary_zh="'+一句话",
            disagreement='"He" said,\nthen | left',
        )
        event.event_reasons.all().delete()
        for name, by in (("mission", ""), ("compensation", "the press")):
            reason, _made = Reason.objects.get_or_create(name=name)
            event.event_reasons.create(reason=reason, stated_by=by)
        event.citations.update(stance="contradicts")
        figure = Reading.objects.earliest("pk")
        Reading.objects.filter(pk=figure.pk).update(
            several_years=True, terms="guaranteed"
        )
    Reply.objects.create(
        event=event, text="Not so.", said_by="Ada", said_on=NOON, verified_how="met"
    )
    day, shown = NOON.date(), {"status": "published", "published_at": NOON}
    wave = Wave.objects.create(
        slug="a-wave", title="A", title_zh="一", first_day=day, last_day=day, **shown
    )
    for part in (other, event):
        WaveEvent.objects.create(wave=wave, event=part)
    first, last = Source.objects.earliest("pk"), Source.objects.latest("pk")
    Source.objects.filter(pk=last.pk).update(
        repeats=first, archive_url="https://archive.example/1"
    )
    Source.objects.filter(pk=first.pk).update(key=None)
    double = PersonFactory(slug="once-another", name="Avi Verma")
    merge_people(Person.objects.get(slug="avi-verma"), double, by=None, at=NOON)


def unrecorded():
    """The history of changes is in no data set: a copy begins its own."""
    history = ("insert_insert", "update_update", "delete_delete")
    changed = ("Event", "EventReason", "Citation", "Reading")
    return pgtrigger.ignore(
        *(f"registry.{model}:{name}" for model in changed for name in history)
    )


def some_addresses(number):
    lists = [
        *("/", "/events/", "/moves/", "/moves/list/", "/seats/", "/stays/", "/stints/"),
        *("/pay/", "/pay/packages/", "/pay/deals/", "/waves/", "/waves/a-wave/"),
    ]
    things = [
        thing.get_absolute_url()
        for rows_ in (
            Person.objects.public(),
            Organization.objects.public(),
            Event.objects.published(),
        )
        for thing in rows_.order_by("slug")
    ]
    step = max(len(things) // number, 1)
    enriched = Event.objects.published().filter(background=False)
    return [
        *lists,
        *things[::step],
        enriched.earliest("pk").get_absolute_url(),
        "/people/avi-verma/",
    ]


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    # A place in a list is written with the key of a row, which is another one in a copy.
    return re.sub(r"(-?\d{4,})\.\d+", r"\1.key", response.content.decode())


class TestADataSet:
    def test_has_the_columns_of_the_format(self):
        declared = {table.file: [c.name for c in table.columns] for table in TABLES}
        declared[ADDRESSES] = [name for name, _says in ADDRESS_COLUMNS]

        assert declared == {
            file.name: [column.name for column in file.all_columns]
            for file in ALL_FILES
        }

    def test_holds_the_public_record_only(self, db, tmp_path):
        shown = EventFactory(slug="open-to-all", published=True)
        CitationFactory(event=shown, source__url="https://seen.example/1")
        draft = EventFactory(slug="a-draft", person__slug="draft-person")
        CitationFactory(event=draft, source__url="https://hidden.example/1")
        EventFactory(slug="taken-back", status=Event.Status.WITHDRAWN)
        pay = PackageFactory(person__slug="secret-pay", status="draft")
        ReadingFactory(package=pay, note="secret note")
        OrganizationFactory(slug="nobody-knows")

        text = b"".join(contents(written(tmp_path / "set.zip")).values())

        for seen in (b"open-to-all", b"seen.example", shown.person.slug.encode()):
            assert seen in text
        for hidden in (
            *(b"a-draft", b"draft-person", b"hidden.example", b"taken-back"),
            *(b"secret-pay", b"secret note", b"nobody-knows"),
        ):
            assert hidden not in text

    def test_is_the_same_bytes_for_the_same_record(self, db, tmp_path):
        EventFactory.create_batch(3, published=True)

        first = written(tmp_path / "1.zip").read_bytes()

        assert written(tmp_path / "2.zip").read_bytes() == first

    def test_has_the_sums_of_all_its_files(self, db, tmp_path):
        EventFactory(published=True)

        files = contents(written(tmp_path / "set.zip"))

        sums = dict(line.split("  ")[::-1] for line in text_of(files, "SHA256SUMS"))
        assert set(sums) == set(files) - {"SHA256SUMS"}
        assert all(sha256(files[name]).hexdigest() == sums[name] for name in sums)
        assert "CC BY 4.0" in files["LICENSE"].decode()
        assert "/data/2026-03/" in files["README.md"].decode()

    def test_hands_no_formula_to_a_spreadsheet(self, db, tmp_path):
        EventFactory(published=True, summary="=1+1", team="'@x")

        (event,) = rows(written(tmp_path / "set.zip"), "events.csv")

        assert (event["summary"], event["team"]) == ("'=1+1", "''@x")

    def test_hands_none_as_a_former_address(self, db, tmp_path):
        person = EventFactory(published=True, person__slug="-ada").person
        person.slug = "ada"
        person.save()

        (moved,) = rows(written(tmp_path / "set.zip"), "addresses.csv")

        assert (moved["old"], moved["new"]) == ("'-ada", "ada")


def text_of(files, name):
    return files[name].decode().splitlines()


class TestFreezing:
    def test_keeps_each_month_once_and_never_writes_over_it(self, db, place):
        EventFactory(published=True)
        made = freezing.freeze_month(at=FIRST_NIGHT)
        kept = freezing.path_of(made).read_bytes()

        EventFactory(published=True)
        again = freezing.freeze_month(at=FIRST_NIGHT + timedelta(days=20))
        following = freezing.freeze_month(at=FIRST_NIGHT + timedelta(days=31))

        assert (made.name, again, following.name) == ("2026-03", None, "2026-04")
        assert freezing.path_of(made).read_bytes() == kept
        assert sha256(kept).hexdigest() == made.sha256
        counted = following.changes["files"]["events.csv"]
        assert following.changes["since"] == "2026-03"
        assert counted == {"added": 1, "changed": 0, "gone": 0}

    def test_makes_nothing_of_an_empty_record(self, db, place):
        assert freezing.freeze_month(at=FIRST_NIGHT) is None

    def test_on_demand_gives_the_day_as_its_name(self, db, place):
        EventFactory(published=True)
        first = freezing.freeze_today(at=NOON)
        unchanged = freezing.freeze_today(at=NOON)

        Generation.objects.update(changed_at=NOON)
        second = freezing.freeze_today(at=NOON)

        assert first == unchanged
        assert (first.name, second.name) == ("2026-03-01", "2026-03-01-2")

    def test_leaves_nothing_half_when_killed(self, db, place, monkeypatch):
        EventFactory(published=True)

        def killed(*_args, **_more):
            raise KeyboardInterrupt

        # Before the file is whole, then before its row is there.
        for broken in ("write_record", "keep"):
            with monkeypatch.context() as patch:
                patch.setattr(freezing, broken, killed)
                with pytest.raises(KeyboardInterrupt):
                    freezing.freeze_month(at=FIRST_NIGHT)
            assert not DataSet.objects.exists()
            assert not list(place.glob("*.zip"))
        made = freezing.freeze_month(at=FIRST_NIGHT)

        assert [each.name for each in place.iterdir()] == [made.file_name]

    def test_writes_to_a_directory_and_keeps_nothing_if_asked(self, db, tmp_path):
        EventFactory(published=True)

        call_command("freeze_data", out=tmp_path / "out", verbosity=0)

        (made,) = (tmp_path / "out").iterdir()
        assert len(rows(made, "events.csv")) == 1
        assert not DataSet.objects.exists()


@pytest.fixture
def with_ada(db, place):
    """A frozen record in which others, pages and pay name somebody who is removed later."""
    ada = PersonFactory(slug="ada-quill", name="Ada Quill", name_zh="羽安")
    hers = EventFactory(
        person=ada, published=True, slug="ada-joins", organization__slug="only-hers"
    )
    CitationFactory(event=hers, source__url="https://hers.example/ada")
    package = PackageFactory(person=ada, event=hers, organization=hers.organization)
    ReadingFactory(package=package, note="For Ada Quill")
    other = EventFactory(
        published=True, slug="bo-joins", summary="Bo joined after Ada Quill did."
    )
    CitationFactory(
        event=other, states="Names 羽安 too", source__url="https://b.example/"
    )
    assert freezing.freeze_month(at=FIRST_NIGHT)
    return ada


class TestSomebodyRemoved:
    def test_is_taken_out_of_what_was_frozen(self, client, with_ada, place):
        old = DataSet.objects.get()
        remove_person(with_ada, by=UserFactory(), at=NOON)
        file = f"/data/2026-03/{old.file_name}"
        assert client.get(file).status_code == 503

        (made,) = freezing.forget_removed(at=NOON)

        old.refresh_from_db()
        text = b"".join(contents(freezing.path_of(made)).values()).decode()
        for gone in ("ada-", "Ada", "Quill", "羽安", "only-hers", "hers.example"):
            assert gone not in text
        assert [row["id"] for row in rows(freezing.path_of(made), "events.csv")] == [
            "bo-joins"
        ]
        assert (made.revision, made.name, made.frozen_at) == (
            2,
            old.name,
            old.frozen_at,
        )
        assert old.superseded_at == NOON
        assert [each.name for each in place.iterdir()] == [made.file_name]
        assert client.get(file).status_code == 410
        shown = client.get("/data/2026-03/").content.decode()
        assert f"<s>{old.sha256}</s>" in shown
        assert made.sha256 in shown

    def test_is_found_behind_the_apostrophe_of_an_address(self, db, place):
        cy = EventFactory(published=True, person__slug="-cy").person
        assert freezing.freeze_month(at=FIRST_NIGHT)
        remove_person(cy, by=UserFactory(), at=NOON)

        (made,) = freezing.forget_removed(at=NOON)

        assert rows(freezing.path_of(made), "people.csv") == []

    def test_leaves_other_files_as_they_are(self, with_ada, place):
        stranger = EventFactory(published=True).person
        kept = freezing.path_of(DataSet.objects.get()).read_bytes()
        remove_person(stranger, by=UserFactory(), at=NOON)

        assert freezing.forget_removed(at=NOON) == []

        data_set = DataSet.objects.get()
        assert freezing.path_of(data_set).read_bytes() == kept
        assert not freezing.waits_for_removal(data_set)

    def test_is_known_by_the_digest_alone(self, with_ada):
        remove_person(with_ada, by=UserFactory(), at=NOON)

        assert not Person.objects.filter(slug="ada-quill").exists()
        assert digest_of(Person, "ada-quill")


class TestAddresses:
    @pytest.fixture
    def frozen(self, db, place):
        EventFactory(published=True)
        return freezing.freeze_month(at=FIRST_NIGHT)

    def test_give_the_page_the_file_and_the_list(self, client, frozen):
        shown = client.get("/data/2026-03/").content.decode()
        link = re.search(r'href="(/data/2026-03/[^"]*\.zip)"', shown)[1]
        file = client.get(link)
        listed = client.get("/api/v1/data-sets").json()["results"]
        one = client.get("/api/v1/data-sets/2026-03").json()

        content = b"".join(file.streaming_content)
        assert sha256(content).hexdigest() == frozen.sha256
        assert int(file["Content-Length"]) == len(content) == frozen.size
        assert frozen.sha256 in shown
        assert "http://localhost:8000/data/2026-03/" in shown
        assert listed == [{k: v for k, v in one.items() if k != "superseded"}]
        assert one["file"].endswith(link)
        assert 'href="/data/2026-03/"' in client.get("/data/").content.decode()

    @pytest.mark.parametrize(
        "address",
        [
            *("/data/2026-05/", "/data/2026-3/", "/api/v1/data-sets/x%00"),
            *("/data/2026-03/transfer-window-2026-04.zip", "/data/2026-03/../x.zip"),
        ],
    )
    def test_that_name_nothing_are_404(self, client, frozen, address):
        assert client.get(address).status_code == 404

    def test_cost_one_query_while_nothing_changes(self, client, frozen, queries_of):
        for address in ("/data/2026-03/", "/data/", "/api/v1/data-sets"):
            again = {"HTTP_IF_NONE_MATCH": client.get(address)["ETag"]}

            assert queries_of(lambda a=address, g=again: client.get(a, **g)) == 1
            assert client.get(address, **again).status_code == 304

    def test_say_so_when_the_file_is_not_there(self, client, frozen, place):
        (place / frozen.file_name).unlink()

        response = client.get(f"/data/2026-03/{frozen.file_name}")

        assert response.status_code == 503
        assert response["Retry-After"]

    def test_tell_a_reader_who_has_the_file_so(self, client, frozen):
        link = f"/data/2026-03/{frozen.file_name}"

        response = client.get(link, HTTP_IF_NONE_MATCH=f'"{frozen.sha256}"')

        assert response.status_code == 304
