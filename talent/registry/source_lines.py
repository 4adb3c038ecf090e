"""Sources as a curator pastes them: one web address per line, and what the page states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from django.utils.translation import gettext as _

LONGEST_ADDRESS, LONGEST_STATEMENT, MOST_LINES = 1000, 500, 100
# What newsletters and social networks add to an address; the page is the same without it.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_cid|mc_eid|spm", re.IGNORECASE)
UNFIT = re.compile(r"[\s<>\"\\^`{}\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class SourceLine:
    url: str
    states: str = ""


def normal_url(text: str) -> str:
    """The address two curators would agree on: no fragment, no tracking, host in lower case.

    Raises ValueError with a sentence for the person who typed it.
    """
    typed = text.strip()
    shown = typed if len(typed) <= 80 else f"{typed[:80]}…"
    if UNFIT.search(typed):
        raise ValueError(
            _("“%(text)s” holds a space or a sign that no web address has.")
            % {"text": shown}
        )
    try:
        parts = urlsplit(typed)
        host = parts.hostname or ""
        parts.port  # noqa: B018  # reading it raises ValueError where it is no number
    except ValueError:
        raise ValueError(
            _("“%(text)s” is not a web address.") % {"text": shown}
        ) from None
    if parts.scheme.lower() not in {"http", "https"} or "." not in host.strip("."):
        raise ValueError(
            _(
                "“%(text)s” is not a web address: it starts with http:// or https:// "
                "and a host name."
            )
            % {"text": shown}
        )
    url = SplitResult(
        parts.scheme.lower(),
        parts.netloc.rsplit("@", 1)[-1].lower(),  # a password is none of our business
        parts.path or "/",
        without_tracking(parts.query),
        "",
    ).geturl()
    if len(url) > LONGEST_ADDRESS:
        raise ValueError(
            _("“%(text)s” is longer than %(most)s characters.")
            % {"text": shown, "most": LONGEST_ADDRESS}
        )
    return url


def without_tracking(query: str) -> str:
    """The query as it was written, unless something has to be taken out of it."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not TRACKING.fullmatch(name)]
    return query if len(kept) == len(pairs) else urlencode(kept)


def parse(text: str) -> tuple[list[SourceLine], list[str]]:
    """What the lines say, and one sentence for each line that says nothing usable.

    A page pasted twice is one source; the first statement about it stands.
    """
    found: dict[str, str] = {}
    wrong: list[str] = []
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    if len(lines) > MOST_LINES:
        return [], [
            _("%(count)s lines are more than the %(most)s one event may be given.")
            % {"count": len(lines), "most": MOST_LINES}
        ]
    for number, line in lines:
        address, _bar, states = line.partition("|")
        try:
            url = normal_url(address)
            states = statement(states)
        except ValueError as error:
            wrong.append(
                _("Line %(number)s: %(error)s") % {"number": number, "error": error}
            )
        else:
            found[url] = found.get(url) or states
    return [SourceLine(url, states) for url, states in found.items()], wrong


def statement(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_STATEMENT:
        raise ValueError(
            _("What the page states has %(count)s characters; %(most)s fit.")
            % {"count": len(text), "most": LONGEST_STATEMENT}
        )
    return text
