"""Who and where: people and companies in the stretch of tokens before or after a verb."""

from __future__ import annotations

from dataclasses import dataclass, field

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

# As far as a role may stand from the company it belongs to ("Google DeepMind gaming
# research lead"), in tokens.
REACH = 7


@dataclass(slots=True)
class Group:
    """The people of one phrase and where it says they are, were, or come from."""

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


def group_in(tokens: list[Token]) -> Group:
    """Read a whole phrase, left to right."""
    group = Group()
    group.persons = people_in(tokens)
    first = tokens.index(group.persons[0]) if group.persons else len(tokens)
    for at, token in enumerate(tokens):
        if token.tag == ROLE and not is_modifier(tokens, at):
            group.role = group.role or token
        elif is_company(tokens, at, first):
            place(group, tokens, at)
    return group


def is_modifier(tokens: list[Token], at: int) -> bool:
    """ "Talent war", "staff exodus": a role word that only qualifies the next word."""
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return tokens[at].low in MODIFYING and after in MODIFIED


MODIFYING = frozenset(
    [
        "talent",
        "staff",
        "employee",
        "executive",
        "hire",
        "leadership",
        "hires",
        "lead",
        "recruit",
        "talents",
        "executives",
        "leader",
    ]
)
MODIFIED = frozenset(
    [
        "war",
        "wars",
        "battle",
        "race",
        "drain",
        "raid",
        "raids",
        "heist",
        "fight",
        "grab",
        "push",
        "spree",
        "shuffle",
        "shakeup",
        "shake-up",
        "reshuffle",
        "exodus",
        "churn",
        "memo",
        "retention",
        "pool",
        "search",
        "showdown",
        "shift",
        "bonuses",
    ]
)


def people_in(tokens: list[Token]) -> list[Token]:
    """The last named people of the phrase, and those listed with them."""
    last = None
    for at in range(len(tokens) - 1, -1, -1):
        if is_person_like(tokens[at]) and not is_employer_shape(tokens, at):
            last = at
            break
    if last is None:
        return []
    people = [tokens[last]]
    at = before_role(tokens, last - 1)
    while at > 0 and tokens[at].low in words.LISTING:
        while at > 0 and tokens[at].low in words.LISTING:
            at -= 1
        if not is_person_like(tokens[at]) or is_employer_shape(tokens, at):
            break
        people.insert(0, tokens[at])
        at = before_role(tokens, at - 1)
    return people


def before_role(tokens: list[Token], at: int) -> int:
    """ "Sam Altman and co-founder Greg Brockman": step over the second one's role."""
    back = at
    while back > max(at - 4, 0) and tokens[back].tag in (ROLE, ORG):
        back -= 1
    return back if tokens[back].low in ("and", "&") else at


def is_employer_shape(tokens: list[Token], at: int) -> bool:
    """ "Ex-Criteo Labs executive": an unknown name between "ex" or "at" and a role."""
    token = tokens[at]
    if token.possessive:
        return True
    if token.tag == PERSON:
        return False
    before = tokens[at - 1].low if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.given or (at and tokens[at - 1].tag == ROLE):
        return False  # names follow roles: "scientist Jiaming Song"
    if (
        before in words.EX
        or before in words.FROM
        or before in words.AT
        or before == "of"
    ):
        return True
    return after is not None and after.tag == ROLE


def is_company(tokens: list[Token], at: int, first_person: int) -> bool:
    token = tokens[at]
    if token.tag == ORG:
        return True
    if token.tag != RUN or token.given:
        return False
    return token.brand or is_employer_shape(tokens, at) or (
        " " not in token.text and at < first_person and at + 1 < len(tokens)
        and tokens[at + 1].tag == ROLE
    )  # fmt: skip


def place(group: Group, tokens: list[Token], at: int) -> None:
    before = tokens[at - 1].low if at else ""
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if after in ("parent", "rival", "competitor", "paper") or before in (
        "by",
        "than",
        "against",
        "into",
    ):
        return
    if before in words.FROM:
        group.origin = group.origin or tokens[at]
    elif is_past(tokens, at):
        group.past = group.past or tokens[at]
    else:
        group.current = group.current or tokens[at]


def is_past(tokens: list[Token], at: int) -> bool:
    """ "Former longtime Apple designer", "who led robotics at Tesla"."""
    for back in range(at - 1, max(at - 4, -1), -1):
        if tokens[back].tag in (ORG, STOP, PERSON):
            break
        if tokens[back].low in words.EX:
            return True
    return any(token.low in words.WHO for token in tokens[max(at - REACH, 0) : at])


def subject(tokens: list[Token], start: int, verb: int) -> Group:
    """The people a verb's left side is about.

    A comma right before the verb closes an aside: "Ana Lee, Gemini co-lead, joins".
    """
    end = verb
    while end > start and is_helper(tokens[end - 1]):
        end -= 1
    start = past_setting(tokens, start, end)
    phrase = tokens[start:end]
    if phrase and phrase[-1].low == ",":
        opening = next(
            (at for at in range(len(phrase) - 2, -1, -1) if phrase[at].low == ","), None
        )
        if opening is not None and people_in(phrase[:opening]):
            group = group_in(phrase[:opening])
            aside = group_in(phrase[opening:])
            group.current = group.current or aside.current
            group.past = group.past or aside.past
            return group
    group = group_in(phrase)
    drop_overruled(group, phrase)
    return group


def past_setting(tokens: list[Token], start: int, end: int) -> int:
    """ "After 11 years, Ana Lee exits", "Zoox grows as Ana Lee joins": past the other clause."""
    if start < end and tokens[start].low in words.SETTING:
        for at in range(start, end - 1):
            if tokens[at].low == "," and group_in(tokens[at + 1 : end]):
                return at + 1
    for at in range(end - 2, start, -1):
        opens = (
            tokens[at].low in ("as", "while", "when") and tokens[at - 1].low != "known"
        )
        if not opens:
            continue
        clause = group_in(tokens[at + 1 : end])
        if clause.persons or (clause and not group_in(tokens[start:at])):
            return at + 1
    return start


def is_helper(token: Token) -> bool:
    return token.tag == WORD and (
        token.low in words.BE
        or token.low in ADVERBS
        or token.low in words.LIKELY
        or token.low.endswith("ly")
        or token.low == "to"
        or token.low in words.SAYING
        or token.low in words.PRONOUNS
    )


ADVERBS = frozenset(
    [
        "now",
        "just",
        "also",
        "already",
        "officially",
        "back",
        "still",
        "about",
        "all",
        "again",
        "both",
        "finally",
        "quietly",
        "soon",
        "then",
        "will",
        "abruptly",
        "suddenly",
        "once",
        "keeps",
    ]
)


def drop_overruled(group: Group, phrase: list[Token]) -> None:
    """ "Sam Altman's head of design": the role after the name is somebody else."""
    if not group.persons:
        return
    last = phrase.index(group.persons[-1])
    if group.persons[-1].possessive:
        group.persons = []
        return
    for at in range(last + 1, len(phrase)):
        if phrase[at].tag == ROLE and not is_modifier(phrase, at):
            between = {token.low for token in phrase[last + 1 : at]}
            if not between & {",", "and", "the", "as", "a", "(", "—"}:
                group.persons = []
            return
