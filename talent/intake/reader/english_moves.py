"""English verbs whose subject moves: joins, leaves, founds, follows."""

from __future__ import annotations

from talent.intake.reader import english_words as words
from talent.intake.reader.drafts import Draft
from talent.intake.reader.english_companies import (
    company_after,
    last_company,
    led_lab,
    listed,
    maker,
    origin_in,
    origins_in,
    other_company,
    past_as,
    stand_in,
)
from talent.intake.reader.english_groups import Group, group_in, subject
from talent.intake.reader.english_reading import (
    Reading,
    announced_elsewhere,
    bounds,
    mention,
    movers,
    propose,
)
from talent.intake.reader.english_tokens import (
    ORG,
    RUN,
    STOP,
    Token,
    is_person_like,
)
from talent.intake.reader.english_triggers import Trigger, trigger_at
from talent.intake.reader.values import Mention, Span


def joins(reading: Reading, trigger: Trigger) -> None:
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    if is_asides_verb(tokens, start, trigger.start) or is_purpose(reading, trigger):
        return
    group = movers(reading, trigger, start)
    first = tokens[trigger.end] if trigger.end < end else None
    if not group or (first is not None and first.low in words.THINGS):
        return
    if not group.persons:
        group.persons = announced_elsewhere(tokens, end)
    source = group.origin
    here = company_after(tokens, past_as(tokens, trigger.end, end), end)
    if here is not None and tokens[here - 1].low in words.FROM:
        source = tokens[here]
        here = company_after(tokens, here + 1, end)
    target = tokens[here] if here is not None else owners_company(tokens, trigger, end)
    if target is None and trigger.end == end:
        # "Inside Zoox's spree: 24 have joined", "Zoox grows as Ana Lee comes aboard"
        target = other_company(tokens[: trigger.start], group.current)
    if target is None:
        return
    source = source or origin_in(tokens[trigger.start : end])
    if not any(token.low in REFUSED for token in tokens[:start]):
        source = source or origin_in(tokens[:start])
    stayed = stay_in(tokens[trigger.end : end]) or stay_in(tokens[: trigger.start])
    source = source or stayed or group.current or group.past
    between = tokens[start : trigger.start]
    if source is None and any(token.low == "as" for token in between):
        source = other_company(
            between, target
        )  # "Zoox shaken as co-founders return to"
    low = tokens[trigger.start].low
    if low.startswith("head") and any(p.low in words.FAMOUS for p in group.persons):
        return  # "Tim Cook heads to the White House": for a visit
    crossing = low in words.CROSSING or low in words.LEAVE
    if stayed is not None and source is stayed and reading.part == "text":
        crossing = True
    if crossing and source is None:
        source = last_company(tokens[: trigger.start])
    goes = low in words.LEAVE  # "leaves for": the departure is the news
    if crossing and goes:
        propose(reading, "departure", group, source, target, trigger, confidence=0.85)
    sure = 0.8 if goes else 0.85
    propose(reading, "hire", group, target, source, trigger, confidence=sure)
    if crossing and not goes:
        propose(reading, "departure", group, source, target, trigger, confidence=0.8)
    if reading.part == "text":
        reading.about = Group(group.persons, group.role, target)  # "He left later"


def stay_in(tokens: list[Token]) -> Token | None:
    """ "Back to OpenAI after a month at Meta": where from."""
    for at in range(1, len(tokens)):
        if tokens[at].tag == ORG and tokens[at - 1].low in ("at", "with"):
            before = [token.low for token in tokens[max(at - 8, 0) : at]]
            if "after" in before and any(low in STAYS for low in before):
                return tokens[at]
    return None


# "He turned down $1 billion from Meta. Now he joins …": no origin.
REFUSED = frozenset(["down", "refused", "rejected", "declined", "spurned"])
STAYS = frozenset(
    ["day", "days", "week", "weeks", "month", "months", "year", "years", "stint"]
)


def is_purpose(reading: Reading, trigger: Trigger) -> bool:
    """ "Alibaba recruits her to join its Qwen team": the hire is told."""
    before = reading.tokens[trigger.start - 1].low if trigger.start else ""
    return before == "to" and any(draft.paid == "anywhere" for draft in reading.drafts)


def owners_company(tokens: list[Token], trigger: Trigger, end: int) -> Token | None:
    """ "Joins Zuckerberg", "returns to Murati's start-up"."""
    for at in range(trigger.end, min(trigger.end + 3, end)):
        company = led_lab(tokens, at) or words.OWNERS.get(tokens[at].low)
        if company:
            return stand_in(tokens[at], company)
    return None


def leaves(reading: Reading, trigger: Trigger) -> None:
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    is_noun_here = tokens[trigger.start].low in words.LEAVE_NOUN
    if is_asides_verb(tokens, start, trigger.start):
        return
    group = movers(reading, trigger, start)
    if (
        is_noun_here
        and not group.persons
        and (owner := owner_of(tokens, start, trigger.start))
    ):
        group.persons = [owner]
    if not group and is_noun_here and is_a_noun(tokens, trigger.start):
        right = group_in(tokens[trigger.end : end])
        group.role, group.persons = tokens[trigger.start], right.persons
    if not group:
        return
    places, destination = left_and_next(tokens, trigger, end)
    fallback = group.current or group.origin or group.past
    if fallback is None and not places:
        fallback = last_company(tokens[: trigger.start])
        if is_spoken_for(reading, fallback):
            return
        fallback = fallback or maker(tokens[start : trigger.start])
    if not places and fallback is group.origin and fallback is not None:
        places = origins_in(tokens[start : trigger.start])
    if not places and fallback is not None:
        places = [fallback]
    if not group.persons and places:
        included(reading, trigger, end, places[0], destination)
    if not places and destination is None:
        verb = tokens[trigger.start]
        span = Span(verb.start, verb.end, reading.part)
        people = (mention(person, reading.part) for person in group.persons)
        reading.homeless += [(person, span) for person in people if person]
    for place in places[: 1 if group.persons else 3]:
        propose(
            reading, "departure", group, place, destination, trigger, confidence=0.85
        )
    if destination is not None:
        source = places[0] if places else None
        propose(reading, "hire", group, destination, source, trigger, confidence=0.75)


def same_place(mention: Mention, token: Token) -> bool:
    return mention.span is not None and mention.span.start == token.start


def is_spoken_for(reading: Reading, company: Token | None) -> bool:
    """ "Joins Meta as more researchers exit": they leave another company than the one joined."""
    return company is not None and any(
        draft.kind == "hire" and same_place(draft.organization, company)
        for draft in reading.drafts
    )


def included(
    reading: Reading,
    trigger: Trigger,
    end: int,
    place: Token,
    destination: Token | None,
) -> None:
    """ "Three more execs out, including Ana Lee": she and others."""
    tokens = reading.tokens
    at = next(
        (i for i in range(trigger.end, end) if tokens[i].low == "including"), None
    )
    if at is not None and (group := group_in(tokens[at:end])).persons:
        propose(
            reading, "departure", group, place, destination, trigger, confidence=0.75
        )
        for draft in reading.drafts[-len(group.persons) :]:
            draft.apart = True


def is_asides_verb(tokens: list[Token], start: int, verb: int) -> bool:
    """ "Rehires engineers who left": the clause's news is another verb's."""
    return (
        verb > 0
        and tokens[verb - 1].low == "who"
        and any(token.low in words.HIRE for token in tokens[start : verb - 1])
    )


def owner_of(tokens: list[Token], start: int, noun: int) -> Token | None:
    """ "LeCun's departure", "Dario Amodei's OpenAI exit"."""
    for at in range(noun - 1, max(noun - 3, start) - 1, -1):
        leads_on = noun + 1 < len(tokens) and tokens[noun + 1].low == "from"
        lone = tokens[at].tag == RUN and at == noun - 1 and leads_on
        if tokens[at].possessive and (lone or is_person_like(tokens[at])):
            return tokens[at]
        if tokens[at].tag != ORG:
            return None
    return None


def is_a_noun(tokens: list[Token], at: int) -> bool:
    """ "Amazon exits a partnership" is a verb without people; "an exit from" is not."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return (
        before is None
        or before.possessive
        or tokens[at].low not in ("exit", "exits")
        or after is None
        or after.low in ("from", "of", "at")
        or (before.tag not in (ORG, RUN) and after.low in words.SETTING | {"and", ","})
    )


def left_and_next(
    tokens: list[Token], trigger: Trigger, end: int
) -> tuple[list[Token], Token | None]:
    """The companies left, and where to, as far as what follows the verb says."""
    begin = past_as(tokens, trigger.end, end)
    here = company_after(tokens, begin, end)
    if here is None:
        return [], None
    if here + 1 < end and tokens[here + 1].low in ("offer", "offers", "bid", "talks"):
        return [], None  # "ditched Google offer"
    if leads_elsewhere(tokens, begin, here):
        direct = tokens[here - 1].low in ("for", "to")
        return [], tokens[here] if direct else None
    places = listed(tokens[:end], here)
    return places, destination_after(tokens, here + 2 * len(places) - 1, end)


def leads_elsewhere(tokens: list[Token], start: int, here: int) -> bool:
    """Whether the company stands after "for" or "to join": the next one, not the one left."""
    return tokens[here - 1].low in ("for", "to", "into") or any(
        trigger_at(tokens, at) or tokens[at].low in ("to", "for")
        for at in range(start, here)
    )


# "To lead a new studio at Meta" names the next company further on.
LEADING = frozenset(["lead", "head", "run", "oversee", "build", "start"])


def destination_after(tokens: list[Token], start: int, end: int) -> Token | None:
    """ "For Meta", "to OpenAI": within a few words after the company left."""
    for at in range(start, min(start + 3, end)):
        if tokens[at].low in ("for", "to"):
            if any(
                trigger_at(tokens, ahead) for ahead in range(at + 1, min(at + 3, end))
            ):
                return None  # "to join …": the next verb tells it
            reach = (
                10 if tokens[at + 1 : at + 2] and tokens[at + 1].low in LEADING else 5
            )
            here = company_after(tokens, at + 1, min(at + reach, end))
            return tokens[here] if here is not None else None
        if tokens[at].tag in (STOP, ORG):
            return None
    return None


def founds(reading: Reading, trigger: Trigger) -> None:
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    group = movers(reading, trigger, start)
    here = company_after(tokens, trigger.end, end)
    if not group or here is None or here - trigger.end > 8 or tokens[here].possessive:
        return
    if tokens[here - 1].low in words.AT:
        return  # "starts a new lab inside OpenAI"
    if any(token.low in words.THINGS for token in tokens[trigger.end : here]):
        return
    source = group.origin or group.current or group.past
    propose(reading, "hire", group, tokens[here], source, trigger, confidence=0.65)


def low_at(tokens: list[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) else ""


def follows(reading: Reading, trigger: Trigger) -> None:
    """ "Murati departs, and two top researchers follow"."""
    tokens = reading.tokens
    start, end = bounds(reading, trigger)
    group = subject(tokens, start, trigger.start)
    leaving = [draft for draft in reading.drafts if draft.kind == "departure"]
    after = tokens[trigger.end : trigger.end + 8]
    out = any(token.low in ("door", "exit", "exits") for token in after)
    if group.role and group.current and out:
        # "Several xAI engineers follow co-founder out the door".
        propose(
            reading, "departure", group, group.current, None, trigger, confidence=0.6
        )
        return
    here = next(
        (
            at
            for at in range(trigger.end, trigger.end + 4)
            if low_at(tokens, at) == "to"
        ),
        None,
    )
    if group.persons and here is not None:
        # "Her deputy Ana Lee follows her to Zoox".
        there = company_after(tokens, here + 1, min(here + 4, end))
        if there is not None:
            target, source = tokens[there], group.source
            propose(reading, "hire", group, target, source, trigger, confidence=0.65)
        return
    if not group or group.persons or not leaving:
        return
    verb = tokens[trigger.start]
    span = Span(verb.start, verb.end, reading.part)
    place = leaving[-1].organization
    reading.drafts.append(
        Draft("departure", None, place, verb=span, confidence=0.55, apart=True)
    )
