"""Chinese clauses: a verb of moving, who moves, from where and to where."""

from __future__ import annotations

from itertools import pairwise

from talent.intake.reader import chinese_words as words
from talent.intake.reader.chinese_groups import (
    Group,
    company_in,
    first_company,
    group_in,
    is_person,
    stand_in,
)
from talent.intake.reader.chinese_leaving import leaves, loses
from talent.intake.reader.chinese_reading import (
    Reading,
    clause_end,
    mention,
    movers,
    named,
    propose,
    told_left,
)
from talent.intake.reader.chinese_senses import (
    VERBS,
    is_no_news,
    is_vetoed,
    sense_of,
    standing_of,
)
from talent.intake.reader.chinese_tokens import (
    COMMA,
    ORG,
    STOP,
    Token,
    find_people,
    tokens_of,
)
from talent.intake.reader.drafts import Draft, merged
from talent.intake.reader.english_words import OWNERS
from talent.intake.reader.names import KnownNames
from talent.intake.reader.posts import chinese_post
from talent.intake.reader.text import MOST_VERBS, simplified
from talent.intake.reader.values import Part

SUCCEEDING = frozenset({"接任", "接棒", "接替", "接手", "继任", "繼任"})


def read(
    text: str, folded: str, names: KnownNames, *, part: Part = "title",
    about: Group | None = None, company: Token | None = None,
) -> Reading:  # fmt: skip
    """All events that a headline or a sentence tells. `about`: who the one before told of."""
    tokens = find_people(tokens_of(text, simplified(folded), names))
    for before, token in pairwise(tokens):
        if before.tag == words.BOUND and token.low == ":":
            token.tag = words.WORD  # "下一站:OpenAI" is one clause
    reading = Reading(tokens, part, about=about or Group(), company=company)
    if any(token.tag == words.DENIED for token in tokens):
        return reading
    start = 0
    for end in range(len(tokens) + 1):
        if end < len(tokens) and tokens[end].tag not in (STOP, COMMA):
            continue
        if start < end:
            clause(reading, start, end)
        start = end + 1
    if not reading.drafts and reading.exodus is not None:
        place, verb = reading.exodus
        someone = Group(role=tokens[verb])
        propose(reading, "departure", someone, place, None, verb, confidence=0.6)
    if reading.about.persons:
        told_left(reading, reading.about, None)
    adopt(reading.drafts)
    if part == "title":
        adopt_named(reading)
    reading.drafts = merged(reading.drafts)
    return reading


def adopt(drafts: list[Draft]) -> None:
    """ "又一大佬投奔Anthropic!…约翰宣布离职": the one named is the one meant."""
    named = {draft.person.text for draft in drafts if draft.person}
    for draft in drafts:
        if draft.person is None and len(named) == 1 and draft.kind == "hire":
            draft.person = next(d.person for d in drafts if d.person)


def adopt_named(reading: Reading) -> None:
    """ "从DeepMind到Anthropic:AlphaGo作者Emil Strand换东家": the only one named is the one meant,
    unless they are named for what they say.
    """
    tokens, drafts = reading.tokens, reading.drafts
    people = [token for token in tokens if is_person(token)]
    if not drafts or len(people) != 1 or any(draft.person for draft in drafts):
        return
    at = tokens.index(people[0])
    colon = at and any(token.low == ":" for token in tokens[:at])
    speaks = at + 1 < len(tokens) and tokens[at + 1].low in (*SPEAKING, ":")
    if colon and not speaks and len(drafts) == 1:
        drafts[0].person = mention(people[0], reading.part)


SPEAKING = frozenset(
    {"称", "表示", "说", "谈", "回应", "稱", "說", "談", "回應", "发文"}
)


def clause(reading: Reading, start: int, end: int) -> None:
    tokens = reading.tokens
    if is_no_news(tokens, start, end):
        return
    floor, told = start, len(reading.drafts)
    reading.company = reading.company or reading.first
    reading.first = reading.first or first_company(tokens[start:end])
    for at in range(start, end):
        sense = sense_of(tokens, at, end)
        if sense is None or is_vetoed(tokens, start, at, end):
            continue
        reading.verbs += 1
        if reading.verbs > MOST_VERBS:
            return
        before = len(reading.drafts)
        FRAMES[sense](reading, floor, at, end)
        for draft in reading.drafts[before:]:
            draft.standing = standing_of(tokens, at)
        is_idle = sense == words.JOIN and len(reading.drafts) == before
        if sense != words.POST and not is_idle:
            floor = at + 1  # "入职一个月后离开Meta": one clause about the same people
    if tokens[end - 1].tag == words.AFTER and floor == start:
        return  # "张亚勤之后,又一位…": not about him
    if len(reading.drafts) > told:
        return
    group = group_in(tokens[start:end])
    if group.persons or (group and not reading.about.persons):
        reading.about = group


# -- Somebody moves --------------------------------------------------------------------


def joins(reading: Reading, start: int, at: int, end: int) -> None:
    tokens = reading.tokens
    group = movers(reading, start, at)
    target = company_in(tokens, at + 1, end, unknown=True)
    if tokens[at].tag == words.BOUND and not (
        group.persons and has_left(reading, group)
    ):
        return
    if tokens[at].low == "到" and not group:
        group = Group(role=tokens[at], origin=group.origin or tokens[at - 1])
    if target is None and at + 1 == end and group:
        welcomed = any(
            token.low in ("官宣", "迎", "宣布") for token in tokens[start:at]
        )
        target = group.current if welcomed else reading.company
        group.current = None if welcomed else group.current
    if not group or target is None:
        return
    source = group.origin or group.current or group.past or reading.losing
    source = source or stayed_at(tokens[:start])
    if source is not None and source.low == target.low:
        source = group.past
    told_left(reading, group, target)
    # "加入Meta不足一个月,便重返OpenAI" leaves Meta too.
    moved_on = source is not None and any(
        draft.kind == "hire"
        and draft.organization.text == source.text
        and draft.person is not None
        and draft.person.text in [mention.text for mention in named(reading, group)]
        for draft in reading.drafts
    )
    propose(reading, "hire", group, target, source, at, confidence=0.85)
    if (
        source is not None
        and source is not group.past
        and (moved_on or tokens[at].low in words.CROSSING)
    ):
        propose(reading, "departure", group, source, target, at, confidence=0.75)
    reading.about = Group(group.persons, group.role, target)


def stayed_at(tokens: list[Token]) -> Token | None:
    """ "在Meta待了不到一年,…回到谷歌": where from, if the clause before says so."""
    for at in range(len(tokens) - 2, 0, -1):
        stayed = tokens[at + 1].low.startswith(STAYED)
        if tokens[at].tag == ORG and tokens[at - 1].low == "在" and stayed:
            return tokens[at]
    return None


STAYED = ("待", "呆", "干", "效力", "工作", "任职")


def has_left(reading: Reading, group: Group) -> bool:
    """Whether there is somewhere that these people come from: customers choose, too."""
    return bool(
        group.source
        or reading.left
        or any(draft.kind == "departure" for draft in reading.drafts)
    )


def takes_post(reading: Reading, start: int, at: int, end: int) -> None:
    """ "出任OpenAI研究顾问"; without a company after it only "新任" and "官宣" tell news."""
    tokens = reading.tokens
    group = movers(reading, start, at)
    target = company_in(tokens, at + 1, end)
    if not group or (target is None and not group.persons):
        return
    source = group.origin or group.current or group.past
    if target is None and tokens[at].low in SUCCEEDING and is_vacant(reading):
        target = reading.company or reading.first  # "联创离任,前谷歌高管…接任总裁"
    elif target is None:
        fresh = any(token.low in ("新任", "官宣") for token in tokens[start:at])
        target, source = (group.current if fresh else None), group.origin
    for draft in reading.drafts:
        if draft.kind == "hire" and (
            target is None or draft.organization.text == target.text
        ):
            # "加盟腾讯,任首席科学家": the post of the hire just told.
            post = chinese_post(tokens, at, clause_end(tokens, at), reading.part)
            draft.title = draft.title or post
            return
    told_left(reading, group, target)
    propose(reading, "hire", group, target, source, at, confidence=0.75)


def is_vacant(reading: Reading) -> bool:
    """Whether somebody just left the company the text began with."""
    company = reading.company or reading.first
    return company is not None and any(
        draft.kind == "departure" and draft.organization.text.lower() == company.low
        for draft in reading.drafts
    )


def founds(reading: Reading, start: int, at: int, end: int) -> None:
    tokens = reading.tokens
    group = movers(reading, start, at)
    target = company_in(tokens, at + 1, end, unknown=True)
    made = at + 1 < end and tokens[at + 1].tag == words.OF  # "朱军创办的…": long ago
    if not group or target is None or made:
        return
    told_left(reading, group, target)
    source = group.origin or group.past or group.current
    propose(reading, "hire", group, target, source, at, confidence=0.65)


# -- A company takes or loses somebody -------------------------------------------------


def hires(reading: Reading, start: int, at: int, end: int) -> None:
    tokens = reading.tokens
    verb = tokens[at].low
    passive = next(
        (i for i in range(start, at) if tokens[i].tag == words.PASSIVE), None
    )
    if passive is not None:
        by = group_in(tokens[passive:at])
        hirer, group = by.current, movers(reading, start, passive)
        group.origin = by.origin or group.origin
    else:
        left = group_in(tokens[start:at])
        hirer = left.current or owner_in(tokens[:at]) or reading.company
        group = group_in(tokens[at + 1 : end])
        group.origin = group.origin or left.origin
        if not group and any(
            token.low in ("把", "将", "將") for token in tokens[start:at]
        ):
            # "把庞若鸣从苹果挖到Meta": the object stands before the verb.
            group = movers(reading, start, at)
            group.origin = left.origin
            hirer = company_in(tokens, at + 1, end) or hirer
        if not group.persons and (listed := people_after_colon(tokens, end)).persons:
            group.persons, group.past = listed.persons, group.past or listed.source
        if (
            not group
            and (verb in ("挖人", "挖墙脚", "招揽") or verb in words.TAKING_AWAY)
            and group.source
        ):
            group.role = tokens[at]
    if not group or hirer is None:
        return
    source = group.source
    if source is not None and source.low == hirer.low:
        source = None
    propose(reading, "hire", group, hirer, source, at, confidence=0.85)
    reading.about = Group(group.persons, group.role, hirer)
    if source is not None and verb in words.TAKING_AWAY and source is not group.past:
        propose(reading, "departure", group, source, hirer, at, confidence=0.7)


def owner_in(tokens: list[Token]) -> Token | None:
    """ "小扎豪掷143亿美元,拿下…": Meta."""
    for token in reversed(tokens):
        if company := OWNERS.get(token.low):
            return stand_in(token, company)
    return None


def people_after_colon(tokens: list[Token], end: int) -> Group:
    """ "迎来新CTO:原微软首席研究员贺知行"; nobody where the clause has a verb of its own."""
    if end >= len(tokens) or tokens[end].low != ":":
        return Group()
    stop = next(
        (i for i in range(end + 1, len(tokens)) if tokens[i].tag in (STOP, COMMA)),
        len(tokens),
    )
    listed = tokens[end + 1 : stop]
    if any(token.tag in VERBS for token in listed):
        return Group()
    return group_in(listed)


FRAMES = {
    words.JOIN: joins, words.HIRE: hires, words.LEAVE: leaves, words.LOSE: loses,
    words.FOUND: founds, words.POST: takes_post, words.FIRED: leaves,
}  # fmt: skip
