"""A removal: asked for, approved by a second editor, gone from everywhere for good."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.urls import reverse

from talent.insights.refresh import refresh_all
from talent.intake.imports.keeping import keep_upload
from talent.intake.models import Tip
from talent.opendata.lists import LISTS
from talent.registry import approvals, merging
from talent.registry.models import (
    Approval,
    Dismissal,
    Event,
    Finding,
    Person,
    Source,
)
from talent.registry.models.approvals import Act
from tests.factories import (
    NOON,
    CitationFactory,
    EventFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
)
from tests.intake.test_tips import decide, send
from tests.registry.curators import address, edit, errors, signed_in

pytestmark = pytest.mark.django_db

NAMES = ("Zelda Removable", "塞尔达", "zelda-removable", "Z. R. Former")


@pytest.fixture
def ada():
    return signed_in("publisher", username="ada")


@pytest.fixture
def grace():
    return signed_in("publisher", username="grace")


@pytest.fixture
def zelda(ada):
    """Somebody with an event, pay, a source, another name merged in, and a log at the desk."""
    person = PersonFactory(
        name="Zelda Removable", name_zh="塞尔达", slug="zelda-removable"
    )
    former = PersonFactory(name="Z. R. Former", slug="z-r-former")
    event = EventFactory(
        published=True,
        person=person,
        slug="zelda-removable-hire-otherlab-2025",
        summary="Zelda Removable joined Otherlab.",
    )
    CitationFactory(
        event=event,
        states="Zelda Removable joined.",
        source__title="Zelda Removable leaves",
        source__url="https://news.example/zelda-removable",
    )
    package = PackageFactory(
        person=person,
        event=event,
        key="zelda-removable-pay",
        organization=event.organization,
    )
    ReadingFactory(package=package, note="Zelda Removable said so.", source=None)
    merging.merge_people(person, former, by=ada.user, at=NOON)
    LogEntry.objects.log_actions(
        ada.user.pk, [person], 2, change_message="Zelda Removable"
    )
    refresh_all(at=NOON)
    return person


def tables_naming(*names):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text ~* %s',
                ["|".join(names)],
            )
            if cursor.fetchone() != (0,):
                found.append(table)
    return found


def remove(row, ada, grace):
    act = Act.REMOVE_PERSON if isinstance(row, Person) else Act.REMOVE_EVENT
    why = "Zelda Removable asked."
    approval = approvals.ask(act, row, by=ada.user, at=NOON, reason=why)
    approvals.approve(approval, by=grace.user, at=NOON, note="塞尔达 herself.")
    refresh_all(at=NOON)


PUBLIC = [
    "/",
    "/events/",
    "/events/?text=Zelda",
    "/people/zelda-removable/",
    "/people/z-r-former/",
    "/events/zelda-removable-hire-otherlab-2025/",
    "/corrections/",
    "/pay/",
    "/pay/packages/",
    "/moves/",
    "/moves/list/",
    "/stints/",
    "/stays/",
    "/seats/",
    "/search/?q=Zelda+Removable",
    "/search/?q=塞尔达",
    "/search/?q=Former",
    "/sitemap.xml",
    "/status/",
    "/waves/",
]


def outlets(client, event):
    """Every page above, the organization's, each list of the data in each form, the feed."""
    pages = [*PUBLIC, event.organization.get_absolute_url(), "/data/events.atom"]
    for name in LISTS:
        pages += [f"/api/v1/{name}", f"/data/{name}.csv", f"/data/{name}.jsonl"]
    return pages


def text_of(response) -> str:
    content = (
        b"".join(response.streaming_content) if response.streaming else response.content
    )
    text = content.decode(errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


class TestARemovedPerson:
    def test_is_gone_from_every_outlet(self, client, zelda, ada, grace):
        event = Event.objects.get()
        before = [
            page for page in outlets(client, event) if "Zelda" in read(client, page)
        ]

        remove(zelda, ada, grace)

        assert len(before) > 8, before  # the walk would find a name
        for page in outlets(client, event):
            text = read(client, page)
            for name in NAMES:
                # A search and a missing page repeat what was asked for.
                asked = "search" in page or "text=" in page or name in page
                assert asked or name not in text, (page, name)

    @pytest.mark.parametrize(
        "page",
        [
            "/people/zelda-removable/",
            "/people/z-r-former/",
            "/events/zelda-removable-hire-otherlab-2025/",
        ],
    )
    def test_leaves_a_tombstone_that_names_nobody(
        self, client, zelda, ada, grace, page
    ):
        remove(zelda, ada, grace)

        response = client.get(page)

        assert response.status_code == 410
        html = response.content.decode()
        assert "An entry was removed" in html
        assert "noindex" in html
        assert "Zelda" not in html

    def test_is_in_no_table(self, zelda, ada, grace):
        remove(zelda, ada, grace)

        assert tables_naming(*NAMES, "Zelda") == []

    def test_forgets_findings_and_uploaded_rows_at_once(self, zelda, ada, grace):
        """Not in the next night, nor after ninety days."""
        for number, sentence in enumerate(
            ("塞尔达: no end.", "Somebody else: no end.")
        ):
            Finding.objects.create(
                kind="no-end",
                key=str(number),
                facts="x",
                sentence=sentence,
                found_at=NOON,
            )
        Dismissal.objects.create(
            kind="no-end",
            key="3",
            facts="x",
            reason="Zelda Removable said so.",
            dismissed_at=NOON,
        )
        upload = keep_upload(
            "zelda removable.csv",
            "name,organization\nzelda removable,Otherlab\n塞尔达,Lab\nAda,Lab".encode(),
            at=NOON,
            by=ada.user,
        )

        remove(zelda, ada, grace)

        upload.refresh_from_db()
        assert [cells for _number, cells in upload.rows] == [["Ada", "Lab"]]
        assert "zelda" not in upload.name
        assert [f.sentence for f in Finding.objects.all()] == ["Somebody else: no end."]
        assert tables_naming(*NAMES, "zelda") == []

    def test_keeps_its_address_for_good(self, zelda, ada, grace):
        remove(zelda, ada, grace)

        typed = edit(
            ada, Person, name="Zelda Removable", slug="zelda-removable",
            name_zh="", other_names="", known_for="", education="",
        )  # fmt: skip
        edit(
            ada, Person, name="Zelda Removable", slug="",
            name_zh="", other_names="", known_for="", education="",
        )  # fmt: skip

        assert any("removed for good" in error for error in errors(typed))
        assert Person.objects.get(name="Zelda Removable").slug == "zelda-removable-2"

    def test_shows_the_second_editor_who_else_speaks_of_them(self, zelda, ada, grace):
        other = EventFactory(published=True, disagreement="Removable says otherwise.")
        approval = approvals.ask(
            Act.REMOVE_PERSON, zelda, by=ada.user, at=NOON, reason="As asked."
        )

        html = grace.get(address(approval)).content.decode()

        assert address(other) in html

    def test_takes_sources_nothing_else_rests_on(self, zelda, ada, grace):
        shared = CitationFactory(event=Event.objects.get()).source
        CitationFactory(source=shared, event__published=True)

        remove(zelda, ada, grace)

        assert list(Source.objects.all()) == [shared]

    def test_keeps_history_append_only_for_everything_else(self, zelda, ada, grace):
        remove(zelda, ada, grace)

        with pytest.raises(Exception, match="Cannot update or delete"):
            Person.history.rel.related_model.objects.update(name="X")


class TestARemovedEvent:
    def test_leaves_the_person(self, client, zelda, ada, grace):
        other = EventFactory(published=True, person=zelda)

        remove(Event.objects.exclude(pk=other.pk).get(), ada, grace)

        html = client.get("/people/zelda-removable/").content.decode()
        assert "joined Otherlab" not in html
        gone = client.get("/events/zelda-removable-hire-otherlab-2025/")
        assert gone.status_code == 410


class TestARequest:
    def ask(self, client, zelda):
        return send(
            client, "remove", about="person:zelda-removable", role="self",
            text="I am Zelda Removable and in danger.",
        )  # fmt: skip

    def test_takes_two_and_tells_the_outcome(self, client, zelda, ada, grace):
        page = self.ask(client, zelda).url
        tip = Tip.objects.get()

        ada.post(decide(tip), {"decision": "remove", "reason": "As asked."})
        waiting = client.get(page).content.decode()
        approval = Approval.objects.get()
        still_there = Client().get("/people/zelda-removable/").status_code
        grace.post(f"/desk/registry/approval/{approval.pk}/decide/", {"approve": "1"})

        assert "Being looked at" in waiting
        assert still_there == 200
        assert "no longer in the record" in client.get(page).content.decode()
        assert client.get("/people/zelda-removable/").status_code == 410

    def test_is_forgotten_with_the_person(self, client, zelda, ada, grace):
        self.ask(client, zelda)
        tip = Tip.objects.get()
        ada.post(decide(tip), {"decision": "remove", "reason": "As asked."})

        approvals.approve(Approval.objects.get(), by=grace.user, at=NOON)

        tip.refresh_from_db()
        assert (tip.text, tip.details, tip.state) == ("", {}, "taken")

    def test_may_be_refused_with_a_reason(self, client, zelda, ada):
        page = self.ask(client, zelda).url

        ada.post(
            decide(Tip.objects.get()),
            {"decision": "refuse", "answer": "A public role."},
        )

        assert "A public role." in client.get(page).content.decode()
        assert client.get("/people/zelda-removable/").status_code == 200

    def test_is_asked_of_a_second_editor_by_a_publisher_only(self, client, zelda):
        self.ask(client, zelda)
        editor = signed_in("editor")

        response = editor.post(
            decide(Tip.objects.get()), {"decision": "remove", "reason": "Why not."}
        )

        assert response.status_code == 403
        assert not Approval.objects.exists()

    def test_of_anybody_begins_on_their_page_too(self, zelda, ada):
        html = ada.get(address(zelda)).content.decode()

        assert (
            reverse("admin:registry_approval_ask", args=["remove_person", zelda.pk])
            in html
        )


def read(client, page) -> str:
    return text_of(client.get(page, follow=False))
