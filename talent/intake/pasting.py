"""What a curator pastes: an address, whose page is fetched and read, or a text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from talent.accounts.models import User
from talent.common.http import INTERNET, Door, HttpError, Limits, ask
from talent.common.partial_dates import PartialDate
from talent.intake.articles import Story, known_at, take
from talent.intake.decoding import decoded
from talent.intake.known_names import known_names
from talent.intake.models import Article
from talent.intake.page_text import LONGEST_TEXT, LONGEST_TITLE, Page, read_page
from talent.intake.politeness import headers
from talent.registry.source_lines import normal_url

LIMITS = Limits(seconds=8, size=3_000_000)
ADDRESS = re.compile(r"https?://\S{1,1000}", re.IGNORECASE)
# A first line that is longer is no headline.
LONGEST_HEADLINE = 200
SENTENCE_ENDS = re.compile(r"(?<=[。！？!?])|(?<=\.)\s")


class Unreadable(Exception):
    """Says why nothing could be taken from what was pasted."""


def paste(
    text: str,
    *,
    published: PartialDate | None,
    by: User,
    at: datetime,
    door: Door = INTERNET,
) -> tuple[Article, bool]:
    """The article, and whether it is new. Raises Unreadable with a sentence.

    A curator who opens a page is no robot: robots.txt is for feeds, which nobody watches.
    """
    text = text.replace("\0", "").strip()
    story = split(text)
    if story.url and not story.title:
        known = known_at(story.url)
        if known is not None and known.proposals.exists():
            return known, False
        story = fetched(story.url, door)
    if published is not None:
        story = replace(story, published=published)
    return take(story, names=known_names(), at=at, by=by)


def split(text: str) -> Story:
    """A line that is an address is one; the first other line is the title."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    addresses = [line for line in lines if ADDRESS.fullmatch(line)]
    words = [line for line in lines if line not in addresses]
    if not lines:
        raise Unreadable(_("Nothing was pasted."))
    if len(addresses) > 1:
        raise Unreadable(_("One address at a time: each is an article of its own."))
    url = ""
    if addresses:
        try:
            url = normal_url(addresses[0])
        except ValueError as wrong:
            raise Unreadable(str(wrong)) from wrong
    if not words:
        return Story("", url=url)
    title, rest = words[0], words[1:]
    if len(title) > LONGEST_HEADLINE:
        # No headline on top: the first sentence stands for one and is read with the rest.
        title, rest = SENTENCE_ENDS.split(title, maxsplit=1)[0], words
    return Story(title[:LONGEST_TITLE], "\n".join(rest)[:LONGEST_TEXT], url)


def fetched(url: str, door: Door) -> Story:
    """The page at the address, read. Raises Unreadable."""
    try:
        answer = ask(url, headers=headers(), limits=LIMITS, door=door)
    except HttpError as error:
        raise Unreadable(
            _("The page could not be fetched: %(why)s Paste its text instead.")
            % {"why": error}
        ) from error
    if answer.status != 200:
        raise Unreadable(
            _("The server answered %(status)s. Paste the page's text instead.")
            % {"status": answer.status}
        )
    html, _fault = decoded(
        answer.body,
        content_type=answer.headers.get("content-type", ""),
        chinese=b'lang="zh' in answer.body[:2048],
    )
    page = read_page(html.replace("\0", ""), url=answer.url)
    if not page.title:
        raise Unreadable(
            _("The page has no title that can be read: paste its text instead.")
        )
    return Story(
        page.title,
        page.text,
        address_of(page, url),
        page.publisher,
        page.language,
        page.published,
    )


def address_of(page: Page, asked: str) -> str:
    """The one the page wants to be known by, if it names one of its own server."""
    try:
        canonical = normal_url(page.canonical)
    except ValueError:
        return asked
    same_host = canonical.split("/")[2] == asked.split("/")[2]
    return canonical if same_host and len(canonical.split("/", 3)[3]) > 1 else asked
