"""Which company a stretch of tokens names, in the place where a verb needs one."""

from __future__ import annotations

from talent.intake.reader import english_words as words
from talent.intake.reader.english_tokens import (
    ORG,
    ROLE,
    RUN,
    STOP,
    WORD,
    Token,
    is_person_like,
)

HEADS = frozenset(["ceo", "chief", "boss", "head", "heads", "team"])


def past_as(tokens: list[Token], start: int, end: int) -> int:
    """ "Steps down as CEO of", "role as", "takes over as": what follows names the company."""
    for at in range(start, min(start + 3, end)):
        if tokens[at].low == "as":
            return at + 1
        if tokens[at].tag in (ORG, RUN):
            break
    return start


def company_after(tokens: list[Token], start: int, end: int) -> int | None:
    """Where the first company of a stretch stands, past "rival" and "TikTok parent"."""
    for at in range(start, end):
        token = tokens[at]
        if token.low in words.SETTING or token.tag == STOP:
            return None
        if token.tag in (ORG, RUN) and not is_beside(tokens, at, end):
            return at
    return None


def is_beside(tokens: list[Token], at: int, end: int) -> bool:
    """A name that is not the company meant: a parent, a news agency, a person."""
    token = tokens[at]
    following = tokens[at + 1] if at + 1 < end else None
    if following is not None and (
        following.low in ("parent", "rival", "maker", "owner", "news")
        or following.low in ("says", "said", "say", "reports", "report")
        or (token.possessive and following.tag == ORG)
    ):
        return True
    if token.tag != RUN or not is_person_like(token):
        return False
    # "Mira Murati's lab", "joins Alex Wang at Meta".
    return token.possessive or any(
        other.tag == ORG for other in tokens[at + 1 : min(at + 4, end)]
    )


def origins_in(tokens: list[Token]) -> list[Token]:
    """Companies after "from": several when listed ("from Meta, xAI and Tesla")."""
    for at in range(1, len(tokens)):
        if tokens[at - 1].low in words.FROM and tokens[at].tag in (ORG, RUN):
            return listed(tokens, at)
    return []


def origin_in(tokens: list[Token]) -> Token | None:
    return next(iter(origins_in(tokens)), None)


def listed(tokens: list[Token], at: int) -> list[Token]:
    """The company here and those listed after it."""
    found = [tokens[at]]
    ahead = at + 1
    if ahead < len(tokens) and tokens[ahead].low in words.PRODUCTS:
        ahead += 1  # "from Google Gemini and Apple"
    while ahead < len(tokens) and tokens[ahead].low in words.LISTING:
        while ahead < len(tokens) and tokens[ahead].low in words.LISTING:
            ahead += 1
        if ahead == len(tokens) or tokens[ahead].tag != ORG:
            break
        if ahead + 1 < len(tokens) and tokens[ahead + 1].low in VERBS:
            break  # "from DeepMind, Microsoft hires": the next clause
        found.append(tokens[ahead])
        ahead += 1
    return found


VERBS = words.HIRE | words.LOSE | words.FOUND


def last_company(tokens: list[Token]) -> Token | None:
    """The last company spoken of, before the verb; not a former one, not a source of news."""
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].tag != ORG or (at and tokens[at - 1].low in words.EX):
            continue
        if at + 1 < len(tokens) and tokens[at + 1].low in ("-backed", *words.SAYING):
            continue
        return tokens[at]
    return None


def maker(tokens: list[Token]) -> Token | None:
    """Whose product is named: "Siri leader departs" is about Apple."""
    for token in tokens:
        if company := words.MAKERS.get(token.low.split("-")[0]):
            return stand_in(token, company)
    return None


def stand_in(token: Token, company: str) -> Token:
    return Token(ORG, company.lower(), token.start, token.end, company)


def hirer(tokens: list[Token], start: int, verb: int) -> Token | None:
    """The company that is the verb's subject: outside asides, not "ex-", not "from"."""
    end = outside_aside(tokens, start, verb)
    order = range(end - 1, start - 1, -1)
    before_verb = tokens[end - 1].low if end > start else ""
    goes_on = before_verb == "and" and tokens[verb].low.endswith("ing")
    if before_verb == "," or goes_on:
        order = range(start, end)  # "Meta acquires Moltbook, hiring …": the first one
    for at in order:
        token = tokens[at]
        before = tokens[at - 1].low if at else ""
        if lab := led_lab(tokens, at):
            return stand_in(token, lab)
        if owner := words.OWNERS.get(token.low):
            return stand_in(token, owner)
        if token.tag not in (ORG, RUN) or before in words.EX or before in words.FROM:
            continue
        if (
            token.tag == RUN
            and is_person_like(token)
            and (token.possessive or token.given)
        ):
            continue
        if not token.possessive and is_somebodys(tokens, at, end):
            return None
        return token
    return None


def other_company(tokens: list[Token], known: Token | None) -> Token | None:
    """The last company spoken of that is not the one already known."""
    for at in range(len(tokens) - 1, -1, -1):
        token = tokens[at]
        former = at > 0 and tokens[at - 1].low in words.EX
        if (
            token.tag == ORG
            and not former
            and (known is None or token.low != known.low)
        ):
            return token
    return None


def outside_aside(tokens: list[Token], start: int, verb: int) -> int:
    """Where the subject ends: before the comma that opens an aside, if one closes here."""
    end = verb
    while end > start and tokens[end - 1].tag == WORD and tokens[end - 1].low != ",":
        end -= 1
    if end > start and tokens[end - 1].low == ",":
        for at in range(end - 2, start, -1):
            if tokens[at].low == ",":
                return at
    return verb


def led_lab(tokens: list[Token], at: int) -> str | None:
    """ "Jeff Bezos' AI lab": a company told by who leads it."""
    token = tokens[at]
    if not token.possessive or any(
        later.tag == ORG for later in tokens[at + 1 : at + 4]
    ):
        return None
    near = tokens[at + 1 : at + 4]
    if not any(later.low in words.LAB_WORDS for later in near):
        return None
    return words.LABS_OF.get(token.low.rpartition(" ")[2])


def is_somebodys(tokens: list[Token], at: int, verb: int) -> bool:
    """ "Stanford dropout lures": the company only tells who somebody is."""
    return any(
        token.tag == ROLE and token.low not in HEADS for token in tokens[at + 1 : verb]
    )
