"""One Chinese headline or sentence while it is read: what it told, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from talent.intake.reader import chinese_words as words
from talent.intake.reader.chinese_groups import Group, group_in
from talent.intake.reader.chinese_tokens import COMMA, STOP, Token
from talent.intake.reader.drafts import Draft, Paid
from talent.intake.reader.posts import chinese_post
from talent.intake.reader.values import Kind, Mention, Part, Span

# Money in a headline is what a hire cost; beside a joining it must follow the verb.
PAIR = frozenset({"两人", "二人", "兩人"})
PAID: dict[str, Paid] = {words.HIRE: "anywhere", words.JOIN: "after"}


@dataclass(slots=True)
class Reading:
    """One headline or sentence while it is read."""

    tokens: list[Token]
    part: Part
    drafts: list[Draft] = field(default_factory=list)
    # Who left without a word of where from, and the verb: the text around may tell.
    homeless: list[tuple[Mention, Span]] = field(default_factory=list)
    about: Group = field(default_factory=Group)
    # The company the text started with, for clauses that leave theirs out.
    company: Token | None = None
    first: Token | None = None
    # Left by somebody whom only the next clause names: "离开阿里后,贾扬清…".
    left: tuple[Token, Token] | None = None
    # "Meta人才流失:…": whom the people of the next clauses come from.
    losing: Token | None = None
    exodus: tuple[Token | None, int] | None = None
    verbs: int = 0


def clause_end(tokens: list[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].tag not in (STOP, COMMA):
        at += 1
    return at


def mention(token: Token | None, part: Part) -> Mention | None:
    if token is None:
        return None
    slugs = token.name.slugs if token.name else ()
    is_latin = token.name is not None and token.name.spelling.isascii()
    text = token.name.spelling if token.name and is_latin else token.text
    return Mention(text, slugs, Span(token.start, token.end, part))


def named(reading: Reading, group: Group) -> list[Mention]:
    every = [mention(person, reading.part) for person in group.persons]
    return [one for one in every if one is not None]


def propose(
    reading: Reading, kind: Kind, group: Group, organization: Token | None,
    counterpart: Token | None, at: int, *, confidence: float,
) -> None:  # fmt: skip
    place = mention(organization, reading.part)
    if organization is None or place is None:
        return
    if counterpart is not None and counterpart.low == organization.low:
        counterpart = None
    verb = reading.tokens[at]
    paid = PAID.get(verb.tag, "after" if verb.low == "到" else "")
    post = chinese_post(
        reading.tokens, at, clause_end(reading.tokens, at), reading.part
    )
    people: list[Token | None] = [*group.persons] or [None]
    for person in people:
        reading.drafts.append(
            Draft(
                kind,
                mention(person, reading.part),
                place,
                mention(counterpart, reading.part),
                verb=Span(verb.start, verb.end, reading.part),
                confidence=confidence if person else confidence - 0.1,
                paid=paid if kind == "hire" else "",
                title=post if kind == "hire" else None,
            )
        )


def movers(reading: Reading, start: int, at: int) -> Group:
    """Who the verb is about; a clause that names nobody goes on about the same people."""
    group = group_in(reading.tokens[start:at])
    if group.persons:
        return group
    told = reading.about.persons
    if len(told) == 2 and group.role is not None and group.role.low in PAIR:
        group.persons = told  # "两人双双离开": those just named
        return group
    if group.role is not None:
        # "苏炜杰履新:宾大教授出任…": the role is the person's of the clause before.
        if reading.about.persons and not reading.drafts:
            group.persons = reading.about.persons
        return group
    if reading.about:
        older = reading.about
        if is_earlier(reading.tokens[:at]):
            # "此前…2021年加入苹果": nobody came there from where they went later.
            older = Group(older.persons, older.role)
        return Group(
            older.persons, older.role, group.current or older.current,
            group.past or older.past, group.origin or older.origin,
        )  # fmt: skip
    return group


def is_earlier(tokens: list[Token]) -> bool:
    return any(token.low in words.EARLIER for token in tokens)


def told_left(reading: Reading, group: Group, target: Token | None) -> None:
    """Now that somebody is named, who left in the clause before."""
    if reading.left is None or not group:
        return
    place, verb = reading.left
    reading.left = None
    at = reading.tokens.index(verb)
    propose(reading, "departure", group, place, target, at, confidence=0.7)
    group.origin = group.origin or place
