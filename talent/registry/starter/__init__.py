"""Loading a data set, CSV files in a directory or a zip file, into the record.

`rows` reads the files, `format` says what each column may hold, `staging` copies them into
temporary tables, `matching` finds what the record has already, `checks` finds what cannot
be, and `load` writes the rest. `tables` says which column goes where.
"""

from talent.registry.starter.load import STARTER_DATA, load
from talent.registry.starter.problems import BadData, Problem
from talent.registry.starter.report import Report

__all__ = ["STARTER_DATA", "BadData", "Problem", "Report", "load"]
