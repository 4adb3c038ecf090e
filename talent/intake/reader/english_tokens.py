"""English text cut into tokens, with names, unknown names and roles marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from talent.intake.reader import english_words as words
from talent.intake.reader.names import Hit, KnownNames, Name
from talent.intake.reader.text import fold

ORG, PERSON, RUN, ROLE, WORD, STOP = "org", "person", "run", "role", "word", "stop"

# The pieces exclude one another, so there is one way to cut a text: linear.
PIECE = re.compile(r"[^\W_]+(?:[.&'’-][^\W_]+)*|\.\.\.|[^\w\s]")
INITIAL = re.compile(r"[A-Z]")
# Capitals inside a word make a brand ("OpenClaw"), except in such surnames ("LeCun").
BRAND = re.compile(r"[A-Za-z0-9]*[a-z0-9.][A-Z]")
CAMEL_SURNAME = re.compile(r"(?:Mc|Mac|Le|De|Di|La|Van|Du|Fitz|O['’])[A-Z][a-z]+$")


@dataclass(slots=True)
class Token:
    tag: str
    # Folded, without the possessive "'s".
    low: str
    start: int
    end: int
    text: str = ""
    name: Name | None = None
    possessive: bool = False
    # A run that by its form can only be a company ("Lattice Labs", "OpenClaw").
    brand: bool = False
    # A run that starts with a given name.
    given: bool = False

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def tokens_of(
    text: str, folded: str, names: KnownNames, people: Mapping[str, Name] | None = None
) -> list[Token]:
    """The tokens of a text. `people`: last names the text before has introduced."""
    raw: list[Token] = []
    position = 0
    hits = names.find(text, folded)
    for hit in hits:
        if hit.start > position:
            cut(raw, text, folded, position, hit.start)
        position = add_name(raw, text, folded, hit)
    cut(raw, text, folded, position, len(text))
    raw = without_nicknames(united(raw))
    title_case = is_title_case(raw)
    weighed_raw = [weighed(raw, at, title_case) for at in range(len(raw))]
    tokens = joined(weighed_raw, names, title_case)
    return [surname(token, names, people or {}) for token in tokens]


def cut(raw: list[Token], text: str, folded: str, start: int, end: int) -> None:
    for match in PIECE.finditer(text, start, end):
        begin, stop = match.span()
        low = folded[begin:stop]
        possessive = low.endswith("'s")
        if possessive:
            stop -= 2
            low = low[:-2]
        elif low.endswith("s") and folded[stop : stop + 2] == "' ":
            possessive = True
        if low == "-":
            # Between spaces it is a dash; "ex-" and "Apple-" just lose it.
            if text[max(begin - 1, 0)].isspace():
                raw.append(Token(STOP, "—", begin, stop, "—"))
            continue
        if low.startswith(("ex-", "non-")) and len(low) > 4:
            raw.append(Token(WORD, low[:2], begin, begin + 2, text[begin : begin + 2]))
            begin += 3
            low = low[3:]
        tag = STOP if low in words.STOPS else WORD
        raw.append(Token(tag, low, begin, stop, text[begin:stop], None, possessive))


def united(raw: list[Token]) -> list[Token]:
    """ "Google's DeepMind" is one company; "Microsoft AI researcher" is Microsoft's."""
    tokens: list[Token] = []
    for at, token in enumerate(raw):
        before = tokens[-1] if tokens else None
        if (
            token.tag == ORG
            and token.low == "deepmind"
            and before
            and before.low == "google"
        ):
            before.low, before.end = "google deepmind", token.end
            before.text = "Google DeepMind"
            if token.name is not None:
                before.name = replace(token.name, spelling=before.text)
            before.possessive = token.possessive
            continue
        if token.tag == ORG and token.low in UNITS_CALLED_AI and not token.possessive:
            after = raw[at + 1].low if at + 1 < len(raw) else ""
            if is_role(after) and after not in words.HIRE:
                token.low = token.low.removesuffix(" ai")
                token.text, token.end = token.text[:-3], token.end - 3
                token.name = None
        tokens.append(token)
    return tokens


def without_nicknames(raw: list[Token]) -> list[Token]:
    """ "Yuhuai (Tony) Wu" is Yuhuai Wu."""
    tokens: list[Token] = []
    at = 0
    while at < len(raw):
        enclosed = (
            0 < at < len(raw) - 3
            and raw[at].low == "("
            and raw[at + 2].low == ")"
            and raw[at - 1].capital
            and raw[at + 3].capital
        )
        at += 3 if enclosed else 0
        tokens.append(raw[at])
        at += 1
    return tokens


UNITS_CALLED_AI = frozenset({"microsoft ai"})


def add_name(raw: list[Token], text: str, folded: str, hit: Hit) -> int:
    """Add the name; say where reading goes on. "OpenAI-backed" is a mere adjective."""
    end = hit.end
    tag = ORG if hit.name.sort == "organization" else PERSON
    token = Token(tag, folded[hit.start : end], hit.start, end, text[hit.start : end])
    token.name = hit.name
    if folded.startswith("'s", end) and not folded[end + 2 : end + 3].isalnum():
        token.possessive = True
        end += 2
    elif folded.startswith("'", end) and folded[end - 1] == "s":
        token.possessive = True
        end += 1
    elif folded.startswith("-", end):
        tail = PIECE.match(folded, end + 1)
        if tail and tail[0].split("-")[0] in words.ADJECTIVAL:
            token.tag, end = WORD, tail.end()
            token.low = "-" + tail[0]
    raw.append(token)
    return end


def is_title_case(raw: list[Token]) -> bool:
    """Whether even everyday words have capitals here."""
    everyday = [
        token
        for token in raw
        if token.tag == WORD and len(token.low) > 3 and is_everyday(token.low)
    ]
    return sum(token.capital for token in everyday) * 2 > len(everyday)


def weighed(raw: list[Token], at: int, title_case: bool) -> Token:
    """A company called by an everyday word needs a sign that the company is meant."""
    token = raw[at]
    if token.tag != ORG or " " in token.text or token.possessive:
        return token
    common, given = words.is_common(token.low), words.is_given_name(token.low)
    if not (common or given):
        return token
    before = raw[at - 1].low if at else ""
    after = raw[at + 1] if at + 1 < len(raw) else None
    surname_follows = (
        after is not None
        and after.tag == WORD
        and after.capital
        and not (words.is_common(after.low) or after.low in words.HIRE)
    )
    if given and surname_follows:
        token.tag = WORD
        return token
    placed = before in PLACED or (after is not None and after.low in words.HIRE)
    if not placed and (title_case or at == 0):
        token.tag = WORD
    return token


PLACED = (
    words.FROM | words.AT | words.EX | words.JOIN | {"to", "leaves", "quits", "departs"}
    | {"exits", "leave", "left", "rival", "startup", "joins", "founds", "of"}
)  # fmt: skip


def joined(raw: list[Token], names: KnownNames, title_case: bool) -> list[Token]:
    """Neighbouring capitalised words that are no everyday words become one name."""
    tokens: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        if token.tag != WORD:
            tokens.append(token)
            at += 1
            continue
        length = run_length(raw, at, names, title_case)
        if length:
            tokens.append(run(raw[at : at + length]))
            at += length
            continue
        if is_role(token.low):
            token.tag = ROLE
        tokens.append(token)
        at += 1
    return tokens


def is_role(low: str) -> bool:
    last = low.rpartition("-")[2]
    return last in words.ROLES or last.removesuffix("s") in words.ROLES


def run_length(raw: list[Token], at: int, names: KnownNames, title_case: bool) -> int:
    """How many tokens from here on are one unknown name."""
    first = raw[at]
    if not first.capital and not is_brand(first.text):
        return 0
    given = words.is_given_name(first.low) or first.low in names.given_names
    if ends_company(raw, at):
        return 2
    if is_acronym_of_company(raw, at):
        return 1
    if first.text == "X" and is_the_company_x(raw, at):
        return 1
    if first.low.split("-")[0] in words.PRODUCTS:
        return 0
    if is_everyday(first.low) and not (
        given and at + 1 < len(raw) and is_name_word(raw[at + 1])
    ):
        return 0
    if first.text.isupper() and len(first.text) > 1 and not given:
        return 0
    length = 1
    while at + length < len(raw) and length < 5 and not raw[at + length - 1].possessive:
        token = raw[at + length]
        ahead = raw[at + length + 1] if at + length + 1 < len(raw) else None
        if is_name_word(token) or (token.low in words.ORG_ENDINGS and token.capital):
            length += 1
        elif (
            token.low in words.PARTICLES
            and ahead
            and is_name_word(ahead)
            or token.low == "van"
            and ahead
            and ahead.low in ("der", "den")
        ):
            length += 2
        elif INITIAL.fullmatch(token.text) and ahead:
            length += 1
            if ahead.low == "." and at + length + 1 < len(raw):
                length += 1
        elif (
            token.capital
            and is_surname_by_place(token)
            and ((length == 1 and given) or not title_case)
        ):
            # Where few words have capitals, one that has belongs to the name.
            length += 1
        else:
            break
    return length


def is_acronym_of_company(raw: list[Token], at: int) -> bool:
    """ "Joins METR", "UBS hires": capitals that no everyday word explains, in a company's place."""
    token = raw[at]
    if not (
        token.text.isupper() and 3 <= len(token.text) <= 6 and token.text.isalpha()
    ):
        return False
    if is_everyday(token.low) or token.low in words.PRODUCTS or token.low in TERMS:
        return False
    after = raw[at + 1].low if at + 1 < len(raw) else ""
    return after in words.HIRE or (at > 0 and raw[at - 1].low in PLACED)


TERMS = frozenset(
    {"agi", "llm", "llms", "ipo", "gpu", "gpus", "api", "cto", "usa", "ceos"}
)


def is_the_company_x(raw: list[Token], at: int) -> bool:
    before = raw[at - 1].low if at else ""
    after = raw[at + 1] if at + 1 < len(raw) else None
    ends = (
        after is None
        or after.tag == STOP
        or after.low in (",", "and", "as", "to", "after", "for")
    )
    return ends and before in (
        "of", "at", "from", "to", "joins", "leaves", "leave", "quits", "exits", "leaving"
    )  # fmt: skip


def is_everyday(low: str) -> bool:
    return low in words.ROLES or low in VERBS or low in SMALL or words.is_common(low)


VERBS = (
    words.HIRE | words.JOIN | words.JOIN_TO | words.FOUND | words.LEAVE | words.LOSE
    | words.BOLSTER | words.SUCCEED | words.FOLLOW | words.NOW_DOING
)  # fmt: skip


def is_name_word(token: Token) -> bool:
    return (
        token.tag == WORD
        and token.capital
        and not is_everyday(token.low)
        and not (token.text.isupper() and len(token.text) > 1)
    )


def is_surname_by_place(token: Token) -> bool:
    """After a given name even an everyday word is a surname: "Olivia Grant"."""
    return (
        token.tag == WORD
        and token.low not in VERBS
        and token.low not in words.ROLES
        and token.low not in SMALL
        and not token.low.endswith("s")
        and len(token.low) > 2
    )


SMALL = (
    words.FROM | {"to", "for", "into"} | words.AT | words.BE | words.EX | words.WHO | words.SETTING
    | words.SAYING | words.LISTING | words.PERHAPS | words.NOT
)  # fmt: skip


def ends_company(raw: list[Token], at: int) -> bool:
    """ "World Labs": an everyday word, but what follows makes it a company."""
    if at + 1 >= len(raw) or raw[at].possessive:
        return False
    first, second = raw[at], raw[at + 1]
    return (
        second.tag == WORD
        and second.capital
        and second.low in words.STRONG_ENDINGS
        and first.tag == WORD
        and first.low not in words.NO_NAME_BEFORE_ENDING
        and first.low not in VERBS
        and first.low not in words.ROLES
        and first.low not in SMALL
    )


def is_brand(text: str) -> bool:
    return bool(BRAND.match(text)) and not CAMEL_SURNAME.match(text)


def run(parts: list[Token]) -> Token:
    first, last = parts[0], parts[-1]
    text = " ".join(part.text for part in parts).replace(" .", ".")
    return Token(
        RUN,
        fold(text),
        first.start,
        last.end,
        text,
        possessive=last.possessive,
        brand=is_company_name(parts),
        given=words.is_given_name(first.low) and not is_company_name(parts),
    )


def is_company_name(parts: list[Token]) -> bool:
    if parts[-1].low in words.ORG_ENDINGS and len(parts) > 1:
        return True
    return any(is_brand(part.text) for part in parts)


def surname(token: Token, names: KnownNames, people: Mapping[str, Name]) -> Token:
    """A lone capitalised word may be the last name of somebody in the text or the record."""
    if token.low in words.FAMOUS:
        token.tag = PERSON
    if token.tag == RUN and " " not in token.text:
        known = people.get(token.low) or names.surnames.get(token.low)
        if known is not None and not token.brand:
            token.tag, token.name = PERSON, known
    return token


def is_person_like(token: Token) -> bool:
    """Two words or more, and nothing about them that only companies have."""
    return token.tag == PERSON or (
        token.tag == RUN and " " in token.text and not token.brand
    )
