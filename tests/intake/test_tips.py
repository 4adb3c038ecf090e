"""What readers send, from the form to the desk and back to the page of its outcome."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from talent.digests.forms import SubscribeForm
from talent.intake import tip_limits, tips
from talent.intake.articles import Story, take
from talent.intake.known_names import known_names
from talent.intake.models import Tip, TipAttempt
from talent.intake.tip_forms import TipForm
from talent.opendata.hooks.forms import AskForm
from talent.registry import approvals
from talent.registry.models import Citation, Event
from talent.registry.models.approvals import Act
from tests.factories import NOON, EventFactory, OrganizationFactory, PersonFactory
from tests.registry.curators import signed_in, told

pytestmark = pytest.mark.django_db

SUGGESTED = {
    "person": "Nova Example",
    "kind": "hire",
    "organization": "Otherlab",
    "other": "",
    "date": "2026-03",
    "url": "https://Gazette.example/story?utm_source=x#top",
    "text": "",
    "contact": "reader@readers.example",
}


def stamp(seconds: float = 60) -> str:
    return tips.new_stamp(at=timezone.now() - timedelta(seconds=seconds))


def stamp_in(html: str) -> str:
    return unescape(re.search(r'name="stamp" value="([^"]+)"', html)[1])


def send(client, form="suggest", /, *, seconds=60, **typed):
    given = {
        "stamp": stamp(seconds),
        **(SUGGESTED if form == "suggest" else {}),
        **typed,
    }
    return client.post(reverse(f"intake:{form}"), given)


@pytest.fixture
def tip(client):
    send(client)
    return Tip.objects.get()


class TestTheForms:
    @pytest.mark.parametrize("name", ["suggest", "correct", "reply", "remove"])
    def test_are_shown_without_a_cookie(self, client, name):
        response = client.get(reverse(f"intake:{name}"))

        assert response.status_code == 200
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]

    def test_say_what_they_are_about(self, client):
        event = EventFactory(published=True)

        html = client.get(
            reverse("intake:correct"), {"about": f"event:{event.slug}"}
        ).content.decode()

        assert f'href="{event.get_absolute_url()}"' in html

    def test_say_it_in_chinese_as_a_sentence(self, client):
        event = EventFactory(
            person=PersonFactory(name="Ada Invented", name_zh="艾达"), published=True
        )
        with override("zh-hans"):
            form = reverse("intake:correct")

        html = client.get(form, {"about": f"event:{event.slug}"}).content.decode()

        assert re.search(r'关于<a href="[^"]+">艾达加入', html)

    def test_do_not_tell_of_a_draft(self, client):
        event = EventFactory()

        response = client.get(
            reverse("intake:correct"), {"about": f"event:{event.slug}"}
        )

        assert event.person.name not in response.content.decode()

    def test_are_linked_from_every_sort_of_page(self, client):
        event = EventFactory(published=True)

        for row in (event, event.person, event.organization):
            html = client.get(row.get_absolute_url()).content.decode()
            about = f"{row._meta.model_name}:{row.slug}"
            assert f"{reverse('intake:correct')}?about={about}" in html
            assert reverse("intake:suggest") in html

    def test_name_their_trap_as_every_other_form_does(self):
        traps = {
            str(form.base_fields["homepage"].label)
            for form in (TipForm, SubscribeForm, AskForm)
        }

        assert traps == {"Leave this empty"}


class TestSending:
    def test_keeps_the_tip_and_leads_to_its_secret_page(self, client):
        response = send(client)

        tip = Tip.objects.get()
        assert response.status_code == 302
        assert not response.cookies
        assert tip.url == "https://gazette.example/story"
        assert tip.details["person"] == "Nova Example"
        page = client.get(response.url)
        assert "Received" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page["X-Robots-Tag"]

    def test_keeps_no_token(self, client):
        token = send(client).url.rstrip("/").rpartition("/")[2]

        kept = str(Tip.objects.values().get())

        assert token.partition(".")[0] not in kept

    def test_takes_the_same_form_once(self, client):
        given = {"stamp": stamp(), **SUGGESTED}

        first, second = (client.post(reverse("intake:suggest"), given) for _ in "ab")

        assert Tip.objects.count() == 1
        assert client.get(second.url).status_code == 200
        assert first.status_code == second.status_code

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"url": ""}, "Give the address of a page"),
            ({"url": "not an address"}, "no web address has"),
            ({"url": "javascript:alert(1)"}, "is not a web address"),
            ({"text": "http://a.example http://b.example"}, "One link fits"),
            ({"text": "x" * 2001}, "at most 2000"),
            ({"contact": "nobody"}, "valid email"),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(self, client, typed, said):
        response = send(client, **typed)

        html = response.content.decode()
        assert said in html
        assert "Nova Example" in html
        assert not Tip.objects.exists()

    @pytest.mark.parametrize("seconds", [1, 60])
    def test_tells_a_machine_the_same_and_keeps_nothing(self, client, seconds):
        good = send(client)
        spam = send(client, homepage="http://x.example", seconds=seconds)

        assert Tip.objects.count() == 1
        assert spam.status_code == good.status_code == 302
        shown = [client.get(answer.url) for answer in (good, spam)]
        assert [page.status_code for page in shown] == [200, 200]
        assert all("Received" in page.content.decode() for page in shown)

    @pytest.mark.parametrize("forged", ["", "abc", "a:b:c"])
    def test_refuses_a_forged_or_old_form_with_what_was_typed(self, client, forged):
        for given in (forged, stamp(2 * 24 * 3600)):
            response = client.post(
                reverse("intake:suggest"), {"stamp": given, **SUGGESTED}
            )
            html = response.content.decode()
            assert "send it once more" in html
            assert "Nova Example" in html
            assert not Tip.objects.exists()

            at_once = client.post(
                reverse("intake:suggest"), {"stamp": stamp_in(html), **SUGGESTED}
            )

            assert at_once.status_code == 302
            assert Tip.objects.count() == 1
            Tip.objects.all().delete()

    def test_refuses_what_comes_too_quickly_aloud_and_takes_it_a_moment_later(
        self, client
    ):
        quick = send(client, seconds=1)

        html = quick.content.decode()
        assert "That was too quick for us" in html
        assert 'value="Nova Example"' in html
        assert not Tip.objects.exists()
        later = timezone.now() + tips.SOONEST
        assert tips.read_stamp(stamp_in(html), at=later)[1] >= tips.SOONEST

    def test_refuses_a_form_on_another_site(self, client):
        response = client.post(
            reverse("intake:suggest"),
            {"stamp": stamp(), **SUGGESTED},
            headers={"Sec-Fetch-Site": "cross-site"},
        )

        assert response.status_code == 403
        assert not Tip.objects.exists()

    def test_ends_for_a_network_that_sends_too_much(self, client):
        for _each in range(tip_limits.AN_HOUR):
            send(client)
        refused = send(client)
        elsewhere = client.post(
            reverse("intake:suggest"),
            {"stamp": stamp(), **SUGGESTED},
            REMOTE_ADDR="203.0.113.9",
        )

        assert "Send it again in some hours" in refused.content.decode()
        assert elsewhere.status_code == 302
        assert Tip.objects.count() == tip_limits.AN_HOUR + 1
        assert "127.0.0" not in str(TipAttempt.objects.values_list("network"))

    def test_needs_to_know_what_a_correction_is_about(self, client):
        event = EventFactory(published=True)
        typed = {
            "wrong": "date", "instead": "August 2025", "url": "https://a.example/",
        }  # fmt: skip

        asked = client.get(reverse("intake:correct")).content.decode()
        refused = send(client, "correct", **typed)
        send(
            client,
            "correct",
            **typed,
            page=f"https://x.example{event.get_absolute_url()}",
        )

        assert re.search(r'for="id_page">[^<]*</label>', asked)
        assert "Say which page" in refused.content.decode()
        assert Tip.objects.get().event == event

    def test_knows_the_chinese_address_of_a_page(self, client):
        event = EventFactory(published=True)

        send(
            client, "remove", role="self", text="It is private.",
            page=f"https://x.example/zh-hans{event.get_absolute_url()}",
        )  # fmt: skip

        assert Tip.objects.get().event == event


class TestTheOutcome:
    def test_is_nothing_under_a_wrong_link(self, client, tip):
        response = client.get(reverse("intake:outcome", args=["a" * 40]))

        assert response.status_code == 404
        main = response.content.decode().partition("<main")[2]
        assert "a" * 40 not in main

    def test_tells_the_reason_of_a_refusal(self, client):
        page = send(client).url
        ada = signed_in("editor")
        tip = Tip.objects.get()

        empty = ada.post(decide(tip), {"decision": "refuse", "answer": " "})
        ada.post(
            decide(tip),
            {"decision": "refuse", "answer": "The page says no such thing."},
        )

        assert "say why" in told(empty)[0]
        assert "The page says no such thing." in client.get(page).content.decode()

    def test_leads_to_the_event_once_it_is_published(self, client):
        page = send(client).url
        tip = Tip.objects.get()
        signed_in("editor").post(decide(tip), {"decision": "draft"})

        before = client.get(page).content.decode()
        Event.objects.update(status="published", published_at=timezone.now())
        after = client.get(page).content.decode()

        assert "It is a draft" in before
        assert Event.objects.get().get_absolute_url() not in before
        assert Event.objects.get().get_absolute_url() in after

    def test_forgets_after_two_days_who_sent_how_many(self, db):
        now = timezone.now()
        TipAttempt.objects.create(network="0" * 64, at=now)

        tips.forget(at=now + timedelta(days=1))
        kept = TipAttempt.objects.count()
        tips.forget(at=now + timedelta(days=2, seconds=1))

        assert (kept, TipAttempt.objects.count()) == (1, 0)

    def test_forgets_the_contact_thirty_days_later(self, tip):
        now = timezone.now()
        tips.refuse(tip, by=signed_in("editor").user, at=now, answer="No.")

        tips.forget(at=now + timedelta(days=29))
        kept = Tip.objects.get().contact
        tips.forget(at=now + timedelta(days=31))

        assert kept == "reader@readers.example"
        assert Tip.objects.get().contact == ""


def decide(tip: Tip) -> str:
    return reverse("admin:intake_tip_decide", args=[tip.pk])


class TestTheDesk:
    def test_shows_a_tip_and_says_that_it_is_looked_at(self, tip):
        html = (
            signed_in("editor")
            .get(reverse("admin:intake_tip_change", args=[tip.pk]))
            .content.decode()
        )

        assert "Nova Example" in html
        assert Tip.objects.get().state == "looking"

    def test_has_new_tips_on_the_front_page(self, tip):
        assert "suggested event" in signed_in("editor").get("/desk/").content.decode()

    def test_counts_what_waits_for_whom(self, client, tip):
        event = EventFactory(published=True)
        about = {"about": f"event:{event.slug}", "url": "https://a.example/x"}
        send(client, "correct", **about, wrong="date", instead="May 2025")
        send(
            client, "reply", **about, text="No.", name="Ada", role="self",
            proof="My page.", contact="ada@ada.example",
        )  # fmt: skip
        send(client, "remove", **about, role="self", text="It is private.")
        take(Story("Otherlab hires Ada Quill"), names=known_names(), at=NOON)
        asks, looks = (
            signed_in("publisher", username=name) for name in ("ada", "grace")
        )
        approvals.ask(Act.DENY_EVENT, event, by=asks.user, at=NOON, reason="No.")

        def waiting(curator):
            html = curator.get("/desk/").content.decode()
            [module] = re.findall(r'id="waiting-module".*?</div>', html, re.DOTALL)
            lines = re.findall(r'<a href="([^"]+)">([^<]+)</a>', module)
            assert all(
                curator.get(unescape(url)).status_code == 200 for url, _ in lines
            )
            return [words for _url, words in lines]

        assert waiting(looks) == [
            "1 proposal",
            "1 event a reader suggests",
            "1 correction a reader suggests",
            "1 reply of somebody named here",
            "1 request for removal",
            "1 decision of another editor for you to look at",
        ]
        assert len(waiting(asks)) == len(waiting(signed_in("editor"))) == 5

    def test_front_page_asks_as_much_for_many_as_for_one(self, client, tip, queries_of):
        ada, event = signed_in("publisher"), EventFactory(published=True)
        grace = signed_in("publisher", username="grace")
        about = {"about": f"event:{event.slug}", "url": "https://a.example/x"}

        def more(number):
            send(client, "correct", **about, wrong="date", instead=f"May 202{number}")
            story = Story(f"Otherlab hires Ada Quil{number}")
            take(story, names=known_names(), at=NOON)
            row = EventFactory()
            approvals.ask(Act.DENY_EVENT, row, by=grace.user, at=NOON, reason="No.")

        more(1)
        with_few = queries_of(lambda: ada.get("/desk/"))
        for number in (2, 3, 4):
            more(number)

        assert queries_of(lambda: ada.get("/desk/")) == with_few

    def test_drafts_the_event_with_its_source_in_one_go(self, tip):
        known = OrganizationFactory(name="Otherlab")

        signed_in("editor").post(decide(tip), {"decision": "draft"})

        event = Event.objects.get()
        assert (event.status, event.organization) == ("draft", known)
        assert str(event.date) == "March 2026"
        assert event.person.name == "Nova Example"
        assert Citation.objects.get().source.url == tip.url
        assert Tip.objects.get().became == event

    def test_does_not_guess_between_two_of_a_name(self, tip):
        PersonFactory.create_batch(2, name="Nova Example")

        signed_in("editor").post(decide(tip), {"decision": "draft"})

        assert Event.objects.get().person.slug == "nova-example"

    def test_has_one_winner(self, tip):
        ada, grace = signed_in("editor"), signed_in("publisher")

        ada.post(decide(tip), {"decision": "refuse", "answer": "No."})
        late = grace.post(decide(tip), {"decision": "draft"})

        assert told(late) == ["Nothing was changed: somebody decided it before."]
        assert not Event.objects.exists()

    def test_opens_the_form_with_the_tip_typed_in(self, tip):
        ada = signed_in("editor")
        page = ada.get(reverse("admin:intake_tip_change", args=[tip.pk]))

        form = ada.get(page.context_data["prefilled"]).content.decode()

        assert "https://gazette.example/story" in form
        assert "2026-03" in form

    def test_shows_a_correction_beside_what_the_record_says(self, client):
        event = EventFactory(
            published=True, happened_on="2025-07-01", precision="month"
        )
        send(
            client, "correct", about=f"event:{event.slug}", wrong="date",
            instead="August 2025", url="https://a.example/x",
        )  # fmt: skip
        tip = Tip.objects.get()
        publisher = signed_in("publisher")

        html = publisher.get(
            reverse("admin:intake_tip_change", args=[tip.pk])
        ).content.decode()
        publisher.post(decide(tip), {"decision": "take", "cite": "on"})

        assert "July 2025" in html
        assert "August 2025" in html
        assert Citation.objects.get(event=event).source.url == "https://a.example/x"
        assert Tip.objects.get().became == event

    def test_is_closed_to_strangers(self, client, tip):
        assert client.post(decide(tip), {"decision": "draft"}).status_code == 302
        assert not Event.objects.exists()

    def test_is_the_only_place_a_tip_shows(self, client, tip):
        for page in ("/", "/events/", "/corrections/", "/search/?q=Nova+Example"):
            html = client.get(page).content.decode()
            assert "gazette.example/story" not in html
