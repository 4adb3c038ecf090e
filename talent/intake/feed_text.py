"""The text of a feed: its entries, or in a sentence why it is none."""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser
from django.utils.translation import gettext as _
from feedparser.exceptions import CharacterEncodingOverride, NonXMLContentType

from talent.common.partial_dates import PartialDate
from talent.intake.decoding import decoded
from talent.intake.page_text import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    joined,
    plain,
    read_page,
)

# A feed tells its latest; who puts the archive in it is read from the top.
MOST_ENTRIES = 200
# A parser needs seconds for so many; a feed of 200 articles with all their markup has fewer.
MOST_TAGS = 150_000
HARMLESS = (CharacterEncodingOverride, NonXMLContentType)


class NoFeed(Exception):
    """Says what it is instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    title: str
    text: str
    published: PartialDate | None


@dataclass(frozen=True, slots=True)
class Reading:
    entries: list[Entry]
    # What is wrong with it, where it could be read all the same.
    fault: str = ""


def read_feed(body: bytes, *, content_type: str, url: str, language: str) -> Reading:
    """Raises NoFeed. Fetches nothing: the parser is given bytes only."""
    text, fault = decoded(
        body, content_type=content_type, chinese=language.startswith("zh")
    )
    start = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    if not start:
        raise NoFeed(_("The server sent an empty page."))
    if start.startswith(("<!doctype html", "<html")):
        raise NoFeed(web_page(text, url))
    if text.count("<") > MOST_TAGS:
        raise NoFeed(_("It has more tags than any feed: not read."))
    if "<!entity" in text.lower():
        raise NoFeed(
            _("It defines entities of its own, which can be made to explode: not read.")
        )
    if not start.startswith("<?xml"):
        # The parser would write one, and count its line.
        text = f'<?xml version="1.0"?>{text}'
    parsed = feedparser.parse(
        BytesIO(text.encode("utf-8", "replace")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    broken = parsed.get("bozo_exception")
    if not parsed.version and not parsed.entries:
        raise NoFeed(no_feed(broken))
    if broken is not None and not isinstance(broken, HARMLESS):
        fault = broken_xml(broken)
    entries = [entry(each, url) for each in parsed.entries[:MOST_ENTRIES]]
    return Reading([each for each in entries if each is not None], fault)


def web_page(text: str, url: str) -> str:
    sentence = _("This is a web page and no feed.")
    if feeds := read_page(text, url=url).feeds:
        sentence += " " + _("It names this feed: %(url)s") % {"url": feeds[0][:300]}
    return sentence


def no_feed(broken: Exception | None) -> str:
    if broken is None or isinstance(broken, HARMLESS):
        return _("This is neither RSS nor Atom.")
    return broken_xml(broken)


def broken_xml(broken: Exception) -> str:
    where = getattr(broken, "getLineNumber", lambda: None)()
    what = getattr(broken, "getMessage", lambda: str(broken))()
    if where is None:
        return _("Broken XML: %(what)s.") % {"what": str(what)[:200]}
    return _("Broken XML in line %(line)s: %(what)s.") % {
        "line": where,
        "what": str(what)[:200],
    }


def entry(parsed: Any, url: str) -> Entry | None:
    """None without title or address: there is nothing to read or to cite."""
    title = " ".join(plain(parsed.get("title", "")).split())[:LONGEST_TITLE]
    link = parsed.get("link", "")
    if not title or not link:
        return None
    content = parsed.get("content") or [{}]
    markup = max(parsed.get("summary", ""), content[0].get("value", ""), key=len)
    return Entry(joined(url, link), title, plain(markup)[:LONGEST_TEXT], day_of(parsed))


def day_of(parsed: Any) -> PartialDate | None:
    when = parsed.get("published_parsed") or parsed.get("updated_parsed")
    try:
        return PartialDate.parse(
            datetime.fromtimestamp(timegm(when), UTC).date().isoformat()
        )
    except (TypeError, ValueError, OverflowError, OSError):
        return None
