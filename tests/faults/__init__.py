"""Trials that kill, cut and restart: `python -m tests.faults digests`. They last minutes."""
