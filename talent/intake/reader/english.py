"""English clauses: a verb of moving, who moves, from where and to where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from talent.intake.reader import english_words as words
from talent.intake.reader.drafts import merged
from talent.intake.reader.english_groups import Group, group_in, people_in
from talent.intake.reader.english_moves import follows, founds, joins, leaves
from talent.intake.reader.english_reading import Reading, mention, propose
from talent.intake.reader.english_takes import (
    bolsters,
    fires,
    hires,
    is_hired,
    loses,
    succeeds,
)
from talent.intake.reader.english_tokens import (
    ORG,
    ROLE,
    Token,
    is_person_like,
    tokens_of,
)
from talent.intake.reader.english_triggers import (
    BOLSTER,
    FIRED,
    FOLLOW,
    FOUND,
    HIRE,
    JOIN,
    LEAVE,
    LOSE,
    PASSIVE,
    SUCCEED,
    Trigger,
    trigger_at,
)
from talent.intake.reader.english_vetoes import standing_of, vetoed
from talent.intake.reader.names import KnownNames, Name
from talent.intake.reader.text import MOST_VERBS
from talent.intake.reader.values import Part


def read(
    text: str, folded: str, names: KnownNames, *, part: Part = "title",
    about: Group | None = None, people: Mapping[str, Name] | None = None,
) -> Reading:  # fmt: skip
    """All events that a headline or a sentence tells. `about`: who the one before told of."""
    reading = Reading(tokens_of(text, folded, names, people), part)
    if about is not None:
        reading.about = about
    nouns = []
    for trigger in islice(triggers(reading.tokens), MOST_VERBS):
        if is_going_noun(reading.tokens, trigger):
            nouns.append(trigger)
        elif not vetoed(reading.tokens, trigger.start, trigger.end):
            follow(reading, trigger)
    for trigger in nouns:
        # "Flee to Anthropic in talent exodus" is already told.
        if not reading.drafts and not vetoed(
            reading.tokens, trigger.start, trigger.end
        ):
            follow(reading, trigger)
    if not reading.drafts:
        from_to(reading)
    reading.drafts = merged(reading.drafts)
    if part == "title":
        adopt_speaker(reading)
    return reading


def adopt_speaker(reading: Reading) -> None:
    """ "Why I left Zoox: Ana Lee on burnout": the only one named speaks."""
    people = people_in(reading.tokens)
    if len(reading.drafts) == len(people) == 1 and any(
        token.low == "i" for token in reading.tokens
    ):
        draft = reading.drafts[0]
        draft.person = draft.person or mention(people[0], reading.part)


def from_to(reading: Reading) -> None:
    """ "From Google to Anthropic: why Ana Lee made the switch": a move without its verb."""
    tokens = reading.tokens
    shape = [token.low if token.tag != ORG else ORG for token in tokens[:4]]
    group = group_in(tokens[4:])
    if shape == ["from", ORG, "to", ORG] and group:
        trigger = Trigger(JOIN, 2, 3)
        propose(reading, "hire", group, tokens[3], tokens[1], trigger, confidence=0.6)


def triggers(tokens: list[Token]) -> Iterator[Trigger]:
    at = 0
    while at < len(tokens):
        trigger = trigger_at(tokens, at)
        if trigger is not None:
            yield trigger
        at = trigger.end if trigger is not None else at + 1


def is_going_noun(tokens: list[Token], trigger: Trigger) -> bool:
    """ "Departures:", "talent exodus", "exit from"; but "Weil and Peebles exit" is a verb."""
    token = tokens[trigger.start]
    if token.low not in words.LEAVE_NOUN:
        return False
    before = tokens[trigger.start - 1] if trigger.start else None
    is_verb = (
        before is not None
        and not before.possessive
        and (is_person_like(before) or before.tag == ROLE)
    )
    return not (token.low in ("exit", "exits") and is_verb)


def follow(reading: Reading, trigger: Trigger) -> None:
    before = len(reading.drafts)
    FRAMES[trigger.sense](reading, trigger)
    if len(reading.drafts) > before:
        reading.reached = trigger.end
        standing = standing_of(reading.tokens, trigger.start)
        for draft in reading.drafts[before:]:
            draft.standing = standing


FRAMES = {
    HIRE: hires, JOIN: joins, LEAVE: leaves, LOSE: loses, FOUND: founds,
    PASSIVE: is_hired, FIRED: fires, FOLLOW: follows, BOLSTER: bolsters, SUCCEED: succeeds,
}  # fmt: skip
