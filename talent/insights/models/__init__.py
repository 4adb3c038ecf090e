"""Derived tables: written by the refresh alone, from the record alone.

PostgreSQL does not check their references (db_constraint=False): checking a million rows against
seven tables would take longer than making them. Deleting a row of the record through a model
takes its derived rows along, and any other change puts its people or packages on the lists of what
is to be read again.
"""

from talent.insights.models.moves import Move
from talent.insights.models.news import NewsAgain, NewsTally
from talent.insights.models.pay import PayLine
from talent.insights.models.refreshes import Refresh
from talent.insights.models.seating import Seating
from talent.insights.models.stints import Stint
from talent.insights.models.tallies import (
    LastMonths,
    LastTally,
    PairTally,
    PlaceTally,
    SeatTally,
    StatedTally,
    StayTally,
    YearTally,
)
from talent.insights.models.touched import Touched, TouchedPackage

__all__ = [
    "LastMonths",
    "LastTally",
    "Move",
    "NewsAgain",
    "NewsTally",
    "PairTally",
    "PayLine",
    "PlaceTally",
    "Refresh",
    "SeatTally",
    "Seating",
    "StatedTally",
    "StayTally",
    "Stint",
    "Touched",
    "TouchedPackage",
    "YearTally",
]
