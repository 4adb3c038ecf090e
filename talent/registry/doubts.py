"""What looks wrong about an event or a person: for a curator to look at, never a refusal.

Everything about one event is asked in a handful of queries, however long the career is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from django.db import models
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate, Precision
from talent.registry.curation import other_half_of
from talent.registry.models import Event, Organization, Person
from talent.registry.models.events import Status
from talent.registry.models.names import HAN, WORD, spellings, words_of
from talent.registry.models.organizations import Seat
from talent.registry.models.people import PersonQuerySet

# Two reports of one move rarely differ by more.
SAME_EVENT = timedelta(days=60)
MOST_NAMESAKES, MOST_VARIED = 20, 4
# Two words of a name that share this much of their letters are probably one, mistyped.
ALIKE, LONG_WORD = 0.8, 5


@dataclass(frozen=True)
class Doubt:
    """One sentence, and the row it points to."""

    code: str
    sentence: str
    about: models.Model | None = None


def doubts_about(event: Event, *, today: date) -> list[Doubt]:
    """Everything that looks wrong about a saved event, the gravest first."""
    career = list(
        Event.objects.of_person(event.person)
        .exclude(status=Status.WITHDRAWN)
        .with_ends()
        .oldest_first()
    )
    others = [other for other in career if other.pk != event.pk]
    checks: list[Callable[[], Iterator[Doubt]]] = [
        lambda: without_source(event),
        lambda: twice(event, others),
        lambda: out_of_order(event, others),
        lambda: overlapping(event, others),
        lambda: one_half(event),
        lambda: odd_date(event, today),
        lambda: namesakes(event.person),
    ]
    return [doubt for check in checks for doubt in check()]


def without_source(event: Event) -> Iterator[Doubt]:
    if event.source_count == 0:
        yield Doubt(
            "no-source",
            _("This event is published without a source.")
            if event.status == Status.PUBLISHED
            else _("No source supports this event yet."),
        )


def twice(event: Event, others: list[Event]) -> Iterator[Doubt]:
    """The same person, company and kind at nearly the same time."""
    for other in others:
        if (
            other.kind == event.kind
            and other.company_id == event.company_id
            and near(event.date, other.date, SAME_EVENT)
        ):
            yield Doubt(
                "duplicate-event",
                _("This may be the same event as “%(event)s”, which is %(status)s.")
                % {"event": other, "status": other.get_status_display()},
                other,
            )


def out_of_order(event: Event, others: list[Event]) -> Iterator[Doubt]:
    """A departure recorded before the hire it belongs to.

    Who left first and was hired later may have come back: then the hire is marked as a return.
    """
    here = [other for other in others if other.company_id == event.company_id]
    hires = [other for other in here if other.is_hire]
    if event.is_hire:
        earlier = [hire for hire in hires if hire.chronology < event.chronology]
        for other in here:
            if (
                not other.is_hire
                and other.date.end <= event.date.first
                and not earlier
                and not event.stated_return
            ):
                yield Doubt(
                    "departure-first",
                    _(
                        "They left %(company)s before this hire: “%(event)s”. If they came "
                        "back, tick “return”."
                    )
                    % {"company": event.organization, "event": other},
                    other,
                )
        return
    later = [hire for hire in hires if hire.date.first >= event.date.end]
    if later and len(later) == len(hires) and not later[0].stated_return:
        yield Doubt(
            "departure-first",
            _("This departure comes before the hire: “%(event)s”.")
            % {"event": later[0]},
            later[0],
        )


def overlapping(event: Event, others: list[Event]) -> Iterator[Doubt]:
    """A hire while a stint elsewhere is not over. A chair kept at a university is no overlap."""
    if not event.is_hire or event.never_started:
        return
    for hire in others:
        if (
            not hire.is_hire
            or hire.never_started
            or hire.company_id in (event.company_id, event.counterpart_company_id)
            or Seat.ACADEMIA in (hire.organization.seat, event.organization.seat)
            or hire.chronology >= event.chronology
        ):
            continue
        after = [
            other
            for other in others
            if other.chronology > hire.chronology and not other.never_started
        ]
        left = next(
            (
                other
                for other in after
                if not other.is_hire and other.company_id == hire.company_id
            ),
            None,
        )
        if left is not None and left.date.first >= event.date.end:
            yield Doubt(
                "overlap",
                _("They were at %(company)s until %(date)s: “%(event)s”.")
                % {"company": hire.organization, "date": left.date, "event": left},
                left,
            )
        elif left is None and not any(
            other.is_hire
            and other.company_id != hire.company_id
            and other.chronology < event.chronology
            for other in after
        ):
            yield Doubt(
                "overlap",
                _(
                    "No end is recorded of their time at %(company)s, which began with "
                    "“%(event)s”; this hire will be taken as its end."
                )
                % {"company": hire.organization, "event": hire},
                hire,
            )


def one_half(event: Event) -> Iterator[Doubt]:
    """A move between two companies of which only one end is recorded."""
    if (
        event.counterpart is None
        or event.counterpart_company_id == event.company_id
        or other_half_of(event) is not None
    ):
        return
    yield missing_half(event)


def missing_half(event: Event) -> Doubt:
    return Doubt(
        "other-half",
        _("The departure from %(company)s is not recorded.")
        % {"company": event.counterpart}
        if event.is_hire
        else _("The hire by %(company)s is not recorded.")
        % {"company": event.counterpart},
        event.counterpart,
    )


def odd_date(event: Event, today: date) -> Iterator[Doubt]:
    day = event.happened_on
    if event.precision == Precision.DAY and (day.month, day.day) == (1, 1):
        yield Doubt(
            "new-year",
            _(
                "1 January is often a year that somebody turned into a day: write %(year)s "
                "if only the year is known."
            )
            % {"year": day.year},
        )
    if day > today:
        yield Doubt(
            "future", _("The date, %(date)s, lies ahead.") % {"date": event.date}
        )


def near(one: PartialDate, other: PartialDate, distance: timedelta) -> bool:
    return one.first - distance <= other.last and other.first <= one.last + distance


# -- People ------------------------------------------------------------------------------


def namesakes(person: Person) -> Iterator[Doubt]:
    """Unmerged people who may be the same one: by name, Chinese name or alias, or nearly.

    Two people with two different Chinese names are two people, whatever the Latin one says.
    """
    mine = names_of(person)
    for other in candidates(person):
        if (doubt := namesake(person, mine, other)) is not None:
            yield doubt


def namesake(
    person: Person, mine: dict[frozenset[str], str], other: Person
) -> Doubt | None:
    """Whether two people share a name, or nearly; `mine` are the names of the first."""
    if differ_in_chinese(person, other):
        return None
    theirs = names_of(other)
    if shared := mine.keys() & theirs.keys():
        sentence = _("Another person has the name “%(name)s”: %(person)s.")
        name = mine[next(iter(sorted(shared, key=str)))]
    elif alike(mine, theirs):
        sentence = _("“%(name)s” is spelt nearly like %(person)s.")
        name = person.name
    else:
        return None
    return Doubt("duplicate-person", sentence % {"name": name, "person": other}, other)


def candidates(person: Person) -> list[Person]:
    """People with all words of a name, or with all but one and that one nearly."""
    people = Person.objects.unmerged().exclude(pk=person.pk)
    found: dict[int, Person] = {}
    for name in {person.name, person.name_zh, *person.other_names} - {""}:
        for other in people.named(name).order_by("pk")[:MOST_NAMESAKES]:
            found[other.pk] = other
    words = words_of(person.name)
    if 2 <= len(words) <= MOST_VARIED and not HAN.search(person.name):
        for other in varied(people, words).order_by("pk")[:MOST_NAMESAKES]:
            found[other.pk] = other
    return list(found.values())


def varied(people: PersonQuerySet, words: list[str]) -> PersonQuerySet:
    """Each word in turn may be spelt otherwise, or, of three, be left out.

    The other words narrow the search down: looking for a whole name by likeness would read
    every person with a common one.
    """
    found = people.none()
    for number, word in enumerate(words):
        rest = people.named(" ".join([*words[:number], *words[number + 1 :]]))
        if len(words) == 2:
            rest = rest.filter(search_key__trigram_word_similar=word.lower())
        found = found | rest
    return found


def names_of(person: Person) -> dict[frozenset[str], str]:
    """Each name as the set of its folded words, whatever their order; both Chinese scripts."""
    names: dict[frozenset[str], str] = {}
    for name in (person.name, person.name_zh, *person.other_names):
        for spelling in spellings(name):
            if words := frozenset(WORD.findall(folded(spelling))):
                names.setdefault(words, name)
    return names


def folded(text: str) -> str:
    """Like `registry_search_fold` in PostgreSQL: without accents, in lower case."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def differ_in_chinese(one: Person, other: Person) -> bool:
    return bool(one.name_zh and other.name_zh) and not (
        spellings(one.name_zh) & spellings(other.name_zh)
    )


def alike(mine: Iterable[frozenset[str]], theirs: Iterable[frozenset[str]]) -> bool:
    """One longer word is spelt a little otherwise, or one name leaves a middle name out.

    Short names are told apart by one letter (Wang Lei, Wang Wei), Chinese ones by one sign.
    """
    return any(
        one_word_apart(one - other, other - one)
        or (len(one & other) >= 2 and (one < other or other < one))
        for one in mine
        for other in theirs
        if not any(HAN.search(word) for word in one | other)
    )


def one_word_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    if len(one) != 1 or len(other) != 1:
        return False
    [word], [twin] = one, other
    if min(len(word), len(twin)) < LONG_WORD or not (word + twin).isalpha():
        return False
    return SequenceMatcher(None, word, twin, autojunk=False).ratio() >= ALIKE


def namesakes_of_organization(organization: Organization) -> Iterator[Doubt]:
    """Other organizations one of whose names is the same."""
    mine = {plain_name(name) for name in organization_names(organization)}
    rows = Organization.objects.unmerged().exclude(pk=organization.pk)
    for other in rows.named(organization.name).order_by("pk")[:MOST_NAMESAKES]:
        if mine & {plain_name(name) for name in organization_names(other)}:
            yield same_name(other)


def same_name(other: Organization) -> Doubt:
    return Doubt(
        "duplicate-organization",
        _("Another organization has this name: %(organization)s.")
        % {"organization": other},
        other,
    )


def organization_names(organization: Organization) -> list[str]:
    names = [organization.name, organization.name_zh, *organization.other_names]
    return [name for name in names if name]


def plain_name(name: str) -> str:
    return re.sub(r"[\W_]+", " ", folded(name)).strip()
