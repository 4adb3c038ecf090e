"""Mail addresses: which ones we write to, and under which names they are known.

One address is known by three names: as it is written to; by a digest, which can be kept of
somebody who asked to be forgotten; and by its mailbox, which dots and +tags do not change.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from talent.common.addresses import LONGEST as LONGEST
from talent.common.addresses import mailbox_of as mailbox_of
from talent.common.addresses import masked as masked
from talent.common.addresses import read as read


def digest_of(text: str) -> str:
    """Equal for equal addresses, and nothing to guess from without DIGEST_KEY."""
    return salted_hmac(
        "digests.address", text.lower(), secret=settings.DIGEST_KEY, algorithm="sha256"
    ).hexdigest()
