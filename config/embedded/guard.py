"""Waits until nobody uses an embedded server, then stops it. Started by shared.py.

Run as a program by its path, with few imports, because it lives as long as the server.
Arguments: the inherited lock that says a guard lives, the server's directory, its pid
file, its process name, the signal that stops it, the directory of its socket.
"""

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

import psutil

STOPS_WITHIN_SECONDS = 10.0


def server_process(pid_file: Path, program: str) -> psutil.Process | None:
    """The living process a pid file names, if it runs the program.

    None for a missing or torn file, a dead or zombie process, and for another program
    that has got the number since.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if runs(process, program) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def runs(process: psutil.Process, program: str) -> bool:
    """Whether the process lives. A zombie (nobody reaps orphans in some containers) has
    ended: psutil would wait for it for ever."""
    try:
        return bool(
            process.is_running()
            and process.status() != psutil.STATUS_ZOMBIE
            and process.name().startswith(program[:15])
        )
    except psutil.Error:
        return False


def stop_process(
    process: psutil.Process, program: str, stop_signal: signal.Signals
) -> None:
    """Ask the process to stop; force it if it does not go in ten seconds."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(stop_signal)
        deadline = time.monotonic() + STOPS_WITHIN_SECONDS
        while runs(process, program):
            if time.monotonic() > deadline:
                process.kill()
                deadline += STOPS_WITHIN_SECONDS
            time.sleep(0.01)


def remove_if_empty(directory: Path) -> None:
    """Remove a short directory for sockets; one that holds data is not empty."""
    with contextlib.suppress(OSError):
        directory.rmdir()


def main() -> None:
    _, _guard_lock, directory, pid_file, program, stop_signal, sockets = sys.argv
    users = os.open(Path(directory) / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_EX)  # nobody is left
    if process := server_process(Path(pid_file), program):
        stop_process(process, program, signal.Signals(int(stop_signal)))
    remove_if_empty(Path(sockets))


if __name__ == "__main__":
    main()
