"""What the inbox shows: articles, and a card for each proposal of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from talent.intake import accepting, highlights
from talent.intake.desk_forms import DecisionForm
from talent.intake.matching import Match, matches_of
from talent.intake.models import Article, Proposal
from talent.registry.models import Event, Package, Reading

MOST_OTHERS = 12


@dataclass(frozen=True)
class Offer:
    """An event the article may be attached to, and what becomes of its money by that."""

    event: Event
    money: str


@dataclass
class Card:
    """One proposal as the inbox shows it."""

    proposal: Proposal
    match: Match
    form: DecisionForm
    # By event: the packages of those the article may be attached to, with their readings.
    packages: dict[int, Package] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.proposal.state in accepting.OPEN

    @property
    def quotes(self) -> list[list[highlights.Piece]]:
        return highlights.quotes(self.proposal)

    @property
    def percent(self) -> int:
        return round(self.proposal.confidence * 100)

    @property
    def errors(self) -> list[str]:
        found = self.form.errors.values() if self.form.is_bound else []
        return [str(sentence) for errors in found for sentence in errors]

    @property
    def needs_a_look(self) -> bool:
        """Something is not known that a draft needs: the fields stand open."""
        initial = self.form.initial
        return bool(
            self.errors
            or not initial["person"]
            or not self.proposal.person
            or not self.match.organization
            or not self.proposal.date
        )

    @property
    def person(self) -> str:
        """Who would be recorded."""
        if self.match.person is not None:
            return str(self.match.person)
        if self.match.people or not self.proposal.person:
            return _("to be chosen")
        return _("%(name)s (new)") % {"name": self.proposal.person}

    @property
    def evidence(self) -> list[str]:
        person = self.match.person
        return next(
            (one.for_it[:4] for one in self.match.people if one.person == person), []
        )

    @property
    def twins(self) -> list[Offer]:
        return [self.offer(event) for event in self.match.twins]

    @property
    def others(self) -> list[Offer]:
        """What else the record says of them: to attach the article to."""
        return [self.offer(event) for event in others_of(self.match)]

    def offer(self, event: Event) -> Offer:
        proposal = self.proposal
        if not (proposal.amount and event.is_hire):
            return Offer(event, "")
        package = self.packages.get(event.pk)
        if package is None:
            return Offer(event, _("makes its package"))
        if accepting.states_already(package, proposal, proposal.article.url):
            return Offer(event, _("its package has it from this page already"))
        if package.headline is None:
            return Offer(event, _("the first figure of its package"))
        told = _("one more figure for its package, which says %(figure)s")
        return Offer(event, told % {"figure": package.headline})

    @property
    def attaches_money(self) -> bool:
        return bool(self.proposal.amount) and any(
            event.is_hire for event in [*self.match.twins, *others_of(self.match)]
        )

    @property
    def money(self) -> str:
        return str(Reading(**self.proposal.amount)) if self.proposal.amount else ""


@dataclass
class Paper:
    """One article with its cards."""

    article: Article
    cards: list[Card]

    @property
    def title(self) -> list[highlights.Piece]:
        shown = [card.proposal for card in self.cards]
        spans = highlights.spans_of(shown, "title")
        return highlights.pieces(self.article.title, spans, 0, len(self.article.title))

    @property
    def text(self) -> list[list[highlights.Piece]]:
        return highlights.whole(self.article, [card.proposal for card in self.cards])

    @property
    def other_addresses(self) -> list[str]:
        return [address.url for address in self.article.addresses.all()][1:]


def cards_of(
    proposals: list[Proposal], bound: DecisionForm | None = None
) -> list[Card]:
    """`bound`: the form of one of them, as it was typed. A handful of queries for all."""
    matches = matches_of(proposals)
    packages = packages_of(proposals, matches)
    cards = []
    for proposal in proposals:
        match = matches[proposal.pk]
        form = DecisionForm(proposal=proposal, match=match)
        if bound is not None and bound.proposal.pk == proposal.pk:
            form = bound
        cards.append(Card(proposal, match, form, packages))
    return cards


def others_of(match: Match) -> list[Event]:
    twins = {event.pk for event in match.twins}
    return [event for event in match.events if event.pk not in twins][:MOST_OTHERS]


def packages_of(
    proposals: list[Proposal], matches: dict[int, Match]
) -> dict[int, Package]:
    """By event. Two queries; none where no open proposal names money."""
    events = [
        event
        for proposal in proposals
        if proposal.amount and proposal.state in accepting.OPEN
        for event in (*matches[proposal.pk].twins, *others_of(matches[proposal.pk]))
    ]
    if not events:
        return {}
    rows = Package.objects.of_events(events).with_readings()
    return {row.event_id: row for row in rows if row.event_id is not None}


def papers_of(
    articles: list[Article], bound: DecisionForm | None = None
) -> list[Paper]:
    """The articles with all their proposals, those decided already too."""
    rows = Proposal.objects.filter(article__in=articles).with_articles()
    cards = cards_of(list(rows.surest_first()), bound)
    return [
        Paper(article, [c for c in cards if c.proposal.article_id == article.pk])
        for article in articles
    ]
