"""One English headline or sentence while it is read: its clauses and what they are about."""

from __future__ import annotations

from dataclasses import dataclass, field

from talent.intake.reader import english_words as words
from talent.intake.reader.drafts import Draft, Paid
from talent.intake.reader.english_groups import Group, people_in, subject
from talent.intake.reader.english_tokens import ORG, STOP, Token
from talent.intake.reader.english_triggers import HIRE, JOIN, PASSIVE, Trigger
from talent.intake.reader.posts import english_post
from talent.intake.reader.values import Kind, Mention, Part, Span


@dataclass(slots=True)
class Reading:
    """One headline or sentence while it is read."""

    tokens: list[Token]
    part: Part
    drafts: list[Draft] = field(default_factory=list)
    # Who left without a word of where from, and the verb: the text around may tell.
    homeless: list[tuple[Mention, Span]] = field(default_factory=list)
    # Who the sentence was last about: for "he", "to join", "and founds".
    about: Group = field(default_factory=Group)
    reached: int = 0


def bounds(reading: Reading, trigger: Trigger) -> tuple[int, int]:
    """The clause: from the stop before the verb to the stop after it."""
    tokens = reading.tokens
    start = trigger.start
    while start > 0 and tokens[start - 1].tag != STOP:
        start -= 1
    end = trigger.end
    while end < len(tokens) and tokens[end].tag != STOP:
        end += 1
    return max(start, min(reading.reached, trigger.start)), end


def movers(reading: Reading, trigger: Trigger, start: int) -> Group:
    """Who the verb is about; "he", "to join" and "and joins" look back."""
    tokens = reading.tokens
    group = subject(tokens, start, trigger.start)
    inherits = tokens[trigger.start - 1].low == "to" if trigger.start else False
    if group and not (inherits and reading.about.persons and not group.persons):
        reading.about = group
        return group
    if reading.about:
        reading.about.current = reading.about.current or group.current
        return reading.about
    last = trigger.start - 1
    while last > start and tokens[last].low in words.BE:
        last -= 1
    if last >= start and tokens[last].low in words.NUMBERS:
        return Group(role=tokens[last], current=group.current)  # "at least three leave"
    between = tokens[start : trigger.start]
    if any(token.low.split("'")[0] in words.PRONOUNS for token in between):
        earlier = people_in(tokens[:start])
        return Group(
            persons=earlier[-1:], role=tokens[trigger.start], current=group.current
        )
    return group


def mention(token: Token | None, part: Part) -> Mention | None:
    if token is None:
        return None
    slugs = token.name.slugs if token.name else ()
    text = token.text
    if token.name is not None and (token.tag == ORG or " " in token.name.spelling):
        # As the record spells the company; in full whom the text called by the last name.
        text = token.name.spelling
    return Mention(text, slugs, Span(token.start, token.end, part))


def propose(
    reading: Reading, kind: Kind, group: Group, organization: Token | None,
    counterpart: Token | None, trigger: Trigger, *, confidence: float,
) -> None:  # fmt: skip
    place = mention(organization, reading.part)
    if organization is None or place is None:
        return
    if counterpart is not None and counterpart.low == organization.low:
        counterpart = None
    verb = reading.tokens[trigger.start]
    _, end = bounds(reading, trigger)
    post = english_post(reading.tokens, trigger.start, end, reading.part)
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
                paid=PAID.get(trigger.sense, "") if kind == "hire" else "",
                title=post if kind == "hire" else None,
            )
        )


# Money in a headline is what a hire cost; beside a joining it must follow the verb.
PAID: dict[str, Paid] = {HIRE: "anywhere", PASSIVE: "anywhere", JOIN: "after"}


def announced_elsewhere(tokens: list[Token], end: int) -> list[Token]:
    """ "Hires three researchers: A, B and C"; "Who are A and B? Meta hires …"."""
    stops = [at for at, token in enumerate(tokens) if token.tag == STOP]
    if end + 1 < len(tokens) and tokens[end].low == ":":
        stop = next((at for at in stops if at > end), len(tokens))
        people = people_in(tokens[end + 1 : stop])
        if people and any(token is people[0] for token in tokens[end + 1 : end + 4]):
            return people
    if tokens[0].low == "who" and len(tokens) > 1 and tokens[1].low in ("is", "are"):
        return people_in(tokens[: stops[0] if stops else 0])
    return []
