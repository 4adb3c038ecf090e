"""A letter as HTML mail and as its plain-text twin.

Mail programs know little CSS: rules are written into the elements, and those for dark mode stay in
the head for the programs that read it. Nothing is fetched from anywhere: no script, no web font,
no remote picture, nothing that tells us who opened the mail.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from talent.digests.letters import Item, Letter
from talent.digests.plain_text import wrapped

# Delivery puts each recipient's own addresses in their place.
MANAGE_URL, UNSUBSCRIBE_URL, VIEW_URL = (
    "{{MANAGE_URL}}",
    "{{UNSUBSCRIBE_URL}}",
    "{{VIEW_URL}}",
)
# Where the items stand once the rest is set. In HTML no text can hold it: "<" is escaped.
PLACE = "<!-- items -->"
# Gmail cuts what is longer than 102 KB: some room is left for the recipient's addresses.
LARGEST = 98_000

inliner = css_inline.CSSInliner(
    keep_at_rules=True,
    load_remote_stylesheets=False,
    # Written into the elements too, so the rules for dark mode need not fight them.
    keep_style_tags=False,
)


@dataclass(frozen=True, slots=True)
class SetItem:
    """An item with its HTML and its text: set once, however many mails have it."""

    item: Item
    html: str
    text: str


def set_item(item: Item) -> SetItem:
    """In the language that is active, as everything here."""
    context = {"item": item}
    html = render_to_string("digests/mail/item.html", context)
    text = render_to_string("digests/mail/item.txt", context)
    return SetItem(item, inliner.inline_fragment(html, style()), set_lines(text))


@cache
def style() -> str:
    return render_to_string("digests/mail/style.css")


def context_of(letter: Letter, cid: str = "") -> dict[str, object]:
    return {
        "letter": letter,
        "site_url": settings.SITE_URL,
        "postal_address": settings.DIGEST_POSTAL_ADDRESS,
        "cid": cid,
        "manage_url": MANAGE_URL,
        "unsubscribe_url": UNSUBSCRIBE_URL,
        "view_url": VIEW_URL,
    }


def as_html(letter: Letter, items: Sequence[SetItem], *, cid: str) -> str:
    html = inliner.inline(
        render_to_string("digests/mail/digest.html", context_of(letter, cid))
    )
    return html.replace(PLACE, "".join(each.html for each in items), 1)


def fits(html: str) -> bool:
    return len(html.encode()) <= LARGEST


def in_browser(
    html: str,
    pictures: Mapping[str, bytes],
    *,
    manage: str,
    unsubscribe: str,
    view: str,
) -> str:
    """The mail as a page: its pictures inside it, and these addresses for its own links."""
    for cid, png in pictures.items():
        html = html.replace(
            f"cid:{cid}", f"data:image/png;base64,{b64encode(png).decode()}"
        )
    for placeholder, url in (
        (MANAGE_URL, manage),
        (UNSUBSCRIBE_URL, unsubscribe),
        (VIEW_URL, view),
    ):
        html = html.replace(placeholder, url)
    return html


def as_text(letter: Letter, items: Sequence[SetItem]) -> str:
    """Everything that the HTML says, in lines that fit a terminal."""
    text = set_lines(render_to_string("digests/mail/digest.txt", context_of(letter)))
    # What stands before the items is ours, so the first is the place.
    return text.replace(PLACE, "".join(f"\n{each.text}\n" for each in items), 1)


def set_lines(text: str) -> str:
    lines = [set_line(line) for line in text.splitlines()]
    return "\n".join(lines).strip() + "\n"


def set_line(line: str) -> str:
    """Wrapped, keeping its indent. A line that is an address stays whole."""
    body = line.lstrip(" ")
    if not body or "://" in body or body.startswith(("{{", "-- ")):
        return line
    return wrapped(body.rstrip(), indent=" " * (len(line) - len(body)))
