"""Who and where in a stretch of Chinese: people, their role, and where they are or were."""

from __future__ import annotations

from dataclasses import dataclass, field

from talent.intake.reader import chinese_words as words
from talent.intake.reader import english_words
from talent.intake.reader.chinese_tokens import (
    COMMA,
    GAP,
    LATIN,
    ORG,
    PERSON,
    STOP,
    Token,
    is_latin_person,
)
from talent.intake.reader.text import is_han

# Whose product is spoken of: enough for where somebody left.
MAKERS = {"豆包": "字节", "千问": "阿里", "通义": "阿里", "混元": "腾讯", "文心": "百度",
          "可灵": "快手", "chatgpt": "OpenAI", "gpt-4o": "OpenAI", "gemini": "谷歌",
          "siri": "苹果", "claude": "Anthropic", "grok": "xAI", "鸿蒙": "华为"}  # fmt: skip


@dataclass(slots=True)
class Group:
    persons: list[Token] = field(default_factory=list)
    role: Token | None = None
    current: Token | None = None
    past: Token | None = None
    origin: Token | None = None

    def __bool__(self) -> bool:
        return bool(self.persons or self.role)

    @property
    def source(self) -> Token | None:
        return self.origin or self.current or self.past


def is_person(token: Token) -> bool:
    return token.tag == PERSON or (token.tag == LATIN and is_latin_person(token))


def group_in(tokens: list[Token]) -> Group:
    group = Group()
    group.persons = people_in(tokens)
    roles = [token for token in tokens if token.tag == words.ROLE]
    group.role = roles[0] if roles else None
    for at in range(len(tokens)):
        if is_company(tokens, at):
            place(group, tokens, at)
    if group.current is not None and is_schooling(group.current, roles):
        group.current = None
    return group


PUPILS = frozenset({"高徒", "弟子", "得意门生", "学生", "徒弟", "团队", "助手", "爱徒"})


def people_in(tokens: list[Token]) -> list[Token]:
    """The last people named, and those listed with them."""
    last = next(
        (at for at in range(len(tokens) - 1, -1, -1) if is_person(tokens[at])), None
    )
    if last is None or tokens[min(last + 1, len(tokens) - 1)].low in PUPILS:
        return []  # "李飞飞高徒" is somebody else
    people = [tokens[last]]
    at = last - 1
    while at > 0 and tokens[at].tag == words.LIST and is_person(tokens[at - 1]):
        people.insert(0, tokens[at - 1])
        at -= 2
    return people


def is_company(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.tag == ORG:
        return True
    if token.tag == GAP and 2 <= len(token.low) <= 6 and "·" not in token.low:
        # "前达摩院研究员": an unknown name between "former" and a role.
        around = [t.tag for t in tokens[at - 1 : at + 2 : 2]] if at else []
        return around == [words.EX, words.ROLE]
    if (
        token.tag != LATIN
        or is_latin_person(token)
        or (at and tokens[at - 1].tag == ORG)
    ):
        return False
    # "前Stripe高管": an unknown Latin word before a role.
    before = tokens[at - 1].tag if at else ""
    after = tokens[at + 1].tag if at + 1 < len(tokens) else ""
    return after in (words.ROLE, words.OF) or before in (words.EX, words.FROM)


def place(group: Group, tokens: list[Token], at: int) -> None:
    before = tokens[at - 1] if at else None
    tag = before.tag if before else ""
    if tag == words.FROM or (before is not None and before.low in ("离开", "離開")):
        group.origin = group.origin or tokens[at]
    elif tag == words.EX or (
        at + 1 < len(tokens) and tokens[at + 1].low in ("前", "原")
    ):
        group.past = group.past or tokens[at]
    else:
        group.current = group.current or tokens[at]


def is_schooling(company: Token, roles: list[Token]) -> bool:
    """ "清华学霸翁家翌" studied there; "清华教授唐杰" works there."""
    if not any(mark in company.text for mark in words.UNIVERSITY):
        return False
    return not any(role.low in words.CHAIRS for role in roles)


def first_company(tokens: list[Token]) -> Token | None:
    group = Group()
    for at in range(len(tokens)):
        if tokens[at].tag == ORG:
            place(group, tokens, at)
    return group.current


def company_in(
    tokens: list[Token], start: int, end: int, *, unknown: bool = False
) -> Token | None:
    """The company a verb leads to, before the next verb; `unknown`: also one never heard of."""
    for at in range(start, end):
        token = tokens[at]
        if token.tag == ORG and tokens[at - 1].tag not in (words.FROM, words.EX):
            return token
        if owner := english_words.OWNERS.get(token.low):
            return stand_in(token, owner)
        if token.tag == LATIN and not is_latin_person(token):
            return token
        if token.tag == LATIN and at + 1 in (end, len(tokens)):
            return token  # "创立Mirage Works"
        if token.tag in (words.JOIN, words.LEAVE, words.FOUND, words.HIRE, STOP, COMMA):
            return None
    return unknown_company(tokens, start, end) if unknown else None


def unknown_company(tokens: list[Token], start: int, end: int) -> Token | None:
    """ "入职深度原理", "创办新公司无界方舟": what is left over, to the clause's end."""
    while start < end and tokens[start].low in COMPANY_WORDS:
        start += 1
    rest = tokens[start:end]
    low = "".join(token.low for token in rest)
    if not 2 <= len(low) <= 8 or not any(token.tag == GAP for token in rest):
        return None
    if not all(token.tag == GAP or is_filler(token) for token in rest):
        return None
    text = "".join(token.text for token in rest)
    return Token(ORG, low, rest[0].start, rest[-1].end, text)


COMPANY_WORDS = frozenset(
    {"新公司", "公司", "创业公司", "初创公司", "独角兽", "对手", "竞争对手"}
)


def is_filler(token: Token) -> bool:
    """An everyday word of one character, which a company's name may hold."""
    brief = token.tag == words.WORD and len(token.low) == 1 and is_han(token.low)
    return brief and token.low not in "的了后年月日天岁是在由于"


def maker_in(tokens: list[Token]) -> Token | None:
    for token in tokens:
        if company := MAKERS.get(token.low):
            return stand_in(token, company)
    return None


def stand_in(token: Token, company: str) -> Token:
    return Token(ORG, company.lower(), token.start, token.end, company)
