"""Private servers survive every way of dying. Mostly on Valkey, which starts in 30
ms.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from config.embedded.postgres import Postgres
from config.embedded.shared import CannotStart, private_directory
from config.embedded.valkey import Valkey

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from config.embedded.valkey import Valkey
valkey = Valkey(Path(sys.argv[1]))
print(valkey.hold(), flush=True)
time.sleep(60)
"""


def eventually(condition, *, within=10.0):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def valkey(tmp_path):
    server = Valkey(tmp_path / "valkey")
    yield server
    server.release()
    server.stop()


@pytest.fixture
def other_user(valkey):
    """Another process that holds the server."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(valkey.directory)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Valkey: ")
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


class TestShared:
    def test_starts_and_stops_with_its_only_user(self, valkey):
        assert "started" in valkey.hold()
        assert valkey.answers()

        valkey.release()

        assert valkey.process() is None

    def test_stays_while_another_process_uses_it(self, valkey, other_user):
        assert "joined" in valkey.hold()

        valkey.release()

        assert valkey.answers()

    def test_stops_when_the_last_user_is_killed(self, valkey, other_user):
        other_user.kill()

        eventually(lambda: valkey.process() is None)

    def test_starts_again_after_the_server_was_killed(self, valkey, other_user):
        process = valkey.process()
        process.kill()

        assert "started" in valkey.hold()
        assert valkey.process().pid != process.pid

    def test_is_adopted_after_everybody_else_was_killed(self, valkey, other_user):
        (guard,) = [
            child
            for child in psutil.Process(other_user.pid).children()
            if "guard.py" in " ".join(child.cmdline())
        ]
        guard.kill()
        other_user.kill()
        other_user.wait()
        assert valkey.answers()

        assert "joined" in valkey.hold()
        valkey.release()

        assert valkey.process() is None

    def test_starts_over_a_file_that_names_a_stranger(self, valkey):
        valkey.directory.mkdir()
        valkey.pid_file.write_text(f"{os.getpid()}\n")

        valkey.hold()

        assert valkey.answers()

    def test_works_in_a_directory_too_deep_for_a_socket(self, tmp_path):
        deep = Valkey(tmp_path / ("d" * 60) / ("e" * 60) / "valkey")
        try:
            deep.hold()
            assert deep.answers()
            assert len(str(deep.socket)) < 104
        finally:
            deep.release()

    def test_refuses_a_directory_that_is_not_ours(self, tmp_path):
        (tmp_path / "link").symlink_to(tmp_path)

        with pytest.raises(CannotStart, match="belongs to somebody else"):
            private_directory(tmp_path / "link", owner=os.geteuid())


class TestPostgres:
    def test_starts_again_right_after_kill_9(self, tmp_path):
        server = Postgres(tmp_path / "postgres")
        try:
            server.hold()
            with psycopg.connect(server.url) as connection:
                connection.execute("CREATE EXTENSION pg_trgm")
                connection.execute("CREATE TABLE kept AS SELECT lower('É') AS letter")
                trigrams = "SELECT cardinality(show_trgm('庞若鸣'))"
                assert connection.execute(trigrams).fetchone()[0] > 0
            os.kill(server.process().pid, signal.SIGKILL)
            again = Postgres(server.directory)
            again.hold()
            try:
                with psycopg.connect(again.url) as connection:
                    (letter,) = connection.execute("SELECT letter FROM kept").fetchone()
            finally:
                again.release()
        finally:
            server.release()
        assert letter == "é"
        assert server.process() is None
