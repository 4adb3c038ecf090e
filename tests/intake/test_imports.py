"""Events from a spreadsheet: reading, planning, making and undoing."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from openpyxl import Workbook

from talent.common.partial_dates import PartialDate
from talent.intake.imports import reading
from talent.intake.imports.columns import BY_NAME, COLUMNS, EXAMPLES, columns_named
from talent.intake.imports.keeping import (
    forget_uploads,
    keep_choices,
    keep_columns,
    keep_upload,
)
from talent.intake.imports.making import Refused, carry_out
from talent.intake.imports.planning import missing_columns, plan_of
from talent.intake.imports.reading import Unreadable, read
from talent.intake.imports.undoing import undo, undoing_of
from talent.intake.imports.values import values_of
from talent.intake.models import Import
from talent.registry import curation, upkeep
from talent.registry.models import (
    Event,
    Generation,
    Organization,
    Package,
    Person,
    Source,
)
from talent.registry.recording import recorded_as
from talent.registry.source_lines import SourceLine
from tests.factories import (
    NOON,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    SourceFactory,
    UserFactory,
)

HIRE = {
    "kind": "hire",
    "person": "Ada Vale",
    "organization": "Orchard Lab",
    "date": "2025-07",
}


def sheet(*rows, header=None):
    names = header or list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def workbook(*rows, formats=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, shown_as in formats:
        book.active[cell].number_format = shown_as
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(table):
    return [cells for _number, cells in table.rows]


class TestRead:
    @pytest.mark.parametrize(
        "content",
        [
            b"kind,person\nhire,Ada",
            "\ufeffkind,person\r\nhire,Ada\r\n".encode(),
            b"kind;person\nhire;Ada\n",
            "kind\tperson\nhire\tAda".encode("utf-16"),
            b'\n\n"kind","person"\n\nhire,"Ada"\n',
        ],
    )
    def test_takes_what_spreadsheets_write(self, content):
        table = read(content)

        assert table.header == ["kind", "person"]
        assert cells(table) == [["hire", "Ada"]]

    @pytest.mark.parametrize(
        "content",
        [
            b"Hires, July 2025,\nas of 1 August,\n\nkind,person\nhire,Ada\n",
            b'Hires, July 2025\n"Kind"\tPerson\nhire\tAda\n',
            workbook(["Hires"], [], ["kind", "person"], ["hire", "Ada"]),
        ],
    )
    def test_passes_over_a_title_above_the_header(self, content):
        table = read(content)

        assert table.header in (["kind", "person"], ["Kind", "Person"])
        assert cells(table) == [["hire", "Ada"]]

    def test_takes_the_first_line_where_none_names_columns(self):
        lines = [
            ["Art", "Wer"],
            ["hire", "kind"],
            *[["hire", "Ada"]] * 9,
            ["kind", "who"],
        ]

        table = read(workbook(*lines))

        assert table.header == ["Art", "Wer"]
        assert len(table.rows) == 11

    def test_takes_what_a_chinese_excel_writes(self):
        table = read("类型,姓名\n入职,庞若鸣\n".encode("gb18030"))

        assert cells(table) == [["入职", "庞若鸣"]]

    def test_guesses_at_no_other_encoding(self):
        with pytest.raises(Unreadable, match="UTF-8"):
            read("kind,person\nhire,José Núñez\n".encode("cp1252"))

    def test_keeps_the_number_a_row_has_in_the_file(self):
        table = read(b"kind\n\n\nhire\n")

        assert table.rows == [(4, ["hire"])]

    @pytest.mark.parametrize(
        ("shown_as", "text"),
        [
            ("mmm-yy", "2025-07"),
            ("yyyy-mm", "2025-07"),
            ("yyyy", "2025"),
            ("yyyy-mm-dd", "2025-07-01"),
            ("[$-804]yyyy年m月", "2025-07"),
            ("m/d/yy", "2025-07-01"),
        ],
    )
    def test_date_is_as_precise_as_the_cell_shows_it(self, shown_as, text):
        content = workbook(["date"], [date(2025, 7, 1)], formats=[("A2", shown_as)])

        assert cells(read(content)) == [[text]]

    def test_numbers_and_ticks_read_as_typed(self):
        content = workbook(["a", "b", "c", "d"], [2025, 200.0, 2.5, True])

        assert cells(read(content)) == [["2025", "200", "2.5", "yes"]]

    def test_formula_reads_as_the_value_it_had(self):
        content = with_formula_value(workbook(["a"], ["=1+1"]), "41")

        assert cells(read(content)) == [["41"]]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "nothing to import"),
            (b"kind,person\n", "nothing to import"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "neither CSV nor XLSX"),
            (b"PK\x03\x04 and no more", "neither CSV nor XLSX"),
            (b"a,b\n" + b"x" * reading.MOST_BYTES, "bytes"),
            (b"a\n" + b"x\n" * (reading.MOST_ROWS + 1), "more than 5,000 rows"),
            (b"a\nx\n" + b"\n" * 30_000 + b"y\n", "goes on"),
            (b"a\n" + b"x" * 5_000, "characters"),
            (b'a\n"' + b"x" * 200_000, "no CSV|characters"),
        ],
    )
    def test_refuses_with_a_sentence(self, content, why):
        with pytest.raises(Unreadable, match=why):
            read(content)

    def test_refuses_a_zip_bomb_unopened(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)

        assert len(file.getvalue()) < 100_000
        with pytest.raises(Unreadable, match="Unpacked"):
            read(file.getvalue())

    def test_refuses_a_zip_that_is_no_workbook(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as other:
            other.writestr("readme.txt", "hello")

        with pytest.raises(Unreadable, match="cannot be read"):
            read(file.getvalue())


def with_formula_value(content, value):
    """As Excel saves it: the formula with the value it had."""
    source, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b"<v />", b"<v>%s</v>" % value.encode())
                part = part.replace(b"<v></v>", b"<v>%s</v>" % value.encode())
            target.writestr(name, part)
    return file.getvalue()


class TestColumnsNamed:
    @pytest.mark.parametrize(
        ("header", "name"),
        [
            ("Person", "person"),
            ("  FROM / TO ", "counterpart"),
            ("date_basis", "date_basis"),
            ("Date-basis", "date_basis"),
            ("姓名", "person"),
            ("公司（英文）", "organization"),
            ("Date (as known)", "date"),
            ("favourite colour", ""),
        ],
    )
    def test_by_english_and_chinese_headers(self, header, name):
        assert columns_named([header]) == [name]

    def test_of_two_that_mean_one_thing_the_first_does(self):
        assert columns_named(["source", "url"]) == ["sources", ""]

    def test_template_names_every_column_and_its_rows_are_right(self):
        assert columns_named([column.name for column in COLUMNS]) == [*BY_NAME]
        assert [values_of(example).wrong for example in EXAMPLES] == [[], []]


class TestValuesOf:
    @pytest.mark.parametrize(
        ("text", "iso"),
        [
            ("2025", "2025"),
            ("2025-07", "2025-07"),
            ("2025/7/7", "2025-07-07"),
            ("2025.7", "2025-07"),
            ("2025年7月7日", "2025-07-07"),
            ("2025年7月", "2025-07"),
            ("2025年", "2025"),
            ("2025-Q3", "2025-Q3"),
            ("Q3 2025", "2025-Q3"),
            ("2025Q3", "2025-Q3"),
            ("2025年第3季度", "2025-Q3"),
            ("2025-07-07 00:00:00", "2025-07-07"),
        ],
    )
    def test_dates_keep_the_precision_they_were_typed_with(self, text, iso):
        assert values_of(HIRE | {"date": text}).get("date") == PartialDate.parse(iso)

    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("200M", (200_000_000, None)),
            ("2亿", (200_000_000, None)),
            ("250,000", (250_000, None)),
            ("100M–200M", (100_000_000, 200_000_000)),
            ("100M - 200M", (100_000_000, 200_000_000)),
            ("100M to 200M", (100_000_000, 200_000_000)),
        ],
    )
    def test_amounts_and_ranges(self, text, amount):
        assert values_of(HIRE | {"amount": text}).get("amount") == amount

    @pytest.mark.parametrize(
        ("cells", "column", "why"),
        [
            ({"kind": "fired"}, "kind", "fired"),
            ({"kind": ""}, "kind", "must not be empty"),
            ({"date": "soon"}, "date", "soon"),
            ({"date": "07/08/2025"}, "date", "07/08/2025"),
            ({"date": "2025-02-30"}, "date", "calendar"),
            ({"amount": "lots"}, "amount", "lots"),
            ({"amount": "1.500"}, "amount", "two ways"),
            ({"amount": "200M-100M"}, "amount", "ends below"),
            ({"amount": "5M", "currency": "dollars"}, "currency", "ISO 4217"),
            ({"years": "4"}, "years", "no"),
            ({"founder": "maybe"}, "founder", "neither yes nor no"),
            ({"kind": "left", "founder": "yes"}, "founder", "belongs to a hire"),
            ({"kind": "left", "amount": "5M"}, "amount", "belongs to a hire"),
            ({"standing": "denied"}, "standing", "deny it"),
            ({"counterpart": "orchard  lab"}, "counterpart", "two ends"),
            ({"sources": "see twitter"}, "sources", "not a web address"),
            ({"title": "x" * 301}, "title", "300"),
        ],
    )
    def test_says_which_cell_is_wrong_and_why(self, cells, column, why):
        [(named, reason)] = values_of(HIRE | cells).wrong

        assert named.name == column
        assert why in reason

    def test_several_sources_are_kept_in_their_normal_form(self):
        text = "https://A.example/x?utm_source=y#z; https://b.example/\nhttps://a.example/x"

        lines = values_of(HIRE | {"sources": text}).get("sources")

        assert lines == [
            SourceLine("https://a.example/x"),
            SourceLine("https://b.example/"),
        ]


# -- Against the record ----------------------------------------------------------------


@pytest.fixture
def editor(db):
    return UserFactory()


@pytest.fixture
def orchard(db):
    return OrganizationFactory(
        name="Orchard Lab", name_zh="果园", other_names=["Orchard"], slug="orchard-lab"
    )


@pytest.fixture
def ada(db):
    return PersonFactory(name="Ada Vale", name_zh="艾达", slug="ada-vale-2")


def uploaded(*rows, by=None):
    return keep_upload("sheet.csv", sheet(*rows).encode(), at=NOON, by=by)


def planned(*rows):
    return plan_of(uploaded(*rows)).rows


def imported(*rows, by=None):
    upload = uploaded(*rows, by=by)
    carry_out(upload, seen=plan_of(upload).digest, at=NOON, by=by)
    upload.refresh_from_db()
    return upload


class TestPlan:
    @pytest.mark.parametrize("name", ["Ada Vale", "vale ada", "艾达", "ada-vale-2"])
    @pytest.mark.parametrize("place", ["Orchard Lab", "orchard", "果园", "orchard-lab"])
    def test_matches_by_any_name_or_address(self, ada, orchard, name, place):
        [row] = planned(HIRE | {"person": name, "organization": place})

        assert row.verdict == "make"
        assert row.person.chosen == ada
        assert row.organization.chosen == orchard

    def test_unknown_names_will_be_made(self, db):
        upload = uploaded(HIRE, HIRE | {"date": "2020", "counterpart": "Before Inc"})

        plan = plan_of(upload)

        assert plan.counts == {"make": 2}
        assert (plan.new_people, plan.new_organizations) == (1, 2)

    def test_name_of_two_waits_for_a_choice(self, ada, orchard):
        other = PersonFactory(name="Ada Vale")
        upload = uploaded(HIRE, HIRE | {"date": "2020"})

        row = plan_of(upload).rows[0]
        assert row.verdict == "choose"
        assert {int(value) for value, _text in row.person.options} == {ada.pk, other.pk}

        keep_choices(upload, {row.person.key: str(other.pk)})

        assert [row.person.chosen for row in plan_of(upload).rows] == [other, other]

    def test_chinese_name_tells_namesakes_apart(self, ada, orchard):
        PersonFactory(name="Ada Vale", name_zh="爱达")

        [row] = planned(HIRE | {"person_zh": "艾达"})

        assert row.person.chosen == ada

    def test_another_of_the_name_can_be_meant(self, ada, orchard):
        upload = uploaded(HIRE)
        key = plan_of(upload).rows[0].person.key

        keep_choices(upload, {key: "new"})

        assert plan_of(upload).new_people == 1

    def test_choice_of_nobody_offered_is_none(self, ada, orchard):
        PersonFactory(name="Ada Vale")
        upload = uploaded(HIRE)
        key = plan_of(upload).rows[0].person.key

        keep_choices(upload, {key: str(PersonFactory().pk)})

        assert plan_of(upload).rows[0].verdict == "choose"

    @pytest.mark.parametrize("status", ["draft", "published", "withdrawn"])
    def test_event_the_record_has_is_skipped_in_any_status(self, ada, orchard, status):
        EventFactory(
            person=ada,
            organization=orchard,
            happened_on=date(2025, 7, 20),
            status=status,
            published_at=NOON,
        )
        upload = uploaded(HIRE)

        [row] = plan_of(upload).rows
        assert row.verdict == "skip"

        keep_choices(upload, {row.choice_key: "make"})

        assert plan_of(upload).rows[0].verdict == "make"

    def test_return_years_later_is_no_repetition(self, ada, orchard):
        EventFactory(person=ada, organization=orchard, happened_on=date(2020, 7, 20))

        [row] = planned(HIRE)

        assert row.verdict == "make"

    def test_row_that_repeats_one_above_is_skipped(self, db):
        first, second, third = planned(HIRE, HIRE, HIRE | {"kind": "left"})

        assert [first.verdict, second.verdict, third.verdict] == [
            "make",
            "skip",
            "make",
        ]
        assert "row 2" in second.why[0]

    def test_row_with_more_cells_than_the_header_is_refused(self, db):
        text = sheet(HIRE).rstrip() + ",one too many\n"
        upload = keep_upload("sheet.csv", text.encode(), at=NOON, by=None)

        [row] = plan_of(upload).rows

        assert (row.verdict, len(row.why)) == ("refuse", 1)

    def test_two_names_of_one_organization_are_no_move(self, orchard):
        [row] = planned(HIRE | {"counterpart": "果园"})

        assert row.verdict == "refuse"

    def test_columns_without_a_known_header_can_be_named(self, db):
        upload = uploaded({"Was": "hire", "Wer": "Ada Vale", "Wo": "X", "Wann": "2025"})
        assert len(missing_columns(upload)) == 4

        keep_columns(upload, ["kind", "person", "organization", "date"])

        assert not missing_columns(upload)
        assert plan_of(Import.objects.get()).counts == {"make": 1}

    def test_takes_as_many_queries_for_thirty_rows_as_for_three(self, queries_of):
        def upload(count):
            rows = []
            for number in range(count):
                person = PersonFactory(name=f"Person{number} Known{count}")
                place = EventFactory(person=person).organization
                rows.append(HIRE | {"person": person.name, "organization": place.name})
            return uploaded(*rows)

        few, many = upload(3), upload(30)

        assert (
            queries_of(lambda: plan_of(few)) == queries_of(lambda: plan_of(many)) == 3
        )


class TestCarryOut:
    def test_makes_drafts_with_everything_the_row_says(self, orchard, editor):
        upload = imported(
            HIRE
            | {
                "person_zh": "艾达",
                "counterpart": "Before Inc",
                "seat": "quant",
                "title": "Scientist",
                "standing": "confirmed",
                "founder": "yes",
                "sources": "https://n.example/a https://n.example/b",
                "amount": "100M–200M",
                "currency": "cny",
                "qualifier": "about",
                "years": "4",
            },
            by=editor,
        )

        event = Event.objects.get()
        assert (event.status, event.standing, event.founder) == (
            "draft", "confirmed", True,
        )  # fmt: skip
        assert event.slug == "ada-vale-hire-orchard-lab-2025"
        assert event.date.isoformat() == "2025-07"
        assert (event.person.name, event.person.name_zh) == ("Ada Vale", "艾达")
        assert event.counterpart.name == "Before Inc"
        assert event.counterpart.seat == "other"
        assert event.company == orchard
        assert event.source_count == 2
        reading = Package.objects.get(event=event).readings.get()
        assert (reading.low, reading.high) == (100_000_000, 200_000_000)
        assert (reading.currency, reading.qualifier, reading.years) == (
            "CNY",
            "about",
            4,
        )
        assert reading.source.url == "https://n.example/a"
        assert upload.state == "done"
        history = Event._meta.get_field("history").related_model
        context = history.objects.get().pgh_context
        assert context.metadata["user"] == editor.pk
        assert context.metadata["reason"] == f"Import {upload.pk}: sheet.csv"

    def test_makes_somebody_new_once_for_all_their_rows(self, db):
        imported(
            HIRE,
            HIRE | {"kind": "left", "date": "2026"},
            HIRE | {"organization": "Other Lab", "counterpart": "Orchard Lab", "date": "2026"},
        )  # fmt: skip

        assert Person.objects.count() == 1
        assert Organization.objects.count() == 2
        assert Event.objects.count() == 3

    def test_addresses_stay_their_own(self, ada, orchard):
        EventFactory(
            slug="ada-vale-2-hire-orchard-lab-2025",
            person=ada,
            organization=orchard,
            happened_on=date(2025, 1, 1),
        )

        imported(HIRE, HIRE | {"date": "2025-12"})

        assert {event.slug for event in Event.objects.all()} == {
            "ada-vale-2-hire-orchard-lab-2025",
            "ada-vale-2-hire-orchard-lab-2025-2",
            "ada-vale-2-hire-orchard-lab-2025-3",
        }

    def test_address_made_for_one_is_not_given_to_another(self, orchard):
        imported(*[HIRE | {"person": name} for name in ("Li Na", "Li-Na", "Li Na 2")])

        assert {person.slug for person in Person.objects.all()} == {
            "li-na", "li-na-2", "li-na-2-2",
        }  # fmt: skip

    def test_leaves_skipped_and_refused_rows_out(self, ada, orchard):
        upload = uploaded(HIRE, HIRE | {"date": "soon"}, HIRE | {"date": "2020"})
        keep_choices(upload, {"row-2": "skip"})

        count = carry_out(upload, seen=plan_of(upload).digest, at=NOON, by=None)

        assert count == 1
        assert Event.objects.get().date.isoformat() == "2020"

    def test_second_confirmation_makes_nothing(self, db):
        upload = uploaded(HIRE)
        seen = plan_of(upload).digest
        carry_out(upload, seen=seen, at=NOON, by=None)

        with pytest.raises(Refused, match="imported already"):
            carry_out(upload, seen=seen, at=NOON, by=None)

        assert Event.objects.count() == 1

    def test_makes_only_what_the_curator_saw(self, orchard):
        upload = uploaded(HIRE)
        seen = plan_of(upload).digest
        PersonFactory(name="Ada Vale")

        with pytest.raises(Refused, match="Look again"):
            carry_out(upload, seen=seen, at=NOON, by=None)

        assert not Event.objects.exists()

    def test_waits_for_choices(self, ada, orchard):
        PersonFactory(name="Ada Vale")
        upload = uploaded(HIRE)

        with pytest.raises(Refused, match="wait for a choice"):
            carry_out(upload, seen=plan_of(upload).digest, at=NOON, by=None)

    def test_makes_all_or_nothing(self, orchard, monkeypatch):
        upload = uploaded(HIRE)
        seen = plan_of(upload).digest
        monkeypatch.setattr(
            "talent.registry.bulk.create_packages", lambda *_a, **_k: 1 / 0
        )

        with pytest.raises(ZeroDivisionError):
            carry_out(upload, seen=seen, at=NOON, by=None)

        assert not Person.objects.exists()
        assert Import.objects.get().state == "open"

    def test_takes_as_many_queries_for_thirty_rows_as_for_three(self, queries_of):
        def upload(count):
            rows = [
                HIRE
                | {
                    "person": f"New{number} Person{count}",
                    "organization": f"Lab {count} {number}",
                    "sources": f"https://n.example/{count}/{number}",
                    "amount": "5M",
                }
                for number in range(count)
            ]
            upload = uploaded(*rows)
            seen = plan_of(upload).digest
            return lambda: carry_out(upload, seen=seen, at=NOON, by=None)

        assert queries_of(upload(3)) == queries_of(upload(30))


class TestUndo:
    ROW = HIRE | {
        "counterpart": "Before Inc",
        "sources": "https://n.example/a",
        "amount": "5M",
    }

    def left(self):
        return [
            model.objects.count()
            for model in (Event, Person, Organization, Source, Package)
        ]

    def test_takes_everything_the_import_made(self, db):
        upload = imported(self.ROW)
        assert self.left() == [1, 1, 2, 1, 1]

        undo(upload, by=None)

        assert self.left() == [0, 0, 0, 0, 0]
        assert Import.objects.get().state == "undone"

    def test_leaves_what_was_there_before(self, ada, orchard):
        SourceFactory(url="https://n.example/a")
        upload = imported(self.ROW)

        undo(upload, by=None)

        assert self.left() == [0, 1, 1, 1, 0]

    def test_leaves_what_was_published_or_edited_since_and_says_so(self, db):
        rows = [self.ROW | {"person": f"Person{n} New"} for n in range(4)]
        upload = imported(*rows)
        published, edited, cited, plain = Event.objects.order_by("pk")
        curation.publish(published, at=NOON, by=None)
        edited.title = "Head"
        curation.revise(edited, at=NOON, by=None)
        curation.cite(cited, [SourceLine("https://n.example/new")], by=None)

        before = [stays.why for stays in undoing_of(upload).stays]
        undoing = undo(upload, by=None)

        assert before == [
            "It is published.", "Somebody edited it since.", "Somebody edited it since.",
        ]  # fmt: skip
        assert undoing.events == [plain.pk]
        assert set(Event.objects.all()) == {published, edited, cited}
        assert Person.objects.count() == 3
        why = {str(stays.row): stays.why for stays in undoing.stays}
        assert why["Before Inc"] == "It is used elsewhere."

    def test_leaves_a_figure_somebody_corrected(self, db):
        upload = imported(self.ROW)
        reading = Package.objects.get().readings.get()
        reading.low = 6_000_000
        with recorded_as(None):
            reading.save()

        assert undo(upload, by=None).events == []

    def test_leaves_a_new_person_who_was_given_another_name(self, db):
        upload = imported(self.ROW)
        person = Person.objects.get()
        person.other_names = ["A. Vale"]
        upkeep.rewrite(person, at=NOON, by=None)

        undoing = undo(upload, by=None)

        assert Person.objects.get() == person
        assert [str(stays.why) for stays in undoing.stays] == [
            "Somebody edited it since."
        ]

    def test_twice_is_refused(self, db):
        upload = imported(self.ROW)
        undo(upload, by=None)

        with pytest.raises(Refused, match="undone already"):
            undo(upload, by=None)

    def test_file_can_be_imported_again_afterwards(self, db):
        undo(imported(self.ROW), by=None)

        imported(self.ROW)

        assert self.left() == [1, 1, 2, 1, 1]

    def test_takes_as_many_queries_for_thirty_events_as_for_three(self, queries_of):
        def made(count):
            return imported(
                *[self.ROW | {"person": f"New{n} Person{count}"} for n in range(count)]
            )

        few, many = made(3), made(30)

        assert queries_of(lambda: undoing_of(few)) == queries_of(
            lambda: undoing_of(many)
        )


def test_choices_of_two_tabs_add_up(ada, orchard):
    upload = uploaded(HIRE, HIRE | {"date": "2020"})
    one, other = (Import.objects.get(pk=upload.pk) for _tab in range(2))

    keep_choices(one, {"row-2": "skip"})
    keep_choices(other, {"row-3": "skip"})

    assert plan_of(Import.objects.get()).counts == {"skip": 2}


class TestForgetUploads:
    LATER = NOON + timedelta(days=91)

    def test_lets_go_of_the_text_of_old_sheets_only(self, db):
        done = imported(HIRE)
        uploaded(HIRE)

        assert forget_uploads(at=NOON + timedelta(days=89)) == 0
        assert forget_uploads(at=self.LATER) == 2
        assert forget_uploads(at=self.LATER) == 0

        assert Import.objects.get().rows == []
        assert Import.objects.get() == done

    def test_leaves_the_import_to_be_undone(self, db):
        upload = imported(HIRE)

        forget_uploads(at=self.LATER)
        undo(upload, by=None)

        assert not Event.objects.exists()


def test_upload_changes_nothing_of_the_record(ada, orchard):
    before = Generation.current_version()

    plan_of(uploaded(HIRE))

    assert Generation.current_version() == before
    assert Import.objects.get().uploaded_at + timedelta(0) == NOON
