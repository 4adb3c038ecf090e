"""What a digest says, in the reader's language and without markup.

HTML mail, plain text and the pages of the archive are three ways to set the same letter. It is
made of texts only, so it can be kept as JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from talent.common.language import reads_chinese, spaced
from talent.common.partial_dates import PartialDate
from talent.digests.corrections import Correction
from talent.digests.news import Matches
from talent.digests.numbers import Numbers
from talent.digests.plain_text import cut, harmless
from talent.digests.statements import Names, figure_of, money_in_words, stated
from talent.digests.stories import Story
from talent.insights.figures.news import Figure
from talent.registry.models import Organization
from talent.registry.models.events import Standing
from talent.registry.wording import name_of, sentence, sources_in_words

LONGEST_SUBJECT = 150
MARKS = {
    Standing.CONFIRMED: "●",
    Standing.REPORTED: "○",
    Standing.RUMOURED: "◌",
    Standing.DENIED: "✕",
}
TITLES = {
    "daily": lazy("Daily digest"),
    "weekly": lazy("Weekly digest"),
    "monthly": lazy("Monthly digest"),
}
LABELS = {
    "withdrawn": lazy("Withdrawn"),
    "restored": lazy("In the record again"),
    "denied": lazy("Denied"),
    "confirmed": lazy("Confirmed"),
    "standing": lazy("Standing changed"),
    "changed": lazy("Changed"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """`events`: whose story it is, so that a removal finds it again."""

    events: list[int]
    headline: str
    url: str
    origin: str
    destination: str
    started: bool
    post: str
    money: list[str]
    summary: str
    when: str
    mark: str
    standing: str
    sources: str
    disputed: bool


@dataclass(frozen=True, slots=True)
class Righted:
    event: int
    label: str
    day: str
    said: str
    now: str
    url: str


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    value: str
    change: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """`chart`: what the picture shows, in a sentence; "" where there is none."""

    language: str
    subject: str
    preheader: str
    title: str
    day: str
    lede: str
    items: list[Item]
    more: str
    more_url: str
    corrections: list[Righted]
    period: str
    before: str
    quiet: str
    numbers: list[Number]
    chart: str
    follows: str

    @property
    def beneath(self) -> str:
        """What stands under the numbers, in the language that is active."""
        left_out = _(
            "Recorded public moves, not a census; rumoured and denied ones are not counted."
        )
        told = " ".join(filter(None, (self.chart, self.quiet, left_out)))
        return spaced(told) if reads_chinese() else told

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Letter:
        """Of an earlier release too: what it did not have is empty."""
        parts = {"items": Item, "corrections": Righted, "numbers": Number}
        letter: Letter = read(cls, kept, parts)
        return letter


def read(kind: type[Any], kept: dict[str, Any], parts: dict[str, type[Any]]) -> Any:
    values: dict[str, Any] = {}
    for field in fields(kind):
        value = kept.get(field.name, [] if "list" in str(field.type) else "")
        if field.name in parts:
            value = [read(parts[field.name], each, {}) for each in value]
        values[field.name] = value
    return kind(**values)


# -- Writing it --------------------------------------------------------------------------


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def item(story: Story) -> Item:
    """A story told in the language that is active."""
    lead, hire = story.lead, story.hire
    standings = {event.standing for event in story.news}
    return Item(
        events=[event.pk for event in story.events],
        headline=headline(story),
        url=absolute(lead.get_absolute_url()),
        origin=place(story.origin),
        destination=place(story.destination),
        started=not (hire and hire.never_started),
        post=harmless(lead.title or lead.team),
        money=[
            money_in_words(figure_of(package)) for package in stated(story.packages)
        ],
        summary=summary(story),
        when=when(story),
        mark=MARKS[Standing(lead.standing)] if len(standings) == 1 else "◐",
        standing=standing(story),
        sources=sources_in_words(story.sources, story.origins),
        disputed=any(event.disagreement for event in story.news),
    )


def place(organization: Organization | None) -> str:
    """Its name, and whose unit it is unless the name says so: "TBD Lab (Meta)"."""
    if organization is None:
        return ""
    name, company = name_of(organization), organization.company
    if company is None or name_of(company) in name:
        return harmless(name)
    words = _("%(unit)s (%(company)s)") % {"unit": name, "company": name_of(company)}
    return spaced(harmless(words))


def headline(story: Story) -> str:
    """Who went where: "Ada left Apple for Meta"."""
    hire, departure = story.hire, story.departure
    if hire is None or departure is None:
        return spaced(harmless(sentence(story.lead)))
    if hire.never_started:
        pattern = _("%(person)s left %(origin)s for %(destination)s and never started")
    elif hire.founder:
        pattern = _("%(person)s left %(origin)s and founded %(destination)s")
    elif hire.stated_return:
        pattern = _("%(person)s returned to %(destination)s from %(origin)s")
    elif story.inferred:
        pattern = _("%(person)s left %(origin)s and joined %(destination)s")
    else:
        pattern = _("%(person)s left %(origin)s for %(destination)s")
    names = {
        "person": name_of(hire.person),
        "origin": name_of(departure.organization),
        "destination": name_of(hire.organization),
    }
    return spaced(harmless(pattern % names))


def summary(story: Story) -> str:
    """One sentence of ours, where there is one in the reader's language."""
    for event in story.news:
        text = event.summary_zh if reads_chinese() else event.summary
        if text:
            return harmless(text)
    return ""


def when(story: Story) -> str:
    """One date where both events may be of one day: the more exact of the two."""
    hire, departure = story.hire, story.departure
    if hire is None or departure is None or len(story.news) == 1:
        return str(story.lead.date)
    if hire.date.overlaps(departure.date):
        return str(
            min(hire.date, departure.date, key=lambda each: each.end - each.first)
        )
    pattern = _("left %(departure)s, joined %(hire)s")
    if hire.founder:
        pattern = _("left %(departure)s, founded %(hire)s")
    return pattern % {
        "departure": departure.date,
        "hire": hire.date,
    }


def standing(story: Story) -> str:
    words = {event.kind: str(Standing(event.standing).label) for event in story.news}
    if len(set(words.values())) == 1:
        return words[story.lead.kind]
    return _("departure %(departure)s, hire %(hire)s") % words


def correction_in_words(correction: Correction, names: Names) -> Righted:
    return Righted(
        event=correction.event,
        label=str(LABELS[correction.label]),
        day=str(PartialDate(correction.at.date())),
        said=names.in_words(correction.said),
        now=names.in_words(correction.now),
        url=absolute(reverse("dashboard:event", args=[correction.slug])),
    )


def number(figure: Figure) -> Number:
    return Number(
        label=figure.label,
        value=f"{figure.value:,}",
        change=figure.change,
        url=absolute(f"{reverse('dashboard:event_list')}?{figure.query}"),
    )


def letter(
    language: str,
    frequency: str,
    *,
    day: date,
    follows: Sequence[Matches],
    items: Sequence[Item],
    stories: int,
    corrections: Sequence[Righted],
    numbers: Numbers | None,
) -> Letter:
    """`items`: the first of so many `stories`, which come strongest first."""
    left_out = stories - len(items)
    return Letter(
        language=language,
        subject=subject(items, corrections, stories),
        preheader=preheader(items, corrections),
        title=str(TITLES[frequency]),
        day=str(PartialDate(day)),
        lede=lede(stories, len(corrections)),
        items=list(items),
        more=more(left_out),
        more_url=more_url(follows) if left_out else "",
        corrections=list(corrections),
        period=capfirst(str(numbers.period)) if numbers else "",
        before=numbers.before if numbers else "",
        quiet=numbers.quiet if numbers else "",
        numbers=[number(figure) for figure in numbers.figures] if numbers else [],
        chart=numbers.sentence if numbers else "",
        # Each is a description of its own: a full stop closes the list.
        follows=_("%(list)s.") % {"list": _("; ").join(each.words for each in follows)},
    )


def subject(items: Sequence[Item], corrections: Sequence[Righted], stories: int) -> str:
    """The strongest move in plain words, and how many more there are."""
    if not items:
        return cut(labelled(corrections[0]), LONGEST_SUBJECT)
    first_move = cut(items[0].headline, LONGEST_SUBJECT - 30)
    if stories == 1:
        return first_move
    return ngettext(
        "%(move)s, and %(n)s more move", "%(move)s, and %(n)s more moves", stories - 1
    ) % {"move": first_move, "n": stories - 1}


def labelled(correction: Righted) -> str:
    return _("%(label)s: %(said)s") % {
        "label": correction.label,
        "said": correction.said,
    }


def preheader(items: Sequence[Item], corrections: Sequence[Righted]) -> str:
    """What mail programs show after the subject: what it does not say already."""
    texts = [each.headline for each in items[1:4]]
    texts += [labelled(each) for each in corrections[:2]]
    if not texts and items:
        texts = [items[0].summary or items[0].when]
    return cut(" · ".join(texts), 200)


def lede(stories: int, corrections: int) -> str:
    news = ngettext("%(n)s new move", "%(n)s new moves", stories) % {"n": stories}
    righted = ngettext("%(n)s correction", "%(n)s corrections", corrections) % {
        "n": corrections
    }
    if not corrections:
        return _("%(news)s, the strongest first.") % {"news": news}
    if not stories:
        return _("No new move; %(corrections)s.") % {"corrections": righted}
    return _("%(news)s, the strongest first; %(corrections)s.") % {
        "news": news,
        "corrections": righted,
    }


def more(left_out: int) -> str:
    if not left_out:
        return ""
    return ngettext(
        "and %(n)s more move on the site", "and %(n)s more moves on the site", left_out
    ) % {"n": left_out}


def more_url(follows: Sequence[Matches]) -> str:
    """The list of what is followed, last added first; of several follows, the whole list."""
    query = follows[0].query if len(follows) == 1 else ""
    chosen = {**dict(parse_qsl(query)), "sort": "added"}
    return absolute(f"{reverse('dashboard:event_list')}?{urlencode(chosen)}")
