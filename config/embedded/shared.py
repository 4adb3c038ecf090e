"""One private server shared by any number of processes, stopped with the last of them.

Who uses a server is not written down anywhere: each user holds a shared lock on
`users.lock`, and the kernel drops it however the process ends, kill -9 included. A
guard process waits for the exclusive lock, which it gets when nobody is left, and then
stops the server. So there is nothing to clean up after a crash:

* users killed: the guard stops the server;
* server killed: the next user starts it again;
* guard killed as well: the next user finds the server, adopts it, starts a new guard.

`start.lock` lets one process at a time look and start.
"""

import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psutil

from config.embedded.guard import remove_if_empty, server_process, stop_process

GUARD = Path(__file__).with_name("guard.py")
# Linux takes 107 bytes, macOS 103.
LONGEST_SOCKET_PATH = 103


class CannotStart(Exception):
    """A server cannot be started; the text is one sentence for the terminal."""


class Shared:
    """A server whose files are in one directory. Subclasses know how to start it."""

    name: ClassVar[str]
    program: ClassVar[str]  # its process name
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self._hold: int | None = None
        self._guard: subprocess.Popen[bytes] | None = None  # if we started it

    @property
    def url(self) -> str:
        """The address, known before the server runs."""
        raise NotImplementedError

    @property
    def sockets(self) -> Path:
        """The directory of the socket."""
        raise NotImplementedError

    @property
    def pid_file(self) -> Path:
        raise NotImplementedError

    def start(self) -> None:
        """Start the server and return when it answers; CannotStart with the reason."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether the server takes requests at its socket."""
        raise NotImplementedError

    def hold(self) -> str:
        """Have the server run until `release` or the end of this process.

        Returns a line saying what was done. Holding twice is holding once.
        """
        if self._hold is not None:
            return f"{self.name}: already held"
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._one_at_a_time():
            # Waits here while a guard is stopping the server.
            self._hold = os.open(
                self.directory / "users.lock", os.O_RDWR | os.O_CREAT, 0o600
            )
            fcntl.flock(self._hold, fcntl.LOCK_SH)
            began = time.monotonic()
            running = self.process() is not None and self._answers_soon()
            try:
                if not running:
                    self.start()
                self._have_a_guard()
            except BaseException:
                if not running:
                    self.stop()
                os.close(self._hold)
                self._hold = None
                raise
        if running:
            return f"{self.name}: already running, joined"
        return f"{self.name}: started in {time.monotonic() - began:.1f} s"

    def release(self) -> None:
        """Stop using the server; if nobody else does, return when it has stopped."""
        if self._hold is None:
            return
        with self._one_at_a_time():
            try:
                fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                last = False  # others use it
            else:
                last = True
                self.stop()
            finally:
                os.close(self._hold)
                self._hold = None
            if last and self._guard is not None:
                self._guard.wait(5)  # it finds nothing left to do

    def stop(self) -> None:
        """Stop the server whoever uses it, by force if it does not go in ten
        seconds.
        """
        if process := self.process():
            stop_process(process, self.program, self.stop_signal)
        remove_if_empty(self.sockets)

    def revive(self) -> bool:
        """Start the server again if it has died under its users; says whether it
        had.
        """
        if self.process() is not None:
            return False
        with self._one_at_a_time():
            if self.process() is None:
                self.start()
        return True

    def process(self) -> psutil.Process | None:
        """The server's process, if the pid file names one that is alive and is ours."""
        return server_process(self.pid_file, self.program)

    def socket_directory(self, file_name: str) -> Path:
        """Where the socket lies: with the data, or in the temporary directory.

        Clones in deep directories exceed what the kernel allows for a socket's path;
        those get a short directory named after a hash of the long one.
        """
        if len(os.fsencode(self.directory / file_name)) <= LONGEST_SOCKET_PATH:
            return self.directory
        digest = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"tw-{self.program[:6]}-{digest}"

    def _answers_soon(self) -> bool:
        """A server just started by somebody killed meanwhile may need a moment."""
        deadline = time.monotonic() + 3
        while not self.answers():
            if self.process() is None or time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        lock = os.open(self.directory / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _have_a_guard(self) -> None:
        """Start the guard unless one watches: it holds guard.lock as long as it
        lives.
        """
        guard = os.open(self.directory / "guard.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(guard)
            return
        # The lock belongs to the open file, so the guard inherits it without a gap.
        os.set_inheritable(guard, True)
        self._guard = subprocess.Popen(
            [
                *(sys.executable, "-E", str(GUARD), str(guard), str(self.directory)),
                *(str(self.pid_file), self.program, str(int(self.stop_signal))),
                str(self.sockets),
            ],
            pass_fds=[guard],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is not for the guard
            cwd="/",
        )
        os.close(guard)


def private_directory(path: Path, *, owner: int) -> None:
    """Make a directory in a place others can write to; refuse one that is not ours."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or found.st_uid not in {owner, os.geteuid()}:
        raise CannotStart(f"{path} belongs to somebody else: remove it or set TMPDIR.")
    os.chmod(path, 0o700)
    if found.st_uid != owner:
        os.chown(path, owner, -1)
