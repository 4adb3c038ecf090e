"""Verbs of moving: where one stands in the tokens and in which sense."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from talent.intake.reader import english_words as words
from talent.intake.reader.english_tokens import (
    ORG,
    PERSON,
    ROLE,
    RUN,
    STOP,
    WORD,
    Token,
    is_person_like,
)

HIRE, JOIN, LEAVE, LOSE, FOUND, PASSIVE, FIRED, FOLLOW, BOLSTER, SUCCEED = (
    "hire", "join", "leave", "lose", "found", "passive", "fired", "follow", "bolster", "succeed",
)  # fmt: skip


@dataclass(slots=True)
class Trigger:
    """A verb of moving: what it means and which tokens it spans."""

    sense: str
    start: int
    end: int


def trigger_at(tokens: list[Token], at: int) -> Trigger | None:
    token = tokens[at]
    if token.tag not in (WORD, ROLE):
        return None
    low = token.low
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    if after and (low, after.low) in words.LEAVE_PAIRS:
        return Trigger(LEAVE, at, at + 2)
    if (
        low == "no"
        and after
        and after.low == "longer"
        and is_no_longer_there(tokens, at)
    ):
        return Trigger(LEAVE, at, at + 2)
    if low in words.LOSE:
        return Trigger(LOSE, at, at + 1)
    if (
        low in words.FIRE
        and before
        and (before.tag in (ORG, RUN) or before.low == "board")
    ):
        return Trigger(FIRED, at, at + 1)
    if low in words.JOIN_TO and low in words.HIRE and (end := after_to(tokens, at)):
        return Trigger(JOIN, at, end)  # "lands at", "signs with"
    if low in words.RAID:
        return Trigger(HIRE, at, at + 1) if after and after.tag == ORG else None
    if low in words.HIRE:
        return hiring(tokens, at)
    if low in words.JOIN:
        return Trigger(JOIN, at, at + 1)
    if low in words.JOIN_TO and (end := after_to(tokens, at)):
        return Trigger(JOIN, at, end)
    if low in words.NOW_DOING and before is not None and before.low == "now":
        return Trigger(JOIN, at, at + 1)
    if is_new_post(tokens, at) or is_introduced(tokens, at):
        return Trigger(JOIN, at, at + 1)
    if (
        low in ("comes", "come", "came")
        and after
        and after.low in ("aboard", "onboard")
    ):
        return Trigger(JOIN, at, at + 2)
    if has_new(tokens, at):
        return Trigger(HIRE, at, at + 1)
    if (end := taking_post(tokens, at)) or (end := to_lead(tokens, at)):
        return Trigger(JOIN, at, end)
    if low in words.SUCCEED:
        return Trigger(SUCCEED, at, at + 1)
    if is_leaving(tokens, at):
        return Trigger(LEAVE, at, at + 1)
    if after and after.low == "out" and low in ("builds", "build", "building", "fills"):
        return Trigger(BOLSTER, at, at + 2)
    if low in words.FOUND and not (before and before.low.startswith("help")):
        return Trigger(FOUND, at, at + 1)
    if low in words.FOLLOW:
        return Trigger(FOLLOW, at, at + 1)
    if low in words.BOLSTER:
        return Trigger(BOLSTER, at, at + 1)
    if is_bare_move(tokens, at):
        return Trigger(JOIN, at, at + 1)
    return None


def hiring(tokens: list[Token], at: int) -> Trigger | None:
    if not is_noun(tokens, at):
        return Trigger(PASSIVE if is_passive(tokens, at) else HIRE, at, at + 1)
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return Trigger(HIRE, at, at + 1) if after in ("from", "of") else None


# "Hiring spree", "poaching war".
BUSINESS = frozenset({
    "spree", "war", "wars", "push", "drive", "freeze", "binge", "plan", "plans", "bonus",
    "bonuses", "practices", "process", "frenzy", "blitz", "campaign", "efforts", "market",
    "manager", "managers",
})  # fmt: skip
MAY_BE_NOUNS = frozenset(
    [
        "hire",
        "hires",
        "recruit",
        "recruits",
        "picks",
        "signs",
        "name",
        "names",
        "hiring",
        "gets",
        "recruiting",
        "lands",
        "poaching",
    ]
)
NOUN_MARKS = frozenset(
    [
        "new",
        "key",
        "the",
        "its",
        "his",
        "their",
        "latest",
        "big",
        "more",
        "top",
        "of",
        "profile",
        "several",
        "for",
        "recent",
        "ai",
        "a",
        "an",
        "another",
        "high",
        "star",
        "talent",
    ]
)


def is_noun(tokens: list[Token], at: int) -> bool:
    """ "Two new hires jump back", "high-profile hires from": no verb."""
    if tokens[at].low not in MAY_BE_NOUNS:
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and after.low in BUSINESS:
        return True
    if before is None:
        return tokens[at].low in ("hire", "hires", "recruits", "names", "signs")
    if before.tag in (ORG, RUN):
        goes_on = after is not None and (
            after.low in words.LEAVE or after.low in words.JOIN_TO
        )
        return goes_on or before.possessive
    marked = before.low in words.AT or before.low in NOUN_MARKS
    return marked or before.low.endswith("-profile")


def is_passive(tokens: list[Token], at: int) -> bool:
    """ "Was poached", "poached by", "Ana Lee named CEO of"."""
    low = tokens[at].low
    if not low.endswith("ed") and low not in ("chosen", "stolen", "brought"):
        return False
    window = tokens[at + 1 : at + 9]
    if any(token.low == "by" for token in window):
        return True
    back = at - 1
    while back >= 0 and tokens[back].low in ("also", "now", "just", "reportedly", '"'):
        back -= 1
    if back < 0:
        return False
    before = tokens[back]
    if before.low in words.BE:
        return before.low not in ("has", "have", "had", "'s")
    if before.tag == RUN:
        placed = any(
            token.tag == ORG and previous.low in ("of", "at")
            for previous, token in pairwise(window)
        )
        if is_person_like(before) and (before.given or placed):
            return True
        return not any(
            is_person_like(token) or token.tag == ROLE for token in window[:3]
        )
    return before.tag in (PERSON, ROLE) and before.low not in words.OWNERS


def taking_post(tokens: list[Token], at: int) -> int:
    """The token after "takes charge of", "takes a role at", if that stands here; else 0."""
    if tokens[at].low not in TAKING:
        return 0
    for ahead in range(at + 1, min(at + 5, len(tokens) - 1)):
        if tokens[ahead].low in POSTS:
            return (
                ahead + 1 if tokens[ahead + 1].low in ("of", "at", "with", "as") else 0
            )
    return 0


TAKING = frozenset(
    {"takes", "take", "took", "taking", "starts", "accepts", "accepted", "begins"}
)
POSTS = frozenset(
    ["charge", "helm", "reins", "role", "roles", "job", "post", "position", "over"]
)


def is_new_post(tokens: list[Token], at: int) -> bool:
    """ "Dana Whitfield is Apple's new AI chief": a person, and somebody's new role."""
    if tokens[at].low not in ("is", "becomes", "become") or not at:
        return False
    if not is_person_like(tokens[at - 1]) or tokens[at - 1].possessive:
        return False
    near = tokens[at + 1 : at + 8]
    fresh = tokens[at].low != "is" or any(
        token.low in ("new", "next") for token in near[:5]
    )
    return (
        fresh
        and any(token.tag == ROLE for token in near)
        and any(token.tag == ORG for token in near)
    )


def is_introduced(tokens: list[Token], at: int) -> bool:
    """ "Who is Ana Lee? The former Google engineer leading xAI's agents team"."""
    asked = tokens[0].low == "meet" or [t.low for t in tokens[:2]] == ["who", "is"]
    return asked and tokens[at].low in ("leading", "running", "heading", "behind")


def has_new(tokens: list[Token], at: int) -> bool:
    """ "Apple has a new AI chief: Ana Lee", "Meet Apple's new AI chief"."""
    near = tokens[at + 1 : at + 7]
    if tokens[at].low not in ("has", "meet") or not near:
        return False
    return any(token.low == "new" for token in near[:3]) and any(
        token.tag == ROLE for token in near
    )


def to_lead(tokens: list[Token], at: int) -> int:
    """ "Robert Fergus to head FAIR": a person, "to", and a company right after the verb."""
    if tokens[at].low not in ("lead", "head", "run", "helm", "chair") or at < 2:
        return 0
    mover = tokens[at - 2]
    if tokens[at - 1].low != "to" or not (is_person_like(mover) or mover.tag == ROLE):
        return 0
    if at + 1 < len(tokens) and tokens[at + 1].tag == ORG:
        return at + 1
    for ahead in range(at + 2, min(at + 7, len(tokens) - 1)):
        if tokens[ahead].low == "at" and tokens[ahead + 1].tag == ORG:
            return ahead
    return 0


AWAY = frozenset(
    ["leave", "leaves", "leaving", "left", "depart", "departs", "departed", "departing"]
)


def after_to(tokens: list[Token], at: int) -> int:
    """The token after "moves (back) to", if that is what stands here; else 0."""
    low = tokens[at].low
    allowed, reach = {"to", "for", "zu", "para"}, 4
    if low in AWAY:
        allowed, reach = {"for"}, 1
    elif low.startswith(("sign", "turn")):
        allowed, reach = {"with"}, 1
    elif low == "head":
        reach = 1
    elif low.startswith(("land", "back", "return")):
        reach = 1 if low.startswith("land") else reach
        allowed |= {"at", "on", "in", "as"}
    for ahead in range(at + 1, min(at + 1 + reach, len(tokens))):
        token = tokens[ahead]
        if token.low in allowed:
            return ahead + 1 if leads_to_company(tokens, ahead + 1) else 0
        if token.tag in (STOP, PERSON, RUN) or token.low == ",":
            return 0
    return 0


def leads_to_company(tokens: list[Token], at: int) -> bool:
    """A company within a few words: "to arch-rival Anthropic", not "to GPT-5"."""
    for token in tokens[at : at + 5]:
        if token.tag in (ORG, RUN):
            return True
        if token.tag == STOP or token.low in words.SETTING:
            return False
        if token.tag == PERSON and not token.possessive:
            return token.low in words.OWNERS
    return False


def is_no_longer_there(tokens: list[Token], at: int) -> bool:
    """ "Is no longer with Google"."""
    near = [token.low for token in tokens[at + 2 : at + 4]]
    return any(word in ("with", "at") for word in near)


def is_leaving(tokens: list[Token], at: int) -> bool:
    low = tokens[at].low
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    if low == "out":
        ends = after is None or after.tag == STOP or after.low in ("at", *words.SETTING)
        return (
            ends
            and before is not None
            and (before.tag in (PERSON, RUN, ROLE) or before.low in words.BE)
        )
    if low not in words.LEAVE and low not in words.LEAVE_NOUN:
        return False
    if low == "leave" and before is not None and before.low in ON_LEAVE:
        return False
    # "Leaving its CEO alone", "leaves users frustrated": somebody is left, nobody leaves.
    return not (
        low in ("leaves", "leaving", "leave", "left", "abandons")
        and after is not None
        and (
            (after.tag in (PERSON, ROLE) and not after.possessive)
            or (after.low in LEFT_BEHIND and not leaves_job(tokens, at))
        )
    )


def leaves_job(tokens: list[Token], at: int) -> bool:
    """ "Left a $5 million job at Meta"."""
    return any(token.low in POSTS for token in tokens[at + 1 : at + 8])


ON_LEAVE = frozenset(
    [
        "extended",
        "medical",
        "parental",
        "maternity",
        "paternity",
        "sick",
        "takes",
        "on",
        "taking",
        "of",
    ]
)
LEFT_BEHIND = frozenset(
    [
        "users",
        "its",
        "him",
        "her",
        "a",
        "an",
        "behind",
        "open",
        "room",
        "questions",
        "customers",
        "investors",
        "them",
        "fans",
        "many",
    ]
)


def is_bare_move(tokens: list[Token], at: int) -> bool:
    """ "Shazeer to OpenAI, Jumper to Anthropic": a move without a verb."""
    if tokens[at].low not in ("to", "->", ">") or at == 0 or at + 1 == len(tokens):
        return False
    after = tokens[at + 2] if at + 2 < len(tokens) else None
    return (
        is_person_like(tokens[at - 1])
        and not tokens[at - 1].possessive
        and tokens[at + 1].tag == ORG
        and not tokens[at + 1].possessive
        and (after is None or after.tag == STOP or after.low == ",")
        and (at == 1 or tokens[at - 2].tag == STOP or tokens[at - 2].low == ",")
    )
