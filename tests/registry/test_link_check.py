"""Whether cited pages are still there: one answer, all that are due, two days of failing."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from talent.common.http import Door
from talent.registry.health import links
from talent.registry.health.links import archive_of, check_links, due, look
from talent.registry.health.refresh import refresh
from talent.registry.models import Finding, LinkCheck
from tests.factories import CitationFactory, EventFactory, SourceFactory

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Site:
    """A server on loopback: for a path the answer to every method, or to one."""

    def __init__(self):
        self.replies, self.asked = {}, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with suppress(OSError):
            while True:
                connection, _from = self.socket.accept()
                with connection, suppress(OSError):
                    method, path = connection.recv(65536).decode().split()[:2]
                    self.asked.append((method, path))
                    reply = self.replies.get(f"{method} {path}") or self.replies[path]
                    connection.sendall(reply)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def door(self):
        return Door(permits=lambda _address: True, ports=frozenset({self.port}))


@pytest.fixture
def site():
    site = Site()
    yield site
    site.socket.close()


def redirect(where):
    head = f"HTTP/1.1 301 Moved\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n"
    return head.encode()


class TestLook:
    def outcome(self, site, path="/story"):
        return look(site.url(path), door=site.door).outcome

    def test_asks_for_the_head_only_where_that_answers(self, site):
        site.replies["/story"] = OK

        assert self.outcome(site) == "there"
        assert site.asked == [("HEAD", "/story")]

    @pytest.mark.parametrize("head", [GONE, b"nonsense\r\n\r\n", b""])
    def test_asks_for_the_page_where_the_head_is_no_answer(self, site, head):
        site.replies = {"HEAD /story": head or b"\r\n", "GET /story": OK}

        assert self.outcome(site) == "there"

    @pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "500 Oops"])
    def test_fails_where_the_page_does(self, site, status):
        site.replies["/story"] = GONE.replace(b"404 Not Found", status.encode())

        assert self.outcome(site) == "failed"

    @pytest.mark.parametrize("status", ["403 No", "401 Who", "429 Slow", "451 Law"])
    def test_concludes_nothing_from_a_refusal(self, site, status):
        site.replies["/story"] = GONE.replace(b"404 Not Found", status.encode())

        assert self.outcome(site) == "unsure"

    def test_concludes_nothing_from_a_page_too_large_to_read(self, site):
        site.replies = {
            "HEAD /story": GONE,
            "GET /story": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (links.LIMITS.size + 1),
        }

        assert self.outcome(site) == "unsure"

    def test_says_where_a_page_has_moved(self, site):
        site.replies = {"/story": redirect(site.url("/new/story")), "/new/story": OK}

        verdict = look(site.url("/story"), door=site.door)

        assert verdict.outcome == "moved"
        assert verdict.moved_to == site.url("/new/story")

    def test_says_that_a_page_leads_to_the_front_page_now(self, site):
        site.replies = {"/story": redirect("/"), "/": OK}

        assert "front page" in look(site.url("/story"), door=site.door).answer

    def test_takes_a_slash_at_the_end_for_no_move(self, site):
        site.replies = {"/story": redirect("/story/"), "/story/": OK}

        assert self.outcome(site) == "there"

    def test_does_not_ask_inside_our_own_network(self, site):
        site.replies["/story"] = OK

        verdict = look(site.url("/story"))

        assert verdict.outcome == "failed"
        assert site.asked == []

    def test_follows_no_page_into_our_own_network(self, site):
        site.replies["/story"] = redirect(f"http://127.0.0.2:{site.port}/secret")
        door = Door(
            permits=lambda address: str(address) == "127.0.0.1",
            ports=frozenset({site.port}),
        )

        verdict = look(site.url("/story"), door=door)

        assert verdict.outcome == "failed"
        assert "not a public address" in verdict.answer


@pytest.mark.django_db
class TestDue:
    def test_are_cited_by_something_published(self):
        cited = CitationFactory(event__published=True).source
        CitationFactory()
        SourceFactory()

        assert list(due(at=MONDAY)) == [cited]

    @pytest.mark.parametrize(
        ("outcome", "ago", "expected"),
        [
            ("there", 6 * DAY, False),
            ("there", 7 * DAY, True),
            ("failed", DAY, True),
            ("failed", DAY / 2, False),
        ],
    )
    def test_week_after_an_answer_and_the_day_after_a_failure(
        self, outcome, ago, expected
    ):
        source = CitationFactory(event__published=True).source
        LinkCheck.objects.create(
            source=source, outcome=outcome, checked_at=MONDAY - ago, answer="?"
        )

        assert due(at=MONDAY).exists() == expected


@pytest.mark.django_db
class TestCheckLinks:
    @pytest.fixture
    def ask(self, site):
        """Run all that is due at a moment; returns how long it rested, and how often."""

        def ask(at):
            rests = []
            check_links(clock=lambda: at, door=site.door, rest=rests.append)
            return rests

        return ask

    def source(self, site, path="/story"):
        return CitationFactory(event__published=True, source__url=site.url(path)).source

    def test_page_is_dead_only_after_two_days(self, site, ask):
        source = self.source(site)
        site.replies["/story"] = GONE

        morning = MONDAY.replace(hour=0)
        ask(morning)
        ask(morning + links.AGAIN)
        assert len(site.asked) == 4
        assert not LinkCheck.objects.dead().exists()

        ask(morning + 2 * links.AGAIN)

        [check] = LinkCheck.objects.dead()
        assert (check.source, check.failed_days) == (source, 2)
        assert check.failing_since == MONDAY.date()

    def test_page_that_comes_back_is_forgiven(self, site, ask):
        self.source(site)
        site.replies["/story"] = GONE
        ask(MONDAY)

        site.replies["/story"] = OK
        ask(MONDAY + DAY)
        site.replies["/story"] = GONE
        ask(MONDAY + 9 * DAY)

        assert LinkCheck.objects.get().failed_days == 1

    def test_refusal_in_between_proves_nothing_either_way(self, site, ask):
        self.source(site)
        site.replies["/story"] = GONE
        ask(MONDAY)
        site.replies["/story"] = GONE.replace(b"404 Not Found", b"403 No")
        ask(MONDAY + DAY)
        assert LinkCheck.objects.get().failed_days == 1

        site.replies["/story"] = GONE
        ask(MONDAY + 9 * DAY)

        assert LinkCheck.objects.dead().exists()

    def test_asks_one_host_once_and_rests(self, site, ask):
        for path in ("/one", "/two", "/three"):
            self.source(site, path)
            site.replies[path] = OK

        rests = ask(MONDAY)

        assert sorted(site.asked) == [("HEAD", p) for p in ("/one", "/three", "/two")]
        assert len(rests) == 3
        assert all(0 < rest <= links.PAUSE for rest in rests)

    def test_stops_when_told_and_goes_on_later(self, site):
        for path in ("/one", "/two"):
            self.source(site, path)
            site.replies[path] = OK
        asked_to_stop = iter([False, True])

        check_links(
            clock=lambda: MONDAY,
            stop=lambda: next(asked_to_stop),
            door=site.door,
            rest=lambda _seconds: None,
        )

        assert LinkCheck.objects.count() == 1
        assert due(at=MONDAY).count() == 1

    def test_changes_no_number_of_the_record(self, site, ask):
        from talent.registry.models import Generation

        self.source(site)
        site.replies["/story"] = OK
        before = Generation.current_version()

        ask(MONDAY)

        assert LinkCheck.objects.get().outcome == "there"
        assert Generation.current_version() == before

    def test_dead_and_moved_pages_are_findings(self, site, ask):
        dead, moved = self.source(site, "/dead"), self.source(site, "/moved")
        site.replies = {
            "/dead": GONE,
            "/moved": redirect(site.url("/there")),
            "/there": OK,
        }
        ask(MONDAY)
        ask(MONDAY + DAY)

        refresh(at=MONDAY + DAY)

        kinds = dict(Finding.objects.exclude(source=None).values_list("source", "kind"))
        assert kinds == {dead.pk: "dead-link", moved.pk: "moved-link"}


@pytest.mark.django_db
def test_archive_address_is_of_the_day_of_the_story_or_of_its_entry():
    dated = SourceFactory.build(url="https://n.example/a", published_on=MONDAY.date())
    undated = EventFactory(published=True)
    source = CitationFactory(event=undated, source__url="https://n.example/b").source

    day = f"{source.created_at:%Y%m%d}"
    assert archive_of(dated) == (
        "https://web.archive.org/web/20260302/https://n.example/a"
    )
    assert archive_of(source) == f"https://web.archive.org/web/{day}/{source.url}"
