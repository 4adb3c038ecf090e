"""Asking for a webhook, confirming it, managing it behind its link; and the desk."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from config.logs import DiscreetFormatter
from talent.accounts.roles import EDITOR
from talent.opendata.hooks import ledger, letterbox, limits, owning, signing
from talent.opendata.hooks.links import path_of
from talent.opendata.models import Hook, HookDelivery, HookMail
from talent.registry.models import Event
from tests.accounts.desk import account, enter
from tests.factories import NOON, EventFactory, OrganizationFactory

pytestmark = pytest.mark.django_db

FORM = "/data/webhooks/"
TYPED = {
    "filter": "kind=hire",
    "url": "https://hooks.example.org/moves?key=abc",
    "email": "Builder@example.org",
    "homepage": "",
}


@pytest.fixture(autouse=True)
def _nobody_is_woken(monkeypatch):
    from talent.opendata import tasks

    monkeypatch.setattr(tasks, "wake_for_webhooks", lambda _task: None)


def ask(client, **changes):
    return client.post(FORM, {**TYPED, **changes})


def link_mailed() -> str:
    mail.outbox.clear()
    letterbox.send_mails(at=timezone.now())
    (letter,) = mail.outbox
    return re.search(r"http://\S+?(/data/webhooks/manage/\w+/)", letter.body)[1]


def do(client, hook: Hook, action: str, **typed):
    return client.post(f"{path_of(hook)}{action}/", typed, follow=True)


class TestAsking:
    def test_mails_a_link_and_starts_nothing(self, client):
        response = ask(client)

        assert response.url == "/data/webhooks/asked/"
        assert not response.cookies
        hook = Hook.objects.get()
        assert (hook.state, hook.query, hook.url) == (
            Hook.State.ASKED,
            TYPED["filter"],
            TYPED["url"],
        )
        assert link_mailed() == path_of(hook)
        assert mail.outbox[0].to == ["Builder@example.org"]
        assert "hooks.example.org" not in mail.outbox[0].body
        assert not HookDelivery.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"filter": "company=nobody"}, "nobody"),
            ({"filter": "color=red"}, "color"),
            ({"filter": "https://elsewhere.example/news/?a=b"}, "is not the address"),
            ({"url": "http://hooks.example.org/"}, "https://"),
            ({"url": "https://10.0.0.1/"}, "public internet"),
            ({"email": "a@b.example, c@d.example"}, "more than one address"),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(self, client, wrong, said):
        response = ask(client, **wrong)

        page = response.content.decode()
        assert response.status_code == 200
        assert said in page
        assert all(
            value.replace("&", "&amp;") in page for value in {**TYPED, **wrong}.values()
        )
        assert not Hook.objects.exists()

    @pytest.mark.parametrize(
        "typed",
        [
            "/events/?kind=hire&sort=oldest&after=xyz",
            "http://testserver/events/?kind=hire",
            "http://testserver/zh-hans/events/?kind=hire",
            "http://testserver/api/v1/events?kind=hire&limit=5",
            "?kind=hire",
            "kind=hire",
        ],
    )
    def test_reads_the_filter_of_any_list_of_events(self, client, typed):
        ask(client, filter=typed)

        assert Hook.objects.get().query == "kind=hire"

    def test_takes_the_filter_of_the_page_it_is_linked_from(self, client):
        page = client.get(f"{FORM}?kind=hire&company=acme").content.decode()

        assert 'value="kind=hire&amp;company=acme"' in page

    def test_ignores_machines_without_saying_so(self, client):
        response = ask(client, homepage="https://spam.example")

        assert response.url == "/data/webhooks/asked/"
        assert not HookMail.objects.exists()

    def test_mails_an_address_once_a_day_whatever_its_spelling(self, client):
        answers = [
            ask(client, email=email).url
            for email in ("b.uilder@example.org", "builder+x@example.org")
        ]

        assert len(set(answers)) == 1
        assert HookMail.objects.filter(due=True).count() == 1
        assert Hook.objects.count() == 1

    def test_serves_a_network_so_often_in_an_hour(self, client, monkeypatch):
        monkeypatch.setattr(limits, "NETWORK_AN_HOUR", 1)
        ask(client)

        response = ask(client, email="another@example.org")

        assert response.status_code == 429
        assert response["Retry-After"] == "3600"
        assert TYPED["url"].replace("&", "&amp;") in response.content.decode()

    def test_takes_no_form_of_another_site(self, client):
        response = client.post(FORM, TYPED, headers={"sec-fetch-site": "cross-site"})

        assert response.status_code == 403


class TestLinks:
    def test_come_by_mail_to_an_address_that_has_any(self, client, new_hook):
        hook = new_hook(email="builder@example.org")

        client.post("/data/webhooks/links/", {"email": "nobody@example.org"})
        client.post("/data/webhooks/links/", {"email": "BUILDER@example.org"})

        assert link_mailed() == path_of(hook)


class TestConfirming:
    @pytest.fixture
    def hook(self, client) -> Hook:
        ask(client)
        return Hook.objects.get()

    def test_takes_a_press_of_the_button(self, client, hook):
        page = client.get(path_of(hook))
        client.head(path_of(hook))
        hook.refresh_from_db()
        assert hook.state == Hook.State.ASKED
        assert TYPED["url"].replace("&", "&amp;") in page.content.decode()
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]

        client.post(path_of(hook))

        hook.refresh_from_db()
        assert hook.state == Hook.State.UNVERIFIED
        assert hook.deliveries.get().kind == HookDelivery.Kind.PING

    def test_ends_after_two_days(self, client, hook):
        Hook.objects.update(created_at=timezone.now() - timedelta(hours=49))

        response = client.post(path_of(hook))

        assert response.status_code == 410
        assert not HookDelivery.objects.exists()

    def test_is_forgotten_after_a_week(self, hook):
        owning.forget(at=timezone.now() + timedelta(days=8))

        assert not Hook.objects.exists()
        assert not HookMail.objects.exists()

    def test_starts_telling_once_the_endpoint_has_answered(
        self, client, hook, receiver, tell
    ):
        Hook.objects.update(url=receiver.url)
        receiver.answers = [(503, b"", {})]
        client.post(path_of(hook))
        now = timezone.now()
        event = EventFactory(published=True, published_at=now + timedelta(minutes=1))

        tell(at=now)
        hook.refresh_from_db()
        assert hook.state == Hook.State.UNVERIFIED
        tell(at=now + timedelta(seconds=30))
        hook.refresh_from_db()
        assert hook.state == Hook.State.ACTIVE
        Event.objects.filter(pk=event.pk).update(title="Since then")
        tell(at=now + timedelta(minutes=1))

        assert receiver.kinds == ["webhook.ping"] * 2 + ["event.published"]


class TestManaging:
    def test_shows_state_secret_and_log(self, client, new_hook, receiver, tell):
        hook = new_hook(f"company={OrganizationFactory(slug='acme').slug}")
        event = EventFactory(published=True, organization__slug="initech")
        Event.objects.filter(pk=event.pk).update(
            organization=hook_company("acme"), title="x"
        )
        receiver.answer = (500, b"<script>alert(1)</script>", {"Set-Cookie": "a=b"})
        tell()
        delivery = hook.deliveries.get()

        page = client.get(path_of(hook)).content.decode()
        log = client.get(f"{path_of(hook)}log/{delivery.message_id}/").content.decode()

        (secret,) = signing.secrets_of(hook, at=NOON)
        assert signing.written(secret) in page
        assert event.person.name in page
        assert "event.changed" in page
        assert ">500<" in page
        assert "&lt;script&gt;alert(1)" in log
        assert "a=b" not in page + log

    def test_shows_nothing_to_others(self, client, new_hook):
        hook, other = new_hook(email="a@example.org"), new_hook(email="b@example.org")
        delivery = HookDelivery.objects.create(
            hook=other, kind="webhook.test", created_at=NOON, next_at=NOON
        )
        token = path_of(hook).split("/")[-2]

        page = client.get(path_of(hook)).content.decode()
        answers = [
            client.get(path_of(hook).replace(token, token[:-1] + "x")),
            client.get(f"{path_of(hook)}log/{delivery.message_id}/"),
            client.post(f"{path_of(hook)}nothing/"),
        ]

        (secret,) = signing.secrets_of(other, at=NOON)
        assert signing.written(secret) not in page
        assert path_of(other) not in page
        assert "b@example.org" not in page
        assert [each.status_code for each in answers] == [404] * 3

    def test_has_a_new_endpoint_answer_first(self, client, new_hook):
        hook = new_hook()

        do(client, hook, "keep", filter="kind=hire", url="https://new.example.org/")

        hook.refresh_from_db()
        assert (hook.url, hook.query) == ("https://new.example.org/", "kind=hire")
        assert hook.state == Hook.State.UNVERIFIED
        assert hook.deliveries.get().kind == HookDelivery.Kind.PING

    def test_does_not_take_the_answer_of_an_old_endpoint_for_the_new_one(
        self, new_hook, receiver
    ):
        hook = new_hook(state="unverified")
        owning.probe(hook, HookDelivery.Kind.PING, at=NOON)
        claim = ledger.claim(at=NOON)
        owning.change(hook, query="", url="https://victim.example.org/", at=NOON)

        ledger.settle(claim, ledger.Outcome(5, 204), at=NOON)

        hook.refresh_from_db()
        assert hook.state == Hook.State.UNVERIFIED

    def test_pauses_and_goes_on(self, client, new_hook):
        hook = new_hook()

        do(client, hook, "pause")
        assert Hook.objects.get().state == Hook.State.PAUSED
        do(client, hook, "resume")

        assert Hook.objects.get().state == Hook.State.ACTIVE

    def test_sends_a_test_of_the_list(self, client, new_hook, receiver, tell):
        event = EventFactory(published=True)
        hook = new_hook("kind=hire")
        receiver.answer = (500, b"", {})

        do(client, hook, "test")
        tell(at=timezone.now())

        hook.refresh_from_db()
        (message,) = receiver.received
        assert message.kind == "webhook.test"
        assert message.data["event"]["id"] == event.slug
        assert hook.failures == 0
        assert hook.deliveries.get().state == HookDelivery.State.GIVEN_UP

    def test_sends_so_many_tests_an_hour(self, client, new_hook, monkeypatch):
        monkeypatch.setattr(owning, "PROBES_AN_HOUR", 1)
        hook = new_hook()

        answers = [do(client, hook, "test").status_code for _each in range(2)]

        assert answers == [200, 429]

    def test_makes_a_new_secret(self, client, new_hook):
        hook = new_hook()
        before = signing.secrets_of(hook, at=NOON)

        page = do(client, hook, "rotate").content.decode()

        hook.refresh_from_db()
        both = signing.secrets_of(hook, at=timezone.now())
        assert both[1:] == before
        assert all(signing.written(secret) in page for secret in both)

    def test_adds_another_for_the_same_address(self, client, new_hook, monkeypatch):
        hook = new_hook()
        typed = {"filter": "kind=hire", "url": "https://two.example.org/"}

        page = do(client, hook, "add", **typed).content.decode()
        monkeypatch.setattr(limits, "MOST_HOOKS", 2)
        refused = do(client, hook, "add", **typed)

        assert "https://two.example.org/" in page
        assert path_of(hook) in page
        assert refused.status_code == 429
        assert Hook.objects.count() == 2

    def test_deletes_everything_when_sure(self, client, new_hook, receiver, tell):
        hook = new_hook()
        EventFactory(published=True)
        tell()
        owning.ask(
            **{"query": "", "url": hook.url, "language": "en", "network": "0" * 64},
            email=hook.email,
            at=NOON,
        )

        do(client, hook, "delete")
        assert Hook.objects.filter(pk=hook.pk).exists()
        do(client, hook, "delete", sure="yes")

        assert not Hook.objects.filter(pk=hook.pk).exists()
        assert not HookDelivery.objects.exists()
        assert client.get(path_of(hook)).status_code == 404


def hook_company(slug: str):
    from talent.registry.models import Organization

    return Organization.objects.get(slug=slug)


def test_the_secret_link_stands_in_no_log(new_hook):
    path = path_of(new_hook())
    line = logging.makeLogRecord({"msg": f'"GET {path}log/msg_1/ HTTP/1.1" 200'})
    line.reference = "-"

    written = DiscreetFormatter().format(line)

    assert path not in written
    assert "/data/webhooks/manage/[hidden]/log/msg_1/" in written


class TestReplaying:
    def test_sends_a_message_again_under_its_number(
        self, client, new_hook, receiver, tell
    ):
        hook = new_hook()
        EventFactory(published=True)
        tell()
        delivery = hook.deliveries.get()

        do(client, hook, "replay", message=delivery.message_id)
        tell(at=timezone.now())

        assert [each.id for each in receiver.received] == [delivery.message_id] * 2

    def test_sends_of_each_event_the_newest_of_some_time(
        self, client, new_hook, receiver, tell
    ):
        hook = new_hook()
        first, second = EventFactory.create_batch(2, published=True)
        tell()
        Event.objects.filter(pk=first.pk).update(title="Newer")
        tell(at=NOON + timedelta(hours=1))
        newest = set(hook.deliveries.order_by("-pk").values_list("pk", flat=True)[:2])
        receiver.received.clear()

        do(client, hook, "replay", since="2026-03-01T12:00", until="2026-03-01T12:30")

        waiting = hook.deliveries.pending()
        assert set(waiting.values_list("event", flat=True)) == {first.pk, second.pk}
        assert newest & set(waiting.values_list("pk", flat=True))

    @pytest.mark.parametrize(
        "since", ["", "yesterday", "2026-13-01T00:00", "2030-01-01"]
    )
    def test_says_what_is_wrong_with_a_time(self, client, new_hook, since):
        page = do(client, new_hook(), "replay", since=since).content.decode()

        assert 'id="id_since_error"' in page

    def test_refuses_more_than_it_can(self, client, new_hook, tell, monkeypatch):
        monkeypatch.setattr(owning, "MOST_REPLAYED", 1)
        hook = new_hook()
        EventFactory.create_batch(2, published=True)
        tell()

        page = do(client, hook, "replay", since="2026-03-01").content.decode()

        assert "more than 1 messages" in page
        assert not hook.deliveries.pending().exists()


class TestForgetting:
    def test_keeps_the_log_for_thirty_days(self, new_hook, tell):
        hook = new_hook()
        EventFactory(published=True)
        tell()

        owning.forget(at=NOON + timedelta(days=29))
        assert hook.deliveries.exists()
        owning.forget(at=NOON + timedelta(days=31))

        assert not hook.deliveries.exists()
        assert Hook.objects.exists()


class TestMails:
    def test_say_once_that_a_webhook_was_disabled(self, new_hook):
        hook = new_hook()
        ledger.disable(hook, Hook.Why.FAILED, at=NOON)
        hook.save()

        sent = [letterbox.send_mails(at=timezone.now()) for _each in range(2)]

        assert sent == [1, 0]
        assert path_of(hook) in mail.outbox[0].body


class TestGuide:
    def test_shows_the_samples_that_are_tested(self, client):
        page = client.get("/data/webhooks/guide/").content.decode()

        assert "def verify(secret, headers, body" in page
        assert "export async function verify" in page
        assert "9 times over two days" in page


class TestDesk:
    @pytest.fixture
    def owner(self, client):
        return enter(client, account(is_superuser=True))

    def test_lists_endpoints_without_secrets(self, client, owner, new_hook, tell):
        hook = new_hook(url="https://hooks.example.org/k3y")
        EventFactory(published=True)

        lists = [
            client.get(reverse(f"admin:opendata_{name}_changelist"))
            for name in ("hook", "hookdelivery")
        ]
        form = client.get(reverse("admin:opendata_hook_change", args=[hook.pk]))

        pages = "".join(each.content.decode() for each in [*lists, form])
        assert "hooks.example.org" in pages
        assert "k3y" not in pages
        assert "builder@" not in pages
        assert hook.nonce not in pages
        assert hook.secret_nonce not in pages

    def test_disables_one_for_good(self, client, owner, new_hook):
        hook = new_hook()
        data = {"action": "disable", "_selected_action": [hook.pk]}

        client.post(reverse("admin:opendata_hook_changelist"), data)
        do(client, hook, "verify")

        hook.refresh_from_db()
        assert (hook.state, hook.why_disabled) == ("disabled", "desk")

    def test_is_not_for_editors(self, client, new_hook):
        enter(client, account(EDITOR))

        assert client.get(reverse("admin:opendata_hook_changelist")).status_code == 403
