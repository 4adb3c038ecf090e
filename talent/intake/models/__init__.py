"""What comes in: feeds, the articles they bring, and what the reader proposes."""

from talent.intake.models.articles import Address, Article
from talent.intake.models.feeds import Feed, Host
from talent.intake.models.imports import Import
from talent.intake.models.proposals import Proposal
from talent.intake.models.tips import Tip, TipAttempt

__all__ = [
    "Address",
    "Article",
    "Feed",
    "Host",
    "Import",
    "Proposal",
    "Tip",
    "TipAttempt",
]
