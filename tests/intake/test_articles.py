"""Taking in articles: one story once, whatever its addresses; what a page or a paste says."""

import ipaddress
import time

import pytest

from talent.common.http import Door
from talent.common.partial_dates import PartialDate
from talent.intake import page_text, pasting
from talent.intake.articles import Story, address_key, take
from talent.intake.feed_text import read_feed
from talent.intake.models import Article
from talent.intake.page_text import plain, read_page
from talent.intake.pasting import Unreadable, paste
from tests.common.test_http import Server, reply
from tests.factories import UserFactory
from tests.intake.newsstand import NOON, item, rss

TEXT = (
    "Ada Quill, who led the robotics group of Vale Labs for three years, said on Sunday that "
    "she will join Harbour AI in April. Her group of twelve built the company's first walking "
    "machine, and four of its members will go with her, two people close to her said."
)
OTHER = (
    "The board of Vale Labs met on Friday to talk about money, and about nothing else: its "
    "largest lender wants to see a plan by the summer, and there is none so far that anybody "
    "in the room was ready to sign, as one who was there told us over a cup of tea."
)


def told(title, text="", url="", names=None, at=NOON, **story):
    return take(Story(title, text, url, **story), names=names, at=at)


@pytest.mark.django_db
class TestOneStory:
    @pytest.mark.parametrize(
        "url",
        [
            "https://a.example/story",
            "http://www.a.example/story/",
            "https://m.a.example/story/amp",
        ],
    )
    def test_is_known_by_its_address(self, names, url):
        first, _new = told(
            "Ada Quill joins Harbour AI", url="https://a.example/story", names=names
        )

        again, new = told("A title that changed completely", url=url, names=names)

        assert (again, new) == (first, False)
        assert first.addresses.count() == 1

    @pytest.mark.parametrize(
        "title",
        [
            "Ada Quill joins Harbour AI from Vale Labs",
            "Ada Quill Joins Harbour AI From Vale Labs - The Gazette",
            "Exclusive: Ada Quill joins Harbour AI from Vale Labs | Gazette",
        ],
    )
    def test_keeps_the_other_addresses(self, names, title):
        first, _new = told(
            "Ada Quill joins Harbour AI from Vale Labs",
            url="https://a.example/1",
            names=names,
        )

        again, new = told(title, url="https://b.example/2", names=names)

        assert (again, new) == (first, False)
        assert [a.url for a in first.addresses.order_by("pk")] == [
            "https://a.example/1",
            "https://b.example/2",
        ]

    def test_is_known_by_its_text_under_another_title(self, names):
        first, _new = told("Robotics chief leaves Vale Labs", TEXT, names=names)

        again, _new = told(
            "Harbour AI gets a walking machine",
            TEXT.replace("Sunday", "March 1"),
            names=names,
        )

        assert again == first

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Harbour AI hires Ada Quill away", "Harbour AI hires Bea Orr away"),
            (
                "天穹公司挖来原果园首席科学家陈安然",
                "天穹公司挖来原果园首席科学家陈安燃",
            ),
            ("Who moved", "Who moved"),
        ],
    )
    def test_is_not_another_one_with_a_title_nearly_the_same(self, names, one, other):
        told(one, names=names)

        assert told(other, names=names)[1]

    def test_is_not_another_one_with_the_same_title_over_it(self, names):
        told("This week in artificial intelligence news", TEXT, names=names)

        assert told("This week in artificial intelligence news", OTHER, names=names)[1]

    def test_is_another_one_a_month_later(self, names):
        title = "Vale Labs loses its head of robotics"
        told(title, names=names, published=PartialDate.parse("2026-01-02"))

        assert told(title, names=names, published=PartialDate.parse("2026-02-02"))[1]

    def test_of_two_places_on_one_server_is_two(self):
        assert address_key("https://a.example/?p=1") != address_key(
            "https://a.example/?p=2"
        )


class TestPage:
    def test_gives_title_text_and_what_it_says_of_itself(self):
        html = f"""<!doctype html><html lang="en-GB"><head><title>Story | Gazette</title>
        <meta property="og:title" content="Ada Quill joins Harbour AI">
        <meta property="og:site_name" content="Gazette">
        <meta property="article:published_time" content="2026-03-01T08:00:00Z">
        <link rel="canonical" href="/story"></head><body>
        <nav><p>Home, politics, sport, culture and everything else there is</p></nav>
        <h1>Other</h1><p>By somebody</p><p>{TEXT}</p>
        <aside><p>Subscribe to our letter, which comes every single morning</p></aside>
        <script>var p = "<p>Not a paragraph at all, however long it may be.</p>"</script>
        </body></html>"""

        page = read_page(html, url="https://a.example/story?utm=1")

        assert (page.title, page.text) == ("Ada Quill joins Harbour AI", TEXT)
        assert (page.publisher, page.language) == ("Gazette", "en")
        assert page.published == PartialDate.parse("2026-03-01")
        assert page.canonical == "https://a.example/story"

    def test_finds_the_date_in_data_for_machines(self):
        html = '<script type="application/ld+json">{"datePublished": "2026-02-28T1"}</script>'

        assert read_page(html, url="https://a.example/").published == PartialDate.parse(
            "2026-02-28"
        )

    @pytest.mark.parametrize(
        "html",
        [
            "<" * 1_000_000,
            "<!--" * 250_000,
            "<a b='" * 160_000,
            "<div>" * 200_000,
            "<p>" + "&" * 1_000_000,
            "<!doctype " * 100_000,
            "</" * 500_000,
        ],
        ids=lambda html: html[:9],
    )
    def test_takes_no_more_than_its_time(self, html, monkeypatch):
        monkeypatch.setattr(page_text, "SECONDS", 0.1)
        started = time.process_time()

        read_page(html, url="https://a.example/")

        assert time.process_time() - started < 0.5

    def test_leaves_the_words_of_markup(self):
        assert plain("<p>One &amp; <b>two</b></p><p>three") == "One & two\nthree"
        assert plain("a < b, they say") == "a < b, they say"


class TestFeedText:
    def test_takes_no_time_over_markup_made_to_be_slow(self):
        started = time.process_time()

        read_feed(
            rss(*[item(text="<div>" * 4_000) for _ in range(20)]),
            content_type="",
            url="https://a.example/feed",
            language="",
        )

        assert time.process_time() - started < 2


@pytest.fixture
def server():
    server = Server()
    yield server
    server.socket.close()


@pytest.mark.django_db
class TestPaste:
    @pytest.fixture(autouse=True)
    def curator(self):
        self.by = UserFactory()

    def paste(self, text, published=None, **door):
        return paste(text, published=published, by=self.by, at=NOON, **door)

    def test_takes_the_first_line_as_the_headline(self):
        article, new = self.paste(
            f"Ada Quill leaves\n\n{TEXT}\nhttps://a.example/1?utm_source=x"
        )

        assert new
        assert (article.title, article.text) == ("Ada Quill leaves", TEXT)
        assert article.url == "https://a.example/1"
        assert article.added_by == self.by

    def test_takes_the_first_sentence_of_a_text_without_a_headline(self):
        article, _new = self.paste(TEXT)

        assert article.title == TEXT.split(". ")[0] + "."
        assert article.text == TEXT

    def test_reads_again_what_it_knew_by_its_headline_only(self):
        first, _new = self.paste(
            "Ada Quill leaves Vale Labs for good\nhttps://a.example/1"
        )

        again, new = self.paste(
            f"Ada Quill leaves Vale Labs for good\n{TEXT}\nhttps://a.example/1"
        )

        assert (again, new) == (first, False)
        assert again.text == TEXT

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("  \n", "Nothing was pasted."),
            ("https://a.example/1\nhttps://a.example/2", "One address at a time"),
            ("https://localhost/1", "is not a web address"),
        ],
    )
    def test_says_what_it_cannot_take(self, text, why):
        with pytest.raises(Unreadable, match=why):
            self.paste(text)

    def test_fetches_the_page_of_an_address(self, server, monkeypatch):
        door = Door(
            permits=lambda a: a == ipaddress.ip_address("127.0.0.1"),
            ports=frozenset({server.port}),
        )
        server.replies["/1"] = reply(f"<h1>Ada leaves</h1><p>{TEXT}</p>".encode())

        article, _new = self.paste(server.url("/1"), door=door)

        assert (article.title, article.text) == ("Ada leaves", TEXT)

    def test_fetches_nothing_inside_our_network(self):
        with pytest.raises(Unreadable, match="127.0.0.1 is not a public address"):
            self.paste("http://127.0.0.1/1")

    def test_asks_for_no_page_it_has_read(self, monkeypatch):
        told = "OpenAI hires Ada Quill from Google\nhttps://a.example/1"
        first, _new = self.paste(told)
        monkeypatch.setattr(pasting, "fetched", None)

        assert self.paste("https://a.example/1") == (first, False)

    def test_keeps_what_was_decided_when_it_reads_again(self):
        told = "OpenAI hires Ada Quill from Google\nhttps://a.example/1"
        article, _new = self.paste(told)
        count = article.proposals.count()
        article.proposals.update(state="rejected", decided_at=NOON)

        self.paste(f"{told}\n{TEXT}")

        assert Article.objects.get().proposals.filter(state="rejected").count() == count
        assert not article.proposals.filter(
            state="new", person="Ada Quill", organization="OpenAI"
        )
