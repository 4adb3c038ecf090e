"""Chinese text cut into words that mean something here; what is left over may be a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import ahocorasick

from talent.intake.reader import chinese_words as words
from talent.intake.reader import english_words
from talent.intake.reader.names import KnownNames, Name, sections, stands_alone
from talent.intake.reader.text import fold, is_han

ORG, PERSON, LATIN, GAP, STOP, COMMA = "org", "person", "latin", "gap", "stop", "comma"

# Pieces outside the vocabulary: Chinese with dots inside ("诺姆·沙泽尔"), Latin words with
# single spaces between them, numbers, single marks. One way to cut: linear.
PIECE = re.compile(
    r"[㐀-鿿]+(?:·[㐀-鿿a-z.]+)*"
    r"|[a-z][a-z0-9.&'+-]*(?: [a-z0-9][a-z0-9.&'+-]*)*"
    r"|[0-9][0-9.,%+]*|[ \n]+|\S"
)
HARD = frozenset("。!?;|丨:︱【】()[]—…\n")
QUOTES = frozenset("\"'「」『』《》")
SOFT = frozenset(",，")


@dataclass(slots=True)
class Token:
    tag: str
    low: str
    start: int
    end: int
    text: str
    name: Name | None = None


class Piece(NamedTuple):
    start: int
    end: int
    tag: str
    name: Name | None


@cache
def vocabulary() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for tag in words.TAGS:
        for word in sections("chinese.txt")[tag]:
            automaton.add_word(word, (len(word), tag))
    automaton.make_automaton()
    return automaton


def tokens_of(text: str, folded: str, names: KnownNames) -> list[Token]:
    pieces = [
        Piece(h.start, h.end, sort_of(h.name), h.name) for h in names.find(text, folded)
    ]
    famous = [
        (last + 1 - length, last + 1)
        for last, (length, tag) in vocabulary().iter(folded)
        if tag == words.FAMOUS
    ]
    # "小鹏" in "何小鹏" is no company.
    pieces = [
        piece
        for piece in pieces
        if not any(s <= piece.start and piece.end <= e for s, e in famous)
    ]
    taken = bytearray(len(folded))
    for piece in pieces:
        taken[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
    candidates = []
    for last, (length, tag) in vocabulary().iter(folded):
        start, end = last + 1 - length, last + 1
        if stands_alone(folded, start, end) and not any(taken[start:end]):
            candidates.append(Piece(start, end, tag, None))
    # The leftmost and of those the longest, as a reader would.
    candidates.sort(key=lambda piece: (piece.start, -piece.end))
    reached = 0
    for piece in candidates:
        if piece.start >= reached:
            pieces.append(piece)
            reached = piece.end
    pieces.sort()
    return filled(text, folded, pieces, names)


def sort_of(name: Name) -> str:
    return ORG if name.sort == "organization" else PERSON


def filled(
    text: str, folded: str, pieces: list[Piece], names: KnownNames
) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    for piece in pieces:
        between(tokens, text, folded, position, piece.start, names)
        low = folded[piece.start : piece.end]
        printed = text[piece.start : piece.end]
        tokens.append(
            Token(piece.tag, low, piece.start, piece.end, printed, piece.name)
        )
        position = piece.end
    between(tokens, text, folded, position, len(folded), names)
    tokens = [token for token in united(tokens) if token.low.strip()]
    return in_one(whole_foreign_names(tokens))


def between(
    tokens: list[Token], text: str, folded: str, start: int, end: int, names: KnownNames
) -> None:
    for match in PIECE.finditer(folded, start, end):
        low, begin, stop = match[0], *match.span()
        token = Token(GAP, low, begin, stop, text[begin:stop])
        if low.isspace():
            if not parts_clauses(folded, begin, stop):
                continue
            token.tag, token.low = COMMA, ","
        elif low in HARD:
            token.tag = STOP
        elif low in QUOTES:
            continue
        elif low in SOFT:
            token.tag = COMMA
        elif low in "、&":
            token.tag = words.LIST
        elif low[0].isascii() and low[0].isalpha():
            weigh_latin(token, names)
        elif not is_han(low[0]):
            token.tag = words.WORD
        tokens.append(token)


def parts_clauses(folded: str, start: int, end: int) -> bool:
    """A space between Chinese characters is a comma; beside Latin letters it is a habit."""
    return (
        start > 0
        and end < len(folded)
        and is_han(folded[start - 1])
        and is_han(folded[end])
    )


def weigh_latin(token: Token, names: KnownNames) -> None:
    """ "Yao Shunyu" is a name, "GPT-4o" and "IPO" are none."""
    token.tag = LATIN
    known = names.surnames.get(token.low)
    if known is not None:
        token.tag, token.name = PERSON, known
        return
    first = token.low.split("-")[0].split()[0]
    brief = " " not in token.text and token.text.isupper() and len(token.text) <= 4
    if first in english_words.PRODUCTS or brief or not token.text[0].isupper():
        token.tag = words.WORD


def united(tokens: list[Token]) -> list[Token]:
    """Join what belongs together: "阿里千问" is Alibaba, "澜舟"+"智能" a company, dotted names."""
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        touching = before is not None and before.end == token.start
        if before is None or not touching:
            joined.append(token)
        elif token.tag == ORG and before.tag == ORG and token.low in words.UNITS:
            before.end = token.end
        elif (
            before.tag == GAP
            and token.low in words.ORG_ENDINGS
            and 2 <= len(before.low) <= 6
        ):
            before.tag, before.end, before.name = ORG, token.end, None
            before.low, before.text = before.low + token.low, before.text + token.text
        else:
            joined.append(token)
    return joined


def whole_foreign_names(tokens: list[Token]) -> list[Token]:
    """ "约"+"翰·詹南德雷亚" is one name."""
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        while (
            before is not None
            and before.end == token.start
            and "·" in token.low + before.low
            and goes_into_name(before, token)
        ):
            joined.pop()
            low, text = before.low + token.low, before.text + token.text
            token = Token(GAP, low, before.start, token.end, text)
            before = joined[-1] if joined else None
        joined.append(token)
    return joined


def goes_into_name(before: Token, token: Token) -> bool:
    if before.low.endswith("·") or token.low.startswith("·"):
        return True
    if "·" in token.low:
        return before.tag == GAP or before.low in words.SOUNDS
    return token.low in words.SOUNDS and "·" in before.low


def in_one(tokens: list[Token]) -> list[Token]:
    """A name and its other spelling in brackets are one: "伊桑·奈特(Ethan Knight)"."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        aside = tokens[at : at + 3]
        if [token.low for token in aside[::2]] == ["(", ")"] and joined:
            before, inside = joined[-1], aside[1]
            if is_spelling(before, inside) or is_spelling(inside, before):
                joined[-1] = better_known(before, inside)
                at += 3
                continue
        joined.append(tokens[at])
        at += 1
    return joined


def is_spelling(latin: Token, han: Token) -> bool:
    """Whether two tokens can be one person's name, in Latin letters and in Chinese."""
    named = latin.tag == PERSON or (latin.tag == LATIN and is_latin_person(latin))
    if not named or not latin.low[0].isascii():
        return False
    return is_han(han.low[0]) and han.tag in (PERSON, GAP) and 2 <= len(han.low) <= 20


def better_known(before: Token, inside: Token) -> Token:
    """Of two spellings the one with a row; of two such, the one with the fewest."""
    known = [token for token in (before, inside) if token.name is not None]
    latin = inside if inside.low[0].isascii() else before
    chosen = min(known, key=lambda token: len(slugs_of(token)), default=latin)
    chosen.tag = PERSON
    return chosen


def slugs_of(token: Token) -> tuple[str, ...]:
    return token.name.slugs if token.name else ()


# -- Names among what is left over -----------------------------------------------------

# What may stand right before a person's name, and right after it.
BEFORE_NAME = frozenset(
    {words.ROLE, ORG, STOP, COMMA, words.LIST, words.COUNT, words.HIRE, words.HEARD, LATIN,
     words.PASSIVE, words.LOSE, words.EX, words.AFTER, words.FIRED, words.OF}
)  # fmt: skip
AFTER_NAME = frozenset(
    {words.JOIN, words.LEAVE, words.POST, words.FOUND, words.PASSIVE, words.ROLE, STOP, COMMA,
     words.LIST, words.HEARD, words.FROM, words.FIRED, words.COUNT, words.OF, words.PERHAPS,
     words.NOT, words.EX, words.BOUND}
)  # fmt: skip


def find_people(tokens: list[Token]) -> list[Token]:
    """Mark leftovers that read as names where a name may stand."""
    tokens = with_name_characters(tokens)
    named = any(token.tag == PERSON for token in tokens)
    for at, token in enumerate(tokens):
        after_role = at > 0 and tokens[at - 1].tag == words.ROLE and closes(tokens, at)
        if token.tag == LATIN:
            if after_role and token.text.isalpha() and token.text[1:].islower():
                token.tag = PERSON  # "副总裁Ashok离职"
        elif token.tag != GAP:
            continue
        elif "·" in token.low.strip("·") or (after_role and 3 <= len(token.low) <= 6):
            token.tag = PERSON  # "创始人塔洛克回归": no surname needed after a role
        elif opens(tokens, at) and closes(tokens, at) and is_chinese_name(token.low):
            token.tag = PERSON
        elif not named and closes(tokens, at) and at + 1 < len(tokens):
            keep_tail(token)
    return tokens


def opens(tokens: list[Token], at: int) -> bool:
    before = tokens[at - 1] if at else None
    return (
        before is None or before.tag in BEFORE_NAME or before.low in words.BEFORE_NAME
    )


def closes(tokens: list[Token], at: int) -> bool:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return after is None or after.tag in AFTER_NAME or after.low in words.AFTER_NAME


def with_name_characters(tokens: list[Token]) -> list[Token]:
    """ "何笑"+"天" is 何笑天 where a name may stand."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        name = name_from(tokens, at)
        if name is None:
            joined.append(tokens[at])
            at += 1
        else:
            joined.append(name[0])
            at += name[1]
    return joined


def name_from(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    first = tokens[at]
    if first.low[0] not in words.SURNAMES or not opens(tokens, at):
        return None
    if first.tag != GAP and len(first.low) > 1:
        return None
    low = first.low
    for ahead in range(at + 1, min(at + 3, len(tokens))):
        token = tokens[ahead]
        if token.start != tokens[ahead - 1].end:
            return None
        middle = len(low) + len(token.low) < 3 and len(token.low) == 1
        beyond = tokens[ahead + 1] if ahead + 1 < len(tokens) else None
        last = token.low in words.NAME_CHARACTERS or (
            # "沈清和为首席科学家": nobody is listed after this 和.
            token.low in ("为", "和", "与")
            and beyond is not None
            and (
                beyond.tag in (words.LEAVE, words.JOIN, words.POST)
                or beyond.low == "为"
            )
        )
        if not (token.tag == GAP or middle or last):
            return None
        low += token.low
        gaps = first.tag == GAP or any(t.tag == GAP for t in tokens[at : ahead + 1])
        if gaps and len(low) == 3 and is_chinese_name(low) and closes(tokens, ahead):
            text = "".join(part.text for part in tokens[at : ahead + 1])
            return Token(PERSON, low, first.start, token.end, text), ahead + 1 - at
    return None


def keep_tail(token: Token) -> None:
    """ "某某奇才李沐阳" before a verb: the last two or three characters may be the name."""
    if len(token.low) <= 3:
        return
    for length in (3, 2):
        tail = token.low[-length:]
        if is_chinese_name(tail):
            token.tag, token.low, token.text = PERSON, tail, token.text[-length:]
            token.start = token.end - length
            return


def is_chinese_name(low: str) -> bool:
    if low[1:2] == "姓":
        return False  # "姚姓天才": somebody of that surname
    if len(low) in (3, 4) and low.startswith(words.COMPOUND_SURNAMES):
        return True
    return len(low) in (2, 3) and low[0] in words.SURNAMES and is_han(low[-1])


def is_latin_person(token: Token) -> bool:
    parts = token.text.split()
    if not 2 <= len(parts) <= 3 or parts[-1].lower() in english_words.ORG_ENDINGS:
        return False
    return all(part[0].isupper() and part.isalpha() for part in parts) and not all(
        english_words.is_common(fold(part)) for part in parts
    )
