"""What the guide says in figures and samples: taken from the code, so that it stays true."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from talent.opendata.hooks import ledger, limits, owning, planning
from talent.opendata.hooks.endpoints import LIMITS
from talent.opendata.hooks.messages import body_of
from talent.opendata.models import HookDelivery

SAMPLES = Path(__file__).with_name("samples")
# Of nobody: it shows which members there are.
SAMPLE: dict[str, Any] = {
    "number": 1207,
    "version": 48213,
    "event": {
        "id": "ada-example-hire-initech-2026",
        "kind": "hire",
        "person_name": "Ada Example",
        "organization_name": "Initech",
        "date": "2026-03",
        "standing": "reported",
        "url": f"{settings.SITE_URL}/events/ada-example-hire-initech-2026/",
    },
}


def context() -> dict[str, Any]:
    made_at = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    body = json.loads(body_of(HookDelivery.Kind.PUBLISHED, SAMPLE, made_at=made_at))
    return {
        "body": json.dumps(body, ensure_ascii=False, indent=2),
        "python": SAMPLES.joinpath("python.txt").read_text(),
        "javascript": SAMPLES.joinpath("javascript.txt").read_text(),
        "delays": ledger.DELAYS,
        "attempts": len(ledger.DELAYS) + 1,
        "seconds": int(LIMITS.seconds),
        "gathered": int(planning.GATHERED.total_seconds()),
        "most_waiting": planning.MOST_WAITING,
        "most_hooks": limits.MOST_HOOKS,
        "log_days": owning.LOG_KEPT.days,
        "secret_hours": int(owning.OLD_SECRET_SIGNS.total_seconds() // 3600),
        "most_replayed": owning.MOST_REPLAYED,
    }
