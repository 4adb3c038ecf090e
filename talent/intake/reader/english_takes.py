"""English verbs whose subject takes or loses somebody: hires, poaches, loses, fires."""

from __future__ import annotations

from talent.intake.reader import english_words as words
from talent.intake.reader.english_companies import (
    company_after,
    hirer,
    last_company,
    origin_in,
    stand_in,
)
from talent.intake.reader.english_groups import Group, group_in
from talent.intake.reader.english_reading import (
    Reading,
    announced_elsewhere,
    bounds,
    movers,
    propose,
)
from talent.intake.reader.english_tokens import (
    ORG,
    PERSON,
    ROLE,
    RUN,
    Token,
    is_person_like,
)
from talent.intake.reader.english_triggers import Trigger, is_noun


def hires(reading: Reading, trigger: Trigger) -> None:
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    verb = tokens[trigger.start].low
    organization = hirer(tokens, start, trigger.start)
    first = tokens[trigger.end] if trigger.end < end else None
    if verb == "meet":
        organization = first if first is not None and first.tag == ORG else None
    if organization is None and first is not None and first.low in words.FROM:
        recruiting_from(reading, trigger, end)
        return
    organization = organization or last_company(tokens[:start])
    phrase_end = object_end(tokens, trigger.end, end)
    if is_thing_first(tokens, trigger.end, phrase_end):
        return
    group = group_in(tokens[trigger.end : phrase_end])
    if not group and first is not None:
        group = without_object(tokens, trigger, first, end)
    if not group and first is not None and first.low in ("him", "her", "them"):
        # Whom the text just spoke of: "lured him away from Apple".
        origin = origin_in(tokens[trigger.end : end])
        group = Group(persons=reading.about.persons, origin=origin)
    if verb in words.ACQUIRE and (not group.role or group.persons or group.current):
        return
    if any(token.low in FIRMS for token in tokens[trigger.end : trigger.end + 3]):
        return  # "to acquire startup founded by ex-Google researchers"
    if not group or organization is None:
        return
    if (
        not group.persons
        and first is not None
        and first is group.current
        and is_person_like(first)
    ):
        # "Names Sunita Parekh chief executive": no company stands there.
        group.persons, group.current = [first], None
    if not group.persons:
        group.persons = announced_elsewhere(tokens, end)
    taken(reading, trigger, group, organization, phrase_end)


FIRMS = frozenset({"startup", "start-up", "company", "firm", "maker", "developer"})


def taken(
    reading: Reading,
    trigger: Trigger,
    group: Group,
    organization: Token,
    phrase_end: int,
) -> None:
    tokens = reading.tokens
    _, end = bounds(reading, trigger)
    source = group.origin or origin_in(tokens[phrase_end - 1 : end]) or group.source
    if source is not None and source.low == organization.low:
        source = None
    propose(reading, "hire", group, organization, source, trigger, confidence=0.85)
    reading.about = Group(group.persons, group.role, organization)
    if source is not None and tokens[trigger.start].low in words.TAKING_AWAY:
        propose(
            reading, "departure", group, source, organization, trigger, confidence=0.7
        )


def without_object(
    tokens: list[Token], trigger: Trigger, first: Token, end: int
) -> Group:
    """ "Hires from Meta", "raids OpenAI", "new hires from": people nobody names."""
    verb = tokens[trigger.start]
    if first.low in words.FROM or is_noun(tokens, trigger.start):
        return Group(role=verb, origin=origin_in(tokens[trigger.start : end]))
    if verb.low in words.RAID:
        return Group(role=verb, origin=first)
    return Group()


def object_end(tokens: list[Token], start: int, end: int) -> int:
    """The object of a verb ends at "to", "as", "after"; "of" and "from" belong to it."""
    for at in range(start + 1, end):
        low = tokens[at].low
        if low in ("to", "for", "as", "in", "on", "with") or low in words.SETTING:
            after = tokens[at + 1].low if at + 1 < end else ""
            if not (low == "over" and after.isdigit()):
                return at
    return end


AWARDS = frozenset({"award", "prize", "medal", "fellowship"})


def is_thing_first(tokens: list[Token], start: int, end: int) -> bool:
    """ "Names its new model", "loses appeal": things, before anybody is spoken of."""
    for at in range(start, end):
        token = tokens[at]
        after = tokens[at + 1] if at + 1 < end else None
        if token.low.rsplit(" ", 1)[-1] in AWARDS:
            return True
        if token.tag in (PERSON, ROLE) or (token.tag == RUN and is_person_like(token)):
            return False
        if token.low in words.THINGS and not (after is not None and after.tag == ROLE):
            return True
    return False


def recruiting_from(reading: Reading, trigger: Trigger, end: int) -> None:
    """ "Recruiting from DeepMind, Microsoft builds a team"."""
    tokens = reading.tokens
    comma = next((at for at in range(trigger.end, end) if tokens[at].low == ","), None)
    if comma is None or tokens[trigger.end].low not in words.FROM:
        return
    here = company_after(tokens, comma + 1, end)
    if here is not None:
        group = Group(role=tokens[trigger.start])
        source = origin_in(tokens[trigger.end : comma])
        propose(reading, "hire", group, tokens[here], source, trigger, confidence=0.6)


def bolsters(reading: Reading, trigger: Trigger) -> None:
    """ "Bolsters its team with researchers from DeepMind"."""
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    organization = hirer(tokens, start, trigger.start)
    joint = next(
        (at for at in range(trigger.end, end) if tokens[at].low == "with"), None
    )
    if joint is None or organization is None:
        return
    group = group_in(tokens[joint + 1 : end])
    told = group.source or any(t.low in words.EX for t in tokens[joint + 1 : end])
    if group and told and not is_thing_first(tokens, joint + 1, end):
        propose(
            reading, "hire", group, organization, group.source, trigger, confidence=0.6
        )


def is_hired(reading: Reading, trigger: Trigger) -> None:
    """The passive: "poached by Meta", "named CEO of Microsoft AI"."""
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    group = movers(reading, trigger, start)
    if not group:
        return
    organization = source = None
    for at in range(trigger.end, end):
        token, before = tokens[at], tokens[at - 1].low
        if token.tag in (ORG, RUN) and before in words.FROM:
            source = source or token
        elif before == "by" and (owner := words.OWNERS.get(token.low)):
            organization = organization or stand_in(token, owner)
        elif token.tag == ORG or (token.tag == RUN and before in ("by", "at", "of")):
            organization = organization or token
        elif token.low in words.SETTING and token.low not in ("as", "after"):
            break
    source = source or group.origin or group.current or group.past
    organization = organization or last_company(tokens[:start])
    if organization is None and source is not group.origin:
        organization, source = source, None
    propose(reading, "hire", group, organization, source, trigger, confidence=0.8)
    if source is not None and tokens[trigger.start].low in words.TAKING_AWAY:
        propose(
            reading, "departure", group, source, organization, trigger, confidence=0.7
        )


def loses(reading: Reading, trigger: Trigger) -> None:
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    organization = hirer(tokens, start, trigger.start)
    phrase_end = object_end(tokens, trigger.end, end)
    group = group_in(tokens[trigger.end : phrase_end])
    if not group or is_thing_first(tokens, trigger.end, phrase_end):
        return
    target = None
    for at in range(phrase_end, end):
        if tokens[at].low == "to":
            here = company_after(tokens, at + 1, min(at + 6, end))
            target = tokens[here] if here is not None else None
            break
    reading.about = group
    propose(reading, "departure", group, organization, target, trigger, confidence=0.8)
    propose(reading, "hire", group, target, organization, trigger, confidence=0.75)


def fires(reading: Reading, trigger: Trigger) -> None:
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    organization = hirer(tokens, start, trigger.start)
    group = group_in(tokens[trigger.end : object_end(tokens, trigger.end, end)])
    if group:
        propose(
            reading, "departure", group, organization, None, trigger, confidence=0.75
        )


def succeeds(reading: Reading, trigger: Trigger) -> None:
    """ "Ana Lee succeeds Bo Ek as CEO of Zoox", "Bo Ek is replaced by Stripe's Ana Lee"."""
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    by = next((at for at in range(trigger.end, end) if tokens[at].low == "by"), None)
    before = group_in(tokens[start : trigger.start])
    after = group_in(tokens[trigger.end if by is None else by + 1 : end])
    newcomer, incumbent = (before, after) if by is None else (after, before)
    if not newcomer.persons or not incumbent:
        return
    organization = incumbent.current or incumbent.past
    propose(
        reading,
        "hire",
        newcomer,
        organization,
        newcomer.source,
        trigger,
        confidence=0.6,
    )
