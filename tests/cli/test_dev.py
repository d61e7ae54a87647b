"""`onebox dev` as a person or a power cut meets it: one stack, started, killed, started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cli.supervisor import stale
from cli.supervisor.endpoints import Endpoints
from cli.supervisor.layout import ROOT
from cli.supervisor.ports import HOST, USUAL
from tests.support.temporal import need_temporal

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]
_START_SECONDS = 90.0


class Dev:
    """`onebox dev` on a folder of its own, started as often as a test likes."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.started: list[subprocess.Popen[str]] = []

    def start(self) -> Endpoints:
        """Start it and wait until it is up."""
        with (self.var / "said").open("a") as said:
            process = subprocess.Popen(
                self.command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, text=True
            )
        self.started.append(process)
        end = time.monotonic() + _START_SECONDS
        # A killed one leaves the file of its own pids behind for a moment.
        while not self._up(process.pid):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"onebox dev did not start:\n{self.said}")
            time.sleep(0.1)
        return Endpoints.read(self.var / "endpoints.json")

    @property
    def command(self) -> list[str]:
        """What `make dev VAR=...` runs."""
        return [sys.executable, "-m", "cli.main", "dev", "--var", str(self.var)]

    @property
    def said(self) -> str:
        """Everything that it said so far."""
        return (self.var / "said").read_text()

    def end(self, number: int) -> int:
        """Send a signal to the last one; its exit code."""
        self.started[-1].send_signal(number)
        return self.started[-1].wait(60)

    def _up(self, pid: int) -> bool:
        lock, endpoints = self.var / "lock", self.var / "endpoints.json"
        if not endpoints.exists() or not lock.exists() or lock.read_text() != f"{pid}\n":
            return False
        return endpoints.stat().st_mtime >= lock.stat().st_mtime


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Dev]:
    """Not on the usual ports, which may be a developer's own."""
    need_temporal()
    (tmp_path / "ports.json").write_text(json.dumps(dict.fromkeys(USUAL, 0)))
    one = Dev(tmp_path)
    yield one
    for process in one.started:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def _ready(api: str) -> bool:
    return httpx.get(f"{api}/readyz", timeout=10, trust_env=False).status_code == 200


def _gone(pids: dict[str, int]) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not any(stale.started_at(pid) for pid in pids.values()):
            return True
        time.sleep(0.1)
    return False


def test_a_stack_survives_what_happens_to_it(dev: Dev) -> None:
    """From the first start over a refused second copy and kill -9 to a clean end."""
    first = dev.start()
    assert _ready(first.api)
    tokens = (dev.var / "tokens.json").read_bytes()
    _second_copy_is_refused(dev)
    _dead_part_comes_back(dev, first)
    killed = Endpoints.read(dev.var / "endpoints.json")
    assert dev.end(signal.SIGKILL) == -signal.SIGKILL
    if sys.platform == "linux":
        assert _gone(killed.pids)
    again = dev.start()
    assert _ready(again.api)
    assert (dev.var / "tokens.json").read_bytes() == tokens
    assert vars(again) | {"pids": {}} == vars(first) | {"pids": {}}
    assert "already deployed" in dev.said
    assert dev.end(signal.SIGINT) == 0
    assert _gone(again.pids)
    assert not (dev.var / "endpoints.json").exists()


def _second_copy_is_refused(dev: Dev) -> None:
    done = subprocess.run(dev.command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"is served by process {dev.started[-1].pid}" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def _dead_part_comes_back(dev: Dev, up: Endpoints) -> None:
    os.kill(up.pids["api"], signal.SIGKILL)
    end = time.monotonic() + _START_SECONDS
    while "API and worker is back" not in dev.said:
        assert time.monotonic() < end, dev.said
        time.sleep(0.1)
    assert f"API and worker killed by SIGKILL: starting it again at {up.api}" in dev.said
    assert _ready(up.api)


def test_a_taken_port_is_replaced_and_said_so(dev: Dev) -> None:
    """The API moves; everything else about the stack is as usual."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen(1)
        taken = other.getsockname()[1]
        (dev.var / "ports.json").write_text(json.dumps(dict.fromkeys(USUAL, 0) | {"api": taken}))
        up = dev.start()
        assert f"port {taken} for api is taken: using" in dev.said
        assert not up.api.endswith(f":{taken}")
        assert _ready(up.api)
        _worker_apart_shows_its_metrics(dev)
        assert dev.end(signal.SIGTERM) == 0


def _worker_apart_shows_its_metrics(dev: Dev) -> None:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        port = asked.getsockname()[1]
    settings = (dev.var / "env").read_text().replace("export ", "").replace("'", "").split()
    env = {**os.environ, **dict(one.split("=", 1) for one in settings)}
    env["ONEBOX_METRICS_PORT"] = str(port)
    with subprocess.Popen(
        [sys.executable, "-m", "cli.main", "worker"], cwd=ROOT, env=env
    ) as worker:
        found = _patient_get(f"http://{HOST}:{port}/metrics")
        worker.terminate()
    assert "run_success_total 0.0" in found
    assert worker.returncode == -signal.SIGTERM  # after it shut down in order


def _patient_get(url: str) -> str:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            return httpx.get(url, trust_env=False).text
        except httpx.TransportError:
            time.sleep(0.1)
    return "no answer"


def test_nobody_may_call_and_the_start_says_how_to_change_that(tmp_path: Path) -> None:
    """A store without a valid token is no silent dead end."""
    env = {**os.environ, "ONEBOX_DATABASE_URL": f"sqlite:///{tmp_path}/onebox.db"}
    env["ONEBOX_DEPLOYMENT_FILE"] = str(tmp_path / "absent.json")  # so that it ends by itself
    command = [sys.executable, "-m", "cli.main", "api"]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert "onebox tokens create --user alice" in done.stderr
    assert done.returncode != 0


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A read-only disk, a file in the way: what is wrong and what to do, no traceback."""
    (tmp_path / "file").write_text("in the way")
    assert "cannot hold the state" in _refused(tmp_path / "file" / "var")


def test_a_link_to_itself_is_one_sentence(tmp_path: Path) -> None:
    """The folder is nowhere."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "cannot hold the state" in _refused(tmp_path / "loop")


def _refused(var: Path) -> str:
    command = [sys.executable, "-m", "cli.main", "dev", "--var", str(var)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout
