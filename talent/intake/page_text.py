"""The readable part of a web page: title, first paragraphs, and what it says of itself.

News pages name title, date and publisher for other machines (Open Graph, schema.org) and put
their text in paragraphs. That much needs no library; who wants more pastes the text.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from talent.common.partial_dates import PartialDate

LONGEST_PAGE, LONGEST_TEXT, LONGEST_TITLE = 1_500_000, 6_000, 500
PIECE = 16 * 1024
# Markup made to be slow is left unread from here on.
SECONDS = 2.0
# Shorter ones are bylines, captions and buttons.
SHORTEST_PARAGRAPH = 40
SHORTEST_CHINESE = 15
ASIDE = {
    "script", "style", "noscript", "template", "svg", "nav", "aside", "footer", "form",
    "button", "select", "textarea", "figcaption", "iframe",
}  # fmt: skip
BLOCKS = {"p", "h1", "title"}
DATES = ("article:published_time", "datepublished", "date", "pubdate", "publishdate")
IN_JSON = re.compile(r'"datePublished"\s*:\s*"([0-9]{4}-[0-9]{2}-[0-9]{2})')
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FEED_TYPES = ("application/rss+xml", "application/atom+xml")


@dataclass(slots=True)
class Page:
    title: str = ""
    text: str = ""
    publisher: str = ""
    language: str = ""
    published: PartialDate | None = None
    # The address it wants to be known by.
    canonical: str = ""
    # Of the feeds it offers.
    feeds: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.named: dict[str, str] = {}
        self.language = self.canonical = ""
        self.feeds: list[str] = []
        self.paragraphs: list[str] = []
        self.heads: dict[str, str] = {}
        self.inside: list[str] = []
        self.block = ""
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = given.get("property") or given.get("name") or given.get("itemprop")
            self.named.setdefault((name or "").lower(), given.get("content", ""))
        elif tag == "link":
            self.link(given)
        elif tag == "html":
            self.language = given.get("lang", "")
        elif tag == "time":
            self.named.setdefault("date", given.get("datetime", ""))
        elif tag == "br":
            self.words.append("\n")
        if tag in ASIDE:
            self.inside.append(tag)
        elif tag in BLOCKS and not self.inside:
            self.end()
            self.block = tag

    def link(self, given: dict[str, str]) -> None:
        relations = given.get("rel", "").lower().split()
        if "canonical" in relations:
            self.canonical = given.get("href", "")
        elif "alternate" in relations and given.get("type", "").lower() in FEED_TYPES:
            self.feeds.append(given.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass
        elif tag == self.block:
            self.end()

    def end(self) -> None:
        text = " ".join("".join(self.words).split())
        if self.block == "p":
            if is_paragraph(text):
                self.paragraphs.append(text)
        elif self.block and text:
            self.heads.setdefault(self.block, text)
        self.block, self.words = "", []

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] == "script":
            if found := IN_JSON.search(data[:20_000]):
                self.named.setdefault("datepublished", found[1])
        elif self.block and not self.inside:
            self.words.append(data)


def is_paragraph(text: str) -> bool:
    shortest = SHORTEST_PARAGRAPH if text.isascii() else SHORTEST_CHINESE
    return len(text) >= shortest


def read_page(html: str, *, url: str) -> Page:
    """What can be read of it within its time; empty where there is nothing."""
    reader = fed(html[:LONGEST_PAGE])
    named = reader.named
    title = named.get("og:title") or reader.heads.get("h1") or reader.heads.get("title")
    canonical = reader.canonical or named.get("og:url", "")
    return Page(
        title=" ".join((title or "").split())[:LONGEST_TITLE],
        text="\n".join(reader.paragraphs)[:LONGEST_TEXT],
        publisher=" ".join(named.get("og:site_name", "").split())[:200],
        language=reader.language.split("-")[0].lower()[:12],
        published=next(filter(None, (day_in(named.get(each, "")) for each in DATES)), None),
        canonical=joined(url, canonical) if canonical else "",
        feeds=[joined(url, feed) for feed in reader.feeds[:5]],
    )  # fmt: skip


def fed(html: str) -> Reader:
    """Piece by piece, and without `close`: both bound what broken markup can cost."""
    reader = Reader()
    until = time.monotonic() + SECONDS
    for start in range(0, len(html), PIECE):
        if time.monotonic() > until:
            break
        reader.feed(html[start : start + PIECE])
    reader.end()
    return reader


def joined(url: str, other: str) -> str:
    try:
        return urljoin(url, other.strip())
    except ValueError:
        return ""


def day_in(text: str) -> PartialDate | None:
    found = DAY.match(text.strip())
    try:
        return PartialDate.parse(found[0]) if found else None
    except ValueError:
        return None


class Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        self.words.append("\n" if tag in ("p", "br", "div", "li") else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def plain(markup: str) -> str:
    """The words of a piece of HTML, one paragraph a line."""
    if "<" not in markup and "&" not in markup:
        text = markup
    else:
        stripper = Stripper()
        stripper.feed(markup[: 10 * LONGEST_TEXT])
        # What looks like a tag that never ends is text after all.
        text = "".join(stripper.words) + stripper.rawdata
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
