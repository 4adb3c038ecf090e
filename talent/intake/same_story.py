"""Whether two articles are one story: under several addresses, or sent again another day.

Careful in one direction: two stories taken for one lose a move, one story kept twice costs a
glance. So titles must agree word for word but for small words and the publisher's name
("Meta hires A" and "Meta hires B" differ in one), or the beginnings of the texts must be
nearly the same (shingles and their bottom sketch: Broder, "On the resemblance and containment
of documents", 1997).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import blake2b
from zlib import crc32

from django.db.models import Q

from talent.intake.models import Article
from talent.intake.reader.text import fold, is_han

# The same title a month later is another story.
WINDOW = timedelta(days=14)
UNIT = re.compile(r"[^\W_]+")
SMALL = {
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "its", "of", "on",
    "or", "s", "t", "the", "to", "with", "after", "amid", "over", "exclusive", "breaking",
    "update", "updated", "report", "reports", "source", "sources", "said", "says",
}  # fmt: skip
# "Title - The Gazette", "Title | Gazette", "标题_公报"
SUFFIX = re.compile(r"\s+[-–—|·]\s+[^-–—|·]{1,40}$|[_|｜][^_|｜]{1,20}$")
FEWEST_WORDS, FEWEST_HAN = 4, 8
SHINGLE, MOST_UNITS, FEWEST_SHINGLES, SKETCH = 5, 120, 20, 48
SAME_TEXT, OTHER_TEXT = 0.6, 0.1
MOST_LOOKED_AT = 50


def units(text: str) -> list[str]:
    """Words, and of Chinese every character."""
    found: list[str] = []
    for word in UNIT.findall(fold(text)):
        if any(map(is_han, word)):
            found.extend(word)
        else:
            found.append(word)
    return found


def title_key(title: str) -> str:
    """One key for one title; none for a title too short to tell stories apart."""
    bare = SUFFIX.sub("", title)
    words = [word for word in units(bare) if word not in SMALL]
    han = sum(1 for word in words if is_han(word[0]))
    if han < FEWEST_HAN and len(words) - han < FEWEST_WORDS:
        return ""
    return blake2b(" ".join(words).encode(), digest_size=16).hexdigest()


def sketch(text: str) -> list[int]:
    """Small hashes that stand for how a text begins; none for a short one."""
    words = units(text[: MOST_UNITS * 12])[:MOST_UNITS]
    shingles = {
        crc32(" ".join(words[at : at + SHINGLE]).encode())
        for at in range(len(words) - SHINGLE + 1)
    }
    return sorted(shingles)[:SKETCH] if len(shingles) >= FEWEST_SHINGLES else []


def likeness(one: list[int], other: list[int]) -> float:
    """From 0 to 1: how many of their shingles both texts have, estimated."""
    mine, theirs = set(one), set(other)
    smallest = sorted(mine | theirs)[: min(len(one), len(other))]
    if not smallest:
        return 0
    return sum(1 for h in smallest if h in mine and h in theirs) / len(smallest)


def same_story(title: str, text: str, *, day: date) -> Article | None:
    """The article that tells this story already, if it is not long ago. One query."""
    key, mine = title_key(title), sketch(text)
    alike = Q(pk=None)
    if key:
        alike |= Q(title_key=key)
    if mine:
        alike |= Q(sketch__overlap=mine)
    near = Article.objects.filter(
        alike, newest_on__range=(day - WINDOW, day + WINDOW)
    ).order_by("-pk")
    for article in near[:MOST_LOOKED_AT]:
        similar = likeness(mine, article.sketch)
        if similar >= SAME_TEXT:
            return article
        speaks_against = bool(mine and article.sketch) and similar < OTHER_TEXT
        if key and article.title_key == key and not speaks_against:
            return article
    return None
