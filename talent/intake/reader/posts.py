"""The post somebody takes up, as printed: "chief scientist", "首席科学家"."""

from __future__ import annotations

from talent.intake.reader import chinese_tokens, chinese_words
from talent.intake.reader import english_words as words
from talent.intake.reader.english_tokens import ROLE, STOP, Token
from talent.intake.reader.values import Mention, Part, Span

LONGEST_POST = 9
NAMING = frozenset(
    {"names", "named", "name", "appoints", "appointed", "picks", "picked"}
)
ENDING = frozenset({"at", "in", "to", "for", "with", "on", "as", "from", "by", "and"})
BEFORE_POST = frozenset(
    {"its", "his", "her", "their", "the", "a", "an", "new", "first"}
)


def english_post(
    tokens: list[Token], verb: int, end: int, part: Part
) -> Mention | None:
    """After "as", or right after "named" or the name it names."""
    starts = [at + 1 for at in range(verb + 1, end) if tokens[at].low == "as"]
    if not starts and tokens[verb].low in NAMING:
        starts = [verb + 1]
    return phrase(tokens, starts[0], end, part) if starts else None


def phrase(tokens: list[Token], start: int, end: int, part: Part) -> Mention | None:
    """From the first word that may belong to a post to its role word."""
    first = last = None
    for at in range(start, min(start + LONGEST_POST, end)):
        token = tokens[at]
        if token.tag == STOP or (first is not None and token.low in ENDING):
            break
        if (
            token.tag not in ("word", ROLE)
            or token.low in BEFORE_POST
            or token.low in words.EX
        ):
            if first is not None and last is not None:
                break
            first = None
            continue
        first = at if first is None else first
        last = at if token.tag == ROLE else last
    if first is None or last is None or last < first:
        return None
    end_of = last + 1
    while end_of < min(last + 6, end) and tokens[last + 1].low == "of":
        if tokens[end_of].tag == STOP or tokens[end_of].low in ENDING:
            break
        end_of += 1
    chosen = tokens[first:end_of]
    if chosen[-1].tag not in ("word", ROLE):
        chosen = tokens[first : last + 1]
    span = Span(chosen[0].start, chosen[-1].end, part)
    return Mention(" ".join(token.text for token in chosen), (), span)


def chinese_post(
    tokens: list[chinese_tokens.Token], start: int, end: int, part: Part
) -> Mention | None:
    """After "任", "出任" or "为": up to the last role word of the clause."""
    begin = next(
        (
            at + 1
            for at in range(start, end)
            if tokens[at].tag == chinese_words.POST or tokens[at].low in ("为", "為")
        ),
        None,
    )
    if begin is None:
        return None
    while begin < end and tokens[begin].tag == chinese_tokens.ORG:
        begin += 1
    roles = [at for at in range(begin, end) if tokens[at].tag == chinese_words.ROLE]
    if not roles:
        return None
    chosen = tokens[begin : roles[-1] + 1]
    span = Span(chosen[0].start, chosen[-1].end, part)
    return Mention("".join(token.text for token in chosen), (), span)
