"""The headline reader: text in, proposals out; no database, no clock, no network.

Names of the record come in as a value (`KnownNames`). A text is cut to length and folded
(`text`), cut into tokens with names marked, known ones first, then what only looks like a
name (`english_tokens`, `chinese_tokens`). Verbs of moving open frames that look for who, from
where and to where on their two sides (`english_moves`, `english_takes`, `chinese`); denials,
wishes and other senses veto them. What the frames draft is merged per event (`drafts`), given
its money (`amounts`, `payments`) and date (`dates`), and becomes a `Proposal`. The vocabulary
is in words/: to teach the reader a verb, add it to the section that says what it means.
"""

from talent.intake.reader.headlines import read_headline
from talent.intake.reader.names import Known, KnownNames
from talent.intake.reader.values import Amount, Mention, Proposal, Span

__all__ = [
    "Amount",
    "Known",
    "KnownNames",
    "Mention",
    "Proposal",
    "Span",
    "read_headline",
]
