"""Fetching feeds: politely, safely, and saying in words how it went."""

import gzip
import socket
from datetime import timedelta

import pytest
from django.core.management import call_command

from talent.common.http import Limits
from talent.intake import fetching
from talent.intake.fetching import fetch, fetch_due
from talent.intake.models import Article, Feed, Host
from talent.intake.tasks import fetch_feeds
from tests.common.test_http import reply
from tests.intake.newsstand import NOON, feed_at, item, rss

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def name_server(monkeypatch):
    """Says what it is told to: names in turn, addresses as they are. Nothing is sent."""
    answers = {}

    def resolve(host, port, **_options):
        told = answers.get(host, [host.strip("[]")])
        where = told.pop(0) if len(told) > 1 else told[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return answers


def fetched(server, door, body=b"", at=NOON, headers=(), status="200 OK", **columns):
    server.replies["/feed"] = body if callable(body) else reply(
        body, status=status, headers=headers
    )  # fmt: skip
    feed = feed_at(server.url("/feed"), **columns)
    assert fetch(feed, at=at, door=door)
    return feed


class TestFetch:
    def test_takes_in_new_articles_and_says_how_many(self, server, door):
        feed = fetched(server, door, rss(item(), item("Something else entirely", "/2")))

        assert (feed.outcome, feed.said) == ("news", "2 new articles.")
        assert (
            Article.objects.get(addresses__url=server.url("/1")).publisher == "Gazette"
        )
        assert feed.worked_at == NOON
        assert feed.next_at == NOON + HOUR

    def test_reads_the_headlines_at_once(self, server, door, names):
        fetched(server, door, rss(item("OpenAI hires Ada Quill from Google")))

        proposal = Article.objects.get().proposals.get(kind="hire")
        assert (proposal.person, proposal.organization) == ("Ada Quill", "OpenAI")
        assert proposal.date == "2026-03-01"

    def test_says_that_nothing_is_new(self, server, door):
        feed = fetched(server, door, rss(item()))
        fetch(feed, at=NOON + HOUR, door=door)

        assert (feed.outcome, feed.said) == (
            "nothing",
            "The 1 entry is known or too old.",
        )
        assert Article.objects.count() == 1

    def test_gives_the_validators_back_and_understands_unchanged(self, server, door):
        feed = fetched(
            server, door, rss(), headers=['ETag: "a1"', "Last-Modified: yesterday"]
        )
        server.replies["/feed"] = reply(status="304 Not Modified")

        fetch(feed, at=NOON + HOUR, door=door)

        assert 'If-None-Match: "a1"' in server.requests[-1]
        assert "If-Modified-Since: yesterday" in server.requests[-1]
        assert feed.outcome == "nothing"
        assert feed.said == "Unchanged since it was last read."

    def test_says_who_asks(self, server, door):
        fetched(server, door, rss())

        assert "User-Agent: TransferWindow/1.0 (+http" in server.requests[-1]

    def test_leaves_the_archive_alone(self, server, door):
        feed = fetched(server, door, rss(item(day="Thu, 01 May 2025")))

        assert feed.outcome == "nothing"
        assert not Article.objects.exists()

    def test_tells_where_a_feed_moved_to(self, server, door):
        server.replies["/new"] = reply(rss(item()))
        feed = fetched(server, door, status="301 Moved", headers=["Location: /new"])

        assert feed.said == f"1 new article. It moved to {server.url('/new')}"

    def test_reads_what_is_written_in_another_character_set(self, server, door):
        feed = fetched(
            server, door, rss(item("天穹公司挖来陈安然博士"), encoding="gb2312")
        )

        assert Article.objects.get().title == "天穹公司挖来陈安然博士"
        assert feed.outcome == "news"


class TestWhatGoesWrong:
    """Each leaves a reason of its own, and never looks like "nothing new"."""

    @pytest.mark.parametrize(
        ("body", "outcome", "said"),
        [
            (
                b"<!DOCTYPE html><html><head><link rel='alternate' "
                b"type='application/rss+xml' href='/real.xml'></head></html>",
                "unreadable",
                "This is a web page and no feed. It names this feed: http://127.0.0.1",
            ),
            (b"", "unreadable", "The server sent an empty page."),
            (b"{}", "unreadable", "Broken XML in line 1:"),
            (b"<rss>" + b"<a>" * 150_000, "unreadable", "It has more tags than any feed"),
            (b"<data><x/></data>", "unreadable", "This is neither RSS nor Atom."),
            (
                rss(item("&lol9;"), head='<!DOCTYPE x [<!ENTITY lol "lol">'
                '<!ENTITY lol9 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>'),
                "unreadable",
                "It defines entities of its own",
            ),
        ],
    )  # fmt: skip
    def test_is_said_of_what_is_no_feed(self, server, door, body, outcome, said):
        feed = fetched(server, door, body)

        assert feed.outcome == outcome
        assert feed.said.startswith(said)
        assert feed.failures == 1

    def test_is_said_of_broken_xml_that_can_be_read_in_part(self, server, door):
        feed = fetched(server, door, rss(item())[:-30] + b"<b>&nope;</channel>")

        assert feed.outcome == "faulty"
        assert feed.said.startswith("Broken XML in line 1:")
        assert feed.said.endswith("1 new article.")
        assert feed.failures == 0

    def test_is_said_of_a_wrong_character_set(self, server, door):
        body = rss(item("天穹公司挖来陈安然博士"), encoding="gb2312")
        feed = fetched(server, door, body.replace(b"gb2312", b"utf-8"), language="zh")

        assert feed.outcome == "faulty"
        assert feed.said.startswith("It says it is written in utf-8, but is not.")
        assert Article.objects.get().title == "天穹公司挖来陈安然博士"

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            ("403 Forbidden", "The server refuses us (403)."),
            ("404 Not Found", "There is nothing at this address (404)."),
            ("503 Busy", "The server answered 503."),
        ],
    )
    def test_is_said_of_a_refusal(self, server, door, status, said):
        feed = fetched(server, door, status=status)

        assert (feed.outcome, feed.said) == ("failed", said)

    def test_switches_off_what_is_gone_for_good(self, server, door):
        feed = fetched(server, door, status="410 Gone")

        assert not feed.is_on
        assert feed.said == "Gone for good (410): the feed was switched off."

    @pytest.mark.parametrize(
        ("location", "said"),
        [
            ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is not a public"),
            ("http://10.0.0.1/", "10.0.0.1 is not a public address."),
            ("file:///etc/passwd", "Only http:// and https:// addresses are fetched."),
            ("/feed", "More than 3 redirects."),
        ],
    )  # fmt: skip
    def test_is_said_of_a_redirect_we_do_not_follow(
        self, server, door, name_server, location, said
    ):
        feed = fetched(
            server, door, status="302 There", headers=[f"Location: {location}"]
        )

        assert feed.outcome == "failed"
        assert feed.said.startswith(said)

    @pytest.mark.parametrize("host", ["127.0.0.1", "192.168.0.1", "169.254.169.254"])
    def test_is_said_of_a_private_address(self, host, name_server):
        feed = feed_at(f"http://{host}/feed")

        fetch(feed, at=NOON)

        assert feed.said == f"{host} is not a public address."

    def test_is_said_of_a_name_that_changes_its_answer(self, server, door, name_server):
        """robots.txt came from outside; the feed would come from the inside."""
        name_server["rebinding.example"] = ["127.0.0.1", "169.254.169.254"]
        feed = feed_at(server.url("/feed", host="rebinding.example"))

        fetch(feed, at=NOON, door=door)

        assert feed.said == "rebinding.example is not a public address."
        assert len(server.requests) == 1

    def test_is_said_of_a_body_without_end(self, server, door):
        def endless(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
            for _ in range(800):
                connection.sendall(b"x" * 65536)

        feed = fetched(server, door, endless)

        assert (feed.outcome, feed.said) == ("failed", "More than 3,000,000 bytes.")

    def test_is_said_of_a_bomb(self, server, door):
        feed = fetched(
            server, door, gzip.compress(b"0" * 50_000_000),
            headers=["Content-Encoding: gzip"],
        )  # fmt: skip

        assert feed.said == "More than 3,000,000 bytes."

    def test_is_said_of_a_server_that_drips(self, server, door, monkeypatch):
        monkeypatch.setattr(fetching, "LIMITS", Limits(seconds=0.05))
        released = []

        def silent(connection):
            connection.settimeout(5)
            released.append(connection.recv(1))

        feed = fetched(server, door, silent)

        assert feed.said == "127.0.0.1 took more than 0.05 s."

    def test_is_our_own_and_keeps_no_other_feed_waiting(
        self, server, door, monkeypatch, caplog
    ):
        for path in ("/bad", "/good"):
            server.replies[path] = reply(rss(item()))
        bad, good = feed_at(server.url("/bad")), feed_at(server.url("/good"))
        with monkeypatch.context() as patch:
            patch.setattr(fetching, "read_feed", lambda *_a, **_k: 1 / 0)
            fetch(bad, at=NOON, door=door)

        fetch_due(at=NOON + timedelta(minutes=1), door=door)

        good.refresh_from_db()
        assert bad.said == "An error of our own stopped it; the log says which."
        assert "ZeroDivisionError" in caplog.text
        assert good.outcome == "news"


class TestWaiting:
    def test_grows_with_each_failure_in_a_row_and_ends_with_success(self, server, door):
        feed = fetched(server, door, status="500 Broken")
        waits = [feed.next_at - NOON]
        for hours in (10, 20):
            fetch(feed, at=NOON + hours * HOUR, door=door)
            waits.append(feed.next_at - NOON - hours * HOUR)

        server.replies["/feed"] = reply(rss())
        fetch(feed, at=NOON + 30 * HOUR, door=door)

        assert waits == [2 * HOUR, 4 * HOUR, 8 * HOUR]
        assert (feed.failures, feed.next_at) == (0, NOON + 31 * HOUR)

    def test_never_exceeds_a_week(self, server, door):
        feed = fetched(server, door, status="500 Broken", failures=40)

        assert feed.next_at == NOON + timedelta(days=7)

    def test_is_as_long_as_the_server_asks(self, server, door):
        feed = fetched(
            server, door, status="429 Slow down", headers=["Retry-After: 36000"]
        )

        assert feed.said == "The server finds that we ask too often (429)."
        assert feed.next_at == NOON + 10 * HOUR


class TestPoliteness:
    def test_asks_a_server_once_and_then_leaves_it_in_peace(self, server, door):
        server.replies["/feed"] = reply(rss())
        first, second = (feed_at(server.url(f"/feed?{n}")) for n in "12")

        now = fetch_due(at=NOON, door=door)
        soon = fetch_due(at=NOON + timedelta(seconds=5), door=door)
        later = fetch_due(at=NOON + timedelta(seconds=60), door=door)

        assert (now, soon, later) == (1, 0, 1)

    def test_lets_one_worker_have_a_feed(self, server, door):
        server.replies["/feed"] = reply(rss())
        feed = feed_at(server.url("/feed"))
        copy = Feed.objects.get(pk=feed.pk)
        fetch(feed, at=NOON, door=door)
        Host.objects.update(free_at=NOON)

        assert not fetch(copy, at=NOON, door=door)

    def test_stays_away_where_robots_txt_says_so(self, server, door):
        server.replies["/robots.txt"] = reply(
            b"User-agent: TransferWindow\nDisallow: /feed"
        )
        feed = fetched(server, door, rss(item()))

        assert feed.said == "The server's robots.txt asks us to stay away."
        assert not any(asked.startswith("GET /feed") for asked in server.requests)

    def test_stays_away_while_robots_txt_cannot_be_had(self, server, door):
        server.replies["/robots.txt"] = reply(status="503 Busy")
        feed = fetched(server, door, rss(item()))

        assert feed.said == "Its robots.txt cannot be had: status 503."

    def test_asks_for_robots_txt_once_a_day(self, server, door):
        feed = fetched(server, door, rss())
        for hours in (1, 2, 30):
            fetch(feed, at=NOON + hours * HOUR, door=door)

        asked = [each for each in server.requests if "/robots.txt" in each]
        assert len(asked) == 2

    def test_waits_as_long_as_robots_txt_asks(self, server, door):
        server.replies["/robots.txt"] = reply(b"User-agent: *\nCrawl-delay: 600")
        fetched(server, door, rss())

        free_at = Host.objects.get().free_at
        assert NOON + timedelta(minutes=10) <= free_at < NOON + timedelta(minutes=11)


class TestTask:
    def test_fetches_what_is_due(self):
        feed = feed_at("http://127.0.0.1/feed")

        fetch_feeds()

        feed.refresh_from_db()
        assert feed.outcome == "failed"


class TestCommand:
    def test_says_how_each_feed_went(self, capsys):
        feed_at("http://127.0.0.1/feed", name="Evening Post")
        feed_at("https://off.example/feed", is_on=False)

        call_command("fetch_feeds")

        assert capsys.readouterr().out == (
            "Evening Post: could not fetch. 127.0.0.1 is not a public address.\n"
        )
