"""How fast the pages are, and how that changes from ten thousand events to a million.

`python -m tests.bench` (or `make bench`) invents two data sets with a fixed seed, loads
them into private servers under var/bench/ (once: the million takes some minutes), and
prints a table. It measures; it asserts nothing.
"""
