"""The cache when Redis is away: pages stay up, counting stops.

Reading and writing cached pages is a convenience, so without Redis `get` finds nothing
and `set` does nothing. Counting (`add`, `incr`) is what rate limits stand on: those
keep raising, and the limit fails closed.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

# After a failure nothing is asked for this long: an unreachable host would otherwise
# cost every page its connection timeout.
PAUSE_SECONDS = 5.0


class ForgivingRedisCache(RedisCache):
    """RedisCache whose reads and writes do nothing while Redis is away."""

    _paused_until = 0.0  # of the class: each thread has its own instance

    def _or_else(self, default: Answer, ask: Callable[[], Answer]) -> Answer:
        cls = type(self)
        if time.monotonic() < cls._paused_until:
            return default
        try:
            return ask()
        except (RedisError, OSError) as error:
            cls._paused_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("The cache is away (%s): going on without.", error)
            return default

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._or_else(
            default, lambda: RedisCache.get(self, key, default, version)
        )

    def get_many(
        self, keys: Iterable[str], version: int | None = None
    ) -> dict[str, Any]:
        wanted = list(keys)
        if not wanted:
            return {}
        return self._or_else({}, lambda: RedisCache.get_many(self, wanted, version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._or_else(False, lambda: RedisCache.has_key(self, key, version))

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._or_else(None, lambda: RedisCache.set(self, key, value, timeout, version))

    def set_many(
        self,
        data: dict[str, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[str]:
        """Returns the keys not stored, as Django asks: all of them without Redis."""
        return self._or_else(
            list(data), lambda: RedisCache.set_many(self, data, timeout, version)
        )

    def touch(
        self,
        key: str,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return self._or_else(
            False, lambda: RedisCache.touch(self, key, timeout, version)
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        """False without Redis: a stale value may show again until it expires."""
        return self._or_else(False, lambda: RedisCache.delete(self, key, version))
