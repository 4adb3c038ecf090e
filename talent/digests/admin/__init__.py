"""The desk's side of the digests: one module for each noun."""

from talent.digests.admin import deliveries, subscribers

__all__ = ["deliveries", "subscribers"]
