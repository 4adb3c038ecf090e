"""`make run`: from a clone to a running site in one command, and back to nothing.

Starts the embedded servers (unless DATABASE_URL or REDIS_URL name others), prepares the
database, then runs the web server and the worker with beat until Ctrl-C. Whatever was
started is stopped, in every way this process can end; config/children.py and
config/embedded/shared.py say how.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import NoReturn

from config import development
from config.children import Child, clean_up, end_with_parent, stop_all
from config.development import BASE_DIR, VAR_DIR
from config.embedded.shared import CannotStart, Shared

RECORDS = VAR_DIR / "run"
ANSWERS_WITHIN_SECONDS = 60.0
PYTHON = sys.executable


class Refusal(Exception):
    """Why nothing can be started, as one sentence for the terminal."""


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM or SIGHUP."""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if "MAKELEVEL" in os.environ:
        end_with_parent()  # a killed make takes us along
    began = time.monotonic()
    servers: list[Shared] = []
    children: list[Child] = []
    try:
        # First, because .env may name the port.
        developing = development.declare(configured_by=("ENVIRONMENT", "SECRET_KEY"))
        host, port = os.environ.get("HOST", "127.0.0.1"), wanted_port()
        only_one_launcher()
        if left_over := clean_up(RECORDS):
            say(f"Ended {left_over} processes a killed run had left.")
        check_port_is_free(host, port)
        surroundings(servers, developing=developing)
        prepare()
        children.extend(start_children(host, port))
        wait_until_it_answers(host, port, children)
        address = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1"} else host
        say(f"Ready in {time.monotonic() - began:.1f} s: http://{address}:{port}/")
        if developing and not development.is_given("EMAIL_URL"):
            say(f"Mail it sends: http://{address}:{port}/mailbox/")
        say("Ctrl-C stops everything.")
        watch(children, servers)
    except (Refusal, CannotStart) as refusal:
        say(str(refusal))
        return 1
    except Stopped:
        say("Stopping.")
        return 0
    finally:
        # A second Ctrl-C means: at once.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop_all(children)
        for server in reversed(servers):
            server.release()


def stop(number: int, frame: object) -> None:
    raise Stopped


def say(text: str) -> None:
    print(text, flush=True)


def wanted_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT is {text!r}: give a number from 1 to 65535.")
    return int(text)


def only_one_launcher() -> None:
    """One `make run` per clone: two would clean up each other's processes."""
    RECORDS.mkdir(parents=True, exist_ok=True)
    lock = os.open(RECORDS / "launch.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refusal(
            "This clone is running already: stop the other `make run` first."
        ) from None
    # The lock stays open: it is ours until this process ends, however it ends.


def check_port_is_free(host: str, port: int) -> None:
    """Ask by binding as a stranger would: the web server itself would share the
    port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(
                f"Port {port} on {host} cannot be used ({error.strerror}): stop what "
                f"uses it, or choose another with `make run PORT={port % 65535 + 1}`."
            ) from None


def surroundings(servers: list[Shared], *, developing: bool) -> None:
    """Complete the environment the children inherit; start what it does not name.

    Each server is put on the list before it is started, so that an interruption in the
    middle releases it too.
    """
    for name, server in development.embedded().items():
        if not developing:
            raise Refusal(
                f"{name} is not set: the embedded servers are for development only "
                "(ENVIRONMENT=development)."
            )
        servers.append(server)
        say(server.hold())
        os.environ[name] = server.url
    os.environ.setdefault("PORT", str(wanted_port()))


def prepare() -> None:
    done = subprocess.run([PYTHON, "-m", "config.prepare"], cwd=BASE_DIR, check=False)
    if done.returncode:
        raise Refusal("The site could not be prepared; the reason is above.")


def start_children(host: str, port: int) -> list[Child]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    web = [
        *(PYTHON, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
        *("--host", host, "--port", str(port), "--no-ws"),
        *("--workers", environment.get("WEB_WORKERS", "2")),
        # More threads would only queue at the interpreter lock and the database pool.
        *("--blocking-threads", "4", "--backlog", "256"),
        # A worker that dies is replaced instead of ending the site.
        *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
        *("--log-level", "warning"),
    ]
    # Beat inside the worker: one small machine needs no third process. Production runs
    # `celery -A config beat` once beside any number of workers.
    worker = [
        *(PYTHON, "-m", "celery", "--quiet", "--app", "config", "worker"),
        *("--pool", "threads", "--concurrency", "4", "--beat"),
        *("--schedule", str(VAR_DIR / "beat-schedule")),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    return [
        Child("web", web, records=RECORDS, environment=environment, show=show_line),
        Child(
            "worker",
            worker,
            records=RECORDS,
            # As many connections as threads; without a pool each task opens its own.
            environment={"DATABASE_POOL": "4", **environment},
            show=show_line,
        ),
    ]


def show_line(name: str, line: str) -> None:
    say(f"{name:6} | {line}")


def wait_until_it_answers(host: str, port: int, children: list[Child]) -> None:
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        check_all_live(children)
        try:
            with urllib.request.urlopen(f"http://{local}:{port}/healthz", timeout=2):
                return
        except urllib.error.HTTPError as error:
            raise Refusal(f"The web server answers {error.code} to /healthz.") from None
        except OSError:
            time.sleep(0.05)
    raise Refusal(
        f"The web server did not answer within {ANSWERS_WITHIN_SECONDS:.0f} seconds."
    )


def watch(children: list[Child], servers: list[Shared]) -> NoReturn:
    """Return never: a child that ends by itself raises Refusal, a signal Stopped.

    An embedded server that has died is started again; pages and worker reconnect.
    """
    while True:
        check_all_live(children)
        for server in servers:
            if server.revive():
                say(f"{server.name} had died and was started again.")
        time.sleep(0.5)


def check_all_live(children: list[Child]) -> None:
    for child in children:
        if child.ended():
            child.drain()
            last = "\n".join(f"    {line}" for line in child.last_lines)
            raise Refusal(
                f"The {child.name} process ended by itself (exit code "
                f"{child.process.returncode}), so everything is stopped. "
                f"Its last lines:\n{last}"
            )


if __name__ == "__main__":
    sys.exit(main())
