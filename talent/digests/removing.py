"""Taking a removed person or event out of what mails have said and the archive still shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from talent.digests.letters import Item, Letter, Righted
from talent.digests.models import Content, Delivery, SentItem


def forget(*, events: Collection[int], names: Collection[str], **_more: Any) -> None:
    """Inside the transaction of the removal. Running it again changes nothing.

    Pages of the archive lose the items, mails lose their text: they cannot be opened in the
    browser any more, and what has not left yet is composed anew. No correction tells it.
    """
    told = SentItem.objects.filter(event__in=events)
    contents = list(Content.objects.filter(items__in=told).distinct())
    told.update(facts={}, shown=False)
    Delivery.objects.pending().filter(content__in=contents).update(content=None)
    for content in contents:
        letter = Letter.from_json(content.letter)
        letter = without(letter, events=set(events), names=names)
        content.letter = letter.as_json()
        content.subject, content.preheader = letter.subject, letter.preheader
        content.html = content.text = ""
    Content.objects.bulk_update(
        contents, ["letter", "subject", "preheader", "html", "text"]
    )


def without(letter: Letter, *, events: set[int], names: Collection[str]) -> Letter:
    """The letter with no word about the events, nor about anybody of these names."""
    items = [item for item in letter.items if events.isdisjoint(item.events)]
    corrections = [each for each in letter.corrections if each.event not in events]
    gone: list[Item | Righted] = [
        *(item for item in letter.items if item not in items),
        *(each for each in letter.corrections if each not in corrections),
    ]
    words = [
        *names,
        *(each.headline if isinstance(each, Item) else each.said for each in gone),
    ]

    def tells(text: str) -> bool:
        return any(word and word in text for word in words)

    # By their place too: long words are cut there, and would not be found.
    in_subject = [*letter.items, *letter.corrections][:1]
    in_preheader = [*letter.items[:4], *letter.corrections[:2]]
    lost = tells(letter.subject) or any(each in gone for each in in_subject)
    silent = tells(letter.preheader) or any(each in gone for each in in_preheader)
    return replace(
        letter,
        subject=letter.title if lost else letter.subject,
        preheader="" if silent else letter.preheader,
        items=items,
        corrections=corrections,
        follows="" if tells(letter.follows) else letter.follows,
    )
