"""What Chinese headline words mean to the reader: the sections of words/chinese.txt."""

from __future__ import annotations

from talent.intake.reader.names import sections

# Tags of words: verbs, small words, whether it happened.
JOIN, HIRE, LEAVE, LOSE, FOUND, POST, FIRED = (
    "join", "hire", "leave", "lose", "found", "post", "fired",
)  # fmt: skip
FROM, PASSIVE, EX, LIST, OF, COUNT, AFTER, ROLE, WORD, FAMOUS = (
    "from", "passive", "ex", "list", "of", "count", "after", "role", "word", "famous",
)  # fmt: skip
BOUND = "bound"
NOT, PERHAPS, HEARD, DENIED, LEGAL = "not", "perhaps", "heard", "denied", "legal"

# A word in two of them means what the later one says.
TAGS = (
    WORD, ROLE, FAMOUS, JOIN, BOUND, HIRE, LEAVE, LOSE, FOUND, POST, FIRED, FROM, PASSIVE, EX,
    LIST, OF, COUNT, AFTER, NOT, PERHAPS, HEARD, DENIED, LEGAL,
)  # fmt: skip


def meaning(section: str) -> frozenset[str]:
    return frozenset(sections("chinese.txt")[section])


CROSSING, TAKING_AWAY = meaning("crossing"), meaning("taking_away")
CHAIRS, UNIVERSITY = meaning("chairs"), tuple(meaning("university"))
UNITS, ORG_ENDINGS = meaning("units"), meaning("org_endings")
SURNAMES = frozenset("".join(meaning("surnames")))
COMPOUND_SURNAMES = tuple(meaning("compound_surnames"))
EARLIER = meaning("earlier")
NAME_CHARACTERS, SOUNDS = meaning("name_characters"), meaning("sounds")
BEFORE_NAME, AFTER_NAME = meaning("before_name"), meaning("after_name")
