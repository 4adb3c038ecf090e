"""Why a verb of moving may announce no move: denied, only thought of, or another sense."""

from __future__ import annotations

from talent.intake.reader import english_words as words
from talent.intake.reader.english_tokens import STOP, Token
from talent.intake.reader.values import Standing

# As far as "not", "tried to" and their like reach, in tokens.
REACH = 5
# "After leaving Apple", "after he left": what was before the news.
PAST = frozenset(["after", "since", "before", "without", "despite"])


def vetoed(tokens: list[Token], start: int, end: int) -> bool:
    first = sentence_start(tokens, start)
    before = tokens[first:start]
    near = since_but(before[-REACH:])
    last = [token.low for token in near[-2:]]
    if last and (last[-1] in PAST or (last[0] in PAST and last[-1] in words.PRONOUNS)):
        return True
    if last in (["plans", "to"], ["plan", "to"]) and tokens[start].low in words.HIRE:
        return True  # "plans to hire 200 engineers"
    if last and last[-1] == "from" and tokens[start].low.endswith("ing"):
        return True  # "keeps him from leaving"
    if is_about_a_board(tokens, end):
        return True
    if last and last[-1] in words.SAYING and tokens[start].low.endswith("ing"):
        return True  # "says losing researchers hurts"
    if any(token.low in words.NOT or token.low in words.PERHAPS for token in near):
        return True
    if any(
        token.low in words.LEGAL or token.low in words.DENIED_LATER for token in before
    ):
        return True
    if before and before[0].low in words.QUESTIONS:
        return True
    after = tokens[end : end + 3]
    if after and after[0].low in ("users", "board", "questions", "room"):
        return True
    return [token.low for token in before[:2]] == ["how", "to"]


def since_but(tokens: list[Token]) -> list[Token]:
    """ "Couldn't buy the start-up, but poached its CEO": "but" ends a denial."""
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].low in ("but", "—"):
            return tokens[at + 1 :]
    return tokens


def is_about_a_board(tokens: list[Token], end: int) -> bool:
    """A seat on a board is no employment; "brings on board" is another matter."""
    for at in range(end, min(end + 9, len(tokens))):
        token = tokens[at]
        if token.tag == STOP or token.low in words.SETTING - {"as"}:
            return False
        if token.low in ("board", "boards") and tokens[at - 1].low not in ("on", "a"):
            return True
    return False


def sentence_start(tokens: list[Token], at: int) -> int:
    while at > 0 and not (tokens[at - 1].tag == STOP and tokens[at - 1].low in ".!?;|"):
        at -= 1
    return at


def standing_of(tokens: list[Token], at: int) -> Standing:
    """What is only expected or heard is a rumour; the rest is a report."""
    near = tokens[max(at - 8, 0) : at + 1]
    if any(token.low in words.LIKELY for token in near):
        return "rumoured"
    return "reported"
