"""Frozen data sets: the public record written down once, at an address that stays.

`tables` says what is in them, `archive` writes a zip file of it, `freezing` keeps that file under a
name, `forgetting` takes somebody out of files that are there already, and `comparing` counts
what changed from one to the next.
"""
