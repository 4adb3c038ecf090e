"""The record: people, organizations, events, pay, deals and their sources."""

from talent.registry.models.deals import Deal, DealReading
from talent.registry.models.events import Event, EventReason, Reason
from talent.registry.models.generation import Generation
from talent.registry.models.merges import Merge
from talent.registry.models.organizations import Organization
from talent.registry.models.pay import Package, Reading
from talent.registry.models.people import Person
from talent.registry.models.sources import Citation, Source
from talent.registry.models.tallies import EventTally
from talent.registry.models.waves import Wave

__all__ = [
    "Citation",
    "Deal",
    "DealReading",
    "Event",
    "EventReason",
    "EventTally",
    "Generation",
    "Merge",
    "Organization",
    "Package",
    "Person",
    "Reading",
    "Reason",
    "Source",
    "Wave",
]
