"""What a Chinese verb means where it stands: whether it tells a move, and how surely."""

from __future__ import annotations

from talent.intake.reader import chinese_words as words
from talent.intake.reader.chinese_tokens import COMMA, ORG, PERSON, STOP, Token
from talent.intake.reader.values import Standing

# Between "下一站" and the company, the colon included.
COPULAS = frozenset({"是", "就是", "正是", "则是", "为", "則是", "為", ":"})
VERBS = frozenset({words.JOIN, words.HIRE, words.LEAVE, words.LOSE, words.FOUND,
                   words.POST, words.FIRED})  # fmt: skip
# As far as "not" and "tried to" reach, in tokens.
REACH = 5


def sense_of(tokens: list[Token], at: int, end: int) -> str | None:
    token = tokens[at]
    if token.tag in VERBS:
        return token.tag
    if token.tag == words.BOUND:
        return words.JOIN if is_destination(tokens, at, end) else None
    after = tokens[at + 1] if at + 1 < end else None
    if token.low == "到" and after is not None and after.tag == ORG and at:
        goes = at + 2 < end and tokens[at + 2].low.startswith("去")
        origin = at - 2 if tokens[at - 1].low in ("来", "來") else at - 1
        came = (
            origin >= 1
            and tokens[origin].tag == ORG
            and tokens[origin - 1].tag == words.FROM
        )
        return words.JOIN if goes or came else None
    return None


def is_destination(tokens: list[Token], at: int, end: int) -> bool:
    """ "下一站是OpenAI", "选择了OpenAI": a company and nothing more, of people, not companies."""
    ahead = at + 1
    while ahead < end and tokens[ahead].low in COPULAS:
        ahead += 1
    if ahead >= end or tokens[ahead].tag != ORG:
        return False
    if ahead + 1 < end and tokens[ahead + 1].tag not in (words.AFTER, words.POST):
        return False
    start = at
    while start and tokens[start - 1].tag not in (STOP, COMMA, *VERBS):
        start -= 1
    return not any(
        tokens[here].tag == ORG and (here == 0 or tokens[here - 1].tag != words.FROM)
        for here in range(start, at)
    )


def is_no_news(tokens: list[Token], start: int, end: int) -> bool:
    """A question ("卸任?公司回应"), a board, or what was months before ("七个月前刚被挖走")."""
    asked = end < len(tokens) and tokens[end].low == "?"
    answered = any(token.low in ("回应", "回應") for token in tokens[end : end + 6])
    if asked and (tokens[end - 1].low in ("吗", "呢") or answered):
        return True
    return any(
        token.low == "董事会"
        or (token.tag == words.EX and tokens[at - 1].low in ("个月", "年", "天", "岁"))
        for at, token in enumerate(tokens[start:end], start)
    )


def is_vetoed(tokens: list[Token], start: int, at: int, end: int) -> bool:
    near = tokens[max(start, at - REACH) : at]
    if any(token.tag in (words.NOT, words.PERHAPS) for token in near):
        return True
    whole = tokens[start:end]
    return any(
        token.tag == words.LEGAL or token.low in ("被拒", "遭拒", "轮值", "失败")
        for token in whole
    )


def standing_of(tokens: list[Token], at: int) -> Standing:
    heard = any(
        tokens[near].tag == words.HEARD and not is_object(tokens, near, at)
        for near in range(max(at - 8, 0), at)
    )
    return "rumoured" if heard else "reported"


def is_object(tokens: list[Token], at: int, verb: int) -> bool:
    """ "将其招入麾下": no future, the object of taking stands before the verb."""
    after = tokens[at + 1]
    whom = after.tag == PERSON or after.low.startswith(("其", "他", "她"))
    return tokens[at].low in ("将", "將") and whom and tokens[verb].tag == words.HIRE
