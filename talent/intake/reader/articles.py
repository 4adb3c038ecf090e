"""An article's first paragraphs, sentence by sentence, joined to what its headline told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from talent.common.partial_dates import PartialDate
from talent.intake.reader import chinese, english
from talent.intake.reader.amounts import amounts
from talent.intake.reader.chinese_groups import Group as ChineseGroup
from talent.intake.reader.dates import after, date_in, months_later
from talent.intake.reader.drafts import (
    Draft,
    complete_all,
    fill,
    is_before,
    is_same,
    is_twin,
)
from talent.intake.reader.english_groups import Group as EnglishGroup
from talent.intake.reader.names import KnownNames, Name
from talent.intake.reader.payments import assign, pay_among
from talent.intake.reader.text import LONGEST_TEXT, LONGEST_TITLE, fold, is_chinese
from talent.intake.reader.values import Amount, Mention, Span

# An article whose headline announces nothing tells its news at once or not at all.
LEAD_SENTENCES = 3
MOST_SENTENCES = 80
ENDS = frozenset("。!?！？\n")
PAY_WORDS = ("package", "pay", "compensation", "offer", "salary", "bonus", "contract",
             "薪", "报酬", "方案", "合同", "签约", "奖金", "条件", "待遇",
             "身价")  # fmt: skip
MENTIONS = ("person", "organization", "counterpart", "title")


@dataclass(slots=True)
class Article:
    names: KnownNames
    published: PartialDate | None
    drafts: list[Draft]
    # Last names already introduced, so that "Pang" is understood.
    people: dict[str, Name] = field(default_factory=dict)
    # Hires that the sentence before told of.
    hires: list[Draft] = field(default_factory=list)
    # The company that everybody left of whom the last sentence about leaving told.
    left: Mention | None = None
    # Whom the sentence before was about, in either language; its names where they stand.
    english: EnglishGroup | None = None
    chinese: ChineseGroup | None = None


def extended(
    drafts: list[Draft], text: str, *, names: KnownNames, published: PartialDate | None
) -> list[Draft]:
    """The headline's drafts and the text's, one per event."""
    article = Article(names, published, drafts)
    for draft in drafts:
        introduce(article, draft.person)
    remember_left(article, drafts)
    for number, (start, sentence) in enumerate(sentences(text[:LONGEST_TEXT])):
        if number == MOST_SENTENCES:
            break
        sentence = sentence[:LONGEST_TITLE]
        found = told(article, sentence, fold(sentence), start)
        article.hires = [draft for draft in found if draft.kind == "hire"]
        if number >= LEAD_SENTENCES and not article.drafts:
            found = [d for d in found if d.person is not None and d.person.slugs]
        for draft in found:
            add(article, draft)
        remember_left(article, found)
    complete_all(article.drafts)
    return article.drafts


def remember_left(article: Article, found: list[Draft]) -> None:
    left = [draft.organization for draft in found if draft.kind == "departure"]
    if left:
        one = all(is_same(left[0], other) for other in left)
        article.left = left[0] if one else None


def told(article: Article, sentence: str, folded: str, start: int) -> list[Draft]:
    """What one sentence tells, with its money and dates, at its place in the text."""
    found = read(article, sentence, folded, start)
    pay = pay_among(amounts(folded, part="text"), folded)
    assign(found, pay)
    for draft in found:
        verb = draft.verb.start if draft.verb else 0
        draft.date = date_in(folded, verb, known=article.published)
    if (months := months_later(folded)) is not None:
        date_after(article, found, months)
    found = [draft for draft in found if not is_background(draft, found)]
    found = [draft for draft in found if not is_disproved(article, draft)]
    for draft in found:
        shift(draft, start)
    if pay and not any(draft.amount for draft in found):
        belated(article, pay[0], sentence, folded, start)
    return found


def date_after(article: Article, found: list[Draft], months: int) -> None:
    """ "Seven months later": after the person's hire that was told of before, where it is dated.

    The news of the headline is as old as the headline.
    """
    for draft in found:
        earlier = [
            hire.date
            for hire in article.drafts
            if hire.kind == "hire"
            and hire.date is not None
            and is_same(hire.person, draft.person)
            and is_same(hire.organization, draft.organization)
            == (draft.kind == "departure")
        ]
        if draft.date is None and earlier and not is_headline(article, draft):
            draft.date = after(max(earlier, key=lambda date: date.first), months)


def is_headline(article: Article, draft: Draft) -> bool:
    return any(
        other.verb is not None and other.verb.part == "title" and is_twin(other, draft)
        for other in article.drafts
    )


def homeless(article: Article, people: list[tuple[Mention, Span]]) -> list[Draft]:
    """ "A vice president quit after half a year": somebody left, and the sentence names no place.

    It is the one that those left who were told of last.
    """
    if article.left is None:
        return []
    place = Mention(article.left.text, article.left.slugs)
    return [
        Draft("departure", person, place, verb=verb, confidence=0.6)
        for person, verb in people
        if not any(
            draft.kind == "departure" and is_same(draft.person, person)
            for draft in article.drafts
        )
    ]


def is_background(draft: Draft, found: list[Draft]) -> bool:
    """ "加入Meta一个月就离开Meta": the joining is not the news, and its date is not told."""
    return draft.kind == "hire" and any(
        other.kind == "departure"
        and is_same(other.person, draft.person)
        and is_same(other.organization, draft.organization)
        and follows(other, draft)
        and (draft.date is None or draft.date == other.date)
        for other in found
    )


def follows(draft: Draft, other: Draft) -> bool:
    return bool(draft.verb and other.verb and draft.verb.start > other.verb.start)


def is_disproved(article: Article, draft: Draft) -> bool:
    """Nobody came, in 2021, from where they went only later: taken over from what was told.

    Such a hire stays and forgets where from; a departure from there is none.
    """
    place = draft.counterpart if draft.kind == "hire" else draft.organization
    if place is None or place.span is None or place.span.start >= 0:
        return False  # said in this very sentence
    later = any(
        other.kind == "hire"
        and is_same(other.person, draft.person)
        and is_same(other.organization, place)
        and is_before(draft.date, other.date or article.published)
        for other in article.drafts
    )
    if later and draft.kind == "hire":
        draft.counterpart = None
    return later and draft.kind == "departure"


def read(article: Article, sentence: str, folded: str, start: int) -> list[Draft]:
    if is_chinese(folded):
        stand_at(article.chinese, -start)
        heard = chinese.read(
            sentence, folded, article.names, part="text", about=article.chinese
        )
        article.chinese = heard.about
        stand_at(article.chinese, start)
        return heard.drafts + homeless(article, heard.homeless)
    for hit in article.names.find(sentence, folded):
        if hit.name.sort == "person":
            spelling = hit.name.spelling
            introduce(article, Mention(spelling, hit.name.slugs))
    stand_at(article.english, -start)
    spoken = english.read(
        sentence, folded, article.names,
        part="text", about=article.english, people=article.people,
    )  # fmt: skip
    article.english = spoken.about
    stand_at(article.english, start)
    return spoken.drafts + homeless(article, spoken.homeless)


def stand_at(group: ChineseGroup | EnglishGroup | None, by: int) -> None:
    """Move a group's names from places in the text to places in a sentence, or back."""
    if group is None:
        return
    every = (group.role, group.current, group.past, group.origin)
    tokens = [*group.persons, *(token for token in every if token is not None)]
    for token in {id(token): token for token in tokens}.values():
        token.start += by
        token.end += by


def introduce(article: Article, person: Mention | None) -> None:
    if person is not None and " " in person.text:
        last = fold(person.text.rsplit(" ", 1)[1])
        article.people.setdefault(last, Name("person", person.text, person.slugs))


def add(article: Article, draft: Draft) -> None:
    """A text's unnamed people are told of only where they fill in the headline's."""
    introduce(article, draft.person)
    twin = next(
        (
            other
            for other in article.drafts
            if is_twin(other, draft) and (other.date or not is_old(article, draft))
        ),
        None,
    )
    if twin is not None:
        fill(twin, draft)
    elif draft.person is not None:
        draft.confidence -= 0.1
        article.drafts.append(draft)


def is_old(article: Article, draft: Draft) -> bool:
    """Dated more than a year ago: not what the headline calls new."""
    if draft.date is None or article.published is None:
        return False
    return (article.published.first - draft.date.last).days > 366


def belated(
    article: Article, amount: Amount, sentence: str, folded: str, start: int
) -> None:
    """ "His package is worth 200 million": the last hire told of, by a company named here.

    Where no company is named, the one hire of the sentence before.
    """
    if not any(word in folded for word in PAY_WORDS):
        return
    hits = article.names.find(sentence, folded)
    places = [hit for hit in hits if hit.name.sort == "organization"]
    just_told = article.hires if not places else []
    if len({draft.person.text for draft in just_told if draft.person}) > 1:
        just_told = []  # whose it is, nobody can say
    for draft in reversed(article.drafts):
        is_open = draft.kind == "hire" and draft.amount is None
        is_named = fold(draft.organization.text) in folded
        if is_open and (is_named or any(is_twin(draft, hire) for hire in just_told)):
            draft.amount = placed(amount, start)
            return


def shift(draft: Draft, by: int) -> None:
    """Positions in a sentence to positions in the text."""
    for name in MENTIONS:
        mention = getattr(draft, name)
        if mention is not None and mention.span is not None:
            setattr(draft, name, replace(mention, span=moved(mention.span, by)))
    if draft.verb is not None:
        draft.verb = moved(draft.verb, by)
    if draft.amount is not None:
        draft.amount = placed(draft.amount, by)


def moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.part)


def placed(amount: Amount, by: int) -> Amount:
    return replace(amount, span=moved(amount.span, by)) if amount.span else amount


def sentences(text: str) -> list[tuple[int, str]]:
    """Where each sentence starts, and its text."""
    found = []
    start = 0
    for at, letter in enumerate(text):
        ends = letter in ENDS or (
            letter == "."
            and text[at + 1 : at + 2].isspace()
            and not is_abbreviation(text, at)
        )
        if ends:
            found.append((start, text[start : at + 1]))
            start = at + 1
    found.append((start, text[start:]))
    return [(begin, sentence) for begin, sentence in found if sentence.strip()]


def is_abbreviation(text: str, at: int) -> bool:
    """ "A.I. ", "Inc. ", "J. Smith": no end of a sentence."""
    word = text[max(at - 12, 0) : at].rsplit(" ", 1)[-1]
    return (
        len(word) == 1 or "." in word or word in ("Inc", "Mr", "Ms", "Dr", "Corp", "St")
    )
