"""The pages of an import at the desk: upload, choose, confirm, undo."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from talent.intake.imports.columns import BY_NAME
from talent.intake.imports.planning import plan_of
from talent.intake.imports.reading import read
from talent.intake.models import Import
from talent.registry.models import Event, Person
from tests.factories import OrganizationFactory, PersonFactory
from tests.registry.curators import signed_in, told

pytestmark = pytest.mark.django_db

UPLOAD = reverse("admin:intake_import_add")
HEADER = "kind,person,organization,date\n"
SHEET = f"{HEADER}hire,Ada Vale,Orchard Lab,2025-07\nfired,X Y,Orchard Lab,soon\n"


@pytest.fixture
def editor():
    return signed_in("editor")


def page(upload, name="change"):
    return reverse(f"admin:intake_import_{name}", args=[upload.pk])


def send(client, text, name="sheet.csv"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, text.encode())})


def sent(client, text):
    send(client, text)
    return Import.objects.latest("pk")


def confirm(client, upload):
    return client.post(page(upload, "confirm"), {"plan": plan_of(upload).digest})


class TestUpload:
    def test_leads_to_the_preview_with_a_reason_for_each_row(self, editor):
        answer = send(editor, SHEET)

        upload = Import.objects.get()
        assert answer["Location"] == page(upload)
        assert upload.uploaded_by == editor.user
        shown = editor.get(page(upload)).content.decode()
        assert "<b>1</b> event will be drafted" in shown
        assert "“fired” is none of: hire, departure." in shown
        assert not Event.objects.exists()

    def test_refuses_what_cannot_be_read_beside_the_field(self, editor):
        answer = send(editor, HEADER)

        assert "nothing to import" in answer.content.decode()
        assert not Import.objects.exists()

    def test_says_that_a_file_was_uploaded_before(self, editor):
        send(editor, SHEET)

        answer = send(editor, SHEET)

        assert "uploaded before: sheet.csv, not imported yet" in told(answer)[0]

    def test_documents_every_column_and_offers_a_template(self, editor):
        shown = editor.get(UPLOAD).content.decode()
        template = editor.get(reverse("admin:intake_import_template"))

        assert all(f"<code>{name}</code>" in shown for name in BY_NAME)
        assert read(template.content).header == [*BY_NAME]

    def test_is_closed_to_strangers(self, client):
        assert client.get(UPLOAD).status_code == 302


class TestPreview:
    def test_keeps_choices_and_comes_back_to_them(self, editor):
        OrganizationFactory(name="Orchard Lab")
        one, _other = PersonFactory.create_batch(2, name="Ada Vale")
        upload = sent(editor, SHEET)
        key = plan_of(upload).rows[0].person.key

        editor.post(page(upload), {key: str(one.pk), "box": "row-2"})

        shown = editor.get(page(upload)).content.decode()
        assert f'<option value="{one.pk}" selected>' in shown
        assert "Draft 1 event" in shown

    def test_unticked_box_takes_the_choice_back(self, editor):
        upload = sent(editor, SHEET)

        editor.post(page(upload), {"box": "row-2", "row-2": "skip"})
        assert Import.objects.get().choices == {"row-2": "skip"}
        editor.post(page(upload), {"box": "row-2"})

        assert Import.objects.get().choices == {}

    def test_asks_for_columns_no_header_names(self, editor):
        upload = sent(editor, "wer,kind,organization,date\nAda Vale,hire,Lab,2025\n")
        assert "no header names them" in editor.get(page(upload)).content.decode()

        columns = ["person", "kind", "organization", "date"]
        editor.post(page(upload), {"columns": "1", "column": columns})

        assert "Draft 1 event" in editor.get(page(upload)).content.decode()

    def test_shows_rows_of_one_sort(self, editor):
        upload = sent(editor, SHEET)

        shown = editor.get(page(upload), {"show": "refuse"}).content.decode()

        assert 'id="row-3"' in shown
        assert 'id="row-2"' not in shown

    def test_escapes_what_a_sheet_says(self, editor):
        upload = sent(editor, f"{HEADER}hire,<script>x</script>,Lab,2025\n")

        assert "<script>x" not in editor.get(page(upload)).content.decode()

    def test_makes_as_many_queries_for_many_rows_as_for_few(self, editor, queries_of):
        rows = [f"hire,New{n} Person,Lab {n},2025\n" for n in range(30)]
        few, many = (sent(editor, HEADER + "".join(rows[:n])) for n in (3, 30))

        assert queries_of(lambda: editor.get(page(few))) == queries_of(
            lambda: editor.get(page(many))
        )


class TestConfirm:
    def test_drafts_once_whoever_presses_twice(self, editor):
        upload = sent(editor, SHEET)
        seen = {"plan": plan_of(upload).digest}

        first = editor.post(page(upload, "confirm"), seen)
        second = editor.post(page(upload, "confirm"), seen)

        assert Event.objects.count() == 1
        assert "1 events were drafted" in told(first)[-1]
        assert "imported already" in told(second)[-1]

    def test_of_an_old_look_makes_nothing(self, editor):
        upload = sent(editor, SHEET)
        seen = {"plan": plan_of(upload).digest}
        PersonFactory(name="Ada Vale")

        answer = editor.post(page(upload, "confirm"), seen)

        assert "Look again" in told(answer)[-1]
        assert not Event.objects.exists()

    def test_afterwards_the_events_are_listed_and_nothing_is_kept_any_more(
        self, editor
    ):
        upload = sent(editor, SHEET)
        confirm(editor, upload)

        shown = editor.get(page(upload)).content.decode()
        late = editor.post(page(upload), {"box": "row-2", "row-2": "skip"})

        assert "Ada Vale → Orchard Lab (2025-07)" in shown
        assert "imported already" in told(late)[-1]


class TestUndo:
    def test_says_what_goes_and_does_it(self, editor):
        upload = sent(editor, SHEET)
        confirm(editor, upload)

        assert "<b>1</b> draft will be deleted" in (
            editor.get(page(upload, "undo")).content.decode()
        )
        answer = editor.post(page(upload, "undo"))

        assert "1 drafts were deleted, 0 rows stay." in told(answer)
        assert not Person.objects.exists()
        assert "Undone" in editor.get(page(upload)).content.decode()

    def test_upload_that_made_nothing_can_be_thrown_away(self, editor):
        upload = sent(editor, SHEET)

        editor.post(page(upload, "discard"))

        assert not Import.objects.exists()

    def test_upload_that_made_something_cannot(self, editor):
        upload = sent(editor, SHEET)
        confirm(editor, upload)

        editor.post(page(upload, "discard"))

        assert Import.objects.exists()


def test_list_names_uploads_without_reading_their_rows(editor):
    upload = sent(editor, SHEET)
    confirm(editor, upload)

    shown = editor.get(reverse("admin:intake_import_changelist")).content.decode()

    assert "sheet.csv" in shown
