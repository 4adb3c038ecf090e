"""What a spreadsheet would run: a cell that starts like a formula (OWASP, CSV injection)."""

# Such a cell is written with an apostrophe before it, which spreadsheets do not show.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
