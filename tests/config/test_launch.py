"""`make run` for real, once; its parts on small children."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from config import launch
from config.children import Child, clean_up, is_alive, stop_all
from tests import plugin

ROOT = Path(__file__).parents[2]
FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("ready", flush=True)
time.sleep(60)
"""
LAUNCHER = """
import sys, time
from pathlib import Path
from config.children import Child
child = Child("family", [sys.executable, "-c", sys.argv[2]], records=Path(sys.argv[1]),
              environment={}, show=lambda name, line: print(line, flush=True))
time.sleep(60)
"""


def eventually(condition, *, within=15.0):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path):
    """Starts a child; stops what the test has left."""
    children = []

    def start_child(code):
        lines = []
        child = Child(
            f"child-{len(children)}",
            [sys.executable, "-c", code],
            records=tmp_path,
            environment=dict(os.environ),
            show=lambda name, line: lines.append(line),
        )
        children.append(child)
        if "ready" in code:
            eventually(lambda: "ready" in lines)
        return child

    yield start_child
    stop_all(children, grace=1)


class TestChildren:
    def test_stop_with_their_descendants(self, start, tmp_path):
        child = start(FAMILY)
        (grandchild,) = psutil.Process(child.process.pid).children()

        stop_all([child])

        assert child.ended()
        assert not is_alive(grandchild)
        assert not list(tmp_path.glob("*.json"))

    def test_are_killed_when_they_do_not_listen(self, start):
        child = start(
            "import signal, time; signal.signal(15, signal.SIG_IGN);"
            "print('ready', flush=True); time.sleep(60)"
        )

        stop_all([child], grace=0.2)

        assert child.process.returncode == -signal.SIGKILL

    def test_keep_their_last_words(self, start):
        child = start("print('one'); print('two'); raise SystemExit(3)")

        child.process.wait()
        child.drain()

        assert list(child.last_lines) == ["one", "two"]
        with pytest.raises(launch.Refusal, match=r"(?s)exit code 3.*one\n    two"):
            launch.check_all_live([child])

    def test_of_a_killed_launcher_are_gone_after_the_next_start(self, tmp_path):
        launcher = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, str(tmp_path), FAMILY],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert launcher.stdout is not None
        launcher.stdout.readline()
        family = psutil.Process(launcher.pid).children(recursive=True)
        launcher.kill()
        launcher.wait()
        launcher.stdout.close()

        clean_up(tmp_path)

        assert len(family) == 2
        assert not any(is_alive(member) for member in family)

    def test_are_not_mistaken_for_a_stranger_with_their_number(self, start, tmp_path):
        stranger = start(FAMILY)
        record = {"session": stranger.process.pid, "started": 1.0}
        (tmp_path / "old.json").write_text(json.dumps(record))
        (tmp_path / "child-0.json").unlink()

        assert clean_up(tmp_path) == 0
        assert not stranger.ended()


class TestRefusals:
    def test_says_in_one_sentence_that_the_port_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]

            with pytest.raises(launch.Refusal, match=f"^Port {port} on 127.0.0.1 cann"):
                launch.check_port_is_free("127.0.0.1", port)

    @pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
    def test_refuses_a_port_that_is_none(self, monkeypatch, port):
        monkeypatch.setenv("PORT", port)

        with pytest.raises(launch.Refusal, match="give a number from 1 to 65535"):
            launch.wanted_port()


class Launched:
    """`python -m config.launch` with a var/ of its own."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS"}
        }
        environment |= {
            "VAR_DIR": str(var),
            "PORT": str(port),
            "WEB_WORKERS": "1",
            "ENVIRONMENT": "development",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            # Kept between test runs: collecting takes longer than the rest.
            "STATIC_ROOT": str(plugin.TESTS_DIR / "static"),
        }
        self.log = var.with_suffix(".log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.launch"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return "Ready in" in self.log.read_text()

        eventually(ready, within=180)

    def processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if is_alive(process) and (
                    process.environ().get("VAR_DIR") == str(self.var)
                    or str(self.var) in " ".join(process.cmdline())
                ):
                    found.append(process)
        return found


@pytest.mark.slow
def test_run_leaves_nothing_whether_killed_or_stopped(tmp_path, free_port):
    """Kill -9 of the launcher, a second start on what is left, then Ctrl-C."""
    first = Launched(tmp_path / "var", free_port)
    try:
        first.wait_until_ready()
        assert len(first.processes()) > 5
        first.process.kill()
        first.process.wait()
        second = Launched(tmp_path / "var", free_port)
        try:
            second.wait_until_ready()
            with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/readyz") as page:
                assert json.load(page)["status"] == "ok"
            second.process.send_signal(signal.SIGINT)
            assert second.process.wait(20) == 0
        finally:
            second.process.kill()
        eventually(lambda: not second.processes())
    finally:
        first.process.kill()


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
