"""Chinese clauses of leaving: who leaves where, and the company that loses them."""

from __future__ import annotations

from talent.intake.reader import chinese_words as words
from talent.intake.reader.chinese_groups import (
    Group,
    company_in,
    first_company,
    group_in,
    maker_in,
)
from talent.intake.reader.chinese_reading import (
    Reading,
    clause_end,
    movers,
    named,
    propose,
)
from talent.intake.reader.chinese_tokens import COMMA, Token
from talent.intake.reader.values import Span

ALSO = frozenset({"还", "還", "还有", "還有", "有", "是", "包括"})


def leaves(reading: Reading, start: int, at: int, end: int) -> None:
    tokens = reading.tokens
    verb = tokens[at]
    passive = next(
        (i for i in range(start, at) if tokens[i].tag == words.PASSIVE), None
    )
    place = company_in(tokens, at + 1, min(at + 4, end))
    if passive is not None:
        by = first_company(tokens[passive:at])
        group = movers(reading, start, passive)
        propose(
            reading, "departure", group, by or group.current, None, at, confidence=0.75
        )
        return
    group = movers(reading, start, at)
    others = named_after(tokens, start, at, end)
    if others is not None and not group_in(tokens[start:at]).persons:
        group = others  # "同样离开的还有…"
    if verb.low in ("解雇", "解僱", "开除") and (
        right := group_in(tokens[at + 1 : end])
    ):
        group, place = right, first_company(tokens[start:at])
    if not group and verb.low in ("走了", "再走", "又走", "已走", "跑了"):
        # "OpenAI又走了两位研究员"
        group = group_in(tokens[at + 1 : end]) or Group(role=verb)
        group.current = group.current or first_company(tokens[start:at])
    if len(many := listed_groups(tokens[start:at])) > 1:
        for each in many:
            propose(reading, "departure", each, each.current, None, at, confidence=0.75)
        return
    if not group and place is not None:
        after_of = group_in(tokens[at + 1 : end])
        if at + 2 < end and tokens[at + 2].tag == words.OF and after_of:
            group = after_of  # "出走谷歌的八子之一"
        else:
            reading.left = (place, verb)
            return
    if not group:
        return
    place = place or group.current or group.origin or group.past
    if place is None and not is_joined(reading):
        place = reading.company
        if place is None and not reading.about.persons:
            place = reading.about.current  # "Meta再失一员大将。庞若鸣已离职"
    place = place or maker_in(tokens[start:at])
    if place is None:
        span = Span(verb.start, verb.end, reading.part)
        reading.homeless += [(person, span) for person in named(reading, group)]
    propose(reading, "departure", group, place, None, at, confidence=0.8)
    # Wherever they were before: what comes next comes from here.
    reading.about = Group(group.persons, group.role, origin=place)


def named_after(tokens: list[Token], start: int, at: int, end: int) -> Group | None:
    """ "离开(Meta)的还有Avi Verma和Ethan Knight": told of, with the company they left."""
    near = range(at + 1, min(at + 3, end))
    of = next((here for here in near if tokens[here].tag == words.OF), None)
    if of is None:
        return None
    first = of + 1
    if first < len(tokens) and tokens[first].tag == COMMA:
        first += 1  # "离开的,还有…"
        end = clause_end(tokens, first)
    if first >= end or tokens[first].low not in ALSO:
        return None
    group = group_in(tokens[first:end])
    # "在Meta待了一个月就走的还有…": where they were stands before the verb.
    group.origin = company_in(tokens, at + 1, of) or first_company(tokens[start:at])
    return group if group.persons else None


def is_joined(reading: Reading) -> bool:
    """ "…投奔Anthropic:人才为什么逃离大厂?": nobody says it is Anthropic that they leave."""
    company = reading.company
    return company is not None and any(
        draft.kind == "hire" and draft.organization.text.lower() == company.low
        for draft in reading.drafts
    )


def listed_groups(tokens: list[Token]) -> list[Group]:
    """ "阿里副总裁金榕、京东副总裁于建强…": everybody with a company of their own."""
    groups = []
    start = 0
    for end in range(len(tokens) + 1):
        if end == len(tokens) or tokens[end].tag == words.LIST:
            group = group_in(tokens[start:end])
            if group.persons and group.current:
                groups.append(group)
            start = end + 1
    return groups


def loses(reading: Reading, start: int, at: int, end: int) -> None:
    tokens = reading.tokens
    place = first_company(tokens[start:at]) or reading.company
    group = group_in(tokens[at + 1 : end])
    if group:
        propose(reading, "departure", group, place, None, at, confidence=0.75)
        reading.about = Group(group.persons, group.role, place)
    else:
        reading.losing = place
        if at + 1 == end < len(tokens) and tokens[end].low == ":":
            # "OpenAI人才流失:11位联创仅剩3人": told unless the next clauses tell more.
            reading.exodus = (place, at)
