"""Starts one of the trials by its name, the rest of the line being its own."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

TRIALS = ("digests", "refreshes", "webhooks")


def main() -> int:
    names = [name for name in TRIALS if Path(__file__).with_name(f"{name}.py").exists()]
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        sys.exit(f"Say which trial: python -m tests.faults {'|'.join(names)}")
    trial = import_module(f"tests.faults.{sys.argv[1]}")
    return int(trial.main(sys.argv[2:]))


if __name__ == "__main__":
    sys.exit(main())
