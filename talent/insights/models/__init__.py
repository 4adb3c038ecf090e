"""Derived tables: written by the refresh alone, from the record alone.

PostgreSQL does not check their references (db_constraint=False): checking a million rows against
seven tables would take longer than making them. Deleting a row of the record through a model
takes its derived rows along, and any other change puts its people on the list to be read again.
"""

from talent.insights.models.moves import Move
from talent.insights.models.refreshes import Refresh
from talent.insights.models.stints import Stint
from talent.insights.models.tallies import PairTally, PlaceTally, SeatTally, StayTally
from talent.insights.models.touched import Touched

__all__ = [
    "Move",
    "PairTally",
    "PlaceTally",
    "Refresh",
    "SeatTally",
    "StayTally",
    "Stint",
    "Touched",
]
