"""The processes `make run` starts: watched, labelled, never left behind.

Each child leads a session of its own, so that its whole family can be stopped together
and Ctrl-C in the terminal reaches only the launcher. On Linux the kernel sends a child
SIGTERM when the launcher dies, kill -9 included. What it cannot reach (other systems,
grandchildren of a killed child) is found by the next start through the records in
var/run/.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 10.0
LAST_LINES = 15


def end_with_parent() -> None:
    """Ask the kernel for SIGTERM when our parent dies. Does nothing outside Linux."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# Loaded before any fork: a child between fork and exec should do as little as possible.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """One started process with its descendants."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        records: Path,
        environment: dict[str, str],
        show: Callable[[str, str], None],
    ) -> None:
        self.name = name
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._show = show
        self._record = records / f"{name}.json"
        launcher = os.getpid()

        def in_the_child() -> None:
            end_with_parent()
            if os.getppid() != launcher:  # it died before we could ask
                os._exit(1)

        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
            start_new_session=True,
            preexec_fn=in_the_child,
        )
        with contextlib.suppress(psutil.NoSuchProcess):
            started = psutil.Process(self.process.pid).create_time()
            self._record.write_text(
                json.dumps({"session": self.process.pid, "started": started})
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.last_lines.append(line.rstrip("\n"))
            self._show(self.name, line.rstrip("\n"))

    def ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def finish(self, deadline: float) -> None:
        """Return when no process of the family is left; after the deadline by force."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        kill_session(self.process.pid, started=0.0)
        self.process.wait()
        self._reader.join(1)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._record.unlink(missing_ok=True)

    def drain(self) -> None:
        """Let the last words of an ended child reach `last_lines`."""
        self._reader.join(1)


def stop_all(children: Iterable[Child], *, grace: float = GRACE_SECONDS) -> None:
    """Stop every child with its descendants: all are asked at once, then forced."""
    running = list(children)
    for child in running:
        child.ask_to_stop()
    deadline = time.monotonic() + grace
    for child in running:
        child.finish(deadline)


def kill_session(session: int, *, started: float) -> int:
    """Kill what is left of a session whose members started at `started` or later.

    The kernel gives no new process the number of a session that still has members, and
    the time rules out a stranger who got it after the session was gone. Returns how
    many.
    """
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if (
                os.getsid(process.pid) == session
                and process.status() != psutil.STATUS_ZOMBIE
                and process.create_time() >= started - 0.01
            ):
                members.append(process)
    for process in members:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(is_alive(process) for process in members):
        time.sleep(0.01)
    return len(members)


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def clean_up(records: Path) -> int:
    """Kill what an earlier launcher, killed itself, has left. Returns how many
    processes.
    """
    killed = 0
    for record in records.glob("*.json"):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            content = json.loads(record.read_text())
            session, started = int(content["session"]), float(content["started"])
            try:
                leader = psutil.Process(session)
                ours = abs(leader.create_time() - started) < 0.01
            except psutil.NoSuchProcess:
                ours = True  # the leader is gone; members of its session may be left
            if ours:
                killed += kill_session(session, started=started)
        record.unlink(missing_ok=True)
    return killed
